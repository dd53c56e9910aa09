"""A demand cycle: what unemployment, vacancies and job finding do while demand rises and falls.

Each replication is lived twice, without and with the wave; season, history and luck are in both and cancel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.validation.demand_path import move_demand, wave
from experiments.validation.evidence import Ensemble, Experiment, Floats, Life, Lives, Plan, paired, records_of, until
from model.schedule import month_label

if TYPE_CHECKING:
    from experiments.engine.ensemble import Record

NAME = "demand cycle"
STILL, MOVED = "still", "moved"
#: A wave of eight years that moves target jobs by 2 % either way: unemployment goes up and down by about a point.
DEPTH, MONTHS = 0.02, 96
#: The first wave brings the market into its swing; the second is looked at.
WAVES = 2
#: Replications relative to the ensemble's.
SHARE = 0.3


@dataclass(frozen=True)
class DemandCycle:
    """Both markets over the last wave."""

    still: Ensemble
    moved: Ensemble

    def swing(self, name: str) -> Floats:
        """The difference that the wave makes to an indicator, month by month."""
        return self.moved.mean(name)[-MONTHS:] - self.still.mean(name)[-MONTHS:]

    def log_swing(self, name: str) -> Floats:
        """The same in logs, so that slopes are elasticities."""
        return np.log(self.moved.mean(name)[-MONTHS:]) - np.log(self.still.mean(name)[-MONTHS:])

    def elasticity(self, of: str, on: str) -> float:
        """Per cent change of one indicator per per cent of another over the wave (least squares in logs)."""
        return float(np.polyfit(self.log_swing(on), self.log_swing(of), 1)[0])

    @property
    def loop_area(self) -> float:
        """Area of the loop of unemployment (across) and vacancies (up), points squared; counter-clockwise counts up."""
        return enclosed_area(100 * self.swing("unemployment_rate"), 100 * self.swing("vacancy_rate"))


def enclosed_area(across: Floats, up: Floats) -> float:
    """The signed area of a closed path, positive when it runs counter-clockwise."""
    return float(0.5 * np.sum(across * np.roll(up, -1) - np.roll(across, -1) * up))


def _lives(plan: Plan) -> list[Life]:
    scenario = until(plan, month_label(WAVES * MONTHS - 1))
    seeds = range(scenario.seed, scenario.seed + plan.replications(SHARE))
    return [Life(NAME, arm, scenario, seed) for seed in seeds for arm in (STILL, MOVED)]


def _live(life: Life) -> Record:
    from model.market import Market

    market = Market(life.scenario, life.seed)
    if life.arm == MOVED:
        move_demand(market, wave(DEPTH, MONTHS))
    while market.month < market.last_month:
        market.advance()
    return market.table()


def _gather(lives: Lives) -> DemandCycle:
    pairs = paired(lives, (STILL, MOVED))
    return DemandCycle(Ensemble.of(records_of(pairs, STILL)), Ensemble.of(records_of(pairs, MOVED)))


DEMAND_CYCLE = Experiment(NAME, "demand up and down by 2 % over eight years", _lives, _live, _gather)
