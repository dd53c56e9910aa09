"""Experiment files: what they say, what is wrong with them, and the designs they ask for."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from batch_fakes import GRID, written
from run_fakes import ROOT

from experiments.batch.designs import drawn, full_grid, listed
from experiments.batch.experiment_file import Experiment, read_experiment
from model.scenario.scenario import ScenarioError

#: A policy search lies there too; another verb reads it.
POLICY = ROOT / "scenarios" / "experiments" / "policy_search.yaml"
POLICIES = {POLICY, POLICY.with_name("price_of_youth_jobs.yaml")}
SHIPPED = sorted(set((ROOT / "scenarios" / "experiments").glob("*.yaml")) - POLICIES)
SAMPLE = """
scenario: base.yaml
sample:
  method: {method}
  size: 64
  ranges:
    visa.annual_quota: [0, 100000]
    layoffs.over_35_odds: [1, 4]
    population: [1000, 1003]
"""


def complaints(path: Path, *arguments: object) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        read_experiment(path, *arguments)  # type: ignore[arg-type]
    return str(caught.value).splitlines()


def read(tmp_path: Path, text: str) -> Experiment:
    return read_experiment(written(tmp_path, text))


def test_a_grid_has_every_combination_once(tmp_path: Path) -> None:
    experiment = read(tmp_path, GRID)
    assert experiment.name == "experiment"
    assert experiment.runs == 12
    assert experiment.design.rows == ((0.5, 0.0), (0.5, 0.5), (1.0, 0.0), (1.0, 0.5), (1.5, 0.0), (1.5, 0.5))
    assert experiment.design.overrides(4) == {"graduates.cohort_scale": 1.0, "hiring.graduate_subsidy": 0.5}


def test_a_list_leaves_to_the_scenario_what_a_point_does_not_say(tmp_path: Path) -> None:
    text = "scenario: base.yaml\nlist:\n  - {}\n  - {visa.annual_quota: {2025-10: 5}}\n  - {population: 2000}\n"
    design = read(tmp_path, text).design
    assert [design.overrides(point) for point in (1, 2, 3)] == [
        {}, {"visa.annual_quota": {"2025-10": 5.0}}, {"population": 2000},
    ]  # fmt: skip


@pytest.mark.parametrize("method", ["sobol", "lhs"])
def test_a_sample_fills_its_ranges_evenly_and_always_the_same(tmp_path: Path, method: str) -> None:
    design = read(tmp_path, SAMPLE.replace("{method}", method)).design
    assert design == read(tmp_path, SAMPLE.replace("{method}", method)).design
    assert design != read(tmp_path, SAMPLE.replace("{method}", method) + "  seed: 2\n").design
    quota = np.array([row[0] for row in design.rows])
    odds = np.array([row[1] for row in design.rows])
    assert np.histogram(quota, bins=8, range=(0, 100_000))[0].tolist() == [8] * 8  # both methods stratify each path
    assert np.histogram(odds, bins=8, range=(1, 4))[0].tolist() == [8] * 8
    people = [row[2] for row in design.rows]
    assert set(people) == {1000, 1001, 1002, 1003}
    assert all(isinstance(number, int) for number in people)


def test_from_leaves_the_past_to_the_scenario(tmp_path: Path) -> None:
    experiment = read(tmp_path, "scenario: base.yaml\nfrom: 2019-06\ngrid: {visa.annual_quota: [0, 9]}\n")
    changed = experiment.scenario.with_values(experiment.design.overrides(2))
    assert changed.monthly("visa.annual_quota", 16, 2).tolist() == [0.0, 9.0]


def test_set_and_options_hold_for_all_runs(tmp_path: Path) -> None:
    path = written(tmp_path, GRID + "set: {population: 3000, end: 2018-12, visa.annual_quota: 5}\n")
    scenario = read_experiment(path, {"population": 4000}, ["visa.h1b_diversion=0.5"]).scenario
    assert (scenario.population, scenario.end, scenario.replications) == (4000, "2018-12", 2)
    assert (scenario.number("visa.annual_quota"), scenario.number("visa.h1b_diversion")) == (5.0, 0.5)


def test_the_digest_follows_the_points_alone(tmp_path: Path) -> None:
    commented = read(tmp_path, "# why not\n" + GRID + "name: other\noutcomes: [hires]\n")
    assert commented.design.digest == read(tmp_path, GRID).design.digest
    assert read(tmp_path, GRID.replace("1.5", "1.6")).design.digest != commented.design.digest
    assert full_grid({"a": [1, 2]}).digest == listed([{"a": 1}, {"a": 2}]).digest
    assert drawn("lhs", 4, {"a": (0, 1)}).digest != drawn("sobol", 4, {"a": (0, 1)}).digest


BROKEN = """name: broken
scenario: bas.yaml
set:
  visa.anual_quota: 3
  hiring.openings_scale.all: 9
  graduates.cohort_scale: 1
  start: 2019-13
replication: 4
visa: {annual_quota: 3}
grid:
  graduates.cohort_scale: [1, 20%, -4, 1]
  graduates.cohort_scal: [1]
  seed: [1, 2]
  layoffs.protection: 0.5
