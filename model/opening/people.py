"""The people at the start of the burn-in: age, schooling, work.

Everything is drawn by hash from a person's identity; ages are stratified (person k has the k-th quantile of the age
distribution), so that replications differ in luck and not in who lives in the cities.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agents.columns import FAR_FUTURE, FEMALE, NEVER, NOBODY, Firms, Flag, People, Status
from agents.decisions import USUAL_HOME
from model.country.cohorts import Entry, Trades, departure_months, draw_cohort, retirement_months, sixteen_year_olds
from model.country.country import Population
from model.country.demand_groups import DemandGroups
from model.country.drivers import Drivers, load_drivers
from model.country.registers import Registers, register
from model.randomness import FOR_GOOD, Purpose, draw_key, uniforms
from model.scenario.scenario import Scenario, default_scenario
from model.specification import Specification

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
CAPACITY_MARGIN = 1.15
#: Upper quartile of the standard logistic over that of the standard normal, ln 3 / 0.674.
LOGISTIC_TO_NORMAL = 1.63


@dataclass(frozen=True, slots=True)
class OpeningAges:
    """Urban people aged 16 and over at the start of the burn-in, as a distribution over months of birth."""

    births: NDArray[np.int64]  # months of birth, oldest first
    people: Floats  # people born in that month

    @property
    def total(self) -> float:
        """People aged 16 and over."""
        return float(self.people.sum())


def age_structure(start: int, specification: Specification) -> OpeningAges:
    """The urban age structure at month `start`, from the census aged back; ages 16 to 89."""
    census = specification.country.ages
    births = np.arange(start - 90 * 12 + 1, start - 16 * 12 + 1)
    age_at_census = (specification.country.census_month - births) / 12.0
    band = np.clip(np.searchsorted(census.age_low, age_at_census, side="right") - 1, 0, len(census.age_low) - 1)
    width = (census.age_high - census.age_low + 1) * 12.0
    people = census.urban[band] / width[band] * 1e6
    return OpeningAges(births, people - arrived_by_census(births, start, specification))


def arrived_by_census(births: NDArray[np.int64], start: int, specification: Specification) -> Floats:
    """Of the census's people of each month of birth, those who were not in the cities yet at month `start`.

    They come as migrants, as many a year as is declared, evenly over the ages of migrants: whatever a scenario asks of
    later migrants, the census stays what it is.
    """
    census, whom = specification.country.census_month, specification.country.population
    path = default_scenario(specification).monthly("parameters.migrants", start, census - start) * 1e6 / 12
    ages = np.arange(start, census)[:, None] - births
    of_age = (ages >= 12 * whom.youngest_migrant) & (ages < 12 * (whom.youngest_migrant + whom.migrant_years))
    arrived: Floats = path @ of_age / (12 * whom.migrant_years)
    return arrived


def people_at_opening(scenario: Scenario, start: int) -> float:
    """People aged 16 and over in the cities in 2018-01, when `population` simulated persons stand for all of them.

    Those of month `start` less the dead, and who turns sixteen or comes to the cities until then.
    """
    specification = scenario.specification
    drivers = load_drivers(specification.country, start, -start)
    born = sum(sixteen_year_olds(drivers, month) for month in range(start, 0))
    migrants = float(scenario.monthly("parameters.migrants", start, -start).sum()) * 1e6 / 12
    kept = (1 - specification.country.population.yearly_departures) ** (-start / 12)
    left: float = age_structure(start, specification).total * kept
    return left + born + migrants


def settle(
    scenario: Scenario,
    start: int,
    people_per_agent: float,
    drivers: Drivers,
    groups: DemandGroups,
    firms: Firms,
    entry: Entry,
    trades: Trades,
    registers: Registers,
    seed: int,
) -> People:
    """The people at month `start`, fewer than the `population` of 2018-01; the columns have room to grow."""
    specification, population = scenario.specification, scenario.population
    structure = age_structure(start, specification)
    people = People.empty(int(population * CAPACITY_MARGIN) + 1000)
    people.count = population = round(structure.total / people_per_agent)
    rows = slice(0, population)
    cumulative = np.cumsum(structure.people)
    quantile = (np.arange(population) + 0.5) / population * cumulative[-1]
    people.identity[rows] = np.arange(population, dtype=np.uint32)
    people.birth[rows] = structure.births[np.searchsorted(cumulative, quantile)]
    people.graduated[rows] = NEVER
    _school(people, start, structure, drivers, entry, trades, seed)
    drawn = _learn(people, groups, trades, seed)
    register(people, np.arange(population), start, registers, seed)
    _participate(people, start, specification.country.population, entry, seed)
    _employ(people, start, drawn, groups, firms, trades, seed)
    return people


def _lucks(people: People, purpose: Purpose, draw: int, seed: int) -> Floats:
    """One number per person for one purpose of the start."""
    luck: Floats = uniforms(draw_key(seed, purpose, FOR_GOOD + draw), people.identity[: people.count])
    return luck


def _school(
    people: People, start: int, structure: OpeningAges, drivers: Drivers, entry: Entry, trades: Trades, seed: int
) -> None:
    """Who of those under 25 is still in school, until when, and who has graduated already."""
    rows = np.flatnonzero(start - people.birth[: people.count] < 25 * 12)
    birth = people.birth[rows].astype(np.int64)
    per_month = dict(zip(structure.births.tolist(), structure.people.tolist(), strict=True))
    months, born_in = np.unique(birth, return_inverse=True)
    tertiary = np.array([entry.tertiary_share(drivers, born, per_month[born]) for born in months.tolist()])
    draw_cohort(people, rows, tertiary[born_in], start, entry, trades, seed)


def _participate(people: People, start: int, shares: Population, entry: Entry, seed: int) -> None:
    """Who of the others works, searches, cares at home or has retired."""
    n = people.count
    adults = people.status[:n] == Status.GONE
    luck, key = _lucks(people, Purpose.POPULATION, 1, seed), draw_key(seed, Purpose.RETIREMENT, 0)
    retirement = retirement_months(key, people.arrays(), n, start, entry)
    retired = adults & (retirement <= start)
    of_age = people.birth[:n] <= start - 25 * 12
    home = adults & of_age & ~retired & (luck < np.repeat(shares.share_home, FEMALE)[people.civil[:n]])
    people.status[:n][adults] = Status.EMPLOYED
    people.status[:n][home] = Status.HOME
    people.status[:n][retired] = Status.RETIRED
    working = people.status[:n] == Status.EMPLOYED
    searching = working & (_lucks(people, Purpose.POPULATION, 2, seed) < shares.share_unemployed)
    people.status[:n][searching] = Status.UNEMPLOYED
    people.event[:n][adults] = retirement[adults]
    back = start + 1 + (-np.log(_lucks(people, Purpose.PARTICIPATION, 1, seed)) / entry.home_return).astype(np.int64)
    people.event[:n][home] = np.minimum(np.minimum(back, retirement), FAR_FUTURE)[home]
    people.event[:n][retired] = departure_months(key, people.identity[:n], people.birth[:n], start)[retired]
    spell = (-6.0 * np.log(_lucks(people, Purpose.POPULATION, 3, seed))).astype(np.int64)
    people.since[:n] = start - np.minimum(spell, 30)
    people.employer[:n] = NOBODY
    wealth = np.exp(0.9 * _normal(_lucks(people, Purpose.POPULATION, 4, seed))) * USUAL_HOME
    people.home[:n] = np.where(_lucks(people, Purpose.POPULATION, 5, seed) < 0.96, wealth, 0.0)


def _learn(people: People, groups: DemandGroups, trades: Trades, seed: int) -> tuple[Rows, Rows]:
    """Draw each person's group and an occupation in it: the trade of all but students and recent graduates."""
    n = people.count
    jobs = np.append(groups.base_jobs, groups.gig_jobs)
    group = np.searchsorted(np.cumsum(jobs / jobs.sum()), _lucks(people, Purpose.POPULATION, 6, seed))
    luck, occupation = _lucks(people, Purpose.POPULATION, 7, seed), np.zeros(n, np.int64)
    for g, mix in enumerate(np.vstack([groups.mix, groups.gig_mix])):
        of_group = np.flatnonzero(group == g)
        occupation[of_group] = np.searchsorted(np.cumsum(mix), luck[of_group]).clip(max=len(mix) - 1)
    settled = (people.graduated[:n] == NEVER) & (people.status[:n] != Status.STUDENT)
    people.occupation[:n][settled] = occupation[settled]
    people.education[:n][settled] = trades.level[occupation][settled]
    people.flags[:n] |= np.where(settled, Flag.EXPERIENCED, 0).astype(np.uint8)
    return group, occupation


