"""Technology grows and hires little, and 35 is an age."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from views.figures.canvas import Layout, Line, draw_lines, sheet, time_axis, unit
from views.figures.palette import MARKS
from views.report.readings import Band, Readings, over_a_year
from views.report.story import Story
from views.words.language import phrase

TITLES = (
    phrase("Jobs in technology and in property"),
    phrase("Share of GDP"),
    phrase("Layoffs by age, mean of 12 months"),
    phrase("Unemployment at 35 and over"),
)


def layoffs_by_age(readings: Readings) -> tuple[Band, Band]:
    """Layoffs a month per 1,000 employed, mean of twelve months: people of 35 and over, and people under 35."""
    force, rate = readings.paths("labour_force_over_35"), readings.paths("unemployment_rate_over_35")
    employed_over = force * (1 - rate)
    employed_under = readings.paths("employed") - employed_over
    layoffs, over = readings.paths("layoffs"), readings.paths("layoffs_over_35")
    with np.errstate(divide="ignore", invalid="ignore"):
        return (
            Band.of(over_a_year(1000 * over / employed_over)),
            Band.of(over_a_year(1000 * (layoffs - over) / employed_under)),
        )


def since_start(readings: Readings, name: str) -> Band:
    """An indicator with the first month of each path as 100."""
    paths = readings.paths(name)
    with np.errstate(divide="ignore", invalid="ignore"):
        return Band.of(100 * paths / paths[:, :1])


def draw(story: Story, layout: Layout) -> Figure:
    """Four panels: jobs, shares of GDP, layoffs by age, unemployment past 35."""
    say, readings = story.say, story.readings
    figure, panels = sheet(layout, say("Technology and age 35"), [say(title) for title in TITLES])
    over, under = layoffs_by_age(readings)
    everything = [
        [
            Line(say("technology"), since_start(readings, "employment_tech"), MARKS[0]),
            Line(say("construction"), since_start(readings, "employment_construction"), MARKS[1]),
            Line(say("developers"), since_start(readings, "employment_developers"), MARKS[2]),
        ],
        [
            Line(say("technology"), readings.band("technology_share_of_gdp"), MARKS[0], 100),
            Line(say("property"), readings.band("property_share_of_gdp"), MARKS[1], 100),
        ],
        [Line(say("35 and over"), over, MARKS[3]), Line(say("under 35"), under, MARKS[4])],
        [
            Line(say("35 and over"), readings.band("unemployment_rate_over_35"), MARKS[3], 100),
            Line(say("all ages"), readings.band("unemployment_rate"), MARKS[0], 100),
        ],
    ]
    units = (
        say("index, first month = 100"),
        say("% of GDP"),
        say("laid off per 1,000 employed, a month"),
        say("unemployed, % of labour force"),
    )
    for place, (axes, lines) in enumerate(zip(panels, everything, strict=True)):
        draw_lines(axes, readings.time, lines, layout, " %" if place % 2 else "", zero=place > 0)
        time_axis(axes, readings.time, say, layout)
        unit(axes, units[place], layout)
    return figure
