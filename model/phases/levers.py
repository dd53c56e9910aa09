"""Opening a month: its books, what comes from outside, and the share of posts closed at 35."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.aggregates import Flows

if TYPE_CHECKING:
    from model.market import Market


def open_month(market: Market) -> None:
    """Open the month's books and read the level of pay."""
    market.flows = Flows()
    market.wage_level = float(market.drivers.wage[market.row])
    market.beginners_share = market.junior_share.copy()


def close_at_35(market: Market) -> None:
    """Scale each occupation's share of posts closed at 35 to this month's lever, which is the mean over openings."""
    scale = market.lever("hiring.over_35_cap_share") / market.mean_cap_share
    market.closed_at_35 = np.minimum(1.0, market.cap_share * scale)
