"""Demand: how many jobs each sector and firm wants.

Target jobs of a group: share · LF12 · (1 - u*) · exp(eta · growth gap) · (C/C0)^a (P/P0)^b (T/T0)^c. LF12 is the labour
force smoothed over 12 months, P property activity, T technology output. Of the jobs that property, wealth and
confidence destroy only a share is lost to the total at once; the rest is re-employed elsewhere.
That demand follows the labour force is a closure, chosen by `parameters.demand_closure`.
"""

from __future__ import annotations

from math import exp, log, sqrt
from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from numpy.typing import NDArray

from agents.columns import FirmArrays
from agents.decisions import layoff_rate, openings_rate
from model.randomness import Key, Purpose, draw_key, uniforms

if TYPE_CHECKING:
    from model.market import Market

Floats = NDArray[np.float64]
#: Sectors whose jobs follow the mechanisms and not the trend of sectors.csv.
MECHANISM_SECTORS = ("tech", "property", "construction_materials")


def set_targets(market: Market) -> None:
    """The jobs that every group of firms wants."""
    market.groups.target[:] = target_jobs(market)


def consume(market: Market) -> None:
    """Consumption: ln C = 0.14 ln(H/H0) + eta_Y ln(Y/Y0) + precaution · ln(confidence)."""
    total, number = market.aggregates, market.number
    if market.month < 0:
        return
    worry = total.year_of_unemployment() - total.unemployment_base
    homes = market.property
    total.confidence = exp(
        -number("confidence_unemployment") * worry
        - number("confidence_stalled") * homes.stalled_share
        - number("confidence_prices") * max(0.0, -homes.expectation)
        - market.drivers.lockdown[market.row]
    )
    income = (1 - total.year_of_unemployment()) / (1 - total.unemployment_base) * total.real_wage
    total.consumption = exp(
        number("wealth_elasticity") * log(homes.price)
        + number("income_elasticity") * log(income)
        + number("precaution") * log(total.confidence)
    )


def grow_technology(market: Market) -> None:
    """Technology's output grows; the jobs it supports grow by an elasticity of that."""
    if market.month < 0:
        return
    total, growth = market.aggregates, log(1 + market.lever("technology.output_growth")) / 12
    total.technology_output += growth
    total.technology_jobs += growth * market.lever("technology.jobs_elasticity")
    total.technology_reference += log(1 + market.number("technology_reference_growth")) / 12


def target_jobs(market: Market) -> Floats:
    """Jobs each group wants this month, in simulated persons."""
    groups, total, number = market.groups, market.aggregates, market.number
    share = groups.base_jobs * market.group_trend[:, market.row]
    losses = groups.consumption * log(total.consumption) + groups.property * log(market.property_activity)
    sites = log(market.property_activity)
    losses[groups.index("construction_materials")] += sites * (
        number("construction_exposure") - groups.property[groups.index("construction_materials")]
    )
    losses[groups.index("developers")] = number("developer_staff_power") * sites
    losses[groups.index("agencies")] = number("agency_sales_power") * log(market.agency_activity)
    technology = groups.technology * (total.technology_output - total.technology_reference)
    technology[groups.index("tech")] = total.technology_jobs

    weight = share / share.sum()
    total.losses = log(float(weight @ np.exp(losses)))
    total.losses_absorbed += (total.losses - total.losses_absorbed) / number("reemployment_months")
    net_new = log(float(weight @ np.exp(technology))) * number("technology_net_new")
    scale = exp(
        number("losses_not_reemployed") * (total.losses - total.losses_absorbed)
        + net_new
        + number("growth_elasticity") * market.drivers.growth_gap[market.row]
    )
    wanted = share * np.exp(losses + technology)
    gig = groups.gig_jobs * market.gig_trend[market.row]
    ordinary = wanted.sum() / (wanted.sum() + gig)
    jobs = _followed_labour_force(market) * (1 - number("slack")) * scale * ordinary
    result: Floats = jobs * wanted / wanted.sum() + market.visa.extra_jobs
    return result


def _followed_labour_force(market: Market) -> float:
    """The labour force that demand follows, in simulated persons: the closure."""
    total = market.aggregates
    total.labour_force += (
        market.starters + (market.stocks.labour_force - market.stocks.foreign - total.labour_force) / 12
    )
    if market.closure == "fixed" and market.month >= 0:
        return total.labour_force_base * exp(market.number("fixed_path_growth") * market.month / 12)
    return total.labour_force


