"""A batch: every point of a design, every replication, each run once, whatever dies in between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from experiments.batch.experiment_file import Experiment
from experiments.batch.folder import BatchFolder, Column
from experiments.batch.summary import Gathered, Summary
from experiments.batch.work import Lived, Run, Work
from experiments.compare.job import months_simulated
from experiments.engine.compile_ahead import compile_ahead
from experiments.engine.executors import Failure, Place, elsewhere, run_tasks
from experiments.engine.job import JobOutcome, Order, StoppedError, run_job, side_by_side
from experiments.engine.manifest import code_version, describe_batch, text_as_given, text_hashes
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

BatchJob = Order[Experiment]


@dataclass(frozen=True)
class BatchOutcome(JobOutcome[Run]):
    """What came of a batch."""

    summary: Summary | None = None


def run_batch(
    job: BatchJob, progress: Progress, simulate: Simulate | None = None, place: Place | None = None
) -> BatchOutcome:
    """Compute every run that is missing in the folder, keep each as it is finished, and write the tables.

    `place` computes elsewhere than on this machine. Raises BadRequest, with nothing computed, when the folder cannot be
    used.
    """
    experiment, scenario = job.asked, job.asked.scenario
    manifest = manifest_of(job)
    texts = scenario.to_files() | _graphs(experiment)
    if own := [file for file in experiment.files if file not in scenario.files]:
        texts["experiment.yaml"] = text_as_given(own[0])
    path = job.out or new_run_folder(experiment.name, experiment.design.digest)
    folder = BatchFolder(path, design_columns(experiment)).claim(manifest, texts)
    driver = _Driver(job, folder, progress, simulate, place or elsewhere())
    return run_job(folder, driver, BatchOutcome(path, experiment.runs, manifest=manifest), progress)


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
    """What the batch is made from."""
    experiment, design, replications = job.asked, job.asked.design, job.asked.scenario.replications
    asked = {"the design": design.digest, "the scenario, 'set' or the replications": experiment.scenario.digest}
    manifest = describe_batch(experiment.scenario, experiment.files, job.command, asked)
    manifest["inputs"] |= text_hashes(_graphs(experiment))
    shape = {
        "name": experiment.name, "kind": design.kind, "paths": list(design.paths),
        "points": len(design), "replications": replications, "runs": experiment.runs,
    }  # fmt: skip
    return {"experiment": shape, **manifest}


def _parting(experiment: Experiment) -> int:
    """The month before which all points share their past, as an index; 0 where they share none."""
    parts = experiment.design.parts
    return 0 if parts is None else month_index(parts)


def announce(job: BatchJob, missing: list[Run] | None = None, hands: int = 0, whose: str = "") -> str:
    """How many runs there are and about how long they will take, before any of them is begun."""
    runs = runs_of(job.asked)
    missing = runs if missing is None else missing
    hands = hands or min(side_by_side(job.workers), len(missing))
    seconds = SECONDS_TO_START + _work_ahead(job.asked, missing, hands) / max(1, hands)
    points, replications = len(job.asked.design), job.asked.scenario.replications
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


class _Driver:
    """One driver's work in a folder: what is missing is computed, kept or listed."""

    def __init__(
        self, job: BatchJob, folder: BatchFolder, progress: Progress, simulate: Simulate | None, place: Place | None
    ) -> None:
        self.job, self.folder, self.progress, self.simulate, self.place = job, folder, progress, simulate, place
        self.experiment = job.asked
        self.runs = runs_of(job.asked)
        self.failures: list[Failure[Run]] = []
        self.gathered = Gathered(self.experiment, folder.columns)
        self.ahead = 0
        self.hands = 1
        self.measured = False

    def compute(self) -> None:
        """Compute what is missing."""
        missing, place = self.folder.missing(self.runs), self.place
        self.ahead = len(missing)
        if not missing:
            self.progress.say(f"all {len(self.runs)} runs are in {self.folder.path} already")
            return
        self.folder.forget_failures()
        wanted = side_by_side(self.job.workers)
        self.hands = place.workers if place is not None else min(wanted, len(missing))
        self.progress.say(announce(self.job, missing, self.hands, "" if place is None else " of the cluster"))
        threads = 1 if place is not None else max(1, wanted // len(missing))
        scenario = self.experiment.scenario
        parts = _parting(self.experiment)
        work = Work(scenario, scenario.digest, code_version(), threads, self.simulate, parts)
        if parts:  # a process keeps one past: the points of a replication follow each other
            missing = sorted(missing, key=lambda run: (run.replication, run.point))
        self.progress.begin(len(missing), months_simulated(scenario), "runs")
        try:
            if self.simulate is None and place is None:
                compile_ahead(self.progress.say)
            run_tasks(work, missing, self.hands, self._receive, self._lose, place)
        finally:
            if place is not None and place is not elsewhere():
                place.stop()

    # --- what comes back --------------------------------------------------------------------------

    def _receive(self, run: Run, result: Lived | Failure[Run]) -> None:
        if isinstance(result, Failure):
            if result.stage == "version":
                raise StoppedError(f"a worker holds another program: {result.message}")
            self._fail(result)
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
            raise StoppedError(f"a worker does not find the program ({failure.message})")
        self._fail(replace(failure, stage="worker"))

    def _fail(self, failure: Failure[Run]) -> None:
        self.failures.append(failure)
        self.ahead -= 1
        self.folder.note_failure(failure)
        self.progress.on_failure()

    # --- the end ----------------------------------------------------------------------------------

    def assemble(self) -> None:
        """The one table."""
        reason = "its file could not be read and is removed; the same command computes it again"
        for run in self.folder.assemble(self.runs, self.gathered.take):
            self.failures.append(Failure(run, "Unreadable", reason, stage="file"))

    def answer(self, outcome: BatchOutcome) -> BatchOutcome:
        """How many runs there are, and their means and effects."""
        finished = len(self.runs) - len(self.folder.missing(self.runs))
        failures = sorted(self.failures, key=lambda each: (each.task.point, each.task.replication))
        summary = self.gathered.summary() if finished and outcome.whole else None
        return replace(outcome, finished=finished, failures=failures, summary=summary)

    def write(self, outcome: BatchOutcome) -> None:
        """The small tables."""
        if outcome.summary is not None:
            self.folder.write_frame("summary.csv", outcome.summary.table)
            self.folder.write_frame("effects.csv", outcome.summary.effects)
