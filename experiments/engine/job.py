"""The skeleton of every job: a claimed folder, computing that may end early, tables, a manifest, an exit status.

A job is a `Driver` with what is particular to it; `run_job` does the rest once for all.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from experiments.engine.cores import available_cores
from experiments.engine.errors import DISK_FULL
from experiments.engine.executors import Failure, elsewhere
from experiments.engine.interrupts import held_back
from experiments.engine.job_folder import JobFolder
from experiments.engine.progress import Progress

Asked = TypeVar("Asked")
Task = TypeVar("Task")
#: So many failures are named one by one.
MOST_LISTED = 10


class StoppedError(Exception):
    """Going on would only fail again or mix results; what is finished is kept."""


@dataclass(frozen=True)
class Order(Generic[Asked]):
    """What the user asked for, and where to put the result."""

    asked: Asked
    workers: int | None = None
    out: Path | None = None
    command: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()


@dataclass(frozen=True)
class JobOutcome(Generic[Task]):
    """What came of a job; `stopped` says why it ended early, other than by an interrupt or a full disk."""

    folder: Path
    asked: int = 0
    finished: int = 0
    failures: Sequence[Failure[Task]] = ()
    interrupted: bool = False
    disk_full: bool = False
    stopped: str = ""
    #: What the job was made from, and at the end what became of it.
    manifest: Mapping[str, Any] = field(default_factory=dict)
    #: What is counted, and what has become of it.
    counted: ClassVar[str] = "runs are finished"

    @property
    def whole(self) -> bool:
        """Whether everything has had its turn."""
        return not (self.interrupted or self.disk_full or self.stopped)

    @property
    def state(self) -> str:
        """In a word, for the manifest."""
        if not self.whole:
            return "interrupted"
        return "incomplete" if self.failures or self.finished < self.asked else "finished"

    @property
    def facts(self) -> dict[str, Any]:
        """What the manifest says of the end."""
        return {"runs_finished": self.finished, "runs_failed": len(self.failures)}

    @property
    def hopeless(self) -> bool:
        """Whether accounts that were broken leave nothing to show."""
        return not self.finished and any(failure.kind == "AccountingError" for failure in self.failures)

    @property
    def status(self) -> int:
        """The exit status: 0 done, 2 no room, 3 accounts broke and nothing is left, 4 some failed, 130 interrupted."""
        if self.interrupted:
            return 130
        if not self.whole:
            return 4 if self.finished else 2
        if not self.failures:
            return 0
        return 3 if self.hopeless else 4

    def accidents(self, folder: str) -> list[str]:
        """What went wrong, what is kept and what to do, in one line each; `folder` as the user would type it."""
        told = [self.told(failure) for failure in self.failures]
        if len(told) > MOST_LISTED:
            told[MOST_LISTED:] = [f"... and {len(told) - MOST_LISTED} more, in {folder}/failures.csv"]
        if self.failures:
            told.append(self.all_failures(folder))
        kept = self.kept(folder)
        if self.disk_full:
            told.append(f"no space left on the disk of {folder}: {kept}")
        if self.stopped:
            told.append(f"{self.stopped}; {kept}")
        if self.interrupted:
            told.append(f"interrupted: {kept}")
        return told

    def kept(self, folder: str) -> str:
        """What is finished, and how to go on."""
        goes_on = f" and kept; the same command with --out {folder} goes on from there" if self.finished else ""
        return f"{self.finished:,} of {self.asked:,} {self.counted}{goes_on}"

    def told(self, failure: Failure[Task]) -> str:
        """One failure in a line."""
        stage = f" ({failure.stage})" if failure.stage else ""
        return f"{failure.task} failed{stage}: {failure.kind}: {failure.message}"

    def all_failures(self, folder: str) -> str:
        """How many failures there are and where they are listed."""
        noun = self.counted.split()[0]
        return f"{len(self.failures):,} of {self.asked:,} {noun} failed; see {folder}/failures.csv"


Ended = TypeVar("Ended", bound=JobOutcome[Any])


class Driver(Protocol[Ended]):
    """What is particular to a job. Wherever an interrupt or a full disk comes, the outcome says so."""

    def compute(self) -> None:
        """Compute what is missing in the folder and keep each piece as soon as it is there."""

    def assemble(self) -> None:
        """Put the finished pieces together on the disk."""

    def answer(self, outcome: Ended) -> Ended:
        """What is finished, what failed, and what follows from it; nothing is written."""

    def write(self, outcome: Ended) -> None:
        """Write the tables of the answer."""


def run_job(folder: JobFolder, driver: Driver[Ended], outcome: Ended, progress: Progress) -> Ended:
    """Do a job in a folder that was claimed for it; `outcome` is the one before anything is done.

    An interrupt, a full disk, a lost scheduler or a StoppedError ends the computing. What was finished is put together
    all the same; signals wait until that is done.
    """
    clock = time.monotonic()
    with folder:
        if folder.lock.left_by:
            progress.say(f"the driver that worked here before (process {folder.lock.left_by}) is gone; going on")
        try:
            outcome = noted(outcome, driver.compute)
        finally:
            progress.end()
        try:
            with held_back(signal.SIGINT, signal.SIGTERM):
                outcome = _finished(folder, driver, outcome, clock)
        except KeyboardInterrupt:
            outcome = replace(outcome, interrupted=True)
    return outcome


def _finished(folder: JobFolder, driver: Driver[Ended], outcome: Ended, clock: float) -> Ended:
    if outcome.whole or folder.assembles_early:
        outcome = noted(outcome, driver.assemble)
    outcome = driver.answer(outcome)
    facts = {"status": outcome.state, **outcome.facts, "wall_seconds": round(time.monotonic() - clock, 3)}
    outcome = replace(outcome, manifest={**outcome.manifest, **facts})

    def write() -> None:
        folder.write_failures(outcome.failures)
        driver.write(outcome)
        folder.write_manifest(outcome.manifest)

    outcome = noted(outcome, write)
    if not (outcome.finished or outcome.whole):
        folder.discard_if_new()
    return outcome


def noted(outcome: Ended, step: Callable[[], object]) -> Ended:
    """Take a step; what ends it early is noted in the outcome, any other error is raised."""
    try:
        step()
    except KeyboardInterrupt:
        return replace(outcome, interrupted=True)
    except CancelledError:
        return replace(outcome, stopped="the scheduler of the cluster was lost")
    except StoppedError as error:
        return replace(outcome, stopped=str(error))
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        return replace(outcome, disk_full=True)
    return outcome


def side_by_side(workers: int | None) -> int:
    """How many runs are computed side by side: on the cluster, else as asked for, else one per core."""
    there = elsewhere()
    return there.workers if there is not None else workers or available_cores()
