"""What is read off going home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanisms.going_home import GOING_HOME

if TYPE_CHECKING:
    from model.market import Market


def migrants_gone_home(market: Market) -> float:
    """People who went home this month."""
    return GOING_HOME.of(market).people * market.people_per_agent
