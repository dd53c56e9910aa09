"""What public posts carry from month to month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from model.market import Market


@dataclass(slots=True)
class PublicPosts:
    """Posts beyond the usual, in simulated persons."""

    jobs: NDArray[np.float64]  # by group: jobs that the state wants beyond the usual
    offered: float = 0.0  # to the class that graduates next


def public_posts(market: Market) -> PublicPosts:
    """At the opening there are none."""
    return PublicPosts(np.zeros(len(market.groups)))
