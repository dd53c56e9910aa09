"""Separate: jobs end by themselves, by choice or because a firm cuts them.

Hazard = base(tenure) × young(age) × churn^theta × (1 + s · festival) × sector, plus the firm's layoffs, which pick
newcomers and people from 35 on by odds. One number per person decides: laid off, gone, looking elsewhere, or staying.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import int16, njit, uint16, uint32
from numpy.typing import NDArray

from agents.columns import FEMALE, NOBODY, Flag, Hukou, PeopleArrays, Status
from agents.decisions import layoff_weight, looks_elsewhere, month_of_return, tenure_hazard, young_multiplier
from model.country.registers import OLDEST
from model.finite import demand_finite
from model.mechanisms.matching import MATCHING
from model.mechanisms.survey.by_group import Event
from model.pieces import BLOCK, added, people_in, rows_where
from model.randomness import Key, Purpose, draw_key, further, hashes, uniform

if TYPE_CHECKING:
    from model.market import Market

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Luck = NDArray[np.uint32]
#: Tenure beyond this many months, and ages beyond OLDEST years, change no hazard.
LONGEST_TENURE = 120
#: However tight the market, search on the job is no more than this many times the usual (assumption).
MOST_PULL = 4.0
#: Firms outside technology apply the odds at 35 by half (lever layoffs.over_35_odds).
ODDS_OUTSIDE_TECHNOLOGY = 0.5

#: From this tenure on a job counts as settled where the chances of all are bounded.
SETTLED = 12
#: Cells of a group: each month of tenure, under 35 and from then on.
_CELLS = 2 * (LONGEST_TENURE + 1)
_MONTHS_OF_35 = 35 * 12
#: The largest 32-bit number; what the rounding of a chance may come to, many times over.
_LARGEST, _ROUNDING = 4294967295.0, 1e-8

#: What the number of somebody at work decides, from the lowest numbers on.
_LAID_OFF, _QUITS, _FOR_A_CHILD, _LOOKS = range(4)
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
    given = Chances(
        market.exogenous.hazards, factor, attraction, odds, firms.group, firms.layoff_rate, groups.layoff_weight
    )

    def end_jobs_of(piece: slice) -> Ended:
        count, tally, cells = piece.stop - piece.start, np.zeros(5, np.int64), no_staff(len(groups))
        staff, jobs = np.zeros(len(firms), np.int32), np.zeros(len(groups), np.int64)
        rows, left = market.scratch_rows[piece], np.empty(count, np.int32)
        end_jobs(
            p=people_in(people, piece),
            count=count,
            month=market.month,
            key=key,
            given=given,
            headcount=staff,
            group_employed=jobs,
            movers=rows,
            left=left,
            cells=cells,
            tally=tally,
        )
        ended, searching = slice(count - tally[4], count), rows[: tally[3]] + piece.start
        return Ended((tally, cells, staff, jobs), searching, piece.start, rows[ended], left[ended])

    done = market.crew.sweep(market.people.count, end_jobs_of)
    if market.by_group is not None:
        for each in done:
            rows = np.where(each.rows < 0, -1 - each.rows, each.rows) + each.first
            laid_off = each.rows < 0
            market.by_group.note(market, Event.SEPARATION, rows, each.left)
            market.by_group.note(market, Event.LAYOFF, rows[laid_off], each.left[laid_off])
    tally, cells, staff, jobs = added([each.counts for each in done])
    groups.layoff_weight[:] = np.maximum(weight_of_staff(cells, given) / np.maximum(groups.employed, 1), 0.5)
    firms.headcount += staff
    groups.employed += jobs
    market.flows.layoffs, market.flows.layoffs_over_35, market.flows.quits = tally[:3].tolist()
    market.job_search.movers = np.concatenate([each.movers for each in done])


class Ended(NamedTuple):
    """What a piece of the people tells of its jobs."""

    counts: tuple[Rows, Luck, NDArray[np.int32], Rows]  # tally, cells of staff, change of headcounts and groups' jobs
    movers: Rows
    first: int  # row of the piece
    rows: Rows  # within the piece, of jobs that ended
    left: NDArray[np.int32]  # their firms


class Chances(NamedTuple):
    """What the chances of a month follow from."""

    table: Hazards
    factor: Floats  # [group] on the chance that a job ends by itself
    pull: float  # on the chance to look elsewhere
    odds: Floats  # [group] at 35, in layoffs
    firm_group: NDArray[np.uint8]
    layoffs: Floats  # [firm] share of the staff
    mean_weight: Floats  # [group] of the staff in layoffs


class Bounds(NamedTuple):
    """Between two 32-bit numbers nothing happens to anybody: the higher chances of new, of settled and of gig jobs."""

    ends_below: tuple[np.uint32, np.uint32, np.uint32]
    looks_above: tuple[np.uint32, np.uint32, np.uint32]


@njit(cache=True, nogil=True)
def end_jobs(
    p: PeopleArrays,
    count: int,
    month: int,
    key: Key,
    given: Chances,
    headcount: NDArray[np.int32],
    group_employed: Rows,
    movers: Rows,
    left: NDArray[np.int32],
    cells: Luck,
    tally: Rows,
) -> None:
    """Decide for everyone; `tally` counts layoffs, layoffs from 35 on, quits, who look elsewhere and all that ended.

    The rows of those who look elsewhere come first in `movers`; from its end on stand the rows of jobs that ended, of
    layoffs as -1 less the row, and at the same places of `left` their firms. In `cells` the staff is counted.
    """
    bounds, first_cell = highest_chances(given), cells_of_firms(given)
    rows, fates = np.empty(BLOCK, np.int32), np.empty(BLOCK, np.uint8)
    for start in range(0, count, BLOCK):
        found = may_change(p, start, min(start + BLOCK, count), month, key, bounds, first_cell, cells, rows)
        for k in range(will_change(p, rows[:found], month, key, given, fates)):
            i, fate = rows[k], fates[k]
            if fate == _LOOKS:
                movers[tally[3]] = i
                tally[3] += 1
                continue
            firm, gig, laid_off = p.employer[i], p.flags[i] & _GIG, fate == _LAID_OFF
            tally[0 if laid_off else 2] += 1
            tally[1] += laid_off and month - p.birth[i] >= _MONTHS_OF_35
            tally[4] += 1
            movers[count - tally[4]] = -1 - i if laid_off else i
            left[count - tally[4]] = firm
            headcount[firm] -= 1
            if not gig:
                group_employed[given.firm_group[firm]] -= 1
            p.status[i] = _UNEMPLOYED
            p.since[i] = month
            p.employer[i] = NOBODY
            p.flags[i] = (p.flags[i] | _EXPERIENCED) & (255 - _GIG)
            if p.flags[i] & _FOREIGN:
                p.event[i] = month + given.table.visa_search_months
            elif fate == _FOR_A_CHILD:
                p.status[i], away = _HOME, uniform(further(key, 1), uint32(p.identity[i]))
                p.event[i] = month_of_return(p.event[i], month, given.table.child_months, away)


def no_staff(groups: int) -> Luck:
    """Nobody counted in the cells of layoffs: each group's, and as many for people who are in none."""
    return np.zeros(2 * (groups + 1) * _CELLS, np.uint32)


