"""Post vacancies: the openings firms planned become posts in occupations, with their conditions.

Some posts are closed at 35, some open to beginners, some rank experience first. From October to May firms also post
campus openings for next summer's graduates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit, uint32
from numpy.typing import NDArray

from agents.columns import CLOSED_AT_35, OPEN_TO_BEGINNERS, RANKS_EXPERIENCE, VacancyArrays
from agents.decisions import closed_at_35
from model.finite import demand_finite
from model.mechanisms.wages import WAGES
from model.randomness import Key, Purpose, draw_key, uniform

if TYPE_CHECKING:
    from agents.columns import Vacancies
    from model.market import Market

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
#: Half the width of a uniform distribution with standard deviation 1, the root of 3.
HALF_WIDTH = 1.73


#: Steps of a Kronecker sequence in five dimensions: powers of 1/x, where x^6 = x + 1 (Roberts 2018).
STEPS = tuple(1.1347241384015194**-power for power in range(1, 6))


class Conditions(NamedTuple):
    """What firms ask and pay by occupation this month."""

    closed_at_35: Floats
    beginners: Floats
    ranks_experience: float
    pay: Floats
    spread: float


def conditions_of(market: Market) -> Conditions:
    """What firms ask and pay this month."""
    return Conditions(
        market.plan.closed_at_35,
        market.plan.beginners,
        market.number("experience_first"),
        market.exogenous.trades.pay * WAGES.of(market).by_occupation,
        market.number("pay_spread"),
    )


def post(market: Market) -> None:
    """Post the month's openings and sort all open posts by who may apply."""
    groups = market.groups
    market.flows.openings = post_planned(
        market=market,
        posts=market.vacancies,
        by_firm=market.plan.firm_openings,
        by_group=market.plan.group_openings,
        ratio=market.plan.openings_scale,
        carry=groups.posting,
        so_far=groups.posted,
        mix=market.plan.mix,
        conditions=conditions_of(market),
        purpose=Purpose.VACANCY,
    )
    withdraw_and_sort(market, market.vacancies, int(market.number("vacancy_life")))
    groups.vacancies[:] = np.bincount(
        market.firms.group[market.vacancies.firm[: market.vacancies.count]], minlength=len(groups)
    )


def post_planned(
    market: Market,
    posts: Vacancies,
    by_firm: Floats,
    by_group: Floats,
    ratio: Floats,
    carry: Floats,
    so_far: Rows,
    mix: Floats,
    conditions: Conditions,
    purpose: Purpose,
) -> int:
    """Add posts: `by_firm` times its group's `ratio`, whole persons only, the rest carried to next month.

    `by_group` is the sum of `by_firm` over each group.
    """
    demand_finite(
        market,
        openings_of_firms=by_firm,
        openings_of_groups=by_group,
        scale_of_openings=ratio,
        openings_carried_over=carry,
        posts_closed_at_35=conditions.closed_at_35,
        posts_for_beginners=conditions.beginners,
        pay_offered=conditions.pay,
    )
    due = int(by_group.dot(ratio) + carry.sum()) + len(ratio) + 1
    make_room(posts, due)
    before = posts.count
    posts.count = post_openings(
        v=posts.arrays(),
        count=posts.count,
        month=market.month,
        key=draw_key(market.seed, purpose, 0),
        by_firm=by_firm,
        firm_group=market.firms.group,
        ratio=ratio,
        carry=carry,
        so_far=so_far,
        mix=mix,
        conditions=conditions,
        premium=market.firms.premium,
        age_rule=market.firms.age_rule,
        group_pay=market.groups.pay,
    )
    return posts.count - before


