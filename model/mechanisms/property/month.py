"""A month of the property market: it is handed income and the levers, and what jobs depend on is read off it.

The equations are in `model.mechanisms.property.market`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanisms.property.market import advance_property

if TYPE_CHECKING:
    from model.market import Market

#: A developer without sites keeps this share of its staff to finish and settle (assumption).
SKELETON_STAFF = 0.05
#: What is left of building and of sales where a market is dead, relative to 2018-01: jobs follow powers of both.
LEAST_ACTIVITY = 1e-3


def advance_homes(market: Market) -> None:
    """One month of the property market, from 2018-01 on; before it stands still in its opening state."""
    if market.month < 0:
        return
    total = market.aggregates
    jobs = (1 - total.year_of_unemployment()) / (1 - total.unemployment_base)
    advance_property(
        market.property,
        month=market.month,
        income=market.drivers.real_gdp[market.row] * jobs,
        confidence=total.confidence,
        credit_limit=market.lever("property.credit_limit"),
        purchases=market.lever("property.government_purchases"),
    )
    activity = SKELETON_STAFF + (1 - SKELETON_STAFF) * market.property.developer_activity
    market.firm_activity[market.developer_firms] = activity
    market.property_activity = max(LEAST_ACTIVITY, market.property.activity)
    market.agency_activity = max(LEAST_ACTIVITY, market.property.sales)
