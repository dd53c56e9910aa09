"""The main job: from a scenario (or two) to a run folder with its tables. Figures and words are made elsewhere."""

from __future__ import annotations

import signal
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from experiments.compare.comparison import Comparison, compare_all
from experiments.engine.branching import families, months_to_live, worth_sharing
from experiments.engine.cores import available_cores
from experiments.engine.ensemble import Record, Replication, Simulate, replications_of, run_ensemble
from experiments.engine.errors import DISK_FULL
from experiments.engine.executors import elsewhere
from experiments.engine.interrupts import held_back
from experiments.engine.manifest import describe_run
from experiments.engine.pace import SECONDS_TO_START, seconds_of_run
from experiments.engine.progress import Progress, in_words
from experiments.engine.run_folder import RunFolder, new_run_folder
from model.monthly_table import MonthlyTable
from model.results import Table, people_per_agent, summarise
from model.schedule import FIRST_YEAR, month_index

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from experiments.engine.executors import Failure
    from model.scenario.scenario import Scenario

#: So many failed replications are named one by one.
MOST_LISTED = 10


@dataclass(frozen=True)
class MainJob:
    """What the user asked for: one scenario, perhaps another to compare it with, and where to put the result.

    `others` are further scenarios to compare with `against`.
    """

    scenario: Scenario
    against: Scenario | None = None
    workers: int | None = None
    out: Path | None = None
    files: tuple[Path, ...] = ()
    command: tuple[str, ...] = ()
    others: tuple[Scenario, ...] = ()

    @property
    def named(self) -> dict[str, Scenario]:
        """The scenarios under the names they carry in the tables, the baseline last; equal names are told apart."""
        named: dict[str, Scenario] = {}
        for scenario in (self.scenario, *self.others):
            same = sum(other.name == scenario.name for other in named.values())
            named[scenario.name if not same else f"{scenario.name} ({same + 1})"] = scenario
        if self.against is not None:
            name = self.against.name
            named[name if name not in named else f"{name} (against)"] = self.against
        return named


@dataclass(frozen=True)
class Outcome:
    """What came of it. `table` and `summary` are the first scenario's and missing when nothing was finished."""

    folder: Path
    asked: int
    finished: int
    manifest: dict[str, Any]
    table: MonthlyTable | None = None
    summary: pd.DataFrame | None = None
    comparisons: tuple[Comparison, ...] = ()
    failures: list[Failure[Replication]] = field(default_factory=list)
    interrupted: bool = False
    disk_full: bool = False

    @property
    def comparison(self) -> Comparison | None:
        """The first scenario against the baseline."""
        return self.comparisons[0] if self.comparisons else None

    @property
    def status(self) -> int:
        """The exit status: 0 done, 3 no replication kept its accounts, 4 some failed, 130 interrupted."""
        if self.interrupted:
            return 130
        if self.disk_full:
            return 4 if self.finished else 2
        if not self.failures:
            return 0
        broken = any(failure.kind == "AccountingError" for failure in self.failures)
        return 3 if broken and not self.finished else 4

    def accidents(self, folder: str) -> list[str]:
        """What went wrong, what is kept and what to do, in one line each; `folder` as the user would type it."""
        told = [
            f"replication {failure.task.number} of {failure.task.name} (seed {failure.task.seed}) failed: "
            f"{failure.kind}: {failure.message}"
            for failure in self.failures
        ]
        if len(told) > MOST_LISTED:
            told[MOST_LISTED:] = [f"... and {len(told) - MOST_LISTED} more, in {folder}/failures.csv"]
        if self.failures:
            told.append(f"{len(self.failures)} of {self.asked} replications failed; "
                        f"tracebacks are in {folder}/failures.txt")  # fmt: skip
        kept = f"{self.finished} of {self.asked} replications are finished"
        where = f" and kept in {folder}; the same command with --out {folder} goes on from there"
        if self.disk_full:
            told.append(f"no space left on the disk of {folder}: {kept}{where if self.finished else ''}")
        if self.interrupted:
            told.append(f"interrupted: {kept}{where if self.finished else ''}")
        return told


