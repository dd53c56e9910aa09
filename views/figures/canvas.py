"""The sheet every figure is drawn on: panels, axes of years and percent, lines with a band, labels that keep apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from views.figures.labels import label_ends
from views.figures.palette import INK, QUIET, RULE, Mark, text_colour
from views.figures.style import STYLE

if TYPE_CHECKING:
    from matplotlib.artist import Artist

    from views.report.readings import Band, Numbers
    from views.words.language import Speech

POINTS = 72.0
#: Spans (years) up to which the axis of time names months instead of years.
SHORT_SPAN = 1.6
#: Inches kept on narrow sheets between a panel's title and its axes for the names of its lines.
NARROW_KEY = 0.22


@dataclass(frozen=True, slots=True)
class Layout:
    """The shape of a sheet: wide for pages and files, narrow for telephones."""

    name: str
    width: float
    columns: int
    panel_height: float
    label_margin: float
    text: float = 10.0

    @property
    def wide(self) -> bool:
        """Whether there is room for names beside the lines."""
        return self.columns > 1

    def titled(self, wide: str, narrow: str) -> str:
        """The title that fits: a narrow sheet holds about thirty letters."""
        return wide if self.wide else narrow


WIDE = Layout("wide", 9.6, 2, 2.5, 1.05)
NARROW = Layout("narrow", 4.4, 1, 2.3, 0.15)


@dataclass(frozen=True, slots=True)
class Line:
    """One named series of a panel."""

    name: str
    band: Band
    mark: Mark
    scale: float = 1.0


def sheet(
    layout: Layout,
    title: str,
    panels: Sequence[str],
    *,
    key: float = 0.0,
    margin: float | None = None,
    height: float | None = None,
) -> tuple[Figure, list[Axes]]:
    """A figure with a title and titled panels; `key` inches are kept free under the title.

    `margin` is the room right of each panel for names of lines, in inches.
    """
    columns = min(layout.columns, len(panels))
    rows = -(-len(panels) // columns)
    tall = height or layout.panel_height
    head, foot, gap, left = 0.44 + key, 0.46, 0.56, 0.7
    top = 0.34 if layout.wide else 0.34 + NARROW_KEY
    right = layout.label_margin if margin is None else margin
    total = head + rows * (tall + top) + (rows - 1) * (gap - 0.1) + foot
    figure = Figure(figsize=(layout.width, total))
    figure.suptitle(
        title,
        x=0.14 / layout.width,
        y=1 - 0.12 / total,
        ha="left",
        va="top",
        fontsize=layout.text + 3,
        fontweight="bold",
        color=INK,
    )
    cell = layout.width / columns
    found = []
    for place, panel in enumerate(panels):
        row, column = divmod(place, columns)
        bottom = total - head - (row + 1) * (tall + top) - row * (gap - 0.1)
        axes = figure.add_axes(
            ((column * cell + left) / layout.width, bottom / total, (cell - left - right) / layout.width, tall / total)
        )
        _entitle(axes, panel, layout)
        axes.tick_params(labelsize=layout.text - 1, colors=QUIET, length=3)
        found.append(axes)
    return figure, found


def _entitle(axes: Axes, title: str, layout: Layout, above: float = 0.0) -> None:
    """The title of a panel, flush with the unit of its upright axis; `above` inches are kept free under it."""
    inches = axes.get_position().width * layout.width
    axes.set_title(title, loc="left", fontsize=layout.text, color=INK, x=-0.55 / inches, pad=6 + above * POINTS)


def unit(axes: Axes, text: str, layout: Layout) -> None:
    """Names the unit of the upright axis, beside it."""
    axes.set_ylabel(text, fontsize=layout.text - 1, color=QUIET, labelpad=3)


def time_axis(axes: Axes, time: Numbers, say: Speech, layout: Layout) -> None:
    """Years along the bottom, or months when the run is short; ticks as dense as there is room."""
    first, last = float(time[0]) - 1 / 24, float(time[-1]) + 1 / 24
    axes.set_xlim(first, last + (last - first) * 0.01)
    inches = axes.get_position().width * axes.figure.get_figwidth()  # type: ignore[union-attr]
    room = max(2, int(inches / (0.46 if layout.wide else 0.5)))
    if last - first > SHORT_SPAN:
        years = np.arange(np.ceil(first - 1e-6), np.floor(last + 1e-6) + 1)
        axes.xaxis.set_major_locator(FixedLocator(list(years[:: max(1, -(-len(years) // room))])))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))
        return
    step = max(1, -(-len(time) // max(2, int(inches / 0.75))))
    axes.xaxis.set_major_locator(FixedLocator([float(value) for value in time[::step]]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: month_name(value, say)))


def month_name(value: float, say: Speech) -> str:
    """The name of the month that a year with decimals falls in."""
    year, month = divmod(int(value * 12 + 1e-6), 12)
    return f"{say.months[month]}\n{year}"


def value_axis(axes: Axes, sign: str = "", *, zero: bool = True) -> None:
    """Round numbers up the side, each with its sign (percent); from zero unless the story is in small changes."""
    axes.yaxis.set_major_locator(MaxNLocator(5, min_n_ticks=3, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}{sign}".replace("-", "\N{MINUS SIGN}")))
    if zero and axes.dataLim.y0 >= 0:
        axes.set_ylim(0, axes.get_ylim()[1] if axes.dataLim.y1 > 0 else 1)


def draw_line(axes: Axes, time: Numbers, line: Line, *, paths: int = 0, width: float = 1.8) -> None:
    """The band, a few thin single paths and the mean of one series; a dot where there is one month only."""
    band, scale = line.band, line.scale
    axes.fill_between(time, scale * band.low, scale * band.high, color=line.mark.colour, alpha=0.2, linewidth=0)
    for path in band.paths[: paths if len(band.paths) > 1 else 0]:
        axes.plot(time, scale * path, color=line.mark.colour, alpha=0.45, linewidth=0.5)
    alone = int(np.isfinite(band.mean).sum()) == 1
    axes.plot(
        time,
        scale * band.mean,
        color=line.mark.colour,
        linestyle=line.mark.dash,
        linewidth=width,
        marker=line.mark.marker if alone else None,
    )


def draw_lines(
    axes: Axes, time: Numbers, lines: Sequence[Line], layout: Layout, sign: str = "", *, zero: bool = True
) -> None:
    """Several named series; names stand at the end of the lines, or above them where it is narrow."""
    shown = [line for line in lines if line.band.exists]
    for line in shown:
        draw_line(axes, time, line)
        if len(lines) > 1 and len(time) > 1:
            every = max(1, len(time) // 6)
            axes.plot(
                time[every // 2 :: every],
                line.scale * line.band.mean[every // 2 :: every],
                linestyle="none",
                marker=line.mark.marker,
                markersize=4,
                color=line.mark.colour,
            )
    axes.margins(y=0.12)
    value_axis(axes, sign, zero=zero)
    if len(lines) > 1:
        name_lines(axes, shown, layout)


def name_lines(axes: Axes, lines: Sequence[Line], layout: Layout) -> None:
    """Names of lines: at their right end on a wide sheet, in a row under the panel's title on a narrow one."""
    if not layout.wide:
        axes.legend(
            handles=[sample(line) for line in lines],
            loc="lower left",
            bbox_to_anchor=(0, 1),
            ncols=len(lines),
            fontsize=layout.text - 1,
            frameon=False,
            borderaxespad=0.1,
            columnspacing=1.2,
            handletextpad=0.5,
            labelcolor=[text_colour(line.mark.colour) for line in lines],
        )
        _entitle(axes, axes.get_title(loc="left"), layout, above=NARROW_KEY)
        return
    ends = []
    for line in lines:
        exists = np.flatnonzero(np.isfinite(line.band.mean))
        ends.append((float(line.scale * line.band.mean[exists[-1]]), line.name, text_colour(line.mark.colour)))
    label_ends(axes, ends, layout.text - 1)


