"""What the data can tell and what not: parameters that are known found again, and combinations that stay open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.calibration.campaign import Calibration
from experiments.calibration.emulator import Emulator
from experiments.calibration.free_parameters import FreeParameter, Space
from experiments.calibration.posterior import Problem, best_point, sample
from experiments.calibration.simulations import Laboratory, Run
from experiments.calibration.targets import Targets

Floats = NDArray[np.float64]
LEVEL = 0.80
DRAWS = 400
#: Steps of the chains in each world: of two hundred posteriors none has to be known to the second figure.
STEPS = 450
#: A combination whose variance the data leave above this share of the prior's is not identified.
OPEN = 0.5
#: A parameter takes part in a combination with at least this weight.
TAKES_PART = 0.35
FIRST_SEED = 2_000_001


@dataclass(frozen=True)
class Recovery:
    """True and recovered values [trial, parameter that the fit moves], with the stated intervals."""

    space: Space
    true: Floats
    recovered: Floats
    low: Floats
    high: Floats
    #: The share of the posterior's draws below the true value: even from 0 to 1 where the posterior is right.
    ranks: Floats

    @classmethod
    def of(cls, space: Space, values: Floats, draws: Floats) -> Recovery:
        """What draws [world, draw, parameter] of the posteriors say of the true values."""
        low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=1)
        ranks = (draws < values[:, None]).mean(axis=1)
        moved = list(space.moved)
        return cls(space, *(one[:, moved] for one in (values, draws.mean(axis=1), low, high, ranks)))

    @property
    def moved(self) -> list[FreeParameter]:
        """The parameters found again: those that are held nobody looks for."""
        return [self.space.free[place] for place in self.space.moved]

    @property
    def rank_correlation(self) -> Floats:
        """Spearman's correlation of true and recovered values, by parameter."""
        from scipy.stats import spearmanr  # type: ignore[import-untyped]

        return np.array([spearmanr(a, b).statistic for a, b in zip(self.true.T, self.recovered.T, strict=True)])

    @property
    def coverage(self) -> Floats:
        """How often the stated interval held the true value, by parameter."""
        inside = (self.true >= self.low) & (self.true <= self.high)
        return np.asarray(inside.mean(axis=0), np.float64)

    @property
    def relative_error(self) -> Floats:
        """Root mean square error over the spread of the true values: 1 says that nothing was learnt."""
        error = np.sqrt(np.mean((self.recovered - self.true) ** 2, axis=0))
        relative: Floats = error / self.true.std(axis=0)
        return relative


def recover(found: Calibration, laboratory: Laboratory, trials: int, population: int) -> Recovery:
    """Draw parameters, let the agents make data from them with the errors the fit allows for, and fit those data."""
    laboratory.progress.say(f"{trials} worlds with known parameters")
    values = found.space.to_values(found.space.draw_prior(np.random.default_rng(7), trials))
    runs = [Run.of(found.space.settings(row), population, FIRST_SEED + k) for k, row in enumerate(values)]
    good, answers = laboratory.answers(runs, found.targets)
    data = with_errors(found.targets, answers)
    return found_again(found.space, found.targets, found.wide, values[good], data, found.problem.rows)


def found_again(
    space: Space, targets: Targets, wide: Emulator, values: Floats, seen: Floats, rows: NDArray[np.int64]
) -> Recovery:
    """Fit what was seen of worlds with known values.

    Parameters come from the prior, so the surface of the first wave is asked, which covers it. Each fit sees residuals
    with the stated size and memory, as the official months may have them, and knows that a run of the design's size
    differs from the surface by its luck and by what a quadratic cannot follow.
    """
    covariance = targets.covariance + wide.run_covariance
    problems = [Problem.holding(space, wide, data, covariance, rows) for data in seen]
    draws = [space.to_values(sample(each, best_point(each), DRAWS, steps=STEPS)) for each in problems]
    return Recovery.of(space, values, np.array(draws))


def with_errors(targets: Targets, answers: Floats, seed: int = 8) -> Floats:
    """The answers with errors as the official months may have them, drawn anew for each."""
    rng = np.random.default_rng(seed)
    return answers + rng.standard_normal(answers.shape) @ np.linalg.cholesky(targets.covariance).T


@dataclass(frozen=True, slots=True)
class Combination:
    """A direction in the space of parameters: what the data leave of the prior's variance, and who takes part."""

    left: float
    loadings: dict[str, float]

    @property
    def weights(self) -> list[tuple[str, float]]:
        """Who takes part, the heaviest first."""
        order = sorted(self.loadings.items(), key=lambda part: -abs(part[1]))
        return [(name, weight) for name, weight in order if abs(weight) >= TAKES_PART]


def combinations(found: Calibration) -> list[Combination]:
    """All directions of what the fit moves, from the least known to the best known.

    They are the eigenvectors of the posterior covariance in units of the prior's spread.
    """
    moved = list(found.space.moved)
    prior = found.space.draw_prior(np.random.default_rng(0), 4000).std(axis=0)
    draws = (sample(found.problem, found.best, 4000, seed=3) / prior)[:, moved]
    shares, directions = np.linalg.eigh(np.cov(draws.T))
    names = [found.space.names[place] for place in moved]
    return [
        Combination(float(share), dict(zip(names, map(float, direction), strict=True)))
        for share, direction in zip(shares[::-1], directions.T[::-1], strict=True)
    ]


def cannot_tell(directions: list[Combination]) -> list[str]:
    """Plain sentences about what stays open."""
    sentences = []
    for one in directions:
        if one.left < OPEN:
            break
        share = f"{min(one.left, 1):.0%} of the prior's variance is left"
        if len(one.weights) == 1:
            sentences.append(f"{one.weights[0][0]}: the data say little ({share}).")
        elif one.weights:
            sign = one.weights[0][1]
            parts = ", ".join(f"{name} {'up' if weight * sign > 0 else 'down'}" for name, weight in one.weights)
            sentences.append(
                f"The data cannot tell apart {parts}: moved together they leave the fit as it is ({share})."
            )
    return sentences
