"""The state of the market as columns: one array per property, one row per person or firm.

A row is what a `mesa.Agent` view in `agents.people` or `agents.firms` looks through. Months are month indices
(0 = 2018-01), so age, tenure and spell are differences and need no monthly update.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum, IntFlag
from operator import attrgetter
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

#: A month that never comes; and "never graduated".
FAR_FUTURE = 32_000
NEVER = -32_000
#: No employer.
NOBODY = -1
#: Identities of natives count up from 0; foreigners have a range of their own, so that natives keep their luck
#: whatever a reform does.
FIRST_FOREIGN_IDENTITY = 0x8000_0000


class Status(IntEnum):
    """What a person is doing this month."""

    GONE = 0  # row not in use: died, emigrated, visa ended
    STUDENT = 1  # in school, vocational college or university
    POSTGRADUATE = 2  # studies for a master's degree
    EXAM_QUEUE = 3  # waits for a civil-service or postgraduate exam ("slow employment")
    HOME = 4  # out of the labour force for care or other reasons
    DISCOURAGED = 5  # gave up searching, comes back on a date
    RETIRED = 6  # left work for good
    UNEMPLOYED = 7  # without work, searching, able to start
    EMPLOYED = 8  # has a job, gig work included


class Education(IntEnum):
    """Highest completed level, as in occupations.csv."""

    NONE = 0  # less than secondary school
    SECONDARY = 1  # secondary school
    VOCATIONAL_COLLEGE = 2  # zhuanke: tertiary, two or three years
    BACHELOR = 3  # benke: tertiary, four years
    MASTER = 4  # master's degree or more


class Flag(IntFlag):
    """Yes-or-no properties of a person, packed in one byte."""

    STEM = 1  # trained in science, technology, engineering or mathematics
    EXPERIENCED = 2  # has held a job
    GIG = 4  # the present job is gig work
    OFFER = 8  # a final-year student with a job to start
    FOREIGN = 16  # came on a K visa
    SEARCHING_STUDENT = 32  # in school and looking for work: in the bureau's total, not in its age groups


class Hukou(IntEnum):
    """Where a person is registered: the low bits of the column `civil`."""

    LOCAL = 0  # in the city where they live
    MIGRANT_URBAN = 1  # in another town
    MIGRANT_RURAL = 2  # in a village
    FOREIGN = 3  # abroad


#: The bit of the column `civil` that a woman has.
FEMALE = 4


class FirmKind(IntEnum):
    """Which Mesa class a firm is."""

    TECH = 0  # technology sector
    DEVELOPER = 1  # property developer: it has a row in Developers too
    OTHER = 2  # every other sector, estate agencies included


@dataclass(slots=True)
class People:
    """Every person aged 16 and over, 29 bytes each.

    `count` rows are in use (some may be GONE and listed in `free`); the arrays are longer, to grow into.
    """

    identity: NDArray[np.uint32]  # who it is: never given twice, and what its luck is drawn from
    birth: NDArray[np.int16]  # month of birth
    since: NDArray[np.int16]  # month in which the present job or spell began
    event: NDArray[np.int16]  # month of the next dated change (graduation, return, retirement, visa end)
    graduated: NDArray[np.int16]  # month of the last tertiary graduation, or NEVER
    status: NDArray[np.uint8]  # Status: what the person is doing
    education: NDArray[np.uint8]  # Education: highest level completed, of students the one they study for
    flags: NDArray[np.uint8]  # Flag: yes-or-no properties, packed
    civil: NDArray[np.uint8]  # gender and Hukou, packed: the hukou, FEMALE added for women
    occupation: NDArray[np.uint8]  # present or last occupation: skills follow from it
    employer: NDArray[np.int32]  # firm row; of a student with an offer the firm that waits; else NOBODY
    pay: NDArray[np.float32]  # CNY a month at the wage level of 2018-01, mean over ages; last pay when not employed
    home: NDArray[np.float32]  # home wealth, thousand CNY at the house prices of 2018-01
    count: int = 0  # rows in use
    _arrays: PeopleArrays | None = None

    @classmethod
    def empty(cls, capacity: int) -> Self:
        """Columns for `capacity` persons, none in use yet.

        They lie in one stretch of memory, which the system keeps in large pages: people who search lie far apart.
        """
        types: dict[str, Any] = {
            "identity": np.uint32,
            "employer": np.int32,
            "pay": np.float32,
            "home": np.float32,
            "birth": np.int16,
            "since": np.int16,
            "event": np.int16,
            "graduated": np.int16,
            "status": np.uint8,
            "education": np.uint8,
            "flags": np.uint8,
            "civil": np.uint8,
            "occupation": np.uint8,
        }
        ends = capacity * np.cumsum([np.dtype(each).itemsize for each in types.values()])
        parts = np.split(np.zeros(ends[-1], np.uint8), ends[:-1])
        columns: Any = {name: part.view(types[name]) for name, part in zip(types, parts, strict=True)}
        return cls(**columns)

    def __deepcopy__(self, _: object) -> Self:
        """People of their own."""
        twin = type(self).empty(self.capacity)
        for name in PeopleArrays._fields:
            getattr(twin, name)[:] = getattr(self, name)
        twin.count = self.count
        return twin

    def __len__(self) -> int:
        """Rows in use."""
        return self.count

    @property
    def capacity(self) -> int:
        """Rows that fit before the columns must grow."""
        return len(self.identity)

    def arrays(self) -> PeopleArrays:
        """The columns as kernels take them, packed anew when they have grown."""
        if self._arrays is None or self._arrays.identity is not self.identity:
            self._arrays = PeopleArrays(*(getattr(self, name) for name in PeopleArrays._fields))
        return self._arrays

    def reserve(self, extra: int) -> None:
        """Make room for `extra` more rows, a tenth at a time."""
        if self.count + extra <= self.capacity:
            return
        grown = type(self).empty(max(self.count + extra, self.capacity + self.capacity // 10))
        for name in PeopleArrays._fields:
            getattr(grown, name)[: self.capacity] = getattr(self, name)
        for name in PeopleArrays._fields:
            setattr(self, name, getattr(grown, name))


@dataclass(slots=True)
class Firms:
    """Every firm: technology firms, developers and the others.

    A firm's `size` is its share of its group's jobs; groups are the sectors of sectors.csv, with estate agencies
    split from developers (see `model.opening.firms`).
    """

    kind: NDArray[np.uint8]  # FirmKind: its Mesa class
    sector: NDArray[np.uint8]  # row of sectors.csv
    group: NDArray[np.uint8]  # demand group
    size: NDArray[np.float64]  # share of the group's jobs, sums to 1 in each group
    staffed: NDArray[np.float64]  # share of the group's jobs it is staffed for; follows what it wants
    shock: NDArray[np.float64]  # log deviation of what the firm wants from its share of the sector's target
    premium: NDArray[np.float64]  # wage offers relative to the sector's, log
    age_rule: NDArray[np.float64]  # how strictly the firm closes vacancies at 35, relative to the occupation's share
    headcount: NDArray[np.int32]  # simulated persons employed
    vacancies: NDArray[np.int32]  # open posts
    target: NDArray[np.float64]  # jobs wanted, simulated persons
    layoff_rate: NDArray[np.float64]  # share of staff laid off this month
    developer: NDArray[np.int32]  # row in Developers, or -1

    @classmethod
    def empty(cls, count: int) -> Self:
        """Columns for `count` firms."""
        whole: dict[str, Any] = {
            "kind": np.uint8,
            "sector": np.uint8,
            "group": np.uint8,
            "headcount": np.int32,
            "vacancies": np.int32,
            "developer": np.int32,
        }
        return cls(**{f.name: np.zeros(count, whole.get(f.name, np.float64)) for f in fields(cls)})

    def arrays(self) -> FirmArrays:
        """The columns as kernels take them."""
        return FirmArrays._make(_columns_of_firms(self))

    def __len__(self) -> int:
        """Number of firms."""
        return len(self.kind)


#: Flags of a vacancy; the order of blocks within an occupation follows from the first two (see `block_of`).
CLOSED_AT_35 = 1
OPEN_TO_BEGINNERS = 2
RANKS_EXPERIENCE = 4
FOR_MEN = 8
FOR_WOMEN = 16


@dataclass(slots=True)
class Vacancies:
    """Open posts, sorted by occupation and within it by who may apply.

    Within an occupation four blocks follow each other: open to all ages but not to beginners; open to all;
    closed at 35 and open to beginners; closed at 35 and not to beginners. So whoever may apply, the posts open to
    them are one contiguous range: everyone 0-3, over 35 0-1, beginners 1-2, beginners over 35 only 1.
    """

    firm: NDArray[np.int32]  # row of Firms that posted it; NOBODY once filled
    occupation: NDArray[np.uint8]  # occupation sought
    flags: NDArray[np.uint8]  # closed at 35, open to beginners, ranks experience first, for one gender
    offer: NDArray[np.float32]  # CNY a month at the wage level of 2018-01, mean over ages
    posted: NDArray[np.int16]  # month of posting
    #: Where each block begins: four entries per occupation and one at the end.
    blocks: NDArray[np.int64]
    count: int = 0  # open posts

    @classmethod
    def empty(cls, capacity: int, occupations: int = 0) -> Self:
        """Room for `capacity` posts in so many occupations."""
        return cls(
            np.zeros(capacity, np.int32),
            np.zeros(capacity, np.uint8),
            np.zeros(capacity, np.uint8),
            np.zeros(capacity, np.float32),
            np.zeros(capacity, np.int16),
            np.zeros(4 * occupations + 1, np.int64),
        )

    def arrays(self) -> VacancyArrays:
        """The columns as kernels take them."""
        return VacancyArrays._make(_columns_of_posts(self))


# What kernels take: the same arrays as a named tuple, which Numba unpacks. A test holds the names against the tables.


class PeopleArrays(NamedTuple):
    """The columns of People as kernels take them."""

    identity: NDArray[np.uint32]
    birth: NDArray[np.int16]
    since: NDArray[np.int16]
    event: NDArray[np.int16]
    graduated: NDArray[np.int16]
    status: NDArray[np.uint8]
    education: NDArray[np.uint8]
    flags: NDArray[np.uint8]
    civil: NDArray[np.uint8]
    occupation: NDArray[np.uint8]
    employer: NDArray[np.int32]
    pay: NDArray[np.float32]
    home: NDArray[np.float32]


class FirmArrays(NamedTuple):
    """The columns of Firms as kernels take them."""

    kind: NDArray[np.uint8]
    sector: NDArray[np.uint8]
    group: NDArray[np.uint8]
    size: NDArray[np.float64]
    staffed: NDArray[np.float64]
    shock: NDArray[np.float64]
    premium: NDArray[np.float64]
    age_rule: NDArray[np.float64]
    headcount: NDArray[np.int32]
    vacancies: NDArray[np.int32]
    target: NDArray[np.float64]
    layoff_rate: NDArray[np.float64]
    developer: NDArray[np.int32]


class VacancyArrays(NamedTuple):
    """The columns of Vacancies as kernels take them."""

    firm: NDArray[np.int32]
    occupation: NDArray[np.uint8]
    flags: NDArray[np.uint8]
    offer: NDArray[np.float32]
    posted: NDArray[np.int16]


_columns_of_firms, _columns_of_posts = attrgetter(*FirmArrays._fields), attrgetter(*VacancyArrays._fields)


def column_names(table: People | Firms | Vacancies) -> list[str]:
    """Names of the array columns of a table."""
    return [f.name for f in fields(table) if f.name not in {"count", "_arrays"}]
