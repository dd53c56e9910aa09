"""The share of posts closed at 35."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from model.market import Market

Floats = NDArray[np.float64]


def close_at_35(market: Market) -> None:
    """Scale each occupation's share of posts closed at 35, so that this month's lever is their mean over openings."""
    given = market.exogenous
    mean = market.lever("hiring.over_35_cap_share")
    market.plan.closed_at_35 = shares_of_lever(given.cap_share, given.opening_weight, mean).copy()


def shares_of_lever(shares: Floats, weight: Floats, mean: float) -> Floats:
    """As `shares_of_mean`, found once for one value of a lever, which holds for many months; not to be written to."""
    return _found_once(shares.tobytes(), weight.tobytes(), mean)


@lru_cache(maxsize=64)
def _found_once(shares: bytes, weight: bytes, mean: float) -> Floats:
    return shares_of_mean(np.frombuffer(shares), np.frombuffer(weight), mean)


def shares_of_mean(shares: Floats, weight: Floats, mean: float) -> Floats:
    """Shares scaled by one number, none above 1, whose mean over `weight` (adding up to 1) is `mean`.

    Where all that can be scaled are at 1 and the mean is not reached, the others make up what is missing: at a mean
    of 1 every share is 1.
    """
    scaled = np.zeros_like(shares)
    if mean <= 0.0:
        return scaled
    # Largest first: with the k largest at 1 the others share what is left of the mean.
    order = np.argsort(-shares)
    at_one = np.concatenate([[0.0], np.cumsum(weight[order])])
    rest = np.concatenate([np.cumsum((weight * shares)[order][::-1])[::-1], [0.0]])
    for k in range(len(shares)):
        if rest[k] <= 0.0:
            break
        scale = (mean - at_one[k]) / rest[k]
        if scale * shares[order[k]] <= 1.0:
            return np.asarray(np.minimum(1.0, scale * shares))
    scaled[shares > 0.0] = 1.0
    reached = float(weight @ scaled)
    return np.where(shares > 0.0, 1.0, max(0.0, mean - reached) / max(1e-12, 1.0 - reached))
