"""Apply: who gets an application out, the post each finds, and who leads the post's ranking: kernels of search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from numpy.typing import NDArray

from agents.columns import FEMALE, FOR_MEN, FOR_WOMEN, RANKS_EXPERIENCE, VacancyArrays
from agents.decisions import applicant_fit, ranking_score
from model.pieces import BLOCK
from model.randomness import Key, further, uniform

if TYPE_CHECKING:
    from model.handover import Applications, SearchRules, Seekers

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
#: Draws of a post within the chosen occupation before a seeker gives up for this month.
TRIES = 3


@njit(cache=True, nogil=True)
def open_range(over_35: bool, beginner: bool) -> tuple[int, int]:
    """First block open to a person and the block after the last (see `agents.columns.Vacancies`)."""
    return (1 if beginner else 0), (2 if over_35 else (3 if beginner else 4))


@njit(cache=True, nogil=True)
def rank_of(weights: Floats, luck: float) -> int:
    """Which of cumulative weights a number up to the last of them falls under."""
    rank = 0
    for k in range(len(weights)):  # counting all is quicker than stopping at the first that is not below
        rank += weights[k] < luck
    return rank


@njit(cache=True, nogil=True)
def send_applications(
    who: Seekers,
    v: VacancyArrays,
    blocks: Rows,
    cumulative: Floats,
    target: Rows,
    asked: Rows,
    key: Key,
    rules: SearchRules,
    first: int,
    best: Applications,
) -> None:
    """Each seeker's application, kept where it leads the post's ranking; `first` is the place of the first of them.

    A block of seekers stays in the cache until all of them have tried.
    """
    for start in range(0, len(who), BLOCK):
        block = who[start : start + BLOCK]
        applicant, post = choose_posts(block, v, blocks, cumulative, target, key)
        rank_applicants(block, applicant, post, v, asked, key, rules, first + start, best)


@njit(cache=True, nogil=True)
def choose_posts(
    who: Seekers, v: VacancyArrays, blocks: Rows, cumulative: Floats, target: Rows, key: Key
) -> tuple[Rows, Rows]:
    """Places of those who find a post to apply to, and the posts.

    All try their first draw before anybody tries the next: who applies where does not depend on others. No branch
    depends on a seeker where it can be helped: none could be foreseen.
    """
    trying, lucks, left = applicants_of(who, key)
    applicant, post, found = np.empty(left + 1, np.int64), np.empty(left + 1, np.int64), 0
    for attempt in range(TRIES):
        tries, left = left, 0
        for t in range(tries):
            k = trying[t]
            kind, occupation = who[k].kind, who[k].occupation
            weights = cumulative[kind, who[k].skill, occupation]
            total = weights[len(weights) - 1]
            if total <= 0.0:
                continue
            luck = uniform(further(key, TRIES + 1 + attempt), who[k].identity) if attempt else lucks[t]
            j = target[occupation, rank_of(weights, luck * total)]
            begins, ends = open_range(kind >= 2, kind % 2 == 1)
            start, size = blocks[4 * j + begins], blocks[4 * j + ends] - blocks[4 * j + begins]
            seen = start + int(size * uniform(further(key, attempt + 1), who[k].identity))
            barred = FOR_MEN if who[k].civil & FEMALE else FOR_WOMEN
            suits = (v.firm[seen] >= 0) & (v.offer[seen] >= who[k].asks) & (v.flags[seen] & barred == 0)
            applicant[found], post[found] = k, seen
            found += suits
            trying[left] = k
            left += not suits
    return applicant[:found], post[:found]


@njit(cache=True, nogil=True)
def applicants_of(who: Seekers, key: Key) -> tuple[Rows, Floats, int]:
    """Places of those who get an application out, and a number of each that is left of the draw: uniform again."""
    places, lucks, count = np.empty(len(who) + 1, np.int64), np.empty(len(who) + 1), 0
    for k in range(len(who)):
        luck = uniform(key, who[k].identity)
        places[count], lucks[count] = k, luck / who[k].chance
        count += who[k].searching & (luck <= who[k].chance)
    return places, lucks, count


@njit(cache=True, nogil=True)
def rank_applicants(
    who: Seekers,
    applicant: Rows,
    post: Rows,
    v: VacancyArrays,
    asked: Rows,
    key: Key,
    rules: SearchRules,
    first: int,
    best: Applications,
) -> None:
    """Let each applicant lead the ranking of the post they apply to where they are the best so far."""
    gains = np.exp(np.array([0.0, rules.payment, rules.subsidy, rules.subsidy + rules.payment]))
    luck_of_ranking = further(key, TRIES + 1)
    for t in range(len(applicant)):
        k, j = applicant[t], post[t]
        sought = v.occupation[j]
        quality = applicant_fit(who[k].education, asked[sought], sought == who[k].occupation) * who[k].discount
        first_in_line = (v.flags[j] & RANKS_EXPERIENCE != 0) & (who[k].kind % 2 == 0)
        quality *= gains[who[k].subsidies] * (rules.experience if first_in_line else 1.0)
        score = ranking_score(quality, uniform(luck_of_ranking, who[k].identity), rules.strength)
        leads = score > best.score[j]
        best.score[j] = score if leads else best.score[j]
        best.applicant[j] = first + k if leads else best.applicant[j]
