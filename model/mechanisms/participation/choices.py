"""Participation: some seekers give up, some stay at home to care, some take gig work.

Who waits for an exam or studies on left the market at graduation and comes back on a date (phase 2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from agents.columns import FEMALE, Flag, PeopleArrays, Status
from agents.decisions import discouragement, gig_chance, month_of_return
from model.country.registers import OLDEST
from model.finite import demand_finite
from model.handover import VISITOR, Seekers
from model.randomness import Key, Purpose, draw_key, further, uniform

if TYPE_CHECKING:
    from model.market import Market

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
#: Ages between which people leave the labour force for care.
CARE_FROM, CARE_TO = 25 * 12, 55 * 12

_HOME, _DISCOURAGED, _EMPLOYED = int(Status.HOME), int(Status.DISCOURAGED), int(Status.EMPLOYED)
_GIG, _EXPERIENCED = int(Flag.GIG), int(Flag.EXPERIENCED)


class ParticipationRules(NamedTuple):
    """Numbers of this phase."""

    gives_up: float
    discouraged_months: float
    home_exit: float  # of women, for other care than of a small child
    home_exit_men: float
    home_return: float
    child: Floats  # [gender and hukou, age] for a small child
    child_months: float
    gig_income: float  # CNY a month at the wage level of 2018-01
    gig_going: float


def participation_rules(market: Market) -> ParticipationRules:
    """Numbers of this month; gig work pays less the more people share its usual jobs."""
    number, given = market.number, market.exogenous
    usual = market.groups.gig_jobs * 1e6 * float(given.gig_trend[market.row]) / market.people_per_agent
    return ParticipationRules(
        number("discouragement_rate"),
        number("discouraged_months"),
        number("home_exit"),
        number("home_exit_men"),
        number("home_return"),
        given.hazards.child,
        given.hazards.child_months,
        given.gig_pay * (usual / max(1.0, float(market.stocks.gig))) ** number("gig_saturation"),
        number("gig_going"),
    )


def participate(market: Market) -> None:
    """Let seekers without a job give up, stay at home or take gig work."""
    rules = participation_rules(market)
    people, firms, month, seekers = market.people.arrays(), market.firms, market.month, market.job_search.seekers
    demand_finite(market, income_of_gig_work=rules.gig_income)
    (platforms,) = (firms.group == market.groups.platforms).nonzero()
    keys = draw_key(market.seed, Purpose.PARTICIPATION, month), draw_key(market.seed, Purpose.GIG, month)

    def choose(piece: slice) -> NDArray[np.int32]:
        staff = np.zeros(len(firms), np.int32)
        leave_or_drive(people, seekers[piece], month, *keys, rules, platforms, staff)
        return staff

    for staff in market.crew.sweep(len(seekers), choose, market.crew.few_pieces(len(seekers))):
        firms.headcount += staff


@njit(cache=True, nogil=True)
def home_exit(civil: int, age: int, rules: ParticipationRules) -> float:
    """Chance that somebody of an age in months stays at home for other care than of a small child."""
    if not CARE_FROM <= age < CARE_TO:
        return 0.0
    return rules.home_exit if civil & FEMALE else rules.home_exit_men


@njit(cache=True, nogil=True)
def leave_or_drive(
    p: PeopleArrays,
    who: Seekers,
    month: int,
    key: Key,
    gig_key: Key,
    rules: ParticipationRules,
    platforms: Rows,
    headcount: NDArray[np.int32],
) -> None:
    """Each seeker's choice between searching on, giving up, home and gig work."""
    for k in range(len(who)):
        if not who[k].searching or who[k].skill == VISITOR:
            continue
        i, identity, spell, age = who[k].row, who[k].identity, who[k].spell, who[k].age
        luck = uniform(key, identity)
        gives_up = discouragement(spell, rules.gives_up)
        stays_home = home_exit(who[k].civil, age, rules)
        child = rules.child[who[k].civil, min(age // 12, OLDEST)]
        if luck < gives_up + stays_home + child:
            mean = rules.discouraged_months
            if luck >= gives_up:
                mean = 1.0 / rules.home_return if luck < gives_up + stays_home else rules.child_months
            p.status[i] = _HOME if luck >= gives_up else _DISCOURAGED
            p.event[i] = month_of_return(p.event[i], month, mean, uniform(further(key, 1), identity))
            p.since[i] = month
            who[k].searching = False
            continue
        if spell < 1:
            continue
        luck = uniform(gig_key, identity)
        chance = gig_chance(rules.gig_income, who[k].asks, rules.gig_going)
        if luck < chance:
            firm = platforms[min(len(platforms) - 1, int(luck / chance * len(platforms)))]
            p.status[i] = _EMPLOYED
            p.employer[i] = firm
            p.since[i] = month
            p.pay[i] = rules.gig_income
            p.flags[i] |= _GIG | _EXPERIENCED
            headcount[firm] += 1
            who[k].searching = False
