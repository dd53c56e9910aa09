"""The job graph as the screen shows it: where occupations stand, how big and what colour they are, who moved where.

Places and labels never move while a market is played, so that the eye can follow what does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from agents.columns import Status
from model.specification import in_force
from views.figures.job_graph import jobs, places, push_apart
from views.figures.labels import clear_places
from views.figures.palette import BLUE, VERMILLION
from views.live.record import Counts
from views.live.words import LiveSpeech, percent
from views.words.language import Language

if TYPE_CHECKING:
    from views.live.market import LiveMarket

Colouring = Literal["tightness", "unemployment"]
#: Lines drawn at most: more would be a ball of wool.
MOST_MOVES = 64
#: The colour is full where posts per job seeker are this many times what is usual in the market, or as much below it.
TIGHTNESS_SPAN = 10.0
#: Unemployment of an occupation at which the colour is full.
HIGH_UNEMPLOYMENT = 0.15


@dataclass(frozen=True, slots=True)
class Sheet:
    """The shape of the drawing: wide for screens, tall for telephones. Lengths in its own units."""

    name: str
    width: float
    height: float
    unit: float  # radius of a million jobs
    text: float
    labels: int  # names tried, the largest occupation's first; one without room is told on hover alone


WIDE = Sheet("wide", 1000, 960, 5.8, 13, 40)
TALL = Sheet("tall", 600, 840, 5.4, 19, 20)
SHEETS = (WIDE, TALL)


def radius(sheet: Sheet, million: float) -> float:
    """Radius of an occupation with so many million jobs: its area grows with them."""
    return sheet.unit * math.sqrt(max(0.0, million) + 0.5)


@cache
def millions() -> dict[str, float]:
    """Million jobs of each occupation in 2023: what places and lines are drawn for, whatever is played."""
    return {str(name): float(value) for name, value in jobs()["million_jobs"].items()}


@cache
def spots(sheet: Sheet) -> dict[str, tuple[float, float]]:
    """Where each occupation stands on a sheet: the places of the printed figure, pulled apart for this shape."""
    known = places()
    names = list(in_force().country.occupations.ids)
    sizes = np.array([radius(sheet, millions()[name]) for name in names])
    margin = sizes.max() * 0.7
    grid = np.array([known[name] for name in names])
    grid = np.column_stack(
        [margin + grid[:, 0] * (sheet.width - 2 * margin), margin + (1 - grid[:, 1]) * (sheet.height - 2 * margin)]
    )
    apart = push_apart(grid, 1.08 * sizes + 3)
    edge = sizes + 2
    apart[:, 0] = np.clip(apart[:, 0], edge, sheet.width - edge)
    apart[:, 1] = np.clip(apart[:, 1], edge, sheet.height - edge)
    return {name: (round(float(x), 1), round(float(y), 1)) for name, (x, y) in zip(names, apart, strict=True)}


@cache
def drawing(sheet: Sheet, language: Language) -> dict[str, Any]:
    """What of the graph stays the same: size of the sheet, places, and the names of large occupations with room."""
    say = LiveSpeech(language)
    order = sorted(millions(), key=lambda name: -millions()[name])
    standing = spots(sheet)
    wide = 1.02 if language == "zh" else 0.6
    index = {name: code for code, name in enumerate(in_force().country.occupations.ids)}
    titles = [short(say.occupation(index[name])) for name in order[: sheet.labels]]
    boxes = [(wide * sheet.text * len(title), 1.15 * sheet.text) for title in titles]
    radii = [1.08 * radius(sheet, millions()[name]) + 1 for name in order]  # jobs of a year differ from those of 2023
    where = clear_places([standing[name] for name in order], boxes, radii, (0, 0, sheet.width, sheet.height))
    labels = [
        {
            "id": name,
            "text": title,
            "x": round(min(max(spot[0], wide_ / 2 + 2), sheet.width - wide_ / 2 - 2), 1),
            "y": round(spot[1] + 0.35 * sheet.text, 1),
        }
        for name, title, spot, (wide_, _) in zip(order, titles, where, boxes, strict=False)
        if spot is not None
    ]
    return {
        "width": sheet.width,
        "height": sheet.height,
        "text": sheet.text,
        "spots": {name: list(spot) for name, spot in standing.items()},
        "labels": labels,
    }


def short(title: str) -> str:
    """The first of a title's alternatives, without its remark: "Store manager" of "Store / restaurant manager"."""
    first, *others = title.split(" (", maxsplit=1)[0].split(" / ")
    shared = others[-1].split() if others else []
    if " " in first or len(shared) < 2 or first.endswith(("er", "or")):
        return first
    return f"{first} {shared[-1]}"


