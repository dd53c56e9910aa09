"""Visa: people abroad apply, some arrive and search without a sponsor; hires bring posts to their firms.

Applications reach the quota's places by chance, so arrivals are Q (1 - exp(-A / Q)): never more than the quota Q or the
applicants A, and close to the smaller when they differ. Applicants rise with pay in the jobs
open to them and with talent turned away from the US, and fall with backlash.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agents.columns import FIRST_FOREIGN_IDENTITY, NEVER, NOBODY, Education, Flag, Status
from model.accounting import AccountingError
from model.country.registers import register
from model.mechanisms.backlash import BACKLASH
from model.mechanisms.visa import VISA
from model.mechanisms.visa.memory import VisaMemory
from model.mechanisms.wages import WAGES
from model.randomness import FOR_GOOD, Purpose, draw_key, uniforms

if TYPE_CHECKING:
    from model.market import Market

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
#: Reported ages of K-visa holders (visa.csv k_visa_age_limit_reported_upper is 45; the young are meant).
YOUNGEST, OLDEST = 22, 40


def visa(market: Market) -> None:
    """Admit this month's arrivals; count the posts that earlier hires brought."""
    _extra_jobs(market)
    quota = market.lever("visa.annual_quota")
    if quota <= 0 or BACKLASH.of(market).suspended(market.month):
        market.flows.k_visa_arrivals = 0
        return
    count = market.whole("visa arrivals", admitted(quota, applicants(market)) / 12)
    market.flows.k_visa_arrivals = count
    if count:
        _arrive(market, count)


def close_books(market: Market) -> None:
    """Arrivals keep to the quota, a simulated person of rounding aside; raises `AccountingError` where they do not."""
    quota = market.lever("visa.annual_quota") / 12
    if market.flows.k_visa_arrivals * market.people_per_agent > quota + market.people_per_agent:
        raise AccountingError(f"{market.label}: more K-visa arrivals than the quota allows")


def admitted(quota: float, applying: float) -> float:
    """People a year who are admitted when applications meet the places of a quota by chance."""
    return quota * (1 - exp(-applying / quota))


def applicants(market: Market) -> float:
    """People a year who would come."""
    pay = WAGES.of(market).by_occupation[market.exogenous.k_visa_open].mean()
    turned_away = market.country.turned_away_abroad
    interested = market.number("visa_applicants") + market.lever("visa.h1b_diversion") * turned_away
    deterred = market.number("visa_backlash_deterrence") * BACKLASH.of(market).backlash
    return float(interested * pay ** market.number("visa_pay_elasticity") * (1 - deterred))


def _arrive(market: Market, count: int) -> None:
    """Foreign graduates in STEM arrive without a job and search in the occupations open to them."""
    rows, people = market.add_people(count, first=FIRST_FOREIGN_IDENTITY), market.people
    luck = [uniforms(draw_key(market.seed, Purpose.VISA, FOR_GOOD + k), people.identity[rows]) for k in range(4)]
    weight = market.exogenous.occupation_jobs * market.exogenous.k_visa_open
    people.birth[rows] = market.month - (12 * (YOUNGEST + (OLDEST - YOUNGEST) * luck[0])).astype(np.int64)
    people.occupation[rows] = np.minimum(np.searchsorted(np.cumsum(weight / weight.sum()), luck[1]), len(weight) - 1)
    people.education[rows] = np.where(luck[2] < 0.5, int(Education.BACHELOR), int(Education.MASTER))
    experienced = people.birth[rows] < market.month - 25 * 12
    people.flags[rows] = int(Flag.FOREIGN | Flag.STEM) + np.where(experienced, int(Flag.EXPERIENCED), 0)
    register(people, rows, market.month, market.exogenous.registers, market.seed)
    people.pay[rows] = 0.8 * market.exogenous.trades.pay[people.occupation[rows]]
    people.graduated[rows] = NEVER
    people.home[rows] = 0.0
    people.status[rows] = Status.UNEMPLOYED
    people.employer[rows] = NOBODY
    people.since[rows] = market.month
    people.event[rows] = market.month + int(market.number("visa_search_months"))


def _extra_jobs(market: Market) -> None:
    """Count the K-visa holders at work in each group and let employers respond."""
    people, staff = market.people, np.zeros(len(market.groups), np.int64)
    if market.stocks.foreign:  # somebody came before this month
        here = np.flatnonzero((people.flags[: people.count] & int(Flag.FOREIGN)) > 0)
        at_work = here[people.status[here] == int(Status.EMPLOYED)]
        staff = np.bincount(market.firms.group[people.employer[at_work]], minlength=len(market.groups))
    bring_posts(
        VISA.of(market), staff, int(market.number("complementarity_delay")), market.lever("visa.complementarity")
    )


def bring_posts(state: VisaMemory, staff: Counts, delay: int, complementarity: float) -> None:
    """Each job that a K-visa holder held `delay` months ago has brought `complementarity` posts to the firm's group.

    What comes late is the employers' response: a holder who changes firms goes on bringing posts, and who leaves takes
    them along as late.
    """
    state.staff = [*state.staff, staff][-delay - 1 :]
    if len(state.staff) > delay:
        state.extra_jobs[:] = complementarity * state.staff[0]
