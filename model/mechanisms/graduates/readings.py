"""What is read off graduates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.columns import Status

if TYPE_CHECKING:
    from model.market import Market


def cost_postgraduate_places(market: Market) -> float:
    """What the budget pays for postgraduates, at this month's rate."""
    students = int(market.counts.people[Status.POSTGRADUATE].sum())
    return market.number("postgraduate_place") * students * market.people_per_agent
