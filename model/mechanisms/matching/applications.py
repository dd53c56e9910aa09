"""Apply: who gets an application out, the post each finds, and who leads the post's ranking: kernels of search."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit, uint32
from numpy.typing import NDArray

from agents.columns import FEMALE, FOR_MEN, FOR_WOMEN, RANKS_EXPERIENCE, Flag, PeopleArrays, Status, VacancyArrays
from agents.decisions import age_in_years, age_penalty, applicant_fit, application_chance, ranking_score, spell_penalty
from model.mechanisms.youth_subsidy.payments import YOUNG
from model.randomness import Key, further, uniform

if TYPE_CHECKING:
    from model.handover import Applications
    from model.mechanisms.matching.search import SearchRules

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
#: Draws of a post within the chosen occupation before a seeker gives up for this month.
TRIES = 3

_EMPLOYED, _UNEMPLOYED = int(Status.EMPLOYED), int(Status.UNEMPLOYED)
_STEM, _EXPERIENCED, _FOREIGN = int(Flag.STEM), int(Flag.EXPERIENCED), int(Flag.FOREIGN)


class Applicants(NamedTuple):
    """Those who get an application out, and what firms see of them; one entry for each."""

    row: Rows
    identity: NDArray[np.uint32]
    luck: Floats  # uniform: which occupation they look at first
    asks: Floats  # pay below which they do not apply
    occupation: NDArray[np.uint8]
    kind: NDArray[np.uint8]  # 2 · over 35 + beginner
    skill: NDArray[np.uint8]  # 0 not STEM, 1 STEM, 2 K-visa holder
    education: NDArray[np.uint8]
    barred: NDArray[np.uint8]  # flag of posts for the other gender
    discount: Floats  # for age and for a spell without work
    subsidies: NDArray[np.uint8]


@njit(cache=True, nogil=True)
def open_range(over_35: bool, beginner: bool) -> tuple[int, int]:
    """First block open to a person and the block after the last (see `agents.columns.Vacancies`)."""
    return (1 if beginner else 0), (2 if over_35 else (3 if beginner else 4))


@njit(cache=True, nogil=True)
def chance_to_apply(status: int, spell: int, flags: int, rules: SearchRules) -> float:
    """Chance that a seeker gets an application out; who works and looks elsewhere has drawn that already."""
    chance = 1.0 if status == _EMPLOYED else application_chance(spell, rules.effective, rules.long_term)
    return chance * rules.friction if flags & _FOREIGN else chance


@njit(cache=True, nogil=True)
def rank_of(weights: Floats, luck: float) -> int:
    """Which of cumulative weights a number up to the last of them falls under."""
    rank = 0
    for k in range(len(weights) - 1):  # counting all is quicker than stopping at the first that is not below
        rank += weights[k] < luck
    return rank


@njit(cache=True, nogil=True)
def subsidies_for(status: int, age: float, graduate: bool) -> int:
    """What an employer is paid for somebody: 2 the subsidy for graduates, 1 the payment per young hire, 3 both."""
    jobless_and_young = status == _UNEMPLOYED and (graduate or age < YOUNG / 12)
    return (2 if graduate else 0) + (1 if jobless_and_young else 0)


@njit(cache=True, nogil=True)
def applicants_of(p: PeopleArrays, seekers: Rows, asks: Floats, month: int, key: Key, rules: SearchRules) -> Applicants:
    """Who of the seekers gets an application out; people lie far apart, so passes of few branches fetch them."""
    places, lucks, count = np.empty(len(seekers) + 1, np.int64), np.empty(len(seekers) + 1), 0
    for place in range(len(seekers)):
        i = seekers[place]
        spell = month - p.since[i] if p.status[i] == _UNEMPLOYED else 0
        chance = chance_to_apply(p.status[i], spell, p.flags[i], rules)
        luck = uniform(key, uint32(p.identity[i]))
        places[count], lucks[count] = place, luck / chance
        count += luck <= chance
    who = Applicants(
        seekers[places[:count]],
        np.empty(count, np.uint32),
        lucks[:count],
        asks[places[:count]],
        np.empty(count, np.uint8),
        np.empty(count, np.uint8),
        np.empty(count, np.uint8),
        np.empty(count, np.uint8),
        np.empty(count, np.uint8),
        np.empty(count),
        np.empty(count, np.uint8),
    )
    for k in range(count):
        i = who.row[k]
        status, flags, age = p.status[i], p.flags[i], age_in_years(month, p.birth[i])
        spell = month - p.since[i] if status == _UNEMPLOYED else 0
        who.identity[k], who.occupation[k], who.education[k] = p.identity[i], p.occupation[i], p.education[i]
        who.kind[k] = (2 if age >= 35.0 else 0) + (0 if flags & _EXPERIENCED else 1)
        who.skill[k] = 2 if flags & _FOREIGN else (1 if flags & _STEM else 0)
        who.barred[k] = FOR_MEN if p.civil[i] & FEMALE else FOR_WOMEN
        who.discount[k] = age_penalty(age, rules.age_floor) * spell_penalty(spell, rules.spell_floor)
        who.subsidies[k] = subsidies_for(status, age, month - p.graduated[i] <= rules.graduate_months)
    return who


@njit(cache=True, nogil=True)
def send_applications(
    p: PeopleArrays,
    seekers: Rows,
    asks: Floats,
    month: int,
    v: VacancyArrays,
    blocks: Rows,
    cumulative: Floats,
    target: Rows,
    asked: Rows,
    key: Key,
    rules: SearchRules,
    best: Applications,
) -> None:
    """Each seeker's application, kept where it leads the post's ranking.

    All try their first draw before anybody tries the next: who applies where does not depend on others.
    """
    who = applicants_of(p, seekers, asks, month, key, rules)
    trying, left = np.arange(len(who.row)), len(who.row)
    post, sought = np.full(left, -1, np.int64), np.zeros(left, np.int64)
    for attempt in range(TRIES):
        tries, left = left, 0
        for k in trying[:tries]:
            identity, weights = who.identity[k], cumulative[who.kind[k], who.skill[k], who.occupation[k]]
            total = weights[len(weights) - 1]
            if total <= 0.0:
                continue
            luck = uniform(further(key, TRIES + 1 + attempt), identity) if attempt else who.luck[k]
            j = target[who.occupation[k], rank_of(weights, luck * total)]
            first, last = open_range(who.kind[k] >= 2, who.kind[k] % 2 == 1)
            start, size = blocks[4 * j + first], blocks[4 * j + last] - blocks[4 * j + first]
            seen = start + int(size * uniform(further(key, attempt + 1), identity))
            suits = (v.firm[seen] >= 0) & (v.offer[seen] >= who.asks[k]) & (v.flags[seen] & who.barred[k] == 0)
            post[k], sought[k] = (seen if suits else -1), j
            trying[left] = k
            left += not suits
    rank_applicants(who, post, sought, v, asked, key, rules, best)


@njit(cache=True, nogil=True)
def rank_applicants(
    who: Applicants,
    post: Rows,
    sought: Rows,
    v: VacancyArrays,
    asked: Rows,
    key: Key,
    rules: SearchRules,
    best: Applications,
) -> None:
    """Let each applicant lead the ranking of the post they apply to, -1 for none, where they are the best so far."""
    gains = np.exp(np.array([0.0, rules.payment, rules.subsidy, rules.subsidy + rules.payment]))
    luck_of_ranking = further(key, TRIES + 1)
    for k in range(len(post)):
        j = post[k]
        if j < 0:
            continue
        quality = applicant_fit(who.education[k], asked[sought[k]], sought[k] == who.occupation[k])
        quality *= who.discount[k]
        if v.flags[j] & RANKS_EXPERIENCE and who.kind[k] % 2 == 0:
            quality *= rules.experience
        quality *= gains[who.subsidies[k]]
        score = ranking_score(quality, uniform(luck_of_ranking, who.identity[k]), rules.strength)
        if score > best.score[j]:
            best.score[j], best.applicant[j] = score, who.row[k]
