"""Reform and baseline on the same axes, and their paired difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

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
from views.figures.labels import label_ends
from views.figures.palette import BLACK, MARKS, Mark, text_colour
from views.report.readings import MONTHS_A_YEAR, Band, Readings
from views.report.story import Story
from views.words.language import phrase
from views.words.numbers import is_percent
from views.words.scenario_titles import scenario_title

if TYPE_CHECKING:
    from experiments.compare.comparison import Comparison

BASELINE = Mark(BLACK, (0, (4, 2)), "s")
REFORM, GAP = MARKS[0], MARKS[1]
ALWAYS = ("unemployment_rate_16_24", "unemployment_rate_over_35")
#: What else may be shown: the one that the reform moves most surely.
CANDIDATES = (
    "employment_tech",
    "house_price_index",
    "k_visa_stock",
    "employment_construction",
    "home_starts_index",
    "unemployment_rate_graduates",
    "layoffs",
    "vacancies",
    "median_wage",
    "unemployment_rate",
)


def chosen(comparison: Comparison) -> list[str]:
    """Three indicators: the young, the over-35s, and what the reform moves most, interval widths as the measure."""
    yearly = comparison.years[comparison.years["indicator"].isin(CANDIDATES)]
    width = (yearly["high"] - yearly["low"]) / 2
    level = yearly["baseline"].abs()
    share = (yearly["difference"].abs() / level.where(level > 0)).where(yearly["difference"].abs() > width)
    if not share.notna().any():
        return [*ALWAYS, "unemployment_rate"]
    return [*ALWAYS, str(yearly["indicator"].iloc[int(np.nanargmax(share.to_numpy(dtype=np.float64)))])]


def window(comparison: Comparison, names: list[str]) -> str:
    """The month the figure starts with: a year before the first difference in what is shown, or the first month."""
    rows = comparison.monthly
    months = sorted(rows["month"].unique())
    differ = rows[
        rows["indicator"].isin(names) & ((rows["mean"] != 0) | (rows["low"] != rows["high"])) & rows["mean"].notna()
    ]
    if differ.empty:
        return str(months[0])
    return str(months[max(0, months.index(differ["month"].min()) - MONTHS_A_YEAR)])


def draw(story: Story, layout: Layout) -> Figure:
    """One row per indicator: both runs on the left, the paired difference with its interval on the right."""
    comparison = story.comparison
    if comparison is None:
        raise ValueError("a difference needs a comparison")
    say = story.say
    names = chosen(comparison)
    labels = [say.label(in_force().indicator[name]) for name in names]
    titles = [text for label in labels for text in (label, say("{label}: difference", label=label))]
    figure, panels = sheet(
        layout,
        say(
            "What the reform changes: {reform}",
            reform=short_name(scenario_title(comparison.reform, say), 40 if layout.wide else 16),
        ),
        titles,
        key=0.22 if layout.wide else 0.62,
        height=2.1,
        margin=None if layout.wide else 0.55,
    )
    start = window(comparison, names)
    both = tuple(Readings(table, start) for table in (comparison.baseline_table, comparison.reform_table))
    for row, name in enumerate(names):
        _levels(panels[2 * row], story, name, layout, both)
        _gap(panels[2 * row + 1], story, name, layout, both[1])
    _key(figure, story, layout)
    return figure


def _key(figure: Figure, story: Story, layout: Layout) -> None:
    """What each line is, once for all rows."""
    comparison = story.comparison
    assert comparison is not None  # noqa: S101 - draw() has asked already
    handles = [
        Line2D([], [], color=mark.colour, linestyle=mark.dash, linewidth=1.6, label=name)
        for mark, name in (
            (BASELINE, short_name(scenario_title(comparison.baseline, story.say), 24)),
            (REFORM, short_name(scenario_title(comparison.reform, story.say), 24)),
            (GAP, story.say("difference")),
        )
    ]
    key_row(
        figure,
        [*handles, band_patch(GAP.colour, story.say("95 % interval, common random numbers"))],
        layout,
        columns=4 if layout.wide else 1,
    )


def _short_number(value: float) -> str:
    """A signed number short enough for the margin."""
    text = f"{value:+,.0f}" if abs(value) >= 10 else f"{value:+.2g}"
    return text.replace("-", "\N{MINUS SIGN}") if value else "0"


def scale_of(name: str, largest: float) -> tuple[float, str]:
    """The factor and unit that make an indicator's numbers short."""
    if is_percent(name):
        return 100, "%"
    indicator = in_force().indicator[name]
    if indicator.kind == "count":
        for factor, word in ((1e-6, phrase("million")), (1e-3, phrase("thousand"))):
            if largest * factor >= 1:
                return factor, word
    return 1, indicator.unit


def _levels(axes: Axes, story: Story, name: str, layout: Layout, both: tuple[Readings, ...]) -> None:
    """Baseline dashed in black, reform in colour."""
    bands = [readings.band(name) for readings in both]
    largest = max((float(np.nanmax(np.abs(band.mean))) for band in bands if band.exists), default=1.0)
    factor, measure = scale_of(name, largest)
    for readings, band, mark in zip(both, bands, (BASELINE, REFORM), strict=True):
        draw_line(axes, readings.time, Line("", band, mark, factor), width=1.4)
    value_axis(axes, " %" if measure == "%" else "", zero=False)
    time_axis(axes, both[0].time, story.say, layout)
    unit(axes, story.say("per cent") if measure == "%" else story.say(measure), layout)


def _gap(axes: Axes, story: Story, name: str, layout: Layout, reform: Readings) -> None:
    """The paired difference by month with its 95 % interval, a line at zero, and the last year's mean in words."""
    comparison = story.comparison
    assert comparison is not None  # noqa: S101 - draw() has asked already
    rows = comparison.monthly[comparison.monthly["indicator"] == name].set_index("month").reindex(reform.months)
    values = {column: rows[column].to_numpy(dtype=np.float64) for column in ("mean", "low", "high")}
    known = np.abs(values["mean"][np.isfinite(values["mean"])])
    factor, measure = scale_of(name, float(known.max()) if known.size else 1.0)
    zero_rule(axes)
    draw_line(
        axes,
        reform.time,
        Line("", Band(values["mean"], values["low"], values["high"], values["mean"][None, :]), GAP, factor),
        width=1.4,
    )
    if not np.any(known > 0):
        axes.set_ylim(-1, 1)
    value_axis(axes, zero=False)
    time_axis(axes, reform.time, story.say, layout)
    unit(axes, story.say("points") if measure == "%" else story.say(measure), layout)
    exists = np.flatnonzero(np.isfinite(values["mean"]))
    if exists.size:
        last = float(values["mean"][exists[-1]])
        text = _short_number(factor * last)
        label_ends(axes, [(factor * last, text, text_colour(GAP.colour))], layout.text - 1)
