"""Unemployment of every occupation by year: what a reform changes, as a map of colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.figure import Figure

from views.figures.canvas import Layout
from views.figures.palette import BLUE, INK, PAPER, VERMILLION, contrast
from views.words import numbers
from views.words.groups import by_occupation, occupation_title

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from views.report.story import Story
    from views.words.language import Speech

#: Blue where unemployment falls, orange-red where it rises: apart for every kind of colour-blindness.
COLOURS = LinearSegmentedColormap.from_list("change", [BLUE, PAPER, VERMILLION])
_BLOCKS, _ROW, _NAMES = 3, 0.2, 0.66


def draw(story: Story, layout: Layout) -> Figure:
    """A row for each occupation, the most harmed first, a column for each year; numbers where zero is left out."""
    comparison, say = story.comparison, story.say
    if comparison is None or comparison.groups is None:
        raise ValueError("occupations need a comparison by group")
    rows = by_occupation(comparison.groups)
    names, years = list(dict.fromkeys(rows["group"])), sorted(set(rows["year"]))
    blocks = _BLOCKS if layout.wide else 1
    tall = max(1, -(-len(names) // blocks))
    height = 0.95 + _ROW * tall
    figure = Figure(figsize=(layout.width, height))
    figure.suptitle(layout.titled(say("Unemployment by occupation: reform less baseline, points"),
                                  say("Unemployment by occupation")),
                    x=0.012, y=1 - 0.08 / height, ha="left", va="top", fontsize=layout.text + 3, fontweight="bold",
                    color=INK)  # fmt: skip
    most = 100 * float(rows["difference"].abs().max()) if len(rows) else 1.0
    for place in range(blocks):
        part = rows[rows["group"].isin(names[place * tall : (place + 1) * tall])]
        left = (place + _NAMES) / blocks
        axes = figure.add_axes((left, 0.2 / height, 0.99 * (place + 1) / blocks - left, _ROW * tall / height))
        _block(axes, part, years, (most, tall), say, layout)
    return figure


def _block(
    axes: Axes, rows: pd.DataFrame, years: list[int], size: tuple[float, int], say: Speech, layout: Layout
) -> None:
    """Some occupations under one another."""
    most, tall = size
    names = list(dict.fromkeys(rows["group"]))
    values: Any = np.full((tall, len(years)), np.nan)
    for _, row in rows.iterrows():
        down, across = names.index(row["group"]), years.index(row["year"])
        values[down, across] = 100 * row["difference"]
        if row["low"] > 0 or row["high"] < 0:
            text = numbers.signed(100 * row["difference"], 1).replace("-", "\N{MINUS SIGN}")
            behind = to_hex(COLOURS(0.5 + 50 * row["difference"] / most))
            colour = INK if contrast(INK, behind) > contrast(PAPER, behind) else PAPER
            axes.text(across + 0.5, down + 0.52, text, ha="center", va="center", fontsize=layout.text - 3, color=colour)
    axes.pcolormesh(values, cmap=COLOURS, vmin=-most, vmax=most, edgecolors=PAPER, linewidth=0.6)
    few = set(rows[rows["flagged"]]["group"])
    titles = [occupation_title(name, say) + ("*" if name in few else "") for name in names]
    axes.set_yticks(np.arange(len(names)) + 0.5, [title if len(title) < 34 else f"{title[:32]}…" for title in titles])
    axes.set_xticks(np.arange(len(years)) + 0.5, [str(year) for year in years])
    axes.set_ylim(tall, 0)
    axes.xaxis.tick_top()
    axes.tick_params(labelsize=layout.text - 3, length=0, pad=2, labelcolor=INK)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
