"""How much of youth unemployment each cause brings: every combination of causes, lived with the same luck."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from experiments.batch.folder import BatchFolder, Column
from experiments.batch.work import Broken, Run
from experiments.compare.job import months_simulated, side_by_side
from experiments.engine.ensemble import Record, Replication, run_ensemble
from experiments.engine.errors import DISK_FULL, BadRequest
from experiments.engine.manifest import code_version, describe_run
from experiments.engine.pace import SECONDS_TO_START, seconds_of_run
from experiments.engine.progress import Progress, in_words
from experiments.engine.run_folder import new_run_folder
from experiments.explain.causes import Cause, causes_of, without
from experiments.explain.shapley import game_of
from model.results import mean_intervals
from model.schedule import month_index

if TYPE_CHECKING:
    from experiments.engine.ensemble import Simulate
    from experiments.engine.executors import Failure
    from experiments.explain.shapley import Floats, Game
    from model.scenario.scenario import Scenario

YOUTH, BLAME = "unemployment_rate_16_24", "perceived_visa_share"
TABLE, TOTAL = "attribution.csv", "total"
#: A year is read, so that no season is left in it.
MONTHS_READ = 12
#: So many failed runs are named one by one.
MOST_LISTED = 10


@dataclass(frozen=True)
class Question:
    """What is to be explained: a scenario beside one without its causes, or its rise since an earlier month."""

    scenario: Scenario
    against: Scenario | None = None
    since: str | None = None

    @cached_property
    def causes(self) -> tuple[Cause, ...]:
        """The causes, each with its values when it is off."""
        return causes_of(self.scenario, self.against)

    @cached_property
    def active(self) -> tuple[int, ...]:
        """The places of the causes that are not off already; the others bring nothing."""
        values = self.scenario.value
        return tuple(place for place, cause in enumerate(self.causes)
                     if any(values(path) != off for path, off in cause.off.items()))  # fmt: skip

    @cached_property
    def game(self) -> Game:
        """Which combinations of the active causes are lived."""
        return game_of(len(self.active))

    @cached_property
    def coalitions(self) -> list[Scenario]:
        """The scenario of every combination of `game`, with every other active cause off."""
        active = [self.causes[place] for place in self.active]
        return [without(self.scenario, [cause for place, cause in enumerate(active) if not on >> place & 1])
                for on in self.game.coalitions]  # fmt: skip

    @cached_property
    def point_of(self) -> list[int]:
        """For every combination, the first that is the same world; that one is run for all of them."""
        first: dict[str, int] = {}
        return [first.setdefault(world.digest, place) for place, world in enumerate(self.coalitions)]

    @property
    def runs(self) -> list[Replication]:
        """Every world once, replication by replication: an interrupted folder holds whole ones."""
        return [
            Replication(self.coalitions[point], str(point), number)
            for number in range(1, self.scenario.replications + 1)
            for point in sorted(set(self.point_of), reverse=True)
        ]

    def read(self, months: Floats, values: Floats) -> float:
        """What one run says: the mean of its last year, less that of the year up to `since` where one is given."""
        late = float(np.mean(values[-MONTHS_READ:]))
        if self.since is None:
            return late
        end = int(np.searchsorted(months, month_index(self.since), "right"))
        return late - float(np.mean(values[end - MONTHS_READ : end]))


@dataclass(frozen=True)
class Attribution:
    """The answer: per finished replication the value of every combination, and what follows from them (points)."""

    question: Question
    #: Replications by combinations, percentage points.
    worth: Floats
    #: The public's blame on the visa in the scenario as it is, a share.
    blame: float

    @cached_property
    def effects(self) -> Floats:
        """Replications by causes: what each brings, in points."""
        return self._of_all(self.question.game.values(self.worth))

    @property
    def drawn_half_width(self) -> Floats:
        """Half the 95 % interval of each mean effect that comes of drawing orders instead of taking all."""
        from scipy.special import stdtrit  # type: ignore[import-untyped]

        pairs = self.question.game.by_pair(self.worth).mean(axis=0)
        error = pairs.std(axis=0, ddof=1) / np.sqrt(len(pairs))
        return self._of_all(stdtrit(len(pairs) - 1, 0.975) * error)

    def _of_all(self, active: Floats) -> Floats:
        """Numbers by active cause as numbers by cause: what is off already has 0."""
        found = np.zeros((*active.shape[:-1], len(self.question.causes)))
        found[..., list(self.question.active)] = active
        return found

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per cause and the total: mean over replications and its 95 % interval, in points.

        Where orders of the causes are drawn, the interval holds that draw beside the luck of replications.
        """
        names = [cause.name for cause in self.question.causes]
        effects = pd.DataFrame(self.effects, columns=names)
        effects[TOTAL] = self.worth[:, -1] - self.worth[:, 0]
        effects.index = pd.MultiIndex.from_product([range(len(effects)), [0]], names=["replication", "year"])
        found = mean_intervals(effects, "year").rename(
            columns={"indicator": "cause", "mean": "effect_pp", "low": "low_pp", "high": "high_pp"}
        )[["cause", "effect_pp", "low_pp", "high_pp"]]
        if not self.question.game.exact:
            half = np.hypot(found["high_pp"] - found["effect_pp"], np.append(self.drawn_half_width, 0.0))
            found["low_pp"], found["high_pp"] = found["effect_pp"] - half, found["effect_pp"] + half
        # Rounding in the last binary place aside it is the same number; so the column adds up as it is written.
        found.loc[len(found) - 1, "effect_pp"] = sum(found["effect_pp"].tolist()[:-1])
        return found

    @property
    def all_on(self) -> float:
        """The rate (or its rise) with every cause on, points."""
        return float(self.worth[:, -1].mean())

    @property
    def all_off(self) -> float:
        """The rate (or its rise) with every cause off, points."""
        return float(self.worth[:, 0].mean())


