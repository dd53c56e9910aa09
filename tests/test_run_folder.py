"""The run folder: named, claimed, refused, continued, and the same bytes every time."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from run_fakes import ROOT, FakeMarket, FakeScenario

from experiments.compare.job import MainJob, Outcome, run_main_job
from experiments.engine.errors import BadRequest
from experiments.engine.manifest import relative_command, without_folders
from experiments.engine.progress import Progress
from experiments.engine.run_folder import new_folder_name

SMALL = FakeScenario()


def run(out: Path, scenario: Any = SMALL, market: FakeMarket | None = None, **options: Any) -> Outcome:
    options = {"workers": 1} | options
    return run_main_job(MainJob(scenario, out=out, **options), Progress(StringIO()), market or FakeMarket())


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_new_folder_is_named_by_time_scenario_and_digest() -> None:
    moment = datetime(2026, 11, 23, 19, 10, 5, tzinfo=UTC)
    assert new_folder_name("tech layoffs/2", "3f9a1c77", moment) == "2026-11-23T191005Z_tech-layoffs-2_3f9a1c"


def test_a_run_leaves_the_agreed_files_and_no_parts(tmp_path: Path) -> None:
    outcome = run(tmp_path / "out")
    assert outcome.status == 0
    assert names(tmp_path / "out") == {"scenario.yaml", "manifest.json", "monthly.parquet", "summary.csv"}
    table = pd.read_parquet(tmp_path / "out" / "monthly.parquet")
    assert len(table) == 4 * 24
    assert list(table["replication"].unique()) == [1, 2, 3, 4]
    assert list(table["seed"].unique()) == [7, 8, 9, 10]


def test_the_same_run_gives_the_same_bytes_on_any_number_of_workers(tmp_path: Path) -> None:
    for name, workers in (("a", 1), ("b", 1), ("c", 2)):
        run(tmp_path / name, workers=workers)
    tables = {(tmp_path / name / "monthly.parquet").read_bytes() for name in "abc"}
    assert len(tables) == 1


def test_the_manifest_names_every_input_and_nobody(tmp_path: Path) -> None:
    source = ROOT / "setup.cfg"
    run(tmp_path / "out", files=(source,), command=("run.py", str(ROOT / "x.yaml"), f"--out={tmp_path}/out"))
    text = (tmp_path / "out" / "manifest.json").read_text()
    manifest = json.loads(text)
    assert manifest["status"] == "finished"
    assert {"setup.cfg", "data/sectors.csv", "model/month.py", "agents/__init__.py"} <= set(manifest["inputs"])
    assert all(len(digest) == 64 for digest in manifest["inputs"].values())
    assert manifest["scenarios"]["small"]["seeds"] == [7, 10]
    assert manifest["command"] == ["run.py", "x.yaml", "--out=<outside>/out"]
    assert manifest["people_per_agent"] > 500e3
    assert str(ROOT) not in text
    assert str(Path.home()) not in text


def test_paths_of_the_command_are_relative_or_shortened() -> None:
    words = ["run.py", "--set", "visa.annual_quota=0", "--out", "/home/someone/run", f"{ROOT}/scenarios/baseline.yaml"]
    assert relative_command(words)[3:] == ["--out", "<outside>/run", "scenarios/baseline.yaml"]


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("parameters.job_graph=/home/ann/g.csv", "parameters.job_graph=<outside>/g.csv"),
        ("--set=parameters.job_graph=/home/ann a/g.csv", "--set=parameters.job_graph=<outside>/g.csv"),
        ("x='/home/ann/g.csv'", "x='<outside>/g.csv'"),
        ("x={a: /home/ann/g.csv, b: 1}", "x={a: <outside>/g.csv, b: 1}"),
        ("../../home/ann/s.yaml", "<outside>/s.yaml"),
        ("~ann/s.yaml", "<outside>/s.yaml"),
        (f"--set=x={ROOT}/data/mobility.csv", "--set=x=data/mobility.csv"),
        ("tcp://cluster.example:8786", "tcp://<scheduler>"),
        ("visa.annual_quota={2018-01: 0, 2025-10: 50000}", "visa.annual_quota={2018-01: 0, 2025-10: 50000}"),
        ("mine/s.yaml", "mine/s.yaml"),
    ],
)
def test_no_word_of_the_command_names_the_machine(word: str, shown: str) -> None:
    assert relative_command([word]) == [shown]


def test_a_folder_with_other_things_in_it_is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(BadRequest, match="not empty and holds no run"):
        run(tmp_path)
    assert names(tmp_path) == {"thesis.txt"}


def test_another_run_is_never_overwritten(tmp_path: Path) -> None:
    run(tmp_path / "out")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    with pytest.raises(BadRequest, match="holds another run"):
        run(tmp_path / "out", FakeScenario(effect=1.0))
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_a_finished_run_given_again_computes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.engine.manifest.shipped_inputs", list)  # somebody may edit the program meanwhile
    run(tmp_path / "out")
    before = (tmp_path / "out" / "monthly.parquet").read_bytes()
    outcome = run(tmp_path / "out", market=FakeMarket(fails=(7, 8, 9, 10)))
    assert outcome.status == 0
    assert (tmp_path / "out" / "monthly.parquet").read_bytes() == before


@pytest.mark.parametrize("where", ["file/inside", "file", "/proc/nowhere/run"])
def test_a_folder_that_cannot_be_written_is_one_message(tmp_path: Path, where: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadRequest, match=r"cannot write to the run folder .*; nothing was run"):
        run(tmp_path / where)


def test_a_comparison_keeps_both_scenarios_and_their_paired_difference(tmp_path: Path) -> None:
    reform = FakeScenario(name="reform", effect=0.5)
    outcome = run(tmp_path / "out", reform, against=SMALL)
    assert outcome.comparison is not None
    assert names(tmp_path / "out") >= {"against.yaml", "comparison.csv", "comparison_peaks.csv"}
    table = pd.read_parquet(tmp_path / "out" / "monthly.parquet")
    assert list(table["scenario"].unique()) == ["reform", "small"]
    assert outcome.table is not None
    assert set(outcome.table["scenario"]) == {"reform"}
    paired = pd.read_csv(tmp_path / "out" / "comparison.csv").set_index(["indicator", "year"])
    assert paired.loc[("tightness", 2018)]["difference"] == pytest.approx(0.5)


def test_two_scenarios_of_one_name_are_told_apart(tmp_path: Path) -> None:
    outcome = run(tmp_path / "out", against=SMALL)
    table = pd.read_parquet(tmp_path / "out" / "monthly.parquet")
    assert list(table["scenario"].unique()) == ["small", "small (against)"]
    assert outcome.comparison is not None
    assert (outcome.comparison.years["difference"].dropna() == 0).all()


def test_tracebacks_name_no_folder_of_the_machine() -> None:
    text = (
        f'  File "{ROOT}/model/month.py", line 1\n  File "{sys.prefix}/lib/numpy/x.py"\n  File "{Path.home()}/m.py"\n'
    )
    assert without_folders(text) == (
        '  File "model/month.py", line 1\n  File "<python>/lib/numpy/x.py"\n  File "~/m.py"\n'
    )
