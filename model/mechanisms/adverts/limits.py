"""Which posts want a man, and which a woman."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit, uint32
from numpy.typing import NDArray

from agents.columns import CLOSED_AT_35, FOR_MEN, FOR_WOMEN, Hukou, VacancyArrays
from model.mechanisms.age_35.limits import shares_of_lever
from model.randomness import Key, Purpose, draw_key, uniform

if TYPE_CHECKING:
    from model.market import Market

Floats = NDArray[np.float64]
_LOCAL = int(Hukou.LOCAL)
#: Step of a sequence that fills (0, 1) evenly: the golden ratio less one.
GOLDEN = 0.6180339887498949


def ask_for_one_gender(market: Market) -> None:
    """Limit some of the posts of the month, on campus and elsewhere."""
    given = market.exogenous
    if (mean := market.lever("hiring.one_gender_share")) > 0:
        shares = shares_of_lever(given.registers.one_gender, given.opening_weight, mean)
        key, twist = draw_key(market.seed, Purpose.ADVERTS, market.month), market.number("age_twist")
        for draw, posts in enumerate((market.vacancies, market.campus)):
            limit(posts.arrays(), posts.count, market.month, shares, given.registers.women, twist, key, draw)


@njit(cache=True, nogil=True)
def limit(
    v: VacancyArrays, count: int, month: int, shares: Floats, women: Floats, twist: float, key: Key, draw: int
) -> None:
    """Spread the limits evenly over the new posts of each occupation, which lie side by side."""
    start, new = uniform(key, uint32(draw)), 0
    for j in range(count):
        if v.posted[j] != month:
            continue
        luck = (start + GOLDEN * new) % 1.0
        new += 1
        share, there = shares[v.occupation[j]], women[_LOCAL, v.occupation[j]]
        if luck < share:
            odds = there * (twist if v.flags[j] & CLOSED_AT_35 else 1 / twist)
            v.flags[j] |= FOR_WOMEN if luck < share * (odds / (odds + 1 - there)) else FOR_MEN
