"""How many jobs each group of firms wants.

Target jobs of a group: share · J · (1 - u*) · exp(eta · growth gap) · (C/C0)^a (P/P0)^b (T/T0)^c · w^-e. J follows the
labour force L with elasticity kappa and else a fixed path: L^kappa path^(1-kappa), the closure of the model; P is
property activity, T technology output, w pay on offer. Of the jobs that property, wealth and confidence destroy only a
share is lost to the total at once; the rest is re-employed elsewhere.
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.mechanisms.ai import AI
from model.mechanisms.demand import DEMAND
from model.mechanisms.property import PROPERTY
from model.mechanisms.public_posts import PUBLIC_POSTS
from model.mechanisms.technology import TECHNOLOGY
from model.mechanisms.visa import VISA
from model.mechanisms.wages import WAGES
from model.mechanisms.wealth import WEALTH

if TYPE_CHECKING:
    from model.market import Market

Floats = NDArray[np.float64]


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
    losses[groups.builders] += sites * (number("construction_exposure") - groups.property[groups.builders])
    losses[groups.developers] = number("developer_staff_power") * sites
    losses[groups.agencies] = number("agency_sales_power") * log(market.plan.home_sales)
    losses += AI.of(market).work
    technology = groups.technology * (output.output - output.reference)
    technology[groups.tech] = output.jobs
    wage_elasticity = number("own_wage_elasticity")
    pay = WAGES.of(market)

    weight = share / share.sum()
    own.losses = log(float(weight.dot(np.exp(losses))))
    own.losses_absorbed += (own.losses - own.losses_absorbed) / number("reemployment_months")
    net_new = log(float(weight.dot(np.exp(technology)))) * number("technology_net_new")
    scale = exp(
        number("losses_not_reemployed") * (own.losses - own.losses_absorbed)
        + net_new
        + number("growth_elasticity") * _output_gap(market)
        - wage_elasticity * log(pay.real_wage * labour_cost(market))
    )
    wanted = share * np.exp(losses + technology) * (groups.mix @ pay.by_occupation / pay.real_wage) ** -wage_elasticity
    gig = groups.gig_jobs * float(market.exogenous.gig_trend[market.row])
    total = float(wanted.sum())
    jobs = _followed_labour_force(market) * (1 - number("slack")) * scale * (total / (total + gig))
    result: Floats = jobs * wanted / total * np.exp(-own.cut)
    return result + VISA.of(market).extra_jobs + PUBLIC_POSTS.of(market).jobs


def _output_gap(market: Market) -> float:
    """Log deviation of output from its slow trend: the realised one, with simulated property and machines for it."""
    own = DEMAND.of(market)
    extra = PROPERTY.of(market).output + AI.of(market).output
    own.output_trend += (extra - own.output_trend) / market.number("trend_memory")
    return float(market.exogenous.drivers.growth_gap[market.row] + extra - own.output_trend)


def labour_cost(market: Market) -> float:
    """Cost of the staff that works relative to its pay: staff that firms must keep without work for it is paid too."""
    return 1.0 + DEMAND.of(market).idle_staff / max(1, market.stocks.employed)


def _followed_labour_force(market: Market) -> float:
    """What total demand follows, in simulated persons: the labour force and a fixed path, weighted by kappa."""
    own, follows = DEMAND.of(market), market.number("demand_elasticity")
    gap = market.stocks.labour_force - own.labour_force
    own.labour_force += market.flows.starters + gap / market.number("demand_months")
    if market.month < 0:
        return own.labour_force
    path = own.labour_force_base * exp(market.number("fixed_path_growth") * market.month / 12)
    return float(own.labour_force**follows * path ** (1 - follows))