sample: {method: sobl, size: 0, rnges: 3}
outcomes: [unemployment_rate_16-24]
"""


def test_every_problem_is_told_at_once_where_it_stands(tmp_path: Path) -> None:
    path = written(tmp_path, BROKEN)
    told = [line.removeprefix(f"{path}:") for line in complaints(path)]
    for line in (
        "2:11  there is no scenario file 'bas.yaml'",
        "    did you mean 'base.yaml'?",
        "4:3  unknown name 'visa.anual_quota'",
        "5:30  'hiring.openings_scale.all' is 9, but must lie between 0 and 3 (ratio)",
        "6:3  'graduates.cohort_scale' is set for all runs, but the design varies it",
        "7:10  'start' is '2019-13', which is not a month YYYY-MM; months run from 01 to 12",
        "8:1  unknown name 'replication' at the top of an experiment",
        "    did you mean 'replications'?",
        "9:1  'visa' belongs under 'set' (for all runs) or in the design",
        "11:36  'graduates.cohort_scale' is -4, but must lie between 0 and 5 (ratio)",
        "11:40  'graduates.cohort_scale' has this value already",
        "12:3  unknown name 'graduates.cohort_scal'",
        "14:23  'layoffs.protection' needs a list of values, such as [0, 50000]",
        "15:1  a second design; 'grid' is given already",
        "15:30  'size' is 0, but must lie between 1 and 1,000,000 (points)",
        "15:9  'ranges' is missing under 'sample'",
        "    did you mean 'unemployment_rate_16_24'?",
    ):
        assert line in told
    assert any(line.startswith("13:3  'seed' cannot be varied") for line in told)
    assert any(line.startswith("15:18  'method' is 'sobl'") for line in told)
    assert told[-1].endswith("problems; nothing was run.")
    lines = [int(found[1]) for line in told if (found := re.match(r"(\d+):\d+  ", line))]
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no design is given; write one of grid, list and sample"),
        ("extends: base.yaml", "'extends' belongs in a scenario"),
        ("list: [{}, {}]", "this point is in the list already (line 2)"),
        ("set: {visa.annual_quota: 1}\ngrid: {visa.annual_quota: [1]}", "but the design varies it"),
        ("from: 2019-01\ngrid: {population: [1000]}", "so it cannot change at 'from'"),
        ("from: 2019-01\ngrid: {visa.annual_quota: [{2018-01: 1}]}", "and 'from' dates it too"),
        ("grid: {end: [2017-12]}", "must lie between 2018-01 and 2060-12"),
        ("grid: {start: [2019-06, 2020-01]}", "point 2 ends in 2019-12, before its start in 2020-01"),
        ("set: {start: 2020-01}\ngrid: {population: [1000]}", "'end' is 2019-12, before 'start'"),
        ("replications: 2\nset: {replications: 3}\ngrid: {population: [1000]}", "at the top of the file as well"),
        ("replications: 10000\nsample: {method: lhs, size: 101, ranges: {population: [1000, 9000]}}", "1,010,000 runs"),
        ("sample: {method: lhs, size: 2, ranges: {policy_feedback.enabled: [0, 1]}}", "so it has no range"),
        ("sample: {method: lhs, size: 2, ranges: {visa.annual_quota: [9, 1]}}", "lowest first"),
        ("sample: {method: lhs, size: 2, ranges: {layoffs.protection: [0, 65]}}", "for 65 percent write 0.65"),
    ],
)
def test_a_mistake_is_explained(tmp_path: Path, text: str, words: str) -> None:
    assert words in "\n".join(complaints(written(tmp_path, f"scenario: base.yaml\n{text}\n")))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is empty"),
        ("- 1\n", "an experiment is a group of names and values"),
        ("grid: {visa.annual_quota: [1]}\n", "no scenario is named"),
        ("scenario: [base.yaml]\n", "'scenario' names one scenario file"),
    ],
)
def test_what_is_no_experiment_is_told(tmp_path: Path, text: str, words: str) -> None:
    assert words in "\n".join(complaints(written(tmp_path, text)))


def test_mistakes_of_the_scenario_are_told_with_those_of_the_experiment(tmp_path: Path) -> None:
    told = "\n".join(complaints(written(tmp_path, GRID + "outcomes: [x]\n", base="sed: 1\n")))
    assert "base.yaml:1:1  unknown name 'sed'" in told
    assert "there is no indicator 'x'" in told


def test_an_option_for_what_the_design_varies_is_refused(tmp_path: Path) -> None:
    told = complaints(written(tmp_path, GRID), {}, ["graduates.cohort_scale=1"])
    assert told[0] == "--set graduates.cohort_scale  the design varies it; leave it out here"


def test_a_missing_file_is_one_message(tmp_path: Path) -> None:
    assert "there is no such file" in complaints(tmp_path / "none.yaml")[0]
    assert "this is a directory; an experiment is a YAML file" in complaints(tmp_path)[0]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_experiments_are_good_and_say_what_they_ask(path: Path) -> None:
    experiment = read_experiment(path)
    assert experiment.runs > 100
    assert path.read_text(encoding="utf-8").splitlines()[0].endswith("?")


def test_a_policy_search_is_sent_to_its_verb() -> None:
    told = "\n".join(complaints(POLICY))
    assert "'levers' does not belong in an experiment; 'run.py search' reads such files" in told
