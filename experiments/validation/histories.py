"""Person by person, month by month: how soon jobs end and how soon seekers find one.

The market is looked at between its months, never touched: a test holds it against the same run unobserved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agents.columns import Flag, Status
from experiments.validation.evidence import Experiment, Floats, Life, Lives, Plan, until
from model.schedule import month_index

if TYPE_CHECKING:
    from experiments.engine.ensemble import Record
    from model.market import Market

NAME = "histories"
#: The months looked at: after covid, and before scoring ends.
FIRST, LAST = "2022-07", "2025-06"
#: Jobs are followed for ten years, spells without work for two; what lasts longer is left out.
LONGEST_TENURE, LONGEST_SPELL = 120, 24
SHARE = 0.2


@dataclass(frozen=True)
class Hazards:
    """Who could leave a job, and did, by months of tenure; who could find one, and did, by months of the spell."""

    staying: Floats
    ended: Floats
    seeking: Floats
    found: Floats

    @property
    def separation(self) -> Floats:
        """Chance a month that a job ends, by months of tenure."""
        return share(self.ended, self.staying)

    @property
    def finding(self) -> Floats:
        """Chance a month that a seeker takes a post, by months of the spell."""
        return share(self.found, self.seeking)

    @property
    def ended_in_a_year(self) -> float:
        """Share of new jobs that end within twelve months (life table)."""
        return float(1 - np.prod(1 - self.separation[:12]))


def share(part: Floats, whole: Floats) -> Floats:
    """Part over whole, missing where there is nobody."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(part / whole)


@dataclass(frozen=True)
class Snapshot:
    """Who does what at the end of a month."""

    month: int
    identity: NDArray[np.uint32]
    status: NDArray[np.uint8]
    flags: NDArray[np.uint8]
    since: NDArray[np.int16]

    @classmethod
    def of(cls, market: Market) -> Snapshot:
        """A copy of the columns that matter."""
        people, rows = market.people, slice(0, market.people.count)
        return cls(
            market.month,
            people.identity[rows].copy(),
            people.status[rows].copy(),
            people.flags[rows].copy(),
            people.since[rows].copy(),
        )


def count_changes(before: Snapshot, after: Snapshot) -> Hazards:
    """What a month did to the jobs and spells of the month before; gig work is no job here.

    People who retired, left the cities or whose row is another's now are left out.
    """
    rows = slice(0, len(before.identity))
    status, since = after.status[rows], after.since[rows]
    here = (after.identity[rows] == before.identity) & ~np.isin(status, (Status.RETIRED, Status.GONE))
    lasted = before.month - before.since.astype(np.int64)
    in_job = here & (before.status == Status.EMPLOYED) & ((before.flags & Flag.GIG) == 0)
    seeking = here & (before.status == Status.UNEMPLOYED)
    still_there = (status == Status.EMPLOYED) & (since == before.since)
    hired = (status == Status.EMPLOYED) & ((after.flags[rows] & Flag.GIG) == 0)
    return Hazards(
        _by_length(lasted[in_job], LONGEST_TENURE),
        _by_length(lasted[in_job & ~still_there], LONGEST_TENURE),
        _by_length(lasted[seeking], LONGEST_SPELL),
        _by_length(lasted[seeking & hired], LONGEST_SPELL),
    )


def _by_length(months: NDArray[np.int64], longest: int) -> Floats:
    """How many have lasted each number of months, up to the longest looked at."""
    return np.bincount(months[(months >= 0) & (months <= longest)], minlength=longest + 1).astype(np.float64)


def _lives(plan: Plan) -> list[Life]:
    scenario = until(plan, LAST)
    return [Life(NAME, "", scenario, scenario.seed + k) for k in range(plan.replications(SHARE))]


def _live(life: Life) -> Record:
    from model.market import Market

    market = Market(life.scenario, life.seed)
    while market.month < month_index(FIRST) - 1:
        market.advance()
    total: dict[str, Floats] = {}
    while market.month < market.last_month:
        before = Snapshot.of(market)
        market.advance()
        for name, counted in vars(count_changes(before, Snapshot.of(market))).items():
            total[name] = total.get(name, 0.0) + counted
    return total


def _gather(lives: Lives) -> Hazards:
    names = ("staying", "ended", "seeking", "found")
    return Hazards(*(np.sum([record[name] for _, record in lives], axis=0) for name in names))


HISTORIES = Experiment(NAME, "jobs and spells of every person, month by month", _lives, _live, _gather)
