"""Every verb that runs worlds computes on a Dask scheduler as it does here, also when a worker is killed on the way."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from run_fakes import ROOT
from test_batch_cluster import Scheduler

POLICY = """name: small
scenario: {root}/scenarios/baseline.yaml
from: 2018-02
set: {{end: 2019-01}}
levers:
  hiring.graduate_subsidy: {{range: [0, 0.3], cost: 0}}
  layoffs.protection: {{range: [0, 1], cost: 0}}
targets: {{unemployment_rate_16_24: minimise, unemployment_rate: minimise}}
search: {{method: tpe, trials: 10}}
"""
#: What each verb is asked, and the tables that it writes.
VERBS: dict[str, tuple[list[str], tuple[str, ...]]] = {
    "explain": (["explain", "scenarios/tech_layoffs.yaml", "--against", "scenarios/baseline.yaml", "--end", "2018-12",
                 "--replications", "2"],
                ("attribution.csv",)),
    "search": (["search", "POLICY", "--replications", "2"], ("frontier.csv",)),
    "sensitivity": (["sensitivity", "--end", "2018-12", "--trajectories", "2", "--samples", "0",
                     "--parameters", "visa.*", "--replications", "1"], ("screening.csv",)),
    "calibrate": (["calibrate", "--quick", "--design", "50", "--waves", "1", "--replications", "2"], ("scores.csv",)),
    "validate": (["validate", "--only", "beveridge_loop", "--replications", "2"], ("validation.csv",)),
}  # fmt: skip


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scheduler]:
    found = Scheduler(tmp_path_factory.mktemp("dask"))
    found.connect().stop()
    yield found
    for process in found.processes:
        process.kill()
        process.wait()


def asked(words: list[str], out: Path, *more: str) -> subprocess.CompletedProcess[str]:
    policy = out.parent / "policy.yaml"
    policy.write_text(POLICY.format(root=ROOT), encoding="utf-8")
    words = [str(policy) if word == "POLICY" else word for word in words]
    command = [sys.executable, "run.py", *words, "--population", "1000", "--quiet", "--out", str(out), *more]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def same(one: Path, other: Path) -> None:
    """The same numbers, whatever order of bytes."""
    read = pd.read_parquet if one.suffix == ".parquet" else pd.read_csv
    pd.testing.assert_frame_equal(read(one), read(other))


@pytest.mark.slow
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_computes_there_what_it_computes_here(verb: str, scheduler: Scheduler, tmp_path: Path) -> None:
    words, tables = VERBS[verb]
    here = asked(words, tmp_path / "here")
    assert here.returncode == 0, here.stderr
    there = asked(words, tmp_path / "there", "--cluster", scheduler.address)
    assert there.returncode == 0, there.stderr
    for table in tables:
        same(tmp_path / "here" / table, tmp_path / "there" / table)


@pytest.mark.slow
def test_a_worker_that_is_killed_on_the_way_changes_nothing(scheduler: Scheduler, tmp_path: Path) -> None:
    words = ["scenarios/baseline.yaml", "--end", "2018-12"]
    assert asked(words, tmp_path / "here", "--replications", "6").returncode == 0

    def kill() -> None:
        limit = time.monotonic() + 60
        while not any((tmp_path / "there" / "replications").glob("*.parquet")) and time.monotonic() < limit:
            time.sleep(0.05)
        scheduler.workers[0].kill()

    killer = threading.Thread(target=kill)
    killer.start()
    there = asked(words, tmp_path / "there", "--replications", "6", "--cluster", scheduler.address)
    killer.join()
    assert there.returncode == 0, there.stderr
    assert scheduler.workers[0].wait(timeout=30) != 0
    same(tmp_path / "here" / "monthly.parquet", tmp_path / "there" / "monthly.parquet")


def test_no_scheduler_is_told_before_anything_is_run(tmp_path: Path) -> None:
    told = asked(["scenarios/baseline.yaml"], tmp_path / "out", "--cluster", "tcp://127.0.0.1:9")
    assert told.returncode == 2
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in told.stderr
    assert not (tmp_path / "out").exists()
