"""Campus openings: posts for next summer's graduates, from October to May."""

from __future__ import annotations

from functools import lru_cache
from math import exp
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.mechanisms.ai import AI
from model.mechanisms.demand import DEMAND
from model.mechanisms.demand.firms import openings_ratio
from model.mechanisms.matching.posts import conditions_of, post_planned, withdraw_and_sort
from model.mechanisms.public_posts.offers import posts_this_month
from model.mechanisms.youth_subsidy import YOUTH_SUBSIDY
from model.mechanisms.youth_subsidy.payments import LEAST_COST
from model.randomness import Purpose

if TYPE_CHECKING:
    from model.market import Market

Floats = NDArray[np.float64]
#: However short of people firms are, campus openings grow by no more than this power of e, some fivefold (assumption).
MOST_DEMAND = 1.6


def campus_gap(market: Market) -> float:
    """Jobs filled and posted beyond what firms want, relative to the opening, averaged over a year."""
    own = DEMAND.of(market)
    return own.gap - own.gap_base if market.month >= 0 else 0.0


def _class_that_firms_see(market: Market, year: int) -> float:
    """Graduates, in million, that campus openings are made for: between the class of 2018 and that of the year."""
    sizes = market.exogenous.class_sizes
    usual, graduating = sizes[market.country.youth.usual_class], sizes[year]
    if not usual:  # a scenario without that class
        return graduating
    return float(usual * (graduating / usual) ** market.number("campus_class_elasticity"))


def _leave_for_the_market(market: Market) -> float:
    """Who is done with studying, over first degrees: who does not study on, and masters beyond their usual number."""
    shares = market.exogenous.entry.postgraduate
    years_ago = shares[max(0, market.row - market.exogenous.entry.postgraduate_months)]
    return float(1 - shares[market.row] + (years_ago - shares[0]))


@lru_cache(maxsize=4)
def _shares(occupations: int) -> tuple[Floats, Floats]:
    """Of posts closed at 35, and of posts open to beginners, on campus: none and all, whatever the occupation."""
    return np.zeros(occupations), np.ones(occupations)


def post_on_campus(market: Market) -> None:
    """Campus openings: by firms' size among jobs for graduates, by the size of the class and by how demand stands."""
    season, youth = market.month % 12, market.country.youth
    if season == youth.campus_lapses:
        market.campus.count = 0
    if season in youth.campus_months:
        number, groups = market.number, market.groups
        demand = -number("campus_demand_sensitivity") * campus_gap(market)
        seats = (
            _class_that_firms_see(market, market.calendar_year + (season >= youth.campus_months[0]))
            * 1e6
            * number("graduates_entering")
            * _leave_for_the_market(market)
            * number("campus_offers")
            * exp(min(demand, MOST_DEMAND))
            * max(LEAST_COST, YOUTH_SUBSIDY.of(market).cost - market.lever("hiring.graduate_subsidy"))
            ** -number("own_wage_elasticity")
        )
        # As if machines did nothing; the posts for beginners that they leave come last.
        share = groups.target * np.exp(-AI.of(market).work) * market.exogenous.graduate_jobs
        uncut = share * np.exp(DEMAND.of(market).cut)  # posts that layoffs cut are not offered on campus either
        wanted = seats / market.people_per_agent / len(youth.campus_months) * share / uncut.sum()
        wanted *= market.plan.campus_posts * openings_ratio(market)
        wanted[groups.state] += posts_this_month(market)
        nobody, everybody = _shares(len(market.occupation_ids))
        campus = conditions_of(market)._replace(closed_at_35=nobody, beginners=everybody, ranks_experience=0.0)
        post_planned(
            market=market,
            posts=market.campus,
            by_firm=market.firms.staffed,
            by_group=np.ones(len(groups)),
            ratio=wanted,
            carry=groups.campus_posting,
            so_far=groups.campus_posted,
            mix=market.plan.campus_mix,
            conditions=campus,
            purpose=Purpose.CAMPUS,
        )
    withdraw_and_sort(market, market.campus, 12)