def sample(line: Line) -> Line2D:
    """A short piece of a line for a key."""
    return Line2D(
        [],
        [],
        color=line.mark.colour,
        linestyle=line.mark.dash,
        marker=line.mark.marker,
        markersize=4,
        linewidth=1.8,
        label=line.name,
    )


def key_row(figure: Figure, handles: Sequence[Artist], layout: Layout, columns: int | None = None) -> None:
    """One key for all panels, under the title."""
    figure.legend(
        handles=list(handles),
        loc="upper left",
        bbox_to_anchor=(0.06 / layout.width, 1 - 0.38 / figure.get_figheight()),
        ncols=columns or (len(handles) if layout.wide else 2),
        frameon=False,
        fontsize=layout.text - 1,
        labelcolor=INK,
        handlelength=1.8,
        columnspacing=1.4,
        borderaxespad=0,
    )


def band_patch(colour: str, name: str) -> Patch:
    """A piece of a band for a key."""
    return Patch(facecolor=colour, alpha=0.2, label=name)


def say_nothing_here(axes: Axes, text: str, layout: Layout) -> None:
    """A sentence in place of an empty panel."""
    axes.set_axis_off()
    axes.text(0, 0.9, text, transform=axes.transAxes, fontsize=layout.text, color=QUIET, va="top", wrap=True)


def short_name(name: str, most: int = 40) -> str:
    """A name cut to what a title has room for; matplotlib would leave one that begins with `_` out of a key."""
    name = f"\N{ZERO WIDTH SPACE}{name}" if name.startswith("_") else name
    return name if len(name) <= most else name[: most - 1] + "…"


def zero_rule(axes: Axes) -> None:
    """A thin line at no difference."""
    axes.axhline(0, color=QUIET, linewidth=0.8, zorder=1)


#: Matplotlib's settings that belong to the process and not to a sheet.
_OF_THE_PROCESS = frozenset({"backend", "backend_fallback", "interactive", "toolbar", "timezone"})


def settings(language_font: str | None) -> dict[str, object]:
    """Settings of matplotlib for every sheet: quiet axes, text kept as text, the same ids every time.

    All of them are given, so that a user's own configuration does not show through. Characters that the first font
    lacks, of a scenario's name above all, come from a font with Chinese ones where one is installed.
    """
    from views.figures import chinese_font

    style: dict[str, object] = {
        str(name): value for name, value in mpl.rcParamsDefault.items() if name not in _OF_THE_PROCESS
    }
    style.update(STYLE)
    style.update(
        {
            "axes.edgecolor": QUIET,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "axes.grid.axis": "y",
            "grid.color": RULE,
            "grid.linewidth": 0.6,
            "axes.axisbelow": True,
            "font.family": [*dict.fromkeys(font for font in (language_font, "DejaVu Sans", chinese_font()) if font)],
            # A `$` in a name is a `$`.
            "text.parse_math": False,
            "svg.fonttype": "none",
            "svg.hashsalt": "labour",
            "path.simplify_threshold": 0.3,
            "axes.unicode_minus": True,
            "axes.titley": 1.0,
            "figure.dpi": 100,
        }
    )
    return style
