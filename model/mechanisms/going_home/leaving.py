"""Who goes home, and when they come back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from agents.columns import FEMALE, Hukou, PeopleArrays, Status
from agents.decisions import festivals_at_home
from model.handover import Seekers
from model.mechanisms.going_home import GOING_HOME
from model.mechanisms.matching import MATCHING
from model.randomness import Key, Purpose, draw_key, further, uniform

if TYPE_CHECKING:
    from model.market import Market

Rows = NDArray[np.int64]
_HOME, _UNEMPLOYED, _RURAL, _HUKOU = int(Status.HOME), int(Status.UNEMPLOYED), int(Hukou.MIGRANT_RURAL), FEMALE - 1


class Leaving(NamedTuple):
    """Numbers of this month."""

    goes: float
    after: int
    comes_back: float
    festivals: Rows  # months after those of the festivals to come, at last one that never comes


def leaving_rules(market: Market) -> Leaving:
    """Who goes home this month, and when they would come back."""
    number, now = market.number, MATCHING.of(market).relative(market.month)
    all_of_them = market.exogenous.homecomings
    to_come = all_of_them[all_of_them.searchsorted(market.month, "right") :]
    return Leaving(number("goes_home"), int(number("goes_home_after")), number("comes_back") * min(1.0, now), to_come)


def go_home(market: Market) -> None:
    """Let migrants from villages without work go home."""
    rules = leaving_rules(market)
    key = draw_key(market.seed, Purpose.GOING_HOME, market.month)
    people, seekers, month = market.people.arrays(), market.job_search.seekers, market.month
    gone = market.crew.sweep(
        len(seekers),
        lambda piece: leave(people, seekers[piece], month, key, rules),
        market.crew.few_pieces(len(seekers)),
    )
    GOING_HOME.of(market).people = sum(gone)


@njit(cache=True, nogil=True)
def leave(p: PeopleArrays, who: Seekers, month: int, key: Key, rules: Leaving) -> int:
    """Each seeker's choice between searching on and going home; returns how many go."""
    gone = 0
    for k in range(len(who)):
        if not who[k].searching or who[k].civil & _HUKOU != _RURAL or who[k].spell < rules.after:
            continue
        i, identity = who[k].row, who[k].identity
        if uniform(key, identity) < rules.goes and p.status[i] == _UNEMPLOYED:
            passed = festivals_at_home(rules.comes_back, uniform(further(key, 1), identity))
            p.status[i] = _HOME
            p.since[i] = month
            p.event[i] = min(p.event[i], rules.festivals[min(passed, len(rules.festivals) - 1)])
            who[k].searching = False
            gone += 1
    return gone
