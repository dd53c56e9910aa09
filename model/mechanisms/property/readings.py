"""What is read off the property market."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanisms.property import PROPERTY
from model.mechanisms.property.month import real_gdp

if TYPE_CHECKING:
    from model.market import Market


def house_price_index(market: Market) -> float:
    """Price of existing homes."""
    return 100 * PROPERTY.of(market).price


def home_sales_index(market: Market) -> float:
    """New homes sold by developers."""
    return 100 * PROPERTY.of(market).sales


def home_starts_index(market: Market) -> float:
    """Homes started."""
    return 100 * PROPERTY.of(market).starts


def developer_defaults(market: Market) -> float:
    """Simulated developers that have failed so far."""
    return float(PROPERTY.of(market).defaults)


def foreclosed_homes(market: Market) -> float:
    """Foreclosed homes for sale."""
    return PROPERTY.of(market).foreclosed_listed


def property_share_of_gdp(market: Market) -> float:
    """Property and all it touches over GDP: a part that rents make, and building and sales in the rest."""
    homes, fixed = PROPERTY.of(market), market.number("property_share_fixed")
    building = 0.5 * homes.activity + 0.5 * homes.sales * homes.price
    gdp = real_gdp(market)
    return float(market.number("property_share_2018") * (fixed + (1 - fixed) * building / gdp))


def gdp_index(market: Market) -> float:
    """Real GDP, with what the simulated property adds to the realised one."""
    return 100 * real_gdp(market)
