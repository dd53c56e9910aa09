"""A batch: every point of a design, every replication, each run once, whatever dies in between."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.batch.experiment_file import Experiment
from experiments.batch.folder import FAILURES, BatchFolder, Column
from experiments.batch.summary import Gathered, Summary
from experiments.batch.work import Broken, Lived, Run, Work
from experiments.compare.job import months_simulated, side_by_side
from experiments.engine.compile_ahead import compile_ahead
from experiments.engine.errors import DISK_FULL
from experiments.engine.executors import Failure, Place, elsewhere, run_tasks
from experiments.engine.interrupts import held_back
from experiments.engine.manifest import code_version, describe_run, text_hashes
from experiments.engine.pace import SECONDS_PER_PERSON_MONTH, SECONDS_TO_START, seconds_of_run
from experiments.engine.progress import Progress, in_words
from experiments.engine.run_folder import new_run_folder
from model.job_graph.file import graph_copies
from model.scenario.problems import value_text
from model.schedule import month_index

if TYPE_CHECKING:
    from experiments.engine.ensemble import Simulate
    from model.parameters import Value
    from model.scenario.scenario import Scenario

#: So many failed runs are named one by one.
MOST_LISTED = 10


@dataclass(frozen=True)
class BatchJob:
    """What the user asked for, and where to put the result."""

    experiment: Experiment
    workers: int | None = None
    out: Path | None = None
    command: tuple[str, ...] = ()


@dataclass(frozen=True)
class BatchOutcome:
    """What came of it; `stopped` says why a batch ended early, other than by an interrupt or a full disk."""

    folder: Path
    asked: int
    finished: int
    failures: Mapping[Run, Broken] = field(default_factory=dict)
    summary: Summary | None = None
    interrupted: bool = False
    disk_full: bool = False
    stopped: str = ""

    @property
    def status(self) -> int:
        """The exit status: 0 done, 3 no run kept its accounts, 4 some failed or are missing, 130 interrupted."""
        if self.interrupted:
            return 130
        if self.disk_full or self.stopped:
            return 4 if self.finished else 2
        if not self.failures:
            return 0
        broken = any(failure.kind == "AccountingError" for failure in self.failures.values())
        return 3 if broken and not self.finished else 4

    def accidents(self, folder: str) -> list[str]:
        """What went wrong, what is kept and what to do, in one line each; `folder` as the user would type it."""
        told = [
            f"point {run.point}, replication {run.replication} (seed {run.seed}) failed ({broken.stage}): "
            f"{broken.kind}: {broken.message}"
            for run, broken in sorted(self.failures.items(), key=lambda each: (each[0].point, each[0].replication))
        ]
        if len(told) > MOST_LISTED:
            told[MOST_LISTED:] = [f"... and {len(told) - MOST_LISTED} more, in {folder}/{FAILURES}"]
        if self.failures:
            told.append(f"{len(self.failures):,} of {self.asked:,} runs failed; see {folder}/{FAILURES}")
        kept = f"{self.finished:,} of {self.asked:,} runs are finished"
        goes_on = f" and kept; the same command with --out {folder} goes on from there" if self.finished else ""
        if self.disk_full:
            told.append(f"no space left on the disk of {folder}: {kept}{goes_on}")
        if self.stopped:
            told.append(f"{self.stopped}; {kept}{goes_on}")
        if self.interrupted:
            told.append(f"interrupted: {kept}{goes_on}")
        return told


class BatchStoppedError(Exception):
    """Going on would only fail again or mix results; what is finished is kept."""


def run_batch(
    job: BatchJob, progress: Progress, simulate: Simulate | None = None, place: Place | None = None
) -> BatchOutcome:
    """Compute every run that is missing in the folder, keep each as it is finished, and write the tables.

    `place` computes elsewhere than on this machine. Raises BadRequest, with nothing computed, when the folder cannot be
    used.
    """
    clock = time.monotonic()
    columns = design_columns(job.experiment)
    manifest = manifest_of(job)
    experiment, scenario = job.experiment, job.experiment.scenario
    default = new_run_folder(experiment.name, experiment.design.digest)
    texts = scenario.to_files() | _graphs(experiment)
    if own := [file for file in experiment.files if file not in scenario.files]:
        texts["experiment.yaml"] = _own_text(own[0])
    with BatchFolder.claim(job.out, default, columns, manifest, texts) as folder:
        if folder.lock.left_by:
            progress.say(f"the driver that worked here before (process {folder.lock.left_by}) is gone; going on")
        driver = _Driver(job, folder, progress)
        outcome = driver.compute(simulate, place or elsewhere())
        try:
            with held_back(signal.SIGINT, signal.SIGTERM):
                return driver.finish(outcome, manifest, clock)
        except KeyboardInterrupt:
            return replace(outcome, interrupted=True)


def runs_of(experiment: Experiment) -> list[Run]:
    """Every run, point by point; replication k has the same seed at every point, so that points share their luck."""
    seeds = [experiment.scenario.seed + number for number in range(experiment.scenario.replications)]
    return [
        Run(point, number, seed, overrides)
        for point in range(1, len(experiment.design) + 1)
        for overrides in [experiment.design.overrides(point)]
        for number, seed in enumerate(seeds, start=1)
    ]


def design_columns(experiment: Experiment) -> list[Column]:
    """The design as columns, each of one type: whole numbers, numbers, true or false, else as a file writes it.

    Where a point says nothing about a path, the scenario's own value stands.
    """
    columns = []
    for place, path in enumerate(experiment.design.paths):
        own = _own_value(experiment.scenario, path)
        held = [own if row[place] is None else row[place] for row in experiment.design.rows]
        columns.append(Column(path, _of_one_type([value for value in held if value is not None])))
    return columns


def _own_value(scenario: Scenario, path: str) -> Value:
    return scenario.value(path) if "." in path else getattr(scenario, path)


def _of_one_type(values: list[Value]) -> list[bool | float | str]:
    types = {type(value) for value in values}
    if types <= {bool} or types <= {int} or types <= {str}:
        return [value for value in values if not isinstance(value, Mapping)]
    if types <= {int, float}:
        return [float(value) for value in values if isinstance(value, int | float)]
    return [value_text(value) for value in values]


def _graphs(experiment: Experiment) -> dict[str, str]:
    """The job graphs that points name, each with the text of its copy."""
    return graph_copies(value for row in experiment.design.rows for value in row)


def manifest_of(job: BatchJob) -> dict[str, Any]:
    """What the batch is made from. Two folders with the same `batch` hold the same runs."""
    experiment, scenario = job.experiment, job.experiment.scenario
    described = describe_run({scenario.name: scenario}, experiment.files, job.command)
    del described["identity"]
    described["inputs"] |= text_hashes(_graphs(experiment))
    version = dict(code_version())
    batch = {
        "the design": experiment.design.digest,
        "the scenario, 'set' or the replications": scenario.digest,
        "the files of agents/, model/ or data/": version.pop("sources"),
        "versions of Python and its packages": version,
    }
    shape = {
        "name": experiment.name, "kind": experiment.design.kind, "paths": list(experiment.design.paths),
        "points": len(experiment.design), "replications": scenario.replications, "runs": experiment.runs,
    }  # fmt: skip
    return {"batch": batch, "experiment": shape, **described}


def _parting(experiment: Experiment) -> int:
    """The month before which all points share their past, as an index; 0 where they share none."""
    parts = experiment.design.parts
    return 0 if parts is None else month_index(parts)


def announce(job: BatchJob, missing: list[Run] | None = None, hands: int = 0, whose: str = "") -> str:
    """How many runs there are and about how long they will take, before any of them is begun."""
    runs = runs_of(job.experiment)
    missing = runs if missing is None else missing
    hands = hands or min(side_by_side(job.workers), len(missing))
    seconds = SECONDS_TO_START + _work_ahead(job.experiment, missing, hands) / max(1, hands)
    points, replications = len(job.experiment.design), job.experiment.scenario.replications
    still = "" if len(missing) == len(runs) else f", {len(missing):,} of them still missing"
    return (
        f"{len(runs):,} runs ({points:,} points x {replications:,} replications{still}), "
        f"{hands} worker{'' if hands == 1 else 's'}{whose}: about {in_words(seconds)}, "
        f"by the declared speed ({SECONDS_PER_PERSON_MONTH * 1e9:.0f} ns per person-month)"
    )


def _work_ahead(experiment: Experiment, missing: Sequence[Run], hands: int) -> float:
    """How long runs take on one core by the declared speed. Each process lives the shared past of a seed once."""
    scenario, parts = experiment.scenario, _parting(experiment)
    alone = sum(_seconds(scenario, run) for run in missing)
    if not parts or any("population" in run.overrides for run in missing):
        return alone
    past = seconds_of_run(scenario.population, parts)
    lived = sum(min(hands, runs) for runs in Counter(run.replication for run in missing).values())
    return alone - past * (len(missing) - lived)


def _seconds(scenario: Scenario, run: Run) -> float:
    """How long one run takes by the declared speed."""
    population = run.overrides.get("population", scenario.population)
    people = float(population) if isinstance(population, int | float) else 0.0
    months = month_index(str(run.overrides.get("end", scenario.end))) + 1
    return seconds_of_run(people, months)


def _own_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError:  # a pipe, read already
        return ""


class _Driver:
    """One driver's work in a folder: what is missing is computed, kept or listed."""

    def __init__(self, job: BatchJob, folder: BatchFolder, progress: Progress) -> None:
        self.job, self.folder, self.progress = job, folder, progress
        self.experiment = job.experiment
        self.runs = runs_of(job.experiment)
        self.failures: dict[Run, Broken] = {}
        self.ahead = 0
        self.hands = 1
        self.measured = False

    def compute(self, simulate: Simulate | None, place: Place | None) -> BatchOutcome:
        """Compute what is missing. An interrupt, a full disk or another program ends that; the outcome says so."""
        outcome = BatchOutcome(self.folder.path, len(self.runs), 0)
        missing = self.folder.missing(self.runs)
        self.ahead = len(missing)
        if not missing:
            self.progress.say(f"all {len(self.runs)} runs are in {self.folder.path} already")
            return outcome
        (self.folder.path / FAILURES).unlink(missing_ok=True)
        wanted = side_by_side(self.job.workers)
        self.hands = place.workers if place is not None else min(wanted, len(missing))
        self.progress.say(announce(self.job, missing, self.hands, "" if place is None else " of the cluster"))
        threads = 1 if place is not None else max(1, wanted // len(missing))
        scenario = self.experiment.scenario
        parts = _parting(self.experiment)
        work = Work(scenario, scenario.digest, code_version(), threads, simulate, parts)
        if parts:  # a process keeps one past: the points of a replication follow each other
            missing = sorted(missing, key=lambda run: (run.replication, run.point))
        self.progress.begin(len(missing), months_simulated(scenario), "runs")
        try:
            if simulate is None and place is None:
                compile_ahead(self.progress.say)
            run_tasks(work, missing, self.hands, self._receive, self._lose, place)
        except KeyboardInterrupt:
            return replace(outcome, interrupted=True)
        except CancelledError:
            return replace(outcome, stopped="the scheduler of the cluster was lost")
        except BatchStoppedError as error:
            return replace(outcome, stopped=str(error))
        except OSError as error:
            if error.errno not in DISK_FULL:
                raise
            return replace(outcome, disk_full=True)
        finally:
            self.progress.end()
            if place is not None and place is not elsewhere():
                place.stop()
        return outcome

    # --- what comes back --------------------------------------------------------------------------

    def _receive(self, run: Run, result: Lived | Broken) -> None:
        if isinstance(result, Broken):
            if result.stage == "version":
                raise BatchStoppedError(f"a worker holds another program: {result.message}")
            self._fail(run, result)
            return
        self.folder.keep(run, result.record)
        self.ahead -= 1
        if result.warm and not self.measured and self.ahead:
            self.measured = True
            left = in_words(self.ahead * result.seconds / self.hands)
            self.progress.say(f"measured on the first run of a warm worker: {result.seconds:.2g} s; {left} left")
        self.progress.on_replication()

    def _lose(self, failure: Failure[Run]) -> None:
        """A run whose worker died, or that could not be sent or read there."""
        if failure.kind in {"ModuleNotFoundError", "ImportError"}:
            raise BatchStoppedError(f"a worker does not find the program ({failure.message})")
        self._fail(failure.task, Broken("worker", failure.kind, failure.message, failure.details))

    def _fail(self, run: Run, broken: Broken) -> None:
        self.failures[run] = broken
        self.ahead -= 1
        self.folder.note_failure(run, broken)
        self.progress.on_failure()

    # --- the end ----------------------------------------------------------------------------------

    def finish(self, outcome: BatchOutcome, manifest: Mapping[str, Any], clock: float) -> BatchOutcome:
        """Write the tables, when every run has had its turn; else leave the files of finished runs as they are."""
        missing = self.folder.missing(self.runs)
        outcome = replace(outcome, finished=len(self.runs) - len(missing), failures=self.failures)
        whole = not (outcome.interrupted or outcome.disk_full or outcome.stopped)
        try:
            if whole:
                outcome = self._assemble(outcome)
            self.folder.write_failures(self.failures)
            ended = "finished" if outcome.finished == outcome.asked else "incomplete" if whole else "interrupted"
            seconds = round(time.monotonic() - clock, 3)
            counts = {"status": ended, "runs_finished": outcome.finished, "runs_failed": len(self.failures)}
            self.folder.write_manifest({**manifest, **counts, "wall_seconds": seconds})
        except OSError as error:
            if error.errno not in DISK_FULL:
                raise
            outcome = replace(outcome, disk_full=True, summary=None)
        if outcome.finished == 0 and not whole:
            self.folder.discard_if_new()
        return outcome

    def _assemble(self, outcome: BatchOutcome) -> BatchOutcome:
        gathered = Gathered(self.experiment, self.folder.columns)
        for run in self.folder.assemble(self.runs, gathered.take):
            reason = "its file could not be read and is removed; the same command computes it again"
            self.failures[run] = Broken("file", "Unreadable", reason)
        finished = outcome.finished - sum(broken.stage == "file" for broken in self.failures.values())
        summary = gathered.summary() if finished else None
        if summary is not None:
            self.folder.write_frame("summary.csv", summary.table)
            self.folder.write_frame("effects.csv", summary.effects)
        return replace(outcome, finished=finished, failures=self.failures, summary=summary)
