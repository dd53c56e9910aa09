"""The main job: from a scenario (or two) to a run folder with its tables. Figures and words are made elsewhere."""

from __future__ import annotations

import errno
import os
import signal
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.comparison import Comparison, compare
from experiments.ensemble import Record, Replication, Simulate, replications_of, run_ensemble
from experiments.interrupts import held_back
from experiments.manifest import ROOT, describe_run
from experiments.pace import SECONDS_TO_START, seconds_of_run
from experiments.progress import Progress, in_words
from experiments.run_folder import RunFolder, new_folder_name
from model.monthly_table import MonthlyTable
from model.results import Table, people_per_agent, summarise
from model.schedule import FIRST_YEAR, month_index

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from experiments.executors import Failure
    from model.scenario import Scenario

#: So many failed replications are named one by one.
MOST_LISTED = 10
_FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class MainJob:
    """What the user asked for: one scenario, perhaps another to compare it with, and where to put the result."""

    scenario: Scenario
    against: Scenario | None = None
    workers: int | None = None
    out: Path | None = None
    files: tuple[Path, ...] = ()
    command: tuple[str, ...] = ()

    @property
    def named(self) -> dict[str, Scenario]:
        """The scenarios under the names they carry in the tables; the second of two equal names is told apart."""
        named = {self.scenario.name: self.scenario}
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
    comparison: Comparison | None = None
    failures: list[Failure[Replication]] = field(default_factory=list)
    interrupted: bool = False
    disk_full: bool = False

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
    folder = _claim(job, manifest)
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
    texts = {"scenario.yaml": job.scenario.to_yaml()}
    if job.against is not None:
        texts["against.yaml"] = job.against.to_yaml()
    default = ROOT / "runs" / new_folder_name(job.scenario.name, job.scenario.digest)
    return RunFolder.claim(job.out, default, list(job.named), manifest, texts)


def _compute(
    job: MainJob, folder: RunFolder, asked: list[Replication], progress: Progress, simulate: Simulate | None
) -> list[Failure[Replication]]:
    missing = [replication for replication in asked if not folder.has(replication)]
    failures: list[Failure[Replication]] = []
    if not missing:
        progress.say(f"all {len(asked)} replications are in {folder.path} already")
        return failures
    workers = min(job.workers or available_cores(), len(missing))
    progress.say(_announcement(job, len(missing), len(asked), workers))
    progress.begin(len(missing), months_simulated(job.scenario))

    def keep(replication: Replication, record: Record) -> None:
        folder.keep(replication, record)
        progress.on_replication()

    def give_up(failure: Failure[Replication]) -> None:
        failures.append(failure)
        progress.on_replication()

    run_ensemble(missing, workers, keep, give_up, progress.on_month, simulate, progress.say)
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
    if error.errno not in _FULL:
        raise error
    return replace(outcome, disk_full=True)


def _read(job: MainJob, folder: RunFolder, outcome: Outcome) -> Outcome:
    """Summaries and comparison of what is finished, read from the disk as far as they need it."""
    names = list(job.named)
    tables = folder.tables()
    table = tables.get(names[0])
    summary = summary_of(table, job.scenario) if table is not None else None
    comparison = None
    if job.against is not None and table is not None and summary is not None and names[-1] in tables:
        other = tables[names[-1]]
        comparison = compare((names[0], table, summary), (names[-1], other, summary_of(other, job.against)))
    finished = sum(len(table.replications) for table in tables.values())
    return replace(outcome, finished=finished, table=table, summary=summary, comparison=comparison)


def summary_of(table: Table, scenario: Scenario) -> pd.DataFrame:
    """The yearly means of a scenario's run; years in which the visa is closed cannot lack holders."""
    months = np.arange(months_simulated(scenario))
    ever_open = np.cumsum(scenario.monthly("visa.annual_quota", 0, len(months))) > 0
    empty = set(FIRST_YEAR + months[~ever_open] // 12) - set(FIRST_YEAR + months[ever_open] // 12)
    return summarise(table, scenario.population, empty, scenario)


def _write(folder: RunFolder, outcome: Outcome) -> None:
    if outcome.summary is not None:
        folder.write_frame("summary.csv", outcome.summary)
    if outcome.comparison is not None:
        folder.write_frame("comparison.csv", outcome.comparison.years)
        folder.write_frame("comparison_peaks.csv", outcome.comparison.peaks)
        folder.write_frame("comparison_monthly.csv", outcome.comparison.monthly)
    folder.write_manifest(outcome.manifest)


def months_simulated(scenario: Scenario) -> int:
    """How many months one replication computes: from the first month of the world, whatever is recorded."""
    return month_index(scenario.end) + 1


def available_cores() -> int:
    """The cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _announcement(job: MainJob, missing: int, asked: int, workers: int) -> str:
    """What is about to be computed and about how long it will take."""
    months = months_simulated(job.scenario)
    seconds = SECONDS_TO_START + missing * seconds_of_run(job.scenario.population, months) / workers
    pairs = job.against is not None and missing == asked
    runs = f"{missing // 2} pairs of replications" if pairs else _counted(missing, "replication")
    if missing < asked:
        runs += f" of {asked} still missing"
    people, hands = f"{job.scenario.population:,} simulated people", _counted(workers, "worker")
    return f"{runs} x {months} months, {people}, {hands}: about {in_words(seconds)}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
