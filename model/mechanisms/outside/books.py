"""Opening a month: its books, and what comes from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.handover import Flows

if TYPE_CHECKING:
    from model.market import Market


def open_month(market: Market) -> None:
    """Open the month's books and read the level of pay."""
    market.flows = Flows()
    market.wage_level = float(market.exogenous.drivers.wage[market.row])
    given, plan = market.exogenous, market.plan
    plan.beginners, plan.mix, plan.campus_mix = given.junior_share.copy(), given.group_mix, given.campus_mix
    plan.campus_posts = np.ones(len(market.groups))
