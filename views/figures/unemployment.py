"""Unemployment by age beside the official months, and the season of the young."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from views.figures.canvas import Layout, Line, band_patch, draw_line, key_row, sheet, time_axis, unit, value_axis
from views.figures.labels import label_ends
from views.figures.palette import BLACK, BLUE, MARKS, QUIET, VERMILLION, text_colour
from views.report.official import published
from views.report.readings import MONTHS_A_YEAR, times
from views.report.story import Story
from views.words.language import phrase

PANELS = (
    ("unemployment_rate_16_24", phrase("Ages 16-24, students left out")),
    ("unemployment_rate_25_29", phrase("Ages 25-29, students left out")),
    ("unemployment_rate_30_59", phrase("Ages 30-59, students left out")),
    ("unemployment_rate", phrase("All ages, searching students included")),
)
#: Single replications shown as thin lines, so that a band is not mistaken for a path.
PATHS = 3
YOUTH = "unemployment_rate_16_24"


def draw_by_age(story: Story, layout: Layout) -> Figure:
    """Four age groups: the model's mean, band and paths, and the official months as dots."""
    say = story.say
    figure, panels = sheet(
        layout,
        say("Unemployment by age"),
        [say(title) for _, title in PANELS],
        key=0.22 if layout.wide else 0.6,
        margin=0.2,
    )
    for axes, (name, _) in zip(panels, PANELS, strict=True):
        draw_line(axes, story.readings.time, Line("", story.readings.band(name), MARKS[0], 100), paths=PATHS)
        _dots(axes, story, name, earlier=True)
        _dots(axes, story, name, earlier=False)
        time_axis(axes, story.readings.time, say, layout)
        axes.margins(y=0.1)
        value_axis(axes, " %", zero=False)
        unit(axes, say("unemployed, % of labour force"), layout)
    handles = [
        Line2D([], [], color=BLACK, marker="o", markersize=3.5, linestyle="none", label=say("official month")),
        Line2D(
            [],
            [],
            color=QUIET,
            marker="o",
            markersize=3.5,
            linestyle="none",
            markerfacecolor="none",
            label=say("official, earlier definition"),
        ),
        Line2D([], [], color=BLUE, linewidth=1.8, label=say("model, mean")),
    ]
    if len(story.readings.replications) > 1:
        handles.append(Line2D([], [], color=BLUE, linewidth=0.6, alpha=0.6, label=say("single replications")))
        patch = band_patch(BLUE, say(story.readings.band_phrase, n=len(story.readings.replications)))
        key_row(figure, [*handles, patch], layout)
    else:
        key_row(figure, handles, layout)
    return figure


def _dots(axes: Axes, story: Story, name: str, *, earlier: bool) -> None:
    """Official months inside the run: full dots, hollow grey ones for the earlier definition."""
    inside = {
        month: rate
        for month, rate in published(name, earlier=earlier).items()
        if story.readings.months[0] <= month <= story.readings.months[-1]
    }
    if not inside:
        return
    axes.plot(
        times(inside),
        [100 * rate for rate in inside.values()],
        linestyle="none",
        marker="o",
        markersize=3.2,
        color=QUIET if earlier else BLACK,
        markerfacecolor="none" if earlier else BLACK,
        markeredgewidth=0.7 if earlier else 0.0,
        zorder=3 if earlier else 4,
    )


def profile(story: Story, year: int) -> list[float]:
    """The model's mean youth rate in the twelve months of a year, in percent; missing where it was not run."""
    band = story.readings.band(YOUTH).mean
    found = [math.nan] * MONTHS_A_YEAR
    for place, month in enumerate(story.readings.months):
        if int(month[:4]) == year:
            found[int(month[5:]) - 1] = 100 * float(band[place])
    return found


def official_years(story: Story) -> list[int]:
    """The two latest years that have official months of youth unemployment inside the run, at least three each."""
    inside = [month for month in published(YOUTH) if month in story.readings.months]
    years = sorted({int(month[:4]) for month in inside})
    return [year for year in years if sum(month.startswith(str(year)) for month in inside) > 2][-2:]


