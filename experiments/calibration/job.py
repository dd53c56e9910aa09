"""`run.py calibrate`: the campaign on the market itself, what is asked beside it, and the files it leaves."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.calibration.ablation import Ablation, ablate, switched_off
from experiments.calibration.campaign import QUICK, Calibration, Plan, calibrate, large_runs
from experiments.calibration.free_parameters import Space, free_parameters
from experiments.calibration.holdout import Held, hold_out
from experiments.calibration.identification import Combination, Recovery, combinations, recover
from experiments.calibration.options import CalibrationOrder
from experiments.calibration.parameter_file import adopt, file_content, write_file
from experiments.calibration.posterior import profile
from experiments.calibration.provenance import data_hash, engine_hash
from experiments.calibration.scores import Score, score
from experiments.calibration.simulations import Laboratory, Market, Run, Store
from experiments.calibration.tables import write_tables
from experiments.calibration.targets import KEPT, official_targets
from experiments.engine.compile_ahead import compile_ahead
from experiments.engine.executors import Failure
from experiments.engine.job import JobOutcome, run_job, side_by_side
from experiments.engine.job_folder import JobFolder
from experiments.engine.manifest import describe_run
from experiments.engine.options import BASELINE
from experiments.engine.progress import Progress, in_words
from experiments.official_months import LAST_SCORED
from model.country.china import CHINA
from model.parameters import Value
from model.scenario.fitted import fitted_values
from model.scenario.scenario import Scenario, load_scenario
from model.specification import in_force

Floats = NDArray[np.float64]
#: Processor seconds that one simulated life from the burn-in to 2026-02 takes; declared, not measured here.
SECONDS_PER_LIFE = 5.0e-6
OUTSIDE = "macro.outside_figures"
#: The design's agents meet more developers, so that the luck of a few does not blur the surface; means are the same.
STEADY = {"property.developers": 4000}


@dataclass
class Laboratories:
    """The agents with values put in, each with a folder of its own for finished runs; together they know the cost."""

    folder: Path
    workers: int
    progress: Progress
    base: Scenario
    data: str = field(default_factory=data_hash)
    engine: str = field(default_factory=engine_hash)
    opened: list[Laboratory] = field(default_factory=list)

    def having(self, values: Mapping[str, Value] | None = None) -> Laboratory:
        """The agents of the base scenario with these values, which may lie outside what is plausible."""
        base = switched_off(self.base, values or {})
        made_from = f"{self.engine}{self.data}{base.digest}{KEPT}"
        fingerprint = hashlib.sha256(made_from.encode()).hexdigest()
        store = Store(self.folder / "simulations", fingerprint)
        self.opened.append(Laboratory(Market(base), store, self.workers, self.progress))
        return self.opened[-1]

    @property
    def core_hours(self) -> float:
        """Processor hours of all runs asked for so far, those found on disk included."""
        costs = {(laboratory.store.folder, name): cost for laboratory in self.opened
                 for name, cost in laboratory.costs.items()}  # fmt: skip
        return sum(costs.values()) / 3600

    @property
    def finished(self) -> int:
        """Runs asked for so far that gave an answer."""
        return len({(laboratory.store.folder, name) for laboratory in self.opened for name in laboratory.costs})

    @property
    def failures(self) -> list[Failure[Run]]:
        """Runs that gave none."""
        return [failure for laboratory in self.opened for failure in laboratory.failures]

    @property
    def computed(self) -> int:
        """Runs computed so far."""
        return sum(laboratory.computed for laboratory in self.opened)


@dataclass
class Outcome:
    """Everything a calibration found, for tables and figures."""

    calibration: Calibration
    folder: Path
    held: list[Held]
    profiles: dict[str, tuple[Floats, Floats]]
    directions: list[Combination]
    #: Scores of agents that are told only what was known in the last fitted month.
    frozen: list[Score]
    recovery: Recovery | None = None
    ablations: list[Ablation] = field(default_factory=list)
    core_hours: float = 0.0
    computed: int = 0
    content: dict[str, Any] = field(default_factory=dict)
    adopted: Path | None = None


def unfitted_baseline() -> Scenario:
    """The baseline up to the last month that is fitted, without the values of any earlier fit."""
    before = {one.path: one.default for one in in_force().declared if one.path in fitted_values(CHINA)}
    return load_scenario(BASELINE, overrides={"end": LAST_SCORED, **before})


class CalibrationFolder(JobFolder):
    """Runs of any plan and any engine, each found again by what it was made from, and the results of the last."""

    what, pieces = "calibration", "simulations"

    def failure_head(self) -> list[str]:
        """Which run, and why."""
        return ["run", "population", "seed", "error", "message"]

    def failure_row(self, failure: Failure[Run]) -> list[Any]:
        """One run that gave no result."""
        run = failure.task
        return [run.name, run.population, run.seed, failure.kind, failure.message]


@dataclass(frozen=True)
class CalibrationOutcome(JobOutcome[Run]):
    """What came of a calibration."""

    found: Outcome | None = None

    def kept(self, folder: str) -> str:
        """What is kept; how many runs were still to come nobody knows."""
        return f"finished runs are kept in {folder}; the same command goes on from there"


def run_calibration(order: CalibrationOrder, progress: Progress) -> CalibrationOutcome:
    """Fit the declared free parameters to the official months; raises BadRequest when the folder cannot be used."""
    base = unfitted_baseline()
    manifest = describe_run({base.name: base}, [BASELINE], order.command)
    folder = CalibrationFolder(order.folder).claim(manifest, {})
    driver = _Driver(order, Laboratories(order.folder, side_by_side(order.workers), progress, base))
    return run_job(folder, driver, CalibrationOutcome(order.folder, manifest=manifest), progress)


class _Driver:
    """The campaign, what is asked beside it, and the files."""

    def __init__(self, order: CalibrationOrder, laboratories: Laboratories) -> None:
        self.order, self.laboratories, self.plan = order, laboratories, plan_of(order)
        self.found: Outcome | None = None

    def compute(self) -> None:
        """Fit, and ask how well the parameters are known."""
        order, plan, laboratories = self.order, self.plan, self.laboratories
        compile_ahead(laboratories.progress.say)
        laboratories.progress.say(announcement(plan, laboratories.workers))
        space, targets = Space(free_parameters()), official_targets()
        found = calibrate(space, targets, laboratories.having(STEADY), plan, laboratories.having())
        outcome = Outcome(
            found, laboratories.folder, _hold_out(found, laboratories, plan),
            {space.names[place]: profile(found.problem, found.best, place) for place in space.moved},
            combinations(found), _frozen(found, laboratories, plan),
        )  # fmt: skip
        if order.recover:
            outcome.recovery = recover(found, laboratories.having(), order.recover, plan.population)
        if order.ablate:
            outcome.ablations = ablate(
                space, targets, lambda off: laboratories.having({**STEADY, **off}), replace(plan, design=plan.ablation)
            )
        self.found = outcome

    def assemble(self) -> None:
        """The file of fitted values, as it will be written."""
        if self.found is not None:
            laboratories = self.laboratories
            self.found.core_hours, self.found.computed = laboratories.core_hours, laboratories.computed
            hashes = {"data_sha256": laboratories.data, "engine_sha256": laboratories.engine}
            self.found.content = file_content(self.found.calibration, self.plan, laboratories.core_hours, hashes)

    def answer(self, outcome: CalibrationOutcome) -> CalibrationOutcome:
        """The fit, and what became of the runs."""
        finished, failures = self.laboratories.finished, self.laboratories.failures
        return replace(outcome, asked=finished + len(failures), finished=finished, failures=failures, found=self.found)

    def write(self, outcome: CalibrationOutcome) -> None:
        """The fitted values and the tables."""
        if outcome.found is not None:
            write_file(outcome.folder / CHINA.fitted_file.name, outcome.found.content)
            write_tables(outcome.found, outcome.folder)
            if self.order.adopt:
                outcome.found.adopted = adopt(outcome.found.content)


def _told(laboratories: Laboratories, month: str) -> Laboratory:
    """The agents when they are told only what was known by a month."""
    return laboratories.having({OUTSIDE: f"known_{month.replace('-', '_')}"})


def _hold_out(found: Calibration, laboratories: Laboratories, plan: Plan) -> list[Held]:
    """The months held back, each refit also judged with drivers as they were known then."""

    def told_less(box: Floats, last_seen: str) -> Floats:
        space, targets, fewer = found.space, found.targets, replace(plan, confirming_runs=plan.comparing_runs)
        less, _ = large_runs(space, targets, box, _told(laboratories, last_seen), fewer)
        all_known, _ = large_runs(space, targets, box, laboratories.having(), fewer)
        difference: Floats = less - all_known
        return difference

    laboratories.progress.say("months held back")
    return hold_out(found, told_less)


def _frozen(found: Calibration, laboratories: Laboratories, plan: Plan) -> list[Score]:
    laboratory = _told(laboratories, LAST_SCORED)
    laboratory.progress.say(f"large runs that are told only what was known in {LAST_SCORED}")
    answer, _ = large_runs(found.space, found.targets, found.best.box, laboratory, plan)
    return score(found.targets, answer)


def plan_of(order: CalibrationOrder) -> Plan:
    """How much is to be computed: the full plan or the quick one, with what was asked for put in."""
    plan = QUICK if order.quick else Plan()
    asked = {
        "design": order.design,
        "waves": order.waves,
        "population": order.population,
        "confirming_runs": order.replications,
    }
    return replace(plan, **{name: value for name, value in asked.items() if value is not None})


def announcement(plan: Plan, workers: int) -> str:
    """What is about to be computed and about how long it will take."""
    seconds = plan.persons() * SECONDS_PER_LIFE
    runs = f"{plan.waves * plan.design} runs of {plan.population:,} people"
    return f"{runs}: about {seconds / 3600:.2f} core-hours, {in_words(seconds / workers)} with {workers} workers"
