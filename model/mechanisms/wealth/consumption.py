"""Consumption: what households spend as their homes, their income and their confidence move."""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING

from model.mechanisms.property import PROPERTY
from model.mechanisms.survey import SURVEY
from model.mechanisms.wages import WAGES
from model.mechanisms.wealth import WEALTH

if TYPE_CHECKING:
    from model.market import Market


def consume(market: Market) -> None:
    """Consumption: ln C = 0.14 ln(H/H0) + eta_Y ln(Y/Y0) + precaution · ln(confidence)."""
    if market.month < 0:
        return
    own, past, homes, number = WEALTH.of(market), SURVEY.of(market), PROPERTY.of(market), market.number
    worry = past.year - past.usual_rate
    own.confidence = exp(
        -number("confidence_unemployment") * worry
        - number("confidence_stalled") * homes.stalled_share
        - number("confidence_prices") * max(0.0, -homes.expectation)
        - market.exogenous.drivers.lockdown[market.row]
    )
    income = past.relative_employment * WAGES.of(market).real_wage
    worth = number("wealth_elasticity") * log(homes.price)
    others = number("income_elasticity") * log(income) + number("precaution") * log(own.confidence)
    own.consumption = exp(worth + others)
    own.by_third = tuple(exp(3 * share * worth + others) for share in own.shares)
