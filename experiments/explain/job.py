"""How much of youth unemployment each cause brings: every combination of causes, lived with the same luck."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from experiments.batch.folder import BatchFolder, Column
from experiments.batch.work import Run
from experiments.compare.job import months_simulated
from experiments.engine.draws import Draws
from experiments.engine.ensemble import Record, Replication, run_ensemble
from experiments.engine.errors import BadRequest
from experiments.engine.executors import Failure
from experiments.engine.job import JobOutcome, Order, run_job, side_by_side
from experiments.engine.manifest import describe_batch
from experiments.engine.pace import SECONDS_TO_START, seconds_of_run
from experiments.engine.progress import Progress, in_words
from experiments.engine.run_folder import new_run_folder
from experiments.explain.causes import Cause, causes_of, holding, without
from experiments.explain.shapley import game_of
from model.results import SEEDS_OF_A_DRAW, mean_intervals, t95
from model.schedule import month_index

if TYPE_CHECKING:
    from experiments.engine.ensemble import Simulate
    from experiments.explain.shapley import Floats, Game
    from model.scenario.scenario import Scenario

YOUTH, BLAME = "unemployment_rate_16_24", "perceived_visa_share"
TABLE, TOTAL = "attribution.csv", "total"
#: A year is read, so that no season is left in it.
MONTHS_READ = 12


@dataclass(frozen=True)
class Question:
    """What is to be explained: a scenario beside one without its causes, or its rise since an earlier month."""

    scenario: Scenario
    against: Scenario | None = None
    since: str | None = None
    #: At which draws of the fitted parameters replications live.
    draws: Draws = field(default_factory=Draws)

    @cached_property
    def causes(self) -> tuple[Cause, ...]:
        """The causes, each with its values when it is off."""
        return causes_of(self.scenario, self.against)

    @cached_property
    def active(self) -> tuple[int, ...]:
        """The places of the causes that share the effect: neither off already, which brings nothing, nor rare."""
        return tuple(place for place, cause in enumerate(self.causes) if cause.times == 1 and self._is_on(cause))

    @cached_property
    def rare(self) -> tuple[int, ...]:
        """The places of those that bring too few people to be simulated: lived many times over, and divided."""
        return tuple(place for place, cause in enumerate(self.causes) if cause.times > 1 and self._is_on(cause))

    def _is_on(self, cause: Cause) -> bool:
        return any(self.scenario.value(path) != off for path, off in cause.off.items())

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
    def worlds(self) -> list[Scenario]:
        """Every combination, then for each rare cause many times it and none, with all others on and with all off."""
        found = [*self.coalitions]
        for place in self.rare:
            cause = self.causes[place]
            for rest in (self.coalitions[-1], self.coalitions[0]):
                found += [holding(rest, cause.many), without(rest, [cause])]
        return found

    @cached_property
    def point_of(self) -> list[int]:
        """For every world, the first that is the same; that one is run for all of them."""
        first: dict[str, int] = {}
        return [first.setdefault(world.digest, place) for place, world in enumerate(self.worlds)]

    @property
    def runs(self) -> list[Replication]:
        """Every world once, replication by replication: an interrupted folder holds whole ones."""
        return [
            Replication(self.draws.hold_in(self.worlds[point], number), str(point), number)
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
    #: Replications by worlds, percentage points.
    worth: Floats
    #: The public's blame on the visa in the scenario as it is, a share.
    blame: float
    #: The numbers of the replications.
    numbers: Sequence[int] = ()

    @cached_property
    def effects(self) -> Floats:
        """Replications by causes: what each brings, in points."""
        found = self._of_all(self.question.game.values(self._shared))
        found[:, list(self.question.rare)] = self._of_rare
        return found

    @property
    def _shared(self) -> Floats:
        """What every combination of the causes that share the effect is worth."""
        return self.worth[:, : len(self.question.coalitions)]

    @cached_property
    def _of_rare(self) -> Floats:
        """Replications by rare causes: many times it less none, divided; the mean of all others on and all off."""
        lived = self.worth[:, len(self.question.coalitions) :].reshape(len(self.worth), -1, 2, 2)
        many, none = lived[..., 0], lived[..., 1]
        times = np.array([self.question.causes[place].times for place in self.question.rare])
        found: Floats = (many - none).mean(axis=2) / times
        return found

    @cached_property
    def _none(self) -> Floats:
        """By replication, the world with every cause off."""
        found: Floats = self.worth[:, 0] - self._of_rare.sum(axis=1)
        return found

    @property
    def drawn_half_width(self) -> Floats:
        """Half the 95 % interval of each mean effect that comes of drawing orders instead of taking all."""
        pairs = self.question.game.by_pair(self._shared).mean(axis=0)
        error = pairs.std(axis=0, ddof=1) / np.sqrt(len(pairs))
        return self._of_all(t95(len(pairs) - 1) * error)

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
        effects[TOTAL] = self._shared[:, -1] - self._none
        effects.index = pd.MultiIndex.from_product([self.numbers, [0]], names=["replication", "year"])
        found = mean_intervals(effects, "year", len(self.question.draws)).rename(
            columns={"indicator": "cause", "mean": "effect_pp", "low": "low_pp", "high": "high_pp"}
        )
        found = found[["cause", "effect_pp", "low_pp", "high_pp", *found.columns.intersection(["luck_share"])]]
        if not self.question.game.exact:
            half = np.hypot(found["high_pp"] - found["effect_pp"], np.append(self.drawn_half_width, 0.0))
            found["low_pp"], found["high_pp"] = found["effect_pp"] - half, found["effect_pp"] + half
        # Rounding in the last binary place aside it is the same number; so the column adds up as it is written.
        found.loc[len(found) - 1, "effect_pp"] = sum(found["effect_pp"].tolist()[:-1])
        return found

    @property
    def all_on(self) -> float:
        """The rate (or its rise) with every cause on, points."""
        return float(self._shared[:, -1].mean())

    @property
    def all_off(self) -> float:
        """The rate (or its rise) with every cause off, points."""
        return float(self._none.mean())


ExplainJob = Order[Question]


@dataclass(frozen=True)
class ExplainOutcome(JobOutcome[Run]):
    """What came of it."""

    attribution: Attribution | None = None

    @property
    def status(self) -> int:
        """The exit status; without an answer the job is not done."""
        return super().status or (4 if self.attribution is None else 0)


def explain(job: ExplainJob, progress: Progress, simulate: Simulate | None = None) -> ExplainOutcome:
    """Compute every world that is missing in the folder, keep each, and share the effect among the causes."""
    question, manifest = job.asked, _manifest(job)
    _refuse_too_short(question)
    path = job.out or new_run_folder(f"explain-{question.scenario.name}", _digest(question))
    folder = BatchFolder(path, _columns(question)).claim(manifest, question.scenario.to_files())
    driver = _Driver(job, folder, progress, simulate)
    return run_job(folder, driver, ExplainOutcome(path, len(question.runs), manifest=manifest), progress)


class _Driver:
    """One driver's work in a folder: worlds that have no file yet are lived."""

    def __init__(self, job: ExplainJob, folder: BatchFolder, progress: Progress, simulate: Simulate | None) -> None:
        self.question, self.workers = job.asked, side_by_side(job.workers)
        self.folder, self.progress, self.simulate = folder, progress, simulate
        self.runs = [_as_run(each) for each in self.question.runs]
        self.failures: list[Failure[Run]] = []
        self.found: Attribution | None = None

    def compute(self) -> None:
        """Live what is missing."""
        question, folder, progress = self.question, self.folder, self.progress
        scenario = question.scenario
        missing = [each for each in question.runs if not folder.part(_as_run(each)).exists()]
        if not missing:
            progress.say(f"all runs are in {folder.path} already")
            return
        months = months_simulated(scenario)
        seconds = SECONDS_TO_START + len(missing) * seconds_of_run(scenario.population, months) / self.workers
        progress.say(
            f"{len(question.worlds)} combinations of causes, {len(set(question.point_of))} different worlds x "
            f"{scenario.replications} replications, {len(missing):,} runs to do: about {in_words(seconds)}"
        )

        def keep(replication: Replication, record: Record) -> None:
            folder.keep(_as_run(replication), record)
            progress.on_replication()

        def give_up(failure: Failure[Replication]) -> None:
            run = _as_run(failure.task)
            self.failures.append(Failure(run, failure.kind, failure.message, failure.details, "worker"))
            progress.on_failure()

        progress.begin(len(missing), months, "runs")
        run_ensemble(missing, self.workers, keep, give_up, simulate=self.simulate, say=progress.say)

    def assemble(self) -> None:
        """The table of all runs, and what it says."""
        self.found = _gather(self.question, self.folder, self.runs)

    def answer(self, outcome: ExplainOutcome) -> ExplainOutcome:
        """The shares; none where no replication is whole."""
        finished = len(self.runs) - len(self.folder.missing(self.runs))
        return replace(outcome, finished=finished, failures=self.failures, attribution=self.found)

    def write(self, outcome: ExplainOutcome) -> None:
        """The answer as a table."""
        if outcome.attribution is not None:
            self.folder.write_frame(TABLE, outcome.attribution.table)