def _employ(
    people: People, start: int, drawn: tuple[Rows, Rows], groups: DemandGroups, firms: Firms, trades: Trades, seed: int
) -> None:
    """Give those who work the occupation that is drawn for them, a firm of the group, a tenure and a pay."""
    n, (group, occupation) = people.count, drawn
    employer = np.full(n, NOBODY, np.int64)
    firm_luck = _lucks(people, Purpose.POPULATION, 8, seed)
    for g in range(len(groups) + 1):
        of_group = np.flatnonzero(group == g)
        rows = np.flatnonzero(firms.group == (g if g < len(groups) else groups.platforms))
        picked = np.searchsorted(np.cumsum(firms.size[rows]), firm_luck[of_group])
        employer[of_group] = rows[np.minimum(picked, len(rows) - 1)]
    works = people.status[:n] == Status.EMPLOYED
    people.occupation[:n][works] = occupation[works]
    people.employer[:n][works] = employer[works]
    gig = works & (group == len(groups))
    stem = trades.stem[people.occupation[:n]]
    people.flags[:n] |= np.where(stem, Flag.STEM, 0).astype(np.uint8)
    people.flags[:n] |= np.where(gig, Flag.GIG, 0).astype(np.uint8)
    working_life = np.maximum(1.0, (start - people.birth[:n]) - 19.0 * 12)
    tenure = -90.0 * np.log(_lucks(people, Purpose.POPULATION, 9, seed))
    people.since[:n][works] = (start - np.minimum(tenure, working_life)).astype(np.int16)[works]
    relative = np.append(groups.pay, groups.pay[groups.platforms])
    spread = 0.2 * _normal(_lucks(people, Purpose.WAGE, 1, seed))
    people.pay[:n] = trades.pay[people.occupation[:n]] * relative[group] * np.exp(spread)
    ordinary = works & ~gig
    groups.employed[:] = np.bincount(group[ordinary], minlength=len(groups) + 1)[: len(groups)]
    firms.headcount[:] = np.bincount(people.employer[:n][works], minlength=len(firms))


def _normal(luck: Floats) -> Floats:
    """Bell-shaped numbers from uniform ones: logistic, with the quartiles of the standard normal."""
    return np.log(luck / (1 - luck)) / LOGISTIC_TO_NORMAL
