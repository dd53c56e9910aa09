"""Who gains, who loses: groups of people sorted by what a reform does to their work, and what it does to their pay."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from views.figures.canvas import Layout
from views.figures.palette import BLUE, INK, QUIET
from views.terminal.tables import last_full_year
from views.words.groups import group_name, of_year

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from views.report.story import Story


def draw(story: Story, layout: Layout) -> Figure:
    """A bar for each group with its interval, those whose share in work rises most on top."""
    comparison, say = story.comparison, story.say
    if comparison is None or comparison.groups is None:
        raise ValueError("who gains needs a comparison by group")
    year = last_full_year(comparison)
    work, pay = of_year(comparison.groups, year), of_year(comparison.groups, year, "median_wage")
    pay = pay.set_index(["dimension", "group"]).reindex(list(zip(work["dimension"], work["group"], strict=True)))
    figure = Figure(figsize=(layout.width, (0.9 + 0.27 * len(work)) * (1 if layout.wide else 2)), layout="constrained")
    figure.suptitle(say("Who gains, who loses: {year}", year=year), x=0.012, ha="left", fontsize=layout.text + 3,
                    fontweight="bold", color=INK)  # fmt: skip
    panels: Any = figure.subplots(*((1, 2) if layout.wide else (2, 1)), sharey=True)
    names = [group_name(row, say) + ("*" if row["flagged"] else "") for _, row in work.iterrows()]
    _bars(panels[0], work, 100.0, say("Share in work, points"), layout)
    level = pay["baseline"].to_numpy()
    _bars(panels[1], pay, 100.0 / level, say("Median pay, %"), layout)
    panels[0].set_yticks(range(len(names)), names)
    panels[0].set_ylim(len(names) - 0.4, -0.6)
    for axes in panels:
        axes.tick_params(axis="y", labelsize=layout.text - 1, labelcolor=INK)
    return figure


def _bars(axes: Axes, rows: pd.DataFrame, factor: Any, title: str, layout: Layout) -> None:
    """Differences as bars from zero, their intervals as lines; hollow where the interval covers zero."""
    scaled = rows[["difference", "low", "high"]].mul(factor, axis="index").to_numpy()
    for place, (middle, low, high) in enumerate(scaled):
        sure = low > 0 or high < 0
        axes.barh(place, middle, height=0.62, facecolor=BLUE if sure else "white", edgecolor=BLUE, linewidth=0.9)
        if math.isfinite(low):
            axes.hlines(place, low, high, color=INK, linewidth=1.3)
    axes.axvline(0, color=QUIET, linewidth=0.8)
    axes.set_title(title, loc="left", fontsize=layout.text - 1, color=INK)
    axes.grid(axis="x")
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda value, _: f"{value:+,.6g}".replace("-", "\N{MINUS SIGN}") if value else "0")
    )
    axes.tick_params(axis="x", labelsize=layout.text - 2, colors=QUIET, length=3)
