"""`run.py validate`: live the experiments, judge the checks, write the tables. Figures and page are made elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.engine.compile_ahead import compile_ahead
from experiments.engine.ensemble import Replication
from experiments.engine.job import JobOutcome, run_job, side_by_side
from experiments.engine.manifest import describe_run
from experiments.engine.progress import Progress
from experiments.engine.run_folder import RunFolder, new_run_folder
from experiments.validation.catalogue import CHECKS, EXPERIMENTS, choose
from experiments.validation.checks import Check, Verdict
from experiments.validation.ensemble_runs import ENSEMBLE
from experiments.validation.evidence import Life, Plan
from experiments.validation.limits import LIMITS, Limits
from experiments.validation.living import Living
from experiments.validation.published import PUBLISHED, PUBLISHED_CHECKS, Reproduction
from model.schedule import month_index

if TYPE_CHECKING:
    import pandas as pd

    from experiments.engine.ensemble import Record
    from model.scenario.scenario import Scenario

#: Checks look no further than this, unless later months are given.
LAST_MONTH = "2026-12"


@dataclass(frozen=True)
class ValidationJob:
    """What the user asked for. `later` holds official months that nothing was fitted to, by indicator, in percent."""

    scenario: Scenario
    only: tuple[str, ...] = ()
    later: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    #: Where the files of the published model lie, if it is to be reproduced.
    published: Path | None = None
    workers: int | None = None
    out: Path | None = None
    files: tuple[Path, ...] = ()
    command: tuple[str, ...] = ()


@dataclass(frozen=True)
class ValidationOutcome(JobOutcome[Life]):
    """What came of it: the table of checks, and what each experiment found, for figures.

    `unjudged` are checks whose experiment was not finished; what is asked for and finished are histories.
    """

    checks: tuple[Check, ...] = ()
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    evidence: Mapping[str, Any] = field(default_factory=dict)
    counted = "histories are finished"

    @property
    def unjudged(self) -> list[Check]:
        """Checks asked for that could not be judged."""
        return [check for check in self.checks if check.name not in self.verdicts]

    @property
    def not_asked(self) -> str:
        """What a whole validation leaves out for want of files, in a sentence; empty when parts were chosen."""
        asked = {check.name for check in self.checks}
        if not {check.name for check in CHECKS} <= asked or asked & {check.name for check in PUBLISHED_CHECKS}:
            return ""
        return "the published model was not reproduced: --published DIR names the folder of its files"

    @property
    def all_passed(self) -> bool:
        """Whether every check asked for was judged and met its target."""
        return not self.unjudged and all(verdict.passed for verdict in self.verdicts.values())

    @property
    def hopeless(self) -> bool:
        """Whether accounts that were broken leave no check to judge."""
        return not self.verdicts and any(lost.kind == "AccountingError" for lost in self.failures)

    @property
    def facts(self) -> dict[str, Any]:
        """How many checks were judged and passed."""
        passed = sum(verdict.passed for verdict in self.verdicts.values())
        return {"checks": len(self.verdicts), "passed": passed}

    @property
    def table(self) -> pd.DataFrame:
        """The rows of validation.csv."""
        import pandas as pd

        rows = [
            {
                "check": check.name,
                "target": check.target,
                "value": self.verdicts[check.name].value,
                "passed": self.verdicts[check.name].passed,
                "source": check.source,
                "asks": check.asks,
                "unit": check.unit,
                "kind": check.kind,
                "note": self.verdicts[check.name].note,
            }
            for check in self.checks
            if check.name in self.verdicts
        ]
        return pd.DataFrame(
            rows, columns=["check", "target", "value", "passed", "source", "asks", "unit", "kind", "note"]
        )


def run_validation(job: ValidationJob, progress: Progress) -> ValidationOutcome:
    """Live what the chosen checks need and judge them.

    Raises BadRequest, with nothing run, for an unknown check or a folder that cannot be used. An interrupt ends the
    living; checks whose experiment was finished are judged and written.
    """
    scenario, checks = job.scenario, tuple(choose(job.only, job.later, published=job.published is not None))
    manifest = describe_run({scenario.name: scenario}, job.files, job.command)
    path = job.out or new_run_folder("validation", scenario.digest)
    folder = RunFolder(path, [scenario.name]).claim(manifest, scenario.to_files())
    driver = _Driver(job, folder, checks, progress)
    outcome = ValidationOutcome(path, len(driver.living.lives), manifest=manifest, checks=checks)
    return run_job(folder, driver, outcome, progress)


class _Driver:
    """One driver's work: every experiment that a check needs is lived, on all workers at once."""

    def __init__(self, job: ValidationJob, folder: RunFolder, checks: tuple[Check, ...], progress: Progress) -> None:
        self.folder, self.checks, self.progress = folder, checks, progress
        self.workers = side_by_side(job.workers)
        self.last = max([LAST_MONTH, *(month for months in job.later.values() for month in months)])
        plan = Plan(job.scenario, folder.path, self.last, job.published)
        self.needed = [known for known in EXPERIMENTS if any(check.experiment is known for check in checks)]
        self.living = Living([life for known in self.needed for life in known.lives(plan)], self._keep)

    def compute(self) -> None:
        """Live them."""
        number = len(self.living.lives)
        workers = min(self.workers, max(1, number))
        asks = "; ".join(known.asks for known in self.needed)
        self.progress.say(f"{len(self.checks)} checks on {number} simulated histories, {workers} workers: {asks}")
        compile_ahead(self.progress.say)
        self.progress.begin(number, month_index(self.last) + 1, "histories")
        self.living.run(workers, self.progress)

    def _keep(self, life: Life, record: Record) -> None:
        """Write the ensemble's histories to the run folder; the same command given again finds its table."""
        if life.experiment == ENSEMBLE.name:
            replication = Replication(life.scenario, life.arm, life.number)
            if not self.folder.has(replication):
                self.folder.keep(replication, record)

    def assemble(self) -> None:
        """The monthly table of the ensemble."""
        self.folder.assemble()

    def answer(self, outcome: ValidationOutcome) -> ValidationOutcome:
        """Judge every check whose experiment is finished."""
        evidence = self.living.evidence()
        verdicts = {
            check.name: check.judge(evidence[check.experiment.name])
            for check in self.checks
            if check.experiment.name in evidence
        }
        return replace(
            outcome, finished=self.living.finished, failures=self.living.failures, evidence=evidence, verdicts=verdicts
        )

    def write(self, outcome: ValidationOutcome) -> None:
        """The tables of what was judged."""
        if outcome.verdicts or outcome.whole:
            self.folder.write_frame("validation.csv", outcome.table)
        limits: Limits | None = outcome.evidence.get(LIMITS.name)
        if limits is not None:
            self.folder.write_frame("limits.csv", limits.table)
        reproduced: Reproduction | None = outcome.evidence.get(PUBLISHED.name)
        if reproduced is not None:
            self.folder.write_frame("published_model.csv", reproduced.mean_field)
            self.folder.write_frame("published_model_agents.csv", reproduced.agents)
