"""A month of the property market: it is handed income and the levers, and what jobs depend on is read off it.

The equations are in `model.mechanisms.property.market`.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, log
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agents.columns import FirmKind
from model.accounting import AccountingError
from model.finite import demand_finite
from model.mechanisms.ai import AI
from model.mechanisms.property import CONSTANTS, PROPERTY
from model.mechanisms.property.market import PropertyMarket, advance_property, open_property_market
from model.mechanisms.survey import SURVEY
from model.mechanisms.wealth import WEALTH
from model.scenario.scenario import default_scenario
from model.schedule import BURN_IN, month_index

if TYPE_CHECKING:
    from model.market import Market
    from model.specification import Specification

Floats = NDArray[np.float64]
#: A developer without sites keeps this share of its staff to finish and settle (assumption).
SKELETON_STAFF = 0.05
#: What is left of building and of sales where a market is dead, relative to 2018-01: jobs follow powers of both.
LEAST_ACTIVITY = 1e-3
#: Over how many months what is sold and started becomes output: about the time of building (assumption).
OUTPUT_MONTHS = 18.0
#: Homes and money may differ by rounding only.
TOLERANCE = 1e-6


def homes(market: Market) -> PropertyMarket:
    """The property market at the opening."""
    values = {one.path: market.scenario.number(one.path) for one in CONSTANTS}
    opened = open_property_market(values, market.seed)
    opened.history = _history(market)
    return opened


def _history(market: Market) -> Floats:
    """Homes sold and started by month as this model has them under what is declared: what realised output contains."""
    scenario = market.scenario
    income = market.exogenous.drivers.real_gdp[BURN_IN : month_index(scenario.end) + BURN_IN + 1]
    return _alone(scenario.specification, scenario.number("property.developers"), market.seed, income.tobytes())


@lru_cache(maxsize=256)
def _alone(specification: Specification, developers: float, seed: int, realised: bytes) -> Floats:
    """The property of a seed, alone: with every price, rule and lever at its default, and the realised income."""
    known, income = default_scenario(specification), np.frombuffer(realised)
    values = {one.path: known.number(one.path) for one in CONSTANTS}
    values["property.developers"] = developers
    alone, months = open_property_market(values, seed), len(income)
    limit, bought = (known.monthly(f"property.{name}", 0, months) for name in ("credit_limit", "government_purchases"))
    path = np.ones(months)
    for month in range(months):
        advance_property(
            alone,
            month=month,
            income=float(income[month]),
            confidence=1.0,
            credit_limit=float(limit[month]),
            purchases=float(bought[month]),
        )
        path[month] = _sold_and_started(alone)
    return path


def _sold_and_started(homes: PropertyMarket) -> float:
    """Homes sold and started relative to 2018-01."""
    return max(LEAST_ACTIVITY, (homes.sales + homes.starts) / 2)


def close_books(market: Market) -> None:
    """Homes and developers' money add up; raises `AccountingError` where they do not."""
    gap = PROPERTY.of(market).largest_violation()
    if not gap <= TOLERANCE:
        raise AccountingError(f"{market.label}: homes or developers' money do not add up (off by {gap:.1e})")


def advance_homes(market: Market) -> None:
    """One month of the property market, from 2018-01 on; before it stands still in its opening state."""
    if market.month < 0:
        return
    homes, confidence = PROPERTY.of(market), WEALTH.of(market).confidence
    income = float(market.exogenous.drivers.real_gdp[market.row] * SURVEY.of(market).relative_employment)
    demand_finite(market, income=income, confidence=confidence)
    advance_property(
        homes,
        month=market.month,
        income=income,
        confidence=confidence,
        credit_limit=market.lever("property.credit_limit"),
        purchases=market.lever("property.government_purchases"),
    )
    if market.month >= len(homes.history):  # a fork that goes on for longer
        homes.history = _history(market)
    built = _sold_and_started(homes) / homes.history[market.month]
    share = market.number("property_share_2018") * (1 - market.number("property_share_fixed"))
    homes.output += (share * log(built) - homes.output) / OUTPUT_MONTHS
    activity = SKELETON_STAFF + (1 - SKELETON_STAFF) * homes.developer_activity
    market.plan.firm_activity[market.firms.kind == int(FirmKind.DEVELOPER)] = activity
    market.plan.building = max(LEAST_ACTIVITY, homes.activity)
    market.plan.home_sales = max(LEAST_ACTIVITY, homes.sales)


def real_gdp(market: Market) -> float:
    """Real GDP relative to 2018-01: the realised one, with simulated property and machines in place of the realised."""
    return float(market.exogenous.drivers.real_gdp[market.row] * exp(PROPERTY.of(market).output + AI.of(market).output))
