"""Consumption: what households spend as their homes, their income and their confidence move."""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.market import Market


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
