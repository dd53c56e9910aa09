"""Phase 9, wages: offers follow tightness, occupation by occupation; who enters a slack market starts low.

A job keeps the pay it was offered, so a low start lasts until the next job.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.aggregates import memory_step

if TYPE_CHECKING:
    from model.market import Market

#: A tightness further from the usual than this (log) is the noise of a few simulated posts.
LARGEST_DEVIATION = 1.5


def set_offers(market: Market) -> None:
    """Move each occupation's offers a step towards what its tightness warrants.

    Tightness is posts on offer this month over seekers, both averaged over a year: a ratio of averages does not drift
    with the number of simulated persons as an average of ratios would.
    """
    total = market.aggregates
    posts = np.bincount(market.vacancies.occupation[: market.vacancies.count], minlength=len(market.occupation_ids))
    step = memory_step(market.month)
    total.posts += step * (posts - total.posts)
    total.seekers += step * (market.unemployed_by_occupation - total.seekers)
    tightness = np.log((total.posts + 0.1) / (total.seekers + 0.1))
    if market.month < 0:
        total.usual_tightness = tightness
        return
    deviation = np.clip(tightness - total.usual_tightness, -LARGEST_DEVIATION, LARGEST_DEVIATION)
    warranted = market.number("wage_tightness_elasticity") * deviation
    log_pay = np.log(market.occupation_pay)
    market.occupation_pay[:] = np.exp(log_pay + market.number("wage_adjustment") * (warranted - log_pay))
    jobs = market.occupation_jobs
    total.real_wage = float(jobs @ market.occupation_pay / jobs.sum())
