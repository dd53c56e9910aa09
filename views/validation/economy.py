"""Property's fall beside the published levels, and the staff that went with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from model.specification import in_force
from views.figures.canvas import Layout, Line, band_patch, draw_line, key_row, sheet, unit, value_axis
from views.figures.palette import BLACK, BLUE, MARKS
from views.report.readings import Band, band_phrase

if TYPE_CHECKING:
    from experiments.validation.evidence import Ensemble

#: Title, indicator, published series, the year that is 100.
PANELS = (
    ("Home sales", "home_sales_index", "floor_space_sold", 2021),
    ("Housing starts", "home_starts_index", "new_starts_floor_space", 2021),
    ("Developers' staff, end of year", "employment_developers", "employment_property_developers", 2018),
    ("Construction staff, end of year", "employment_construction", "employment_construction", 2018),
)
YEARS = range(2018, 2026)


def draw_property(ensemble: Ensemble, layout: Layout) -> Figure:
    """Four panels of years, each with a base year at 100: the model's mean and band, published figures as dots."""
    titles = [f"{title} ({base} = 100)" for title, _, _, base in PANELS]
    figure, panels = sheet(
        layout,
        layout.titled("Property since 2018: model and published figures", "Property: model and published"),
        titles,
        key=0.22,
        margin=0.25,
    )
    for axes, (_, indicator, published, base) in zip(panels, PANELS, strict=True):
        _panel(axes, ensemble, indicator, published, base)
    for axes in panels[:: layout.columns]:
        unit(axes, "index", layout)
    dots = Line2D([], [], color=BLACK, marker="o", markersize=4, linestyle="none", label="published")
    mean = Line2D([], [], color=BLUE, linewidth=1.8, label="model, mean")
    shaded = band_patch(BLUE, band_phrase(ensemble.replications).format(n=ensemble.replications))
    key_row(figure, [dots, mean, shaded], layout, columns=3)
    return figure


def _panel(axes: Axes, ensemble: Ensemble, indicator: str, published: str, base: int) -> None:
    december = indicator.startswith("employment")
    by_year = np.array([_of_year(ensemble, indicator, year, december=december) for year in YEARS]).T
    relative = 100 * by_year / by_year.mean(axis=0)[list(YEARS).index(base)]
    draw_line(axes, np.array(YEARS, float), Line("", Band.of(relative), MARKS[0]))
    series = in_force().country.annual_series("property_annual.csv", published)
    official = {year: value for year, value in series.items() if year in YEARS}
    axes.plot(list(official), [100 * value / official[base] for value in official.values()], linestyle="none",
              marker="o", markersize=4, color=BLACK)  # fmt: skip
    axes.set_xticks(list(YEARS)[::2])
    axes.set_xlim(YEARS[0] - 0.3, YEARS[-1] + 0.3)
    axes.margins(y=0.1)
    value_axis(axes)


def _of_year(ensemble: Ensemble, indicator: str, year: int, *, december: bool) -> np.ndarray:
    """A year's mean, or its December, of every replication."""
    wanted = f"{year}-12" if december else f"{year}-"
    chosen = [place for place, month in enumerate(ensemble.months) if month.startswith(wanted)]
    return np.asarray(ensemble.paths[indicator][:, chosen].mean(axis=1))
