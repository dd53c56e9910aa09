"""What is read off the work of machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanisms.ai import AI

if TYPE_CHECKING:
    from model.market import Market


def ai_work_share(market: Market) -> float:
    """Share of all work that machines do."""
    return AI.of(market).share
