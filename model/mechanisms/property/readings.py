"""What is read off the property market."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.market import Market


def house_price_index(market: Market) -> float:
    """Price of existing homes."""
    return 100 * market.property.price


def home_sales_index(market: Market) -> float:
    """New homes sold by developers."""
    return 100 * market.property.sales


def home_starts_index(market: Market) -> float:
    """Homes started."""
    return 100 * market.property.starts


def developer_defaults(market: Market) -> float:
    """Simulated developers that have failed so far."""
    return float(market.property.defaults)


def foreclosed_homes(market: Market) -> float:
    """Foreclosed homes for sale."""
    return market.property.foreclosed_listed


def property_share_of_gdp(market: Market) -> float:
    """Property and all it touches over GDP: a part that rents make, and building and sales in the rest."""
    homes, fixed = market.property, market.number("property_share_fixed")
    building = 0.5 * homes.activity + 0.5 * homes.sales * homes.price
    gdp = market.drivers.real_gdp[market.row]
    return float(market.number("property_share_2018") * (fixed + (1 - fixed) * building / gdp))
