"""`run.py calibrate`: the campaign on the market itself, and the files it leaves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from experiments.calibration.campaign import QUICK, Calibration, Plan, calibrate
from experiments.calibration.free_parameters import Space, free_parameters
from experiments.calibration.provenance import ROOT, data_hash, engine_hash
from experiments.calibration.simulations import Laboratory, Market, Store
from experiments.calibration.targets import LAST_MONTH, official_targets
from experiments.calibration_options import CalibrationOrder
from experiments.main_job import available_cores
from experiments.options import BASELINE
from experiments.progress import Progress, in_words
from model.scenario import Scenario, load_scenario

#: Where runs are kept when no folder is named: the same command finds them again.
DEFAULT_FOLDER = ROOT / "runs" / "calibration"
#: Processor seconds that one simulated life from the burn-in to 2025-06 takes; declared, not measured here.
SECONDS_PER_LIFE = 5.0e-6


@dataclass(frozen=True)
class Outcome:
    """A finished calibration and what it cost."""

    calibration: Calibration
    folder: Path
    core_hours: float
    computed: int


def market_until_last_month() -> Scenario:
    """The baseline as far as it may be compared: to the last month that is fitted."""
    return load_scenario(BASELINE, overrides={"end": LAST_MONTH})


def open_laboratory(folder: Path, workers: int, progress: Progress) -> Laboratory:
    """The agents, with a folder for their runs."""
    base = market_until_last_month()
    fingerprint = _joined(engine_hash(), data_hash(), base.digest)
    return Laboratory(Market(base), Store(folder / "simulations", fingerprint), workers, progress)


def _joined(*hashes: str) -> str:
    import hashlib

    return hashlib.sha256("".join(hashes).encode()).hexdigest()


def run_calibration(order: CalibrationOrder, progress: Progress) -> Outcome:
    """Fit the declared free parameters to the official months."""
    folder = order.out or DEFAULT_FOLDER
    plan = plan_of(order)
    workers = order.workers or available_cores()
    progress.say(announcement(plan, workers))
    laboratory = open_laboratory(folder, workers, progress)
    found = calibrate(Space(free_parameters()), official_targets(), laboratory, plan)
    return Outcome(found, folder, laboratory.core_seconds / 3600, laboratory.computed)


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
