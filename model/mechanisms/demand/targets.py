"""How many jobs each group of firms wants.

Target jobs of a group: share · LF12 · (1 - u*) · exp(eta · growth gap) · (C/C0)^a (P/P0)^b (T/T0)^c. LF12 is the labour
force smoothed over 12 months, P property activity, T technology output. Of the jobs that property, wealth and
confidence destroy only a share is lost to the total at once; the rest is re-employed elsewhere.
That demand follows the labour force is a closure, chosen by `parameters.demand_closure`.
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.mechanisms.demand import DEMAND
from model.mechanisms.technology import TECHNOLOGY
from model.mechanisms.visa import VISA
from model.mechanisms.wealth import WEALTH

if TYPE_CHECKING:
    from model.market import Market

Floats = NDArray[np.float64]
#: Sectors whose jobs follow the mechanisms and not the trend of sectors.csv.
MECHANISM_SECTORS = ("tech", "property", "construction_materials")


def set_targets(market: Market) -> None:
    """The jobs that every group of firms wants."""
    market.groups.target[:] = target_jobs(market)


def target_jobs(market: Market) -> Floats:
    """Jobs each group wants this month, in simulated persons."""
    groups, own, number = market.groups, DEMAND.of(market), market.number
    output = TECHNOLOGY.of(market)
    share = groups.base_jobs * market.exogenous.group_trend[:, market.row]
    losses = groups.consumption * log(WEALTH.of(market).consumption) + groups.property * log(market.plan.building)
    sites = log(market.plan.building)
    losses[groups.index("construction_materials")] += sites * (
        number("construction_exposure") - groups.property[groups.index("construction_materials")]
    )
    losses[groups.index("developers")] = number("developer_staff_power") * sites
    losses[groups.index("agencies")] = number("agency_sales_power") * log(market.plan.home_sales)
    technology = groups.technology * (output.output - output.reference)
    technology[groups.index("tech")] = output.jobs

    weight = share / share.sum()
    own.losses = log(float(weight @ np.exp(losses)))
    own.losses_absorbed += (own.losses - own.losses_absorbed) / number("reemployment_months")
    net_new = log(float(weight @ np.exp(technology))) * number("technology_net_new")
    scale = exp(
        number("losses_not_reemployed") * (own.losses - own.losses_absorbed)
        + net_new
        + number("growth_elasticity") * market.exogenous.drivers.growth_gap[market.row]
    )
    wanted = share * np.exp(losses + technology)
    gig = groups.gig_jobs * market.exogenous.gig_trend[market.row]
    ordinary = wanted.sum() / (wanted.sum() + gig)
    jobs = _followed_labour_force(market) * (1 - number("slack")) * scale * ordinary
    result: Floats = jobs * wanted / wanted.sum() + VISA.of(market).extra_jobs
    return result


def _followed_labour_force(market: Market) -> float:
    """The labour force that demand follows, in simulated persons: the closure."""
    own = DEMAND.of(market)
    own.labour_force += (
        market.flows.starters + (market.stocks.labour_force - market.stocks.foreign - own.labour_force) / 12
    )
    if market.exogenous.closure == "fixed" and market.month >= 0:
        return own.labour_force_base * exp(market.number("fixed_path_growth") * market.month / 12)
    return own.labour_force
