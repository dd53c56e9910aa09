"""What is read off households."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanisms.wealth import WEALTH

if TYPE_CHECKING:
    from model.market import Market


def consumption_index(market: Market) -> float:
    """Real consumption relative to trend."""
    return 100 * WEALTH.of(market).consumption


def consumer_confidence(market: Market) -> float:
    """Confidence of consumers."""
    return 100 * WEALTH.of(market).confidence
