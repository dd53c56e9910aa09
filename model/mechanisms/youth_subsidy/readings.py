"""What is read off payments for young hires."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanisms.youth_subsidy import YOUTH_SUBSIDY

if TYPE_CHECKING:
    from model.market import Market


def cost_youth_subsidy(market: Market) -> float:
    """Payments for this month's hires and for graduates who started a job they had been offered, at a yearly rate."""
    starters = market.number("youth_subsidy_take_up") * market.flows.starters
    paid_for = (YOUTH_SUBSIDY.of(market).hires + starters) * market.people_per_agent
    return 12 * market.lever("hiring.youth_subsidy") * paid_for
