"""A month of the property market: it is handed income and the levers, and what jobs depend on is read off it.

The equations are in `model.mechanisms.property.market`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.columns import FirmKind
from model.accounting import AccountingError
from model.finite import demand_finite
from model.mechanisms.property import CONSTANTS, PROPERTY
from model.mechanisms.property.market import PropertyMarket, advance_property, open_property_market
from model.mechanisms.survey import SURVEY
from model.mechanisms.wealth import WEALTH

if TYPE_CHECKING:
    from model.market import Market

#: A developer without sites keeps this share of its staff to finish and settle (assumption).
SKELETON_STAFF = 0.05
#: What is left of building and of sales where a market is dead, relative to 2018-01: jobs follow powers of both.
LEAST_ACTIVITY = 1e-3
#: Homes and money may differ by rounding only.
TOLERANCE = 1e-6


def homes(market: Market) -> PropertyMarket:
    """The property market at the opening."""
    values = {one.path: market.scenario.number(one.path) for one in CONSTANTS}
    return open_property_market(values, market.seed)


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
    demand_finite(market.label, income=income, confidence=confidence)
    advance_property(
        homes,
        month=market.month,
        income=income,
        confidence=confidence,
        credit_limit=market.lever("property.credit_limit"),
        purchases=market.lever("property.government_purchases"),
    )
    activity = SKELETON_STAFF + (1 - SKELETON_STAFF) * homes.developer_activity
    market.plan.firm_activity[market.firms.kind == FirmKind.DEVELOPER] = activity
    market.plan.building = max(LEAST_ACTIVITY, homes.activity)
    market.plan.home_sales = max(LEAST_ACTIVITY, homes.sales)
