"""The survey by group, when it is asked for: who works, searches, finds and loses jobs, and for what pay.

Groups of a dimension add up to the whole. Stocks and pay are counted in one sweep at the end of the month; events, a
few per cent of the people, are noted as they happen, with what people and firms were then.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numba import int16, njit, uint16, uint32
from numpy.typing import NDArray

from agents.columns import FEMALE, Education, Flag, Hukou, PeopleArrays, Status
from agents.person_class import CLASS_NAMES, person_class
from model.mechanisms.survey.ages import years_of_age
from model.mechanisms.survey.pay_bins import (
    BINS,
    BINS_PER_DOUBLING,
    add_bins,
    bin_of_bits,
    leading_bits,
    living_wage,
    median_of,
    paid_below,
)
from model.pieces import BLOCK, added, rows_where

if TYPE_CHECKING:
    from collections.abc import Sequence

    from model.market import Market

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Months = NDArray[np.int16]
Places = NDArray[np.uint16]
Counts = NDArray[np.uint32]
#: Youngest age of each age group, in years.
AGES: Final = {"16_24": 16, "25_29": 25, "30_34": 30, "35_44": 35, "45_59": 45, "60_on": 60}
#: What is kept of each group; rates are derived from these.
MEASURES: Final = (
    "people",
    "unemployed",
    "students",
    "employed",
    "gig",
    "hires",
    "separations",
    "layoffs",
    "median",
    "low_paid",
)
#: Bins of pay: a quarter as many per doubling as the whole market's. After them those without pay: who does not
#: search, the unemployed, students who search; rows that nobody lives in; gig workers, counted a second time.
_PER_DOUBLING, _BINS = BINS_PER_DOUBLING // 4, BINS // 4
_RESTING, _JOBLESS, _STUDENTS, _NOBODY, _GIGS, _WIDTH = range(_BINS, _BINS + 6)
#: Ages at which the age groups after the first begin.
_BEGINS = tuple(AGES.values())[1:]
_AGES, _LEVELS, _KINDS, _CIVIL = len(AGES), len(Education), len(CLASS_NAMES), 2 * FEMALE
_STUDENT, _UNEMPLOYED, _EMPLOYED, _GONE = (
    int(Status.STUDENT),
    int(Status.UNEMPLOYED),
    int(Status.EMPLOYED),
    int(Status.GONE),
)
_GIG, _SEARCHING = int(Flag.GIG), int(Flag.SEARCHING_STUDENT)


class Event(IntEnum):
    """What may happen to somebody's job in a month."""

    HIRE = 0
    SEPARATION = 1
    LAYOFF = 2  # a separation too


class GroupCounts(NamedTuple):
    """What is counted by group, in simulated persons, by bins of pay and of those without any."""

    of_life: Counts  # [age, class and education, pay]
    of_place: Counts  # [gender, hukou and sector, pay]; the last sector is of those without work
    of_work: Counts  # [occupation, pay]


