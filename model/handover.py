"""What steps of a month leave for later ones: typed, so that the order of the month explains itself.

A step of one's own may change what an earlier step has left, before a later one reads it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


class Refund(NamedTuple):
    """What firms get back that keep their staff."""

    allowed: float = 0.0  # layoffs, as a share of staff a month, up to which a firm is paid
    worth: float = 0.0  # payment, as a share of pay
    reach: float = 0.0  # share of staff whose firm asks for it


NO_REFUND = Refund()


@dataclass(slots=True)
class Plan:
    """What employers mean to do this month, from `open` to `campus`."""

    closed_at_35: Floats  # by occupation: share of posts closed at 35 (age_limits)
    beginners: Floats  # by occupation: share of posts open to beginners (open, ai)
    mix: Floats  # [group, occupation], cumulative: in which occupations posts are (open, ai)
    campus_mix: Floats  # the same of posts on campus (open, ai)
    campus_posts: Floats  # by group: campus posts relative to those without machines (open, ai)
    firm_activity: Floats  # by firm: what it wants relative to its size (property: developers' sites)
    firm_openings: Floats  # by firm: posts to open, in simulated persons (plan)
    group_openings: Floats  # by group of demand: their sum (plan)
    openings_scale: Floats  # by group: ratio at which planned openings become posts (plan)
    refund: Refund = NO_REFUND  # (refund)
    building: float = 1.0  # building sites relative to 2018-01 (property)
    home_sales: float = 1.0  # sales of homes relative to 2018-01 (property)


class SearchRules(NamedTuple):
    """Numbers of search and ranking."""

    effective: float
    long_term: float
    share: float  # of last pay that a seeker with a usual home asks for
    house_price: float  # relative to 2018-01
    wealth: float  # elasticity of what seekers ask for on home wealth
    decay: float
    strength: float
    spell_floor: float
    age_floor: float
    experience: float  # odds of the experienced where experience ranks first
    subsidy: float  # log points a recent graduate gains
    payment: float  # the same of a graduate or somebody under 25 without a job
    graduate_months: int
    friction: float  # applications of K-visa holders relative to natives


#: Skills of seekers, as jobs tell them apart.
NOT_STEM, STEM, VISITOR = 0, 1, 2


#: A seeker: what search, firms and their own choices ask about somebody who looks for work, read off the columns once.
SEEKER = np.dtype(
    (
        np.record,  # so that a kernel that runs uncompiled finds them by name too
        [
            ("row", np.int64),
            ("chance", np.float64),  # to get an application out in a round
            ("asks", np.float64),  # pay below which they do not apply
            ("discount", np.float64),  # how firms discount their age and a spell without work
            ("identity", np.uint32),
            ("spell", np.int16),  # months without work, 0 of who has some
            ("age", np.int16),  # months
            ("civil", np.uint8),
            ("occupation", np.uint8),
            ("education", np.uint8),
            ("kind", np.uint8),  # 2 · over 35 + beginner
            ("skill", np.uint8),  # NOT_STEM, STEM, or VISITOR: on a K visa
            ("subsidies", np.uint8),  # what an employer is paid for them: PAYMENT and SUBSIDY
            ("searching", np.bool_),  # until they have found work, given up or left
        ],
    )
)
#: Nobody.
NO_ROWS: Rows = np.zeros(0, np.int64)
#: Seekers one after the other, as records: a kernel asks for `seekers[k].asks`.
Seekers = NDArray[Any]


class Applications(NamedTuple):
    """Who leads each post's ranking so far."""

    applicant: Rows  # place of the best applicant among the seekers, -1 for none
    score: Floats


def no_applications(posts: int = 0) -> Applications:
    """Nobody has applied to any of `posts` posts yet."""
    applicant, score = np.empty(posts, np.int64), np.empty(posts)
    applicant.fill(-1)
    score.fill(-np.inf)
    return Applications(applicant, score)


@dataclass(slots=True)
class JobSearch:
    """Who searches this month and how, from `separate` to `participate`."""

    movers: Rows = field(default_factory=lambda: NO_ROWS)  # rows with a job who look elsewhere (separate)
    seekers: Seekers = field(default_factory=lambda: np.empty(0, SEEKER))  # movers, then the unemployed (search)
    students: Seekers = field(default_factory=lambda: np.empty(0, SEEKER))  # in their final year, on campus (search)
    rules: SearchRules = field(init=False)  # of this month (search)
    weights: Floats = field(default_factory=lambda: np.zeros((0, 0, 0, 0)))  # cumulative, of occupations (search)
    applications: Applications = field(default_factory=no_applications)  # of the first round (search)
    on_campus: Applications = field(default_factory=no_applications)  # of final-year students (search)


@dataclass(slots=True)
class Flows:
    """Events of one month, in simulated persons."""

    graduates: int = 0  # who took a first degree
    starters: int = 0  # of them, who started the job they had an offer for
    hires: int = 0
    hires_from_unemployment: int = 0
    searching: int = 0  # unemployed at the start of search
    layoffs: int = 0
    layoffs_over_35: int = 0
    quits: int = 0
    openings: int = 0
    k_visa_arrivals: int = 0


@dataclass(slots=True)
class Stocks:
    """People by what they do, as the survey of a month finds and publishes them, in simulated persons."""

    labour_force: int = 0  # without students who search
    employed: int = 0
    unemployed: int = 0
    by_group: dict[str, tuple[int, int]] = field(default_factory=dict)  # name -> (labour force, unemployed)
    inactive: int = 0
    long_term: int = 0
    gig: int = 0
    foreign: int = 0
    foreign_employed: int = 0
    searching_students: int = 0
