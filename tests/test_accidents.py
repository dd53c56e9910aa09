"""Ctrl-C, a full disk, failing replications, a killed program: nothing finished is lost, nothing is half-written."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from run_fakes import ROOT, FakeMarket, FakeScenario
from test_run_folder import names, run

from experiments.engine import manifest
from experiments.engine.errors import BadRequest
from model import results

#: A small program that runs slow replications, so that there is time to interrupt it.
SLOW = """
import sys
from io import StringIO
from pathlib import Path
from experiments.engine import manifest
from experiments.engine.interrupts import endings_interrupt
from experiments.compare.job import MainJob, run_main_job
from experiments.engine.progress import Progress
from run_fakes import FakeMarket, FakeScenario
if __name__ == "__main__":
    manifest.shipped_inputs = lambda: []
    job = MainJob(FakeScenario(replications=40), out=Path(sys.argv[1]), workers=int(sys.argv[2]))
    with endings_interrupt():
        outcome = run_main_job(job, Progress(StringIO()), FakeMarket(seconds=0.2))
    sys.exit(outcome.status)
"""
MANY = FakeScenario(replications=40)


@pytest.fixture(autouse=True)
def _quiet_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run goes on only where the program is the same; whoever edits it while the tests run changes it."""
    monkeypatch.setattr(manifest, "shipped_inputs", list)


def unfinished(folder: Path) -> list[Path]:
    return list(folder.rglob(f".*{results.UNFINISHED}"))


def start(out: Path, workers: int) -> subprocess.Popen[bytes]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    return subprocess.Popen(
        [sys.executable, "-c", SLOW, str(out), str(workers)], env=environment, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip


def wait_for_parts(out: Path, number: int) -> None:
    limit = time.monotonic() + 60
    while len(list((out / "replications").glob("*.parquet"))) < number:
        assert time.monotonic() < limit, "no replication was finished in a minute"
        time.sleep(0.02)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_keeps_what_is_finished_and_the_same_command_goes_on(
    tmp_path: Path, kind: signal.Signals, workers: int
) -> None:
    out = tmp_path / "out"
    process = start(out, workers)
    wait_for_parts(out, 3)
    if kind == signal.SIGINT:
        os.killpg(process.pid, kind)  # a terminal sends Ctrl-C to every process of the group
    else:
        process.send_signal(kind)
    _, complaints = process.communicate(timeout=60)
    assert process.returncode == 130
    assert complaints == b""
    table = pd.read_parquet(out / "monthly.parquet")
    finished = table["replication"].nunique()
    assert 3 <= finished < 40
    assert len(table) == finished * 24
    assert names(out) >= {"summary.csv", "manifest.json", "scenario.yaml"}
    assert unfinished(out) == []

    # Every finished seed would fail now: only what is missing may be computed.
    outcome = run(out, MANY, FakeMarket(fails=tuple(int(seed) for seed in table["seed"].unique())))
    assert outcome.status == 0
    run(tmp_path / "straight", MANY)
    assert (out / "monthly.parquet").read_bytes() == (tmp_path / "straight" / "monthly.parquet").read_bytes()


def test_a_killed_program_leaves_whole_replications_to_go_on_from(tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = start(out, 1)
    wait_for_parts(out, 3)
    process.kill()
    process.communicate(timeout=60)
    seeds = [int(pd.read_parquet(part)["seed"].iloc[0]) for part in (out / "replications").glob("*.parquet")]
    assert len(seeds) >= 3
    assert not (out / "monthly.parquet").exists()
    outcome = run(out, MANY, FakeMarket(fails=tuple(seeds)))
    assert outcome.status == 0
    assert outcome.finished == 40
    assert unfinished(out) == []


def test_an_interrupt_before_anything_is_finished_leaves_no_folder(tmp_path: Path) -> None:
    outcome = run(tmp_path / "out", market=FakeMarket(interrupts=(7,)))
    assert outcome.status == 130
    assert outcome.finished == 0
    assert not (tmp_path / "out").exists()


def test_an_interrupted_comparison_compares_the_finished_pairs(tmp_path: Path) -> None:
    reform = FakeScenario(name="reform", effect=0.5)
    outcome = run(tmp_path / "out", reform, FakeMarket(interrupts=(9,)), against=FakeScenario())
    assert outcome.status == 130
    assert outcome.finished == 4
    assert outcome.comparison is not None
    assert set(outcome.comparison.years["replications"]) <= {0, 2}


def fill_disk(monkeypatch: pytest.MonkeyPatch, files: int) -> None:
    """From the so-manieth file on, the disk has no room."""
    written = {"files": 0}
    fsync = os.fsync

    def full(descriptor: int) -> None:
        written["files"] += 1
        if written["files"] > files:
            raise OSError(errno.ENOSPC, "No space left on device")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", full)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_full_disk_keeps_what_was_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    with monkeypatch.context() as disk:
        fill_disk(disk, 4)  # the scenario, the manifest and two replications
        outcome = run(tmp_path / "out", workers=workers)
    assert outcome.disk_full
    assert outcome.status == 4
    assert outcome.finished == 2
    assert outcome.summary is not None
    assert not (tmp_path / "out" / "monthly.parquet").exists()
    assert unfinished(tmp_path) == []
    assert run(tmp_path / "out").status == 0


def test_a_disk_full_from_the_start_is_one_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as disk:
        fill_disk(disk, 0)
        with pytest.raises(BadRequest, match="No space left"):
            run(tmp_path / "out")
    fill_disk(monkeypatch, 2)
    outcome = run(tmp_path / "other")
    assert outcome.status == 2
    assert not (tmp_path / "other").exists()


def test_failing_replications_are_listed_and_the_rest_is_kept(tmp_path: Path) -> None:
    outcome = run(tmp_path / "out", market=FakeMarket(fails=(8,), breaks=(10,)))
    assert outcome.status == 4
    assert outcome.finished == 2
    failed = pd.read_csv(tmp_path / "out" / "failures.csv")
    assert list(failed["seed"]) == [8, 10]
    assert list(failed["error"]) == ["ValueError", "AccountingError"]
    assert "Traceback" in (tmp_path / "out" / "failures.txt").read_text()
    assert set(pd.read_parquet(tmp_path / "out" / "monthly.parquet")["seed"]) == {7, 9}
    outcome = run(tmp_path / "out")
    assert outcome.status == 0
    assert not (tmp_path / "out" / "failures.csv").exists()


@pytest.mark.parametrize(("market", "status"), [(FakeMarket(breaks=(7,)), 3), (FakeMarket(fails=(7,)), 4)])
def test_a_run_without_any_result_says_why(tmp_path: Path, market: FakeMarket, status: int) -> None:
    single: Any = FakeScenario(replications=1)
    outcome = run(tmp_path / "out", single, market)
    assert outcome.status == status
    assert outcome.table is None
    assert names(tmp_path / "out") >= {"failures.csv", "failures.txt", "manifest.json"}
