"""The Beveridge curve: unemployment against vacancies, traced year by year."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from views.figures.canvas import POINTS, Layout, sheet, unit
from views.figures.labels import keep_apart, within
from views.figures.palette import BLUE, QUIET, SKY, VERMILLION, text_colour
from views.report.readings import MONTHS_A_YEAR, Numbers
from views.report.story import Story


def yearly(story: Story) -> list[tuple[int, float, float]]:
    """Year, unemployment and vacancies in percent, means over replications and months."""
    return [
        (
            year,
            100 * story.readings.estimate("unemployment_rate", year).mean,
            100 * story.readings.estimate("vacancy_rate", year).mean,
        )
        for year in story.readings.full_years
    ]


def smooth(values: Numbers) -> Numbers:
    """The mean over twelve months, so that the season does not hide the cycle."""
    return np.convolve(values, np.full(MONTHS_A_YEAR, 1 / MONTHS_A_YEAR), mode="valid")


def draw(story: Story, layout: Layout) -> Figure:
    """Months as pale dots, the twelve-month mean as a line, each year's mean as a labelled point."""
    say = story.say
    figure, panels = sheet(layout, say("The Beveridge curve"), [""], margin=0.3, height=4.2 if layout.wide else 3.2)
    axes = panels[0]
    across = 100 * story.readings.band("unemployment_rate").mean
    upward = 100 * story.readings.band("vacancy_rate").mean
    axes.scatter(across, upward, s=7, color=SKY, alpha=0.55, linewidth=0, label=say("month"))
    line = list(zip(smooth(across), smooth(upward), strict=True)) if len(across) > MONTHS_A_YEAR else []
    if line:
        axes.plot(*zip(*line, strict=True), color=BLUE, linewidth=1.4, label=say("12-month mean"))
    points = yearly(story)
    axes.plot(
        [point[1] for point in points],
        [point[2] for point in points],
        linestyle="none",
        marker="D",
        markersize=5.5,
        color=VERMILLION,
        label=say("year"),
    )
    axes.margins(0.08)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g} %"))
    axes.grid(visible=True, axis="both")
    axes.set_xlabel(say("unemployed, % of labour force"), fontsize=layout.text - 1, color=QUIET)
    unit(axes, say("vacancies, % of posts"), layout)
    _label_years(axes, points, line, layout)
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=3,
        frameon=False,
        fontsize=layout.text - 1,
        borderaxespad=0.1,
        handlelength=1.5,
    )
    return figure


def _label_years(
    axes: Axes, points: list[tuple[int, float, float]], line: list[tuple[float, float]], layout: Layout
) -> None:
    """Years beside their points, none over another nor, where it can be helped, over the line."""
    if not points:
        return
    axes.autoscale_view()
    size = axes.get_position().size * np.array(axes.get_figure(root=True).get_size_inches()) * POINTS  # type: ignore[union-attr]
    spots = within(axes, [*((x, y) for _, x, y in points), *line], size)
    text = layout.text - 0.5
    places = keep_apart(
        spots, [(2.5 * text, text)] * len(points), [4.0] * len(points) + [1.5] * len(line), (0, 0, size[0], size[1])
    )
    for (year, _, _), place in zip(points, places, strict=True):
        axes.text(
            place[0] / size[0],
            place[1] / size[1],
            str(year),
            transform=axes.transAxes,
            fontsize=text,
            ha="center",
            va="center",
            color=text_colour(VERMILLION),
            fontweight="bold",
        )
