"""What wages carry from month to month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from model.market import Market

Floats = NDArray[np.float64]


@dataclass(slots=True)
class Offers:
    """What new posts offer, and the tightness that offers follow."""

    by_occupation: Floats  # relative to 2018-01
    posts: Floats  # on offer by occupation, averaged over a year
    seekers: Floats  # the same for seekers
    usual_tightness: Floats  # log of their ratio at the opening
    real_wage: float = 1.0  # mean pay on offer, over the jobs of the opening


def offers(market: Market) -> Offers:
    """Offers at the opening."""
    count = len(market.occupation_ids)
    return Offers(np.ones(count), np.zeros(count), np.zeros(count), np.zeros(0))
