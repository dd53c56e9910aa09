"""The share of posts closed at 35."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from model.market import Market


def close_at_35(market: Market) -> None:
    """Scale each occupation's share of posts closed at 35 to this month's lever, which is the mean over openings."""
    scale = market.lever("hiring.over_35_cap_share") / market.exogenous.mean_cap_share
    market.plan.closed_at_35 = np.minimum(1.0, market.exogenous.cap_share * scale)
