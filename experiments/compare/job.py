"""The main job: from a scenario (or two) to a run folder with its tables. Figures and words are made elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from experiments.compare.comparison import Comparison, compare_all
from experiments.compare.groups import group_differences, yearly_groups
from experiments.engine.branching import families, months_to_live, worth_sharing
from experiments.engine.draws import Draws, draws_for
from experiments.engine.ensemble import Record, Replication, Simulate, replications_of, run_ensemble
from experiments.engine.job import JobOutcome, run_job, side_by_side
from experiments.engine.manifest import describe_run, told_apart
from experiments.engine.pace import SECONDS_TO_SHOW, SECONDS_TO_START, seconds_of_run
from experiments.engine.progress import Progress, in_words
from experiments.engine.run_folder import BY_GROUP, RunFolder, new_run_folder
from model.monthly_table import MonthlyTable
from model.results import Table, people_per_agent, summarise
from model.schedule import FIRST_YEAR, month_index

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from experiments.engine.executors import Failure
    from model.scenario.scenario import Scenario


@dataclass(frozen=True)
class MainJob:
    """What the user asked for: one scenario, perhaps another to compare it with, and where to put the result.

    `others` are further scenarios to compare with `against`; `by_group` counts people by group too.
    """

    scenario: Scenario
    against: Scenario | None = None
    workers: int | None = None
    out: Path | None = None
    files: tuple[Path, ...] = ()
    command: tuple[str, ...] = ()
    others: tuple[Scenario, ...] = ()
    #: At how many draws of the fitted parameters differences are told; None: as many as replications allow.
    draws: int | None = None
    by_group: bool = True
    #: The module that shows the result, loaded while the last replications are computed.
    shown_by: str = ""

    @cached_property
    def spread(self) -> Draws:
        """The draws at which replications live; none where nothing is compared, unless they are asked for."""
        if self.against is None and self.draws is None:
            return Draws()
        return draws_for(self.against or self.scenario, self.scenario.replications, self.draws)

    @cached_property
    def people_per_agent(self) -> float:
        """How many people a simulated one stands for."""
        return people_per_agent(self.scenario.population, self.scenario)

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
class Outcome(JobOutcome[Replication]):
    """What came of it. `table` and `summary` are the first scenario's and missing when nothing was finished."""

    table: MonthlyTable | None = None
    summary: pd.DataFrame | None = None
    comparisons: tuple[Comparison, ...] = ()
    counted = "replications are finished"

    @property
    def comparison(self) -> Comparison | None:
        """The first scenario against the baseline."""
        return self.comparisons[0] if self.comparisons else None

    @property
    def facts(self) -> dict[str, Any]:
        """How many replications are finished."""
        return {"replications_finished": self.finished}


def run_main_job(job: MainJob, progress: Progress, simulate: Simulate | None = None) -> Outcome:
    """Compute every replication, keep each as it is finished, and write the tables of the run folder.

    Raises BadRequest, with nothing computed, when the folder cannot be used. An interrupt or a full disk ends the
    computing; what was finished is written and the outcome says so.
    """
    manifest = describe_run(job.named, job.files, job.command)
    if spread := job.spread.told(job.scenario.replications):
        manifest |= {"draws": spread, "identity": told_apart(manifest["identity"], spread)}
    texts = job.scenario.to_files()
    for place, other in enumerate(job.others, start=2):
        texts |= other.to_files(f"scenario_{place}.yaml")
    if job.against is not None:
        texts |= job.against.to_files("against.yaml")
    name = f"compare-{len(job.others) + 1}" if job.others else job.scenario.name
    path = job.out or new_run_folder(name, job.scenario.digest)
    driver = _Driver(job, RunFolder(path, list(job.named)).claim(manifest, texts), progress, simulate)
    return run_job(driver.folder, driver, Outcome(path, len(driver.asked), manifest=manifest), progress)


