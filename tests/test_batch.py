"""Batches: every run once, whole or not at all, whatever is killed, full, edited or failing in between."""

from __future__ import annotations

import csv
import os
import re
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from batch_fakes import GRID, FakeBatchMarket, run, written
from run_fakes import ROOT
from test_accidents import fill_disk, unfinished

from experiments.batch.experiment_file import read_experiment
from experiments.batch.job import BatchJob, announce, run_batch
from experiments.engine.errors import BadRequest
from experiments.engine.folder_lock import LOCK, FolderLock
from experiments.engine.manifest import code_version
from experiments.engine.progress import Progress
from model.specification import STANDARD


@pytest.fixture
def experiment(tmp_path: Path) -> Path:
    return written(tmp_path / "written")


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The table of the batch that nothing happens to."""
    folder = tmp_path_factory.mktemp("straight")
    assert run(written(folder / "written"), folder / "out").status == 0
    return (folder / "out" / "batch.parquet").read_bytes()


def parts(out: Path) -> list[str]:
    return sorted(path.name for path in (out / "runs").glob("*.parquet"))


def failures(out: Path) -> list[dict[str, str]]:
    with (out / "failures.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_batch_leaves_one_table_and_a_file_per_run(experiment: Path, tmp_path: Path) -> None:
    outcome = run(experiment, tmp_path / "out")
    assert outcome.status == 0
    table = pd.read_parquet(tmp_path / "out" / "batch.parquet")
    keys = ["point", "graduates.cohort_scale", "hiring.graduate_subsidy", "replication", "seed", "month"]
    assert list(table.columns) == [*keys, *STANDARD.indicator]
    assert len(table) == 12 * 24
    assert not table.duplicated(["point", "replication", "month"]).any()
    assert sorted(set(table["seed"])) == [7, 8]
    assert table.groupby("point")["graduates.cohort_scale"].first().tolist() == [0.5, 0.5, 1.0, 1.0, 1.5, 1.5]
    assert len(parts(tmp_path / "out")) == 12
    assert failures(tmp_path / "out") == []
    assert not (tmp_path / "out" / LOCK).exists()
    own = pd.read_parquet(tmp_path / "out" / "runs" / parts(tmp_path / "out")[0])
    pd.testing.assert_frame_equal(own, table.iloc[:24])


def test_points_share_their_luck(experiment: Path, tmp_path: Path) -> None:
    outcome = run(experiment, tmp_path / "out")
    assert outcome.summary is not None
    found = outcome.summary.effects.set_index(["outcome", "path"])
    # The fake adds the size of the classes to every indicator: 0.5 to 1.5 is a change of exactly 1.
    effect = found.loc[("unemployment_rate", "graduates.cohort_scale")]
    assert effect["effect"] == pytest.approx(1.0)
    assert effect["high"] - effect["low"] == pytest.approx(0.0, abs=1e-9)
    nothing = found.loc[("unemployment_rate", "hiring.graduate_subsidy")]
    assert nothing["effect"] == pytest.approx(0.0, abs=1e-9)


def test_workers_change_nothing(experiment: Path, tmp_path: Path, straight: bytes) -> None:
    assert run(experiment, tmp_path / "out", workers=2).status == 0
    assert (tmp_path / "out" / "batch.parquet").read_bytes() == straight


def test_the_same_again_computes_nothing(experiment: Path, tmp_path: Path, straight: bytes) -> None:
    run(experiment, tmp_path / "out")
    everything_fails = FakeBatchMarket(corner="opening")
    assert run(experiment, tmp_path / "out", everything_fails).status == 0
    assert (tmp_path / "out" / "batch.parquet").read_bytes() == straight


# --- accidents ------------------------------------------------------------------------------------


def start(experiment: Path, out: Path, workers: int = 1) -> subprocess.Popen[bytes]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    command = [sys.executable, str(ROOT / "tests" / "batch_fakes.py"), str(experiment), str(out), str(workers)]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, start_new_session=True)


def wait_for_parts(out: Path, number: int) -> None:
    limit = time.monotonic() + 180
    while len(parts(out)) < number:
        assert time.monotonic() < limit, "no run was finished in three minutes"
        time.sleep(0.01)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_killed_driver_loses_nothing_that_was_finished(
    experiment: Path, tmp_path: Path, straight: bytes, workers: int
) -> None:
    out = tmp_path / "out"
    process = start(experiment, out, workers)
    wait_for_parts(out, 3)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    finished = {name: (out / "runs" / name).stat().st_mtime_ns for name in parts(out)}
    assert 3 <= len(finished) < 12
    (out / "runs" / ".000006-00002.parquet.1.unfinished").write_bytes(b"half")  # what a kill may leave
    told = StringIO()
    outcome = run_batch(BatchJob(read_experiment(experiment), 1, out), Progress(told), FakeBatchMarket())
    assert outcome.status == 0
    assert f"(process {process.pid}) is gone; going on" in told.getvalue()
    assert f"{12 - len(finished)} of them still missing" in told.getvalue()
    assert all((out / "runs" / name).stat().st_mtime_ns == moment for name, moment in finished.items())
    assert (out / "batch.parquet").read_bytes() == straight
    assert unfinished(out) == []


def test_a_second_driver_is_told_of_the_first(experiment: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = start(experiment, out)
    wait_for_parts(out, 1)
    with pytest.raises(BadRequest, match=rf"another driver \(process {process.pid}\) is working in .*out; wait"):
        run(experiment, out)
    assert process.poll() is None
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    assert run(experiment, out).status == 0


def test_a_lock_without_a_driver_is_no_lock(tmp_path: Path) -> None:
    (tmp_path / LOCK).write_text("99999999")
    lock = FolderLock(tmp_path)
    lock.take()
    assert lock.left_by == "99999999"
    with pytest.raises(BadRequest, match=f"process {os.getpid()}"):
        FolderLock(tmp_path).take()
    lock.give_back()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("1.5", "1.6", "what differs: the design"),
        ("replications: 2", "replications: 3", "what differs: the scenario, 'set' or the replications"),
        ("replications: 2", "set: {end: 2019-11}", "what differs: the scenario, 'set' or the replications"),
    ],
)
def test_an_edited_design_is_refused_and_the_folder_stays_as_it_was(
    experiment: Path, tmp_path: Path, old: str, new: str, told: str
) -> None:
    out = tmp_path / "out"
    assert run(experiment, out, FakeBatchMarket(corner="interrupt")).status == 130
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    experiment.write_text(GRID.replace(old, new))
    with pytest.raises(BadRequest, match=told):
        run(experiment, out)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    experiment.write_text("# only a comment\n" + GRID)
    assert run(experiment, out).status == 0


def test_another_program_is_refused(experiment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    run(experiment, out, FakeBatchMarket(corner="interrupt"))
    edited = {**code_version(), "sources": "edited"}
    monkeypatch.setattr("experiments.engine.manifest.code_version", lambda: edited)
    with pytest.raises(BadRequest, match="what differs: the files of agents/, model/ or data/"):
        run(experiment, out)


def test_a_program_edited_while_a_batch_runs_ends_it(
    experiment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("experiments.batch.work.code_version", lambda: {**code_version(), "sources": "edited"})
    outcome = run(experiment, tmp_path / "out")
    assert outcome.status == 2
    assert "holds another program: the files of agents/, model/ or data/ differ" in outcome.accidents("out")[0]
    assert not (tmp_path / "out").exists()


def test_a_foreign_folder_is_refused(experiment: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").touch()
    with pytest.raises(BadRequest, match="is not empty and holds no batch"):
        run(experiment, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["letter.txt"]
    with pytest.raises(BadRequest, match="cannot write to the batch folder"):
        run(experiment, tmp_path / "out" / "letter.txt")


@pytest.mark.parametrize(
    ("corner", "stage", "error"), [("opening", "opening", "ValueError"), ("months", "months", "AccountingError")]
)
def test_a_corner_that_fails_stops_nothing_else(
    experiment: Path, tmp_path: Path, corner: str, stage: str, error: str
) -> None:
    out = tmp_path / "out"
    outcome = run(experiment, out, FakeBatchMarket(corner=corner))
    assert outcome.status == 4
    table = pd.read_parquet(out / "batch.parquet")
    assert sorted(set(table["point"])) == [1, 2, 3, 4, 5]
    rows = failures(out)
    assert [(row["point"], row["replication"], row["seed"]) for row in rows] == [("6", "1", "7"), ("6", "2", "8")]
    assert {(row["stage"], row["error"]) for row in rows} == {(stage, error)}
    assert {row["graduates.cohort_scale"] for row in rows} == {"1.5"}
    assert "Traceback" in (out / "failures.txt").read_text()
    assert run(experiment, out).status == 0
    assert failures(out) == []
    assert not (out / "failures.txt").exists()


def test_when_no_run_keeps_its_accounts_the_status_says_so(tmp_path: Path) -> None:
    corner = "scenario: base.yaml\nlist:\n  - {graduates.cohort_scale: 1.5, hiring.graduate_subsidy: 0.5}\n"
    path = written(tmp_path / "written", corner + "replications: 2\n")
    outcome = run(path, tmp_path / "out", FakeBatchMarket(corner="months"))
    assert outcome.status == 3
    assert outcome.summary is None
    assert len(failures(tmp_path / "out")) == 2


@pytest.mark.parametrize("deaths", [1, 99])
def test_a_worker_that_dies_costs_at_most_its_own_run(
    experiment: Path, tmp_path: Path, straight: bytes, deaths: int
) -> None:
    (tmp_path / "marks").mkdir()
    market = FakeBatchMarket("death", marks=tmp_path / "marks", deaths=deaths)
    outcome = run(experiment, tmp_path / "out", market, workers=2)
    if deaths == 1:
        assert outcome.status == 0
        assert (tmp_path / "out" / "batch.parquet").read_bytes() == straight
    else:
        assert outcome.status == 4
        assert [(row["point"], row["stage"], row["error"]) for row in failures(tmp_path / "out")] == [
            ("6", "worker", "WorkerDied"), ("6", "worker", "WorkerDied"),
        ]  # fmt: skip
        assert len(parts(tmp_path / "out")) == 10


@pytest.mark.parametrize("files", [5, 15])
def test_a_full_disk_keeps_what_is_finished(
    experiment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, straight: bytes, files: int
) -> None:
    """Full after two runs (three files come before them), or only for the table at the end."""
    out = tmp_path / "out"
    with monkeypatch.context() as disk:
        fill_disk(disk, files)
        outcome = run(experiment, out)
    assert outcome.disk_full
    assert outcome.status == 4
    assert outcome.finished == files - 3 == len(parts(out))
    assert not (out / "batch.parquet").exists()
    assert unfinished(tmp_path) == []
    assert re.search(r"no space left .* same command with --out", outcome.accidents(str(out))[-1])
    assert run(experiment, out).status == 0
    assert (out / "batch.parquet").read_bytes() == straight


def test_a_file_that_rots_is_computed_again(experiment: Path, tmp_path: Path, straight: bytes) -> None:
    out = tmp_path / "out"
    run(experiment, out)
    (out / "runs" / parts(out)[3]).write_bytes(b"rotten")
    outcome = run(experiment, out)
    assert outcome.status == 4
    assert [(row["point"], row["stage"]) for row in failures(out)] == [("2", "file")]
    assert run(experiment, out).status == 0
    assert (out / "batch.parquet").read_bytes() == straight


def test_an_interrupt_before_anything_is_finished_leaves_no_folder(tmp_path: Path) -> None:
    corner = "scenario: base.yaml\nlist:\n  - {graduates.cohort_scale: 1.5, hiring.graduate_subsidy: 0.5}\n"
    outcome = run(written(tmp_path / "written", corner), tmp_path / "out", FakeBatchMarket(corner="interrupt"))
    assert outcome.status == 130
    assert not (tmp_path / "out").exists()


# --- what is said ---------------------------------------------------------------------------------


def test_runs_and_time_are_told_first(experiment: Path) -> None:
    told = announce(BatchJob(read_experiment(experiment), 2))
    assert told.startswith("12 runs (6 points x 2 replications), 2 workers: about ")
    assert "by the declared speed" in told


def test_failures_are_counted_while_it_runs(experiment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.engine.progress._LINE_SECONDS", 0.0)
    told = StringIO()
    job = BatchJob(read_experiment(experiment), 1, tmp_path / "out")
    run_batch(job, Progress(told), FakeBatchMarket(corner="opening", seconds=0.001))
    lines = told.getvalue()
    assert "runs 12/12, 2 failed" in lines
    assert "measured on the first run of a warm worker" in lines


def command(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "run.py"), "batch", *words], capture_output=True, text=True, check=False
    )


def test_the_command_line_tells_mistakes_and_runs_nothing(experiment: Path, tmp_path: Path) -> None:
    experiment.write_text(GRID.replace("cohort_scale", "cohort_scal"))
    out = tmp_path / "out"
    answer = command(str(experiment), "--out", str(out), "--population", "1")
    assert answer.returncode == 2
    assert f"{experiment}:5:3  unknown name 'graduates.cohort_scal'" in answer.stderr
    assert "--population  'population' is 1, but must lie between" in answer.stderr
    assert not out.exists()
    answer = command(str(written(tmp_path / "good")), "--dry-run")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.startswith("12 runs")
    for words, told in (
        ([str(tmp_path / "none.yaml")], "there is no experiment file"),
        ([str(experiment), "--cluster", "elsewhere"], "'elsewhere' is not an address such as tcp://127.0.0.1:8786"),
    ):
        answer = command(*words)
        assert answer.returncode == 2
        assert told in answer.stderr
        assert "Traceback" not in answer.stderr


def test_a_real_batch_of_the_command_line(tmp_path: Path) -> None:
    text = "scenario: base.yaml\nfrom: 2018-06\ngrid: {visa.annual_quota: [0, 1000000]}\nreplications: 2\n"
    path = written(tmp_path / "written", text, "population: 1000\nend: 2018-12\n")
    answer = command(str(path), "--out", str(tmp_path / "out"), "--quiet", "--workers", "1")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "visa.annual_quota" in answer.stdout
    table: Any = pd.read_parquet(tmp_path / "out" / "batch.parquet")
    before, after = (table[table["point"] == point].set_index(["replication", "month"]) for point in (1, 2))
    early = before.index.get_level_values("month") < "2018-06"
    pd.testing.assert_frame_equal(before[list(STANDARD.indicator)][early], after[list(STANDARD.indicator)][early])
    assert {path.name for path in (tmp_path / "out" / "figures").iterdir()} == {
        "response.png", "response.svg", "by_month.png", "by_month.svg",
    }  # fmt: skip
