"""The published automation shock, reproduced: the article's changes and the engine's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.published_model.reproduction import AGENTS_TOLERANCE, CHANGES, GROUPS
from views.figures.canvas import Layout, band_patch, key_row, sheet, unit, value_axis, zero_rule
from views.figures.palette import BLACK, GREEN, MARKS, QUIET

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from experiments.validation.published import Reproduction

WORDS = ("unemployment", "long-term unemployment")


def draw_published(found: Reproduction, layout: Layout) -> Figure:
    """Left: changes by chance of automation, the article's as dots on the mean field. Right: agents by group."""
    title = layout.titled("A published model, reproduced by the engine's rules", "A published model, reproduced")
    panels = ["Change by chance of automation, %", "Agents less mean field, points"]
    figure, (left, right) = sheet(layout, title, panels, key=0.25 if layout.wide else 0.5, margin=0.3, height=3.0)
    lines = zip(MARKS, WORDS, strict=False)
    handles = [
        *(Line2D([], [], color=mark.colour, linestyle=mark.dash, label=words) for mark, words in lines),
        Line2D([], [], color=BLACK, marker="o", markersize=3.2, linestyle="none", label="article"),
        band_patch(GREEN, "wanted"),
    ]  # fmt: skip
    key_row(figure, handles, layout, columns=4 if layout.wide else 2)
    known = found.mean_field_errors["auto_prob_average"]
    for name, mark in zip(CHANGES, MARKS, strict=False):
        line = found.mean_field.set_index("auto_prob_average")[name]
        left.plot(line.index, line, color=mark.colour, linestyle=mark.dash, linewidth=1.8)
        article = line.loc[known].to_numpy() - found.mean_field_errors[name].to_numpy()
        left.plot(known, article, linestyle="none", marker="o", markersize=3.2, color=BLACK)
    value_axis(left, zero=False)
    zero_rule(left)
    left.set_xlabel("chance that an occupation is automated", fontsize=layout.text - 1, color=QUIET)
    _agents(right, found, layout)
    return figure


def _agents(axes: Axes, found: Reproduction, layout: Layout) -> None:
    """How far each group of agents is from the mean field, with 95 % intervals over runs."""
    axes.axhspan(-AGENTS_TOLERANCE, AGENTS_TOLERANCE, color=GREEN, alpha=0.12, linewidth=0, zorder=0)
    places = np.arange(len(GROUPS))
    for shift, name, mark in zip((-0.1, 0.1), CHANGES, MARKS, strict=False):
        half = 1.96 * np.nan_to_num(found.agents[f"{name}_standard_error"].to_numpy(float))
        axes.errorbar(places + shift, found.agents_errors[name], yerr=half, color=mark.colour, marker=mark.marker,
                      markersize=5, capsize=3, linestyle="none")  # fmt: skip
    axes.set_xticks(places, GROUPS)
    axes.set_xlim(-0.5, len(GROUPS) - 0.5)
    axes.margins(y=0.2)
    value_axis(axes, zero=False)
    zero_rule(axes)
    axes.set_xlabel("chance of automation", fontsize=layout.text - 1, color=QUIET)
    unit(axes, "", layout)
