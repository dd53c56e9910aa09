"""What is read off refunds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from numpy.typing import NDArray

if TYPE_CHECKING:
    from model.market import Market


def cost_insurance_refund(market: Market) -> float:
    """Refunds of a year to firms that keep their staff as they do this month."""
    refund, firms = market.plan.refund, market.firms
    # Of a firm that keeps to the limit for its refund, those out of reach lay off as before.
    most = refund.allowed + (1 - refund.reach) * refund.worth + 1e-12
    staff = staff_kept(firms.headcount, firms.layoff_rate, most)
    pay = market.exogenous.mean_pay * market.wage_level
    return 12 * refund.worth * refund.reach * pay * staff * market.people_per_agent


@njit(cache=True, nogil=True)
def staff_kept(headcount: NDArray[np.int32], layoff_rate: NDArray[np.float64], most: float) -> int:
    """Staff of the firms that lay off no more than that share of it."""
    staff = 0
    for firm in range(len(headcount)):
        staff += headcount[firm] if layoff_rate[firm] <= most else 0
    return staff
