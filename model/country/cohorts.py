"""People's lives drawn in advance: how long they study and what for, when they retire, when they leave.

Each draw is a hash of the person's identity, so a reform never changes what somebody would have studied.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import int64, njit, uint32
from numpy.typing import NDArray

from agents.columns import FAR_FUTURE, FEMALE, NEVER, NOBODY, Education, Flag, PeopleArrays, Status
from agents.decisions import USUAL_HOME, retirement_delay, retirement_group
from model.randomness import FOR_GOOD, Identity, Key, Purpose, draw_key, further, uniform
from model.schedule import BURN_IN, FIRST_YEAR, month_index

if TYPE_CHECKING:
    from agents.columns import People
    from model.country.country import Country
    from model.country.demand_groups import DemandGroups
    from model.country.drivers import Drivers
    from model.country.tables import Occupations
    from model.scenario.scenario import Scenario

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]
SIXTEEN = 16 * 12

_STUDENT, _GONE = int(Status.STUDENT), int(Status.GONE)
_STEM, _SEARCHING = int(Flag.STEM), int(Flag.SEARCHING_STUDENT)
_NONE, _SECONDARY = int(Education.NONE), int(Education.SECONDARY)
_VOCATIONAL, _BACHELOR = int(Education.VOCATIONAL_COLLEGE), int(Education.BACHELOR)


class Entry(NamedTuple):
    """Numbers that rule who enters, returns and retires."""

    entering: float
    postgraduate: Floats  # by month from the burn-in on: of graduates, and of those without an offer
    queue: Floats
    results_first: int  # first month of the year (1: January) that sends some of them back, and how many months do
    results_months: int
    july: float
    september: float
    home_return: float
    works_on: float  # share of people who work on past the law's age
    early: float  # share of men who retire earlier
    retirement_ages: Rows  # in years
    retirement_delays: Rows  # [age, month from the burn-in on] months by which the law delays who would retire then
    visa_job_months: int
    searching_students: float
    autumn_starts: float  # of graduates with an offer before September
    young_by: float  # age by which who takes no degree is in the market
    graduation_ages: Rows  # from a first degree
    graduation_shares: Floats  # of a cohort's graduates by these ages
    graduation_month: int  # of the year, 0 is January
    bachelor_share: float  # of first degrees
    secondary_share: float  # of those who take none
    most_study: float  # of a birth cohort
    postgraduate_months: int
    autumn: int  # month of the year in which the posts begin that wait for it
    youngest_migrant: int
    migrant_years: int
    earliest_class: int  # classes before it are taken as large as it

    def tertiary_share(self, drivers: Drivers, birth: int, cohort: float) -> float:
        """Share of the `cohort` people born in month `birth` who will take a first degree: what the classes ask for.

        Where classes ask for more than `most_study` of them, they stay smaller than asked.
        """
        return min(self.most_study, self._asked_for(drivers, FIRST_YEAR + birth // 12) / 12 / cohort)

    def class_size(self, drivers: Drivers, year: int) -> float:
        """Graduates of a year, in million: the class asked for, less where no more of those born can study."""
        found = 0.0
        for age, share in self._ages():
            born = max(year - age, self.earliest_class - 16)
            most = self.most_study * drivers.turning_sixteen[born + 16] * 1e6
            found += share * min(1.0, most / max(1.0, self._asked_for(drivers, born)))
        return drivers.graduates(year) * found

    def _asked_for(self, drivers: Drivers, born: int) -> float:
        """People born in a year whom the classes ask for."""
        size = sum(share * drivers.graduates(max(born + age, self.earliest_class)) for age, share in self._ages())
        return float(size) * 1e6 * self.entering

    def _ages(self) -> Iterator[tuple[int, float]]:
        """Ages at graduation and the share of each."""
        return zip(self.graduation_ages.tolist(), self.graduation_shares.tolist(), strict=True)


def entry_rules(scenario: Scenario) -> Entry:
    """The numbers of this phase."""
    number, country = scenario.number, scenario.specification.country
    youth, people = country.youth, country.population
    months = month_index(scenario.end) + BURN_IN + 1
    entering = number("graduates_entering")
    postgraduate = scenario.monthly("graduates.postgraduate_share", -BURN_IN, months)
    without_offer = entering * (1 - postgraduate) * (1 - number("campus_offers"))
    return Entry(
        entering=entering,
        postgraduate=postgraduate,
        queue=np.minimum(1.0, number("exam_queue_share") / np.maximum(1e-9, without_offer)),
        results_first=int(number("exam_results_first")),
        results_months=int(number("exam_results_months")),
        july=number("market_by_july"),
        september=number("market_in_september"),
        home_return=number("home_return"),
        works_on=number("works_past_retirement"),
        early=number("men_retire_early"),
        retirement_ages=np.array(country.retirement.ages),
        retirement_delays=retirement_delays(country, scenario.monthly("retirement.delay_pace", -BURN_IN, months)),
        visa_job_months=int(number("visa_job_months")),
        searching_students=number("searching_students"),
        autumn_starts=number("autumn_starts"),
        young_by=number("young_in_market_by"),
        graduation_ages=np.array(youth.graduation_ages),
        graduation_shares=np.array(youth.graduation_shares),
        graduation_month=youth.graduation_month,
        bachelor_share=youth.bachelor_share,
        secondary_share=youth.secondary_share,
        most_study=youth.most_study,
        postgraduate_months=youth.postgraduate_months,
        autumn=youth.autumn,
        youngest_migrant=people.youngest_migrant,
        migrant_years=people.migrant_years,
        earliest_class=country.economy.chain_start,
    )


class Trades(NamedTuple):
    """What people learn: occupations by level of education, and what the occupation brings with it."""

    cumulative: Floats  # [education, occupation], over occupations that ask for that level
    stem: NDArray[np.bool_]
    level: Rows  # education each occupation asks for
    pay: Floats  # CNY a month at the wage level of 2018-01, mean over ages


def learnt_trades(groups: DemandGroups, table: Occupations, wage_level_2023: float) -> Trades:
    """What people learn: the occupations of today's jobs at their level, by how many beginners they take."""
    jobs = groups.base_jobs @ groups.mix + groups.gig_jobs * groups.gig_mix
    levels = np.array([Education[name.upper()] for name in table.education])
    weight = np.array([np.where(levels == level, jobs * table.junior_share, 0.0) for level in Education])
    weight /= weight.sum(axis=1, keepdims=True)
    return Trades(np.cumsum(weight, axis=1), table.stem, levels, table.wage / 12 / wage_level_2023)


