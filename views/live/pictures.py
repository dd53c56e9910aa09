"""The two pictures beside the graph: the Beveridge curve, and who works, searches, waits or is gone.

Each is plain numbers and words in the units of its drawing, with the last months as a table.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from views.figures.labels import clear_places
from views.figures.palette import BLUE, SKY, VERMILLION, YELLOW
from views.live.record import GROUPS, STATES, Month
from views.live.words import LiveSpeech, percent
from views.words.language import phrase

if TYPE_CHECKING:
    from views.live.market import LiveMarket

Floats = NDArray[np.float64]
WIDTH, HEIGHT = 460.0, 270.0
LEFT, RIGHT, TOP, BOTTOM = 56.0, 14.0, 14.0, 34.0
#: Months that the stacked picture shows.
WINDOW = 72
YEAR = 12
STATE_WORDS = {
    "employed": (phrase("at work"), BLUE),
    "gig": (phrase("gig work"), SKY),
    "searching": (phrase("searching"), VERMILLION),
    "exam": (phrase("queueing for exams"), YELLOW),
    "out": (phrase("gone: at home, gave up, retired"), "#C4C4C4"),
}
GROUP_WORDS = {
    "16_24": phrase("Ages 16-24"),
    "25_34": phrase("Ages 25-34"),
    "35_59": phrase("Ages 35-59"),
    "graduates": phrase("Recent graduates"),
}


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: the values at its ends, and where its pixels begin and end."""

    low: float
    high: float
    first: float
    last: float

    def at(self, value: float) -> float:
        """Where a value stands."""
        return round(self.first + (value - self.low) / (self.high - self.low) * (self.last - self.first), 1)

    def ticks(self, suffix: str) -> list[dict[str, Any]]:
        """Round values along the axis with their words."""
        step = round_step(self.high - self.low)
        values = np.arange(math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9) + 1) * step
        return [{"at": self.at(float(value)), "text": f"{value:g}{suffix}"} for value in values]


def round_step(span: float) -> float:
    """A round step that divides a span into about four."""
    rough = span / 4
    size = 10.0 ** math.floor(math.log10(rough))
    return size * min((1, 2, 2.5, 5, 10), key=lambda factor: abs(factor * size - rough))


def axis_of(values: Floats, first: float, last: float) -> Axis:
    """An axis that holds the values and ends on round ones, so that it seldom changes while they grow in number."""
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    step = round_step(max(high - low, 0.5)) / 2
    return Axis((math.floor(low / step) - 1) * step, (math.ceil(high / step) + 1) * step, first, last)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points) if points else ""


def mean_of_a_year(values: Floats) -> Floats:
    """The mean of each month and the eleven before it; empty before there are twelve."""
    return np.convolve(values, np.full(YEAR, 1 / YEAR), mode="valid") if len(values) >= YEAR else np.zeros(0)


