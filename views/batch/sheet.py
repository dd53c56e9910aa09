"""The sheet that figures of a batch are drawn on, and the words for paths and values."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from model.results import t95
from model.specification import in_force
from views.figures.canvas import short_name, value_axis
from views.figures.difference import scale_of
from views.figures.palette import BLUE, INK, MARKS, QUIET, Mark

if TYPE_CHECKING:
    from experiments.batch.summary import Summary

#: Light to dark in one hue: order is seen in print and by colour-blind readers too.
SHADES = LinearSegmentedColormap.from_list("shades", ["#CFE3F2", BLUE, "#0B2545"])
WIDTH = 9.6
BARS = "Bars (95 % interval) and dots (single runs) leave out the luck that all points share."
TEXT = 10.0


def board(summary: Summary, subject: str, panels: int, height: float) -> tuple[Figure, list[Axes]]:
    """A titled figure with panels in two columns, each `height` inches tall."""
    rows, columns = -(-panels // 2), min(panels, 2)
    figure = Figure(figsize=(WIDTH, 0.9 + height * rows), layout="constrained")
    entitle(figure, summary, subject)
    grid: Any = figure.subplots(rows, columns, squeeze=False)
    found = list(grid.ravel())
    for axes in found[panels:]:
        axes.set_axis_off()
    return figure, found[:panels]


def entitle(figure: Figure, summary: Summary, subject: str) -> None:
    """The name of the experiment and what the figure shows of it."""
    figure.get_layout_engine().set(w_pad=0.1, h_pad=0.08, hspace=0.04, wspace=0.04)  # type: ignore[union-attr, call-arg]
    title = f"{short_name(summary.name, 50)}: {short_name(subject.removeprefix(f'{summary.name}, '), 130)}"
    size = TEXT + 3 if len(title) < 80 else TEXT + 1
    title = textwrap.fill(title, 100)
    figure.suptitle(title, x=0.012, ha="left", fontsize=size, fontweight="bold", color=INK)


def foot(figure: Figure, text: str) -> None:
    """How to read it, in a line at the bottom."""
    figure.supxlabel(text, x=0.012, ha="left", fontsize=TEXT - 2, color=QUIET)


def entitle_panel(axes: Axes, summary: Summary, outcome: str, more: str = "") -> float:
    """Entitles a panel with its outcome and unit; returns the factor that makes its numbers short."""
    factor, measure = scale(summary, outcome)
    axes.set_title(f"{in_force().indicator[outcome].label}, {measure}{more}", loc="left", fontsize=TEXT, color=INK)
    axes.tick_params(labelsize=TEXT - 1, colors=QUIET, length=3)
    return factor


def scale(summary: Summary, outcome: str) -> tuple[float, str]:
    """The factor and unit that make the numbers of an outcome short."""
    held = summary.table.loc[summary.table["indicator"] == outcome, "mean"]
    return scale_of(outcome, float(held.abs().max()) if held.notna().any() else 1.0)


def along(axes: Axes, path: str, values: pd.Series, most: int = 5) -> None:
    """The path along the bottom: numbers where it has them, else its words."""
    axes.set_xlabel(label(path), fontsize=TEXT - 1, color=QUIET)
    value_axis(axes, zero=False)
    if is_number(values):
        axes.xaxis.set_major_locator(MaxNLocator(most))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: short_number(value)))
        return
    words = list(dict.fromkeys(values))
    axes.set_xticks(range(len(words)), [short_name(value_words(word), 16) for word in words])
    axes.margins(x=0.15)


def places_of(values: pd.Series) -> pd.Series:
    """Where values stand on an axis: numbers as they are, words one after the other."""
    return values.astype(float) if is_number(values) else pd.Series(pd.factorize(values)[0], index=values.index)


def varied(summary: Summary) -> list[str]:
    """The paths that have more than one value."""
    return [path for path in summary.design.columns if len(set(summary.design[path])) > 1]


def is_number(values: pd.Series) -> bool:
    """Whether a path has numbers, which have an order and distances."""
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def marks_for(number: int, *, ordered: bool) -> list[Mark]:
    """Shades for values that have an order, else colours that stay apart; each line has its own dashes."""
    if not ordered:
        return [MARKS[place % len(MARKS)] for place in range(number)]
    shades = [SHADES(0.25 + 0.75 * place / max(1, number - 1)) for place in range(number)]
    colours = ["#" + "".join(f"{round(255 * part):02X}" for part in shade[:3]) for shade in shades]
    return [Mark(colour, MARKS[place % len(MARKS)].dash, "o") for place, colour in enumerate(colours)]


def label(path: str, most: int = 60) -> str:
    """A path in words, with the sector where it has one."""
    declared = in_force().declaration(path)
    words = {"start": "First month", "end": "Last month"}.get(path) or (declared.label if declared else path)
    if declared is not None and declared.per_sector and not path.endswith(".all"):
        words += f": {path.rpartition('.')[2].replace('_', ' ')}"
    return short_name(words, most)


def point_words(summary: Summary, point: int) -> str:
    """What a point of a list is called, or what it changes."""
    if summary.names[point - 1]:
        return "\n".join(textwrap.wrap(short_name(summary.names[point - 1], 76), 38))
    changes = summary.changes[point - 1]
    told = [f"{label(path, 30)}: {value_words(value)}" for path, value in changes.items()]
    return "\n".join(textwrap.wrap("; ".join(told), 38)[:3]) if told else "the scenario as it is"


def value_words(value: object) -> str:
    """A value as a person writes it."""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, int | float | np.number):
        return short_number(float(value))
    if isinstance(value, dict):
        return short_name(", ".join(f"{value_words(held)} from {month}" for month, held in value.items()), 34)
    return short_name(str(value), 34)


def ends_words(start: object, end: object) -> tuple[str, str]:
    """Both ends of a range, no finer than a hundredth of it: points of a sample lie a hair inside their range."""
    if not (isinstance(start, int | float | np.number) and isinstance(end, int | float | np.number)):
        return value_words(start), value_words(end)
    low, high = float(start), float(end)
    places = 1 + round(-math.log10(abs(high - low))) if high != low else 3
    return value_words(round(low, places)), value_words(round(high, places))


def short_number(value: float) -> str:
    """A number in as few characters as keep it apart: 1.5 m, 100,000, 0.25."""
    if abs(value) >= 1e6:
        return f"{value / 1e6:.3g} m"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def decimals_apart(values: Sequence[float] | Any) -> int:
    """Decimals that keep numbers in cells apart."""
    span = float(np.nanmax(values) - np.nanmin(values)) if np.isfinite(values).any() else 0.0
    return 0 if span >= 50 else 1 if span >= 2 else 2 if span >= 0.1 else 3


def less_luck(runs: pd.Series) -> pd.Series:
    """Single runs as if every replication had had the same luck; indexed by (replication, point)."""
    return runs - runs.groupby(level="replication").transform("mean") + runs.mean()


def own_luck(runs: pd.Series) -> pd.Series:
    """Half the 95 % interval of each point's distance from the mean of all points, pair by pair.

    Points share their luck, and that takes off what they share: what is left says how far apart points may lie by
    chance. `runs` is indexed by (replication, point).
    """
    groups = less_luck(runs).groupby(level="point")
    return groups.sem() * groups.count().map(lambda number: float(t95(int(number) - 1)))


def replications(summary: Summary) -> str:
    """Over how many replications a mean is taken."""
    number = int(summary.table["replications"].max())
    return "1 replication" if number == 1 else f"{number} replications"
