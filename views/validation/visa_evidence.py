"""The evidence test of the visa: what a foreign hire does to native jobs, and what hires do to youth unemployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from experiments.validation.visa_evidence import HIRES
from model.results import mean_intervals
from views.figures.canvas import Layout, band_patch, key_row, sheet, unit, value_axis, zero_rule
from views.figures.labels import label_ends
from views.figures.palette import BLACK, GREEN, MARKS, QUIET, Mark, text_colour
from views.words.language import Speech, phrase

if TYPE_CHECKING:
    import pandas as pd

    from experiments.validation.visa_evidence import Evidence
    from views.report.readings import Numbers

#: Net native jobs per foreign hire that studies of other visas leave open, and the most that 100,000 hires can do to
#: youth unemployment in points: each one job less, all of it borne by the young.
LITERATURE = (-1.5, 1.0)
CEILING = 0.3
TITLES = (phrase("Native jobs per foreign hire"), phrase("Youth unemployment by hires"))
DOTS, DASHES = (0, (1, 1.5)), (0, (4, 2))


def draw(evidence: Evidence, say: Speech, layout: Layout) -> Figure:
    """Psi against complementarity, and the change of youth unemployment against K-visa holders at work."""
    figure, (left, right) = sheet(
        layout,
        say("What foreign hires do to native jobs"),
        [say(panel) for panel in TITLES],
        key=0.25 if layout.wide else 1.3,
        height=3.2,
    )
    meanings = [
        band_patch(GREEN, say("studies of other visas")),
        Line2D([], [], color=QUIET, linestyle=DOTS, label=say("posts brought less jobs held")),
        Line2D([], [], color=BLACK, linestyle=DASHES, label=say("ceiling: 0.3 points per 100,000")),
    ]
    # On a narrow sheet there is no room for names beside the lines of the second panel.
    lines = [] if layout.wide else [_key(name, mark) for name, mark in zip(_names(evidence), MARKS, strict=False)]
    key_row(figure, [*meanings, *lines], layout, columns=3 if layout.wide else 1)
    _draw_psi(left, evidence.lines, say, layout)
    _draw_youth(right, evidence, say, layout)
    return figure


def _draw_psi(axes: Axes, lines: pd.DataFrame, say: Speech, layout: Layout) -> None:
    """Psi with its interval, the firms' own count, and what the literature leaves open."""
    swept, psi, low, high = _numbers(lines, "complementarity", "psi", "psi_low", "psi_high")
    axes.axhspan(*LITERATURE, color=GREEN, alpha=0.12, linewidth=0, zorder=0)
    axes.plot(swept, swept - 1, color=QUIET, linestyle=DOTS, linewidth=1.2)
    axes.plot(swept, psi, color=MARKS[0].colour, linewidth=1.4)
    _bars(axes, swept, psi, np.array([psi - low, high - psi]), MARKS[0])
    zero_rule(axes)
    value_axis(axes, zero=False)
    axes.set_xticks(swept, [f"{value:g}".replace("-", "\N{MINUS SIGN}") for value in swept])
    axes.set_xlabel(say("posts that a hire brings (complementarity)"), fontsize=layout.text - 1, color=QUIET)
    unit(axes, say("net native jobs per hire"), layout)


def _draw_youth(axes: Axes, evidence: Evidence, say: Speech, layout: Layout) -> None:
    """Each dose's mean with its interval, and the line through the origin, by complementarity."""
    lines = _numbers(evidence.lines, "complementarity", "slope").T
    widest = float(evidence.points["at_work"].max()) / 1e6
    ends = []
    for place, ((complementarity, slope), mark) in enumerate(zip(lines, MARKS, strict=False)):
        cell = evidence.points[evidence.points["complementarity"] == complementarity]
        found = mean_intervals(cell.set_index(["seed", "dose"])[["at_work", "youth"]], "dose")
        hires = _numbers(found[found["indicator"] == "at_work"], "mean")[0] / 1e6
        youth, low, high = _numbers(found[found["indicator"] == "youth"], "mean", "low", "high")
        aside = 0.008 * widest * (place - (len(lines) - 1) / 2)  # so that bars do not cover each other
        _bars(axes, hires + aside, youth, np.array([youth - low, high - youth]), mark)
        most = float(hires.max())
        height = slope * most * 1e6 / HIRES
        axes.plot([0, most], [0, height], color=mark.colour, linestyle=mark.dash, linewidth=1.4)
        ends.append((float(height), _names(evidence)[place], text_colour(mark.colour)))
    low_end, high_end = axes.get_ylim()
    axes.plot([0, widest], [0, CEILING * widest * 1e6 / HIRES], color=BLACK, linestyle=DASHES, linewidth=1)
    axes.set_ylim(low_end, high_end)
    axes.set_xlim(0, widest * 1.03)
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    zero_rule(axes)
    value_axis(axes, zero=False)
    axes.set_xlabel(say("K-visa holders at work, million"), fontsize=layout.text - 1, color=QUIET)
    unit(axes, say("change of the rate 16-24, points"), layout)
    if layout.wide:
        label_ends(axes, ends, layout.text - 1)


def _names(evidence: Evidence) -> list[str]:
    """What each complementarity is called: itself and the psi that comes of it."""
    lines = _numbers(evidence.lines, "complementarity", "psi").T
    return [f"{posts:+g}: ψ {psi:+.1f}".replace("-", "\N{MINUS SIGN}") for posts, psi in lines]


def _key(name: str, mark: Mark) -> Line2D:
    """A short piece of a line for a key."""
    return Line2D([], [], color=mark.colour, linestyle=mark.dash, marker=mark.marker, markersize=4, label=name)


def _bars(axes: Axes, across: Numbers, upward: Numbers, sides: Numbers, mark: Mark) -> None:
    """Means with their intervals."""
    axes.errorbar(
        across,
        upward,
        yerr=sides,
        color=mark.colour,
        marker=mark.marker,
        linestyle="none",
        capsize=2.5,
        elinewidth=1.2,
        markersize=4.5,
    )


def _numbers(table: pd.DataFrame, *columns: str) -> Numbers:
    """Columns of a table, one row each."""
    return np.array([table[column] for column in columns], np.float64)
