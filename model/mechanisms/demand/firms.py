"""What each firm wants, how many it lays off and how many posts it opens, by its gap between jobs and target."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from numba import njit, uint32
from numpy.typing import NDArray

from agents.columns import FirmArrays
from agents.decisions import layoff_rate, layoffs_for_refund, openings_rate
from model.finite import demand_finite
from model.handover import Refund
from model.mechanisms.demand import DEMAND
from model.randomness import Key, Purpose, draw_key, uniform

if TYPE_CHECKING:
    from model.market import Market

Floats = NDArray[np.float64]
#: Standard deviation of the standard logistic distribution, pi over the root of 3.
LOGISTIC_SD = 1.81


def plan(market: Market) -> None:
    """What each firm wants, how many it lays off and how many posts it opens."""
    groups, firms, number = market.groups, market.firms, market.number
    turnover = number("base_openings") * market.churn
    extra = market.group_lever("layoffs.extra_rate")
    extra[groups.tech] += market.lever("technology.extra_layoffs")
    demand_finite(
        market,
        what_firms_want=groups.target,
        activity_of_firms=market.plan.firm_activity,
        turnover=turnover,
        extra_layoffs=extra,
    )
    own = DEMAND.of(market)
    kept = np.zeros(len(groups))
    plan_firms(
        firms=firms.arrays(),
        activity=market.plan.firm_activity,
        key=draw_key(market.seed, Purpose.FIRM_SHOCK, market.month),
        employed=groups.employed,
        vacancies=groups.vacancies,
        target=groups.target,
        lay_off_for_posts=False,
        memory=number("firm_shock_memory"),
        spread=number("firm_shock_sd"),
        speed=number("adjustment_speed"),
        base_separations=turnover,  # staff that leave by themselves are replaced: one number stands for both base rates
        base_openings=turnover * hiring_season(market),
        extra=extra,
        protection=market.lever("layoffs.protection"),
        refund=market.plan.refund,
        firm_openings=market.plan.firm_openings,
        group_openings=market.plan.group_openings,
        kept=kept,
    )
    own.idle_staff = float(kept.sum())
    own.cut += extra - own.cut / number("cut_months")
    stopped = min(1.0, number("lockdown_freeze") * market.exogenous.drivers.lockdown[market.row])
    market.plan.openings_scale = openings_ratio(market) * (1 - stopped)


def openings_ratio(market: Market) -> Floats:
    """By group, the openings that become posts: the lever's scale, above 1 only as far as jobs are unfilled.

    Firms that are told to post more do so for the jobs they have to fill, in a usual month for all their posts; they
    hire nobody whom they would lay off the month after.
    """
    groups, scale = market.groups, market.group_lever("hiring.openings_scale")
    if scale.max() <= 1:
        return scale
    unfilled = np.clip((groups.target - groups.employed) / np.maximum(1, groups.vacancies), 0.0, 1.0)
    ratio: Floats = np.where(scale > 1, 1 + (scale - 1) * unfilled, scale)
    return ratio


def hiring_season(market: Market) -> float:
    """Usual openings of the month relative to a month without festival: who left for it is replaced after it."""
    leavers = market.number("festival_separations") * market.exogenous.drivers.festival[max(0, market.row - 1)]
    return 1.0 + float(market.number("festival_replacement") * leavers)


def plan_firms(
    firms: FirmArrays,
    activity: Floats,
    key: Key,
    employed: NDArray[np.int64],
    vacancies: NDArray[np.int64],
    target: Floats,
    lay_off_for_posts: bool,
    memory: float,
    spread: float,
    speed: float,
    base_separations: float,
    base_openings: float,
    extra: Floats,
    protection: float,
    refund: Refund,
    firm_openings: Floats,
    group_openings: Floats,
    kept: Floats,
) -> None:
    """Targets, layoff rates and openings of all firms.

    A firm's gap is its group's plus its own: the log of what it is staffed for over what it wants. Counting its few
    simulated heads instead would make layoffs depend on the number of simulated persons. Posts beyond what a group
    wants keep it from opening more; nobody loses a job for them, unless firms `lay_off_for_posts` (dRC's do).
    """
    luck = np.log(odds_of_luck(key, len(firms.group)))  # logistic
    luck *= sqrt(1 - memory * memory) * spread / LOGISTIC_SD
    firms.shock[:] = memory * firms.shock + luck
    react(
        firms=firms,
        excess=np.log(share_jobs(firms, np.exp(firms.shock), activity, len(target))),
        employed=employed,
        vacancies=vacancies,
        target=target,
        lay_off_for_posts=lay_off_for_posts,
        speed=speed,
        base_separations=base_separations,
        base_openings=base_openings,
        extra=extra,
        protection=protection,
        refund=refund,
        firm_openings=firm_openings,
        group_openings=group_openings,
        kept=kept,
    )


@njit(cache=True, nogil=True)
def odds_of_luck(key: Key, firms: int) -> Floats:
    """The odds of a number in (0, 1) for each firm."""
    odds = np.empty(firms)
    for f in range(firms):
        luck = uniform(key, uint32(f))
        odds[f] = luck / (1 - luck)
    return odds


@njit(cache=True, nogil=True, error_model="numpy")
def share_jobs(firms: FirmArrays, shock: Floats, activity: Floats, groups: int) -> Floats:
    """Set targets and staff as shares of their group's; returns the staff of each firm over what it wants."""
    parts = np.zeros((2, 4, groups))  # four sums side by side: one would wait for itself
    excess = np.empty(len(firms.group))
    for f in range(len(firms.group)):
        firms.target[f] = firms.size[f] * shock[f] * activity[f]
        parts[0, f & 3, firms.group[f]] += firms.target[f]
        parts[1, f & 3, firms.group[f]] += firms.staffed[f]
    # Added up by hand: `sum(axis=0)` takes two seconds to compile.
    scale_wanted, scale_staffed = 1.0 / (parts[:, 0] + parts[:, 1] + parts[:, 2] + parts[:, 3])
    for f in range(len(firms.group)):
        firms.target[f] *= scale_wanted[firms.group[f]]
        firms.staffed[f] *= scale_staffed[firms.group[f]]
        excess[f] = firms.staffed[f] / firms.target[f]
    return excess


@njit(cache=True, nogil=True)
def react(
    firms: FirmArrays,
    excess: Floats,
    employed: NDArray[np.int64],
    vacancies: NDArray[np.int64],
    target: Floats,
    lay_off_for_posts: bool,
    speed: float,
    base_separations: float,
    base_openings: float,
    extra: Floats,
    protection: float,
    refund: Refund,
    firm_openings: Floats,
    group_openings: Floats,
    kept: Floats,
) -> None:
    """Layoffs and openings of each firm by its gap; its target in jobs, and its staff a step towards it.

    Staff that a firm is made to keep stays in its gap: it opens fewer posts than usual for it, down to none, and what
    is left of the gap is there next month. `kept` gets that staff, by group.
    """
    heads = np.maximum(1.0, employed)
    group_gap = (employed + vacancies - target) / heads
    layoff_gap = group_gap if lay_off_for_posts else np.minimum(group_gap, np.maximum(0.0, employed - target) / heads)
    group_openings[:] = 0.0
    kept[:] = 0.0
    for f in range(len(firms.group)):
        g, share = firms.group[f], firms.target[f]
        staff = firms.staffed[f] * heads[g]
        too_many = layoff_gap[g] + excess[f]
        wanted = layoff_rate(too_many, base_separations, speed, extra[g], 0.0)
        open_to_firms = wanted * (1.0 - protection)
        refunded = refund.reach * (open_to_firms - layoffs_for_refund(open_to_firms, refund.allowed, refund.worth))
        forgone = wanted * protection + refunded
        firms.layoff_rate[f] = open_to_firms - refunded
        usual = openings_rate(group_gap[g] + excess[f], base_openings, speed)
        firm_openings[f] = staff * max(0.0, usual - forgone)
        group_openings[g] += firm_openings[f]
        kept[g] += staff * min(1.0, forgone / speed)
        step = speed * (share - firms.staffed[f])
        if forgone > 0.0 and step < 0.0:  # only posts left empty bring the staff down
            step *= 1.0 - forgone / wanted * (1.0 - min(1.0, usual / forgone))
        firms.target[f] = share * target[g]
        firms.staffed[f] += step
