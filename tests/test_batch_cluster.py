"""The same batch on a Dask scheduler with two workers of its own: one dies in the middle and nobody notices."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from batch_fakes import FakeBatchMarket, run, written
from run_fakes import ROOT
from test_sensitivity import FakeMarket, answer, question

from experiments.engine import cluster
from experiments.engine.cluster import DaskCluster
from experiments.engine.errors import BadRequest
from experiments.engine.executors import compute, compute_at
from experiments.engine.manifest import code_version
from experiments.engine.progress import Progress
from experiments.sensitivity.job import SensitivityJob, run_sensitivity


class Scheduler:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        self.folder, self.processes = folder, list[subprocess.Popen[bytes]]()
        self.start("dask_scheduler", "--host", self.address, "--no-show")
        self.workers = [self.start("dask_worker", self.address, "--nthreads", "1", "--no-nanny") for _ in range(2)]

    def start(self, what: str, *options: str) -> subprocess.Popen[bytes]:
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
        command = [sys.executable, "-m", f"distributed.cli.{what}", *options, "--no-dashboard"]
        with (self.folder / f"{what}-{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(command, env=environment, cwd=self.folder, stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def connect(self, workers: int = 2) -> DaskCluster:
        """The place, once so many workers are there."""
        limit = time.monotonic() + 120
        while True:
            try:
                place = DaskCluster(self.address)
            except BadRequest:
                assert time.monotonic() < limit, "the scheduler did not start in two minutes"
                continue
            while place.workers < workers:
                assert time.monotonic() < limit, "the workers did not start in two minutes"
                time.sleep(0.1)
                place._counted = -60.0
            return place


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scheduler]:
    found = Scheduler(tmp_path_factory.mktemp("dask"))
    yield found
    for process in found.processes:
        process.kill()
        process.wait()


def test_a_worker_killed_in_the_middle_leaves_no_trace(scheduler: Scheduler, tmp_path: Path) -> None:
    path = written(tmp_path / "written")
    assert run(path, tmp_path / "here").status == 0
    place = scheduler.connect()

    sent, submit = [0], place.submit

    def watched(work: Any, task: Any) -> Future[Any]:
        sent[0] += 1
        if sent[0] == 7:
            scheduler.workers[0].kill()
        return submit(work, task)

    place.submit = watched  # type: ignore[method-assign]
    outcome = run(path, tmp_path / "there", FakeBatchMarket(seconds=0.15), place=place)
    assert scheduler.workers[0].wait(timeout=30) != 0
    assert outcome.status == 0
    table = pd.read_parquet(tmp_path / "there" / "batch.parquet")
    assert not table.duplicated(["point", "replication", "month"]).any()
    assert (tmp_path / "there" / "batch.parquet").read_bytes() == (tmp_path / "here" / "batch.parquet").read_bytes()


def test_a_corner_fails_there_as_it_does_here(scheduler: Scheduler, tmp_path: Path) -> None:
    path = written(tmp_path / "written")
    outcome = run(path, tmp_path / "out", FakeBatchMarket(corner="months"), place=DaskCluster(scheduler.address))
    assert outcome.status == 4
    assert outcome.finished == 10
    assert {broken.kind for broken in outcome.failures} == {"AccountingError"}


def test_a_worker_with_another_program_is_refused(scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch) -> None:
    edited = {**code_version(), "sources": "edited"}
    monkeypatch.setattr(cluster, "code_version", lambda: edited)
    with pytest.raises(BadRequest, match=r"worker tcp://\S+ holds another program or version \(sources differ\)"):
        DaskCluster(scheduler.address)


class LostAfterThree:
    """A cluster whose scheduler goes away: futures that are under way are cancelled, as Dask's are."""

    workers = ahead = 1

    def __init__(self) -> None:
        self.sent = 0

    def submit(self, work: Any, task: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.sent += 1
        if self.sent > 3:
            future.cancel()
            future.set_running_or_notify_cancel()
        else:
            future.set_result(compute(work, task))
        return future

    def stop(self) -> None:
        pass


def test_a_lost_scheduler_ends_the_batch_with_what_is_finished(tmp_path: Path) -> None:
    path = written(tmp_path / "written")
    outcome = run(path, tmp_path / "out", place=LostAfterThree())
    assert (outcome.status, outcome.finished) == (4, 3)
    told = outcome.accidents("out")[-1]
    assert told.startswith(
        "the scheduler of the cluster was lost; 3 of 12 runs are finished and kept; the same command"
    )
    assert run(path, tmp_path / "out").status == 0


def test_nobody_at_the_address_is_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE", 1)
    with pytest.raises(BadRequest, match=r"no Dask scheduler answers at tcp://127.0.0.1:9 \(\w+\); start one with"):
        DaskCluster("tcp://127.0.0.1:9")


def test_both_stages_of_a_sensitivity_analysis_run_there(scheduler: Scheduler, tmp_path: Path) -> None:
    here = answer(question(trajectories=2, samples=2), tmp_path / "here")
    job = SensitivityJob(question(trajectories=2, samples=2), None, tmp_path / "there", ())
    compute_at(scheduler.connect(workers=1))  # an earlier test has killed the other
    try:
        there = run_sensitivity(job, Progress(StringIO(), quiet=True), FakeMarket())
    finally:
        compute_at(None)
    assert (there.status, list(there.stages)) == (0, ["screening", "indices"])
    for name in ("screening.csv", "indices.csv", "spread.csv"):
        assert (there.folder / name).read_bytes() == (here.folder / name).read_bytes()
