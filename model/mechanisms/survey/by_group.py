"""The survey by group, when it is asked for: who works, searches, finds and loses jobs, and for what pay.

Groups of a dimension add up to the whole. Stocks and pay are counted in one sweep at the end of the month; events, a
few per cent of the people, are noted as they happen, with what people and firms were then.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numba import njit, uint32
from numpy.typing import NDArray

from agents.columns import FEMALE, Education, Flag, Hukou, PeopleArrays, Status
from agents.person_class import CLASS_NAMES, person_class
from model.mechanisms.survey.ages import OLDEST
from model.mechanisms.survey.pay_bins import BINS, BINS_PER_DOUBLING, living_wage, median_of, paid_below, wage_bin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from model.market import Market

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Bytes = NDArray[np.uint8]
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
#: search, the unemployed, students who search. In the last, gig workers are counted a second time.
_PER_DOUBLING, _BINS = BINS_PER_DOUBLING // 4, BINS // 4
_RESTING, _JOBLESS, _STUDENTS, _GIGS, _WIDTH = range(_BINS, _BINS + 5)
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
        youngest = list(AGES.values())
        self.band = (np.searchsorted(youngest, np.arange(OLDEST + 1), side="right").clip(1) - 1).astype(np.uint8)
        self.sector = market.firms.sector
        self.living_wage = living_wage(market)
        self.months: list[Floats] = []
        self.events = np.zeros((len(Event), self.first[-1]), np.int64)

    def note(self, market: Market, event: Event, rows: Rows, employer: NDArray[Any]) -> None:
        """Note what happens to people in some rows, and with which employer."""
        note_event(market.people.arrays(), rows, employer, market.month, self.band, self.sector, self.first,
                   self.events[event])  # fmt: skip

    def count(self, p: PeopleArrays, count: int, month: int, profile: Floats) -> GroupCounts:
        """Ask a piece of the people."""
        life, place = _AGES * _KINDS * _LEVELS, _CIVIL * (int(self.sizes[4]) + 1)
        counts = GroupCounts(*(np.zeros((cells, _WIDTH), np.uint32) for cells in (life, place, int(self.sizes[5]))))
        count_groups(p, count, month, profile, self.band, self.sector, *counts)
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


def added(counted: Sequence[Sequence[NDArray[Any]]]) -> list[NDArray[Any]]:
    """The counts of pieces, added up one by one."""
    return [sum(parts[1:], parts[0]) for parts in zip(*counted, strict=True)]


@njit(cache=True, nogil=True)
def note_event(
    p: PeopleArrays,
    rows: Rows,
    employer: NDArray[np.int32],
    month: int,
    band: Bytes,
    sector_of: Bytes,
    first: Rows,
    to: Rows,
) -> None:
    """Count who is in some rows by group, with the sector of the employer meant."""
    for k in range(len(rows)):
        i = rows[k]
        age = month - p.birth[i]
        to[first[0] + band[min(age // 12, OLDEST)]] += 1
        to[first[1] + p.education[i]] += 1
        to[first[2] + p.civil[i] // FEMALE] += 1
        to[first[3] + p.civil[i] % FEMALE] += 1
        to[first[4] + sector_of[employer[k]]] += 1
        to[first[5] + p.occupation[i]] += 1
        to[first[6] + person_class(p.flags[i], p.education[i], month - p.graduated[i], age)] += 1


@njit(cache=True, nogil=True)
def count_groups(
    p: PeopleArrays,
    count: int,
    month: int,
    profile: Floats,
    band: Bytes,
    sector_of: Bytes,
    of_life: Counts,
    of_place: Counts,
    of_work: Counts,
) -> None:
    """Count everyone's pay three times: by age, class and education; by gender, hukou and sector; by occupation."""
    life, place, work = of_life.ravel(), of_place.ravel(), of_work.ravel()
    sectors, width = uint32(len(of_place) // _CIVIL), uint32(_WIDTH)
    for i in range(count):
        status, flags, level = p.status[i], uint32(p.flags[i]), uint32(p.education[i])
        if status == _GONE:
            continue
        age = uint32(month - p.birth[i])
        years = min(age // uint32(12), uint32(OLDEST))
        kind = uint32(person_class(flags, level, month - p.graduated[i], age))
        in_life = ((band[years] * uint32(_KINDS) + kind) * uint32(_LEVELS) + level) * width
        in_place, in_work = uint32(p.civil[i]) * sectors, uint32(p.occupation[i]) * width
        if status == _EMPLOYED:
            bin_ = uint32(wage_bin(p.pay[i] * profile[years])) >> uint32(2)
            in_place = (in_place + uint32(sector_of[p.employer[i]])) * width
            if flags & _GIG:
                life[in_life + uint32(_GIGS)] += 1
                place[in_place + uint32(_GIGS)] += 1
                work[in_work + uint32(_GIGS)] += 1
        else:
            searches = (status == _STUDENT) & ((flags & _SEARCHING) != 0)
            bin_ = uint32(_JOBLESS if status == _UNEMPLOYED else (_STUDENTS if searches else _RESTING))
            in_place = (in_place + sectors - uint32(1)) * width
        life[in_life + bin_] += 1
        place[in_place + bin_] += 1
        work[in_work + bin_] += 1


@njit(cache=True, nogil=True)
def add_up(counts: GroupCounts, first: Rows, month: Floats, living: float) -> None:
    """Make of the counts of a month what each group has; of a sector, of those who work in it."""
    of_life, of_place, of_work = counts
    pay = np.zeros((len(month), _WIDTH), np.int64)
    for cell in range(len(of_life)):
        for group in (
            first[0] + cell // (_KINDS * _LEVELS),
            first[1] + cell % _LEVELS,
            first[6] + cell // _LEVELS % _KINDS,
        ):
            pay[group] += of_life[cell]
    sectors = len(of_place) // _CIVIL
    for cell in range(len(of_place)):
        civil, sector = cell // sectors, cell % sectors
        pay[first[2] + civil // FEMALE] += of_place[cell]
        pay[first[3] + civil % FEMALE] += of_place[cell]
        if sector < sectors - 1:
            pay[first[4] + sector] += of_place[cell]
    pay[first[5] : first[6]] += of_work
    for group in range(len(month)):
        employed = pay[group, :_BINS].sum()
        month[group, 0] = employed + pay[group, _BINS:_GIGS].sum()
        month[group, 1], month[group, 2] = pay[group, _JOBLESS], pay[group, _STUDENTS]
        month[group, 3], month[group, 4] = employed, pay[group, _GIGS]
        month[group, 8] = median_of(pay[group, :_BINS], _PER_DOUBLING)
        month[group, 9] = paid_below(pay[group, :_BINS], living, _PER_DOUBLING)
