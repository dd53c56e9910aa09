"""A calibration from the first run to the confirmed fit.

Wave one spreads runs over all that was believed possible and learns a surface; later waves spread as many over what
the one before has not ruled out, where a quadratic is nearly exact; large runs at the best point then measure what
is left between surface and agents, and the fit is made once more with that taken into account.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc  # type: ignore[import-untyped]

from experiments.calibration.emulator import Emulator, learn
from experiments.calibration.free_parameters import Space
from experiments.calibration.posterior import Best, Problem, best_point, sample
from experiments.calibration.simulations import Laboratory, Run
from experiments.calibration.targets import FACT_GROUP, Targets

Floats = NDArray[np.float64]
#: Later waves cover posteriors that are this much flatter than the fitted one, by number of waves.
TEMPERATURES: dict[int, tuple[float, ...]] = {1: (), 2: (4.0,), 3: (6.0, 2.0)}
#: Wave one covers a prior whose standard deviations are this much larger.
WIDENING = 1.5
#: First seeds of the runs that carry the surface over, and of those that confirm; the design's count from 1.
BRIDGE_SEED, CONFIRMING_SEED = 1_000_001, 1_001_001


@dataclass(frozen=True)
class Plan:
    """How much is computed: runs and simulated persons of each wave of the design and of the confirmation."""

    design: int = 1500
    waves: int = 3
    population: int = 200_000
    confirming_runs: int = 12
    confirming_population: int = 1_000_000
    #: How often the surface is carried over to large runs at the best point, which then moves.
    bridges: int = 3
    #: Large runs for each side of a comparison that shares its luck.
    comparing_runs: int = 4
    draws: int = 40
    #: Runs of the design without each mechanism.
    ablation: int = 256

    @property
    def temperatures(self) -> tuple[float, ...]:
        """How much flatter than the posterior each later wave is spread."""
        return TEMPERATURES[self.waves]

    def persons(self) -> float:
        """Simulated lives in all."""
        large = (2 + self.bridges) * self.confirming_runs + 4 * self.comparing_runs
        return self.waves * self.design * self.population + large * self.confirming_population


QUICK = Plan(
    design=150,
    waves=1,
    bridges=1,
    population=20_000,
    confirming_runs=2,
    comparing_runs=2,
    confirming_population=20_000,
    draws=10,
    ablation=60,
)


@dataclass(frozen=True)
class Calibration:
    """What a campaign found."""

    space: Space
    targets: Targets
    emulator: Emulator
    #: The surface of the first wave, which holds wherever the prior believes.
    wide: Emulator
    problem: Problem
    best: Best
    draws: Floats
    #: The last wave covers a posterior this much flatter: there the surface may be trusted.
    trusted: float
    #: Targets at the best point: by the surface, and by large runs of the agents (mean and its standard error).
    emulated: Floats
    confirmed: Floats
    confirmed_error: Floats
    runs: int

    @property
    def best_values(self) -> Floats:
        """The best values of the parameters."""
        return self.space.to_values(self.best.box)

    @property
    def settings(self) -> Mapping[str, float]:
        """The best values by path."""
        return self.space.settings(self.best_values)

    def agreement(self, group: str) -> float:
        """Root mean square of surface less agents over a group, in points."""
        rows = self.targets.rows(group)
        return float(np.sqrt(np.mean((self.emulated[rows] - self.confirmed[rows]) ** 2)))


def calibrate(
    space: Space, targets: Targets, laboratory: Laboratory, plan: Plan, large: Laboratory | None = None
) -> Calibration:
    """Run the campaign; runs that are on disk already are not computed again.

    The design runs in `laboratory`; large runs in `large` when it is given.
    """
    large = large or laboratory
    box, answers = first_wave(space, targets, laboratory, plan)
    emulator = wide = learn(box, answers, targets.positive, targets.group)
    problem = Problem.of(space, emulator, targets)
    best = best_point(problem)
    for wave in range(1, plan.waves):
        box, answers = _next_wave(problem, targets, best, (box, answers), laboratory, plan, wave)
        emulator = learn(box, answers, targets.positive, targets.group)
        problem = Problem.of(space, emulator, targets)
        best = best_point(problem)
    learnt = emulator.error_sd
    for crossing in range(plan.bridges):
        emulator = _bridge(problem, targets, best, large, plan, crossing, learnt)
        problem = Problem.of(space, emulator, targets)
        best = best_point(problem)
    laboratory.progress.say("confirming the fit with large runs")
    confirmed, error = large_runs(space, targets, best.box, large, plan)
    draws = sample(problem, best, plan.draws)
    return Calibration(
        space, targets, emulator, wide, problem, best, draws, min(plan.temperatures, default=1.0),
        emulator(best.box), confirmed, error,
        plan.waves * plan.design + (1 + plan.bridges) * plan.confirming_runs,
    )  # fmt: skip


def first_wave(space: Space, targets: Targets, laboratory: Laboratory, plan: Plan) -> tuple[Floats, Floats]:
    """Runs spread evenly over a widened prior (a scrambled Sobol sequence): points and answers."""
    laboratory.progress.say(f"wave 1: {plan.design} runs over all that was believed possible")
    return _answers(space, targets, laboratory, plan, space.from_prior(first_shares(space, plan), WIDENING), 1)


def first_shares(space: Space, plan: Plan) -> Floats:
    """The quantiles of the widened prior at which the first wave runs."""
    with warnings.catch_warnings():
        # Sobol points are balanced best in powers of two; any number will do here.
        warnings.simplefilter("ignore", UserWarning)
        shares: Floats = qmc.Sobol(len(space), rng=1).random(plan.design)
    return shares


def design_runs(space: Space, plan: Plan, box: Floats, first_seed: int) -> list[Run]:
    """The runs of the design at points of the box, seeds counted up."""
    return [
        Run.of(space.settings(values), plan.population, first_seed + number)
        for number, values in enumerate(space.to_values(box))
    ]


def _answers(
    space: Space, targets: Targets, laboratory: Laboratory, plan: Plan, box: Floats, first_seed: int
) -> tuple[Floats, Floats]:
    runs = design_runs(space, plan, box, first_seed)
    points = np.array([space.to_box(space.values(dict(run.settings))) for run in runs])
    good, answers = laboratory.answers(runs, targets)
    return points[good], answers


def _next_wave(
    problem: Problem, targets: Targets, best: Best, before: tuple[Floats, Floats], laboratory: Laboratory, plan: Plan,
    wave: int,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Runs over what is not ruled out, together with the earlier ones that lie there too."""
    laboratory.progress.say(f"wave {wave + 1}: {plan.design} runs over what fits about equally well")
    points = sample(problem, best, plan.design, seed=wave, temperature=plan.temperatures[wave - 1])
    box, answers = _answers(problem.space, targets, laboratory, plan, points, 1 + wave * plan.design)
    near = problem.loss_at(before[0]) <= np.quantile(problem.loss_at(points), 0.99)
    return np.vstack([box, before[0][near]]), np.vstack([answers, before[1][near]])