class _Driver:
    """One driver's work in a folder: replications that are missing are computed, kept or listed."""

    def __init__(self, job: MainJob, folder: RunFolder, progress: Progress, simulate: Simulate | None) -> None:
        self.job, self.folder, self.progress, self.simulate = job, folder, progress, simulate
        self.asked = replications_of(job.named, job.spread)
        self.failures: list[Failure[Replication]] = []

    def compute(self) -> None:
        """Compute what is missing."""
        asked, progress = self.asked, self.progress
        missing = [replication for replication in asked if not self.folder.has(replication)]
        if not missing:
            progress.say(f"all {len(asked)} replications are in {self.folder.path} already")
            return
        workers = min(side_by_side(self.job.workers), len(missing))
        progress.say(_announcement(self.job, missing, len(asked), workers, shared=self.simulate is None))
        progress.begin(len(missing), months_simulated(self.job.scenario))

        def keep(replication: Replication, record: Record) -> None:
            self.folder.keep(replication, record)
            progress.on_replication()

        def give_up(failure: Failure[Replication]) -> None:
            self.failures.append(failure)
            progress.on_replication()

        run_ensemble(missing, workers, keep, give_up, progress.on_month, self.simulate, progress.say, together=True,
                     by_group=self.job.by_group, needed_next=self.job.shown_by)  # fmt: skip

    def assemble(self) -> None:
        """The monthly table, whatever ended the computing."""
        self.folder.assemble()

    def answer(self, outcome: Outcome) -> Outcome:
        """Summaries and comparisons of what is finished, read from the disk as far as they need it."""
        named, tables = self.job.named, self.folder.tables()
        runs = {name: (name, tables[name], summary_of(tables[name], scenario))
                for name, scenario in named.items() if name in tables}  # fmt: skip
        first, *_, last = (*named, *named)
        reforms = [run for name, run in runs.items() if name != last]
        compared = (
            compare_all(reforms, runs[last], len(self.job.spread))
            if self.job.against is not None and last in runs
            else ()
        )
        if compared and (counted := self.folder.path / BY_GROUP).exists():
            compared = with_groups(compared, counted, self.job)
        found = runs.get(first)
        return replace(
            outcome,
            finished=sum(len(table.replications) for table in tables.values()),
            failures=sorted(self.failures, key=lambda failure: self.asked.index(failure.task)),
            table=found[1] if found else None,
            summary=found[2] if found else None,
            comparisons=compared,
            manifest={**outcome.manifest, "people_per_agent": self.job.people_per_agent},
        )

    def write(self, outcome: Outcome) -> None:
        """The small tables."""
        compared = outcome.comparisons
        if len(compared) > 1:
            sides = [(each.reform, each.reform_summary) for each in compared]
            sides.append((compared[0].baseline, compared[0].baseline_summary))
            self.folder.write_frame("summary.csv", _stacked(sides))
        elif outcome.summary is not None:
            self.folder.write_frame("summary.csv", outcome.summary)
        parts = {"comparison.csv": "years", "comparison_peaks.csv": "peaks", "comparison_monthly.csv": "monthly"}
        if compared and compared[0].groups is not None:
            parts["comparison_groups.csv"] = "groups"
        for file, part in parts.items() if compared else ():
            self.folder.write_frame(file, _stacked([(each.reform, getattr(each, part)) for each in compared]))


def with_groups(compared: Sequence[Comparison], counted: Path | bytes, job: MainJob) -> tuple[Comparison, ...]:
    """Comparisons with what each reform changes by group, from the job's table of groups."""
    groups = yearly_groups(counted)
    people = job.people_per_agent
    return tuple(
        replace(each, groups=group_differences(groups[each.reform], groups[each.baseline], people, each.draws))
        for each in compared
    )


def summary_of(table: Table, scenario: Scenario) -> pd.DataFrame:
    """The yearly means of a scenario's run; years in which the visa is closed cannot lack holders."""
    months = np.arange(months_simulated(scenario))
    ever_open = np.cumsum(scenario.monthly("visa.annual_quota", 0, len(months))) > 0
    empty = set(FIRST_YEAR + months[~ever_open] // 12) - set(FIRST_YEAR + months[ever_open] // 12)
    return summarise(table, scenario.population, empty, scenario)


def _stacked(tables: Sequence[tuple[str, pd.DataFrame]]) -> pd.DataFrame:
    """Tables of several scenarios as one, the scenario's name first."""
    whole = pd.concat([table.assign(scenario=name) for name, table in tables], ignore_index=True)
    return whole[["scenario", *whole.columns.drop("scenario")]]


def months_simulated(scenario: Scenario) -> int:
    """How many months one replication computes: from the first month of the world, whatever is recorded."""
    return month_index(scenario.end) + 1


def _announcement(job: MainJob, missing: Sequence[Replication], asked: int, workers: int, *, shared: bool) -> str:
    """What is about to be computed and about how long it will take."""
    months = months_simulated(job.scenario)
    worlds, lived = len(missing), months
    kin = families(missing) if shared else []
    if kin and worth_sharing(kin, workers):
        worlds, lived = len(kin), months_to_live(kin[0])
    rounds = -(-worlds // workers)
    seconds = SECONDS_TO_START + rounds * seconds_of_run(job.scenario.population, lived) + SECONDS_TO_SHOW
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
