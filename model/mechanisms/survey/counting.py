"""The survey of the month: what is counted, what later months remember of it, what is recorded.

Like the statistics bureau's survey it asks who is without work, searching and able to start. Looking changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import int16, njit, uint16, uint32
from numpy.typing import NDArray

from agents.columns import FEMALE, Flag, Hukou, PeopleArrays, Status
from model.handover import Stocks
from model.mechanisms.demand import DEMAND
from model.mechanisms.matching import MATCHING
from model.mechanisms.survey import SURVEY
from model.mechanisms.survey.ages import OLDEST, years_of_age
from model.mechanisms.survey.by_group import GroupCounts
from model.mechanisms.survey.memory import memory_step
from model.mechanisms.survey.pay_bins import BINS, add_bins, bin_of_bits, leading_bits
from model.pieces import BLOCK, added, people_in, rows_where

if TYPE_CHECKING:
    from model.market import Market

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Months = NDArray[np.int16]
Places = NDArray[np.uint16]
#: The years of age of those that ages make.
_AGES = {"16_24": (0, 25), "25_29": (25, 30), "30_59": (30, 60), "over_35": (35, 100), "all": (0, 100)}
#: Groups the survey tells of by name.
SURVEY_GROUPS = (*_AGES, "graduates", "k_visa")
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
_GIG, _SEARCHING, _FROM_ABROAD = int(Flag.GIG), int(Flag.SEARCHING_STUDENT), int(Hukou.FOREIGN)
#: Kinds of people in the survey's table: each status, and, apart from the others of theirs, those in `Counts.others`.
_LONG_TERM, _GIG_WORKER, _SEARCHER, _KINDS = range(len(Status), len(Status) + 4)
_STATUS_OF = _UNEMPLOYED, _EMPLOYED, _STUDENT
_CIVIL, _YEARS = 2 * FEMALE, OLDEST + 1
#: Bins of pay over which those without any are spread.
_SPREAD = 256


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
        sizes = (len(Status), OLDEST + 1), 2, 2, 3, (len(Status) + 1, _CIVIL), occupations, BINS + 1, BINS
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
    found = [*zip(without, at_work, strict=True), counts.graduates.tolist(), counts.visitors.tolist()]
    groups = dict(zip(SURVEY_GROUPS, found, strict=True))
    unemployed, employed = groups["all"]
    by_group = {name: (searching + working, searching) for name, (searching, working) in groups.items()}
    return Stocks(
        labour_force=unemployed + employed,
        employed=employed,
        unemployed=unemployed,
        by_group=by_group | registered(counts.civil),
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
    jobs, posts = sum(groups.employed.tolist()), sum(groups.vacancies.tolist())
    tightness.mean += step * (posts / max(1, stocks.unemployed) - tightness.mean)
    demand.gap += step * ((jobs + posts - float(groups.target.sum())) / max(1, jobs) - demand.gap)
    if month < 0:
        tightness.usual, demand.gap_base = tightness.mean, demand.gap
        past.usual_rate = past.year
        demand.labour_force_base = demand.labour_force


@njit(cache=True, nogil=True)
def survey(p: PeopleArrays, count: int, month: int, profile: Floats, to: Counts) -> None:
    """Count everyone once, in a table of kinds, gender, hukou and age and by pay; then the few of whom more is asked.

    A block stays in the cache while one thing after the other is found out, of many persons at once. Who earns nothing
    is spread over many bins, for two counts of the same cell wait for each other.
    """
    table, pay = np.zeros(_KINDS * _CIVIL * _YEARS, np.uint32), np.zeros(BINS + _SPREAD, np.uint32)
    cells, bins, rows = np.empty(BLOCK, np.uint16), np.empty(BLOCK, np.uint16), np.empty(BLOCK, np.int32)
    for start in range(0, count, BLOCK):
        end = min(start + BLOCK, count)
        status, since = p.status[start:end], p.since[start:end]
        years = years_of_age(p.birth[start:end], month)
        _find_cells(status, p.flags[start:end], since, p.civil[start:end], years, month, cells)
        _find_bins(status, p.pay[start:end], profile, years, bins)
        asked = _ask_graduates(status, since, p.graduated[start:end], years, month, to.graduates)
        _count(cells[: end - start], bins, table, pay)
        for k in rows[: rows_where(asked, 0, rows)]:
            if status[k] == _EMPLOYED:
                to.starting[bins[k]] += 1
            else:
                to.by_occupation[p.occupation[start + k]] += 1
    _add_up(table.reshape(_KINDS, _CIVIL, _YEARS), to)
    add_bins(to.wages[:BINS], pay)
    for bin_ in range(BINS, len(pay)):
        to.wages[BINS] += pay[bin_]


@njit(cache=True, nogil=True)
def _find_cells(
    status: Bytes, flags: Bytes, since: Months, civil: Bytes, years: Places, month: int, cells: Places
) -> None:
    """The cell of each person in the survey's table."""
    year_ago = int16(month - 12)
    for k in range(len(status)):
        kind = uint16(status[k])
        if (kind == _UNEMPLOYED) & (since[k] <= year_ago):
            kind = uint16(_LONG_TERM)
        if (kind == _EMPLOYED) & (flags[k] & _GIG != 0):
            kind = uint16(_GIG_WORKER)
        if (kind == _STUDENT) & (flags[k] & _SEARCHING != 0):
            kind = uint16(_SEARCHER)
        cells[k] = (kind * uint16(_CIVIL) + civil[k]) * uint16(_YEARS) + years[k]


