"""What a firm gets back if it keeps its staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.handover import Refund

if TYPE_CHECKING:
    from model.market import Market


def offer_refunds(market: Market) -> None:
    """Layoffs a month up to which a firm is paid, and what it is paid per head, relative to pay."""
    number = market.number
    market.plan.refund = Refund(
        allowed=number("refund_layoffs") / 12,
        worth=market.lever("layoffs.insurance_refund") * number("insurance_premium"),
        reach=number("refund_reach"),
    )
