"""Search: seekers choose a reachable occupation and apply to a post there that pays what they ask.

A seeker in occupation i looks at occupation j with weight A_ij (v_j / V_j) (w_j / w)^beta: A is the job graph, v_j
counts the posts open to people like them and V_j is the usual flow of openings there. With the usual mix of vacancies
people thus move as the graph says; the graph's weights hold the size of the target already (data/README.md), so v_j
alone would count it twice. Final-year students search the campus posts by the same rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import int16, njit
from numpy.typing import NDArray

from agents.columns import Education, Flag, PeopleArrays, Status
from model.finite import demand_finite
from model.handover import SEEKER, Applications, SearchRules, Seekers, no_applications
from model.mechanisms.matching.applications import open_range, send_applications
from model.mechanisms.matching.seekers import seekers_in
from model.mechanisms.participation.entry import goes_on_studying
from model.mechanisms.property import PROPERTY
from model.mechanisms.survey.counting import GRADUATE_MONTHS
from model.mechanisms.wages import WAGES
from model.mechanisms.youth_subsidy import YOUTH_SUBSIDY
from model.pieces import BLOCK, rows_where
from model.randomness import FOR_GOOD, Key, Purpose, draw_key

if TYPE_CHECKING:
    from agents.columns import Vacancies
    from model.market import Market

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
#: Months before graduation in which students look for a job on campus (October to June).
CAMPUS_MONTHS_AHEAD = 11

_UNEMPLOYED, _STUDENT = int(Status.UNEMPLOYED), int(Status.STUDENT)
_POSTGRADUATE, _VOCATIONAL = int(Status.POSTGRADUATE), int(Education.VOCATIONAL_COLLEGE)
_OFFER = int(Flag.OFFER)


def search_rules(market: Market) -> SearchRules:
    """Numbers of search and ranking this month."""
    number = market.number
    return SearchRules(
        effective=number("effective_applications"),
        long_term=number("long_term_search"),
        share=number("reservation_share"),
        house_price=PROPERTY.of(market).price,
        wealth=number("wealth_reservation"),
        decay=number("reservation_decay"),
        strength=number("ranking_strength"),
        spell_floor=number("spell_penalty_floor"),
        age_floor=number("age_penalty_floor"),
        experience=number("experience_advantage"),
        subsidy=number("subsidy_ranking") * market.lever("hiring.graduate_subsidy"),
        payment=number("subsidy_ranking") * (1 - YOUTH_SUBSIDY.of(market).cost),
        graduate_months=GRADUATE_MONTHS,
        friction=number("visa_friction"),
    )


def search(market: Market) -> None:
    """Send the first round of applications, of seekers and of final-year students; later rounds follow hiring."""
    own = market.job_search
    rules = own.rules = search_rules(market)
    demand_finite(market, house_price=rules.house_price, subsidy=rules.subsidy)
    unemployed = market.rows_found(unemployed_without_offer)
    market.flows.searching = len(unemployed)
    own.seekers = seekers_in(market, np.concatenate([own.movers, unemployed]), rules)
    draw = attraction(market)
    own.weights = weights_of(market, market.vacancies, draw)
    own.applications = apply_to(market, market.vacancies, own.weights, own.seekers)
    own.students, own.on_campus = np.empty(0, SEEKER), no_applications()
    if market.campus.count:
        own.students = seekers_in(market, _final_year(market), rules)
        own.on_campus = apply_to(market, market.campus, weights_of(market, market.campus, draw), own.students)


@njit(cache=True, nogil=True)
def unemployed_without_offer(p: PeopleArrays, _: int, found: Rows) -> int:
    """Write the rows of the unemployed who do not wait for a job to begin; return how many."""
    count, holds = 0, np.empty(BLOCK, np.bool_)
    for start in range(0, len(found), BLOCK):
        end = min(start + BLOCK, len(found))
        status, flags = p.status[start:end], p.flags[start:end]
        for k in range(end - start):
            holds[k] = (status[k] == _UNEMPLOYED) & (flags[k] & _OFFER == 0)
        count += rows_where(holds[: end - start], start, found[count:])
    return count


def _final_year(market: Market) -> Rows:
    """Students who graduate within a year, have no offer yet and do not go on studying."""
    rows = market.rows_found(final_year_students)
    key = draw_key(market.seed, Purpose.GRADUATION, FOR_GOOD)
    share = float(market.exogenous.entry.postgraduate[market.row])
    stay: Rows = drop_further_study(market.people.arrays(), rows, key, share)
    return stay


@njit(cache=True, nogil=True)
def final_year_students(p: PeopleArrays, month: int, found: Rows) -> int:
    """Write the rows of tertiary students who graduate soon after `month` and have no offer; return how many."""
    count, holds, earliest, latest = 0, np.empty(BLOCK, np.bool_), int16(month), int16(month + CAMPUS_MONTHS_AHEAD)
    for start in range(0, len(found), BLOCK):
        end = min(start + BLOCK, len(found))
        status, event, flags = p.status[start:end], p.event[start:end], p.flags[start:end]
        for k in range(end - start):
            studies = (status[k] == _STUDENT) | (status[k] == _POSTGRADUATE)
            holds[k] = studies & (event[k] > earliest) & (event[k] <= latest) & (flags[k] & _OFFER == 0)
        for i in found[count:][: rows_where(holds[: end - start], start, found[count:])]:
            found[count] = i
            count += p.education[i] >= _VOCATIONAL
    return count


@njit(cache=True, nogil=True)
def drop_further_study(p: PeopleArrays, rows: Rows, key: Key, share: float) -> Rows:
    """Rows of `rows` who will not go on to a master's degree."""
    kept = 0
    for i in rows:
        if p.status[i] != _STUDENT or not goes_on_studying(key, p.identity[i], share):
            rows[kept] = i
            kept += 1
    return rows[:kept]