# --- what changes from month to month -------------------------------------------------------------------------------


def mix(one: str, other: str, share: float) -> str:
    """A colour between two of `#RRGGBB`: 0 the first, 1 the second."""
    share = min(1.0, max(0.0, share))
    parts = (
        round((1 - share) * int(one[place : place + 2], 16) + share * int(other[place : place + 2], 16))
        for place in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02X}" for part in parts)


def tightness_colour(posts_per_seeker: float, usual: float) -> str:
    """Orange-red where posts are few, blue where they are many, pale where usual; grey where nobody searches."""
    if not math.isfinite(posts_per_seeker):
        return "#C8C8C8"
    level = math.log(max(posts_per_seeker, 1e-6) / usual) / math.log(TIGHTNESS_SPAN)
    return mix("#F4F1EA", VERMILLION if level < 0 else BLUE, abs(level))


def unemployment_colour(rate: float) -> str:
    """Pale where few of an occupation are unemployed, orange-red where many are."""
    return mix("#FBF6EE", VERMILLION, rate / HIGH_UNEMPLOYMENT) if math.isfinite(rate) else "#C8C8C8"


@dataclass(frozen=True, slots=True)
class Occupation:
    """One occupation in the month watched. Counts are of real people."""

    name: str
    code: int
    employed: float
    seekers: float
    posts: float
    tightness: float
    unemployment: float
    hired: float
    first_jobs: float
    wage: float


def occupations_now(live: LiveMarket) -> list[Occupation]:
    """Every occupation: jobs now; seekers and posts as means of a quarter; hires of twelve months."""
    market, record = live.market, live.record
    scale = market.people_per_agent
    seekers, posts, jobs_ = record.seeking_of_a_quarter
    if not record.seeking:
        jobs_ = market.exogenous.occupation_jobs * 1e6 / scale
    hired = record.moves_of_a_year
    wages = mean_wages(live)
    found = []
    for code, name in enumerate(market.occupation_ids):
        force = jobs_[code] + seekers[code]
        found.append(
            Occupation(
                name,
                code,
                float(jobs_[code] * scale),
                float(seekers[code] * scale),
                float(posts[code] * scale),
                float(posts[code] / seekers[code]) if seekers[code] else math.nan,
                float(seekers[code] / force) if force else math.nan,
                float(hired[:, code].sum() * scale),
                float(hired[-1, code] * scale),
                float(wages[code]),
            )
        )
    return found


