"""Property: prices, sales, starts, developers in default and foreclosed homes."""

from __future__ import annotations

from matplotlib.figure import Figure

from views.figures.canvas import Layout, Line, draw_lines, sheet, time_axis, unit
from views.figures.palette import MARKS
from views.report.story import Story
from views.words.language import phrase

#: Title and unit of each panel, with its series: name shown, column, scale.
PANELS: tuple[tuple[str, str, tuple[tuple[str, str, float], ...]], ...] = (
    (phrase("House prices (existing homes)"), phrase("index, 2018-01 = 100"), (("", "house_price_index", 1),)),
    (
        phrase("Sales and starts of new homes"),
        phrase("index, 2018-01 = 100"),
        ((phrase("sales"), "home_sales_index", 1), (phrase("starts"), "home_starts_index", 1)),
    ),
    (phrase("Developers in default"), phrase("simulated developers, so far"), (("", "developer_defaults", 1),)),
    (phrase("Foreclosed homes listed"), phrase("million homes"), (("", "foreclosed_homes", 1e-6),)),
)


def draw(story: Story, layout: Layout) -> Figure:
    """Four panels from the price of homes to the homes that lenders took back."""
    say, readings = story.say, story.readings
    figure, panels = sheet(
        layout, say("Property"), [say(title) for title, _, _ in PANELS], margin=0.75 if layout.wide else None
    )
    for axes, (_, measure, series) in zip(panels, PANELS, strict=True):
        lines = [
            Line(say(name) if name else "", readings.band(column), mark, scale)
            for (name, column, scale), mark in zip(series, MARKS, strict=False)
        ]
        draw_lines(axes, readings.time, lines, layout)
        time_axis(axes, readings.time, say, layout)
        unit(axes, say(measure), layout)
    return figure
