"""The agents: persons, posts and firms of the engine, moved by its own kernels in the order of the published model.

There all flows of a step follow from the stocks at its start: who loses a job does not search before the next step,
and a post of this step is not filled in it. So people search first, then jobs end, then posts are filled and opened.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from agents.columns import NEVER, NOBODY, Flag, People, Status, Vacancies
from experiments.published_model.neutral import URN_BALL, Employers, equal_conditions, flat_hazards, weights_of_search
from experiments.published_model.shock import (
    BASE_OPENINGS,
    BASE_SEPARATIONS,
    LONG_SPELL,
    STEPS,
    Course,
    Shock,
    no_course,
)
from model.handover import SEEKER, Applications, no_applications
from model.mechanisms.matching.applications import send_applications
from model.mechanisms.matching.hiring import fill_posts
from model.mechanisms.matching.posts import make_room, post_openings, sort_posts
from model.mechanisms.matching.seekers import read_seekers
from model.mechanisms.separations.hazards import Chances, end_jobs, no_staff
from model.randomness import Purpose, draw_key

Floats = NDArray[np.float64]
#: Everybody is 30 at the start and gets older on the way: with the rules at 35 switched off that changes nothing.
BORN = -30 * 12


def agents_course(shock: Shock, workers: int, seed: int, on_step: Callable[[int], object] = lambda _: None) -> Course:
    """Stocks of all steps of one run with so many persons."""
    market = Workforce(shock, workers, seed)
    course = no_course(len(shock.automation))
    market.count(0, course)
    for step in range(1, STEPS + 1):
        market.live(step)
        market.count(step, course)
        on_step(step)
    return course


class Workforce:
    """People, posts and one firm per occupation, in numbers that add up to `workers` persons."""

    def __init__(self, shock: Shock, workers: int, seed: int) -> None:
        self.shock, self.seed = shock, seed
        self.occupations = len(shock.automation)
        self.scale = workers / shock.labour_force.sum()
        self.employers = Employers(self.occupations)
        self.employers.columns.headcount[:] = self._settle(workers)
        self.employed = self.employers.columns.headcount.astype(np.int64)
        self._open_first_posts()
        self.hazards, self.conditions = flat_hazards(), equal_conditions(self.occupations)
        self.carry = np.zeros(self.occupations)  # parts of an opening that wait for the next step
        self.posted = np.zeros(self.occupations, np.int64)
        self.own_occupation = np.triu(np.ones((self.occupations, self.occupations)))  # cumulative over occupations
        self.ones, self.no_skill = np.ones(self.occupations), np.zeros(self.occupations, np.int64)
        self.scratch, self.left = np.zeros(workers, np.int64), np.zeros(workers, np.int32)

    def _settle(self, workers: int) -> NDArray[np.int64]:
        """Put everybody in an occupation, most of them at work there; returns how many are."""
        members = _whole(self.shock.labour_force * self.scale)
        idle = np.minimum(_whole(self.shock.employment * BASE_SEPARATIONS * self.scale), members)
        occupation = np.repeat(np.arange(self.occupations), members)
        at_work = np.arange(workers) - np.repeat(np.cumsum(members) - members, members) >= idle[occupation]
        self.people = People.empty(workers)
        p = self.people
        p.count = workers
        p.occupation = occupation.astype(np.min_scalar_type(self.occupations))
        p.identity[:] = np.arange(workers)
        p.birth[:], p.graduated[:] = BORN, NEVER
        p.flags[:] = int(Flag.EXPERIENCED)
        p.status[:] = np.where(at_work, int(Status.EMPLOYED), int(Status.UNEMPLOYED))
        p.employer[:] = np.where(at_work, occupation, NOBODY)
        return members - idle

    def _open_first_posts(self) -> None:
        """The vacancies of the start."""
        posts = _whole(self.shock.employment * BASE_OPENINGS * self.scale)
        self.posts = Vacancies.empty(int(posts.sum()))
        self.posts.occupation = np.repeat(np.arange(self.occupations), posts).astype(self.people.occupation.dtype)
        self.posts.firm[:] = self.posts.occupation
        self.posts.offer[:] = 1.0
        self.posts.count = len(self.posts.firm)
        self.vacancies = posts
        self.blocks = np.zeros(4 * self.occupations + 1, np.int64)
        self._sort_posts()

    def live(self, step: int) -> None:
        """One step: plans and applications from the stocks of the last, then jobs end, are filled and are posted."""
        plan = self.employers.plan(self.employed, self.vacancies, self.shock.jobs_wanted(step) * self.scale)
        applications = self._search(step)
        self._separate(step, plan.layoff_rate)
        self._hire(step, applications)
        self._post(step, plan.openings)
        self._sort_posts()

    def _search(self, step: int) -> Applications:
        people = self.people.arrays()
        unemployed = np.flatnonzero(people.status == int(Status.UNEMPLOYED))
        self.seekers = np.empty(len(unemployed), SEEKER)
        read_seekers(people, unemployed, step, URN_BALL, self.seekers)
        best = no_applications(self.posts.count)
        send_applications(
            who=self.seekers,
            v=self.posts.arrays(),
            blocks=self.blocks,
            cumulative=weights_of_search(self.shock, self.blocks),
            target=self.shock.reach.target,
            asked=self.no_skill,
            key=draw_key(self.seed, Purpose.APPLICATION, step),
            rules=URN_BALL,
            first=0,
            best=best,
        )
        return best

    def _separate(self, step: int, layoff_rate: Floats) -> None:
        firms = self.employers.columns
        end_jobs(
            p=self.people.arrays(),
            count=self.people.count,
            month=step,
            key=draw_key(self.seed, Purpose.SEPARATION, step),
            given=Chances(self.hazards, self.ones, 1.0, self.ones, firms.group, layoff_rate, self.ones),
            headcount=firms.headcount,
            group_employed=self.employed,
            movers=self.scratch,
            left=self.left,
            cells=no_staff(self.occupations),
            tally=np.zeros(5, np.int64),
        )

    def _hire(self, step: int, applications: Applications) -> None:
        firms = self.employers.columns
        fill_posts(
            p=self.people.arrays(),
            v=self.posts.arrays(),
            seekers=self.seekers,
            best=applications,
            month=step,
            visa_months=0,
            firm_group=firms.group,
            headcount=firms.headcount,
            group_employed=self.employed,
            group_vacancies=self.vacancies,
            tally=np.zeros(4, np.int64),
        )

    def _post(self, step: int, openings: Floats) -> None:
        firms = self.employers.columns
        make_room(self.posts, int(openings.sum()) + self.occupations + 1)
        self.posts.count = post_openings(
            v=self.posts.arrays(),
            count=self.posts.count,
            month=step,
            key=draw_key(self.seed, Purpose.VACANCY, 0),
            by_firm=openings,
            firm_group=firms.group,
            ratio=self.ones,
            carry=self.carry,
            so_far=self.posted,
            mix=self.own_occupation,
            conditions=self.conditions,
            premium=firms.premium,
            age_rule=firms.age_rule,
            group_pay=self.ones,
        )

    def _sort_posts(self) -> None:
        """Drop what is filled; no post is ever too old."""
        self.posts.count = sort_posts(self.posts.arrays(), self.posts.count, -1, self.blocks)
        self.vacancies[:] = self.blocks[4::4] - self.blocks[:-1:4]

    def count(self, step: int, course: Course) -> None:
        """Write down the stocks at the end of a step."""
        p, occupations = self.people, self.occupations
        idle = np.flatnonzero(p.status == int(Status.UNEMPLOYED))
        long_term = idle[step - p.since[idle] >= LONG_SPELL]
        course.employed[step] = self.employed
        course.unemployed[step] = np.bincount(p.occupation[idle], minlength=occupations)
        course.long_term[step] = np.bincount(p.occupation[long_term], minlength=occupations)


def _whole(numbers: Floats) -> NDArray[np.int64]:
    """Whole numbers near `numbers` whose sum is theirs, rounded."""
    return np.diff(np.round(np.cumsum(numbers)), prepend=0.0).astype(np.int64)