def plan(market: Market) -> None:
    """What each firm wants, how many it lays off and how many posts it opens."""
    groups, firms, number = market.groups, market.firms, market.number
    turnover = number("base_openings") * market.churn
    plan_firms(
        firms.arrays(),
        market.firm_activity,
        draw_key(market.seed, Purpose.FIRM_SHOCK, market.month),
        groups.employed,
        groups.vacancies,
        groups.target,
        number("firm_shock_memory"),
        number("firm_shock_sd"),
        number("adjustment_speed"),
        turnover,  # staff that leave by themselves are replaced: one number stands for both base rates
        turnover * hiring_season(market),
        market.group_lever("layoffs.extra_rate"),
        market.lever("layoffs.protection"),
        market.firm_openings,
        market.group_openings,
    )
    stopped = min(1.0, number("lockdown_freeze") * market.drivers.lockdown[market.row])
    market.openings_scale = market.group_lever("hiring.openings_scale") * (1 - stopped)


def hiring_season(market: Market) -> float:
    """Usual openings of the month relative to a month without festival: who left for it is replaced after it."""
    leavers = market.number("festival_separations") * market.drivers.festival[max(0, market.row - 1)]
    return 1.0 + float(market.number("festival_replacement") * leavers)


def plan_firms(
    firms: FirmArrays,
    activity: Floats,
    key: Key,
    employed: NDArray[np.int64],
    vacancies: NDArray[np.int64],
    target: Floats,
    memory: float,
    spread: float,
    speed: float,
    base_separations: float,
    base_openings: float,
    extra: Floats,
    protection: float,
    firm_openings: Floats,
    group_openings: Floats,
) -> None:
    """Targets, layoff rates and openings of all firms.

    A firm's gap is its group's plus its own: the log of what it is staffed for over what it wants. Counting its few
    simulated heads instead would make layoffs depend on the number of simulated persons.
    """
    luck = uniforms(key, np.arange(len(firms.group), dtype=np.uint32))
    firms.shock[:] = memory * firms.shock + sqrt(1 - memory * memory) * spread / 1.81 * np.log(luck / (1 - luck))
    firms.target[:] = firms.size * np.exp(firms.shock) * activity
    excess = np.log(share_jobs(firms, len(target)))
    heads = np.maximum(1.0, employed)
    group_gap = (employed + vacancies - target) / heads
    react(
        firms,
        excess,
        group_gap,
        heads,
        target,
        speed,
        base_separations,
        base_openings,
        extra,
        protection,
        firm_openings,
        group_openings,
    )


@njit(cache=True, nogil=True, error_model="numpy")
def share_jobs(firms: FirmArrays, groups: int) -> Floats:
    """Turn targets and staff into shares of their group's; returns the staff of each firm over what it wants."""
    parts = np.zeros((2, 4, groups))  # four sums side by side: one would wait for itself
    excess = np.empty(len(firms.group))
    for f in range(len(firms.group)):
        parts[0, f & 3, firms.group[f]] += firms.target[f]
        parts[1, f & 3, firms.group[f]] += firms.staffed[f]
    scale_wanted, scale_staffed = 1.0 / parts[0].sum(axis=0), 1.0 / parts[1].sum(axis=0)
    for f in range(len(firms.group)):
        firms.target[f] *= scale_wanted[firms.group[f]]
        firms.staffed[f] *= scale_staffed[firms.group[f]]
        excess[f] = firms.staffed[f] / firms.target[f]
    return excess


@njit(cache=True, nogil=True)
def react(
    firms: FirmArrays,
    excess: Floats,
    group_gap: Floats,
    heads: Floats,
    target: Floats,
    speed: float,
    base_separations: float,
    base_openings: float,
    extra: Floats,
    protection: float,
    firm_openings: Floats,
    group_openings: Floats,
) -> None:
    """Layoffs and openings of each firm by its gap; its target in jobs, and its staff a step towards it."""
    group_openings[:] = 0.0
    for f in range(len(firms.group)):
        g, share = firms.group[f], firms.target[f]
        gap = group_gap[g] + excess[f]
        firms.layoff_rate[f] = layoff_rate(gap, base_separations, speed, extra[g], protection)
        firm_openings[f] = firms.staffed[f] * heads[g] * openings_rate(gap, base_openings, speed)
        group_openings[g] += firm_openings[f]
        firms.target[f] = share * target[g]
        firms.staffed[f] += speed * (share - firms.staffed[f])
