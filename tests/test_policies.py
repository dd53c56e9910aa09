"""Policies with a price: who is paid for and what it costs, counted by hand, on the toy country."""

from __future__ import annotations

import numpy as np
import pytest
from toy import toy_scenario

from agents.columns import Flag, Status
from model.market import Market, simulate
from model.mechanisms.public_posts import PUBLIC_POSTS
from model.mechanisms.youth_subsidy import YOUTH_SUBSIDY
from model.schedule import month_index

SMALL = {"population": 4000, "end": "2019-12"}


def test_who_is_paid_for_is_young_or_a_graduate_and_had_no_job() -> None:
    """All the young who were unemployed last month and are hired; at most all the young who begin a job this month."""
    market = Market(toy_scenario(**SMALL, **{"hiring.youth_subsidy": 1000, "parameters.youth_subsidy_take_up": 1.0}), 1)
    market.live(month_index("2019-04"))
    people = market.people
    before = set(people.identity[: people.count][people.status[: people.count] == Status.UNEMPLOYED].tolist())
    market.advance()
    began = (people.status[: people.count] == Status.EMPLOYED) & (people.since[: people.count] == market.month)
    young = [
        i for i in np.flatnonzero(began & (people.flags[: people.count] & Flag.GIG == 0))
        if market.month - people.birth[i] < 300 or market.month - people.graduated[i] <= 24
    ]  # fmt: skip
    paid_for = YOUTH_SUBSIDY.of(market).hires
    assert 0 < sum(int(people.identity[i]) in before for i in young) <= paid_for <= len(young)
    cost = 12 * 1000 * (paid_for + market.flows.starters) * market.people_per_agent
    assert market.rows[-1]["cost_youth_subsidy"] == pytest.approx(cost)


def test_a_years_public_posts_are_jobs_from_july_on() -> None:
    """Posts from October to May add up to the lever's and cost their pay from the summer on."""
    asked = toy_scenario(**SMALL, **{"hiring.public_posts": {"2018-01": 0, "2018-10": 12_000}})
    market = Market(asked, 1)
    market.live(month_index("2019-06"))
    assert market.rows[-1]["cost_public_posts"] == 0
    market.advance()
    jobs = PUBLIC_POSTS.of(market).jobs * market.people_per_agent
    assert jobs.sum() == jobs[market.groups.state] == pytest.approx(12_000)
    assert market.rows[-1]["cost_public_posts"] > 12_000 * 12 * 2000


def test_who_pays_nothing_changes_nothing() -> None:
    """Payments that nobody gets leave every number as it was."""
    plain = toy_scenario(**SMALL, **{"hiring.youth_subsidy": 0.0, "layoffs.insurance_refund": 0.0})
    other = plain.with_values({"parameters.youth_subsidy_take_up": 1.0, "parameters.refund_reach": 0.8})
    left, right = simulate(plain, 1), simulate(other, 1)
    assert all(np.array_equal(left[name], right[name], equal_nan=True) for name in left)
