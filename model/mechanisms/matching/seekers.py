"""Who searches, and what search, firms and their own choices ask about them.

People lie far apart in their columns, so what a month asks of seekers is read once into records that lie side by side:
see `model.handover.SEEKER`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from agents.columns import Flag, PeopleArrays, Status
from agents.decisions import age_in_years, age_penalty, application_chance, asked_share, reservation_pay, spell_penalty
from model.handover import NOT_STEM, SEEKER, STEM, VISITOR, SearchRules, Seekers
from model.mechanisms.youth_subsidy.payments import subsidies_for

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from model.market import Market

_EMPLOYED, _UNEMPLOYED = int(Status.EMPLOYED), int(Status.UNEMPLOYED)
_STEM, _EXPERIENCED, _FOREIGN = int(Flag.STEM), int(Flag.EXPERIENCED), int(Flag.FOREIGN)


def seekers_in(market: Market, rows: NDArray[np.int64], rules: SearchRules) -> Seekers:
    """The people in some rows as seekers."""
    seekers, people = np.empty(len(rows), SEEKER), market.people.arrays()
    market.crew.sweep(
        len(rows),
        lambda piece: read_seekers(people, rows[piece], market.month, rules, seekers[piece]),
        market.crew.few_pieces(len(rows)),
    )
    return seekers


@njit(cache=True, nogil=True)
def read_seekers(p: PeopleArrays, rows: NDArray[np.int64], month: int, rules: SearchRules, who: Seekers) -> None:
    """Fill in the records of the people in some rows, who all search."""
    for k in range(len(who)):
        i = rows[k]
        who[k].row, who[k].searching = i, True
        status, flags, months = p.status[i], p.flags[i], month - p.birth[i]
        spell, age = (month - p.since[i] if status == _UNEMPLOYED else 0), age_in_years(month, p.birth[i])
        who[k].identity, who[k].spell, who[k].age = p.identity[i], spell, months
        who[k].civil, who[k].occupation, who[k].education = p.civil[i], p.occupation[i], p.education[i]
        who[k].kind = (2 if age >= 35.0 else 0) + (0 if flags & _EXPERIENCED else 1)
        who[k].skill = VISITOR if flags & _FOREIGN else (STEM if flags & _STEM else NOT_STEM)
        who[k].chance = chance_to_apply(status, spell, flags, rules)
        who[k].asks = pay_asked(status, p.pay[i], spell, p.home[i], rules)
        who[k].discount = age_penalty(age, rules.age_floor) * spell_penalty(spell, rules.spell_floor)
        who[k].subsidies = subsidies_for(status, months, month - p.graduated[i] <= rules.graduate_months)


@njit(cache=True, nogil=True)
def chance_to_apply(status: int, spell: int, flags: int, rules: SearchRules) -> float:
    """Chance that a seeker gets an application out; who works and looks elsewhere has drawn that already."""
    chance = 1.0 if status == _EMPLOYED else application_chance(spell, rules.effective, rules.long_term)
    return chance * rules.friction if flags & _FOREIGN else chance


@njit(cache=True, nogil=True)
def pay_asked(status: int, pay: float, spell: int, home: float, rules: SearchRules) -> float:
    """Pay below which somebody does not apply: of who works what the job pays, without one a share of last pay.

    Students on campus ask for nothing.
    """
    if status == _UNEMPLOYED:
        share = asked_share(rules.share, home, rules.house_price, rules.wealth)
        return reservation_pay(pay, spell, share, rules.decay)
    return pay if status == _EMPLOYED else 0.0
