"""Tasks that machines take over, and the posts that fall away with them."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.mechanisms.ai import AI
from model.mechanisms.ai.memory import PostsLeft

if TYPE_CHECKING:
    from model.market import Market

Floats = NDArray[np.float64]
#: However many tasks machines can do, so much of an occupation's work is left to people (assumption).
LEAST_WORK = 0.02


def take_over(market: Market) -> None:
    """Let machines do this month's share of exposed tasks.

    Of each occupation's posts as many are lost as work: those open to beginners first, while there are any.
    """
    own, plan = AI.of(market), market.plan
    adoption = market.lever("technology.ai_adoption")
    done = np.minimum(1 - LEAST_WORK, adoption * own.exposure)
    own.share = float(own.work_by_occupation @ done)
    expected = own.expected[min(market.row, len(own.expected) - 1)].item()  # which realised output contains
    own.output = market.number("ai_output_share") * (_log_output(own.share) - _log_output(expected))
    if not done.any():
        own.work[:] = 0.0
        return
    known = adoption, market.groups.mix.tobytes()
    if own.posts is None or own.posts_of != known:  # adoption changes twice a year
        own.posts, own.posts_of = _posts_left(market, done), known
    plan.beginners, plan.mix, plan.campus_mix, plan.campus_posts, own.work[:] = (each.copy() for each in own.posts)


def _posts_left(market: Market, done: Floats) -> PostsLeft:
    """Posts and work that are left where machines have `done` a share of each occupation's."""
    given, mix = market.exogenous, market.groups.mix
    first = market.number("ai_beginners_first")
    left, beginners = 1 - done, given.junior_share
    beginners_left = np.maximum(0.0, beginners - done * (first + (1 - first) * beginners))
    usual = mix * given.asks_degree * beginners + 1e-12
    offered = mix * given.asks_degree * beginners_left + 1e-12
    return PostsLeft(
        beginners=beginners_left / left,
        mix=_cumulative(mix * left),
        campus_mix=_cumulative(offered),
        campus_posts=offered.sum(axis=1) / usual.sum(axis=1),
        work=np.log(mix @ left),
    )


def _cumulative(weight: Floats) -> Floats:
    """Cumulative shares of each group's occupations."""
    return np.cumsum(weight / weight.sum(axis=1, keepdims=True), axis=1)


def _log_output(share: float) -> float:
    """Log output per hour of people where machines do a share of the work."""
    return -log(1 - share)
