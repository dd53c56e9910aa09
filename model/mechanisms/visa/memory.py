"""What the K visa carries from month to month."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from model.market import Market


@dataclass(slots=True)
class VisaMemory:
    """Holders at work, and the posts they brought."""

    extra_jobs: NDArray[np.float64]  # posts that hires have brought, by group, simulated persons
    staff: list[NDArray[np.int64]] = field(default_factory=list)  # holders at work by group, this month's last


def hires_abroad(market: Market) -> VisaMemory:
    """Nobody has come yet."""
    return VisaMemory(np.zeros(len(market.groups)))