def attraction(market: Market) -> Floats:
    """How much a post of each occupation draws seekers, by its pay and how many are usual."""
    given = market.exogenous
    pay = given.trades.pay * WAGES.of(market).by_occupation / given.mean_pay
    draw: Floats = pay ** market.number("wage_attraction") / given.usual_openings
    demand_finite(market, draw_of_occupations=draw)
    return draw


def weights_of(market: Market, posts: Vacancies, draw: Floats) -> Floats:
    """Cumulative weights of occupations where these posts are open."""
    given = market.exogenous
    reach = given.reach
    return search_weights(reach.target, reach.ease, posts.blocks, draw, given.stem, given.k_visa_open)


def apply_to(market: Market, posts: Vacancies, weights: Floats, seekers: Seekers, round_: int = 0) -> Applications:
    """One application to some posts of each seeker who gets one out in this round."""
    if posts.count == 0 or len(seekers) == 0:
        return no_applications(posts.count)
    key = draw_key(market.seed, Purpose.APPLICATION, market.month + 4096 * round_)

    def send(piece: slice) -> Applications:
        leaders = no_applications(posts.count)
        send_applications(
            who=seekers[piece],
            v=posts.arrays(),
            blocks=posts.blocks,
            cumulative=weights,
            target=market.exogenous.reach.target,
            asked=market.exogenous.trades.level,
            key=key,
            rules=market.job_search.rules,
            first=piece.start,
            best=leaders,
        )
        return leaders

    first, *others = market.crew.sweep(len(seekers), send, market.crew.few_pieces(len(seekers)))
    for leaders in others:
        merge(first, leaders)
    return first


@njit(cache=True, nogil=True)
def merge(best: Applications, others: Applications) -> None:
    """Let the better of two leaders lead each post."""
    for j in range(len(best.score)):
        if others.score[j] > best.score[j]:
            best.score[j], best.applicant[j] = others.score[j], others.applicant[j]


@njit(cache=True, nogil=True)
def search_weights(
    target: Rows, ease: Floats, blocks: Rows, attraction: Floats, stem: NDArray[np.bool_], k_visa: NDArray[np.bool_]
) -> Floats:
    """Cumulative weights of reachable occupations: [kind of seeker, skill, occupation, rank].

    Kinds: 2 · over 35 + beginner. Skills: 0 not STEM (no STEM posts), 1 STEM, 2 K-visa holder (posts open to the visa).
    """
    count, width = target.shape
    cumulative = np.empty((4, 3, count, width))
    plain, engineer, visitor = np.empty(count), np.empty(count), np.empty(count)  # how much occupations draw each skill
    for kind in range(4):
        first, last = open_range(kind >= 2, kind % 2 == 1)
        for j in range(count):
            engineer[j] = (blocks[4 * j + last] - blocks[4 * j + first]) * attraction[j]
            plain[j] = 0.0 if stem[j] else engineer[j]
            visitor[j] = engineer[j] if k_visa[j] else 0.0
        for i in range(count):
            to_plain = to_engineer = to_visitor = 0.0  # running totals by skill, side by side to be quick
            for k in range(width):
                j = target[i, k]
                to_plain += ease[i, k] * plain[j]
                to_engineer += ease[i, k] * engineer[j]
                to_visitor += ease[i, k] * visitor[j]
                cumulative[kind, 0, i, k], cumulative[kind, 1, i, k] = to_plain, to_engineer
                cumulative[kind, 2, i, k] = to_visitor
    return cumulative
