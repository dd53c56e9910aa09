"""What somebody who watches a market keeps of its months: small tables, and the lives of a sample of its people.

Looking changes nothing. What is kept does not grow with the population, and months beyond `MONTHS_KEPT` are dropped.
"""

from __future__ import annotations

import copy
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from agents.columns import FIRST_FOREIGN_IDENTITY, NEVER, Flag, Status
from agents.person_class import GRADUATE_MONTHS

if TYPE_CHECKING:
    from model.market import Market

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]
#: Months of which anything is kept: the whole of the longest shipped scenario.
MONTHS_KEPT = 144
#: Moves between occupations are few in a month; lines show a year of them.
MONTHS_OF_MOVES = 12
#: Job seekers of one occupation are few in a month; colours show a quarter.
MONTHS_OF_SEEKING = 3
#: People whose lives are kept, whatever the population; and those that a visitor asked to follow.
SAMPLE, FOLLOWED = 5_000, 50

#: What people out of school do, in the order in which the picture stacks them.
STATES = ("employed", "gig", "searching", "exam", "out")
_STATE_OF = np.array([-1, -1, -1, 3, 4, 4, 4, 2, 0])  # by Status; students are left out
#: Whom the picture is about, by age in years; graduates took a degree at most two years ago and are under 35.
GROUPS = {"16_24": (16, 25), "25_34": (25, 35), "35_59": (35, 60), "graduates": (16, 35)}


class Life(NamedTuple):
    """What a month was like for those whose lives are kept, one row each."""

    identity: NDArray[np.uint32]
    status: NDArray[np.uint8]
    occupation: NDArray[np.uint8]
    employer: NDArray[np.int32]
    pay: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Month:
    """One month as it is kept. Counts are of simulated persons."""

    month: int
    rates: dict[str, float]  # the indicators that pictures draw
    people: Counts  # [group, state]
    lives: Life


@dataclass(frozen=True, slots=True)
class Before:
    """Who everybody was before a month: told apart from after it, that is who moved."""

    identity: NDArray[np.uint32]
    occupation: NDArray[np.uint8]
    experienced: NDArray[np.bool_]

    @classmethod
    def of(cls, market: Market) -> Self:
        """Everybody now."""
        people = market.people
        used = slice(0, people.count)
        experienced = (people.flags[used] & int(Flag.EXPERIENCED)) != 0
        return cls(people.identity[used].copy(), people.occupation[used].copy(), experienced)


#: Indicators that the pictures draw.
KEPT_RATES = ("unemployment_rate", "unemployment_rate_16_24", "vacancy_rate", "tightness", "k_visa_stock")


