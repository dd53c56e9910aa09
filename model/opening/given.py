"""What a market takes as given, read from its scenario and the tables of its country."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from agents.columns import FAR_FUTURE
from model.country.cohorts import SIXTEEN, Entry, entry_rules, learnt_trades, sixteen_year_olds, trades_of_arrivals
from model.country.demand_groups import DemandGroups, demand_groups
from model.country.drivers import Drivers, known_until, load_drivers, sector_trend
from model.country.registers import registers
from model.country.tables import OccupationalStructure
from model.exogenous import Exogenous
from model.job_graph.graph import job_graph, moves_between, reach
from model.mechanisms.separations.hazards import hazard_tables
from model.mechanisms.survey.ages import age_profiles
from model.schedule import BURN_IN, FIRST_YEAR, FrozenMapping, month_index

if TYPE_CHECKING:
    from model.scenario.scenario import Scenario

Floats = NDArray[np.float64]
#: How far ahead class sizes are needed: who is sixteen in the last month graduates up to nine years later.
YEARS_AHEAD: Final = 9


def exogenous_of(scenario: Scenario, structure: OccupationalStructure, groups: DemandGroups) -> Exogenous:
    """What a market of this scenario takes as given; its replications share it where occupations are the country's."""
    country = scenario.specification.country
    return _usual(scenario) if structure is country.structure else _of_structure(scenario, structure, groups)


@lru_cache(maxsize=4)
def _usual(scenario: Scenario) -> Exogenous:
    country = scenario.specification.country
    return _of_structure(scenario, country.structure, demand_groups(country))


def _of_structure(scenario: Scenario, structure: OccupationalStructure, groups: DemandGroups) -> Exogenous:
    number, table, country = scenario.number, structure.occupations, scenario.specification.country
    pay_month = country.pay_month
    drivers, dated = _drivers(scenario), _dated(scenario)
    trend, gig_trend = _trends(scenario, groups)
    graph = job_graph(moves_between(scenario.value("parameters.job_graph"), structure, country), table.ids)
    trades = learnt_trades(groups, table, float(drivers.wage[pay_month + BURN_IN]))
    shares = registers(country, groups, table)
    asks_degree = trades.level >= 2
    graduate_mix = groups.mix * asks_degree
    beginners = graduate_mix * table.junior_share + 1e-12
    openings = (groups.base_jobs * groups.separation) @ groups.mix
    jobs = groups.base_jobs @ groups.mix
    growth = np.log(1 + number("technology_reference_growth")) * pay_month / 12
    return Exogenous(
        **dated,
        group_trend=trend,
        gig_trend=gig_trend,
        structure=structure,
        job_graph=nx.freeze(graph),  # the market sees `reach` alone: an edge added later would do nothing
        reach=reach(graph),
        trades=trades,
        arrivals=trades_of_arrivals(trades, 1 - shares.hukou[0, :, 1]),
        registers=shares,
        homecomings=np.array([*(month_index(f"{day:%Y-%m}") + 1 for day in country.festivals), FAR_FUTURE]),
        hazards=hazard_tables(number, shares.births),
        stem=table.stem,
        k_visa_open=table.k_visa_open,
        cap_share=table.age_cap_share,
        opening_weight=openings / openings.sum(),
        junior_share=table.junior_share,
        group_mix=np.cumsum(groups.mix, axis=1),
        campus_mix=np.cumsum(beginners / beginners.sum(axis=1, keepdims=True), axis=1),
        asks_degree=asks_degree,
        graduate_jobs=graduate_mix.sum(axis=1),
        usual_openings=np.where(openings > 0, openings / openings.mean(), 1.0),  # gig work has no posts
        occupation_jobs=jobs,
        mean_pay=float(jobs @ trades.pay / jobs.sum()),
        gig_pay=float(groups.gig_mix @ trades.pay) * float(groups.pay[groups.platforms]),
        age_profiles=age_profiles(),
        sector_ids=country.sector_ids,
        technology_share_base=number("technology_share_2023") * drivers.real_gdp[pay_month + BURN_IN] / np.exp(growth),
    )


