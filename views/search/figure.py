"""The frontier of a policy search: what was seen while searching beside what fresh luck confirms, and the levers."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from experiments.search.measures import SPENDING
from experiments.search.order import AS_IT_IS
from views.batch.sheet import label as path_label
from views.batch.sheet import short_number
from views.figures.canvas import Layout, key_row, short_name
from views.figures.palette import BLACK, BLUE, INK, ORANGE, QUIET, RULE
from views.words.policy_words import change, label, scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from experiments.search.results import SearchResults


def draw_frontier(results: SearchResults, layout: Layout) -> Figure:
    """A panel for each further target over spending (or the first): all that was tried, the frontier, its rerun."""
    names = [target.name for target in results.search.targets]
    across = SPENDING if SPENDING in names else names[0]
    others = [name for name in names if name != across]
    columns = len(others) if layout.wide else 1
    rows = -(-len(others) // columns)
    head = 0.72 if layout.wide else 1.1
    figure = Figure(figsize=(layout.width, head + 3.2 * rows), layout="constrained")
    figure.get_layout_engine().set(rect=(0, 0, 1, 1 - head / figure.get_figheight()))  # type: ignore[union-attr, call-arg]
    title = f"{short_name(results.search.name, 60 if layout.wide else 30)}: the frontier"
    figure.suptitle(title, x=0.012, ha="left", fontsize=layout.text + 3, fontweight="bold", color=INK,
                    y=1 - 0.1 / figure.get_figheight(), va="top")  # fmt: skip
    panels: Any = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes, name in zip(panels, others, strict=True):
        _panel(axes, results, across, name, layout)
    marks = [
        Line2D([], [], marker="o", linestyle="none", markersize=3, color=RULE, label="every policy tried"),
        Line2D(
            [], [], marker="o", linestyle="none", color=ORANGE, markerfacecolor="white", label="as the search saw it"
        ),
        Line2D([], [], marker="o", linestyle="none", color=BLUE, label="fresh seeds, 95 % interval"),
        Line2D([], [], marker="x", linestyle="none", color=BLUE, label="no longer on the frontier"),
        Line2D([], [], marker="D", linestyle="none", color=BLACK, label="as it is"),
    ]
    key_row(figure, marks, layout, columns=5 if layout.wide else 2)
    return figure


def _panel(axes: Axes, results: SearchResults, across: str, name: str, layout: Layout) -> None:
    table, frontier = results.table, results.frontier
    policies = frontier[frontier["point"] != AS_IT_IS]
    (right, right_unit), (up, up_unit) = (
        scale(each, float(max(table[each].abs().max(), frontier[each].abs().max()))) for each in (across, name)
    )
    axes.plot(right * table[across], up * table[name], "o", markersize=3, color=RULE, zorder=1)
    for _, row in policies.iterrows():
        seen = right * row[f"{across}_searched"], up * row[f"{name}_searched"]
        found = right * row[across], up * row[name]
        axes.plot(*zip(seen, found, strict=True), color=ORANGE, linewidth=0.9, zorder=2)
        axes.plot(*seen, "o", color=ORANGE, markerfacecolor="white", markersize=5, zorder=3)
        axes.errorbar(
            *found,
            xerr=[[right * (row[across] - row[f"{across}_low"])], [right * (row[f"{across}_high"] - row[across])]],
            yerr=[[up * (row[name] - row[f"{name}_low"])], [up * (row[f"{name}_high"] - row[name])]],
            fmt="o" if row["stays"] else "x",
            color=BLUE, ecolor=BLUE, elinewidth=0.8, markersize=5, zorder=4,
        )  # fmt: skip
    axes.plot(0, 0, "D", color=BLACK, markersize=6, zorder=5)
    axes.axhline(0, color=QUIET, linewidth=0.6)
    axes.axvline(0, color=QUIET, linewidth=0.6)
    better = {target.name: "up" if target.maximise else "down" for target in results.search.targets}
    arrow = {"up": "\N{UPWARDS ARROW}", "down": "\N{DOWNWARDS ARROW}"}[better[name]]
    axes.set_title(f"{label(name)} (better: {arrow})", loc="left", fontsize=layout.text, color=INK)
    axes.set_ylabel(f"change, {up_unit}".rstrip(", "), fontsize=layout.text - 1, color=QUIET)
    axes.set_xlabel(f"{label(across)}, {right_unit}".rstrip(", "), fontsize=layout.text - 1, color=QUIET)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(5))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}".replace("-", "\N{MINUS SIGN}")))
    axes.tick_params(labelsize=layout.text - 1, colors=QUIET, length=3)


def draw_levers(results: SearchResults, layout: Layout) -> Figure:
    """Where each lever stands along the frontier: a bar from the scenario's own value, between the bounds searched."""
    rows = results.frontier[results.frontier["stays"]].reset_index(drop=True)
    levers = results.search.levers
    names = [target.name for target in results.search.targets]
    by = SPENDING if SPENDING in rows else names[0]
    columns = min(len(levers), 4 if layout.wide else 2)
    bands = -(-len(levers) // columns)
    figure = Figure(figsize=(layout.width, 1.1 + bands * (0.75 + 0.24 * len(rows))), layout="constrained")
    title = "What the policies of the frontier do" if layout.wide else "Policies of the frontier"
    figure.suptitle(title, x=0.012, ha="left", fontsize=layout.text + 3, fontweight="bold", color=INK)
    panels: Any = figure.subplots(bands, columns, squeeze=False, sharey=True)
    places = np.arange(len(rows))
    for axes in panels.ravel()[len(levers) :]:
        axes.set_axis_off()
    for axes, lever in zip(panels.ravel(), levers, strict=False):
        values = rows[lever.path].to_numpy(float)
        axes.barh(places, values - lever.own, left=lever.own, height=0.6, color=BLUE)
        axes.plot(values, places, "o", color=BLUE, markersize=4)
        axes.axvline(lever.own, color=BLACK, linewidth=0.9)
        margin = 0.06 * (lever.high - lever.low)
        axes.set_xlim(min(lever.low, lever.own) - margin, max(lever.high, lever.own) + margin)
        words = textwrap.fill(path_label(lever.path, 48), 24 if layout.wide else 20)
        axes.set_title(words, loc="left", fontsize=layout.text - 1, color=INK)
        axes.xaxis.set_major_locator(MaxNLocator(3))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: short_number(value)))
        axes.grid(axis="x")
        axes.grid(visible=False, axis="y")
        axes.tick_params(labelsize=layout.text - 2, colors=QUIET, length=3)
    told = ["as it is" if row["point"] == AS_IT_IS else change(by, float(row[by])) for _, row in rows.iterrows()]
    panels[0, 0].set_yticks(places, told)
    panels[0, 0].set_ylim(len(rows) - 0.4, -0.6)
    foot = (
        f"rows: policies by {label(by).lower()} (confirmed); line: the scenario's own value; axes: the bounds searched"
    )
    figure.supxlabel(textwrap.fill(foot, 115 if layout.wide else 52), x=0.012, ha="left", fontsize=layout.text - 2,
                     color=QUIET)  # fmt: skip
    return figure