@dataclass
class Record:
    """What is kept of a market's months, newest last."""

    occupations: int
    sample_every: int  # every so many-th identity has its life kept
    months: deque[Month] = field(default_factory=lambda: deque(maxlen=MONTHS_KEPT))
    #: Hires by occupation [before, after]; the last row is of first jobs.
    moves: deque[Counts] = field(default_factory=lambda: deque(maxlen=MONTHS_OF_MOVES))
    #: Seekers, posts and jobs by occupation.
    seeking: deque[Floats] = field(default_factory=lambda: deque(maxlen=MONTHS_OF_SEEKING))
    followed: deque[int] = field(default_factory=lambda: deque(maxlen=FOLLOWED))

    @classmethod
    def of(cls, market: Market) -> Self:
        """An empty record of a market."""
        return cls(len(market.occupation_ids), max(1, market.scenario.population // SAMPLE))

    def copy(self) -> Self:
        """The same months, which are never written to, in lists of its own."""
        twin = copy.copy(self)
        for name in ("months", "moves", "seeking", "followed"):
            setattr(twin, name, copy.copy(getattr(self, name)))
        return twin

    def follow(self, identity: int) -> None:
        """Keep somebody's life from now on."""
        if not self.samples(np.array([identity], np.uint32))[0]:
            self.followed.append(identity)

    def samples(self, identity: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Whose lives are kept: a share of everybody, every K-visa holder, and those followed."""
        kept: NDArray[np.bool_] = (identity % self.sample_every == 0) | (identity >= FIRST_FOREIGN_IDENTITY)
        return kept | np.isin(identity, np.array(self.followed, np.uint32)) if self.followed else kept

    def add(self, market: Market, before: Before) -> None:
        """Keep the month that a market has just lived through."""
        self.moves.append(moves(market, before))
        self.seeking.append(seeking(market))
        latest = market.rows[-1] if market.rows else {}
        rates = {name: float(latest.get(name, np.nan)) for name in KEPT_RATES}
        self.months.append(Month(market.month, rates, people_by_state(market), self._lives(market)))

    def _lives(self, market: Market) -> Life:
        people = market.people
        alive = np.flatnonzero(people.status[: people.count] != Status.GONE)
        rows = alive[self.samples(people.identity[alive])]
        return Life(*(getattr(people, name)[rows] for name in Life._fields))

    @property
    def moves_of_a_year(self) -> Counts:
        """Hires of the last twelve months by occupation before and after; the last row is of first jobs."""
        return (
            np.sum(self.moves, axis=0) if self.moves else np.zeros((self.occupations + 1, self.occupations), np.int64)
        )

    @property
    def seeking_of_a_quarter(self) -> Floats:
        """Seekers, posts and jobs by occupation, means of three months."""
        return np.mean(self.seeking, axis=0) if self.seeking else np.zeros((3, self.occupations))


def moves(market: Market, before: Before) -> Counts:
    """Hires of the month by last occupation and new one; the last row is of those who never had a job. No gig work."""
    people, count = market.people, len(market.occupation_ids)
    used = slice(0, people.count)
    fresh = (people.status[used] == Status.EMPLOYED) & (people.since[used] == market.month)
    rows = np.flatnonzero(fresh & ((people.flags[used] & int(Flag.GIG)) == 0))
    source = np.full(len(rows), count)
    known = rows < len(before.identity)
    known[known] = before.identity[rows[known]] == people.identity[rows[known]]
    known[known] = before.experienced[rows[known]]
    source[known] = before.occupation[rows[known]]
    cells = source * count + people.occupation[rows]
    return np.bincount(cells, minlength=(count + 1) * count).reshape(count + 1, count)


def seeking(market: Market) -> Floats:
    """Job seekers by last occupation, posts and jobs by occupation: [seekers, posts, jobs].

    Posts are as the survey counts them: a post filled during the month was open for half of it.
    """
    people, posts, count = market.people, market.vacancies, len(market.occupation_ids)
    status, occupation = people.status[: people.count], people.occupation[: people.count]
    days = np.where(posts.firm[: posts.count] >= 0, 1.0, 0.5)
    return np.stack(
        [
            np.bincount(occupation[status == Status.UNEMPLOYED], minlength=count).astype(float),
            np.bincount(posts.occupation[: posts.count], weights=days, minlength=count),
            np.bincount(occupation[status == Status.EMPLOYED], minlength=count).astype(float),
        ]
    )


def people_by_state(market: Market) -> Counts:
    """People out of school by group and by what they do: [group, state]."""
    people = market.people
    used = slice(0, people.count)
    state = _STATE_OF[people.status[used]]
    state[(state == 0) & ((people.flags[used] & int(Flag.GIG)) != 0)] = STATES.index("gig")
    age = (market.month - people.birth[used]) // 12
    graduated = people.graduated[used].astype(np.int64)
    recent = (graduated != NEVER) & (market.month - graduated <= GRADUATE_MONTHS)
    table = np.zeros((len(GROUPS), len(STATES)), np.int64)
    for row, (name, (first, end)) in enumerate(GROUPS.items()):
        inside = (age >= first) & (age < end) & (state >= 0)
        if name == "graduates":
            inside &= recent
        table[row] = np.bincount(state[inside], minlength=len(STATES))
    return table