@lru_cache(maxsize=4)
def with_same_past(given: Exogenous, scenario: Scenario) -> Exogenous:
    """What is given under a scenario that differs in dated values alone; replications that share `given` share it."""
    trend, gig_trend = _trends(scenario, demand_groups(scenario.specification.country))
    return replace(given, **_dated(scenario), group_trend=trend, gig_trend=gig_trend)


@lru_cache(maxsize=4)
def _dated(scenario: Scenario) -> dict[str, Any]:
    """What of it follows from dated values alone, whatever the occupations."""
    drivers, entry = _drivers(scenario), entry_rules(scenario)
    years = range(-BURN_IN, month_index(scenario.end) + 1, 12)  # by their Januaries; what holds in one holds all year
    sixteen = [sixteen_year_olds(drivers, year) for year in years]
    degrees = map(partial(entry.tertiary_share, drivers), (year - SIXTEEN for year in years), sixteen)
    return {
        "levers": _levers(scenario),
        "drivers": drivers,
        "entry": entry,
        "class_sizes": _class_sizes(scenario, entry, drivers),
        "sixteen": np.repeat(sixteen, 12),
        "degrees": np.repeat(list(degrees), 12),
    }


def _months(scenario: Scenario) -> int:
    """Months from the burn-in to the scenario's last."""
    return month_index(scenario.end) + BURN_IN + 1


def _levers(scenario: Scenario) -> Mapping[str, Floats]:
    """Every dated parameter by month from the burn-in on; per-sector ones as [sector, month]."""
    months, sectors = _months(scenario), scenario.specification.country.sector_ids
    levers: dict[str, Floats] = {}
    for parameter in scenario.specification.parameters:
        if parameter.dated and parameter.per_sector:
            stem = parameter.path.removesuffix(".SECTOR")
            each = [scenario.monthly(f"{stem}.{sector}", -BURN_IN, months) for sector in sectors]
            levers[stem] = np.array(each)
        elif parameter.dated:
            levers[parameter.path] = scenario.monthly(parameter.path, -BURN_IN, months)
    return FrozenMapping(levers)


def _drivers(scenario: Scenario) -> Drivers:
    """The outside world from the burn-in to the last month."""
    drivers = load_drivers(
        scenario.specification.country,
        -BURN_IN,
        _months(scenario) + 12 * YEARS_AHEAD,
        trend_memory=scenario.number("trend_memory"),
        growth_after_data=scenario.number("macro.growth_after_data"),
        wage_growth_after_data=scenario.number("macro.wage_growth_after_data"),
        graduates_growth_after_data=scenario.number("graduates.growth_after_data"),
        known_until=known_until(str(scenario.value("macro.outside_figures"))),
    )
    july = {year: month_index(f"{year}-07") for year in drivers.classes}
    scale = {year: scenario.monthly("graduates.cohort_scale", month, 1)[0] for year, month in july.items()}
    return replace(drivers, classes=FrozenMapping({year: size * scale[year] for year, size in drivers.classes.items()}))


def _class_sizes(scenario: Scenario, entry: Entry, drivers: Drivers) -> Mapping[int, float]:
    """Graduates by year, in million, from the burn-in to the year after the last: who firms look for on campus."""
    first, last = FIRST_YEAR - BURN_IN // 12, month_index(scenario.end) // 12 + FIRST_YEAR + 1
    years = {*range(first, last + 1), scenario.specification.country.youth.usual_class}
    return FrozenMapping({year: entry.class_size(drivers, year) for year in sorted(years)})


def _trends(scenario: Scenario, groups: DemandGroups) -> tuple[Floats, Floats]:
    """Jobs of each group, and gig work, relative to 2018-01; level in the burn-in, and where mechanisms move them."""
    trend = sector_trend(scenario.specification.country, np.arange(-BURN_IN, month_index(scenario.end) + 1))
    trend[:, :BURN_IN] = 1.0
    by_group = trend[groups.sector].copy()
    for row in (groups.tech, groups.developers, groups.agencies, groups.builders):  # whose jobs follow the mechanisms
        by_group[row] = 1.0
    return by_group, trend[groups.sector[groups.platforms]]
