"""Several scenarios against one baseline: what each changes in a year, and month by month."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from model.specification import in_force
from views.figures.canvas import (
    Layout,
    Line,
    band_patch,
    draw_line,
    key_row,
    sheet,
    short_name,
    time_axis,
    unit,
    value_axis,
    zero_rule,
)
from views.figures.difference import CANDIDATES, scale_of
from views.figures.palette import BLUE, INK, MARKS, QUIET
from views.report.readings import MONTHS_A_YEAR, Band, times
from views.words.difference_wording import YOUTH
from views.words.language import Speech
from views.words.scenario_titles import quoted, scenario_title

if TYPE_CHECKING:
    import pandas as pd

    from experiments.compare.comparison import Comparison

#: Shown first where nothing is asked for; the rest is what scenarios move most.
_ALWAYS = (YOUTH, "unemployment_rate_over_35", "unemployment_rate")
_MOST_PANELS = 6


@dataclass(frozen=True)
class Subject:
    """What the figures show: comparisons with one baseline, a year, and indicators, the first one month by month."""

    comparisons: Sequence[Comparison]
    year: int
    indicators: tuple[str, ...]

    @classmethod
    def of(cls, comparisons: Sequence[Comparison], year: int, indicators: Sequence[str]) -> Subject:
        """The indicators asked for, or the usual ones and what is moved most in the year."""
        if indicators:
            return cls(comparisons, year, tuple(indicators[:_MOST_PANELS]))
        clear = {name: max(_clearness(each, name, year) for each in comparisons) for name in CANDIDATES}
        moved = sorted(
            (name for name in CANDIDATES if name not in _ALWAYS and clear[name] > 1), key=lambda n: -clear[n]
        )
        return cls(comparisons, year, (*_ALWAYS, *moved)[:_MOST_PANELS])

    def row(self, comparison: Comparison, indicator: str) -> pd.Series | None:
        """The difference of an indicator in the year, where both sides have it."""
        years = comparison.years
        found = years[(years["indicator"] == indicator) & (years["year"] == self.year) & years["difference"].notna()]
        return None if found.empty else found.iloc[0]


def _clearness(comparison: Comparison, indicator: str, year: int) -> float:
    """How many half-widths of its interval a difference lies from zero."""
    row = Subject((), year, ()).row(comparison, indicator)
    if row is None or not math.isfinite(row["low"]) or row["difference"] == 0:
        return 0.0
    half = (float(row["high"]) - float(row["low"])) / 2
    return abs(float(row["difference"])) / half if half > 0 else math.inf


# --- one year -------------------------------------------------------------------------------------


def draw_effects(subject: Subject, say: Speech, layout: Layout) -> Figure:
    """Scenarios one under the other, an indicator in each panel: the difference of the year with its interval."""
    number = len(subject.indicators)
    columns = min(3 if layout.wide else 1, number)
    rows = -(-number // columns)
    tall = 0.75 + 0.3 * len(subject.comparisons)
    figure = Figure(figsize=(layout.width, 0.85 + rows * tall), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.08, h_pad=0.07)  # type: ignore[union-attr, call-arg]
    title = say("What each scenario changes in {year}", year=subject.year)
    figure.suptitle(title, x=0.012, ha="left", fontsize=layout.text + 3, fontweight="bold", color=INK)
    panels: Any = figure.subplots(rows, columns, squeeze=False, sharey=True).ravel()
    for axes in panels[number:]:
        axes.set_axis_off()
    for axes, indicator in zip(panels, subject.indicators, strict=False):
        _effects_panel(axes, subject, indicator, say, layout)
    names = [short_name(scenario_title(each.reform, say), 30) for each in subject.comparisons]
    panels[0].set_yticks(range(len(names)), names)
    panels[0].set_ylim(len(names) - 0.4, -0.6)
    for axes in panels[::columns]:
        axes.tick_params(axis="y", labelsize=layout.text - 1, labelcolor=INK)
    foot = say(
        "less {baseline}, common random numbers; bar: 95 % interval; hollow: the interval covers zero",
        baseline=short_name(quoted(subject.comparisons[0].baseline, say), 30),
    )
    figure.supxlabel(textwrap.fill(foot, 110 if layout.wide else 52), x=0.012, ha="left", fontsize=layout.text - 2,
                     color=QUIET)  # fmt: skip
    return figure


def _effects_panel(axes: Axes, subject: Subject, indicator: str, say: Speech, layout: Layout) -> None:
    rows = {
        place: row
        for place, each in enumerate(subject.comparisons)
        if (row := subject.row(each, indicator)) is not None
    }
    sizes = [abs(float(row[name])) for row in rows.values() for name in ("difference", "low", "high")]
    factor, measure = scale_of(indicator, max((size for size in sizes if math.isfinite(size)), default=1.0))
    declared = in_force().indicator[indicator]
    short = say("points") if measure == "%" or declared.kind == "index" else say(measure)
    words = say("{label}, {unit}", label=say.label(declared), unit=short)
    axes.set_title(textwrap.fill(words, 34), loc="left", fontsize=layout.text - 1, color=INK)
    axes.axvline(0, color=QUIET, linewidth=0.8)
    for place, row in rows.items():
        middle, low, high = (factor * float(row[name]) for name in ("difference", "low", "high"))
        if math.isfinite(low):
            axes.hlines(place, low, high, color=BLUE, linewidth=4, alpha=0.35)
        sure = low > 0 or high < 0
        axes.plot(middle, place, "o", color=BLUE, markerfacecolor=BLUE if sure else "white", markersize=6)
    axes.grid(axis="x")
    axes.margins(x=0.08)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda value, _: f"{value:+,.6g}".replace("-", "\N{MINUS SIGN}") if value else "0")
    )
    axes.tick_params(labelsize=layout.text - 2, colors=QUIET, length=3)


# --- month by month -------------------------------------------------------------------------------


def draw_by_month(subject: Subject, say: Speech, layout: Layout) -> Figure:
    """A panel for each scenario: the paired difference of the first indicator by month, all on one scale."""
    indicator = subject.indicators[0]
    label = say.label(in_force().indicator[indicator])
    title = layout.titled(say("{label}: difference by month", label=label), say("Difference by month"))
    names = [short_name(scenario_title(each.reform, say), 44 if layout.wide else 32) for each in subject.comparisons]
    height = 1.7 if len(names) > 1 else 2.4
    figure, panels = sheet(layout, title, names, key=0.26, margin=0.2, height=height)
    series = [_series(each, indicator) for each in subject.comparisons]
    largest = max((float(np.nanmax(np.abs(band.mean))) for _, band in series if band.exists), default=1.0)
    factor, measure = scale_of(indicator, largest)
    for axes, (time, band) in zip(panels, series, strict=True):
        zero_rule(axes)
        draw_line(axes, time, Line("", band, MARKS[0], factor), width=1.4)
        time_axis(axes, time, say, layout)
        unit(axes, say("points") if measure == "%" else say(measure), layout)
    low = min(axes.get_ylim()[0] for axes in panels)
    high = max(axes.get_ylim()[1] for axes in panels)
    for axes in panels:
        axes.set_ylim(*((low, high) if largest > 0 else (-1, 1)))
        value_axis(axes, zero=False)
    base = short_name(quoted(subject.comparisons[0].baseline, say), 30 if layout.wide else 16)
    shaded = band_patch(BLUE, say("less {baseline}; band: 95 % interval", baseline=base))
    key_row(figure, [shaded], layout, columns=1)
    return figure


def _series(comparison: Comparison, indicator: str) -> tuple[Any, Band]:
    """Months from a year before scenarios part, and the paired difference in them."""
    rows = comparison.monthly[comparison.monthly["indicator"] == indicator].sort_values("month")
    start = f"{int(comparison.since[:4]) - 1}{comparison.since[4:]}"
    rows = rows[rows["month"] >= start] if (rows["month"] >= start).sum() > MONTHS_A_YEAR else rows
    mean, low, high = (rows[name].to_numpy(np.float64) for name in ("mean", "low", "high"))
    return times([str(month) for month in rows["month"]]), Band(mean, low, high, mean[None, :])
