"""Another country is a folder: the verbs run on an invented one, and nothing outside `model/country/` is China's."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from toy import BASELINE, SPECIFICATION, TOY, toy_scenario

import run
from agents.columns import Education, Status
from model.country.china import CHINA
from model.market import simulate
from model.scenario.scenario import ScenarioError, default_scenario, load_scenario
from model.specification import STANDARD, Specification, in_force, use

ROOT = Path(__file__).resolve().parent.parent
SMALL = ("--population", "1000", "--replications", "2", "--quiet")


@pytest.fixture(autouse=True)
def _toy() -> Iterator[None]:
    with use(SPECIFICATION):
        yield


def done(*words: str | Path) -> None:
    assert run.main([str(word) for word in words]) == 0


def variant(folder: Path, text: str, name: str = "other.yaml") -> Path:
    path = folder / name
    path.write_text(f"schema_version: 1\nextends: {BASELINE}\nname: {path.stem}\n{text}", encoding="utf-8")
    return path


# --- the verbs ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("undrawn")
def test_the_main_job_says_the_same_whoever_runs_it(tmp_path: Path) -> None:
    """Other processes hear of the country from the scenario alone: two workers say what one says."""
    for workers in (1, 2):
        done(BASELINE, *SMALL, "--workers", workers, "--out", tmp_path / str(workers))
    one, two = (pd.read_parquet(tmp_path / str(workers) / "monthly.parquet") for workers in (1, 2))
    pd.testing.assert_frame_equal(one, two)
    assert len(one) == 2 * 36
    assert {"report.html", "summary.csv", "scenario.yaml"} <= {path.name for path in (tmp_path / "1").iterdir()}
    manifest = json.loads((tmp_path / "1" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["inputs"]["Toy"] == TOY.fingerprint


def test_a_pair_and_many_beside_a_baseline(tmp_path: Path) -> None:
    other = variant(tmp_path, "layoffs:\n  extra_rate: {software: 0.05}\n")
    done(BASELINE, "--against", other, *SMALL, "--out", tmp_path / "pair")
    done("compare", BASELINE, other, *SMALL, "--out", tmp_path / "compared")


def test_a_batch(tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        f"name: toy\nscenario: {BASELINE}\nreplications: 2\n"
        "set: {population: 1000, end: 2018-12}\ngrid: {layoffs.extra_rate.software: [0, 0.1]}\n",
        encoding="utf-8",
    )
    done("batch", plan, "--quiet", "--out", tmp_path / "batch")
    assert len(pd.read_parquet(tmp_path / "batch" / "batch.parquet")) == 2 * 2 * 12


@pytest.mark.usefixtures("undrawn")
def test_a_mechanism_of_ones_own_lives_there_too(tmp_path: Path) -> None:
    done(BASELINE, *SMALL, "--with", ROOT / "examples" / "own_mechanism.py", "--out", tmp_path / "with")
    assert in_force().own
    assert in_force().country == TOY


def test_a_country_without_official_months(tmp_path: Path) -> None:
    silent = replace(TOY, official=replace(TOY.official, file="none.csv"))
    with use(Specification(country=silent)):
        done(BASELINE, *SMALL, "--out", tmp_path / "silent")


def test_causes_add_up(tmp_path: Path) -> None:
    done("explain", BASELINE, *SMALL, "--out", tmp_path / "why")
    found = pd.read_csv(tmp_path / "why" / "attribution.csv").set_index("cause")["effect_pp"]
    assert found.drop("total").sum() == pytest.approx(found["total"])


@pytest.mark.parametrize("words", [("check", BASELINE), ("schema",)])
def test_what_runs_no_world(words: tuple[str | Path, ...], capsys: pytest.CaptureFixture[str]) -> None:
    done(*words)
    assert "construction_materials" not in capsys.readouterr().out


# --- what a country is ----------------------------------------------------------------------------------------------


def test_its_sectors_are_those_a_scenario_may_name(tmp_path: Path) -> None:
    assert len(TOY.occupations.ids) == 10
    with pytest.raises(ScenarioError, match="tech"):
        load_scenario(variant(tmp_path, "layoffs:\n  extra_rate: {tech: 0.05}\n"))
    with use(STANDARD):
        assert "layoffs.extra_rate.software" not in in_force().by_path


def test_its_defaults_hold_and_nobody_elses_fit() -> None:
    assert not TOY.fitted_file.exists()
    assert toy_scenario().monthly("parameters.migrants", 0, 1).tolist() == [0.05]
    with use(STANDARD):
        assert default_scenario().number("exam_queue_share") != toy_scenario().number("exam_queue_share")


def test_a_scenario_brings_its_country_along() -> None:
    there = pickle.loads(pickle.dumps(toy_scenario()))  # noqa: S301 - written here
    assert there == toy_scenario()
    assert there.specification.country == TOY
    with use(STANDARD):
        mine, theirs = simulate(there, 1), simulate(toy_scenario(), 1)
        for name, values in mine.items():
            np.testing.assert_array_equal(values, theirs[name], err_msg=name)


def test_another_country_is_another_scenario() -> None:
    moved = Specification(country=replace(TOY, youth=replace(TOY.youth, secondary_share=0.5)))
    assert len({toy_scenario().digest, replace(toy_scenario(), specification=moved).digest}) == 2
    assert CHINA.fingerprint != TOY.fingerprint


def test_its_young_graduate_when_it_says() -> None:
    from model.labour_market import LabourMarket

    market = LabourMarket(toy_scenario(), rng=1)
    people, living = market.people, slice(market.people.count)
    studies = people.education[living] >= Education.VOCATIONAL_COLLEGE
    rows = np.flatnonzero(studies & (people.status[living] == Status.STUDENT))
    assert len(rows)
    years = people.event[rows] // 12 - people.birth[rows] // 12
    assert set(years.tolist()) == {22, 25}


def test_its_bureau_has_words_of_its_own() -> None:
    from experiments.official_months import official_months

    assert official_months("unemployment_rate_16_24") == {f"2020-{month:02d}": 15.0 for month in range(1, 13)}
    assert set(TOY.published.groups) == {"all", "young", "young_with_students"}
