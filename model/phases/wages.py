"""Phase 9, wages: offers follow tightness, occupation by occupation; who enters a slack market starts low.

A job keeps the pay it was offered, so a low start lasts until the next job.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from model.market import Market

#: Months over which an occupation's tightness is averaged before offers look at it (assumption).
TIGHTNESS_MEMORY = 12.0


def set_offers(market: Market) -> None:
    """Move each occupation's offers a step towards what its tightness warrants."""
    posts = np.bincount(market.vacancies.occupation[: market.vacancies.count], minlength=len(market.occupation_ids))
    seekers = market.unemployed_by_occupation
    tightness = (posts + 0.5) / (seekers + 0.5)
    market.occupation_tightness += (tightness - market.occupation_tightness) / TIGHTNESS_MEMORY
    if market.month < 0:
        market.occupation_tightness_base[:] = market.occupation_tightness
        return
    warranted = market.number("wage_tightness_elasticity") * np.log(
        market.occupation_tightness / market.occupation_tightness_base
    )
    log_pay = np.log(market.occupation_pay)
    market.occupation_pay[:] = np.exp(log_pay + market.number("wage_adjustment") * (warranted - log_pay))
    jobs = market.occupation_jobs
    market.aggregates.real_wage = float(jobs @ market.occupation_pay / jobs.sum())