def run_main_job(job: MainJob, progress: Progress, simulate: Simulate | None = None) -> Outcome:
    """Compute every replication, keep each as it is finished, and write the tables of the run folder.

    Raises BadRequest, with nothing computed, when the folder cannot be used. An interrupt or a full disk ends the
    computing; what was finished is written and the outcome says so.
    """
    clock = time.monotonic()
    manifest = describe_run(job.named, job.files, job.command)
    with _claim(job, manifest) as folder:
        if folder.lock.left_by:
            progress.say(f"the driver that worked here before (process {folder.lock.left_by}) is gone; going on")
        return _run_in(folder, job, manifest, progress, simulate, clock)


def _run_in(
    folder: RunFolder,
    job: MainJob,
    manifest: dict[str, Any],
    progress: Progress,
    simulate: Simulate | None,
    clock: float,
) -> Outcome:
    asked = replications_of(job.named)
    outcome = Outcome(folder.path, len(asked), 0, manifest)
    try:
        outcome = replace(outcome, failures=_compute(job, folder, asked, progress, simulate))
    except KeyboardInterrupt:
        outcome = replace(outcome, interrupted=True)
    except OSError as error:
        outcome = _full_disk(outcome, error)
    finally:
        progress.end()
    try:
        with held_back(signal.SIGINT, signal.SIGTERM):
            outcome = _finish(job, folder, outcome, clock)
    except KeyboardInterrupt:
        outcome = replace(outcome, interrupted=True)
    return outcome


def _claim(job: MainJob, manifest: dict[str, Any]) -> RunFolder:
    texts = job.scenario.to_files()
    for place, other in enumerate(job.others, start=2):
        texts |= other.to_files(f"scenario_{place}.yaml")
    if job.against is not None:
        texts |= job.against.to_files("against.yaml")
    name = f"compare-{len(job.others) + 1}" if job.others else job.scenario.name
    default = new_run_folder(name, job.scenario.digest)
    return RunFolder.claim(job.out, default, list(job.named), manifest, texts)


def _compute(
    job: MainJob, folder: RunFolder, asked: list[Replication], progress: Progress, simulate: Simulate | None
) -> list[Failure[Replication]]:
    missing = [replication for replication in asked if not folder.has(replication)]
    failures: list[Failure[Replication]] = []
    if not missing:
        progress.say(f"all {len(asked)} replications are in {folder.path} already")
        return failures
    workers = min(side_by_side(job.workers), len(missing))
    progress.say(_announcement(job, missing, len(asked), workers, shared=simulate is None))
    progress.begin(len(missing), months_simulated(job.scenario))

    def keep(replication: Replication, record: Record) -> None:
        folder.keep(replication, record)
        progress.on_replication()

    def give_up(failure: Failure[Replication]) -> None:
        failures.append(failure)
        progress.on_replication()

    run_ensemble(missing, workers, keep, give_up, progress.on_month, simulate, progress.say, together=True)
    return sorted(failures, key=lambda failure: asked.index(failure.task))


def _finish(job: MainJob, folder: RunFolder, outcome: Outcome, clock: float) -> Outcome:
    """Turn finished replications into the tables of the folder, as far as the disk has room."""
    try:
        folder.write_failures(outcome.failures)
        folder.assemble()
    except OSError as error:
        outcome = _full_disk(outcome, error)
    outcome = _read(job, folder, outcome)
    manifest = outcome.manifest | {
        "status": (
            "interrupted" if outcome.interrupted else "finished" if outcome.finished == outcome.asked else "incomplete"
        ),
        "replications_finished": outcome.finished,
        "people_per_agent": people_per_agent(job.scenario.population, job.scenario),
        "wall_seconds": round(time.monotonic() - clock, 3),
    }
    outcome = replace(outcome, manifest=manifest)
    try:
        if not outcome.disk_full:
            _write(folder, outcome)
    except OSError as error:
        outcome = _full_disk(outcome, error)
    if outcome.finished == 0 and (outcome.interrupted or outcome.disk_full):
        folder.discard_if_new()
    return outcome