def draw_season(story: Story, layout: Layout) -> Figure:
    """Month-of-year profiles: every year of the model, and the official years beside the model's."""
    say = story.say
    years = official_years(story)
    titles = [say("Model, each year (mean)"), *(say("Model and official: {year}", year=year) for year in years)]
    if not years:
        titles = titles[:1]
    small = len(titles) == 3 and layout.wide
    figure, panels = sheet(
        _three(layout) if small else layout,
        say("The season of youth unemployment"),
        titles,
        margin=0.55,
        height=3.1 if layout.wide else None,
    )
    _every_year(panels[0], story, layout)
    for axes, year in zip(panels[1:], years, strict=True):
        _one_year(axes, story, year, layout)
    low, high = min(axes.get_ylim()[0] for axes in panels), max(axes.get_ylim()[1] for axes in panels)
    for axes in panels:
        axes.set_ylim(max(low, 0), high)
        value_axis(axes, " %", zero=False)
        axes.set_xlim(0.7, 12.3)
        axes.set_xticks([1, 4, 7, 10], [say.months[month] for month in (0, 3, 6, 9)])
    unit(panels[0], say("unemployed aged 16-24, %"), layout)
    for axes, ends in zip(panels, _season_labels(story, years), strict=True):
        label_ends(axes, ends, layout.text - 1)
    return figure


def _three(layout: Layout) -> Layout:
    """The same sheet with three panels in a row."""
    return Layout(layout.name, layout.width, 3, layout.panel_height, layout.label_margin, layout.text)


def _shade(story: Story, year: int) -> str:
    """Grey for early years, blue for the latest: the order of years reads without a key."""
    years = story.readings.years
    share = years.index(year) / max(1, len(years) - 1)
    start, end = (0xB0, 0xB8, 0xC0), (0x00, 0x52, 0x8A)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in zip(start, end, strict=True))


def _every_year(axes: Axes, story: Story, layout: Layout) -> None:
    """One line per year."""
    del layout
    years = story.readings.years
    for place, year in enumerate(years):
        values = profile(story, year)
        axes.plot(
            np.arange(1, 13),
            values,
            color=_shade(story, year),
            linewidth=1.3,
            linestyle=MARKS[place % 2].dash,
            marker="o" if sum(map(math.isfinite, values)) == 1 else None,
        )


def _one_year(axes: Axes, story: Story, year: int, layout: Layout) -> None:
    """The model's band of one year and the official months."""
    chosen = [place for place, month in enumerate(story.readings.months) if month.startswith(str(year))]
    band = story.readings.band(YOUTH)
    months = np.array([int(story.readings.months[place][5:]) for place in chosen], dtype=np.float64)
    axes.fill_between(months, 100 * band.low[chosen], 100 * band.high[chosen], color=BLUE, alpha=0.2, linewidth=0)
    axes.plot(months, 100 * band.mean[chosen], color=BLUE, linewidth=1.8)
    official = {month: rate for month, rate in published(YOUTH).items() if month.startswith(str(year))}
    axes.plot(
        [int(month[5:]) for month in official],
        [100 * rate for rate in official.values()],
        color=VERMILLION,
        linestyle=MARKS[1].dash,
        linewidth=1.2,
        marker="s",
        markersize=4,
    )
    if official:
        _name_official(axes, story, official, layout)


def _name_official(axes: Axes, story: Story, official: dict[str, float], layout: Layout) -> None:
    """The word over the highest official month, clear of the model's band."""
    month, rate = max(official.items(), key=lambda item: item[1])
    band = story.readings.band(YOUTH).high
    over = float(band[story.readings.months.index(month)]) if month in story.readings.months else math.nan
    axes.annotate(
        story.say("official"),
        (int(month[5:]), 100 * np.fmax(rate, over)),
        xytext=(0, 5),
        textcoords="offset points",
        va="bottom",
        ha="center",
        fontsize=layout.text - 1,
        color=text_colour(VERMILLION),
        annotation_clip=False,
    )


def _season_labels(story: Story, official: list[int]) -> list[list[tuple[float, str, str]]]:
    """Names at the right edge of each panel: the years, then the model."""

    def last(values: list[float]) -> float:
        kept = [value for value in values if math.isfinite(value)]
        return kept[-1] if kept else 0.0

    years = story.readings.years
    return [
        [(last(profile(story, year)), str(year), text_colour(_shade(story, year))) for year in years],
        *([(last(profile(story, year)), story.say("model"), text_colour(BLUE))] for year in official),
    ]