def _bridge(
    problem: Problem, targets: Targets, best: Best, laboratory: Laboratory, plan: Plan, crossing: int, learnt: Floats
) -> Emulator:
    """The surface moved by what large runs at the best point differ from it.

    Small runs meet in thin markets, so that their unemployment is a little off; and a surface is only nearly exact. A
    group moves as a whole; its single months move as far as their differences exceed the luck of the large runs. The
    best point moves with the surface, so the bridge is crossed more than once. `learnt` is what the surface was
    uncertain by before.
    """
    laboratory.progress.say(f"{plan.confirming_runs} large runs at the best point, to carry the surface over to them")
    seed = BRIDGE_SEED + crossing * plan.confirming_runs
    large, luck = large_runs(problem.space, targets, best.box, laboratory, plan, seed)
    difference = large - problem.emulator(best.box)
    offset = np.zeros(len(targets))
    for group in targets.groups:
        rows = targets.rows(group)
        common = 0.0 if group == FACT_GROUP else difference[rows].mean()
        own, noise = difference[rows] - common, np.mean(luck[rows] ** 2)
        offset[rows] = common + own * max(0.0, 1 - noise / max(np.mean(own**2), 1e-12))
    return problem.emulator.shifted(offset, np.hypot(learnt, luck))


def large_runs(
    space: Space, targets: Targets, box: Floats, laboratory: Laboratory, plan: Plan, first_seed: int = CONFIRMING_SEED
) -> tuple[Floats, Floats]:
    """Mean and standard error of large runs at one point."""
    settings = space.settings(space.to_values(box))
    runs = [Run.of(settings, plan.confirming_population, first_seed + k) for k in range(plan.confirming_runs)]
    _, found = laboratory.answers(runs, targets)
    return found.mean(axis=0), found.std(axis=0, ddof=1) / np.sqrt(len(found))
