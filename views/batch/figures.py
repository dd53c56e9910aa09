"""Figures of a batch, chosen by its design: lines for one path, heat maps for two, small multiples for more."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from model.results import t95
from views.batch.many import draw_effects, draw_multiples, draw_points
from views.batch.sheet import (
    BARS,
    SHADES,
    TEXT,
    along,
    board,
    decimals_apart,
    entitle_panel,
    foot,
    is_number,
    label,
    less_luck,
    marks_for,
    own_luck,
    places_of,
    point_words,
    replications,
    scale,
    value_words,
    varied,
)  # fmt: skip
from views.figures.canvas import value_axis
from views.figures.palette import BLUE, QUIET, Mark

if TYPE_CHECKING:
    from experiments.batch.summary import Summary

#: So many lines can be told apart, so many values are written into a heat map, so many points listed in a figure.
MOST_LINES, MOST_CELLS, MOST_POINTS = 6, 120, 24
_MONTHS_SMOOTHED = 12


@dataclass(frozen=True, slots=True)
class BatchDrawing:
    """One figure: the name of its files and how it is drawn from the summary and the monthly table."""

    name: str
    draw: Callable[[Summary, pd.DataFrame], Figure]


def drawings(summary: Summary) -> tuple[BatchDrawing, ...]:
    """The figures that suit a design."""
    paths = varied(summary)
    if len(paths) == 1:
        return BatchDrawing("response", draw_response), BatchDrawing("by_month", draw_by_month)
    if not paths or (summary.kind == "list" and len(summary.design) <= MOST_POINTS):
        points = BatchDrawing("points", draw_points)
        return (points, BatchDrawing("by_month", draw_by_month)) if len(summary.design) <= MOST_LINES else (points,)
    heat = len(paths) == 2 and _is_grid(summary.design, paths)
    chosen = BatchDrawing("heat_map", draw_heat_map) if heat else BatchDrawing("small_multiples", draw_multiples)
    return (chosen, BatchDrawing("effects", draw_effects)) if len(summary.effects) else (chosen,)


def _is_grid(design: pd.DataFrame, paths: Sequence[str]) -> bool:
    """Whether every combination of values is a point."""
    cells = int(np.prod([len(set(design[path])) for path in paths]))
    return len(design.drop_duplicates(list(paths))) == cells


# --- one path -------------------------------------------------------------------------------------


def draw_response(summary: Summary, _monthly: pd.DataFrame) -> Figure:
    """Every outcome over the values of the one path: the mean with both its intervals, and every single run."""
    (path,) = varied(summary)
    values = summary.design[path]
    places = places_of(values)
    figure, panels = board(summary, f"{label(path)}, value by value", len(summary.outcomes), height=2.6)
    for axes, outcome in zip(panels, summary.outcomes, strict=True):
        factor = entitle_panel(axes, summary, outcome)
        rows = summary.table[summary.table["indicator"] == outcome].set_index("point")
        order = places.loc[rows.index].sort_values().index
        at = places.loc[order].to_numpy(float)
        mean, low, high = (factor * rows.loc[order, name].to_numpy(float) for name in ("mean", "low", "high"))
        single = less_luck(summary.runs[outcome]).reset_index("replication", drop=True)
        axes.scatter(places.loc[single.index], factor * single, s=7, color=QUIET, alpha=0.45, linewidths=0, zorder=1)
        if is_number(values) and len(order) > 1:
            axes.fill_between(at, low, high, color=BLUE, alpha=0.2, linewidth=0)
            axes.plot(at, mean, color=BLUE, linewidth=1.6)
        else:
            axes.vlines(at, low, high, color=BLUE, linewidth=5, alpha=0.2)
        own = np.nan_to_num(factor * own_luck(summary.runs[outcome]).reindex(order).to_numpy(float))
        axes.errorbar(at, mean, yerr=own, color=BLUE, marker="o", markersize=4.5, linestyle="none", capsize=4)
        along(axes, path, values)
    foot(figure, f"Mean of the last twelve months over {replications(summary)}. Band: 95 % interval of the level. "
                 f"{BARS}")  # fmt: skip
    return figure


def draw_by_month(summary: Summary, monthly: pd.DataFrame) -> Figure:
    """Every outcome month by month, one line with a band for each value (for some, where there are many) or point."""
    paths = varied(summary)
    listed = len(paths) != 1 or any(summary.names)
    there = sorted(set(monthly["point"]))
    values = pd.Series("", index=there) if listed else summary.design[paths[0]].loc[there]
    ordered = is_number(values)
    there = list((values.sort_values(kind="stable") if ordered else values).index)
    some = np.unique(np.linspace(0, len(there) - 1, min(len(there), MOST_LINES)).round().astype(int))
    chosen = [there[place] for place in some]
    marks = marks_for(len(chosen), ordered=ordered)
    smooth = monthly["month"].nunique() >= 3 * _MONTHS_SMOOTHED
    what = "Points" if listed else label(paths[0])
    subject = f"{'' if listed else f'{what}, '}month by month" + (" (means of twelve months)" if smooth else "")
    figure, panels = board(summary, subject, len(summary.outcomes), height=2.5)
    for axes, outcome in zip(panels, summary.outcomes, strict=True):
        factor = entitle_panel(axes, summary, outcome)
        lived = {point: _months(summary, monthly, point, outcome, smooth=smooth) for point in chosen}
        shared = pd.concat(lived.values()).groupby(level="month").mean()
        for point, mark in zip(chosen, marks, strict=True):
            runs = lived[point]
            if len(runs):
                name = " ".join(point_words(summary, point).split()) if listed else value_words(values[point])
                _line(axes, runs, shared, mark, factor, name)
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))
        value_axis(axes, zero=False)
    drawn = "" if len(chosen) == len(there) else f"; {len(chosen)} of {len(there)} values are drawn"
    handles, names = panels[0].get_legend_handles_labels()
    band = f"band: 95 % interval over {replications(summary)}, less the luck that all share"
    long = max(map(len, names), default=0) > 14
    columns = (2 if len(names) == 4 else 3) if long else len(names) or 1
    figure.legend(
        handles, names, title=f"{what} ({band}{drawn})",
        loc="outside lower left", ncols=columns, frameon=False,
        fontsize=TEXT - 1, title_fontsize=TEXT - 1, alignment="left",
    )  # fmt: skip
    return figure


def _first_shown(summary: Summary) -> str:
    """A year before points part; what all of them share is not drawn at length."""
    return "" if summary.since is None else f"{int(summary.since[:4]) - 1}{summary.since[4:]}"


def _months(summary: Summary, monthly: pd.DataFrame, point: int, outcome: str, *, smooth: bool) -> pd.DataFrame:
    """One outcome at one point: months down, replications across."""
    runs = monthly[monthly["point"] == point].pivot_table(index="month", columns="replication", values=outcome)
    if smooth:
        runs = runs.rolling(_MONTHS_SMOOTHED).mean().dropna(how="all")
    return runs[runs.index >= _first_shown(summary)]


def _line(axes: Axes, runs: pd.DataFrame, shared: pd.DataFrame, mark: Mark, factor: float, name: str) -> None:
    """The mean over replications (columns) by month (rows), with the band of its distance from what lines share."""
    mean = factor * runs.mean(axis=1)
    apart = runs - shared.reindex_like(runs)
    half = factor * apart.sem(axis=1) * apart.count(axis=1).map(lambda number: float(t95(int(number) - 1)))
    time = [int(month[:4]) + (int(month[5:]) - 0.5) / 12 for month in mean.index]
    axes.fill_between(time, mean - half, mean + half, color=mark.colour, alpha=0.16, linewidth=0)
    axes.plot(time, mean, color=mark.colour, linestyle=mark.dash, linewidth=1.6, label=name)


# --- two paths ------------------------------------------------------------------------------------


def draw_heat_map(summary: Summary, _monthly: pd.DataFrame) -> Figure:
    """Every outcome over the grid of two paths, the mean written into each cell."""
    across, down = varied(summary)
    if len(set(summary.design[across])) < len(set(summary.design[down])):
        across, down = down, across
    rows = len(set(summary.design[down]))
    figure, panels = board(
        summary, f"{label(across)} and {label(down)}", len(summary.outcomes), height=max(2.2, 0.34 * rows + 1.0)
    )
    for axes, outcome in zip(panels, summary.outcomes, strict=True):
        _heat(axes, summary, outcome, across, down)
    luck = " \N{PLUS-MINUS SIGN}: 95 % interval of a cell's distance from the mean of all." if _several(summary) else ""
    star = " * rests on fewer than 100 simulated persons." if summary.table["flagged"].any() else ""
    foot(figure, f"Mean of the last twelve months over {replications(summary)}.{luck}{star}")
    return figure


def _heat(axes: Axes, summary: Summary, outcome: str, across: str, down: str) -> None:
    """One heat map; cells that rest on too few persons have a star."""
    rows = summary.table[summary.table["indicator"] == outcome]
    factor, measure = scale(summary, outcome)
    table = (
        rows.pivot_table(index=down, columns=across, values="mean", dropna=False).sort_index(ascending=False) * factor
    )
    if table.isna().all(axis=None):
        entitle_panel(axes, summary, outcome)
        axes.set_axis_off()
        axes.text(0.5, 0.5, "nobody to measure it by", transform=axes.transAxes, ha="center", color=QUIET)
        return
    few = rows.pivot_table(index=down, columns=across, values="flagged", aggfunc="max", dropna=False).reindex_like(
        table
    )
    places = decimals_apart(table.to_numpy(float))
    words = table.map(lambda value: "" if np.isnan(value) else f"{value:,.{places}f}")
    half = float(own_luck(summary.runs[outcome]).median())
    entitle_panel(axes, summary, outcome, f" (\N{PLUS-MINUS SIGN}{factor * half:.2g})" if np.isfinite(half) else "")
    sns.heatmap(
        table, ax=axes, cmap=SHADES, annot=words + few.map(lambda flag: "*" if flag else "")
        if table.size <= MOST_CELLS else None, fmt="", annot_kws={"fontsize": TEXT - 2}, linewidths=0.5,
        linecolor="white", cbar=table.size > MOST_CELLS, cbar_kws={"label": measure},
        xticklabels=[value_words(value) for value in table.columns],
        yticklabels=[value_words(value) for value in table.index],
    )  # fmt: skip
    axes.grid(visible=False)
    axes.set_xlabel(label(across), fontsize=TEXT - 1, color=QUIET)
    left = axes.get_subplotspec() is None or axes.get_subplotspec().is_first_col()  # type: ignore[union-attr]
    axes.set_ylabel(textwrap.fill(label(down), 24) if left else "", fontsize=TEXT - 1, color=QUIET)
    axes.tick_params(length=0, labelsize=TEXT - 2, colors=QUIET)
    axes.tick_params(axis="y", rotation=0)


def _several(summary: Summary) -> bool:
    return int(summary.table["replications"].max()) > 1