def _full_disk(outcome: Outcome, error: OSError) -> Outcome:
    """The same outcome with a full disk noted; any other error is raised again."""
    if error.errno not in DISK_FULL:
        raise error
    return replace(outcome, disk_full=True)


def _read(job: MainJob, folder: RunFolder, outcome: Outcome) -> Outcome:
    """Summaries and comparisons of what is finished, read from the disk as far as they need it."""
    tables = folder.tables()
    runs = {name: (name, tables[name], summary_of(tables[name], scenario))
            for name, scenario in job.named.items() if name in tables}  # fmt: skip
    first, *_, last = (*job.named, *job.named)
    reforms = [run for name, run in runs.items() if name != last]
    comparisons = compare_all(reforms, runs[last]) if job.against is not None and last in runs else ()
    found = runs.get(first)
    return replace(
        outcome,
        finished=sum(len(table.replications) for table in tables.values()),
        table=found[1] if found else None,
        summary=found[2] if found else None,
        comparisons=comparisons,
    )


def summary_of(table: Table, scenario: Scenario) -> pd.DataFrame:
    """The yearly means of a scenario's run; years in which the visa is closed cannot lack holders."""
    months = np.arange(months_simulated(scenario))
    ever_open = np.cumsum(scenario.monthly("visa.annual_quota", 0, len(months))) > 0
    empty = set(FIRST_YEAR + months[~ever_open] // 12) - set(FIRST_YEAR + months[ever_open] // 12)
    return summarise(table, scenario.population, empty, scenario)


def _write(folder: RunFolder, outcome: Outcome) -> None:
    compared = outcome.comparisons
    if len(compared) > 1:
        sides = [(each.reform, each.reform_summary) for each in compared]
        sides.append((compared[0].baseline, compared[0].baseline_summary))
        folder.write_frame("summary.csv", _stacked(sides))
    elif outcome.summary is not None:
        folder.write_frame("summary.csv", outcome.summary)
    parts = {"comparison.csv": "years", "comparison_peaks.csv": "peaks", "comparison_monthly.csv": "monthly"}
    for file, part in parts.items() if compared else ():
        folder.write_frame(file, _stacked([(each.reform, getattr(each, part)) for each in compared]))
    folder.write_manifest(outcome.manifest)


def _stacked(tables: Sequence[tuple[str, pd.DataFrame]]) -> pd.DataFrame:
    """Tables of several scenarios as one, the scenario's name first."""
    whole = pd.concat([table.assign(scenario=name) for name, table in tables], ignore_index=True)
    return whole[["scenario", *whole.columns.drop("scenario")]]


def months_simulated(scenario: Scenario) -> int:
    """How many months one replication computes: from the first month of the world, whatever is recorded."""
    return month_index(scenario.end) + 1


def side_by_side(workers: int | None) -> int:
    """How many runs are computed side by side: on the cluster, else as asked for, else one per core."""
    there = elsewhere()
    return there.workers if there is not None else workers or available_cores()


def _announcement(job: MainJob, missing: Sequence[Replication], asked: int, workers: int, *, shared: bool) -> str:
    """What is about to be computed and about how long it will take."""
    months = months_simulated(job.scenario)
    lived = len(missing) * months
    kin = families(missing) if shared else []
    if kin and worth_sharing(kin, workers):
        lived = months_to_live(kin[0]) * len(kin)
    seconds = SECONDS_TO_START + seconds_of_run(job.scenario.population, lived) / workers
    each = len(job.named)
    whole = each > 1 and len(missing) == asked
    what = "pairs of replications" if each == 2 else f"replications of {each} scenarios"
    runs = f"{asked // each} {what}" if whole else _counted(len(missing), "replication")
    if len(missing) < asked:
        runs += f" of {asked} still missing"
    people, hands = f"{job.scenario.population:,} simulated people", _counted(workers, "worker")
    return f"{runs} x {months} months, {people}, {hands}: about {in_words(seconds)}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
