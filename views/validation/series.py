"""The official months beside the model's: level, season, and what simple forecasts reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.official_months import LAST_SCORED, official_months
from experiments.validation.series_checks import ADULTS, ALL, SERIES, TWENTIES, YOUTH
from model.country.china import CHINA
from views.figures.canvas import Layout, Line, band_patch, draw_line, key_row, sheet, time_axis, unit, value_axis
from views.figures.palette import BLACK, BLUE, INK, MARKS, QUIET, SKY
from views.report.readings import Band, band_phrase, times
from views.words.language import Speech

if TYPE_CHECKING:
    import pandas as pd

    from experiments.validation.evidence import Ensemble

_SAY = Speech()
#: Inches left of the bars of forecasts, for the names of methods.
NAMES = 1.35
WORDS = {indicator: words for indicator, _, words, _ in SERIES}


def draw_fit(ensemble: Ensemble, layout: Layout) -> Figure:
    """Four groups: the model's mean and band, the official months as dots; nothing after scoring ends."""
    figure, panels = sheet(
        layout,
        layout.titled("Unemployment, % of labour force: model and official months", "Model and official unemployment"),
        [_title(name) for name, *_ in SERIES],
        key=0.22,
        margin=0.25,
    )
    for axes, (indicator, *_) in zip(panels, SERIES, strict=True):
        first = "2018-01" if indicator == ALL else CHINA.official.new_definition
        months, band = _window(ensemble, indicator, first)
        draw_line(axes, times(months), Line("", band, MARKS[0]))
        official = official_months(indicator, first)
        axes.plot(times(official), list(official.values()), linestyle="none", marker="o", markersize=3.4, color=BLACK)
        time_axis(axes, times(months), _SAY, layout)
        axes.margins(y=0.1)
        value_axis(axes, " %", zero=False)
    dots = Line2D([], [], color=BLACK, marker="o", markersize=3.4, linestyle="none", label="official")
    mean = Line2D([], [], color=BLUE, linewidth=1.8, label="model, mean")
    shaded = band_patch(BLUE, band_phrase(ensemble.replications).format(n=ensemble.replications))
    key_row(figure, [dots, mean, shaded], layout, columns=3)
    return figure


def _title(indicator: str) -> str:
    since = "2018" if indicator == ALL else CHINA.official.new_definition
    return f"{WORDS[indicator].capitalize()}, {since} to {LAST_SCORED}"


def _window(ensemble: Ensemble, indicator: str, first: str) -> tuple[list[str], Band]:
    """Months from the first to the last that is scored, and the model's band there in percent."""
    chosen = [place for place, month in enumerate(ensemble.months) if first <= month <= LAST_SCORED]
    return [ensemble.months[place] for place in chosen], Band.of(100 * ensemble.paths[indicator][:, chosen])


def draw_season(ensemble: Ensemble, layout: Layout) -> Figure:
    """Three groups with their means over the months taken out: only the course through the year is left."""
    groups = (YOUTH, TWENTIES, ADULTS)
    columns = 3 if layout.wide else 1
    three = Layout(layout.name, layout.width, columns, layout.panel_height, layout.label_margin, layout.text)
    titles = [WORDS[name].capitalize() for name in groups]
    figure, panels = sheet(three, "The season: level taken out", titles, key=0.22, margin=0.2)
    for axes, indicator in zip(panels, groups, strict=True):
        months, band = _window(ensemble, indicator, CHINA.official.new_definition)
        official = np.array(list(official_months(indicator, CHINA.official.new_definition).values()))
        axes.plot(times(months), band.mean - band.mean.mean(), color=BLUE, linewidth=1.8)
        axes.plot(times(months), official - official.mean(), color=BLACK, linewidth=0.7, marker="o", markersize=3.2)
        axes.axhline(0, color=QUIET, linewidth=0.8, zorder=1)
        time_axis(axes, times(months), _SAY, three)
        axes.margins(y=0.1)
        value_axis(axes, zero=False)
    unit(panels[0], "points from the mean", layout)
    handles = [
        Line2D([], [], color=BLACK, linewidth=0.7, marker="o", markersize=3.2, label="official"),
        Line2D([], [], color=BLUE, linewidth=1.8, label="model, mean"),
    ]
    key_row(figure, handles, layout)
    return figure


def draw_forecasts(forecasts: pd.DataFrame, layout: Layout) -> Figure:
    """Root mean square errors by group: simple forecasts, and the model in a colour of its own."""
    groups = list(dict.fromkeys(forecasts["group"]))
    scored, known = int(forecasts["scored"].iloc[0]), str(forecasts["known_to"].iloc[0])
    title = layout.titled(f"Error on the {scored} months after {known}, points", f"Errors after {known}, points")
    figure, panels = sheet(
        layout, title, [group.capitalize() for group in groups], margin=0.35, height=1.25 if layout.wide else 1.15
    )
    for axes, group in zip(panels, groups, strict=True):
        _bars(axes, forecasts[(forecasts["group"] == group) & forecasts["rmse"].notna()], layout)
    return figure


def _bars(axes: Axes, rows: pd.DataFrame, layout: Layout) -> None:
    """One bar per method, the smallest error on top, its number beside it."""
    ordered = rows.sort_values("rmse", ascending=False)
    errors, methods = ordered["rmse"].to_numpy(float), [str(name) for name in ordered["method"]]
    box, width = axes.get_position(), axes.get_figure(root=True).get_figwidth()  # type: ignore[union-attr]
    axes.set_title(axes.get_title(loc="left"), loc="left", fontsize=layout.text, color=INK, x=0, pad=6)
    axes.set_position((box.x0 + (NAMES - 0.7) / width, box.y0, box.width - (NAMES - 0.7) / width, box.height))
    axes.barh(range(len(errors)), errors, height=0.62, color=SKY, linewidth=0)
    axes.grid(visible=False)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(length=0)
    axes.set_xticks([])
    short = [name.split(" (")[0] for name in methods]
    axes.set_yticks(range(len(errors)), short, fontsize=layout.text - 1.5, color=INK)
    axes.set_xlim(0, 1.15 * max(errors))
    for place, error in enumerate(errors):
        axes.annotate(f"{error:.2f}", (error, place), xytext=(4, 0), textcoords="offset points", va="center",
                      fontsize=layout.text - 1.5, color=INK)  # fmt: skip
