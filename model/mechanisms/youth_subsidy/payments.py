"""Payments for young hires as what they do to the cost of hiring them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from numpy.typing import NDArray

from agents.columns import PeopleArrays, Status
from agents.decisions import age_profile
from model.mechanisms.survey.counting import GRADUATE_MONTHS
from model.mechanisms.youth_subsidy import YOUTH_SUBSIDY

if TYPE_CHECKING:
    from model.market import Market

_UNEMPLOYED = int(Status.UNEMPLOYED)
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


def count_paid_for(market: Market, rows: NDArray[np.int64]) -> None:
    """Count those of the people about to be hired who have no job and are young or graduates of the last two years."""
    of_these = jobless_and_young(market.people.arrays(), rows, market.month)
    YOUTH_SUBSIDY.of(market).hires += market.number("youth_subsidy_take_up") * of_these


@njit(cache=True, nogil=True)
def jobless_and_young(p: PeopleArrays, rows: NDArray[np.int64], month: int) -> int:
    """How many people in some rows are paid for if they are hired."""
    count = 0
    for i in rows:
        young = (month - p.birth[i] < YOUNG) | (month - p.graduated[i] <= GRADUATE_MONTHS)
        count += young & (p.status[i] == _UNEMPLOYED)
    return count