def make_room(posts: Vacancies, extra: int) -> None:
    """Let the columns hold `extra` more posts."""
    if posts.count + extra > len(posts.firm):
        for name in ("firm", "occupation", "flags", "offer", "posted"):
            column = getattr(posts, name)
            setattr(posts, name, np.concatenate([column, np.zeros(max(extra, len(column) // 2), column.dtype)]))


@njit(cache=True, nogil=True)
def post_openings(
    v: VacancyArrays,
    count: int,
    month: int,
    key: Key,
    by_firm: Floats,
    firm_group: NDArray[np.uint8],
    ratio: Floats,
    carry: Floats,
    so_far: Rows,
    mix: Floats,
    conditions: Conditions,
    premium: Floats,
    age_rule: Floats,
    group_pay: Floats,
) -> int:
    """Walk over the firms and post whole vacancies as the planned ones add up; returns the new number of posts.

    `mix` is cumulative over occupations by group. The walk spreads posts over firms in proportion to what they plan.
    A group's posts spread evenly over occupations and conditions too: the n-th lies at the n-th point of a Kronecker
    sequence, counted on from month to month in `so_far`. Drawn at random, the few posts of a small population would
    pile up in some occupations, where seekers then crowd, and unemployment would depend on how many are simulated.
    """
    for f in range(len(by_firm)):
        g = firm_group[f]
        due = carry[g] + by_firm[f] * ratio[g]
        while due >= 1.0:
            due -= 1.0
            so_far[g] += 1
            occupation = min(np.searchsorted(mix[g], spread(key, g, so_far[g], 0)), mix.shape[1] - 1)
            flags = 0
            if spread(key, g, so_far[g], 1) < closed_at_35(conditions.closed_at_35[occupation], age_rule[f]):
                flags |= CLOSED_AT_35
            if spread(key, g, so_far[g], 2) < conditions.beginners[occupation]:
                flags |= OPEN_TO_BEGINNERS
            if spread(key, g, so_far[g], 3) < conditions.ranks_experience:
                flags |= RANKS_EXPERIENCE
            noise = conditions.spread * (2.0 * spread(key, g, so_far[g], 4) - 1.0) * HALF_WIDTH
            v.firm[count] = f
            v.occupation[count] = occupation
            v.flags[count] = flags
            v.offer[count] = conditions.pay[occupation] * group_pay[g] * np.exp(premium[f] + noise)
            v.posted[count] = month
            count += 1
        carry[g] = due
    return count


@njit(cache=True, nogil=True)
def spread(key: Key, group: int, place: int, dimension: int) -> float:
    """A coordinate of the place-th point of a group's Kronecker sequence in five dimensions, in [0, 1)."""
    luck: float = (uniform(key, uint32(5 * group + dimension)) + place * STEPS[dimension]) % 1.0
    return luck


def withdraw_and_sort(market: Market, posts: Vacancies, life: int) -> None:
    """Drop filled and stale posts and sort the rest by occupation and block."""
    posts.count = sort_posts(posts.arrays(), posts.count, market.month - life, posts.blocks)


@njit(cache=True, nogil=True)
def block_of(flags: int) -> int:
    """Place of a post within its occupation: experienced of all ages, all, beginners under 35, experienced under 35."""
    if flags & CLOSED_AT_35:
        return 2 if flags & OPEN_TO_BEGINNERS else 3
    return 1 if flags & OPEN_TO_BEGINNERS else 0


@njit(cache=True, nogil=True)
def sort_posts(v: VacancyArrays, count: int, oldest: int, blocks: Rows) -> int:
    """Counting sort of posts by occupation and block; a post with firm -1 is filled, one posted before `oldest` stale.

    `blocks` has four entries per occupation and one at the end: where each block begins. Returns how many are left.
    """
    open_, left = np.empty(count + 1, np.int64), 0
    for j in range(count):  # without a branch: which posts are filled cannot be foreseen
        open_[left] = j
        left += (v.firm[j] >= 0) & (v.posted[j] > oldest)
    blocks[:] = 0
    for j in open_[:left]:
        blocks[4 * v.occupation[j] + block_of(v.flags[j]) + 1] += 1
    for b in range(1, len(blocks)):
        blocks[b] += blocks[b - 1]
    place = blocks.copy()
    firm, occupation, flags = v.firm[:count].copy(), v.occupation[:count].copy(), v.flags[:count].copy()
    offer, posted = v.offer[:count].copy(), v.posted[:count].copy()
    for j in open_[:left]:
        block = 4 * occupation[j] + block_of(flags[j])
        k = place[block]
        place[block] += 1
        v.firm[k], v.occupation[k], v.flags[k] = firm[j], occupation[j], flags[j]
        v.offer[k], v.posted[k] = offer[j], posted[j]
    return left
