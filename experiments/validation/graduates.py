"""A class that graduates into a slump: what it is paid first, and how long it shows.

Each replication is lived twice in step, without and with the slump, and the same persons are compared.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agents.columns import Flag, Status
from experiments.validation.demand_path import move_demand, slump
from experiments.validation.evidence import Experiment, Floats, Life, Lives, Plan, mean_interval, until
from model.schedule import month_index, month_label

if TYPE_CHECKING:
    from experiments.engine.ensemble import Record
    from model.market import Market

NAME = "graduates"
#: The class of 2019, and a slump that is deepest when it looks for work.
CLASS_FIRST, CLASS_LAST = month_index("2019-06"), month_index("2019-09")
SLUMP_DEPTH, SLUMP_FIRST, SLUMP_LAST = 0.06, month_index("2018-07"), month_index("2021-01")
#: Months in which a first job counts as such, and months that are followed after the class has graduated.
FIRST_JOB_MONTHS, FOLLOWED = 24, 72
#: The year in which the slump is measured by the youth unemployment it makes.
MEASURED_FROM = month_index("2019-07")
#: Effects are told per so many points of youth unemployment: a recession that people would call one.
DECLARED_SLUMP = 5.0
SHARE = 0.4


@dataclass(frozen=True)
class Scar:
    """The class with the slump against the same class without, one row per replication.

    `first_pay` and `pay` [replication, months since graduation] are mean log differences of the pay of those with a
    job in both; `earnings` is the log difference of what the class earned in its first year, months without work
    included; `youth` [replication, month] is what the slump adds to youth unemployment, in points.
    """

    first_pay: Floats
    pay: Floats
    earnings: Floats
    youth: Floats

    @property
    def slack(self) -> float:
        """Points that the slump adds to youth unemployment in the year after graduation."""
        return float(self.youth.mean(axis=0)[MEASURED_FROM : MEASURED_FROM + 12].mean())

    @property
    def scale(self) -> float:
        """Brings effects to the declared size of a slump."""
        return DECLARED_SLUMP / self.slack

    def first_pay_loss(self) -> tuple[float, float]:
        """Change of first pay per declared slump in percent, and half of its 95 % interval."""
        mean, half = mean_interval(self.first_pay)
        return 100 * self.scale * mean, 100 * abs(self.scale) * half

    def pay_in_year(self, year: int) -> tuple[float, float]:
        """The same for pay in a year (from 1) after graduation."""
        mean, half = mean_interval(self.pay[:, 12 * (year - 1) : 12 * year].mean(axis=1))
        return 100 * self.scale * mean, 100 * abs(self.scale) * half


@dataclass
class ClassBook:
    """What is remembered of one market's class: the first job of each person, and all their earnings so far."""

    first_pay: dict[int, float] = field(default_factory=dict)
    earnings: float = 0.0

    def look(self, market: Market) -> tuple[NDArray[np.int64], Floats]:
        """Identities of those of the class who have a job, sorted, and their pay; gig work is no job here."""
        people, rows = market.people, slice(0, market.people.count)
        graduated, identity = people.graduated[rows], people.identity[rows]
        member = (graduated >= CLASS_FIRST) & (graduated <= CLASS_LAST)
        works = (people.status[rows] == Status.EMPLOYED) & ((people.flags[rows] & Flag.GIG) == 0)
        found = np.flatnonzero(member & works)
        found = found[np.argsort(identity[found])]
        who, pay = identity[found].astype(np.int64), people.pay[found].astype(np.float64)
        if market.month < CLASS_LAST + FIRST_JOB_MONTHS:
            for person, wage in zip(who.tolist(), pay.tolist(), strict=True):
                self.first_pay.setdefault(person, wage)
        if market.month <= CLASS_LAST + 12:
            self.earnings += float(pay.sum())
        return who, pay


def _lives(plan: Plan) -> list[Life]:
    scenario = until(plan, month_label(CLASS_LAST + FOLLOWED))
    return [Life(NAME, "", scenario, scenario.seed + k) for k in range(plan.replications(SHARE))]


def _live(life: Life) -> Record:
    from model.market import Market

    still = Market(life.scenario, life.seed)
    moved = still.fork()
    move_demand(moved, slump(SLUMP_DEPTH, SLUMP_FIRST, SLUMP_LAST))
    calm, hit = ClassBook(), ClassBook()
    pay = np.full(FOLLOWED, np.nan)
    while still.month < still.last_month:
        still.advance()
        moved.advance()
        if still.month < CLASS_FIRST:
            continue
        months = still.month - CLASS_LAST - 1
        difference = _pay_difference(calm.look(still), hit.look(moved))
        if months >= 0:
            pay[months] = difference
    both = sorted(calm.first_pay.keys() & hit.first_pay.keys())
    first = np.mean(np.log([hit.first_pay[who] / calm.first_pay[who] for who in both])) if both else np.nan
    youth = [100 * market.table()["unemployment_rate_16_24"] for market in (still, moved)]
    return {
        "first_pay": np.array([first]),
        "pay": pay,
        "earnings": np.array([np.log(hit.earnings / calm.earnings)]),
        "youth": youth[1] - youth[0],
    }


def _pay_difference(calm: tuple[NDArray[np.int64], Floats], hit: tuple[NDArray[np.int64], Floats]) -> float:
    """Mean log difference of the pay of those who have a job in both markets."""
    _, left, right = np.intersect1d(calm[0], hit[0], assume_unique=True, return_indices=True)
    return float(np.mean(np.log(hit[1][right] / calm[1][left]))) if len(left) else np.nan


def _gather(lives: Lives) -> Scar:
    def rows(name: str) -> Floats:
        return np.array([record[name] for _, record in lives], np.float64)

    return Scar(rows("first_pay")[:, 0], rows("pay"), rows("earnings")[:, 0], rows("youth"))


GRADUATES = Experiment(NAME, "a class that graduates into a slump", _lives, _live, _gather)
