"""Age and enter: dated changes of people's lives, school leavers, graduates, migrants.

Ages need no update (they are differences of months). What happens on a date, a graduation, a return, a retirement, the
end of a visa, is found by one look at the column `event`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import int16, njit, uint32
from numpy.typing import NDArray

from agents.columns import FAR_FUTURE, NOBODY, Education, Flag, PeopleArrays, Status
from model.country.cohorts import (
    SIXTEEN,
    Entry,
    Trades,
    departure_month,
    draw_lives,
    life_keys,
    retirement_month,
    usual_retirement,
)
from model.country.registers import Registers, draw_registers
from model.mechanisms.retirement import RETIREMENT
from model.mechanisms.survey.by_group import Event
from model.pieces import BLOCK, rows_where
from model.randomness import FOR_GOOD, Identity, Key, Purpose, draw_key, uniform
from model.schedule import BURN_IN

if TYPE_CHECKING:
    from model.market import Market

Rows = NDArray[np.int64]
_STUDENT, _POSTGRADUATE, _QUEUE = int(Status.STUDENT), int(Status.POSTGRADUATE), int(Status.EXAM_QUEUE)
_RETIRED, _UNEMPLOYED, _EMPLOYED, _GONE = (
    int(Status.RETIRED),
    int(Status.UNEMPLOYED),
    int(Status.EMPLOYED),
    int(Status.GONE),
)
_OFFER, _FOREIGN, _EXPERIENCED, _SEARCHING = (
    int(Flag.OFFER),
    int(Flag.FOREIGN),
    int(Flag.EXPERIENCED),
    int(Flag.SEARCHING_STUDENT),
)
#: In place of a month, of the draws of migrants' ages, and of whether they have worked before.
AGES_OF_MIGRANTS, EXPERIENCE_OF_MIGRANTS = -3000, -2999
#: Share of migrants who have worked before (assumption).
_MIGRANTS_WITH_EXPERIENCE = 0.7
_GIG = int(Flag.GIG)
_VOCATIONAL, _MASTER = int(Education.VOCATIONAL_COLLEGE), int(Education.MASTER)


def enter(market: Market) -> None:
    """Dated changes, then new sixteen-year-olds and arrivals from the countryside."""
    month, people, seed = market.month, market.people, market.seed
    due = market.rows_found(dates_that_came)
    tally = np.zeros(len(Tally._fields), np.int64)
    without = due[people.status[due] != _EMPLOYED] if market.by_group is not None else due
    keys = (
        draw_key(seed, Purpose.GRADUATION, month),
        draw_key(seed, Purpose.GRADUATION, FOR_GOOD),
        draw_key(seed, Purpose.GRADUATION, FOR_GOOD + 1),
    )
    dated_changes(
        p=people.arrays(),
        due=due,
        month=month,
        keys=keys,
        retirement_key=draw_key(seed, Purpose.RETIREMENT, 0),
        rules=market.exogenous.entry,
        headcount=market.firms.headcount,
        firm_group=market.firms.group,
        group_employed=market.groups.employed,
        tally=tally,
    )
    changes = Tally(*tally.tolist())
    if market.by_group is not None:
        started = without[people.status[without] == _EMPLOYED]
        market.by_group.note(market, Event.HIRE, started, people.employer[started])
    market.flows.hires += changes.starters
    market.flows.starters, market.flows.graduates = changes.starters, changes.graduates
    RETIREMENT.of(market).held += changes.held
    market.free(due[people.status[due] == _GONE])
    _newcomers(market)


@njit(cache=True, nogil=True)
def dates_that_came(p: PeopleArrays, month: int, found: Rows) -> int:
    """Write the rows whose date has come; return how many."""
    count, holds, now = 0, np.empty(BLOCK, np.bool_), int16(month)
    for start in range(0, len(found), BLOCK):
        event = p.event[start : min(start + BLOCK, len(found))]
        for k in range(len(event)):
            holds[k] = event[k] <= now
        count += rows_where(holds[: len(event)], start, found[count:])
    return count


def _newcomers(market: Market) -> None:
    """Sixteen-year-olds of the cities, and workers from the countryside, of declared ages, who arrive and search."""
    given, row = market.exogenous, market.row
    starters = market.add_people(market.whole("school starters", given.sixteen[row].item()))
    migrants = market.add_people(market.whole("migrants", market.lever("parameters.migrants") * 1e6 / 12))
    let_in(
        p=market.people.arrays(),
        starters=starters,
        degrees=given.degrees[row].item(),
        migrants=migrants,
        from_villages=market.number("registered_in_villages"),
        month=market.month,
        keys=_keys_of_newcomers(market.seed),
        lives=life_keys(market.seed),
        rules=given.entry,
        trades=given.trades,
        arrivals=given.arrivals,
        registers=given.registers,
    )


class NewcomersKeys(NamedTuple):
    """Keys of draws that hold for good whatever the month of entry, beside those of a life."""

    ages: Key
    experience: Key
    registers: Key
    retirement: Key


@lru_cache(maxsize=256)
def _keys_of_newcomers(seed: int) -> NewcomersKeys:
    return NewcomersKeys(
        draw_key(seed, Purpose.ENTRY, AGES_OF_MIGRANTS),
        draw_key(seed, Purpose.ENTRY, EXPERIENCE_OF_MIGRANTS),
        draw_key(seed, Purpose.REGISTERS, FOR_GOOD),
        draw_key(seed, Purpose.RETIREMENT, 0),
    )


@njit(cache=True, nogil=True)
def let_in(
    p: PeopleArrays,
    starters: Rows,
    degrees: float,
    migrants: Rows,
    from_villages: float,
    month: int,
    keys: NewcomersKeys,
    lives: NDArray[np.uint64],
    rules: Entry,
    trades: Trades,
    arrivals: Trades,
    registers: Registers,
) -> None:
    """New people's lives: future graduates and school leavers, then migrants, some of whom have worked before."""
    for i in starters:
        p.birth[i] = month - SIXTEEN
    draw_lives(p, starters, np.full(len(starters), degrees), month, rules, trades, lives)
    draw_registers(p, starters, month, keys.registers, registers, 0.0)
    for i in migrants:
        years = rules.migrant_years * uniform(keys.ages, uint32(p.identity[i]))
        p.birth[i] = month - int(12 * (rules.youngest_migrant + years))
    draw_lives(p, migrants, np.zeros(len(migrants)), FAR_FUTURE, rules, arrivals, lives)
    draw_registers(p, migrants, month, keys.registers, registers, from_villages)
    for i in migrants:
        p.status[i] = _UNEMPLOYED
        p.since[i] = month
        who = p.identity[i], p.birth[i], p.civil[i], p.education[i]
        p.event[i] = retirement_month(keys.retirement, *who, month, rules)
        if uniform(keys.experience, uint32(p.identity[i])) < _MIGRANTS_WITH_EXPERIENCE:
            p.flags[i] |= _EXPERIENCED