def mean_wages(live: LiveMarket) -> NDArray[np.float64]:
    """Mean wage by occupation, CNY a month; NaN where nobody works."""
    market = live.market
    people, count = market.people, len(market.occupation_ids)
    used = slice(0, people.count)
    rows = np.flatnonzero(people.status[used] == Status.EMPLOYED)
    years = np.clip((market.month - people.birth[rows]) // 12, 0, len(market.exogenous.age_profiles) - 1)
    wages = people.pay[rows] * market.exogenous.age_profiles[years] * market.wage_level
    jobs_ = np.bincount(people.occupation[rows], minlength=count)
    sums = np.bincount(people.occupation[rows], weights=wages, minlength=count)
    means: NDArray[np.float64] = np.divide(sums, jobs_, out=np.full(count, np.nan), where=jobs_ > 0)
    return means


def nodes(live: LiveMarket, colouring: Colouring, say: LiveSpeech) -> list[dict[str, Any]]:
    """The circles: radius on each sheet, colour, and the numbers told on hover."""
    table = in_force().country.occupations
    shown = []
    for one in occupations_now(live):
        tightness = colouring == "tightness"
        usual = live.usual_tightness
        fill = tightness_colour(one.tightness, usual) if tightness else unemployment_colour(one.unemployment)
        title, other = (table.titles, table.titles_zh) if say.language == "en" else (table.titles_zh, table.titles)
        rows = facts(one, say)
        shown.append(
            {
                "id": one.name,
                "title": title[one.code],
                "other": other[one.code],
                "radius": {sheet.name: round(radius(sheet, one.employed / 1e6), 1) for sheet in SHEETS},
                "fill": fill,
                "facts": rows,
                "spoken": f"{title[one.code]}: " + "; ".join(f"{label} {value}" for label, value in rows[:5]),
            }
        )
    return shown


def facts(one: Occupation, say: LiveSpeech) -> list[tuple[str, str]]:
    """An occupation's numbers in words."""
    wage = say("{number} CNY a month", number=f"{one.wage:,.0f}") if math.isfinite(one.wage) else "–"
    return [
        (say("At work"), say.people(one.employed)),
        (say("Looking for work"), say.people(one.seekers)),
        (say("Open posts"), say.people(one.posts)),
        (say("Posts per seeker"), f"{one.tightness:.2f}" if math.isfinite(one.tightness) else "–"),
        (say("Unemployment"), percent(one.unemployment)),
        (say("Hired, 12 months"), say.people(one.hired)),
        (say("First jobs among them"), say.people(one.first_jobs)),
        (say("Wage"), wage),
    ]


def lines(live: LiveMarket, chosen: str | None = None) -> list[dict[str, Any]]:
    """The busiest moves between occupations in twelve months; all of the chosen one's that are worth a line."""
    record, names = live.record, live.market.occupation_ids
    year = record.moves_of_a_year[:-1].copy()
    np.fill_diagonal(year, 0)
    latest: Counts = record.moves[-1] if record.moves else np.zeros_like(record.moves_of_a_year)
    order = np.argsort(year, axis=None, kind="stable")[::-1]
    pairs = [(int(cell // len(names)), int(cell % len(names))) for cell in order[:MOST_MOVES] if year.flat[cell] > 0]
    if chosen in names:
        code = names.index(chosen)
        own = [(code, int(to)) for to in np.argsort(year[code])[::-1][:6] if year[code, to]]
        own += [(int(origin), code) for origin in np.argsort(year[:, code])[::-1][:6] if year[origin, code]]
        pairs += [pair for pair in own if pair not in pairs]
    most = max((int(year[pair]) for pair in pairs), default=1)
    return [
        {
            "id": f"{names[origin]}>{names[to]}",
            "paths": {sheet.name: path(sheet, names[origin], names[to]) for sheet in SHEETS},
            "width": round(0.8 + 3.6 * math.sqrt(int(year[origin, to]) / most), 2),
            "now": int(latest[origin, to]) > 0,
            "own": chosen in {names[origin], names[to]},
        }
        for origin, to in pairs
    ]


@cache
def path(sheet: Sheet, origin: str, to: str) -> str:
    """An SVG path from one circle's rim to the other's, bent to the right of who walks it."""
    (x1, y1), (x2, y2) = spots(sheet)[origin], spots(sheet)[to]
    length = math.hypot(x2 - x1, y2 - y1) or 1.0
    across, along = (x2 - x1) / length, (y2 - y1) / length
    bend = 0.14 * length
    middle = ((x1 + x2) / 2 - along * bend, (y1 + y2) / 2 + across * bend)
    first = _rim((x1, y1), middle, radius(sheet, millions()[origin]))
    last = _rim((x2, y2), middle, radius(sheet, millions()[to]) + 3)
    return f"M{first[0]:.1f} {first[1]:.1f}Q{middle[0]:.1f} {middle[1]:.1f} {last[0]:.1f} {last[1]:.1f}"


def _rim(centre: tuple[float, float], towards: tuple[float, float], distance: float) -> tuple[float, float]:
    """The point of a circle that faces another point."""
    dx, dy = towards[0] - centre[0], towards[1] - centre[1]
    length = math.hypot(dx, dy) or 1.0
    return centre[0] + dx / length * distance, centre[1] + dy / length * distance


def key(live: LiveMarket, colouring: Colouring, say: LiveSpeech) -> dict[str, Any]:
    """The colour scale: stops and what its ends mean."""
    places = [step / 8 for step in range(9)]
    if colouring == "tightness":
        usual = live.usual_tightness
        stops = [tightness_colour(usual * TIGHTNESS_SPAN ** (2 * place - 1), usual) for place in places]
        marks = [f"{usual * factor:g}" for factor in (1 / TIGHTNESS_SPAN, 1, TIGHTNESS_SPAN)]
        return {"stops": stops, "marks": marks, "title": say("posts per job seeker")}
    stops = [unemployment_colour(HIGH_UNEMPLOYMENT * place) for place in places]
    marks = [f"{100 * HIGH_UNEMPLOYMENT * place:g} %" for place in (0, 0.5, 1)]
    return {"stops": stops, "marks": marks, "title": say("unemployment")}