def trades_of_arrivals(trades: Trades, from_villages: Floats) -> Trades:
    """What people from the countryside take up: as `trades`, times the share `from_villages` of each occupation."""
    weight = np.diff(trades.cumulative, prepend=0.0) * from_villages
    total = weight.sum(axis=1, keepdims=True)
    cumulative = np.cumsum(weight / np.where(total > 0, total, 1.0), axis=1)
    return trades._replace(cumulative=np.where(total > 0, cumulative, trades.cumulative))


def sixteen_year_olds(drivers: Drivers, month: int) -> float:
    """People of the cities who turn sixteen in a month."""
    return drivers.turning_sixteen[FIRST_YEAR + month // 12] * 1e6 / 12


def retirement_delays(country: Country, pace: Floats) -> Rows:
    """Months by which the law delays a retirement: [usual age, month in which it would be], from the burn-in on."""
    law, months = country.retirement, np.arange(len(pace)) - BURN_IN
    passed = np.cumsum(np.where(months >= month_index(law.delayed_from), pace, 0.0))
    steps = zip(law.every, law.most, strict=True)
    return np.array([[retirement_delay(time, every, most) for time in passed] for every, most in steps])


@njit(cache=True, nogil=True)
def usual_retirement(
    key: Key, identity: Identity, birth: int, civil: int, education: int, rules: Entry
) -> tuple[int, int]:
    """Month in which a native would retire without any delay, and at which of the country's ages."""
    woman, degree = (civil & FEMALE) != 0, education >= _VOCATIONAL
    group = retirement_group(woman, degree, uniform(key, uint32(identity)), rules.works_on, rules.early)
    months = int(12 * uniform(further(key, 1), uint32(identity)))
    return birth + 12 * int(rules.retirement_ages[group]) + months, group


@njit(cache=True, nogil=True)
def retirement_month(
    key: Key, identity: Identity, birth: int, civil: int, education: int, month: int, rules: Entry
) -> int:
    """Month in which a native retires as `month` knows it: the usual one, and once that has come the delayed one.

    Nobody looks ahead, so a pace that changes later leaves the past as it was.
    """
    usual, group = usual_retirement(key, identity, birth, civil, education, rules)
    if usual > month or usual < -BURN_IN:
        return usual
    return usual + int(rules.retirement_delays[group, usual + BURN_IN])


@njit(cache=True, nogil=True)
def departure_month(key: Key, identity: Identity, birth: int, month: int) -> int:
    """Month in which a retired person leaves the cities' population, between ages 66 and 90 (assumption)."""
    luck = uniform(further(key, 2), uint32(identity))
    return min(FAR_FUTURE, max(month + 1 + int(120 * luck), birth + int(12 * (66 + 24 * luck))))


@njit(cache=True, nogil=True)
def retirement_months(key: Key, p: PeopleArrays, count: int, month: int, rules: Entry) -> Rows:
    """Retirement months of natives, who live in the first rows."""
    out = np.empty(count, np.int64)
    for i in range(count):
        out[i] = retirement_month(key, p.identity[i], p.birth[i], p.civil[i], p.education[i], month, rules)
    return out


@njit(cache=True, nogil=True)
def departure_months(key: Key, identity: NDArray[np.uint32], birth: NDArray[np.int16], month: int) -> Rows:
    """Departure months of many retired people."""
    out = np.empty(len(identity), np.int64)
    for i in range(len(identity)):
        out[i] = departure_month(key, identity[i], birth[i], month)
    return out


def draw_cohort(
    people: People, rows: Rows, tertiary: Floats, month: int, entry: Entry, trades: Trades, seed: int
) -> None:
    """Decide how long young people stay in school and what for; who has left by `month` gets status GONE for now.

    `tertiary` is each row's chance of a first degree. The caller decides what those who have left do.
    """
    if len(rows):
        draw_lives(people.arrays(), rows, tertiary, month, entry, trades, life_keys(seed))


@lru_cache(maxsize=256)
def life_keys(seed: int) -> NDArray[np.uint64]:
    """Keys of the draws of a life: they hold for a person, whatever the month of entry."""
    return np.array([draw_key(seed, Purpose.ENTRY, FOR_GOOD + k) for k in range(6)])


@njit(cache=True, nogil=True)
def draw_lives(
    p: PeopleArrays, rows: Rows, tertiary: Floats, month: int, entry: Entry, trades: Trades, keys: NDArray[np.uint64]
) -> None:
    """The kernel of `draw_cohort`: degree, dates, level, trade and home of each row."""
    for place in range(len(rows)):
        i = rows[place]
        identity, birth = uint32(p.identity[i]), int64(p.birth[i])
        studies = uniform(keys[0], identity) < tertiary[place]
        when, season = uniform(keys[1], identity), uniform(keys[2], identity)
        kind, wealth = uniform(keys[3], identity), uniform(keys[5], identity)
        if studies:
            level = _BACHELOR if kind < entry.bachelor_share else _VOCATIONAL
            late = 0 if season < entry.july else (1 if season < 1 - entry.september else 2)
            leaves = (birth // 12 + graduation_age(when, entry)) * 12 + entry.graduation_month + late
        else:
            level = _SECONDARY if kind < entry.secondary_share else _NONE
            leaves = birth + SIXTEEN + 1 + int(when * 12 * (entry.young_by - 16))
        in_school = leaves > month
        trade = np.searchsorted(trades.cumulative[level], uniform(keys[4], identity))
        trade = min(trade, trades.cumulative.shape[1] - 1)
        p.education[i] = level
        p.occupation[i] = trade
        p.flags[i] = (_STEM if trades.stem[trade] else 0) | (
            _SEARCHING if studies and wealth < entry.searching_students else 0
        )
        p.pay[i] = trades.pay[trade]
        p.event[i] = leaves
        p.since[i] = month
        p.employer[i] = NOBODY
        p.graduated[i] = leaves if studies and not in_school else NEVER
        p.status[i] = _STUDENT if in_school else _GONE
        p.home[i] = USUAL_HOME * math.sqrt(wealth / (1 - wealth))


@njit(cache=True, nogil=True)
def graduation_age(luck: float, entry: Entry) -> int:
    """Age at graduation from a first degree, by the shares of each age."""
    reached = 0.0
    for place in range(len(entry.graduation_ages)):
        reached += entry.graduation_shares[place]
        if luck <= reached:
            return int(entry.graduation_ages[place])
    return int(entry.graduation_ages[-1])
