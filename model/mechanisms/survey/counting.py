"""The survey of the month: what is counted, what later months remember of it, what is recorded.

Like the statistics bureau's survey it asks who is without work, searching and able to start. Looking changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit, uint32
from numpy.typing import NDArray

from agents.columns import FEMALE, Flag, Hukou, PeopleArrays, Status
from agents.decisions import age_profile
from model.handover import Stocks
from model.mechanisms.demand import DEMAND
from model.mechanisms.matching import MATCHING
from model.mechanisms.survey import SURVEY
from model.mechanisms.survey.by_group import GroupCounts, added
from model.mechanisms.survey.memory import memory_step
from model.mechanisms.survey.pay_bins import BINS, wage_bin
from model.pieces import people_in

if TYPE_CHECKING:
    from model.market import Market

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
#: Groups the survey tells of by name.
SURVEY_GROUPS = ("16_24", "25_29", "30_59", "over_35", "graduates", "k_visa", "all")
#: The years of age of those that ages make; ages are counted by the year, the last year stands for all beyond.
OLDEST = 99
_AGES = {"16_24": (0, 25), "25_29": (25, 30), "30_59": (30, 60), "over_35": (35, 100), "all": (0, 100)}
_BELONGS = np.array([[first <= age < end for first, end in _AGES.values()] for age in range(OLDEST + 1)], np.int64)
#: Who took a degree at most so many months ago and is younger than so many years is a recent graduate.
GRADUATE_MONTHS, GRADUATE_AGE = 24, 35

#: Groups by gender and by where people are registered, as columns of `Counts.civil`.
_LOCAL, _URBAN, _VILLAGER = ((int(each), int(each) + FEMALE) for each in list(Hukou)[:3])
_REGISTERED = {
    "men": tuple(range(FEMALE)),
    "women": tuple(range(FEMALE, 2 * FEMALE)),
    "local_hukou": _LOCAL,
    "migrant_hukou": (*_URBAN, *_VILLAGER),
    "migrant_agricultural_hukou": _VILLAGER,
}
_COUNTS_FOR = np.array([[each in among for among in _REGISTERED.values()] for each in range(2 * FEMALE)], np.int64)

_STUDENT, _UNEMPLOYED, _EMPLOYED = int(Status.STUDENT), int(Status.UNEMPLOYED), int(Status.EMPLOYED)
_FOREIGN, _GIG, _SEARCHING = int(Flag.FOREIGN), int(Flag.GIG), int(Flag.SEARCHING_STUDENT)


class Counts(NamedTuple):
    """What the survey counts, in simulated persons."""

    people: Rows  # [status, years of age]
    graduates: Rows  # recent ones under 35 without a job, at work
    visitors: Rows  # K-visa holders without a job, at work
    others: Rows  # unemployed for a year, gig workers, searching students
    civil: Rows  # [status, gender and hukou]; the last row is of students who search
    by_occupation: Rows  # unemployed by last occupation
    wages: Rows  # pay of the employed by bin; the last bin is of those who earn nothing
    starting: Rows  # the same of recent graduates in their first year in a job

    @classmethod
    def nothing(cls, occupations: int) -> Counts:
        """Before anybody is asked."""
        sizes = (len(Status), OLDEST + 1), 2, 2, 3, (len(Status) + 1, 2 * FEMALE), occupations, BINS + 1, BINS
        return cls(*(np.zeros(size, np.int64) for size in sizes))


def take_survey(market: Market) -> None:
    """Ask everybody: the month's survey, as it is published."""
    people = market.people.arrays()

    book = market.by_group if market.records else None

    def count(piece: slice) -> tuple[Counts, GroupCounts | None]:
        counts, profile = Counts.nothing(len(market.occupation_ids)), market.exogenous.age_profiles
        whom = people_in(people, piece), piece.stop - piece.start, market.month, profile
        survey(*whom, counts)
        return counts, None if book is None else book.count(*whom)

    counted = market.crew.sweep(market.people.count, count)
    total = Counts(*added([counts for counts, _ in counted]))
    market.counts, market.stocks = total, _stocks(total)
    if market.by_group is not None:
        market.by_group.close_month([groups for _, groups in counted if groups is not None], market.wage_level)


def record(market: Market) -> None:
    """Read every indicator and keep them, from 2018-01 on."""
    if market.month >= 0:
        market.record({name: read(market) for name, read in market.indicators})


