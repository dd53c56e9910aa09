"""The automation shock: occupations with their employment and chance of being automated, and the jobs wanted over time.

Symbols in brackets are the article's (doi 10.1098/rsif.2020.0898). A step is 6.75 weeks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.engine.errors import BadRequest
from model.job_graph.graph import Reach
from model.outside_files import UnreadableError, decoded, read_content
from model.outside_tables import TableReader, number_in
from model.paths import shown
from model.scenario.problems import Problem, ScenarioError

Floats = NDArray[np.float64]

#: Chance that a job ends by itself, and openings per job, in a step [delta_u, delta_v].
BASE_SEPARATIONS, BASE_OPENINGS = 0.016 + 1e-8, 0.012 + 1e-8
#: Share of a gap between jobs and jobs wanted that layoffs close in a step, and openings alike [gamma_u, gamma_v].
ADJUSTMENT_SPEED = 10 * BASE_SEPARATIONS
#: The first step that the shock touches, and the steps of half of it: 30 years are the whole.
FIRST_STEP = 100
HALF_WAY = (30 * 52 / 6.75) / 2
STEEPNESS = -math.log(1 / 0.9999 - 1) / HALF_WAY
#: Steps compared: before the shock and around it, last step included. What follows is never reported.
BEFORE, DURING = (25, 74), (100, 330)
STEPS = DURING[1]
#: Steps without work from which a spell is long: it has outlasted three searches.
LONG_SPELL = 3

_WHAT, _LARGEST, _MOST_ROWS = "a file of the published model", 10_000_000, 100_000
OCCUPATIONS_FILE = "delrio2021_occupations.csv"
EXPECTED_FILE = "delrio2021_expected_complete_network.csv"


@dataclass(frozen=True)
class Shock:
    """One instance: who works where, how likely each occupation is automated, and how people move."""

    automation: Floats  # chance that an occupation is automated [p]
    employment: Floats  # persons before the first step [e0]; firms' rules count in whole ones, so not in millions
    reach: Reach

    @property
    def labour_force(self) -> Floats:
        """People with a job or without, by occupation: also the jobs wanted until the shock [D0]."""
        return self.employment * (1 + BASE_SEPARATIONS)

    def jobs_wanted(self, step: int) -> Floats:
        """Jobs wanted in a step: a logistic path from today's jobs to as many, moved away from automation [d]."""
        now = self.labour_force
        if step < FIRST_STEP:
            return now
        kept = now * (1 - self.automation)
        later = kept * now.sum() / kept.sum()
        done = 1 / (1 + math.exp(-STEEPNESS * (step - FIRST_STEP - HALF_WAY)))
        path: Floats = (1 - done) * now + done * later
        return path


class Course(NamedTuple):
    """Stocks at the end of each step by occupation, row 0 being the start."""

    employed: Floats
    unemployed: Floats
    long_term: Floats


def no_course(occupations: int) -> Course:
    """Room for the stocks of all steps."""
    return Course(*(np.zeros((STEPS + 1, occupations)) for _ in Course._fields))


def complete_network(occupations: int) -> Reach:
    """Everybody may move anywhere with equal ease, A = 1/n, itself first."""
    everywhere = np.arange(occupations)
    target = (everywhere[:, None] + everywhere) % occupations
    return Reach(target, np.full(target.shape, 1 / occupations), np.full(occupations, occupations))


def read_shock(folder: Path) -> Shock:
    """The published occupations on the complete network; raises BadRequest when the folder does not hold them."""
    file = folder / OCCUPATIONS_FILE
    automation, employment = read_columns(file, ("auto_prob_average", "employment_cps_avg"))
    if not (((automation >= 0) & (automation < 1)).all() and (employment >= 1).all()):
        raise BadRequest(f"{file}: chances of automation must lie between 0 and 1, employment is 1 person at least")
    return Shock(automation, employment, complete_network(len(automation)))


def read_columns(path: Path, names: tuple[str, ...]) -> tuple[Floats, ...]:
    """Some columns of finite numbers of a published file; raises BadRequest with everything that is wrong."""
    file, problems = shown(path), list[Problem]()
    form = f"CSV with {', '.join(names)}"
    try:
        text = decoded(read_content(path, _LARGEST, _WHAT, form), _WHAT, form)
    except UnreadableError as error:
        raise BadRequest(f"{file}  {error}; expected {_WHAT}") from None
    rows = TableReader(text, file, problems).read(names, (), _MOST_ROWS, f"\n    {_WHAT} is {form}").rows
    if not rows and not problems:
        problems.append(Problem(file, None, None, "there are no rows in this file"))
    columns = []
    for name in names:
        numbers = [number_in(row[name].text) for row in rows]
        problems += [
            Problem(*row[name].place, f"{name} is {number}")
            for row, number in zip(rows, numbers, strict=True)
            if isinstance(number, str)
        ]
        columns.append(np.array([number for number in numbers if not isinstance(number, str)], np.float64))
    if problems:
        raise BadRequest(str(ScenarioError(problems)))
    return tuple(columns)
