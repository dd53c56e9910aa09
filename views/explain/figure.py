"""A waterfall: from the rate with every cause off, cause by cause, to the rate with all of them on."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from views.figures.palette import BLUE, INK, QUIET, RULE, VERMILLION
from views.words import numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from experiments.explain.job import Attribution

_TEXT, _WIDTH = 10.0, 9.6
EVERY_OFF = "every cause off"


def off_words(found: Attribution, before: str = "") -> str:
    """What the world is called that the scenario is compared with."""
    against = found.question.against
    return f"{before}{EVERY_OFF}" if against is None else f"as in {against.name}"


def measure(found: Attribution) -> str:
    """What the levels measure, with the unit."""
    if found.question.since is None:
        return "unemployed aged 16-24, % of the labour force"
    return f"rise of the rate 16-24 since {found.question.since}, points"


def closure(found: Attribution) -> str:
    """How far total demand follows the labour force: the assumption that stands beside every attribution."""
    kappa = found.question.scenario.number("demand_elasticity")
    return f"closure of demand: elasticity {kappa:.2f} on the labour force (1 follows it, 0 a fixed path)"


def draw(found: Attribution, title: str) -> Figure:
    """Bars that start where the one before ended, with the interval of each cause; the closure stands below."""
    causes = found.table[found.table["cause"] != "total"].sort_values("effect_pp", ascending=False, key=abs)
    figure = Figure(figsize=(_WIDTH, 1.5 + 0.42 * (len(causes) + 2)), layout="constrained")
    figure.suptitle(
        "\n".join(textwrap.wrap(title, 84)), x=0.012, ha="left", fontsize=_TEXT + 2, fontweight="bold", color=INK
    )
    axes = figure.subplots()
    effects = causes["effect_pp"].to_numpy(np.float64)
    starts = found.all_off + np.concatenate([[0.0], np.cumsum(effects)[:-1]])
    rows = np.arange(1, len(causes) + 1)
    colours = [VERMILLION if effect > 0 else BLUE for effect in effects]
    axes.barh(rows, effects, left=starts, color=colours, height=0.62)
    # Levels are points, so that the axis need not begin at zero and small effects can be seen.
    axes.plot([found.all_off, found.all_on], [0, len(rows) + 1], "D", color=INK, markersize=6)
    axes.grid(visible=False)
    axes.plot([found.all_off] * 2, [0, 1], color=RULE, linewidth=1, zorder=0)
    for row, start, effect in zip(rows, starts, effects, strict=True):
        axes.plot([start + effect] * 2, [row, row + 1], color=RULE, linewidth=1, zorder=0)
    ends = starts + effects
    low, high = (causes[name].to_numpy(np.float64) for name in ("low_pp", "high_pp"))
    if np.isfinite(low).all():
        axes.errorbar(
            ends, rows, xerr=[effects - low, high - effects], fmt="none", ecolor=INK, capsize=2.5, elinewidth=1
        )
    axes.set_yticks(
        [0, *rows, len(rows) + 1], [off_words(found), *causes["cause"], "all causes on"], fontsize=_TEXT - 1, color=INK
    )
    axes.invert_yaxis()
    _name_bars(axes, found, np.fmax(np.fmax(starts, ends), starts + high), effects)
    intervals = "" if len(found.worth) < 2 else "; lines: 95 % interval of each effect"
    axes.set_xlabel(measure(found) + intervals, fontsize=_TEXT - 1, color=QUIET)
    axes.tick_params(axis="x", labelsize=_TEXT - 1, colors=QUIET, length=3)
    axes.tick_params(axis="y", length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    told = f"{closure(found)}; Shapley values of {len(found.worth)} replications"
    figure.supxlabel(told, x=0.012, ha="left", fontsize=_TEXT - 2, color=QUIET)
    return figure


def _name_bars(axes: Axes, found: Attribution, rights: np.ndarray, effects: np.ndarray) -> None:
    """Each number right of its bar."""
    told = [(0, found.all_off, f"{found.all_off:.2f}")]
    told += [
        (row, right, numbers.signed(effect, 2))
        for row, (right, effect) in enumerate(zip(rights, effects, strict=True), 1)
    ]
    told += [(len(effects) + 1, found.all_on, f"{found.all_on:.2f}")]
    for row, right, text in told:
        axes.annotate(text.replace("-", "\N{MINUS SIGN}"), (right, row), (7, 0), textcoords="offset points",
                      va="center", fontsize=_TEXT - 1, color=INK)  # fmt: skip
    axes.use_sticky_edges = False
    axes.margins(x=0.1)