@dataclass(frozen=True)
class ExplainJob:
    """What the user asked for, and where to put the result."""

    question: Question
    workers: int | None = None
    out: Path | None = None
    files: tuple[Path, ...] = ()
    command: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExplainOutcome:
    """What came of it."""

    folder: Path
    asked: int
    finished: int
    failures: tuple[Broken, ...] = ()
    attribution: Attribution | None = None
    interrupted: bool = False
    disk_full: bool = False

    @property
    def status(self) -> int:
        """The exit status: 0 done, 2 no room for anything, 4 some runs failed or are missing, 130 interrupted."""
        if self.interrupted:
            return 130
        if self.disk_full and not self.finished:
            return 2
        return 4 if self.failures or self.disk_full or self.attribution is None else 0

    def accidents(self, folder: str) -> list[str]:
        """What went wrong, what is kept and what to do, in one line each; `folder` as the user would type it."""
        told = [f"a run failed: {broken.kind}: {broken.message}" for broken in self.failures[:MOST_LISTED]]
        if self.interrupted or self.disk_full or self.failures:
            why = f"no space left on the disk of {folder}: " if self.disk_full else ""
            goes_on = f"; the same command with --out {folder} goes on from there" if self.finished else ""
            told.append(f"{why}{self.finished:,} of {self.asked:,} runs are finished and kept{goes_on}")
        return told


def explain(job: ExplainJob, progress: Progress, simulate: Simulate | None = None) -> ExplainOutcome:
    """Compute every world that is missing in the folder, keep each, and share the effect among the causes."""
    question = job.question
    _refuse_too_short(question)
    columns = _columns(question)
    default = new_run_folder(f"explain-{question.scenario.name}", _digest(question))
    manifest, texts = _manifest(job), question.scenario.to_files()
    with BatchFolder.claim(job.out, default, columns, manifest, texts) as folder:
        failures = dict[Run, Broken]()
        outcome = ExplainOutcome(folder.path, len(question.runs), 0)
        try:
            _compute(job, folder, progress, simulate, failures)
            outcome = replace(outcome, attribution=_write(question, folder, failures))
        except KeyboardInterrupt:
            outcome = replace(outcome, interrupted=True)
        except OSError as error:
            if error.errno not in DISK_FULL:
                raise
            outcome = replace(outcome, disk_full=True)
        finished = outcome.asked - len(folder.missing([_as_run(each) for each in question.runs]))
        ended = "finished" if finished == outcome.asked else "interrupted" if outcome.interrupted else "incomplete"
        with contextlib.suppress(OSError):  # on a full disk the manifest of the beginning stays
            folder.write_manifest({**manifest, "status": ended, "runs_finished": finished})
        if finished == 0:
            folder.discard_if_new()
        return replace(outcome, finished=finished, failures=tuple(failures.values()))


def _write(question: Question, folder: BatchFolder, failures: Mapping[Run, Broken]) -> Attribution | None:
    """Share the effect among the causes and write the tables; None where no replication is whole."""
    folder.write_failures(failures)
    attribution = _gather(question, folder, [_as_run(each) for each in question.runs])
    if attribution is not None:
        folder.write_frame(TABLE, attribution.table)
    return attribution


