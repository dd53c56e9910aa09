"""Scenario discovery: how large the effect is over all assumptions, and the box in which it reaches the threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator
from scipy.stats import spearmanr  # type: ignore[import-untyped]

from views.batch.sheet import label, short_number
from views.figures.palette import BLUE, INK, ORANGE, QUIET, VERMILLION
from views.sensitivity.figure import TEXT, entitled

if TYPE_CHECKING:
    from experiments.sensitivity.discovery import Discovery


def draw_discovery(found: Discovery, title: str, factor: float, measure: str) -> Figure:
    """Left every sample by the size of its effect, right the samples over the two parameters that matter most."""
    shades = (
        f"; shaded: luck, 95 % (standard deviation {factor * found.luck_sd:.2g}, of which "
        f"{factor * found.shared_sd:.2g} moves all together)"
        if found.luck_sd > 0
        else ""
    )
    figure = entitled(
        f"Under which assumptions? {title}", 4.3,
        f"{len(found.effect):,} assumptions (Latin hypercube over {len(found.sample.uncertain)} parameters), the same "
        f"luck with and without. Left: dashed, the threshold{shades}. Right: filled, threshold reached"
        + ("; frame: the first box of PRIM." if found.boxes else "; the two parameters that go most with the effect."),
    )  # fmt: skip
    panels: Any = figure.subplots(1, 2)
    _sorted(panels[0], found, factor, measure)
    _space(panels[1], found)
    return figure


def _sorted(axes: Axes, found: Discovery, factor: float, measure: str) -> None:
    effects = factor * np.sort(found.effect)
    share = 100 * (np.arange(len(effects)) + 0.5) / len(effects)
    if found.luck_sd > 0:
        axes.axhspan(
            -1.96 * factor * found.luck_sd, 1.96 * factor * found.luck_sd, color=ORANGE, alpha=0.2, linewidth=0
        )
    axes.axhline(0, color=QUIET, linewidth=0.8)
    axes.axhline(factor * found.threshold, color=INK, linewidth=1.2, linestyle=(0, (4, 3)))
    axes.plot(share, effects, "o", color=BLUE, markersize=3)
    axes.set_xlabel("assumptions in the order of their effect, %", fontsize=TEXT - 1, color=QUIET)
    axes.set_ylabel(f"effect, {measure}", fontsize=TEXT - 1, color=QUIET)
    axes.yaxis.set_major_formatter(
        FuncFormatter(lambda value, _: f"{value:+,.6g}".replace("-", "\N{MINUS SIGN}") if value else "0")
    )
    axes.tick_params(labelsize=TEXT - 1, colors=QUIET, length=3)


def leading_paths(found: Discovery) -> list[str]:
    """The two parameters to show: those of the first box, filled up with those whose ranks go most with the effect."""
    names = [one.path for one in found.sample.uncertain]
    limited = [limit.path for limit in found.boxes[0].limits] if found.boxes else []
    going = np.array([abs(spearmanr(column, found.effect)[0]) for column in found.sample.points.T])
    ranked = [names[place] for place in np.argsort(-np.nan_to_num(going), kind="stable")]
    return list(dict.fromkeys([*limited, *ranked]))[:2]


def _space(axes: Axes, found: Discovery) -> None:
    names = [one.path for one in found.sample.uncertain]
    chosen = [names.index(path) for path in leading_paths(found)]
    values = found.sample.points[:, chosen]
    across, up = values[:, 0], values[:, -1] if len(chosen) > 1 else found.effect
    reached = found.reached
    axes.scatter(across[~reached], up[~reached], s=14, facecolors="none", edgecolors=QUIET, linewidths=0.8)
    axes.scatter(across[reached], up[reached], s=20, color=VERMILLION)
    axes.set_xlabel(label(names[chosen[0]]), fontsize=TEXT - 1, color=QUIET)
    if len(chosen) > 1:
        axes.set_ylabel(label(names[chosen[1]]), fontsize=TEXT - 1, color=QUIET)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(5))
        axis.set_major_formatter(FuncFormatter(lambda value, _: short_number(value).replace("-", "\N{MINUS SIGN}")))
    axes.grid(visible=False)
    axes.tick_params(labelsize=TEXT - 1, colors=QUIET, length=3)
    if found.boxes and len(chosen) > 1:
        _frame(axes, found, chosen)


def _frame(axes: Axes, found: Discovery, chosen: list[int]) -> None:
    """The limits of the first box in the two parameters that are shown."""
    ends = []
    for place in chosen:
        one = found.sample.uncertain[place]
        low, high = one.low, one.high
        for limit in found.boxes[0].limits:
            if limit.path == one.path:
                low, high = (limit.value, high) if limit.above else (low, limit.value)
        ends.append((low, high))
    (left, right), (bottom, top) = ends
    axes.add_patch(
        Rectangle((left, bottom), right - left, top - bottom, fill=False, edgecolor=INK, linewidth=1.6, clip_on=False)
    )
