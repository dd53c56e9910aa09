"""Which posts want a man, and which a woman."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.columns import CLOSED_AT_35, FOR_MEN, FOR_WOMEN, Hukou
from model.mechanisms.age_35.limits import shares_of_mean
from model.randomness import Purpose, draw_key, uniform

if TYPE_CHECKING:
    from agents.columns import Vacancies
    from model.market import Market

#: Step of a sequence that fills (0, 1) evenly: the golden ratio less one.
GOLDEN = 0.6180339887498949


def ask_for_one_gender(market: Market) -> None:
    """Limit some of the posts of the month, on campus and elsewhere."""
    if (mean := market.lever("hiring.one_gender_share")) > 0:
        shares = shares_of_mean(market.exogenous.registers.one_gender, market.exogenous.opening_weight, mean)
        for draw, posts in enumerate((market.vacancies, market.campus)):
            start = uniform(draw_key(market.seed, Purpose.ADVERTS, market.month), np.uint32(draw))
            limit(market, posts, shares, start)


def limit(market: Market, posts: Vacancies, shares: np.ndarray[tuple[int], np.dtype[np.float64]], start: float) -> None:
    """Spread the limits evenly over the new posts of each occupation, which lie side by side."""
    new = np.flatnonzero(posts.posted[: posts.count] == market.month)
    flags, occupation = posts.flags[new], posts.occupation[new]
    women = market.exogenous.registers.women[int(Hukou.LOCAL), occupation]
    twist = market.number("age_twist") ** np.where(flags & CLOSED_AT_35, 1, -1)
    luck = (start + GOLDEN * np.arange(len(new))) % 1
    wants_women = women * twist / (women * twist + 1 - women)
    limited = np.where(luck < shares[occupation] * wants_women, FOR_WOMEN, FOR_MEN)
    posts.flags[new] = flags | np.where(luck < shares[occupation], limited, 0).astype(np.uint8)
