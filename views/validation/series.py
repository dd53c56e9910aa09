"""The official months beside the model's: level and season."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.official_months import LAST_SCORED, official_months
from experiments.validation.series_checks import ADULTS, ALL, SERIES, TWENTIES, YOUTH
from model.country.china import CHINA
from views.figures.canvas import Layout, Line, band_patch, draw_line, key_row, sheet, time_axis, unit, value_axis
from views.figures.palette import BLACK, BLUE, MARKS, QUIET
from views.report.readings import Band, band_phrase, times
from views.words.language import Speech

if TYPE_CHECKING:
    from experiments.validation.evidence import Ensemble

_SAY = Speech()
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
