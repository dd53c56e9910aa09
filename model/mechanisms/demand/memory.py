"""What demand for labour carries from month to month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from model.market import Market


@dataclass(slots=True)
class DemandMemory:
    """Slow variables of demand."""

    labour_force: float  # simulated persons, smoothed; who starts with an offer counts at once
    cut: NDArray[np.float64]  # by group: log of jobs that extra layoffs ended and that are not wanted back yet
    labour_force_base: float = 0.0  # the same at the opening
    losses: float = 0.0  # log total of what property, wealth, confidence and machines do to jobs
    losses_absorbed: float = 0.0  # of it, what the rest of the economy has taken up
    idle_staff: float = 0.0  # staff that firms wanted to lay off and had to keep, simulated persons
    output_trend: float = 0.0  # of what property and machines do to output, what the slow trend has taken in
    gap: float = 0.0  # jobs filled and posted beyond target, over jobs filled, averaged over a year
    gap_base: float = 0.0  # the same at the opening


def demand_memory(market: Market) -> DemandMemory:
    """Demand at the opening: it follows the labour force there is."""
    return DemandMemory(float(market.stocks.labour_force), np.zeros(len(market.groups)))
