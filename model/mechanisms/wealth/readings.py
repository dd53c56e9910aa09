"""What is read off households."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.market import Market


def consumption_index(market: Market) -> float:
    """Real consumption relative to trend."""
    return 100 * market.aggregates.consumption


def consumer_confidence(market: Market) -> float:
    """Confidence of consumers."""
    return 100 * market.aggregates.confidence