def _stocks(counts: Counts) -> Stocks:
    """The survey's counts by the names under which the market keeps them."""
    long_term, gig, students = counts.others.tolist()
    without, at_work = (counts.people[_UNEMPLOYED:] @ _BELONGS).tolist()
    groups = dict(zip(_AGES, zip(without, at_work, strict=True), strict=True))
    groups |= {"graduates": tuple(counts.graduates.tolist()), "k_visa": tuple(counts.visitors.tolist())}
    unemployed, employed = groups["all"]
    by_age_and_training = {name: (sum(groups[name]), groups[name][0]) for name in SURVEY_GROUPS}
    return Stocks(
        labour_force=unemployed + employed,
        employed=employed,
        unemployed=unemployed,
        by_group=by_age_and_training | registered(counts.civil),
        inactive=int(counts.people[_STUDENT:_UNEMPLOYED].sum()) - students,
        long_term=long_term,
        gig=gig,
        foreign=sum(groups["k_visa"]),
        foreign_employed=groups["k_visa"][1],
        searching_students=students,
    )


def registered(civil: Rows) -> dict[str, tuple[int, int]]:
    """Labour force and unemployed by gender and registration; as in the total, students who search are among them."""
    counted = (civil[_UNEMPLOYED:] @ _COUNTS_FOR).tolist()
    return {
        name: (without + at_work + students, without + students)
        for name, without, at_work, students in zip(_REGISTERED, *counted, strict=True)
    }


def remember(market: Market) -> None:
    """Keep what later months look back on."""
    stocks, groups, month = market.stocks, market.groups, market.month
    past, tightness, demand = SURVEY.of(market), MATCHING.of(market), DEMAND.of(market)
    past.by_occupation = market.counts.by_occupation
    past.remember(month, stocks.unemployed / max(1, stocks.labour_force))
    youths, without = stocks.by_group["16_24"]
    past.youth_rate = without / max(1, youths)
    step = memory_step(month)
    tightness.mean += step * (float(groups.vacancies.sum()) / max(1, stocks.unemployed) - tightness.mean)
    gap = (groups.employed.sum() + groups.vacancies.sum() - groups.target.sum()) / max(1, groups.employed.sum())
    demand.gap += step * (float(gap) - demand.gap)
    if month < 0:
        tightness.usual, demand.gap_base = tightness.mean, demand.gap
        past.usual_rate = past.year_of_unemployment()
        demand.labour_force_base = demand.labour_force


@njit(cache=True, nogil=True)
def survey(p: PeopleArrays, count: int, month: int, profile: Floats, to: Counts) -> None:
    """Count everyone once: all by status and age, then the few of whom more is asked."""
    people, graduates, visitors, others, civil, by_occupation, wages, starting = to
    for i in range(count):
        others[1] += (p.status[i] == _EMPLOYED) & ((p.flags[i] & _GIG) != 0)
    for i in range(count):
        status = uint32(p.status[i])
        years = min(uint32(month - p.birth[i]) // uint32(12), uint32(OLDEST))
        people[status, years] += 1
        civil[status, uint32(p.civil[i])] += 1
        bin_ = uint32(wage_bin(p.pay[i] * profile[years]))
        wages[bin_ if status == _EMPLOYED else BINS] += 1
        graduate = month - p.graduated[i] <= GRADUATE_MONTHS
        if not (status == _UNEMPLOYED) | graduate | ((p.flags[i] & (_FOREIGN | _SEARCHING)) != 0):
            continue
        if status == _STUDENT:
            others[2] += (p.flags[i] & _SEARCHING) != 0
            civil[_EMPLOYED + 1, p.civil[i]] += (p.flags[i] & _SEARCHING) != 0
        if status < _UNEMPLOYED:
            continue
        at_work = 1 if status == _EMPLOYED else 0
        if graduate and years < GRADUATE_AGE:
            graduates[at_work] += 1
            if at_work and month - p.since[i] < 12:
                starting[bin_] += 1
        if p.flags[i] & _FOREIGN:
            visitors[at_work] += 1
        if not at_work:
            by_occupation[p.occupation[i]] += 1
            others[0] += month - p.since[i] >= 12


def age_profiles() -> Floats:
    """The pay profile by whole years of age, 0 to 99."""
    return np.array([age_profile(float(age)) for age in range(100)])


def ratio(part: float, whole: float) -> float:
    """A share, NaN when there is nothing to share."""
    return part / whole if whole else float("nan")
