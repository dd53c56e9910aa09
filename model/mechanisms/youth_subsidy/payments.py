"""Payments for young hires as what they do to the cost of hiring them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from agents.columns import Status
from agents.decisions import age_profile
from model.mechanisms.youth_subsidy import YOUTH_SUBSIDY

if TYPE_CHECKING:
    from model.market import Market

_UNEMPLOYED = int(Status.UNEMPLOYED)
#: Bits of what an employer is paid for somebody: the payment per young hire, the subsidy for graduates.
PAYMENT, SUBSIDY = 1, 2
#: Age, in months, up to which a jobless person is paid for.
YOUNG = 25 * 12
#: Age whose pay stands for that of young hires.
STARTS_AT = 22.0
#: However large a subsidy, a young hire costs an employer this share of pay: training, contributions (assumption).
LEAST_COST = 0.2


def cheapen_the_young(market: Market) -> None:
    """What a young hire costs this month, and how many more posts are open to beginners for it."""
    own, number = YOUTH_SUBSIDY.of(market), market.number
    paid = number("youth_subsidy_take_up") * market.lever("hiring.youth_subsidy")
    own.cost = max(LEAST_COST, 1 - paid / (number("youth_subsidy_months") * young_pay(market)))
    own.hires = 0.0
    if own.cost < 1:
        wanted = own.cost ** -number("own_wage_elasticity")
        market.plan.beginners = np.minimum(1.0, market.plan.beginners * wanted)


def young_pay(market: Market) -> float:
    """CNY a month that young hires earn."""
    return market.exogenous.mean_pay * market.wage_level * age_profile(STARTS_AT)


def count_paid_for(market: Market, hires: int) -> None:
    """Count hires of people who had no job and are young or graduates of the last two years."""
    YOUTH_SUBSIDY.of(market).hires += market.number("youth_subsidy_take_up") * hires


@njit(cache=True, nogil=True)
def subsidies_for(status: int, age: int, graduate: bool) -> int:
    """What an employer is paid for somebody of an age in months: for graduates and, without a job, for the young."""
    jobless_and_young = status == _UNEMPLOYED and (graduate or age < YOUNG)
    return (SUBSIDY if graduate else 0) | (PAYMENT if jobless_and_young else 0)
