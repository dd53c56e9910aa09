"""A sensitivity analysis from question to tables: each stage a batch of its own, resumed like one."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from experiments.batch.job import BatchJob, BatchOutcome, run_batch
from experiments.engine.errors import BadRequest, extra_needed
from experiments.engine.folder_claim import refuse_unusable
from experiments.engine.job import Order, side_by_side
from experiments.engine.run_folder import new_run_folder
from experiments.sensitivity.discovery import Discovery, discover
from experiments.sensitivity.indices import Spread, sobol_indices
from experiments.sensitivity.question import Question, plan
from experiments.sensitivity.samples import Floats, Sample, whole_blocks
from experiments.sensitivity.screening import screen
from model.paths import shown
from model.results import people_per_agent, write_whole

if TYPE_CHECKING:
    from experiments.engine.ensemble import Simulate
    from experiments.engine.progress import Progress

SCREENING, INDICES, DISCOVERY = "screening", "indices", "discovery"
#: What a stage is made of, each useless with a run missing.
PARTS = {SCREENING: "effect", INDICES: "base sample", DISCOVERY: "sample"}
#: Whatever else stands in a folder, it is not ours.
_OWN = {
    SCREENING,
    INDICES,
    DISCOVERY,
    "figures",
    *(f"{name}.csv" for name in (SCREENING, INDICES, "spread", "samples", "boxes")),
}


SensitivityJob = Order[Question]


@dataclass(frozen=True)
class SensitivityOutcome:
    """What came of it: one table per stage with a row per outcome and parameter, in the outcomes' own units."""

    question: Question
    folder: Path
    stages: dict[str, BatchOutcome] = field(default_factory=dict)
    screening: pd.DataFrame | None = None
    indices: pd.DataFrame | None = None
    spreads: dict[str, Spread] = field(default_factory=dict)
    discovery: Discovery | None = None
    #: For every stage how many of its parts could be used of how many there are.
    parts: dict[str, tuple[int, int]] = field(default_factory=dict)
    #: Simulated K-visa holders behind the effect of the visa, on average over the points.
    holders: float | None = None
    #: Why a table could not be written, where one could not.
    unwritten: str = ""

    @property
    def status(self) -> int:
        """The exit status: the worst of the stages; 4 when a table is missing."""
        found = [stage.status for stage in self.stages.values()]
        lacking = self.unwritten or any(not kept for kept, _ in self.parts.values())
        return max([*found, 4 if lacking else 0])

    def accidents(self, shown: Callable[[Path], str]) -> list[str]:
        """What went wrong and what to do, in one line each; `shown` gives a path as the user would type it."""
        told = [
            f"{name}: {line.replace(f'--out {shown(stage.folder)}', f'--out {shown(self.folder)}')}"
            for name, stage in self.stages.items()
            for line in stage.accidents(shown(stage.folder))
        ]
        if self.unwritten:
            told.append(
                f"the tables could not be written ({self.unwritten}); finished runs are kept: make room, and the same "
                f"command with --out {shown(self.folder)} goes on from there"
            )
        told += [
            f"{name}: for every {PARTS[name]} a run failed, so nothing can be said; see {shown(self.folder / name)}"
            for name, (kept, _) in self.parts.items()
            if not kept
        ]
        return told

    @property
    def answered(self) -> bool:
        """Whether there is something to show."""
        return any(found is not None for found in (self.screening, self.indices, self.discovery))

    @property
    def ended(self) -> bool:
        """Whether a stage was ended early, so that nothing comes after it."""
        return any(stage.summary is None or not stage.whole for stage in self.stages.values())


def said_beforehand(job: SensitivityJob) -> str:
    """What is varied and how far, how many runs that takes and about how long."""
    varied = [
        f"{one.path}  {one.low:,g} to {one.high:,g} {one.unit}" + (f", from {one.since} on" if one.since else "")
        for one in job.asked.uncertain
    ]
    return "\n".join([*varied, *plan(job.asked, side_by_side(job.workers))])


def run_sensitivity(job: SensitivityJob, progress: Progress, simulate: Simulate | None = None) -> SensitivityOutcome:
    """Run the stages that the question asks for, write their tables, and go on where a folder already has runs."""
    question = job.asked
    _need(question)
    for line in plan(question, side_by_side(job.workers)):
        progress.say(line)
    stages = _Stages(job, progress, simulate)
    asked = [stages.discovery] if question.threshold is not None else []
    if question.threshold is None:
        asked += [stages.screening] if question.trajectories else []
        asked += [stages.indices] if question.samples else []
    outcome = SensitivityOutcome(question, _folder(job))
    try:
        for stage in asked:
            if not outcome.ended:
                outcome = stage(outcome)
    except OSError as error:
        return replace(outcome, unwritten=error.strerror or str(error))
    finally:
        with contextlib.suppress(OSError):  # not empty: something is kept
            outcome.folder.rmdir()
    return outcome


def _need(question: Question) -> None:
    """Ask for the packages before anything is computed, not after."""
    if question.threshold is None:
        with extra_needed("analysis", "sensitivity"):
            import SALib  # noqa: F401
    else:
        with extra_needed("discovery", "sensitivity --discover"), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts of ema-workbench that are not used here
            import ema_workbench  # noqa: F401


def _folder(job: SensitivityJob) -> Path:
    """Where stages are kept; one that holds anything else is refused."""
    name = f"sensitivity-{job.asked.scenario.name}"
    folder = job.out or new_run_folder(name, job.asked.scenario.digest)
    refuse_unusable(folder, "sensitivity")
    held = {path.name for path in folder.iterdir()} if folder.exists() else set()
    if foreign := sorted(held - _OWN):
        raise BadRequest(
            f"{shown(folder)} holds {foreign[0]}, which is no part of a sensitivity analysis; give --out a new folder; "
            "nothing was run"
        )
    return folder


