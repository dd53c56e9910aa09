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

from experiments.calibration.tables import at_place, months
from views.figures import PNG_DPI
from views.figures.canvas import WIDE, Layout, band_patch, key_row, settings, sheet, time_axis, value_axis
from views.figures.palette import BLACK, BLUE, QUIET, RULE, VERMILLION
from views.report.official import published
from views.report.readings import Numbers, times
from views.words.language import Speech

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
RATES = {
    "unemployment_rate_16_24": "Ages 16-24, students left out",
    "unemployment_rate_25_29": "Ages 25-29, students left out",
    "unemployment_rate_30_59": "Ages 30-59, students left out",
    "unemployment_rate": "All ages",
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
    names = [name.replace("_", " ") for name in outcome.profiles]
    figure, panels = sheet(_SMALL, "How sharply each parameter is known", names, key=0.22, margin=0.12)
    for axes, place in zip(panels, found.space.moved, strict=True):
        parameter = found.space.free[place]
        held, losses = outcome.profiles[parameter.name]
        values = at_place(found.space, held, place)
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


def draw_bands(table: pd.DataFrame, folder: Path) -> Path:
    """The four published rates of a scenario with both bands, written into folder/figures."""
    (folder / "figures").mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(settings(None)):  # type: ignore[arg-type]
        title = "Unemployed, per cent of the labour force: parameters and luck"
        figure, panels = sheet(WIDE, title, list(RATES.values()), key=0.22, margin=0.2)
        for axes, name in zip(panels, RATES, strict=True):
            rows = table[table["indicator"] == name]
            time = times(list(rows["month"]))
            for kind, colour, alpha in (("predictive", BLUE, 0.13), ("parameter", BLUE, 0.35)):
                axes.fill_between(
                    time, 100 * rows[f"{kind}_low"], 100 * rows[f"{kind}_high"], color=colour, alpha=alpha, linewidth=0
                )
            for end in ("low", "high"):
                axes.plot(
                    time, 100 * rows[f"replication_{end}"], color=VERMILLION, linewidth=0.7, linestyle=(0, (3, 2))
                )
            axes.plot(time, 100 * rows["mean"], color=BLUE, linewidth=1.4)
            official = published(name)
            axes.plot(
                times(official),
                [100 * rate for rate in official.values()],
                linestyle="none",
                marker="o",
                markersize=2.2,
                color=BLACK,
            )
            time_axis(axes, time, Speech("en"), WIDE)
            value_axis(axes, " %", zero=False)
        inner, wide = band_patch(BLUE, "80 %: parameters"), band_patch(BLUE, "and what the model misses")
        inner.set_alpha(0.4)
        wide.set_alpha(0.13)
        luck = Line2D(
            [], [], color=VERMILLION, linewidth=0.7, linestyle=(0, (3, 2)), label="80 %: luck of one simulated world"
        )
        dots = Line2D([], [], color=BLACK, marker="o", markersize=2.2, linestyle="none", label="official month")
        key_row(figure, [dots, inner, wide, luck], WIDE)
    path = folder / "figures" / "parameter_bands.png"
    figure.savefig(path, dpi=PNG_DPI, metadata={"Software": None})
    return path