class Tally(NamedTuple):
    """What `dated_changes` counts."""

    starters: int  # graduates who start the job they had an offer for
    graduates: int  # first degrees taken
    retirements: int
    returns: int
    visas_ended: int
    held: int  # who would have retired this month and works on, less those who retire after such a delay


@njit(cache=True, nogil=True)
def dated_changes(  # noqa: C901, PLR0912 - one branch per kind of change
    p: PeopleArrays,
    due: Rows,
    month: int,
    keys: tuple[Key, Key, Key],
    retirement_key: Key,
    rules: Entry,
    headcount: NDArray[np.int32],
    firm_group: NDArray[np.uint8],
    group_employed: Rows,
    tally: Rows,
) -> None:
    """Let every row in `due` live through the change that its date brings."""
    for i in due:
        identity, birth = p.identity[i], p.birth[i]
        status = p.status[i]
        if status == _GONE:
            p.event[i] = FAR_FUTURE
            continue
        usual = retires = FAR_FUTURE
        if not p.flags[i] & _FOREIGN:
            who = identity, birth, p.civil[i], p.education[i]
            usual, _ = usual_retirement(retirement_key, *who, rules)
            retires = retirement_month(retirement_key, *who, month, rules)
        if status in (_STUDENT, _POSTGRADUATE):
            _leave_school(p, i, month, keys, rules, tally)
            if p.status[i] == _EMPLOYED:
                firm = p.employer[i]
                headcount[firm] += 1
                group_employed[firm_group[firm]] += 1
                tally[0] += 1
            if p.status[i] >= _UNEMPLOYED and not p.flags[i] & _OFFER:
                p.event[i] = retires
        elif status == _UNEMPLOYED and p.flags[i] & _OFFER:  # the job that was promised begins
            _start_promised(p, i, month)
            headcount[p.employer[i]] += 1
            group_employed[firm_group[p.employer[i]]] += 1
            tally[0] += 1
            p.event[i] = retires
        elif status == _RETIRED:
            p.status[i] = _GONE
        elif p.flags[i] & _FOREIGN:
            if status == _EMPLOYED and month - p.since[i] < rules.visa_job_months:
                p.event[i] = p.since[i] + rules.visa_job_months
            else:
                _leave_job(p, i, headcount, firm_group, group_employed)
                p.status[i] = _GONE
                tally[4] += 1
        elif retires <= month:
            _leave_job(p, i, headcount, firm_group, group_employed)
            p.status[i] = _RETIRED
            p.event[i] = departure_month(retirement_key, identity, birth, month)
            tally[2] += 1
            tally[5] -= retires > usual
        elif usual == month:  # the law delays it: everyone stays what they are until then
            p.event[i] = retires
            tally[5] += 1
        else:  # back from the exam queue, from home or from discouragement
            if status < _RETIRED:
                p.status[i] = _UNEMPLOYED
                p.since[i] = month
                tally[3] += 1
            p.event[i] = retires


