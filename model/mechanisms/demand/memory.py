"""What demand for labour carries from month to month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.market import Market


@dataclass(slots=True)
class DemandMemory:
    """Slow variables of demand."""

    labour_force: float  # simulated natives, smoothed over 12 months; who starts with an offer counts at once
    labour_force_base: float = 0.0  # the same at the opening
    losses: float = 0.0  # log total of what property, wealth and confidence do to jobs
    losses_absorbed: float = 0.0  # of it, what the rest of the economy has taken up
    gap: float = 0.0  # jobs filled and posted beyond target, over jobs filled, averaged over a year
    gap_base: float = 0.0  # the same at the opening


def demand_memory(market: Market) -> DemandMemory:
    """Demand at the opening: it follows the labour force there is."""
    return DemandMemory(float(market.stocks.labour_force))
