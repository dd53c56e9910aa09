"""Opening a month: its books, and what comes from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.handover import Flows

if TYPE_CHECKING:
    from model.market import Market


def open_month(market: Market) -> None:
    """Open the month's books and read the level of pay."""
    market.flows = Flows()
    market.wage_level = float(market.exogenous.drivers.wage[market.row])
    market.plan.beginners = market.exogenous.junior_share.copy()
