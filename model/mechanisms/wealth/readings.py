"""What is read off households."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from model.mechanisms.wealth import WEALTH

if TYPE_CHECKING:
    from model.market import Market


def consumption_index(market: Market) -> float:
    """Real consumption relative to trend."""
    return 100 * WEALTH.of(market).consumption


def _of_third(third: int, market: Market) -> float:
    return 100 * WEALTH.of(market).by_third[third]


consumption_least_housing, consumption_middle_housing, consumption_most_housing = (
    partial(_of_third, third) for third in range(3)
)


def consumer_confidence(market: Market) -> float:
    """Confidence of consumers."""
    return 100 * WEALTH.of(market).confidence
