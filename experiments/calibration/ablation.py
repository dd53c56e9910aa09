"""What each mechanism is worth to the fit: switched off, with everything else fitted anew.

The same table as for the fit itself: errors by group, on a surface learnt from runs without the mechanism.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from experiments.calibration.campaign import Plan, first_wave
from experiments.calibration.emulator import learn
from experiments.calibration.free_parameters import Space
from experiments.calibration.posterior import Problem, best_point
from experiments.calibration.scores import Score, score
from experiments.calibration.simulations import Laboratory
from experiments.calibration.targets import Targets
from model.parameters import Value
from model.scenario.scenario import Scenario
from model.schedule import FrozenMapping


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One mechanism and what switches it off, values by path; they may lie outside the plausible range."""

    words: str
    off: Mapping[str, Value]


#: Nothing switched off comes first: what the others are compared with.
MECHANISMS = (
    Mechanism("nothing (all mechanisms on)", {}),
    Mechanism("separations of the young", {"parameters.young_separation_multiplier": 1.0}),
    Mechanism("separations before and after Spring Festival", {"parameters.festival_separations": 0.0}),
    Mechanism("posts that replace whom the festival took", {"parameters.festival_replacement": 0.0}),
    Mechanism("falling churn", {"parameters.churn_power": 0.0}),
    Mechanism("growth of output", {"parameters.growth_elasticity": 0.0}),
    Mechanism("losses of property and wealth", {"parameters.losses_not_reemployed": 0.0}),
    Mechanism("offers on campus", {"parameters.campus_offers": 0.0}),
    Mechanism("waiting for exams", {"parameters.exam_queue_share": 0.0}),
    Mechanism("dated entry of graduates (all in August)",
              {"parameters.market_by_july": 0.0, "parameters.market_in_september": 0.0}),
    Mechanism("jobs that follow the labour force", {"parameters.demand_elasticity": 0.0}),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ablation:
    """The fit without a mechanism."""

    words: str
    scores: tuple[Score, ...]
    loss: float


def switched_off(base: Scenario, off: Mapping[str, Value]) -> Scenario:
    """A scenario without a mechanism. Values are not checked: off may lie outside what is plausible."""
    return replace(base, values=FrozenMapping({**base.values, **off}))


def ablate(
    space: Space,
    targets: Targets,
    laboratory_without: Callable[[Mapping[str, Value]], Laboratory],
    plan: Plan,
    mechanisms: Sequence[Mechanism] = MECHANISMS,
) -> list[Ablation]:
    """Fit without each mechanism; `laboratory_without` opens the agents with values put in."""
    found = []
    for mechanism in mechanisms:
        laboratory = laboratory_without(mechanism.off)
        laboratory.progress.say(f"without: {mechanism.words}")
        rest = Space([parameter for parameter in space.free if parameter.path not in mechanism.off])
        emulator = learn(*first_wave(rest, targets, laboratory, plan), targets.positive, targets.group)
        problem = Problem.of(rest, emulator, targets)
        best = best_point(problem)
        found.append(Ablation(mechanism.words, tuple(score(targets, emulator(best.box))), best.loss))
    return found
