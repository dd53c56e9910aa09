"""The Beveridge loop, the lengths of jobs and spells, the scar of a slump, and the job graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from experiments.validation.connectivity import SHIPPED
from experiments.validation.demand_cycle import MONTHS, enclosed_area
from experiments.validation.evidence import mean_interval
from experiments.validation.graduates import DECLARED_SLUMP, FOLLOWED
from experiments.validation.histories import LONGEST_SPELL
from views.figures.canvas import POINTS, Layout, sheet, unit, value_axis, zero_rule
from views.figures.labels import within
from views.figures.palette import BLUE, GREEN, INK, QUIET, SKY, VERMILLION, text_colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from experiments.validation.connectivity import Connectivity
    from experiments.validation.demand_cycle import DemandCycle
    from experiments.validation.graduates import Scar
    from experiments.validation.histories import Hazards
    from views.report.readings import Numbers

#: Months that are averaged around each one before it is drawn.
SMOOTHED = 5


def draw_loop(cycle: DemandCycle, layout: Layout) -> Figure:
    """What one wave of demand does to unemployment (across) and vacancies (up), year by year."""
    figure, panels = sheet(
        layout,
        layout.titled("The Beveridge curve over a wave of demand", "The Beveridge curve over a wave"),
        [""],
        margin=0.4,
        height=3.9 if layout.wide else 3.2,
    )
    axes = panels[0]
    across, up = (
        _around(100 * cycle.swing(name), SMOOTHED, closed=True) for name in ("unemployment_rate", "vacancy_rate")
    )
    axes.plot(np.append(across, across[0]), np.append(up, up[0]), color=BLUE, linewidth=1.6)
    for month in range(6, MONTHS, 12):
        ahead = (month + 2) % MONTHS
        axes.annotate(
            "",
            (across[ahead], up[ahead]),
            (across[month], up[month]),
            arrowprops={"arrowstyle": "-|>", "color": BLUE, "linewidth": 0, "mutation_scale": 15},
        )
    years = np.arange(0, MONTHS, 12)
    axes.plot(across[years], up[years], linestyle="none", marker="D", markersize=5, color=VERMILLION)
    axes.margins(0.18)
    axes.grid(visible=True, axis="both")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
        axis.set_major_formatter(FuncFormatter(lambda value, _: _signed(value)))
    axes.set_xlabel("unemployment rate, points from the market without the wave", fontsize=layout.text - 1, color=QUIET)
    unit(axes, "vacancy rate, points", layout)
    _label_years(axes, across, up, years, layout)
    return figure


def _label_years(axes: Axes, across: Numbers, up: Numbers, years: NDArray[np.int64], layout: Layout) -> None:
    """The years of the wave, each outside the loop beside its point."""
    size = axes.get_position().size * np.array(axes.get_figure(root=True).get_size_inches()) * POINTS  # type: ignore[union-attr]
    spots = np.array(within(axes, list(zip(across, up, strict=True)), size))
    turn = np.sign(enclosed_area(across, up)) or 1.0
    for year in years:
        along = spots[(year + 4) % MONTHS] - spots[year - 4]
        outward = turn * np.array([along[1], -along[0]]) / max(float(np.hypot(*along)), 1e-9)
        axes.annotate(
            f"year {year // 12 + 1}", (across[year], up[year]), xytext=(24 * outward[0], 13 * outward[1]),
            textcoords="offset points", fontsize=layout.text - 1, ha="center", va="center",
            color=text_colour(VERMILLION),
        )  # fmt: skip


def _signed(value: float) -> str:
    """A difference with its sign; none has none."""
    return f"{value:+.4g}".replace("-", "\N{MINUS SIGN}") if abs(value) > 1e-9 else "0"


def _around(values: Numbers, months: int, *, closed: bool) -> Numbers:
    """The mean of some months around each; a closed path goes on at its beginning."""
    padded = np.pad(values, months // 2, mode="wrap" if closed else "edge")
    return np.convolve(padded, np.full(months, 1 / months), mode="valid")


def draw_hazards(hazards: Hazards, layout: Layout) -> Figure:
    """Chances a month by the length of the job and of the spell, with their 95 % intervals."""
    title = layout.titled(
        "Jobs end sooner when they are new, spells when they are fresh", "How long jobs and spells last"
    )
    figure, panels = sheet(layout, title, ["A job ends", "A seeker finds a job"], margin=0.3)
    _hazard(panels[0], hazards.separation[:61], hazards.staying[:61], layout, "months in the job")
    _hazard(panels[1], hazards.finding, hazards.seeking, layout, "months without a job")
    panels[0].set_xticks(range(0, 61, 12))
    panels[1].set_xticks(range(0, LONGEST_SPELL + 1, 6))
    unit(panels[0], "% a month", layout)
    return figure


def _hazard(axes: Axes, chance: Numbers, people: Numbers, layout: Layout, across: str) -> None:
    months = np.arange(len(chance))
    half = 196 * np.sqrt(chance * (1 - chance) / people)
    axes.fill_between(months, 100 * chance - half, 100 * chance + half, color=BLUE, alpha=0.2, linewidth=0)
    axes.plot(months, 100 * chance, color=BLUE, linewidth=1.8)
    value_axis(axes)
    axes.set_xlabel(across, fontsize=layout.text - 1, color=QUIET)


def draw_scar(scar: Scar, layout: Layout) -> Figure:
    """Pay of a class that graduated into a slump, relative to itself without one, and what the literature has."""
    title = f"A class that meets a slump: pay, % per {DECLARED_SLUMP:.0f} points of youth unemployment"
    figure, panels = sheet(layout, layout.titled(title, "Pay of a class in a slump, %"), [""],
                           margin=0.3, height=3.0)  # fmt: skip
    axes = panels[0]
    years = (np.arange(FOLLOWED) + 0.5) / 12
    pay = 100 * scar.scale * np.array([_around(row, SMOOTHED, closed=False) for row in scar.pay])
    mean = pay.mean(axis=0)
    half = np.array([mean_interval(month)[1] for month in pay.T])
    axes.fill_between(years, mean - half, mean + half, color=BLUE, alpha=0.2, linewidth=0)
    axes.plot(years, mean, color=BLUE, linewidth=1.8)
    first, wide = scar.first_pay_loss()
    axes.errorbar([-0.1], [first], yerr=[np.nan_to_num(wide)], color=VERMILLION, marker="D",
                  markersize=5.5, capsize=3)  # fmt: skip
    axes.annotate("first pay", (-0.1, first), xytext=(8, -13), textcoords="offset points", fontsize=layout.text - 1,
                  color=text_colour(VERMILLION), va="top")  # fmt: skip
    axes.fill_between([-0.1, 5], [-6, -3], [-12, -6], color=GREEN, alpha=0.13, linewidth=0)
    axes.annotate("wanted: first pay −6 to −12 %,\nhalf of it gone in five years", (5.9, -8.5), va="top", ha="right",
                  fontsize=layout.text - 1, color=text_colour(GREEN))  # fmt: skip
    zero_rule(axes)
    axes.set_xlim(-0.3, FOLLOWED / 12)
    value_axis(axes, " %", zero=False)
    axes.set_xlabel("years since graduation", fontsize=layout.text - 1, color=QUIET)
    return figure


def draw_graphs(found: Connectivity, layout: Layout) -> Figure:
    """Unemployment under three job graphs, relative to the shipped one, by ways out of an occupation."""
    figure, panels = sheet(
        layout,
        layout.titled("Ways out of an occupation and unemployment", "Ways out and unemployment"),
        [""],
        margin=0.5,
        height=2.3,
    )
    axes = panels[0]
    names = list(found.ways_out)
    across = np.array([found.ways_out[name] for name in names])
    changes = [found.change(name, SHIPPED) for name in names]
    gap = np.array([change for change, _ in changes])
    half = np.nan_to_num(np.array([wide for _, wide in changes]))
    axes.plot(across, gap, color=SKY, linewidth=1.2, zorder=1)
    axes.errorbar(across, gap, yerr=half, color=BLUE, marker="o", markersize=6, capsize=3, linestyle="none")
    for name, x, y in zip(names, across, gap, strict=True):
        last = x == across.max()
        axes.annotate(name, (x, y), xytext=(-9 if last else 9, 7), textcoords="offset points", color=INK,
                      fontsize=layout.text - 1, ha="right" if last else "left")  # fmt: skip
    zero_rule(axes)
    axes.margins(x=0.12, y=0.3)
    value_axis(axes, zero=False)
    unit(axes, "points of unemployment", layout)
    axes.set_xlabel("mean number of occupations within one move", fontsize=layout.text - 1, color=QUIET)
    return figure
