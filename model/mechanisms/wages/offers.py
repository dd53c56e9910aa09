"""Wages: offers follow tightness, occupation by occupation; who enters a slack market starts low.

A job keeps the pay it was offered until a yearly review brings it nearer to what newcomers are offered. A low start
thus fades with reviews and with changes of job.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit, uint16
from numpy.typing import NDArray

from agents.columns import Flag, PeopleArrays, Status
from agents.decisions import reviewed_pay
from model.finite import demand_finite
from model.mechanisms.survey import SURVEY
from model.mechanisms.survey.memory import memory_step
from model.mechanisms.wages import WAGES
from model.pieces import BLOCK, people_in, rows_where

if TYPE_CHECKING:
    from model.market import Market

Floats = NDArray[np.float64]
_EMPLOYED, _GIG = int(Status.EMPLOYED), int(Flag.GIG)

#: A tightness further from the usual than this (log) is the noise of a few simulated posts.
LARGEST_DEVIATION = 1.5


def set_wages(market: Market) -> None:
    """Set what new posts offer from next month on, and review the pay of those whose job has its anniversary."""
    set_offers(market)
    people, month, share = market.people.arrays(), market.month, market.number("pay_review")
    going = market.groups.pay[:, None] * (market.exogenous.trades.pay * WAGES.of(market).by_occupation)
    demand_finite(market, pay_of_new_jobs=going)
    market.crew.sweep(
        market.people.count,
        lambda piece: review_pay(
            people_in(people, piece), piece.stop - piece.start, month, share, going, market.firms.group
        ),
    )


def set_offers(market: Market) -> None:
    """Move each occupation's offers a step towards what its tightness warrants.

    Tightness is posts on offer this month over seekers, both averaged over a year: a ratio of averages does not drift
    with the number of simulated persons as an average of ratios would.
    """
    own = WAGES.of(market)
    posts = np.bincount(market.vacancies.occupation[: market.vacancies.count], minlength=len(market.occupation_ids))
    step = memory_step(market.month)
    own.posts += step * (posts - own.posts)
    own.seekers += step * (SURVEY.of(market).by_occupation - own.seekers)
    tightness = np.log((own.posts + 0.1) / (own.seekers + 0.1))
    if market.month < 0:
        own.usual_tightness = tightness
        return
    deviation = np.minimum(np.maximum(tightness - own.usual_tightness, -LARGEST_DEVIATION), LARGEST_DEVIATION)
    warranted = market.number("wage_tightness_elasticity") * deviation
    log_pay = np.log(own.by_occupation)
    own.by_occupation[:] = np.exp(log_pay + market.number("wage_adjustment") * (warranted - log_pay))
    jobs = market.exogenous.occupation_jobs
    own.real_wage = float(jobs @ own.by_occupation / jobs.sum())


@njit(cache=True, nogil=True)
def review_pay(
    p: PeopleArrays, count: int, month: int, share: float, going: Floats, firm_group: NDArray[np.uint8]
) -> None:
    """Review the pay of all who were hired in this month of an earlier year; `going` is [group, occupation]."""
    due, rows = np.empty(BLOCK, np.bool_), np.empty(BLOCK, np.int32)
    for start in range(0, count, BLOCK):
        end = min(start + BLOCK, count)
        status, since, flags = p.status[start:end], p.since[start:end], p.flags[start:end]
        for k in range(end - start):
            tenure = uint16(month - since[k])
            due[k] = (status[k] == _EMPLOYED) & (flags[k] & _GIG == 0) & (tenure > 0) & (tenure % uint16(12) == 0)
        for i in rows[: rows_where(due[: end - start], start, rows)]:
            now = going[firm_group[p.employer[i]], p.occupation[i]]
            p.pay[i] = reviewed_pay(p.pay[i], now, share)
