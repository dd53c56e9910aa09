"""`check` is a promise: what it calls good starts, and what it refuses the run refuses in the same words."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from run_fakes import ROOT
from test_scenario import overrides

import run
from model.market import simulate
from model.parameters import Parameter, Value
from model.scenario.scenario import Scenario, load_scenario
from model.specification import in_force

SCENARIOS = ROOT / "scenarios"
SHIPPED = sorted(SCENARIOS.glob("*.yaml"))
VARIED = sorted((SCENARIOS / "experiments").glob("*.yaml"))
SIZE = ["--population", "1000", "--replications", "1", "--end", "2018-01", "--workers", "1", "--quiet"]
BROKEN = sorted((ROOT / "tests" / "broken_scenarios").glob("*.yaml"))
Print = pytest.CaptureFixture[str]


def starts(scenario: Scenario, end: str = "2018-01") -> None:
    """A market of this scenario is founded among few people and lives its first months."""
    record = simulate(scenario.with_values({"population": 1000, "start": "2018-01", "end": end}), scenario.seed)
    assert np.isfinite(record["labour_force"]).all()
    assert not any(np.isinf(values).any() for name, values in record.items() if name != "month")


def judged(words: list[str], capsys: Print) -> tuple[int, str]:
    status = run.main(["check", *words])
    said = capsys.readouterr()
    return status, said.err if status else said.out


# --- what is good ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_scenario_is_good_and_starts(path: Path, capsys: Print) -> None:
    assert judged([str(path)], capsys)[0] == 0
    starts(load_scenario(path))


@pytest.mark.parametrize("path", VARIED, ids=lambda path: path.stem)
def test_every_shipped_experiment_and_policy_file_is_good(path: Path, capsys: Print) -> None:
    status, said = judged([str(path)], capsys)
    assert status == 0
    assert re.search(r": good; (an experiment|a policy search) with ", said)


@settings(max_examples=30)
@given(overrides())
def test_whatever_lies_within_the_declared_bounds_starts(chosen: dict[str, object]) -> None:
    starts(load_scenario(SCENARIOS / "baseline.yaml", chosen))


def at_an_end(side: str, wanted: Callable[[Parameter], bool]) -> dict[str, Value]:
    """Every number that is wanted at its lowest or highest value."""
    return {
        path: (side == "high" if one.switch else getattr(one, side))
        for path, one in in_force().by_path.items()
        if not one.choices and not one.names_file and path.endswith((".all", one.path)) and wanted(one)
    }


LEVERS = {side: at_an_end(side, lambda one: not one.path.startswith("parameters.")) for side in ("low", "high")}
#: Ends that have been too much for one rule or another.
TOO_MUCH: dict[str, dict[str, Value]] = {
    "nobody hires and everybody is let go": {"hiring.openings_scale.all": 0, "layoffs.extra_rate.all": 0.5},
    "but in technology": {
        "hiring.openings_scale.all": 0, "layoffs.extra_rate.all": 0.5, "hiring.openings_scale.tech": 3,
    },
    "not even a gig": {
        "hiring.openings_scale.all": 0, "layoffs.extra_rate.all": 0.5, "parameters.gig_going": 0,
        "parameters.gig_exit": 0.1,
    },
    "technology wants ever more and hires nobody": {
        "hiring.openings_scale.tech": 0, "technology.output_growth": -0.5, "technology.jobs_elasticity": -1,
    },
}  # fmt: skip


@pytest.mark.parametrize("path", sorted({one.path: one for one in in_force().by_path.values()}))
def test_each_number_alone_may_stand_at_its_ends(path: str) -> None:
    for side in ("low", "high"):
        values = at_an_end(side, lambda one: one.path == path)
        starts(load_scenario(SCENARIOS / "baseline.yaml", values), "2018-02")


@pytest.mark.parametrize("values", [*LEVERS.values(), *TOO_MUCH.values()], ids=[*LEVERS, *TOO_MUCH])
def test_levers_may_stand_at_their_ends_for_years(values: dict[str, Value]) -> None:
    starts(load_scenario(SCENARIOS / "baseline.yaml", values), "2019-12")


@pytest.mark.slow
@pytest.mark.parametrize("side", ["low", "high"])
def test_everything_may_stand_at_its_end_for_years(side: str) -> None:
    starts(load_scenario(SCENARIOS / "baseline.yaml", at_an_end(side, lambda _: True)), "2019-12")


@pytest.mark.slow
def test_technology_may_want_ever_more_for_ten_years() -> None:
    wants = TOO_MUCH["technology wants ever more and hires nobody"]
    starts(load_scenario(SCENARIOS / "baseline.yaml", wants), "2028-12")


# --- what is not ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_what_check_refuses_the_run_refuses_in_the_same_words(path: Path, tmp_path: Path, capsys: Print) -> None:
    (tmp_path / "varied.yaml").write_text(f"scenario: {path}\nlist: [{{}}]\n", encoding="utf-8")
    status, checked = judged([str(path)], capsys)
    assert status == 2
    assert run.main([str(path), *SIZE]) == 2
    assert capsys.readouterr().err == checked
    # The same problems where the file is named by another one, or on the other side of a comparison.
    status, of_batch = judged([str(tmp_path / "varied.yaml")], capsys)
    assert status == 2
    assert run.main(["batch", str(tmp_path / "varied.yaml"), "--quiet"]) == 2
    assert capsys.readouterr().err == of_batch
    status, of_other = judged(["--against", str(path)], capsys)
    assert status == 2
    assert run.main(["--against", str(path), "--quiet"]) == 2
    assert capsys.readouterr().err == of_other


@pytest.mark.parametrize(
    "options",
    [
        ["--population", "1000000000000"], ["--replications", "0"], ["--seed", "-1"], ["--start", "2017-12"],
        ["--end", "2100-01"], ["--start", "2020-01", "--end", "2019-12"], ["--workers", "0"], ["--set", "x"],
        ["--set", "visa.annual_quota=.nan"], ["--set", "parameters.job_graph=nowhere.csv"], ["--set", "name="],
        ["--set", "visa={annual_quota: 3}"], ["--against", "nowhere.yaml"], ["--out", "/dev/null"], ["--with", "no.py"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_an_option_that_check_refuses_the_run_refuses_in_the_same_words(options: list[str], capsys: Print) -> None:
    scenario = str(SCENARIOS / "baseline.yaml")
    status, checked = judged([scenario, *options], capsys)
    assert status == 2
    assert run.main([scenario, *options]) == 2
    assert capsys.readouterr().err == checked.replace("run.py check --help", "run.py --help")


@settings(max_examples=10)
@given(seed=st.integers(0, 2**62), replications=st.integers(1, 10_000))
def test_no_seed_is_too_large_to_count_on_from(seed: int, replications: int) -> None:
    scenario = load_scenario(SCENARIOS / "baseline.yaml", {"seed": seed, "replications": replications})
    assert np.int64(scenario.seed + scenario.replications) > 0


# --- a file of another kind -----------------------------------------------------------------------


def test_a_file_of_another_kind_names_the_verb_that_reads_it(capsys: Print) -> None:
    baseline, experiment, policy = (
        str(SCENARIOS / name)
        for name in ("baseline.yaml", "experiments/visa_quota.yaml", "experiments/policy_search.yaml")
    )
    for words, told in (
        ([experiment], "this file is an experiment, not a scenario; 'run.py batch FILE' runs it"),
        ([policy], "this file is a policy search, not a scenario; 'run.py search FILE' runs it"),
        (["--against", experiment], "this file is an experiment, not a scenario"),
        (["batch", baseline], "this file is a scenario; 'run.py FILE' runs it, and an experiment names a scenario"),
        (["search", baseline], "this file is a scenario; 'run.py FILE' runs it, and a policy search names a scenario"),
        (["batch", policy], "'run.py search' reads such files"),
        (["search", experiment], "'run.py batch' reads such files"),
        (["check", experiment, "--against", baseline], "--against goes with a scenario"),
    ):
        assert run.main(words) == 2
        assert told in capsys.readouterr().err


def test_an_experiment_may_not_name_an_experiment(tmp_path: Path, capsys: Print) -> None:
    path = tmp_path / "round.yaml"
    path.write_text("scenario: round.yaml\nlist: [{}]\n")
    for verb in ("batch", "check"):
        assert run.main([verb, str(path)]) == 2
        assert "round.yaml:1:1  this file is an experiment, not a scenario" in capsys.readouterr().err
