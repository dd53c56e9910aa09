"""What machines that do tasks leave to people: arithmetic of the rule, on the toy country."""

from __future__ import annotations

import numpy as np
import pytest
from toy import toy_scenario

from model.market import Market
from model.mechanisms.ai import AI

ADOPTED = {"technology.ai_adoption": {"2018-01": 0, "2018-02": 0.3}, "end": "2018-03", "population": 2000}


def market_with(**values: float) -> Market:
    market = Market(toy_scenario(**ADOPTED | {f"parameters.{name}": value for name, value in values.items()}), 1)
    market.live(market.last_month)
    return market


def test_posts_that_ask_experience_stay_while_beginners_posts_are_left() -> None:
    """As many posts are lost as work, and all of them were open to beginners."""
    market = market_with()
    done = 0.3 * AI.of(market).exposure
    usual = market.exogenous.junior_share
    assert (done <= usual).any()
    beginners = market.plan.beginners
    asking = (1 - done) * (1 - beginners)
    assert asking[done <= usual] == pytest.approx((1 - usual)[done <= usual])
    assert (beginners[done > usual] == 0).all()


def test_where_machines_do_not_begin_with_beginners_their_share_stays() -> None:
    market = market_with(ai_beginners_first=0.0)
    assert market.plan.beginners == pytest.approx(market.exogenous.junior_share)
    assert market.plan.campus_posts.min() < 0.8, "fewer posts on campus all the same"
    assert market.plan.campus_posts.max() <= 1


def test_what_was_declared_is_in_realised_output_already() -> None:
    """Only machines beyond the declared path, here none in 2018, add to output: half of the work they do."""
    market = market_with()
    share = AI.of(market).share
    assert 0 < share < 0.3
    assert AI.of(market).output == pytest.approx(-0.5 * np.log(1 - share))
