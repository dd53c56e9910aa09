"""Hire: each post takes its best applicant; students on campus get an offer for the summer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from numpy.typing import NDArray

from agents.columns import NOBODY, Flag, PeopleArrays, Status, VacancyArrays
from model.handover import NO_ROWS, Applications, Seekers
from model.mechanisms.matching.search import apply_to
from model.mechanisms.survey.by_group import Event
from model.mechanisms.youth_subsidy.payments import PAYMENT, count_paid_for

if TYPE_CHECKING:
    from model.market import Market

Rows = NDArray[np.int64]
_EMPLOYED = int(Status.EMPLOYED)
_GIG, _EXPERIENCED, _OFFER, _FOREIGN = int(Flag.GIG), int(Flag.EXPERIENCED), int(Flag.OFFER), int(Flag.FOREIGN)


def hire(market: Market) -> None:
    """Fill posts, round after round of applications, and give students their offers."""
    search = market.job_search
    _take_on(market, search.applications)
    search.seekers["searching"][: len(search.movers)] = False  # who has a job applies once
    for round_ in range(1, int(market.number("applications"))):
        _take_on(market, apply_to(market, market.vacancies, search.weights, search.seekers, round_))
    if market.campus.count:
        promise(market.people.arrays(), market.campus.arrays(), search.students, search.on_campus)
    count_open(market.vacancies.arrays(), market.vacancies.count, market.firms.vacancies)


def _take_on(market: Market, applications: Applications) -> None:
    """Put the winners of one round to work and book it."""
    people, tally, book = market.people, np.zeros(4, np.int64), market.by_group
    seekers, hired = market.job_search.seekers, NO_ROWS
    if book is not None:
        hired = seekers["row"][applications.applicant[applications.applicant >= 0]]
        moving = hired[people.status[hired] == _EMPLOYED]
        book.note(market, Event.SEPARATION, moving, people.employer[moving])
    fill_posts(
        p=people.arrays(),
        v=market.vacancies.arrays(),
        seekers=seekers,
        best=applications,
        month=market.month,
        visa_months=int(market.number("visa_job_months")),
        firm_group=market.firms.group,
        headcount=market.firms.headcount,
        group_employed=market.groups.employed,
        group_vacancies=market.groups.vacancies,
        tally=tally,
    )
    if book is not None:
        book.note(market, Event.HIRE, hired, people.employer[hired])
    count_paid_for(market, int(tally[3]))
    market.flows.hires += int(tally[0])
    market.flows.hires_from_unemployment += int(tally[1])
    market.flows.quits += int(tally[2])


@njit(cache=True, nogil=True)
def fill_posts(
    p: PeopleArrays,
    v: VacancyArrays,
    seekers: Seekers,
    best: Applications,
    month: int,
    visa_months: int,
    firm_group: NDArray[np.uint8],
    headcount: NDArray[np.int32],
    group_employed: Rows,
    group_vacancies: Rows,
    tally: Rows,
) -> None:
    """Give each post to its best applicant.

    `tally` counts hires, hires out of unemployment, moves between jobs and hires that employers are paid for.
    """
    for j in range(len(best.applicant)):
        k = best.applicant[j]
        if k < 0:
            continue
        i = seekers[k].row
        seekers[k].searching = False
        tally[3] += seekers[k].subsidies & PAYMENT
        if p.status[i] == _EMPLOYED:
            old = p.employer[i]
            headcount[old] -= 1
            if not p.flags[i] & _GIG:
                group_employed[firm_group[old]] -= 1
            tally[2] += 1
        else:
            tally[1] += 1
        firm = v.firm[j]
        group = firm_group[firm]
        headcount[firm] += 1
        group_employed[group] += 1
        group_vacancies[group] -= 1
        p.status[i] = _EMPLOYED
        p.employer[i] = firm
        p.occupation[i] = v.occupation[j]
        p.pay[i] = v.offer[j]
        p.since[i] = month
        p.flags[i] = (p.flags[i] | _EXPERIENCED) & (255 - _GIG)
        if p.flags[i] & _FOREIGN:
            p.event[i] = month + visa_months
        v.firm[j] = NOBODY
        tally[0] += 1


@njit(cache=True, nogil=True)
def count_open(v: VacancyArrays, count: int, by_firm: NDArray[np.int32]) -> None:
    """Count each firm's posts that are not filled."""
    by_firm[:] = 0
    for j in range(count):
        if v.firm[j] >= 0:
            by_firm[v.firm[j]] += 1


@njit(cache=True, nogil=True)
def promise(p: PeopleArrays, v: VacancyArrays, students: Seekers, best: Applications) -> None:
    """Give each campus post to its best applicant, who will start after graduation."""
    for j in range(len(best.applicant)):
        if best.applicant[j] >= 0:
            i = students[best.applicant[j]].row
            p.flags[i] |= _OFFER
            p.employer[i] = v.firm[j]
            p.occupation[i] = v.occupation[j]
            p.pay[i] = v.offer[j]
            v.firm[j] = NOBODY