def _gather(question: Question, folder: BatchFolder, runs: Sequence[Run]) -> Attribution | None:
    """Read every file; only replications with all their worlds count, since others have nothing to compare."""
    found: dict[tuple[int, int], float] = {}
    blame: dict[int, float] = {}

    def take(run: Run, table: Any) -> None:
        months, values = (table[name].to_numpy() for name in ("month", YOUTH))
        found[run.replication, run.point - 1] = 100 * question.read(_numbered(months), values)
        if run.point - 1 == question.point_of[len(question.coalitions) - 1]:
            blame[run.replication] = float(np.mean(table[BLAME].to_numpy()[-MONTHS_READ:]))

    folder.assemble(runs, take)
    numbers = sorted({run.replication for run in runs})
    whole = [number for number in numbers if all((number, point) in found for point in question.point_of)]
    if not whole:
        return None
    worth = np.array([[found[number, point] for point in question.point_of] for number in whole])
    return Attribution(question, worth, float(np.mean([blame[number] for number in whole])), whole)


def _numbered(months: Any) -> Floats:
    """Months as their number since 2018-01, however the table holds them."""
    return np.array([month_index(str(month)[:7]) for month in months], np.float64)


def _as_run(replication: Replication) -> Run:
    """Where a world is kept: combinations are numbered from 1, as points of a design are."""
    return Run(int(replication.name) + 1, replication.number, replication.seed, {})


