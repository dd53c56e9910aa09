"""Runs of the agents for a fit: each named by what it was made from, kept on disk as soon as it is finished.

A campaign that was killed goes on where it stopped, because the runs it asks for again are found by their names.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments.calibration.targets import KEPT, Outputs, Targets
from experiments.engine.errors import BadRequest
from experiments.engine.executors import Failure, run_tasks
from experiments.engine.progress import Progress
from model.results import remove_unfinished, write_whole
from model.scenario.scenario import Scenario

#: `simulate(settings, population, seed)` gives the kept outputs of one run; pure.
Simulate = Callable[[Mapping[str, float], int, int], Outputs]

#: The name under which a run's file keeps what it cost.
_COST = "core_seconds"
#: Of the runs of a design, so many must succeed.
ENOUGH = 0.95


class CalibrationError(BadRequest):
    """The runs do not carry a fit."""


@dataclass(frozen=True)
class Run:
    """One run to compute: parameters by path, simulated persons, seed."""

    settings: tuple[tuple[str, float], ...]
    population: int
    seed: int

    @classmethod
    def of(cls, settings: Mapping[str, float], population: int, seed: int) -> Run:
        """A run from settings by path."""
        return cls(tuple(sorted(settings.items())), population, seed)

    @property
    def name(self) -> str:
        """A hash of everything that decides its outcome except the engine."""
        content = json.dumps([self.settings, self.population, self.seed])
        return hashlib.sha256(content.encode()).hexdigest()[:24]

    def __str__(self) -> str:
        return f"run {self.name} ({self.population:,} people, seed {self.seed})"


@dataclass(frozen=True)
class Market:
    """The agents as a function: the free parameters go into `base`, which holds everything else."""

    base: Scenario

    def __call__(self, settings: Mapping[str, float], population: int, seed: int) -> Outputs:
        """The kept outputs of one replication."""
        from model.market import simulate  # late: workers load the market, the command line does not

        record = simulate(self.base.with_values({**settings, "population": population}), seed)
        return {name: np.asarray(record[name], np.float64) for name in KEPT}


class Store:
    """Finished runs of one engine in one folder, a file each, written whole or not at all."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        """Keep runs of the engine with this fingerprint under `folder`."""
        self.folder = folder / fingerprint[:16]
        self.folder.mkdir(parents=True, exist_ok=True)
        remove_unfinished(self.folder)

    def _file(self, run: Run) -> Path:
        return self.folder / f"{run.name}.npz"

    def has(self, run: Run) -> bool:
        """Whether the run was finished before."""
        return self._file(run).exists()

    def keep(self, run: Run, outputs: Outputs, seconds: float) -> None:
        """Write a finished run and the processor seconds it took."""
        content = io.BytesIO()
        np.savez_compressed(content, allow_pickle=False, **outputs, **{_COST: np.array(seconds)})
        write_whole(self._file(run), content.getvalue())

    def read(self, run: Run) -> tuple[Outputs, float]:
        """The outputs of a finished run and the processor seconds it took."""
        with np.load(self._file(run)) as held:
            return {name: held[name] for name in held.files if name != _COST}, float(held[_COST])


@dataclass
class Laboratory:
    """Where runs are computed: the engine, the disk, the processes; it counts what they cost, now or before."""

    simulate: Simulate
    store: Store
    workers: int
    progress: Progress
    costs: dict[str, float] = field(default_factory=dict)
    computed: int = 0
    failures: list[Failure[Run]] = field(default_factory=list)

    def run(self, runs: Sequence[Run]) -> list[Outputs | None]:
        """The outputs of all runs, in order, None for one that failed; only those not on disk are computed."""
        missing = [run for run in dict.fromkeys(runs) if not self.store.has(run)]

        def keep(run: Run, result: tuple[Outputs, float]) -> None:
            self.store.keep(run, *result)
            self.computed += 1
            self.progress.on_replication()

        def give_up(failure: Failure[Run]) -> None:
            self.failures.append(failure)
            self.progress.on_failure()

        if missing:
            self.progress.begin(len(missing), 1, "runs")
            try:
                run_tasks(partial(_timed, self.simulate), missing, min(self.workers, len(missing)), keep, give_up)
            finally:
                self.progress.end()
        return [self._read(run) for run in runs]

    def _read(self, run: Run) -> Outputs | None:
        if not self.store.has(run):
            return None
        outputs, self.costs[run.name] = self.store.read(run)
        return outputs

    def answers(self, runs: Sequence[Run], targets: Targets) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """Which runs gave an answer, and the targets as they have them: [run that did, target].

        Raises CalibrationError when more than one run in twenty failed: that is no accident of one point.
        """
        outputs = self.run(runs)
        good = np.array([one is not None for one in outputs])
        if good.mean() < ENOUGH:
            failure = self.failures[-1]
            raise CalibrationError(
                f"{int((~good).sum())} of {len(runs)} runs failed; the last: {failure.kind}: {failure.message}"
            )
        return good, np.array([targets.of(one) for one in outputs if one is not None])


def _timed(simulate: Simulate, run: Run) -> tuple[Outputs, float]:
    """The outputs of a run and the processor seconds it took."""
    before = os.times()
    outputs = simulate(dict(run.settings), run.population, run.seed)
    after = os.times()
    return outputs, after.user + after.system - before.user - before.system