def dimensions(sectors: Sequence[str], occupations: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The groups of each dimension, in the order of the table."""
    return {
        "age": tuple(AGES),
        "education": tuple(level.name.lower() for level in Education),
        "gender": ("male", "female"),
        "hukou": tuple(each.name.lower() for each in Hukou),
        "sector": tuple(sectors),
        "occupation": tuple(occupations),
        "kind": CLASS_NAMES,
    }


class GroupBook:
    """What a market keeps of its groups, month by month: [group, measure] in simulated persons and CNY."""

    def __init__(self, market: Market) -> None:
        self.sizes = np.array([len(each) for each in dimensions(market.sector_ids, market.occupation_ids).values()])
        self.first = np.append(0, np.cumsum(self.sizes))
        # By the row of a firm plus one; the first is of those without work.
        self.sector = np.append(len(market.sector_ids), market.firms.sector).astype(np.uint16)
        self.living_wage = living_wage(market)
        self.months: list[Floats] = []
        self.events = np.zeros((len(Event), self.first[-1]), np.int64)

    def note(self, market: Market, event: Event, rows: Rows, employer: NDArray[Any]) -> None:
        """Note what happens to people in some rows, and with which employer."""
        note_event(market.people.arrays(), rows, employer, market.month, self.sector, self.first, self.events[event])

    def count(self, p: PeopleArrays, count: int, month: int, profile: Floats) -> GroupCounts:
        """Ask a piece of the people."""
        life, place = _AGES * _KINDS * _LEVELS, _CIVIL * (int(self.sizes[4]) + 1)
        counts = GroupCounts(*(np.zeros((cells, _WIDTH), np.uint32) for cells in (life, place, int(self.sizes[5]))))
        count_groups(p, count, month, profile, self.sector, GroupCounts(*(table.ravel() for table in counts)))
        return counts

    def close_month(self, counted: Sequence[GroupCounts], wage_level: float) -> None:
        """Keep what the survey counted, in pieces, and the month's events; nothing of months that are not recorded."""
        if counted:
            month = np.zeros((self.first[-1], len(MEASURES)))
            add_up(GroupCounts(*added(counted)), self.first, month, self.living_wage)
            month[:, 5:8] = self.events.T
            month[:, 8] *= wage_level
            self.months.append(month)
        self.events[:] = 0

    def table(self) -> Floats:
        """Everything kept so far: [month, group, measure]."""
        return np.array(self.months).reshape(-1, self.first[-1], len(MEASURES))

    def __deepcopy__(self, _: object) -> GroupBook:
        """A book to go on with: months that are over are shared, for nobody changes them."""
        twin = object.__new__(GroupBook)
        vars(twin).update(vars(self) | {"months": list(self.months), "events": self.events.copy()})
        return twin


@njit(cache=True, nogil=True)
def age_group(years: int) -> int:
    """Which of the age groups somebody of so many years belongs to."""
    group = 0
    for begins in _BEGINS:
        group += years >= begins
    return group


@njit(cache=True, nogil=True)
def note_event(
    p: PeopleArrays, rows: Rows, employer: NDArray[np.int32], month: int, sector_of: Places, first: Rows, to: Rows
) -> None:
    """Count who is in some rows by group, with the sector of the employer meant."""
    for k in range(len(rows)):
        i = rows[k]
        age = month - p.birth[i]
        to[first[0] + age_group(age // 12)] += 1
        to[first[1] + p.education[i]] += 1
        to[first[2] + p.civil[i] // FEMALE] += 1
        to[first[3] + p.civil[i] % FEMALE] += 1
        to[first[4] + sector_of[employer[k] + 1]] += 1
        to[first[5] + p.occupation[i]] += 1
        to[first[6] + person_class(p.flags[i], p.education[i], month - p.graduated[i], age)] += 1


@njit(cache=True, nogil=True)
def count_groups(p: PeopleArrays, count: int, month: int, profile: Floats, sector_of: Places, to: GroupCounts) -> None:
    """Count everyone's pay three times: by age, class and education; by gender, hukou and sector; by occupation.

    A block stays in the cache while one thing after the other is found out, of many persons at once.
    """
    lives, firms = np.empty(BLOCK, np.uint16), np.empty(BLOCK, np.uint32)
    bins, rows, sectors = np.empty(BLOCK, np.uint16), np.empty(BLOCK, np.int32), uint16(sector_of[0] + 1)
    for start in range(0, count, BLOCK):
        end = min(start + BLOCK, count)
        status, flags = p.status[start:end], p.flags[start:end]
        civil, work = p.civil[start:end], p.occupation[start:end]
        years = years_of_age(p.birth[start:end], month)
        _find_lives(flags, p.education[start:end], p.graduated[start:end], p.birth[start:end], years, month, lives)
        _find_firms(status, p.employer[start:end], firms)
        gigs = _find_bins(status, flags, p.pay[start:end], profile, years, bins)
        for k in range(end - start):
            _count_in(to, lives[k], civil[k] * sectors + sector_of[firms[k]], work[k], bins[k])
        for k in rows[: rows_where(gigs, 0, rows)]:
            _count_in(to, lives[k], civil[k] * sectors + sector_of[firms[k]], work[k], uint16(_GIGS))


@njit(cache=True, nogil=True)
def _count_in(to: GroupCounts, life: np.uint16, place: int, work: np.uint8, bin_: np.uint16) -> None:
    """Count one person in the same bin of three cells; the tables lie flat, which is quicker."""
    to.of_life[uint32(life) * uint32(_WIDTH) + bin_] += uint32(1)
    to.of_place[uint32(place) * uint32(_WIDTH) + bin_] += uint32(1)
    to.of_work[uint32(work) * uint32(_WIDTH) + bin_] += uint32(1)


@njit(cache=True, nogil=True)
def _find_lives(
    flags: Bytes, level: Bytes, graduated: Months, birth: Months, years: Places, month: int, lives: Places
) -> None:
    """The cell of each person by age, class and education."""
    for k in range(len(flags)):
        kind = uint16(person_class(flags[k], level[k], int16(month - graduated[k]), int16(month - birth[k])))
        lives[k] = (uint16(age_group(years[k])) * uint16(_KINDS) + kind) * uint16(_LEVELS) + level[k]


@njit(cache=True, nogil=True)
def _find_firms(status: Bytes, employer: NDArray[np.int32], firms: Counts) -> None:
    """The row of the firm where each person works plus one, 0 of those without work."""
    for k in range(len(status)):
        firms[k] = uint32(employer[k] + 1) if status[k] == _EMPLOYED else uint32(0)


@njit(cache=True, nogil=True)
def _find_bins(
    status: Bytes, flags: Bytes, pay: NDArray[np.float32], profile: Floats, years: Places, bins: Places
) -> NDArray[np.bool_]:
    """The bin of each person's pay, or what they do without any; returned is who does gig work."""
    gigs = np.empty(len(status), np.bool_)
    for k in range(len(status)):
        bins[k] = leading_bits(pay[k] * profile[years[k]])
    for k in range(len(status)):
        without = uint16(_JOBLESS if status[k] == _UNEMPLOYED else (_NOBODY if status[k] == _GONE else _RESTING))
        without = uint16(_STUDENTS) if (status[k] == _STUDENT) & (flags[k] & _SEARCHING != 0) else without
        bins[k] = bin_of_bits(bins[k]) >> uint16(2) if status[k] == _EMPLOYED else without
        gigs[k] = (status[k] == _EMPLOYED) & (flags[k] & _GIG != 0)
    return gigs


@njit(cache=True, nogil=True)
def add_up(counts: GroupCounts, first: Rows, month: Floats, living: float) -> None:
    """Make of the counts of a month what each group has; of a sector, of those who work in it."""
    of_life, of_place, of_work = counts
    pay = np.zeros((len(month), _WIDTH), np.uint32)
    for cell in range(len(of_life)):
        for group in (
            first[0] + cell // (_KINDS * _LEVELS),
            first[1] + cell % _LEVELS,
            first[6] + cell // _LEVELS % _KINDS,
        ):
            add_bins(pay[group], of_life[cell])
    sectors = len(of_place) // _CIVIL
    for cell in range(len(of_place)):
        civil, sector = cell // sectors, cell % sectors
        add_bins(pay[first[2] + civil // FEMALE], of_place[cell])
        add_bins(pay[first[3] + civil % FEMALE], of_place[cell])
        if sector < sectors - 1:
            add_bins(pay[first[4] + sector], of_place[cell])
    for occupation in range(len(of_work)):
        add_bins(pay[first[5] + occupation], of_work[occupation])
    for group in range(len(month)):
        employed = pay[group, :_BINS].sum()
        month[group, 0] = employed + pay[group, _BINS:_NOBODY].sum()
        month[group, 1], month[group, 2] = pay[group, _JOBLESS], pay[group, _STUDENTS]
        month[group, 3], month[group, 4] = employed, pay[group, _GIGS]
        month[group, 8] = median_of(pay[group, :_BINS], _PER_DOUBLING)
        month[group, 9] = paid_below(pay[group, :_BINS], living, _PER_DOUBLING)