@njit(cache=True, nogil=True)
def _find_bins(status: Bytes, pay: NDArray[np.float32], profile: Floats, years: Places, bins: Places) -> None:
    """The bin of each person's pay, or one of those behind them."""
    for k in range(len(status)):
        bins[k] = leading_bits(pay[k] * profile[years[k]])
    for k in range(len(status)):
        bins[k] = bin_of_bits(bins[k]) if status[k] == _EMPLOYED else uint16(BINS + (k & (_SPREAD - 1)))


@njit(cache=True, nogil=True)
def _count(cells: Places, bins: Places, table: NDArray[np.uint32], pay: NDArray[np.uint32]) -> None:
    """Count each person in both tables."""
    for k in range(len(cells)):
        table[cells[k]] += uint32(1)
        pay[bins[k]] += uint32(1)


@njit(cache=True, nogil=True)
def _ask_graduates(
    status: Bytes, since: Months, graduated: Months, years: Places, month: int, graduates: Rows
) -> NDArray[np.bool_]:
    """Count recent graduates; say who of them is in the first year of a job, and who is without one at all."""
    asked, recently, year_ago = np.empty(len(status), np.bool_), int16(month - GRADUATE_MONTHS), int16(month - 12)
    without, at_work = uint16(0), uint16(0)
    for k in range(len(status)):
        graduate = (graduated[k] >= recently) & (years[k] < uint16(GRADUATE_AGE))
        works, searches = status[k] == _EMPLOYED, status[k] == _UNEMPLOYED
        without = uint16(without + uint16(graduate & searches))
        at_work = uint16(at_work + uint16(graduate & works))
        asked[k] = searches | (graduate & works & (since[k] > year_ago))
    graduates[0] += without
    graduates[1] += at_work
    return asked


@njit(cache=True, nogil=True)
def _add_up(table: NDArray[np.uint32], to: Counts) -> None:
    """Add the margins of the survey's table to what the survey tells."""
    kinds, civils, ages = table.shape
    for kind in range(kinds):
        status = kind if kind < _LONG_TERM else _STATUS_OF[kind - _LONG_TERM]
        for civil in range(civils):
            number = 0
            for years in range(ages):
                number += table[kind, civil, years]
                to.people[status, years] += table[kind, civil, years]
            to.civil[status, civil] += number
            if kind >= _LONG_TERM:
                to.others[kind - _LONG_TERM] += number
            if kind == _SEARCHER:
                to.civil[_EMPLOYED + 1, civil] += number
            if status >= _UNEMPLOYED and civil % FEMALE == _FROM_ABROAD:
                to.visitors[status - _UNEMPLOYED] += number


def ratio(part: float, whole: float) -> float:
    """A share, NaN when there is nothing to share."""
    return part / whole if whole else float("nan")
