"""`run.py validate`: live the experiments, judge the checks, write the tables. Figures and page are made elsewhere."""

from __future__ import annotations

import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.compare.job import side_by_side
from experiments.engine.compile_ahead import compile_ahead
from experiments.engine.ensemble import Replication
from experiments.engine.executors import Failure
from experiments.engine.interrupts import held_back
from experiments.engine.manifest import describe_run
from experiments.engine.progress import Progress
from experiments.engine.run_folder import RunFolder, new_run_folder
from experiments.validation.catalogue import CHECKS, EXPERIMENTS, choose
from experiments.validation.checks import Check, Verdict
from experiments.validation.ensemble_runs import ENSEMBLE
from experiments.validation.evidence import Life, Plan
from experiments.validation.forecasts import score_table, scores
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
class ValidationOutcome:
    """What came of it: the table of checks, the forecasts, and what each experiment found, for figures.

    `unjudged` are checks whose experiment was not finished.
    """

    folder: Path
    manifest: dict[str, Any]
    checks: tuple[Check, ...] = ()
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    evidence: Mapping[str, Any] = field(default_factory=dict)
    forecasts: pd.DataFrame | None = None
    failures: tuple[Failure[Life], ...] = ()
    interrupted: bool = False

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
    def status(self) -> int:
        """The exit status: 0 done, 3 accounting broke and nothing is left, 4 some lives failed, 130 interrupted."""
        if self.interrupted:
            return 130
        if not self.failures:
            return 0
        return 3 if not self.verdicts and any(lost.kind == "AccountingError" for lost in self.failures) else 4

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
    clock = time.monotonic()
    checks = tuple(choose(job.only, job.later, published=job.published is not None))
    manifest = describe_run({job.scenario.name: job.scenario}, job.files, job.command)
    default = new_run_folder("validation", job.scenario.digest)
    texts = job.scenario.to_files()
    folder = RunFolder.claim(job.out, default, [job.scenario.name], manifest, texts)
    outcome = ValidationOutcome(folder.path, manifest, checks)
    try:
        outcome = _live(job, folder, outcome, progress)
    finally:
        progress.end()
    with held_back(signal.SIGINT, signal.SIGTERM):
        outcome = _judge(outcome)
        _write(folder, outcome, time.monotonic() - clock)
    return outcome


def _live(job: ValidationJob, folder: RunFolder, outcome: ValidationOutcome, progress: Progress) -> ValidationOutcome:
    """Live every experiment that a check needs, on all workers at once."""
    last = max([LAST_MONTH, *(month for months in job.later.values() for month in months)])
    plan = Plan(job.scenario, folder.path, last, job.published)
    needed = [known for known in EXPERIMENTS if any(check.experiment is known for check in outcome.checks)]
    living = Living(
        [life for known in needed for life in known.lives(plan)], lambda life, record: _keep(folder, life, record)
    )
    workers = min(side_by_side(job.workers), max(1, len(living.lives)))
    progress.say(
        f"{len(outcome.checks)} checks on {len(living.lives)} simulated histories, {workers} workers: "
        + "; ".join(known.asks for known in needed)
    )
    compile_ahead(progress.say)
    progress.begin(len(living.lives), month_index(last) + 1, "histories")
    living.run(workers, progress)
    failures, interrupted = tuple(living.failures), living.interrupted
    return replace(outcome, evidence=living.evidence(), failures=failures, interrupted=interrupted)


def _keep(folder: RunFolder, life: Life, record: Record) -> None:
    """Write the ensemble's histories to the run folder; the same command given again finds its table."""
    if life.experiment == ENSEMBLE.name:
        replication = Replication(life.scenario, life.arm, life.seed - life.scenario.seed + 1)
        if not folder.has(replication):
            folder.keep(replication, record)


def _judge(outcome: ValidationOutcome) -> ValidationOutcome:
    verdicts = {
        check.name: check.judge(outcome.evidence[check.experiment.name])
        for check in outcome.checks
        if check.experiment.name in outcome.evidence
    }
    ensemble = outcome.evidence.get(ENSEMBLE.name)
    forecasts = score_table(scores()) if ensemble is not None else None
    return replace(outcome, verdicts=verdicts, forecasts=forecasts)


def _write(folder: RunFolder, outcome: ValidationOutcome, seconds: float) -> None:
    folder.assemble()
    if not outcome.verdicts and outcome.interrupted:
        folder.discard_if_new()
        return
    folder.write_frame("validation.csv", outcome.table)
    if outcome.forecasts is not None:
        folder.write_frame("forecasts.csv", outcome.forecasts)
    limits: Limits | None = outcome.evidence.get(LIMITS.name)
    if limits is not None:
        folder.write_frame("limits.csv", limits.table)
    reproduced: Reproduction | None = outcome.evidence.get(PUBLISHED.name)
    if reproduced is not None:
        folder.write_frame("published_model.csv", reproduced.mean_field)
        folder.write_frame("published_model_agents.csv", reproduced.agents)
    state = "interrupted" if outcome.interrupted else "incomplete" if outcome.failures else "finished"
    passed = sum(verdict.passed for verdict in outcome.verdicts.values())
    facts = {"status": state, "checks": len(outcome.verdicts), "passed": passed, "wall_seconds": round(seconds, 3)}
    folder.write_manifest(outcome.manifest | facts)