class _Stages:
    """The stages of one job."""

    def __init__(self, job: SensitivityJob, progress: Progress, simulate: Simulate | None) -> None:
        self.job, self.question, self.progress, self.simulate = job, job.asked, progress, simulate

    def screening(self, outcome: SensitivityOutcome) -> SensitivityOutcome:
        """What each parameter does, one at a time."""
        sample = self.question.screening()
        outcome, read = self._run(outcome, SCREENING, sample)
        if not read:
            return outcome
        tables = [screen(sample, values).assign(outcome=name) for name, values in read.items()]
        asked = self.question.trajectories * len(sample.uncertain)
        kept = min(int(table["effects"].sum()) for table in tables)
        outcome = replace(outcome, parts={**outcome.parts, SCREENING: (kept, asked)})
        return replace(outcome, screening=self._write(outcome, SCREENING, tables)) if kept else outcome

    def indices(self, outcome: SensitivityOutcome) -> SensitivityOutcome:
        """Shares of variance of the parameters that the screening found to matter most."""
        chosen = self._chosen(outcome)
        if not chosen:
            self.progress.say("no parameter changes any outcome, so there is nothing to share out")
            return outcome
        sample = self.question.indices(chosen)
        outcome, read = self._run(outcome, INDICES, sample)
        whole = {name: whole_blocks(sample, values) for name, values in read.items()}
        outcome = self._count(outcome, INDICES, [kept for kept, _ in whole.values()], sample)
        found = {name: sobol_indices(kept, values) for name, (kept, values) in whole.items() if len(kept.unit)}
        if not found:
            return outcome
        table = self._write(outcome, INDICES, [table.assign(outcome=name) for name, (table, _) in found.items()])
        spreads = {name: spread for name, (_, spread) in found.items()}
        frame = pd.DataFrame([{"outcome": name, **vars(spread)} for name, spread in spreads.items()])
        _write_csv(outcome.folder / "spread.csv", frame)
        return replace(outcome, indices=table, spreads=spreads)

    def discovery(self, outcome: SensitivityOutcome) -> SensitivityOutcome:
        """The assumptions under which the first outcome reaches the threshold."""
        sample = self.question.assumptions()
        outcome, read = self._run(outcome, DISCOVERY, sample)
        if not read or self.question.threshold is None:
            return outcome
        kept, values = whole_blocks(sample, read[self.question.outcomes[0]])
        outcome = self._count(outcome, DISCOVERY, [kept], sample)
        if not len(kept.unit):
            return outcome
        found = discover(kept, values, self.question.threshold)
        samples = pd.DataFrame(kept.points, columns=[one.path for one in kept.uncertain])
        _write_csv(outcome.folder / "samples.csv", samples.assign(effect=found.effect, reached=found.reached))
        rows = [
            {"box": number, "samples": box.samples, "coverage": box.coverage, "density": box.density, **vars(limit)}
            for number, box in enumerate(found.boxes, 1)
            for limit in box.limits
        ]
        names = ["box", "samples", "coverage", "density", "path", "above", "value", "quasi_p"]
        _write_csv(outcome.folder / "boxes.csv", pd.DataFrame(rows, columns=names))
        return replace(outcome, discovery=found)

    def _count(
        self, outcome: SensitivityOutcome, stage: str, kept: Sequence[Sample], sample: Sample
    ) -> SensitivityOutcome:
        """Note how many blocks of a stage are whole."""
        if not kept:
            return outcome
        blocks = len(sample.unit) // sample.block, min(len(each.unit) // each.block for each in kept)
        return replace(outcome, parts={**outcome.parts, stage: (blocks[1], blocks[0])})

    def _run(
        self, outcome: SensitivityOutcome, stage: str, sample: Sample
    ) -> tuple[SensitivityOutcome, dict[str, Floats]]:
        """Run one stage as a batch; returns every outcome's values by point and replication."""
        question = self.question
        self.progress.say(f"{stage}:")
        job = BatchJob(question.experiment(stage, sample), self.job.workers, outcome.folder / stage, self.job.command)
        batch = run_batch(job, self.progress, self.simulate)
        outcome = replace(outcome, stages={**outcome.stages, stage: batch})
        if batch.summary is None:
            return outcome, {}
        if question.cause is not None and "visa" in question.cause.name.lower():
            stock = batch.summary.runs["k_visa_stock"].groupby(level="point").mean()
            with_visa = float(stock[stock.index % question.arms == 1].mean())
            people = people_per_agent(question.scenario.population, question.scenario)
            outcome = replace(outcome, holders=with_visa / people)
        return outcome, {name: question.read(sample, batch.summary.runs, name) for name in question.outcomes}

    def _chosen(self, outcome: SensitivityOutcome) -> list[str]:
        """The parameters that get indices: those with the largest mu* over all outcomes; all without a screening."""
        if outcome.screening is None:
            return [one.path for one in self.question.uncertain]
        table = outcome.screening
        share = table["mu_star"] / table.groupby("outcome")["mu_star"].transform("max")
        largest = share.groupby(table["path"]).max().sort_values(ascending=False, kind="stable")
        return [str(path) for path in largest[largest > 0].index[: self.question.most]]

    def _write(self, outcome: SensitivityOutcome, name: str, tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
        """The table of a stage, outcomes one under the other."""
        table = pd.concat(tables, ignore_index=True)
        table = table[["outcome", *(column for column in table.columns if column != "outcome")]]
        _write_csv(outcome.folder / f"{name}.csv", table)
        return table


def _write_csv(path: Path, table: pd.DataFrame) -> None:
    write_whole(path, table.to_csv(index=False, lineterminator="\n").encode())
