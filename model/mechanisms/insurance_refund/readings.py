"""What is read off refunds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.market import Market


def cost_insurance_refund(market: Market) -> float:
    """Refunds of a year to firms that keep their staff as they do this month."""
    refund, firms = market.plan.refund, market.firms
    # Of a firm that keeps to the limit for its refund, those out of reach lay off as before.
    most = refund.allowed + (1 - refund.reach) * refund.worth + 1e-12
    staff = int(firms.headcount[firms.layoff_rate <= most].sum())
    pay = market.exogenous.mean_pay * market.wage_level
    return 12 * refund.worth * refund.reach * pay * staff * market.people_per_agent
