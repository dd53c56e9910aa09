"""The people of the market as Mesa agents: graduates, workers, workers past 35 and K-visa holders.

Everyone aged 16 and over is a person, students and retired people too; each has exactly one class, the first that fits
of KVisaHolder, Graduate, Over35Worker and Worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from agents.columns import FEMALE, NEVER, Education, Flag, Hukou, Status
from agents.decisions import age_in_years, asked_share, current_wage, reservation_pay
from agents.person_class import person_class
from agents.row_view import Column, Market, Rows, RowView, amount, words

if TYPE_CHECKING:
    from agents.firms import Firm

_GONE, _EMPLOYED, _UNEMPLOYED = int(Status.GONE), int(Status.EMPLOYED), int(Status.UNEMPLOYED)


# --- who belongs to which class -------------------------------------------------------------------------------------


@njit(cache=True, nogil=True)
def _classes(
    rows: Any, flags: Any, education: Any, graduated: Any, birth: Any, month: int, out: NDArray[np.uint8]
) -> None:
    for k in range(len(rows)):
        i = rows[k]
        out[k] = person_class(flags[i], education[i], month - graduated[i], month - birth[i])


def person_classes(market: Market, rows: NDArray[Any]) -> NDArray[np.uint8]:
    """Class of each of many persons, as an index into `PERSON_CLASSES`."""
    p, out = market.people, np.empty(len(rows), np.uint8)
    _classes(rows, p.flags, p.education, p.graduated, p.birth, market.month, out)
    return out


def is_present(market: Market, rows: Rows) -> Any:
    """Whether somebody is in a row."""
    return market.people.status[rows] != _GONE


def at_work_in(market: Market, firm: int) -> NDArray[np.int64]:
    """Rows of everyone who works at a firm; students whom it waits for are left out."""
    people = market.people
    used = slice(0, people.count)
    return np.flatnonzero((people.employer[used] == firm) & (people.status[used] == _EMPLOYED))


# --- readings: one row or many --------------------------------------------------------------------------------------


def _age(market: Market, rows: Rows) -> Any:
    return (market.month - market.people.birth[rows]) / 12.0


@njit(cache=True, nogil=True)
def _wages(
    rows: Any, status: Any, pay: Any, birth: Any, month: int, wage_level: float, out: NDArray[np.float64]
) -> None:
    for k in range(len(rows)):
        i = rows[k]
        out[k] = 0.0
        if status[i] == _EMPLOYED:
            out[k] = current_wage(pay[i], age_in_years(month, birth[i]), wage_level)


def _wage(market: Market, rows: Rows) -> Any:
    p, index = market.people, np.atleast_1d(rows)
    out = np.empty(len(index))
    _wages(index, p.status, p.pay, p.birth, market.month, market.wage_level, out)
    return out if np.ndim(rows) else out[0]


def _has_status(first: Status, last: Status) -> Any:
    low, high = int(first), int(last)
    return lambda market, rows: (market.people.status[rows] >= low) & (market.people.status[rows] <= high)


def _flag(flag: Flag) -> Any:
    return lambda market, rows: (market.people.flags[rows] & int(flag)) != 0


def _searching_student(market: Market, rows: Rows) -> Any:
    searching = (market.people.flags[rows] & int(Flag.SEARCHING_STUDENT)) != 0
    return searching & (market.people.status[rows] == int(Status.STUDENT))


def _unemployed(market: Market, rows: Rows) -> Any:
    return (market.people.status[rows] == _UNEMPLOYED) | _searching_student(market, rows)


def _months_as(status: int) -> Any:
    """Months since the present job or spell began, 0 for those in another state."""
    return lambda market, rows: np.where(
        market.people.status[rows] == status, market.month - market.people.since[rows], 0
    )


def _employer(market: Market, rows: Rows) -> Any:
    return np.where(market.people.status[rows] == _EMPLOYED, market.people.employer[rows], -1)


def _offer_from(market: Market, rows: Rows) -> Any:
    waiting = (market.people.flags[rows] & int(Flag.OFFER)) != 0
    waiting = waiting & (market.people.status[rows] != _EMPLOYED)
    return np.where(waiting, market.people.employer[rows], -1)


def _firms(market: Any, rows: list[int]) -> list[Any]:
    """Firm views, one object per firm; None for no firm."""
    wanted = np.unique([row for row in rows if row >= 0]).astype(np.int64)
    firms = market.kinds.views(market, wanted + market.kinds.first_code("firms"))
    made = dict(zip(wanted.tolist(), firms, strict=True))
    return [made.get(row) for row in rows]


# --- writing: only what nothing else is counted from ----------------------------------------------------------------


def _set_pay(market: Market, rows: Rows, value: Any) -> None:
    market.people.pay[rows] = amount(value, "pay", "CNY")


def _set_home_wealth(market: Market, rows: Rows, value: Any) -> None:
    market.people.home[rows] = amount(value, "home_wealth", "CNY") / 1000


def _set_education(market: Market, rows: Rows, value: Any) -> None:
    levels = {level.name.lower(): int(level) for level in Education}
    if value not in levels:
        raise ValueError(f"education is one of {', '.join(levels)}; not {value!r}")
    market.people.education[rows] = levels[value]


def _set_stem(market: Market, rows: Rows, value: Any) -> None:
    kept = market.people.flags[rows] & (0xFF ^ int(Flag.STEM))
    market.people.flags[rows] = kept | (int(Flag.STEM) if value else 0)


# --- the classes ----------------------------------------------------------------------------------------------------


class Person(RowView):
    """Somebody aged 16 or over who lives in the cities, in or out of the labour force."""

    __slots__ = ()

    age: Column[float] = Column("Years.", _age)
    status: Column[str] = Column(
        "What the person does: employed, unemployed, student, postgraduate, exam_queue, home, discouraged or retired.",
        lambda market, rows: market.people.status[rows],
        words({int(status): status.name.lower() for status in Status}),
    )
    employed: Column[bool] = Column("Has a job, gig work included.", _has_status(Status.EMPLOYED, Status.EMPLOYED))
    unemployed: Column[bool] = Column(
        "Without work and searching; students who search count, as in the bureau's total.", _unemployed
    )
    in_labour_force: Column[bool] = Column(
        "Employed or unemployed.",
        lambda market, rows: (market.people.status[rows] >= _UNEMPLOYED) | _searching_student(market, rows),
    )
    student: Column[bool] = Column("In school or university.", _has_status(Status.STUDENT, Status.POSTGRADUATE))
    wage: Column[float] = Column("CNY a month; 0 without a job.", _wage)
    pay: Column[float] = Column(
        "CNY a month at the wage level of 2018-01 and age 35; the last pay of those without a job. Settable.",
        lambda market, rows: market.people.pay[rows].astype(np.float64),
        write=_set_pay,
    )
    occupation: Column[str] = Column(
        "Present or last occupation, a node of the job graph.",
        lambda market, rows: market.people.occupation[rows],
        lambda market, codes: [market.occupation_ids[code] for code in codes],
    )
    employer: Column[Firm | None] = Column("The firm, None without a job.", _employer, _firms)
    offer_from: Column[Firm | None] = Column("The firm that waits for a final-year student.", _offer_from, _firms)
    tenure: Column[int] = Column("Months in the present job; 0 without one.", _months_as(_EMPLOYED))
    spell: Column[int] = Column("Months unemployed; 0 for everybody else.", _months_as(_UNEMPLOYED))
    education: Column[str] = Column(
        "Highest level completed (or begun, of students). Settable.",
        lambda market, rows: market.people.education[rows],
        words({int(level): level.name.lower() for level in Education}),
        _set_education,
    )
    gender: Column[str] = Column(
        "female or male.",
        lambda market, rows: (market.people.civil[rows] & FEMALE) > 0,
        words({1: "female", 0: "male"}),
    )
    hukou: Column[str] = Column(
        "Where the person is registered: local, migrant_urban (another town), migrant_rural (a village) or foreign.",
        lambda market, rows: market.people.civil[rows] & (FEMALE - 1),
        words({int(hukou): hukou.name.lower() for hukou in Hukou}),
    )
    graduated: Column[int | None] = Column(
        "Month index of the last tertiary graduation; None when there was none.",
        lambda market, rows: market.people.graduated[rows],
        lambda _, months: [None if month == NEVER else month for month in months],
    )
    stem: Column[bool] = Column(
        "Trained in science, technology, engineering, mathematics. Settable.", _flag(Flag.STEM), write=_set_stem
    )
    experienced: Column[bool] = Column("Has held a job.", _flag(Flag.EXPERIENCED))
    gig: Column[bool] = Column(
        "The present job is gig work.",
        lambda market, rows: _flag(Flag.GIG)(market, rows) & (market.people.status[rows] == _EMPLOYED),
    )
    foreign: Column[bool] = Column("Came on a K visa.", _flag(Flag.FOREIGN))
    home_wealth: Column[float] = Column(
        "CNY at the house prices of 2018-01. Settable.",
        lambda market, rows: market.people.home[rows] * np.float64(1000),
        write=_set_home_wealth,
    )

    @property
    def reservation_pay(self) -> float:
        """Pay below which the person does not apply, in the unit of `pay`; 0 for those who do not look for work.

        The rule that the search of a month applies to everybody.
        """
        if self.employed:
            return self.pay  # looks elsewhere only for more
        rules = self.model.search_rules
        if self.status != "unemployed":
            return 0.0
        share = asked_share(rules.share, self.home_wealth / 1000, rules.house_price, rules.wealth)
        return float(reservation_pay(self.pay, self.spell, share, rules.decay))


class KVisaHolder(Person):
    """A young foreigner in science or technology who came on a K visa."""

    __slots__ = ()


class Graduate(Person):
    """Somebody within 24 months of a tertiary graduation."""

    __slots__ = ()


class Over35Worker(Person):
    """Somebody aged 35 or over, to whom part of the vacancies are closed; in or out of the labour force."""

    __slots__ = ()


class Worker(Person):
    """Everybody else: under 35 and not a recent graduate, students included."""

    __slots__ = ()


#: Order of preference: a person belongs to the first that fits.
PERSON_CLASSES: tuple[type[Person], ...] = (KVisaHolder, Graduate, Over35Worker, Worker)
