"""A market small enough to be wrong on purpose at one corner of a design, and batches of it."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from run_fakes import AccountingError, record

from experiments.batch.experiment_file import read_experiment
from experiments.batch.job import BatchJob, BatchOutcome, run_batch
from experiments.engine.executors import Place
from experiments.engine.progress import Progress

GRID = """
scenario: base.yaml
replications: 2
grid:
  graduates.cohort_scale: [0.5, 1, 1.5]
  hiring.graduate_subsidy: [0, 0.5]
"""


@dataclass(frozen=True)
class FakeBatchMarket:
    """`simulate`: unemployment follows the size of the classes; the largest with a subsidy is a corner of accidents."""

    corner: str = ""
    seconds: float = 0.0
    marks: Path | None = None
    deaths: int = 1

    def __call__(self, scenario: Any, seed: int, on_month: Callable[[int], None] | None = None) -> dict[str, Any]:
        size, subsidy = scenario.number("graduates.cohort_scale"), scenario.number("hiring.graduate_subsidy")
        if self.corner and size == 1.5 and subsidy > 0:
            self._accident(on_month)
        time.sleep(self.seconds)
        return record(SimpleNamespace(start=scenario.start, end=scenario.end, effect=size), seed, on_month)  # type: ignore[arg-type]

    def _accident(self, on_month: Callable[[int], None] | None) -> None:
        if self.corner == "opening":
            raise ValueError("no such market")
        if self.corner == "months" and on_month is not None:
            on_month(0)
            raise AccountingError("people", 3.0)
        if self.corner == "interrupt":
            raise KeyboardInterrupt
        if self.corner == "death" and self.marks is not None and len(list(self.marks.iterdir())) < self.deaths:
            (self.marks / f"{os.getpid()}-{time.monotonic_ns()}").touch()
            os.kill(os.getpid(), signal.SIGKILL)


BASE = "population: 1000\nend: 2019-12\nstart: 2018-01\nseed: 7\n"


def written(folder: Path, text: str = GRID, base: str = BASE) -> Path:
    """An experiment with its scenario beside it."""
    folder.mkdir(exist_ok=True)
    (folder / "base.yaml").write_text(base)
    path = folder / "experiment.yaml"
    path.write_text(text)
    return path


def run(path: Path, out: Path, market: Any = None, workers: int = 1, place: Place | None = None) -> BatchOutcome:
    """A batch of the fake market."""
    job = BatchJob(read_experiment(path), workers, out)
    return run_batch(job, Progress(StringIO()), market or FakeBatchMarket(), place)


if __name__ == "__main__":  # a slow batch of its own, to be killed
    sys.exit(run(Path(sys.argv[1]), Path(sys.argv[2]), FakeBatchMarket(seconds=0.1), int(sys.argv[3])).status)
