"""What is read off later retirement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanisms.retirement import RETIREMENT

if TYPE_CHECKING:
    from model.market import Market


def cost_retirement_delay(market: Market) -> float:
    """Pensions of a year that those whom the law holds do not draw, as a saving."""
    return -12 * market.number("pension") * RETIREMENT.of(market).held * market.people_per_agent