@njit(cache=True, nogil=True)
def weight_of_staff(cells: Luck, given: Chances) -> Floats:
    """The weight in layoffs of each group's staff."""
    weight = np.zeros(len(given.odds))
    for group in range(len(given.odds)):
        for tenure in range(LONGEST_TENURE + 1):
            under, over = cells[group * _CELLS + 2 * tenure], cells[group * _CELLS + 2 * tenure + 1]
            weight[group] += given.table.newcomer[tenure] * (under + given.odds[group] * over)
    return weight


@njit(cache=True, nogil=True)
def chances(p: PeopleArrays, i: int, month: int, given: Chances) -> tuple[float, float, float, float]:
    """Of somebody at work: a number below the first is a layoff, below the second the job ends by itself.

    Below the third they leave for a child, above the fourth they look elsewhere.
    """
    table, firm, age = given.table, p.employer[i], month - p.birth[i]
    years, tenure, group = min(age // 12, OLDEST), min(month - p.since[i], LONGEST_TENURE), given.firm_group[firm]
    child = table.child[p.civil[i], years]
    if p.flags[i] & _GIG:
        return 0.0, table.gig_exit, table.gig_exit + child, 1.0 - table.gig_looks
    weight = table.newcomer[tenure] * (given.odds[group] if age >= _MONTHS_OF_35 else 1.0)
    laid_off = given.layoffs[firm] * weight / given.mean_weight[group]
    ends = laid_off + table.ends[tenure, years] * given.factor[group]
    return laid_off, ends, ends + child, 1.0 - table.looks[tenure, years] * given.pull


@njit(cache=True, nogil=True)
def will_change(
    p: PeopleArrays, rows: NDArray[np.int32], month: int, key: Key, given: Chances, fates: NDArray[np.uint8]
) -> int:
    """Keep of `rows` those whose number ends the job or starts a search, with their fates; return how many."""
    kept = 0
    for i in rows:
        luck = uniform(key, uint32(p.identity[i]))
        laid_off, ends, leaves, looks = chances(p, i, month, given)
        rows[kept], fates[kept] = i, int(luck >= laid_off) + int(luck >= ends) + int(luck >= leaves)
        kept += (luck < leaves) | (luck > looks)
    return kept


@njit(cache=True, nogil=True)
def may_change(
    p: PeopleArrays,
    start: int,
    end: int,
    month: int,
    key: Key,
    bounds: Bounds,
    first_cell: Luck,
    staff: Luck,
    rows: NDArray[np.int32],
) -> int:
    """Find the rows of a block whose number may end the job or start a search; return how many. All others stay.

    On the way everyone's cell in layoffs is counted. No branch depends on a person: none could be foreseen.
    """
    status, flags, since = p.status[start:end], p.flags[start:end], p.since[start:end]
    birth, employer, luck = p.birth[start:end], p.employer[start:end], hashes(key, p.identity[start:end])
    cells, may = np.empty(len(luck), np.uint32), np.empty(len(luck), np.bool_)
    born, hired, apart = int16(month - _MONTHS_OF_35), int16(month - SETTLED), uint32(len(staff) // 2)
    low, high = bounds
    for k in range(len(luck)):
        cell = uint16(2 * min(uint16(month - since[k]), uint16(LONGEST_TENURE)) + uint16(birth[k] <= born))
        counts = (status[k] == _EMPLOYED) & (flags[k] & _GIG == 0)
        cells[k] = uint32(cell) if counts else apart + uint32(k & 127)  # spread, for equal cells wait for each other
    for k in range(len(luck)):
        gig, settled = flags[k] & _GIG != 0, since[k] <= hired
        ends_below = low[2] if gig else (low[1] if settled else low[0])
        looks_above = high[2] if gig else (high[1] if settled else high[0])
        may[k] = (status[k] == _EMPLOYED) & ((luck[k] <= ends_below) | (luck[k] >= looks_above))
    for k in range(len(luck)):
        staff[first_cell[uint32(employer[k] + 1)] + cells[k]] += uint32(1)
    return rows_where(may, start, rows)


@njit(cache=True, nogil=True)
def cells_of_firms(given: Chances) -> Luck:
    """By firm, after one place for nobody, the first cell of its group."""
    first = np.zeros(len(given.firm_group) + 1, np.uint32)
    for firm in range(len(given.firm_group)):
        first[firm + 1] = int(given.firm_group[firm]) * _CELLS
    return first


@njit(cache=True, nogil=True)
def highest_chances(given: Chances) -> Bounds:
    """The bounds of a month, from the highest chance at any firm, tenure and age."""
    table, child = given.table, _ROUNDING
    for civil in range(len(table.child)):
        child = max(child, _highest(table.child, civil, civil) + _ROUNDING)
    ends_new, ends_settled = _highest(table.ends, 0, SETTLED), _highest(table.ends, SETTLED, LONGEST_TENURE)
    new = settled = 0.0
    for firm in range(len(given.layoffs)):
        group = given.firm_group[firm]
        laid_off = given.layoffs[firm] * max(1.0, given.odds[group]) / given.mean_weight[group]
        new = max(new, laid_off * table.newcomer[0] + ends_new * given.factor[group])
        settled = max(settled, laid_off * table.newcomer[SETTLED] + ends_settled * given.factor[group])
    looks_new, looks_settled = _highest(table.looks, 0, SETTLED), _highest(table.looks, SETTLED, LONGEST_TENURE)
    return Bounds(
        (_number(new + child), _number(settled + child), _number(table.gig_exit + child)),
        (
            _number(1.0 - looks_new * given.pull - _ROUNDING),
            _number(1.0 - looks_settled * given.pull - _ROUNDING),
            _number(1.0 - table.gig_looks - _ROUNDING),
        ),
    )


@njit(cache=True, nogil=True)
def _highest(table: Floats, first: int, last: int) -> float:
    """The highest chance from one tenure to another: with tenure chances only fall, or only rise."""
    highest = 0.0
    for age in range(table.shape[1]):
        highest = max(highest, table[first, age], table[last, age])
    return highest


@njit(cache=True, nogil=True)
def _number(chance: float) -> np.uint32:
    """A chance as a 32-bit number."""
    return np.uint32(min(1.0, max(0.0, chance)) * _LARGEST)
