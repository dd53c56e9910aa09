"""The fan: official months, the forecast with its 50 and 80 % bands, and the same month a year before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from model.schedule import month_index
from views.figures import Drawn, save
from views.figures.canvas import Layout, band_patch, key_row, settings, sheet, time_axis, unit, value_axis
from views.figures.palette import BLUE, INK, VERMILLION
from views.forecast.answer import WORDS, quoted_rows
from views.words.language import ENGLISH

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from experiments.forecast.history import Floats, History

NAME = "forecast"
FIGURE = Path("figures") / f"{NAME}.png"
#: Official months shown before the forecast.
SHOWN = 24
DASHES, DOTS = (0, (5, 2)), (0, (1.5, 1.5))


def draw_forecast(table: pd.DataFrame, history: History, home: Path) -> Drawn:
    """Draws the fan into folder/figures, as PNG and SVG."""
    folder = (home / FIGURE).parent
    folder.mkdir(exist_ok=True)
    with mpl.rc_context(settings(None)):  # type: ignore[arg-type]
        return save(NAME, lambda layout: fan(table, history, layout), folder)


def fan(table: pd.DataFrame, history: History, layout: Layout) -> Figure:
    """A panel for each group."""
    rows = quoted_rows(table)
    groups = [group for group in WORDS if (rows["group"] == group).any()]
    origin = str(rows["origin"].iloc[0])
    title = layout.titled(f"Official unemployment after {origin}: a forecast", f"Forecast after {origin}")
    names = [WORDS[group] for group in groups]
    figure, panels = sheet(layout, title, names, key=0.5 if layout.wide else 0.8, margin=0.3)
    for axes, group in zip(panels, groups, strict=True):
        _panel(axes, rows[rows["group"] == group], history, group, layout)
    key_row(figure, [
        Line2D([], [], color=INK, linewidth=1.8, label="official"),
        Line2D([], [], color=BLUE, linewidth=1.8, linestyle=DASHES, label="forecast"),
        band_patch(BLUE, "as likely as not in the dark band, four times in five in the light one"),
        Line2D([], [], color=VERMILLION, linewidth=1.2, linestyle=DOTS, label="the same month a year before"),
    ], layout, 2 if layout.wide else 1)  # fmt: skip
    return figure


def _panel(axes: Axes, rows: pd.DataFrame, history: History, group: str, layout: Layout) -> None:
    ahead = np.array([month_index(month) for month in rows["month"]])
    past = np.arange(max(0, ahead[0] - SHOWN), ahead[0])
    rates = history.rates[group]
    came = np.arange(ahead[0], min(ahead[-1] + 1, len(rates)))

    for low, high, alpha in (("p10", "p90", 0.2), ("p25", "p75", 0.35)):
        axes.fill_between(_year(ahead), rows[low], rows[high], color=BLUE, alpha=alpha, linewidth=0)
    axes.plot(_year(ahead), rows["p50"], color=BLUE, linewidth=1.8, linestyle=DASHES)
    axes.plot(_year(past), rates[past], color=INK, linewidth=1.8)
    axes.plot(_year(came), rates[came], color=INK, linewidth=1.8, marker="o", markersize=3)
    axes.plot(_year(ahead), rates[ahead - 12], color=VERMILLION, linewidth=1.2, linestyle=DOTS)
    axes.margins(y=0.12)
    value_axis(axes, " %", zero=False)
    time_axis(axes, _year(np.concatenate([past, ahead])), ENGLISH, layout)
    unit(axes, "of the labour force", layout)


def _year(months: NDArray[np.int64]) -> Floats:
    found: Floats = 2018 + (months + 0.5) / 12
    return found