def _compute(
    job: ExplainJob, folder: BatchFolder, progress: Progress, simulate: Simulate | None, failures: dict[Run, Broken]
) -> None:
    """Live the worlds that have no file yet; what fails is added to `failures`."""
    scenario = job.question.scenario
    missing = [each for each in job.question.runs if not folder.part(_as_run(each)).exists()]
    if not missing:
        progress.say(f"all runs are in {folder.path} already")
        return
    workers = side_by_side(job.workers)
    seconds = len(missing) * seconds_of_run(scenario.population, month_index(scenario.end) + 1) / workers
    worlds = len(set(job.question.point_of))
    progress.say(
        f"{len(job.question.coalitions)} combinations of causes, {worlds} different worlds x {scenario.replications} "
        f"replications, {len(missing):,} runs to do: about {in_words(SECONDS_TO_START + seconds)}"
    )

    def keep(replication: Replication, record: Record) -> None:
        folder.keep(_as_run(replication), record)
        progress.on_replication()

    def give_up(failure: Failure[Replication]) -> None:
        failures[_as_run(failure.task)] = Broken("worker", failure.kind, failure.message, failure.details)
        progress.on_failure()

    progress.begin(len(missing), months_simulated(scenario), "runs")
    try:
        run_ensemble(missing, workers, keep, give_up, simulate=simulate, say=progress.say)
    finally:
        progress.end()


def _gather(question: Question, folder: BatchFolder, runs: Sequence[Run]) -> Attribution | None:
    """Read every file; only replications with all their worlds count, since others have nothing to compare."""
    found: dict[tuple[int, int], float] = {}
    blame: dict[int, float] = {}

    def take(run: Run, table: Any) -> None:
        months, values = (table[name].to_numpy() for name in ("month", YOUTH))
        found[run.replication, run.point - 1] = 100 * question.read(_numbered(months), values)
        if run.point == len(question.coalitions) or run.point - 1 == question.point_of[-1]:
            blame[run.replication] = float(np.mean(table[BLAME].to_numpy()[-MONTHS_READ:]))

    folder.assemble(runs, take)
    numbers = sorted({run.replication for run in runs})
    whole = [number for number in numbers if all((number, point) in found for point in question.point_of)]
    if not whole:
        return None
    worth = np.array([[found[number, point] for point in question.point_of] for number in whole])
    return Attribution(question, worth, float(np.mean([blame[number] for number in whole])))


def _numbered(months: Any) -> Floats:
    """Months as their number since 2018-01, however the table holds them."""
    return np.array([month_index(str(month)[:7]) for month in months], np.float64)


def _as_run(replication: Replication) -> Run:
    """Where a world is kept: combinations are numbered from 1, as points of a design are."""
    return Run(int(replication.name) + 1, replication.number, replication.seed, {})


def _columns(question: Question) -> list[Column]:
    """Which of the active causes are on in each combination."""
    played = question.game.coalitions
    return [Column(question.causes[place].name, [bool(on >> bit & 1) for on in played])
            for bit, place in enumerate(question.active)]  # fmt: skip


def _digest(question: Question) -> str:
    """A sha256 of the worlds, whatever number of replications."""
    worlds = [replace(question.coalitions[place], replications=1).digest for place in question.point_of]
    return hashlib.sha256(json.dumps(worlds).encode()).hexdigest()


def _manifest(job: ExplainJob) -> Mapping[str, Any]:
    """What the answer is made from; a folder with the same `batch` goes on."""
    scenario = job.question.scenario
    described = describe_run({scenario.name: scenario}, job.files, job.command)
    del described["identity"]
    version = dict(code_version())
    batch = {
        "the scenario or its causes": _digest(job.question),
        "the files of agents/, model/ or data/": version.pop("sources"),
        "versions of Python and its packages": version,
    }
    causes = {cause.name: {"off_means": cause.off_means, "off": _plain(cause.off)} for cause in job.question.causes}
    return {"batch": batch, "demand_closure": scenario.value("parameters.demand_closure"), "causes": causes,
            "since": job.question.since, **described}  # fmt: skip


def _plain(off: Mapping[str, Any]) -> dict[str, Any]:
    return {path: dict(value) if isinstance(value, Mapping) else value for path, value in off.items()}


def _refuse_too_short(question: Question) -> None:
    """A year is compared, and a year before `since`."""
    first, last = month_index(question.scenario.start), month_index(question.scenario.end)
    if last - first + 1 < MONTHS_READ:
        raise BadRequest(
            f"{last - first + 1} months are recorded, but the last {MONTHS_READ} are explained; nothing was run"
        )
    if question.since is not None and not first + MONTHS_READ - 1 <= month_index(question.since) < last:
        raise BadRequest(
            f"--since {question.since}: the year up to it has to lie in {question.scenario.start} to "
            f"{question.scenario.end}; nothing was run"
        )