def beveridge(live: LiveMarket, say: LiveSpeech) -> dict[str, Any]:
    """Unemployment against vacancies: months as dots, the mean of a year as a line, the last year dark."""
    months = [month for month in live.record.months if math.isfinite(month.rates["vacancy_rate"])]
    across = 100 * np.array([month.rates["unemployment_rate"] for month in months])
    upward = 100 * np.array([month.rates["vacancy_rate"] for month in months])
    x, y = axis_of(across, LEFT, WIDTH - RIGHT), axis_of(upward, HEIGHT - BOTTOM, TOP)
    points = [(x.at(u), y.at(v)) for u, v in zip(across, upward, strict=True)]
    smooth = [(x.at(u), y.at(v)) for u, v in zip(mean_of_a_year(across), mean_of_a_year(upward), strict=True)]
    told = [(spot, str(2018 + month.month // YEAR)) for spot, month in zip(smooth, months[YEAR - 1 :], strict=False)
            if month.month % YEAR == YEAR - 1][::-1]  # fmt: skip
    now = [(points[-1], say.short_month(months[-1].month))] if points else []
    return {
        "years": _named(told, smooth, [spot for spot, _ in now]),
        "now": _named(now, points[-YEAR:], [])[0] if now else None,
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "xs": x.ticks(" %"),
        "ys": y.ticks(" %"),
        "dots": [list(point) for point in points],
        "smooth": _path(smooth),
        "year": _path(points[-YEAR:]),
        "header": [say("Month"), say("Unemployed, all"), say("Vacancy rate")],
        "rows": [
            [say.short_month(m.month), percent(m.rates["unemployment_rate"]), percent(m.rates["vacancy_rate"])]
            for m in reversed(months[-YEAR:])
        ],
    }


def _named(
    told: Sequence[tuple[tuple[float, float], str]],
    line: Sequence[tuple[float, float]],
    others: Sequence[tuple[float, float]],
) -> list[dict[str, Any]]:
    """Points with their names beside them, the latest first; a name without room is left out."""
    spots = [*(spot for spot, _ in told), *others, *line]
    radii = [4.0] * len(told) + [40.0] * len(others) + [1.0] * len(line)
    sizes = [(6.8 * len(text), 12.0) for _, text in told]
    where = clear_places(spots, sizes, radii, (LEFT, TOP, WIDTH, HEIGHT - BOTTOM), 0.35)
    return [
        {"x": x, "y": y, "text": text if place else "", "at": list(place or (x, y))}
        for ((x, y), text), place in zip(told, where, strict=True)
    ]


def shares(months: Sequence[Month], group: str) -> Floats:
    """What people of a group out of school do, as shares that sum to 1: [month, state]."""
    row = list(GROUPS).index(group)
    counts = np.array([month.people[row] for month in months], float).reshape(-1, len(STATES))
    return np.asarray(counts / np.maximum(1, counts.sum(axis=1, keepdims=True)))


def stack(live: LiveMarket, group: str, say: LiveSpeech) -> dict[str, Any]:
    """Bands from the bottom: at work, gig work, searching, queueing for exams, gone."""
    months = list(live.record.months)[-WINDOW:]
    table = shares(months, group)
    edges = np.concatenate([np.zeros((len(months), 1)), np.cumsum(table, axis=1)], axis=1)
    first = months[0].month if months else 0
    x = Axis(first, first + max(YEAR, len(months) - 1), LEFT, WIDTH - RIGHT)
    y = Axis(0, 100, HEIGHT - BOTTOM, TOP)
    across = [x.at(month.month) for month in months]
    bands = []
    for place, state in enumerate(STATES):
        low = [(px, y.at(100 * value)) for px, value in zip(across, edges[:, place], strict=True)]
        high = [(px, y.at(100 * value)) for px, value in zip(across, edges[:, place + 1], strict=True)]
        words, colour = STATE_WORDS[state]
        bands.append(
            {
                "id": state,
                "path": _path(low + high[::-1]) + ("Z" if low else ""),
                "colour": colour,
                "text": say(words),
                "value": percent(float(table[-1, place])) if len(months) else "–",
            }
        )
    years = [
        {"at": x.at(month.month), "text": str(2018 + month.month // YEAR)}
        for month in months
        if month.month % YEAR == 0
    ]
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "xs": years,
        "ys": y.ticks(" %"),
        "bands": bands,
        "header": [say("Month"), *(band["text"] for band in bands)],
        "rows": [
            [say.short_month(month.month), *(percent(float(share)) for share in row)]
            for month, row in list(zip(months, table, strict=True))[: -YEAR - 1 : -1]
        ],
    }


def headline(live: LiveMarket, say: LiveSpeech) -> list[dict[str, str]]:
    """The four numbers above the pictures."""
    latest = live.record.months[-1].rates if live.record.months else {}
    holders = latest.get("k_visa_stock", math.nan)
    tightness = latest.get("tightness", math.nan)
    return [
        {
            "label": say("Unemployed, 16-24"),
            "value": percent(latest.get("unemployment_rate_16_24", math.nan)),
            "note": say("students left out"),
        },
        {"label": say("Unemployed, all"), "value": percent(latest.get("unemployment_rate", math.nan)), "note": ""},
        {
            "label": say("Posts per job seeker"),
            "value": f"{tightness:.2f}" if math.isfinite(tightness) else "–",
            "note": "",
        },
        {"label": say("K-visa holders"), "value": say.people(holders) if holders > 0 else say("none yet"), "note": ""},
    ]
