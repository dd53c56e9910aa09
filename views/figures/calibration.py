"""A calibration in two figures: the fit beside the official months, and how sharply each parameter is known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from experiments.calibration.tables import months
from views.figures import PNG_DPI
from views.figures.canvas import WIDE, Layout, band_patch, key_row, settings, sheet, time_axis, value_axis
from views.language import Speech
from views.palette import BLACK, BLUE, QUIET, RULE, VERMILLION
from views.readings import Numbers, times

if TYPE_CHECKING:
    import pandas as pd

    from experiments.calibration.job import Outcome

PANELS = {
    "Ages 16-24, students left out": ("16-24",),
    "Ages 25-29, students left out": ("25-29",),
    "Ages 30-59, students left out": ("30-59",),
    "All ages, since the change of definition": ("all",),
    "All ages": ("all 2018-23", "all"),
    "Ages 25-59, definition until 2023": ("25-59 2018-23",),
}
#: The likelihood falls by this much at the ends of a 95 % interval.
DROP_95 = 1.92
_SMALL = Layout("wide", WIDE.width, 5, 1.25, 0.12, 8.0)


def draw_calibration(outcome: Outcome) -> list[Path]:
    """Write both figures into folder/figures, as PNG and SVG."""
    folder = outcome.folder / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with mpl.rc_context(settings(None)):  # type: ignore[arg-type]
        for name, figure in (("calibration_fit", draw_fit(months(outcome.calibration))),
                             ("calibration_profiles", draw_profiles(outcome))):  # fmt: skip
            written.append(folder / f"{name}.png")
            figure.savefig(written[-1], dpi=PNG_DPI, metadata={"Software": None})
            figure.savefig(folder / f"{name}.svg", metadata={"Date": None, "Creator": None})
    return written


def draw_fit(table: pd.DataFrame) -> Figure:
    """Every fitted series: official months as dots, the agents' mean as a line, both bands."""
    figure, panels = sheet(
        WIDE,
        "Unemployed, per cent of the labour force: the fit to the official months",
        list(PANELS),
        key=0.42,
        margin=0.2,
        height=2.0,
    )
    for axes, groups in zip(panels, PANELS.values(), strict=True):
        rows = table[table["group"].isin(groups)].sort_values("month")
        time = times(list(rows["month"]))
        _shocks(axes, time, rows["shock"].to_numpy(bool))
        axes.fill_between(time, rows["predictive_low"], rows["predictive_high"], color=BLUE, alpha=0.13, linewidth=0)
        axes.fill_between(time, rows["parameter_low"], rows["parameter_high"], color=BLUE, alpha=0.3, linewidth=0)
        axes.plot(time, rows["model"], color=BLUE, linewidth=1.6)
        axes.plot(time, rows["official"], linestyle="none", marker="o", markersize=3.0, color=BLACK)
        time_axis(axes, time, Speech("en"), WIDE)
        axes.margins(y=0.1)
        value_axis(axes, " %", zero=False)
    wide = band_patch(BLUE, "80 %: parameters and what the model misses")
    wide.set_alpha(0.13)
    inner = band_patch(BLUE, "80 %: parameters alone")
    inner.set_alpha(0.35)
    handles = [
        Line2D([], [], color=BLACK, marker="o", markersize=3.0, linestyle="none", label="official month"),
        Line2D([], [], color=BLUE, linewidth=1.6, label="model, mean of agents"),
        inner,
        wide,
        band_patch(QUIET, "shock, hardly fitted"),
    ]
    key_row(figure, handles, WIDE, columns=3)
    return figure


def _shocks(axes: Axes, time: Numbers, shock: NDArray[np.bool_]) -> None:
    """Months that one shock decides, shaded."""
    for month, hit in zip(time, shock, strict=True):
        if hit:
            axes.axvspan(month - 1 / 24, month + 1 / 24, color=RULE, linewidth=0)


def draw_profiles(outcome: Outcome) -> Figure:
    """The best fit that each value of a parameter allows, over its range; the level of a 95 % interval dashed."""
    found = outcome.calibration
    names = [parameter.name.replace("_", " ") for parameter in found.space.free]
    figure, panels = sheet(_SMALL, "How sharply each parameter is known", names, key=0.22, margin=0.12)
    for place, (axes, parameter) in enumerate(zip(panels, found.space.free, strict=True)):
        held, losses = outcome.profiles[parameter.name]
        values = parameter.low + (held + 1) / 2 * (parameter.high - parameter.low)
        axes.plot(values, losses - found.best.loss, color=BLUE, linewidth=1.6)
        axes.axhline(DROP_95, color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)))
        axes.axvline(found.best_values[place], color=BLUE, linewidth=0.8)
        axes.axvline(parameter.centre, color=VERMILLION, linewidth=0.8, linestyle=(0, (2, 2)))
        axes.set_ylim(0, 8)
        axes.set_xlim(parameter.low, parameter.high)
        axes.locator_params(axis="x", nbins=3)
        axes.set_yticks([0, 4, 8])
    handles = [
        Line2D([], [], color=BLUE, linewidth=1.6, label="loss above the best, prior included; line: best"),
        Line2D([], [], color=VERMILLION, linewidth=0.8, linestyle=(0, (2, 2)), label="before the fit"),
        Line2D([], [], color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)), label="end of a 95 % interval"),
    ]
    key_row(figure, handles, _SMALL)
    return figure
