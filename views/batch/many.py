"""Figures of designs with many paths: small multiples, ranked effects, and the points of a list."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from model.specification import in_force
from views.batch.sheet import (
    BARS,
    TEXT,
    WIDTH,
    along,
    ends_words,
    entitle,
    foot,
    is_number,
    label,
    less_luck,
    own_luck,
    places_of,
    point_words,
    replications,
    scale,
    varied,
)  # fmt: skip
from views.figures.canvas import value_axis
from views.figures.difference import scale_of
from views.figures.palette import BLUE, INK, QUIET

if TYPE_CHECKING:
    from experiments.batch.summary import Summary

#: So many paths, outcomes and effects fit on a sheet.
MOST_PATHS, MOST_OUTCOMES, MOST_EFFECTS = 8, 3, 12
_COLUMNS = 5
_BINS = 8
_INTERVAL = 1.96


def draw_multiples(summary: Summary, _monthly: pd.DataFrame) -> Figure:
    """The first outcomes over each path: every point, and the mean of points with like values."""
    paths, outcomes = _ranked(summary)[:MOST_PATHS], summary.outcomes[:MOST_OUTCOMES]
    columns = len(paths) if len(paths) <= _COLUMNS else -(-len(paths) // 2)
    blocks = -(-len(paths) // columns)
    figure = Figure(figsize=(WIDTH, 0.8 + 1.75 * len(outcomes) * blocks), layout="constrained")
    entitle(figure, summary, "every point of the design, path by path")
    grid: Any = figure.subplots(len(outcomes) * blocks, columns, squeeze=False, sharey="row")
    points = summary.runs[list(outcomes)].groupby(level="point").mean()
    for place in range(blocks * columns):
        block, column = divmod(place, columns)
        for row, outcome in enumerate(outcomes):
            axes = grid[block * len(outcomes) + row][column]
            if place >= len(paths):
                axes.set_axis_off()
                continue
            _panel(axes, summary, paths[place], points[outcome])
            if column == 0:
                words = f"{in_force().indicator[outcome].label}, {scale(summary, outcome)[1]}"
                axes.set_ylabel(textwrap.fill(words, 20), fontsize=TEXT - 2, color=QUIET)
            if row < len(outcomes) - 1:
                axes.set_xlabel("")
                axes.tick_params(labelbottom=False)
    more = f" {len(paths)} of {len(varied(summary))} paths are drawn." if len(paths) < len(varied(summary)) else ""
    over = replications(summary)
    foot(figure, f"Dots: points (mean of {over}, last twelve months); line: mean of like values, 95 % interval.{more}")
    return figure


def _panel(axes: Axes, summary: Summary, path: str, points: pd.Series) -> None:
    """One outcome over one path."""
    factor, _ = scale(summary, str(points.name))
    values = summary.design[path].loc[points.index]
    places = places_of(values)
    axes.scatter(places, factor * points, s=9, color=QUIET, alpha=0.5, linewidths=0)
    levels = places if len(set(places)) <= _BINS else pd.qcut(places, _BINS, labels=False, duplicates="drop")
    groups = (factor * points).groupby(levels)
    axes.errorbar(
        places.groupby(levels).mean(), groups.mean(), yerr=_INTERVAL * groups.sem().fillna(0), color=BLUE,
        linewidth=1.5, marker="o", markersize=3.5, linestyle="-" if is_number(values) else "none", elinewidth=1,
    )  # fmt: skip
    along(axes, path, values, most=3)
    axes.set_xlabel(textwrap.fill(label(path), 26), fontsize=TEXT - 2, color=INK)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.tick_params(labelsize=TEXT - 2.5, colors=QUIET, length=2)


def _ranked(summary: Summary) -> list[str]:
    """The varied paths, by the size of what they do to the first outcome."""
    first = summary.effects[summary.effects["outcome"] == summary.outcomes[0]]
    size = first["effect"].abs().groupby(first["path"]).max()
    return sorted(varied(summary), key=lambda path: -float(size.get(path, 0.0)))


def draw_effects(summary: Summary, _monthly: pd.DataFrame) -> Figure:
    """Paths ranked by what they do to the first outcome, with their effect on the others beside it."""
    table = summary.effects
    outcomes = [outcome for outcome in summary.outcomes if (table["outcome"] == outcome).any()][:MOST_OUTCOMES]
    first = table[table["outcome"] == outcomes[0]]
    ranked = first.reindex(first["effect"].abs().sort_values().index)[-MOST_EFFECTS:]
    keys = pd.MultiIndex.from_frame(ranked[["path", "to"]].astype({"to": object}))
    figure = Figure(figsize=(WIDTH, 1.6 + 0.42 * len(keys)), layout="constrained")
    entitle(figure, summary, "what each path changes, lowest to highest value")
    panels: Any = figure.subplots(1, len(outcomes), squeeze=False, sharey=True)[0]
    for axes, outcome in zip(panels, outcomes, strict=True):
        rows = table[table["outcome"] == outcome].set_index(["path", "to"]).reindex(keys)
        _effects_panel(axes, outcome, rows)
    panels[0].set_yticks(
        range(len(keys)),
        [
            f"{label(path, 34)}\n" + " \N{RIGHTWARDS ARROW} ".join(ends_words(start, end))
            for path, start, end in zip(ranked["path"], ranked["from"], ranked["to"], strict=True)
        ],
        fontsize=TEXT - 2,
    )
    several = int(table["replications"].max()) > 1
    bar = f"bar: 95 % interval over {replications(summary)}, common random numbers." if several else "one replication."
    foot(figure, f"Slopes of a straight line fitted in all paths at once, last twelve months; {bar}")
    return figure


def _effects_panel(axes: Axes, outcome: str, rows: pd.DataFrame) -> None:
    """The effects on one outcome, one above the other."""
    largest = float(np.nanmax(np.abs(rows[["effect", "low", "high"]].to_numpy(float))))
    factor, measure = scale_of(outcome, largest)
    words = f"{in_force().indicator[outcome].label}, {'points' if measure == '%' else measure}"
    axes.set_title(textwrap.fill(words, 30), loc="left", fontsize=TEXT - 1, color=INK)
    _bars(axes, *(factor * rows[name].to_numpy(float) for name in ("effect", "low", "high")))
    axes.axvline(0, color=QUIET, linewidth=0.8)
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda value, _: f"{value:+,.6g}".replace("-", "\N{MINUS SIGN}") if value else "0")
    )


def _bars(axes: Axes, middle: Any, low: Any, high: Any) -> None:
    """Dots with their intervals, from the bottom up."""
    places = np.arange(len(middle))
    ends = (np.where(np.isfinite(side), side, middle) for side in (low, high))
    axes.hlines(places, *ends, color=BLUE, linewidth=4, alpha=0.35)
    axes.plot(middle, places, "o", color=BLUE, markersize=6)
    axes.grid(axis="x")
    axes.set_ylim(-0.6, len(places) - 0.4)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.tick_params(labelsize=TEXT - 2, colors=QUIET, length=3)


def draw_points(summary: Summary, _monthly: pd.DataFrame) -> Figure:
    """The points of a list one under the other, with every outcome beside them."""
    points = sorted(set(summary.table["point"]), reverse=True)
    outcomes = summary.outcomes[:MOST_OUTCOMES]
    words = [point_words(summary, point) for point in points]
    lines = sum(1 + text.count("\n") for text in words)
    figure = Figure(figsize=(WIDTH, 1.6 + 0.17 * lines + 0.25 * len(points)), layout="constrained")
    entitle(figure, summary, "point by point")
    panels: Any = figure.subplots(1, len(outcomes), squeeze=False, sharey=True)[0]
    for axes, outcome in zip(panels, outcomes, strict=True):
        factor, measure = scale(summary, outcome)
        rows = summary.table[summary.table["indicator"] == outcome].set_index("point").reindex(points)
        axes.set_title(
            textwrap.fill(f"{in_force().indicator[outcome].label}, {measure}", 30),
            loc="left",
            fontsize=TEXT - 1,
            color=INK,
        )
        mean = factor * rows["mean"].to_numpy(float)
        own = factor * own_luck(summary.runs[outcome]).reindex(points).to_numpy(float)
        _bars(axes, mean, mean - own, mean + own)
        single = factor * less_luck(summary.runs[outcome]).reset_index("replication", drop=True)
        heights = [points.index(point) for point in single.index]
        axes.scatter(single, heights, s=7, color=QUIET, alpha=0.6, linewidths=0, zorder=3)
        value_axis(axes.xaxis.axes, zero=False)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))
    panels[0].set_yticks(range(len(points)), words, fontsize=TEXT - 2)
    foot(figure, f"Mean of the last twelve months over {replications(summary)}. {BARS}")
    return figure
