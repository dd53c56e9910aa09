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