@njit(cache=True, nogil=True)
def _leave_job(
    p: PeopleArrays, i: int, headcount: NDArray[np.int32], firm_group: NDArray[np.uint8], group_employed: Rows
) -> None:
    """Take a person off the books of their firm, if they have one."""
    firm = p.employer[i]
    if p.status[i] == _EMPLOYED and firm >= 0:
        headcount[firm] -= 1
        if not p.flags[i] & _GIG:
            group_employed[firm_group[firm]] -= 1
    p.employer[i] = NOBODY
    p.flags[i] &= 255 - _GIG


@njit(cache=True, nogil=True)
def _leave_school(p: PeopleArrays, i: int, month: int, keys: tuple[Key, Key, Key], rules: Entry, tally: Rows) -> None:
    """A student's last day: a job in hand, further study, the exam queue or the market."""
    identity = uint32(p.identity[i])
    p.since[i] = month
    p.flags[i] &= 255 - _SEARCHING
    if p.education[i] < _VOCATIONAL:
        p.status[i] = _UNEMPLOYED
        return
    if p.status[i] == _POSTGRADUATE:
        p.education[i] = _MASTER
    else:
        tally[1] += 1
    p.graduated[i] = month
    if p.flags[i] & _OFFER:
        if month % 12 < rules.autumn and uniform(keys[2], identity) < rules.autumn_starts:
            p.status[i] = _UNEMPLOYED  # without work, able to start, waiting for a job that begins within three months
            p.event[i] = month + rules.autumn - month % 12
        else:
            _start_promised(p, i, month)
        return
    p.employer[i] = NOBODY
    queue = rules.queue[month + BURN_IN]
    if p.status[i] == _STUDENT and goes_on_studying(keys[1], identity, rules.postgraduate[month + BURN_IN]):
        p.status[i] = _POSTGRADUATE
        p.event[i] = month + rules.postgraduate_months
    elif uniform(keys[0], identity) < queue:
        p.status[i] = _QUEUE
        to_first = (11 + rules.results_first - month % 12) % 12
        p.event[i] = month + to_first + int(rules.results_months * (uniform(keys[0], identity) / queue))
    else:
        p.status[i] = _UNEMPLOYED


@njit(cache=True, nogil=True)
def _start_promised(p: PeopleArrays, i: int, month: int) -> None:
    """The first day in a job that was offered on campus."""
    p.status[i] = _EMPLOYED
    p.since[i] = month
    p.flags[i] = (p.flags[i] | _EXPERIENCED) & (255 - _OFFER)


@njit(cache=True, nogil=True)
def goes_on_studying(key: Key, identity: Identity, share: float) -> bool:
    """Whether a student will go on to a master's degree: a plan for life, so it does not search on campus."""
    return uniform(key, uint32(identity)) < share
