"""Every verb that runs worlds computes on a Dask scheduler as it does here.

That a worker may die on the way is shown in test_batch_cluster, for the executor that all verbs share.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from run_fakes import ROOT
from test_batch_cluster import Scheduler

import run
from experiments.calibration.job import Laboratories, unfitted_baseline
from experiments.calibration.simulations import Run
from experiments.engine import cluster
from experiments.engine.cluster import DaskCluster
from experiments.engine.executors import compute_at
from experiments.engine.progress import Progress
from experiments.forecast import outlooks

POLICY = f"""name: small
scenario: {ROOT}/scenarios/baseline.yaml
from: 2018-02
set: {{end: 2019-01}}
levers:
  hiring.graduate_subsidy: {{range: [0, 0.3], cost: 0}}
  layoffs.protection: {{range: [0, 1], cost: 0}}
targets: {{unemployment_rate_16_24: minimise, unemployment_rate: minimise}}
search: {{method: tpe, trials: 10}}
"""
BASELINE = str(ROOT / "scenarios" / "baseline.yaml")
#: What each verb is asked, and the tables that it writes.
VERBS: dict[str, tuple[list[str], tuple[str, ...]]] = {
    "run": ([BASELINE, "--end", "2018-12", "--replications", "2"], ("monthly.parquet",)),
    "explain": (["explain", str(ROOT / "scenarios" / "tech_layoffs.yaml"), "--against", BASELINE, "--end", "2018-12",
                 "--replications", "2"],
                ("attribution.csv",)),
    "forecast": (["forecast", str(ROOT / "scenarios" / "graduate_surge.yaml"), "--replications", "1"],
                 ("forecast.csv",)),
    "search": (["search", "POLICY", "--replications", "2"], ("frontier.csv",)),
    "sensitivity": (["sensitivity", "--end", "2018-12", "--trajectories", "2", "--samples", "0",
                     "--parameters", "visa.*", "--replications", "1"], ("screening.csv",)),
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


def asked(words: list[str], out: Path, *more: str) -> int:
    """The exit status of a tiny one."""
    policy = out.parent / "policy.yaml"
    policy.write_text(POLICY, encoding="utf-8")
    words = [str(policy) if word == "POLICY" else word for word in words]
    return run.main([*words, "--population", "1000", "--quiet", "--workers", "1", "--out", str(out), *more])


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is sent to the scheduler."""
    found, submit = list[Any](), DaskCluster.submit

    def noted(place: DaskCluster, work: Any, task: Any) -> Any:
        found.append(task)
        return submit(place, work, task)

    monkeypatch.setattr(DaskCluster, "submit", noted)
    return found


@pytest.mark.slow
@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_computes_there_what_it_computes_here(
    verb: str, scheduler: Scheduler, sent: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, tables = VERBS[verb]
    # A forecast stands at two origins only; what they say is kept, but not for the other place.
    monkeypatch.setattr(outlooks, "FIRST_ORIGIN", "2026-01")
    monkeypatch.setattr(outlooks, "runs_folder", lambda: tmp_path / "kept here")
    assert asked(words, tmp_path / "here") == 0
    assert not sent
    monkeypatch.setattr(outlooks, "runs_folder", lambda: tmp_path / "kept there")
    assert asked(words, tmp_path / "there", "--cluster", scheduler.address) == 0
    assert len(sent) > 1
    for table in tables:
        read = pd.read_parquet if table.endswith(".parquet") else pd.read_csv
        pd.testing.assert_frame_equal(read(tmp_path / "here" / table), read(tmp_path / "there" / table))


def test_the_runs_of_a_calibration_are_computed_there(scheduler: Scheduler, sent: list[Any], tmp_path: Path) -> None:
    """Its laboratory gives the same answers; what is made of them does not know where they come from."""
    runs = [Run.of({"parameters.adjustment_speed": speed}, 1000, 1) for speed in (0.2, 0.4)]
    laboratories = Laboratories(tmp_path, 1, Progress(StringIO(), quiet=True), unfitted_baseline(), "d", "e")
    here = laboratories.having().run(runs)
    compute_at(DaskCluster(scheduler.address))
    try:
        there = replace(laboratories, engine="f").having().run(runs)
    finally:
        compute_at(None)
    assert sent == runs
    for one, other in zip(here, there, strict=True):
        np.testing.assert_equal(one, other)
    assert not np.array_equal(here[0]["unemployment_rate"], here[1]["unemployment_rate"])


@pytest.mark.parametrize(
    "words", [*(words for words, _ in VERBS.values()), ["calibrate", "--quick"]], ids=[*VERBS, "calibrate"]
)
def test_no_scheduler_is_told_before_anything_is_run(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE", 0.5)
    assert asked(words, tmp_path / "out", "--cluster", "tcp://127.0.0.1:9") == 2
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
