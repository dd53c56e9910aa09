"""The published automation shock: the article's numbers where its files are given, and a small instance of our own.

`pytest --published DIR tests/test_published_model.py`, or PYTEST_ADDOPTS="--published DIR" make test; without the
folder the two tests that need it are skipped.
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import brentq

from experiments.engine.cores import available_cores
from experiments.engine.errors import BadRequest
from experiments.published_model import reproduction
from experiments.published_model.agents import agents_course
from experiments.published_model.mean_field import mean_field_course
from experiments.published_model.reproduction import (
    AGENTS_TOLERANCE,
    BEFORE,
    CHANGES,
    DURING,
    GROUPS,
    MEAN_FIELD_TOLERANCE,
    agents_by_seed,
    agents_errors,
    groups,
    mean_field_errors,
    mean_field_table,
    mean_over_seeds,
    rates,
)
from experiments.published_model.shock import (
    ADJUSTMENT_SPEED,
    BASE_OPENINGS,
    BASE_SEPARATIONS,
    LONG_SPELL,
    OCCUPATIONS_FILE,
    STEPS,
    Shock,
    complete_network,
    read_shock,
)
from model.country.china import CHINA
from model.job_graph.graph import job_graph, moves_between, reach

WORKERS, SEEDS = 100_000, (1, 2, 3, 4)
#: Standard deviation in percent of one run with WORKERS persons of the rates of unemployment and of long-term
#: unemployment: of all occupations, then of the three groups. Measured over 60 seeds and rounded up.
LUCK = {
    BEFORE: ([0.7], [1.1], [1.2, 0.9, 1.2], [1.7, 1.6, 2.6]),
    DURING: ([0.45], [0.75], [0.5, 0.65, 0.65], [0.75, 1.1, 1.35]),
}
#: What whole persons may add in percent: an occupation with ten posts is not quite an urn-ball in the limit.
GRAIN = 0.3


def own_shock() -> Shock:
    """The 60 occupations of data/ on the project's job graph, with chances of automation spread over 0 to 1."""
    jobs = 1e6 * CHINA.sectors.employment_2019 @ CHINA.structure.shares
    return Shock(
        37 * np.arange(60) % 60 / 60,
        jobs,
        reach(job_graph(moves_between("", CHINA.structure, CHINA), CHINA.occupations.ids)),
    )


def steady_unemployment() -> float:
    """Unemployment per person of the labour force where flows balance, in closed form but for one root.

    On the complete network without automation all occupations are alike, so that the labour force is the jobs wanted.
    Then (delta_u - delta_v) e = (1 - delta_v) gamma (u - v): openings make up for separations; and
    v (1 - exp(-u / v)) = delta_u e: so do hires.
    """
    pull = (BASE_SEPARATIONS - BASE_OPENINGS) / ((1 - BASE_OPENINGS) * ADJUSTMENT_SPEED)

    def surplus_of_hires(u: float) -> float:
        v = u - pull * (1 - u)
        return v * (1 - math.exp(-u / v)) - BASE_SEPARATIONS * (1 - u)

    root: float = brentq(surplus_of_hires, 0.03, 0.2, xtol=1e-14)
    return root


def test_the_mean_field_settles_where_flows_balance() -> None:
    """Without automation the mean field of 60 occupations ends at the closed form, long spells included."""
    shock = replace(own_shock(), automation=np.zeros(60), reach=complete_network(60))
    course, everybody = mean_field_course(shock), shock.labour_force
    u = steady_unemployment()
    finding = BASE_SEPARATIONS * (1 - u) / u
    assert course.unemployed[STEPS] / everybody == pytest.approx(u, rel=1e-6)
    assert course.long_term[STEPS] / everybody == pytest.approx(u * (1 - finding) ** LONG_SPELL, rel=1e-6)


def test_the_mean_field_loses_nobody() -> None:
    """The shock moves jobs between occupations; people and jobs wanted stay as many."""
    shock = own_shock()
    course, everybody = mean_field_course(shock), shock.labour_force.sum()
    people = (course.employed + course.unemployed).sum(axis=1)
    wanted = np.array([shock.jobs_wanted(step).sum() for step in (0, 99, 100, 215, STEPS)])
    for count in (people, wanted):
        assert np.abs(count / everybody - 1).max() < 1e-12
    assert (course.long_term <= course.unemployed).all()


def test_agents_follow_the_mean_field() -> None:
    """On the project's own graph, rates of both kinds before and during the shock, of all and by group.

    Five standard deviations of the mean of four runs: fewer than one choice of seeds in 100,000 exceeds any of the 16.
    """
    shock = own_shock()
    expected = mean_field_course(shock)
    runs = [agents_course(shock, WORKERS, seed) for seed in SEEDS]
    for course in runs:
        assert ((course.employed + course.unemployed).sum(axis=1) == WORKERS).all()
    for window, luck in LUCK.items():
        for label, sd in ((np.zeros(60, np.int64), luck[:2]), (groups(shock), luck[2:])):
            mean = np.mean([rates(course, label, window) for course in runs], axis=0)
            error = 100 * (mean / np.array(rates(expected, label, window)) - 1)
            bound = 5 * np.array(sd) / math.sqrt(len(SEEDS)) + GRAIN
            assert (np.abs(error) < bound).all(), f"steps {window}: off by {error} %, bound {bound} %"


def test_a_seed_is_a_run() -> None:
    """The same seed gives the same run, beside others or alone; another seed another one."""
    shock = own_shock()
    both = agents_by_seed(shock, 2_000, (5, 6))
    alone = agents_by_seed(shock, 2_000, (6,))
    assert list(both["group"]) == [*GROUPS, *GROUPS]
    assert both.loc[both["seed"] == 6].reset_index(drop=True).equals(alone)
    assert not np.isclose(both.loc[both["seed"] == 5, CHANGES[0]], alone[CHANGES[0]]).any()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "no such file"),
        ("id,auto_prob_average\n0,0.5\n", "employment_cps_avg"),
        ("id,auto_prob_average,employment_cps_avg\n0,much,3\n", ":2:3  auto_prob_average is 'much'"),
        ("id,auto_prob_average,employment_cps_avg\n0,0.5,inf\n", "not a finite number"),
        ("id,auto_prob_average,employment_cps_avg\n", "no rows"),
        ("id,auto_prob_average,employment_cps_avg\n0,1.5,3\n", "between 0 and 1"),
    ],
)
def test_a_wrong_folder_is_told(tmp_path: Path, content: str | None, problem: str) -> None:
    if content is not None:
        (tmp_path / OCCUPATIONS_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(BadRequest, match=problem) as raised:
        read_shock(tmp_path)
    assert OCCUPATIONS_FILE in str(raised.value)


def test_the_mean_field_is_the_article(published: Path) -> None:
    """Both changes at every chance of automation that the article's table gives."""
    errors = mean_field_errors(published, mean_field_table(published))
    assert len(errors) >= 27
    assert np.abs(errors[list(CHANGES)].to_numpy()).max() < MEAN_FIELD_TOLERANCE


@pytest.mark.slow
def test_the_agents_are_the_article(published: Path) -> None:
    """1.4 million workers, mean over seeds: every group within half a point of the mean field."""
    table = mean_over_seeds(
        agents_by_seed(read_shock(published), reproduction.WORKERS, reproduction.SEEDS, available_cores())
    )
    assert list(table["group"]) == list(GROUPS)
    errors = agents_errors(published, table)
    assert np.abs(errors[list(CHANGES)].to_numpy()).max() < AGENTS_TOLERANCE, errors.to_string()
