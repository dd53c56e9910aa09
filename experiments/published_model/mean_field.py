"""The mean field: the engine's rules, with every draw replaced by its expectation.

Plans of firms and weights of search come from the engine's kernels, which take fractions of persons as they take
whole ones. Instead of drawing who leaves, who applies where and who wins, the expected numbers move.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from experiments.published_model.neutral import ANY_KIND, ANY_SKILL, Employers, flat_hazards, weights_of_search
from experiments.published_model.shock import (
    BASE_OPENINGS,
    BASE_SEPARATIONS,
    LONG_SPELL,
    STEPS,
    Course,
    Shock,
    no_course,
)

Floats = NDArray[np.float64]


def mean_field_course(shock: Shock, on_step: Callable[[int], object] = lambda _: None) -> Course:
    """Expected stocks of all steps. All flows of a step follow from the stocks at its start."""
    occupations = len(shock.automation)
    employers, ends = Employers(occupations), float(flat_hazards().ends[0, 0])
    course = no_course(occupations)
    employed, unemployed = shock.employment.copy(), shock.employment * BASE_SEPARATIONS
    vacancies = shock.employment * BASE_OPENINGS
    # By steps without work so far. As in the article, who starts without work counts among neither.
    short_spells, long_spells = np.zeros((LONG_SPELL, occupations)), np.zeros(occupations)
    course.employed[0], course.unemployed[0] = employed, unemployed
    for step in range(1, STEPS + 1):
        plan = employers.plan(employed, vacancies, shock.jobs_wanted(step))
        separations = (ends + plan.layoff_rate) * employed
        leavers, hires = matches(shock, unemployed, vacancies)
        stay = 1 - leavers / unemployed
        long_spells = (long_spells + short_spells[-1]) * stay
        short_spells[1:] = short_spells[:-1] * stay
        short_spells[0] = separations
        unemployed = unemployed + separations - leavers
        employed = employed + hires - separations
        vacancies = vacancies + plan.openings - hires
        course.employed[step], course.unemployed[step] = employed, unemployed
        course.long_term[step] = long_spells
        on_step(step)
    return course


def matches(shock: Shock, unemployed: Floats, vacancies: Floats) -> tuple[Floats, Floats]:
    """Expected numbers of people who find work, by the occupation they leave and by the one they enter."""
    reach, occupations = shock.reach, len(unemployed)
    cumulative = weights_of_search(shock, block_starts(vacancies))[ANY_KIND, ANY_SKILL]
    chosen = np.diff(cumulative, axis=1, prepend=0.0) / cumulative[:, -1:]
    sent = chosen * unemployed[:, None]
    received = np.bincount(reach.target.ravel(), sent.ravel(), occupations)
    chance = chance_to_win(received / vacancies)
    return (sent * chance[reach.target]).sum(axis=1), received * chance


def block_starts(vacancies: Floats) -> Floats:
    """Where the posts of each occupation begin when all are of the first block: open to all but beginners."""
    return np.concatenate([[0.0], np.repeat(np.cumsum(vacancies), 4)])


def chance_to_win(applications_per_post: Floats) -> Floats:
    """Chance that an application succeeds when only luck ranks: (1 - exp(-x)) / x for x applications per post.

    Posts receive Poisson numbers of applications, and each that has any hires one (the urn-ball).
    """
    chance: Floats = -np.expm1(-applications_per_post) / applications_per_post
    return chance
