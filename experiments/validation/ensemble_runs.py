"""The scenario itself, many times over: what the official months, property and shares of GDP are compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.validation.evidence import Ensemble, Experiment, Life, Lives, Plan, records_of, until

if TYPE_CHECKING:
    from experiments.engine.ensemble import Record

NAME = "ensemble"


def _lives(plan: Plan) -> list[Life]:
    scenario = until(plan, plan.last_month)
    return [Life(NAME, scenario.name, scenario, scenario.seed + k) for k in range(plan.replications())]


def _live(life: Life) -> Record:
    from model.market import simulate

    return simulate(life.scenario, life.seed)


def _gather(lives: Lives) -> Ensemble:
    return Ensemble.of(records_of(lives, lives[0][0].arm))


ENSEMBLE = Experiment(NAME, "the scenario as it is", _lives, _live, _gather)
