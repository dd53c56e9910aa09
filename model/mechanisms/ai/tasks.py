"""Tasks that machines take over, and the posts that fall away with them."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

import numpy as np

from model.mechanisms.ai import AI

if TYPE_CHECKING:
    from model.market import Market

#: However many tasks machines can do, so much of an occupation's work is left to people (assumption).
LEAST_WORK = 0.02


def take_over(market: Market) -> None:
    """Let machines do this month's share of exposed tasks.

    Of each occupation's posts as many are lost as work: those open to beginners first, while there are any.
    """
    own, given, plan = AI.of(market), market.exogenous, market.plan
    adoption = market.lever("technology.ai_adoption")
    done = np.minimum(1 - LEAST_WORK, adoption * own.exposure)
    own.share = float(own.work_by_occupation @ done)
    own.output = market.number("ai_output_share") * (_log_output(own.share) - _log_output(_expected(market)))
    if not done.any():
        own.work[:] = 0.0
        return
    first = market.number("ai_beginners_first")
    left, beginners = 1 - done, given.junior_share
    beginners_left = np.maximum(0.0, beginners - done * (first + (1 - first) * beginners))
    own.work[:] = np.log(market.groups.mix @ left)
    plan.beginners = beginners_left / left
    mix = market.groups.mix * left
    plan.mix = np.cumsum(mix / mix.sum(axis=1, keepdims=True), axis=1)
    usual = market.groups.mix * given.asks_degree * beginners + 1e-12
    offered = market.groups.mix * given.asks_degree * beginners_left + 1e-12
    plan.campus_mix = np.cumsum(offered / offered.sum(axis=1, keepdims=True), axis=1)
    plan.campus_posts = offered.sum(axis=1) / usual.sum(axis=1)


def _expected(market: Market) -> float:
    """Share of all work that machines do on the declared path, which realised output contains."""
    own = AI.of(market)
    return float(own.expected[min(market.row, len(own.expected) - 1)] * (own.work_by_occupation @ own.exposure))


def _log_output(share: float) -> float:
    """Log output per hour of people where machines do a share of the work."""
    return -log(1 - share)