def _columns(question: Question) -> list[Column]:
    """Which of the active causes are on in each world, and how many times over each rare one is."""
    played, others = question.game.coalitions, [True, True, False, False] * len(question.rare)
    columns = [Column(question.causes[place].name, [*(bool(on >> bit & 1) for on in played), *others])
               for bit, place in enumerate(question.active)]  # fmt: skip
    for number, place in enumerate(question.rare):
        cause, extra = question.causes[place], [1.0] * len(others)
        extra[4 * number : 4 * number + 4] = [cause.times, 0.0] * 2
        columns.append(Column(cause.name, [*([1.0] * len(played)), *extra]))
    return columns


def _digest(question: Question) -> str:
    """A sha256 of the worlds, whatever number of replications."""
    worlds = [replace(question.worlds[place], replications=1).digest for place in question.point_of]
    if question.draws:
        worlds.append(json.dumps(question.draws.told(SEEDS_OF_A_DRAW * len(question.draws))))
    return hashlib.sha256(json.dumps(worlds).encode()).hexdigest()


def _manifest(job: ExplainJob) -> dict[str, Any]:
    """What the answer is made from; a folder with the same `batch` goes on."""
    question, scenario = job.asked, job.asked.scenario
    manifest = describe_batch(scenario, job.files, job.command, {"the scenario or its causes": _digest(question)})
    causes = {cause.name: {"off_means": cause.off_means, "off": _plain(cause.off)} for cause in question.causes}
    return {**manifest, "causes": causes, "since": question.since,
            "draws": question.draws.told(scenario.replications)}  # fmt: skip


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
