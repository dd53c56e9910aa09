"""Separate: jobs end by themselves, by choice or because a firm cuts them.

Hazard = base(tenure) × young(age) × churn^theta × (1 + s · festival) × sector, plus the firm's layoffs, which pick
newcomers and people from 35 on by odds. One number per person decides: laid off, gone, looking elsewhere, or staying.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit, uint32
from numpy.typing import NDArray

from agents.columns import FEMALE, NOBODY, Flag, Hukou, PeopleArrays, Status
from agents.decisions import layoff_weight, looks_elsewhere, month_of_return, tenure_hazard, young_multiplier
from model.country.registers import OLDEST
from model.finite import demand_finite
from model.mechanisms.matching import MATCHING
from model.mechanisms.survey.by_group import Event
from model.pieces import people_in, pieces_of
from model.randomness import Key, Purpose, draw_key, further, hashes, uniform

if TYPE_CHECKING:
    from model.market import Market

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
#: Tenure beyond this many months, and ages beyond OLDEST years, change no hazard.
LONGEST_TENURE = 120
#: However tight the market, search on the job is no more than this many times the usual (assumption).
MOST_PULL = 4.0
#: Firms outside technology apply the odds at 35 by half (lever layoffs.over_35_odds).
ODDS_OUTSIDE_TECHNOLOGY = 0.5

#: The largest 32-bit number; what the rounding of a chance may come to, many times over.
_LARGEST, _ROUNDING = 4294967295.0, 1e-8

_EMPLOYED, _UNEMPLOYED, _HOME = int(Status.EMPLOYED), int(Status.UNEMPLOYED), int(Status.HOME)
_GIG, _FOREIGN, _EXPERIENCED = int(Flag.GIG), int(Flag.FOREIGN), int(Flag.EXPERIENCED)


class Hazards(NamedTuple):
    """Tables of the rules by whole months of tenure and years of age, so that the sweep only looks them up."""

    ends: Floats  # [tenure, age] chance a month that a job ends by itself, before season and churn
    newcomer: Floats  # [tenure] weight of a person under 35 in layoffs
    gig_exit: float
    looks: Floats  # [tenure, age] chance a month to look elsewhere in usual times
    gig_looks: float
    visa_search_months: int
    child: Floats  # [gender and hukou, age] chance a month to leave the labour force for a child
    child_months: float  # mean time until they search again


def hazard_tables(number: Callable[[str], float], births: Floats) -> Hazards:
    """The tables of one scenario, written out from the rules in `agents.decisions`; `number` gives a parameter."""
    child = np.zeros((2 * FEMALE, OLDEST + 1))
    child[FEMALE : FEMALE + int(Hukou.FOREIGN)] = number("mothers_leave") * births / 12
    settled, new = number("separation_settled"), number("separation_new")
    tenures = [tenure_hazard(tenure, settled, new) for tenure in range(LONGEST_TENURE + 1)]
    ages = [young_multiplier(age, number("young_separation_multiplier")) for age in range(OLDEST + 1)]
    newcomer = [layoff_weight(30.0, tenure, 1.0) for tenure in range(LONGEST_TENURE + 1)]
    search = number("job_to_job_search")
    return Hazards(
        np.outer(tenures, ages),
        np.array(newcomer),
        number("gig_exit"),
        np.array(
            [
                [looks_elsewhere(tenure, age, search) for age in range(OLDEST + 1)]
                for tenure in range(LONGEST_TENURE + 1)
            ]
        ),
        number("effective_applications") * number("gig_search"),
        int(number("visa_search_months")),
        child,
        number("months_with_child"),
    )


def separate(market: Market) -> None:
    """End jobs; who looks for another job is left in `market.job_search.movers`."""
    groups, number = market.groups, market.number
    season = 1 + number("festival_separations") * market.exogenous.drivers.festival[market.row]
    tightness = MATCHING.of(market).relative(market.month)
    attraction = min(MOST_PULL, tightness ** number("job_to_job_tightness"))
    factor = groups.separation * market.churn ** number("churn_power") * season
    factor *= tightness ** number("quits_tightness_elasticity")
    excess = market.lever("layoffs.over_35_odds") - 1
    odds = np.full(len(groups), 1 + excess * ODDS_OUTSIDE_TECHNOLOGY)
    odds[groups.tech] = 1 + excess
    people, firms = market.people.arrays(), market.firms
    demand_finite(
        market,
        separations=factor,
        search_on_the_job=attraction,
        odds_at_35=odds,
        layoffs=firms.layoff_rate,
        weights=groups.layoff_weight,
    )
    key = draw_key(market.seed, Purpose.SEPARATION, market.month)

    def end_jobs_of(piece: slice) -> tuple[Rows, Floats, NDArray[np.int32], Rows]:
        tally, weight = np.zeros(5, np.int64), np.zeros(len(groups))
        staff, jobs = np.zeros(len(firms), np.int32), np.zeros(len(groups), np.int64)
        end_jobs(
            p=people_in(people, piece),
            count=piece.stop - piece.start,
            month=market.month,
            key=key,
            table=market.exogenous.hazards,
            factor=factor,
            pull=attraction,
            odds=odds,
            firm_group=firms.group,
            layoffs=firms.layoff_rate,
            mean_weight=groups.layoff_weight,
            headcount=staff,
            group_employed=jobs,
            movers=market.scratch_rows[piece],
            weight_sum=weight,
            tally=tally,
        )
        return tally, weight, staff, jobs

    employers = market.people.employer.copy() if market.by_group else None
    done = market.crew.sweep(market.people.count, end_jobs_of)
    if market.by_group and employers is not None:
        for piece, (tally, *_) in zip(pieces_of(market.people.count), done, strict=True):
            ended = market.scratch_rows[piece][piece.stop - piece.start - tally[4] :]
            rows = np.where(ended < 0, -1 - ended, ended) + piece.start
            market.by_group.note(market, Event.SEPARATION, rows, employers[rows])
            market.by_group.note(market, Event.LAYOFF, rows[ended < 0], employers[rows[ended < 0]])
    mean_weight = sum(weight for _, weight, *_ in done) / np.maximum(groups.employed, 1)
    groups.layoff_weight[:] = np.maximum(mean_weight, 0.5)
    for _, _, staff, jobs in done:
        firms.headcount += staff
        groups.employed += jobs
    market.flows.layoffs, market.flows.layoffs_over_35, market.flows.quits = (
        sum(int(tally[event]) for tally, *_ in done) for event in range(3)
    )
    market.job_search.movers = np.concatenate(
        [
            market.scratch_rows[piece][: tally[3]] + piece.start
            for piece, (tally, *_) in zip(pieces_of(market.people.count), done, strict=True)
        ]
    )


@njit(cache=True, nogil=True)
def end_jobs(
    p: PeopleArrays,
    count: int,
    month: int,
    key: Key,
    table: Hazards,
    factor: Floats,
    pull: float,
    odds: Floats,
    firm_group: NDArray[np.uint8],
    layoffs: Floats,
    mean_weight: Floats,
    headcount: NDArray[np.int32],
    group_employed: Rows,
    movers: Rows,
    weight_sum: Floats,
    tally: Rows,
) -> None:
    """Decide for everyone; `tally` counts layoffs, layoffs from 35 on, quits, who look elsewhere and all that ended.

    The rows of those who look elsewhere come first in `movers`; from its end on stand the rows of jobs that ended, of
    layoffs as -1 less the row.
    """
    for i in may_change(p, count, month, key, table, factor, pull, odds, firm_group, layoffs, mean_weight, weight_sum):
        identity = uint32(p.identity[i])
        luck = uniform(key, identity)
        firm = p.employer[i]
        age = month - p.birth[i]
        years = min(age // 12, OLDEST)
        gig = p.flags[i] & _GIG
        if gig:
            laid_off, ends, looks = 0.0, table.gig_exit, table.gig_looks
        else:
            group = firm_group[firm]
            tenure = min(month - p.since[i], LONGEST_TENURE)
            weight = table.newcomer[tenure] * (odds[group] if age >= 420 else 1.0)
            laid_off = layoffs[firm] * weight / mean_weight[group]
            ends = table.ends[tenure, years] * factor[group]
            looks = table.looks[tenure, years] * pull
        if luck < laid_off + ends + table.child[p.civil[i], years]:
            if luck < laid_off:
                tally[0] += 1
                if age >= 420:
                    tally[1] += 1
            else:
                tally[2] += 1
            tally[4] += 1
            movers[count - tally[4]] = -1 - i if luck < laid_off else i
            headcount[firm] -= 1
            if not gig:
                group_employed[firm_group[firm]] -= 1
            p.status[i] = _UNEMPLOYED
            p.since[i] = month
            p.employer[i] = NOBODY
            p.flags[i] = (p.flags[i] | _EXPERIENCED) & (255 - _GIG)
            if p.flags[i] & _FOREIGN:
                p.event[i] = month + table.visa_search_months
            elif luck >= laid_off + ends:
                p.status[i] = _HOME
                p.event[i] = month_of_return(p.event[i], month, table.child_months, uniform(further(key, 1), identity))
        elif luck > 1.0 - looks:
            movers[tally[3]] = i
            tally[3] += 1


@njit(cache=True, nogil=True)
def may_change(
    p: PeopleArrays,
    count: int,
    month: int,
    key: Key,
    table: Hazards,
    factor: Floats,
    pull: float,
    odds: Floats,
    firm_group: NDArray[np.uint8],
    layoffs: Floats,
    mean_weight: Floats,
    weight_sum: Floats,
) -> NDArray[np.int32]:
    """Rows of those whose number may end the job or start a search, and the few in gig work; all others stay.

    A number between the highest chances at the firm, whatever the tenure and age, decides without the tables. On the
    way everyone's weight in layoffs is added to its group's. No branch depends on a person: none could be foreseen.
    """
    ends_below, looks_above = highest_chances(table, factor, pull, odds, firm_group, layoffs, mean_weight)
    luck = hashes(key, p.identity[:count])
    rows, found = np.empty(count + 1, np.int32), 0
    for i in range(count):
        firm = uint32(max(p.employer[i], 0))
        group = uint32(firm_group[firm])
        at_work, gig = p.status[i] == _EMPLOYED, p.flags[i] & _GIG != 0
        tenure = min(uint32(month - p.since[i]), uint32(LONGEST_TENURE))
        weight = table.newcomer[tenure] * (odds[group] if month - p.birth[i] >= 420 else 1.0)
        weight_sum[group] += weight if at_work & (not gig) else 0.0
        rows[found] = i
        found += at_work & (gig | (luck[i] <= ends_below[firm]) | (luck[i] >= looks_above))
    return rows[:found]


@njit(cache=True, nogil=True)
def highest_chances(
    table: Hazards,
    factor: Floats,
    pull: float,
    odds: Floats,
    firm_group: NDArray[np.uint8],
    layoffs: Floats,
    mean_weight: Floats,
) -> tuple[NDArray[np.uint32], int]:
    """Of 32-bit numbers: by firm that above which nobody's job ends, and that below which nobody looks elsewhere."""
    newcomer, ends, child = table.newcomer.max(), table.ends.max(), table.child.max()
    ends_below = np.empty(len(layoffs), np.uint32)
    for firm in range(len(layoffs)):
        group = firm_group[firm]
        chance = layoffs[firm] * newcomer * max(1.0, odds[group]) / mean_weight[group] + ends * factor[group]
        ends_below[firm] = uint32(min(1.0, chance + child + _ROUNDING) * _LARGEST)
    return ends_below, uint32(max(0.0, 1.0 - table.looks.max() * pull - _ROUNDING) * _LARGEST)
