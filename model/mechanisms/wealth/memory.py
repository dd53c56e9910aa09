"""What households carry from month to month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from model.market import Market


@dataclass(slots=True)
class Households:
    """Consumption and confidence; 1 is the state of 2018-01."""

    consumption: float = 1.0  # real, relative to trend
    confidence: float = 1.0  # of consumers
    shares: tuple[float, ...] = (1 / 3, 1 / 3, 1 / 3)  # of all homes' worth, by thirds of people, the least first
    by_third: tuple[float, ...] = (1.0, 1.0, 1.0)  # consumption as above


def households(market: Market) -> Households:
    """Households at the opening."""
    homes = np.sort(market.people.home[: market.people.count])
    total = max(float(homes.sum()), 1e-9)
    return Households(shares=tuple(float(third.sum()) / total for third in np.array_split(homes, 3)))
