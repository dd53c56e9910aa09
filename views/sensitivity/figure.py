"""Which numbers matter: mu* against sigma of the screening, and bars of first-order and total indices."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from views.batch.sheet import label
from views.figures.palette import BLUE, INK, ORANGE, QUIET, RULE, SKY

TEXT, WIDTH = 10.0, 9.6
#: So many parameters have a bar, so many a name among the dots.
MOST_BARS, MOST_NAMES = 15, 8


def entitled(title: str, height: float, foot: str) -> Figure:
    """An empty sheet with its title and how to read it."""
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.1, h_pad=0.08)  # type: ignore[union-attr, call-arg]
    wrapped = "\n".join(textwrap.wrap(title, 92))
    figure.suptitle(wrapped, x=0.012, ha="left", fontsize=TEXT + 1.5, fontweight="bold", color=INK)
    figure.supxlabel("\n".join(textwrap.wrap(foot, 130)), x=0.012, ha="left", fontsize=TEXT - 2, color=QUIET)
    return figure


def draw_screening(table: pd.DataFrame, title: str, factor: float, measure: str) -> Figure:
    """Left the largest mu* with intervals and what luck alone would show, right mu* against sigma."""
    shown = table.head(MOST_BARS)
    figure = entitled(
        f"Screening: {title}", 1.5 + 0.29 * max(len(shown), 8),
        "Bars: mu*, the mean size of the change as a parameter goes through its range; lines: 95 % interval (bootstrap "
        "over trajectories); upright marks: what luck alone would show; grey and hollow: not told from luck. Above the "
        "dashed line an effect depends on the other parameters more than on its own.",
    )  # fmt: skip
    panels: Any = figure.subplots(1, 2, width_ratios=(1.15, 1))
    _ranked(panels[0], shown, factor, measure)
    _scattered(panels[1], table, factor, measure)
    return figure


def _ranked(axes: Axes, table: pd.DataFrame, factor: float, measure: str) -> None:
    rows = np.arange(len(table))
    middle, low, high, luck = (
        factor * table[name].to_numpy(float) for name in ("mu_star", "mu_star_low", "mu_star_high", "luck")
    )
    sure = table["beyond_luck"].to_numpy(bool) | ~np.isfinite(luck)
    axes.barh(rows, middle, color=[BLUE if each else RULE for each in sure], height=0.66)
    axes.errorbar(middle, rows, xerr=[middle - low, high - middle], fmt="none", ecolor=INK, elinewidth=1, capsize=2)
    axes.plot(luck, rows, "|", color=ORANGE, markersize=11, markeredgewidth=2.2)
    axes.set_yticks(rows, [label(path, 42) for path in table["path"]], fontsize=TEXT - 1.5, color=INK)
    axes.invert_yaxis()
    axes.set_xlabel(f"mu*, {measure}", fontsize=TEXT - 1, color=QUIET)
    _quiet(axes)


def _scattered(axes: Axes, table: pd.DataFrame, factor: float, measure: str) -> None:
    across, up = (factor * table[name].to_numpy(float) for name in ("mu_star", "sigma"))
    sure = table["beyond_luck"].to_numpy(bool) | ~np.isfinite(table["luck"].to_numpy(float))
    most = max(float(across.max()), 1e-12)
    axes.plot([0, most], [0, most], color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.scatter(across[~sure], up[~sure], s=16, facecolors="none", edgecolors=QUIET, linewidths=0.8)
    axes.scatter(across[sure], up[sure], s=20, color=BLUE)
    tall = max(float(up.max()), 1e-12)
    taken: list[tuple[float, float, float]] = []
    for place in range(min(MOST_NAMES, int((across > 0).sum()))):
        name, right = label(str(table["path"].iloc[place]), 26), across[place] > 0.6 * most
        wide, high = 0.022 * len(name), up[place] / tall
        left = across[place] / most - (wide if right else 0)
        # A name that would cover another is left to the bars.
        if any(abs(high - other) < 0.06 and left < end and start < left + wide for start, end, other in taken):
            continue
        taken.append((left, left + wide, high))
        axes.annotate(
            name, (across[place], up[place]), (0, 5), textcoords="offset points", fontsize=TEXT - 2.5, color=INK,
            ha="right" if right else "left",
        )  # fmt: skip
    axes.set_xlim(0, most * 1.08)
    axes.set_ylim(0, tall * 1.12)
    axes.set_xlabel(f"mu*, {measure}", fontsize=TEXT - 1, color=QUIET)
    axes.set_ylabel(f"sigma, {measure}", fontsize=TEXT - 1, color=QUIET)
    axes.grid(visible=True, axis="both")
    axes.tick_params(labelsize=TEXT - 1, colors=QUIET, length=3)


def draw_indices(table: pd.DataFrame, title: str) -> Figure:
    """First-order and total index of every parameter with their intervals; the line of luck across."""
    figure = entitled(
        f"Shares of variance: {title}", 1.5 + 0.44 * max(len(table), 3),
        "First order: what a parameter explains alone; total: with all its interactions. Lines: 95 % interval "
        "(bootstrap). Dashed: the total index that luck alone would show.",
    )  # fmt: skip
    axes = figure.subplots()
    rows = np.arange(len(table))
    for name, words, shift, colour in (("first", "first order", -0.19, SKY), ("total", "total", 0.19, BLUE)):
        middle, low, high = (table[f"{name}{end}"].to_numpy(float) for end in ("", "_low", "_high"))
        axes.barh(rows + shift, middle, height=0.36, color=colour, label=words)
        axes.errorbar(
            middle, rows + shift, xerr=[middle - low, high - middle], fmt="none", ecolor=INK, elinewidth=1, capsize=2
        )
    luck = float(table["luck"].iloc[0])
    if np.isfinite(luck):
        axes.axvline(luck, color=ORANGE, linestyle=(0, (4, 2)), linewidth=1.6, label="luck alone")
    axes.axvline(0, color=QUIET, linewidth=0.8)
    axes.set_yticks(rows, [label(path, 48) for path in table["path"]], fontsize=TEXT - 1, color=INK)
    axes.invert_yaxis()
    axes.set_xlabel("share of the variance of the outcome", fontsize=TEXT - 1, color=QUIET)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False, fontsize=TEXT - 1, borderaxespad=0.2)
    _quiet(axes)
    return figure


def _quiet(axes: Axes) -> None:
    axes.grid(visible=False)
    axes.grid(visible=True, axis="x")
    axes.tick_params(axis="x", labelsize=TEXT - 1, colors=QUIET, length=3)
    axes.tick_params(axis="y", length=0)
    axes.spines[["left"]].set_visible(False)
