"""Phase 1, levers: the dated values of this month take effect.

Levers are values, never changes to the state, so ending one needs no undo.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.aggregates import Flows

if TYPE_CHECKING:
    from model.market import Market


def open_levers(market: Market) -> None:
    """Start the month's books and set what levers and drivers say for it."""
    market.flows = Flows()
    market.wage_level = float(market.drivers.wage[market.row])
    scale = market.lever("hiring.over_35_cap_share") / market.mean_cap_share
    market.closed_at_35 = np.minimum(1.0, market.cap_share * scale)
