"""The K visa: who comes, how much of unemployment it can explain, and how angry people are at it."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from views.figures.canvas import Layout, Line, draw_lines, say_nothing_here, sheet, short_name, time_axis, unit
from views.figures.palette import MARKS, RULE
from views.report.blame import ceiling_share, first_month, measured_share, with_visa
from views.report.readings import Band, sum_of_a_year
from views.report.story import Story
from views.words.language import phrase
from views.words.scenario_titles import scenario_title

TITLES = (
    phrase("K-visa holders in the country"),
    phrase("Arrivals in the last 12 months"),
    phrase("What the visa can explain at most"),
    phrase("Anger at the visa"),
)
#: Months shown before the first K-visa holder or the first anger.
LEAD = 9


def _cut(band: Band, start: int) -> Band:
    """A band from a month on."""
    return Band(band.mean[start:], band.low[start:], band.high[start:], band.paths[:, start:])


def draw(story: Story, layout: Layout) -> Figure:
    """Four panels: holders, arrivals, what it can explain, anger; a sentence when nobody ever held the visa."""
    other = with_visa(story)
    title = story.say("The K visa and its backlash")
    if other is not story and story.comparison is not None:
        name = short_name(scenario_title(story.comparison.baseline, story.say), 40 if layout.wide else 16)
        title = story.say("{title}: {name}", title=title, name=name)
    say, story = story.say, other
    readings = story.readings
    first = first_month(readings)
    if first is None:
        return _no_visa(story, layout)
    start = max(0, first - LEAD)
    time = readings.time[start:]
    figure, panels = sheet(layout, title, [say(panel) for panel in TITLES])
    everything = [
        [Line("", readings.band("k_visa_stock"), MARKS[0], 1e-3)],
        [Line("", Band.of(sum_of_a_year(readings.paths("k_visa_arrivals"))), MARKS[0], 1e-3)],
        [
            Line(say("ceiling"), Band.of(ceiling_share(readings)), MARKS[2], 100),
            Line(say("measured"), Band.of(measured_share(readings)), MARKS[0], 100),
        ],
        [Line("", readings.band("backlash"), MARKS[1])],
    ]
    units = (say("thousand people"), say("thousand people"), say("% of unemployment"), say("index, 0 to 1"))
    for place, (axes, lines) in enumerate(zip(panels, everything, strict=True)):
        shown = [Line(line.name, _cut(line.band, start), line.mark, line.scale) for line in lines]
        draw_lines(axes, time, shown, layout)  # the unit beside the axis says what is per cent
        time_axis(axes, time, say, layout)
        unit(axes, units[place], layout)
    _shade_suspension(story, panels, start)
    return figure


def _shade_suspension(story: Story, panels: list[Axes], start: int) -> None:
    """Grey months in which most replications have the visa suspended."""
    suspended = story.readings.band("k_visa_suspended").mean[start:] > 0.5
    time = story.readings.time[start:]
    if not suspended.any():
        return
    for axes in panels:
        for place in np.flatnonzero(suspended):
            axes.axvspan(time[place] - 1 / 24, time[place] + 1 / 24, color=RULE, alpha=0.6, linewidth=0, zorder=0)
    panels[1].text(
        time[suspended][0], 0.02, story.say("suspended"), fontsize=8, transform=panels[1].get_xaxis_transform()
    )


def _no_visa(story: Story, layout: Layout) -> Figure:
    """One sentence instead of empty panels."""
    figure, panels = sheet(layout, story.say("The K visa and its backlash"), [""], height=0.5)
    say_nothing_here(panels[0], story.say("No K-visa holder in these months"), layout)
    return figure
