"""The fit itself, on the emulator: best point, posterior, profiles, and forecasts that know their residuals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, solve_triangular  # type: ignore[import-untyped]
from scipy.optimize import least_squares  # type: ignore[import-untyped]

from experiments.calibration.emulator import Emulator
from experiments.calibration.free_parameters import Space
from experiments.calibration.targets import Targets

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
STARTS = 6
#: Chains side by side, and steps of each, a third of them to settle.
CHAINS, STEPS = 100, 1500


@dataclass(frozen=True)
class Problem:
    """What is to be explained by what: values with their covariance, the surface, and the prior.

    `rows` are the targets that the fit may see. `fixed` holds box coordinates of parameters that are not free, one for
    all points or one for each.
    """

    space: Space
    emulator: Emulator
    values: Floats
    covariance: Floats
    rows: Rows
    fixed: Mapping[int, float | Floats] = field(default_factory=dict)

    @classmethod
    def of(cls, space: Space, emulator: Emulator, targets: Targets, rows: Rows | None = None) -> Problem:
        """The problem of the official targets; what the surface itself is uncertain by widens their covariance."""
        seen = np.arange(len(targets)) if rows is None else rows
        covariance = targets.covariance + emulator.error_covariance
        return cls.holding(space, emulator, targets.official, covariance, seen)

    @classmethod
    def holding(cls, space: Space, emulator: Emulator, values: Floats, covariance: Floats, rows: Rows) -> Problem:
        """The problem with what is held at its centre."""
        return cls(
            space, emulator, values, covariance, rows, {place: float(space.centre[place]) for place in space.held}
        )

    @cached_property
    def whitener(self) -> Floats:
        """The matrix that turns errors of the seen targets into independent ones of size 1."""
        lower = np.linalg.cholesky(self.covariance[np.ix_(self.rows, self.rows)])
        white: Floats = solve_triangular(lower, np.eye(len(lower)), lower=True)
        return white

    @cached_property
    def free(self) -> NDArray[np.int64]:
        """Places of the parameters that are free."""
        return np.array([place for place in range(len(self.space)) if place not in self.fixed])

    def whole(self, free: Floats) -> Floats:
        """Points with the fixed coordinates put in."""
        points = np.atleast_2d(free)
        box = np.empty((len(points), len(self.space)))
        box[:, self.free] = points
        for place, value in self.fixed.items():
            box[:, place] = value
        return box

    def errors(self, free: Floats) -> Floats:
        """Independent errors of size 1 at points [point, free parameter]: of the targets, then of the prior."""
        return self._errors(self.whole(free))

    def _errors(self, box: Floats) -> Floats:
        data = (self.values[self.rows] - self.emulator(box)[:, self.rows]) @ self.whitener.T
        prior = (box - self.space.centre) * np.sqrt(self.space.precision)
        return np.hstack([data, prior])

    def slopes(self, free: Floats) -> Floats:
        """How the errors at one point change with each free parameter: [error, free parameter]."""
        data = -self.emulator.slopes(self.whole(free)[0])[:, self.rows] @ self.whitener.T
        return np.hstack([data, np.diag(np.sqrt(self.space.precision))])[self.free].T

    def loss(self, free: Floats) -> Floats:
        """Half the sum of squares at each point: minus the log posterior, but for a constant."""
        return self.loss_at(self.whole(free))

    def loss_at(self, box: Floats) -> Floats:
        """The same at whole points, wherever what is fixed lies."""
        squares: Floats = 0.5 * np.sum(self._errors(box) ** 2, axis=1)
        return squares


@dataclass(frozen=True)
class Best:
    """The most probable point."""

    box: Floats
    loss: float
    curvature: Floats


def best_point(problem: Problem, starts: int = STARTS, seed: int = 0) -> Best:
    """The most probable point, from several starts."""
    rng = np.random.default_rng(seed)
    origins = np.vstack([problem.space.centre, problem.space.draw_prior(rng, starts - 1)])[:, problem.free]
    found = [
        least_squares(lambda x: problem.errors(x)[0], np.clip(origin, -0.99, 0.99), problem.slopes, bounds=(-1, 1))
        for origin in origins
    ]
    best = min(found, key=lambda result: float(result.cost))
    return Best(problem.whole(best.x)[0], float(best.cost), best.jac.T @ best.jac)


def sample(
    problem: Problem, best: Best, count: int, seed: int = 0, temperature: float = 1.0, steps: int = STEPS
) -> Floats:
    """Points of the box as the posterior believes in them (`temperature` above 1 flattens it).

    Many Metropolis chains side by side on the emulator, started around the best point and stepping as its curvature
    says; points outside the box are refused. What is held is drawn from its prior, a value for each chain, and the
    others follow it: the months say nothing of it, and it widens what they say of the others.
    """
    rng = np.random.default_rng(seed)
    believed = problem.space.draw_prior(rng, CHAINS)
    problem = replace(problem, fixed={**problem.fixed, **{p: believed[:, p] for p in problem.space.held}})
    size = len(problem.free)
    covariance = np.linalg.inv(best.curvature / temperature + np.eye(size))
    lower = np.linalg.cholesky(covariance)
    here = np.clip(best.box[problem.free] + rng.standard_normal((CHAINS, size)) @ lower.T, -0.999, 0.999)
    loss = problem.loss(here) / temperature
    kept = []
    for step in range(steps):
        there = here + (2.0 / np.sqrt(size)) * rng.standard_normal((CHAINS, size)) @ lower.T
        inside = (np.abs(there) <= 1).all(axis=1)
        new = np.where(inside, problem.loss(np.clip(there, -1, 1)) / temperature, np.inf)
        moved = np.log(rng.random(CHAINS)) < loss - new
        here, loss = np.where(moved[:, None], there, here), np.where(moved, new, loss)
        if step >= steps // 3:
            kept.append(problem.whole(here))
    chosen = np.vstack(kept)
    return chosen[rng.choice(len(chosen), count, replace=False)]


def profile(problem: Problem, best: Best, place: int) -> tuple[Floats, Floats]:
    """Loss with one parameter held at each of a row of values, dense around the best, and all others fitted anew."""
    variances = np.linalg.inv(best.curvature + 1e-6 * np.eye(len(best.curvature))).diagonal()
    spread = np.sqrt(variances[problem.free == place][0])
    near = best.box[place] + spread * np.linspace(-4, 4, 17)
    held = np.unique(np.concatenate([np.linspace(-1, 1, 7), near[np.abs(near) < 1], best.box[place : place + 1]]))
    losses = []
    for value in held:
        bound = replace(problem, fixed={**problem.fixed, place: float(value)})
        start = np.clip(best.box[bound.free], -0.999, 0.999)
        found = least_squares(lambda x, bound=bound: bound.errors(x)[0], start, bound.slopes, bounds=(-1, 1))
        losses.append(float(found.cost))
    return held, np.array(losses)


def foresee(problem: Problem, box: Floats, rows: Rows, seed: int = 0) -> Floats:
    """What the fit expects of targets it has not seen: a draw for each point, residuals with their memory included."""
    rng = np.random.default_rng(seed)
    seen = problem.rows
    answers = problem.emulator(box)
    between = problem.covariance[np.ix_(rows, seen)]
    factor = cho_factor(problem.covariance[np.ix_(seen, seen)])
    carried = (problem.values[seen] - answers[:, seen]) @ cho_solve(factor, between.T)
    left = problem.covariance[np.ix_(rows, rows)] - between @ cho_solve(factor, between.T)
    noise = rng.standard_normal((len(answers), len(rows))) @ np.linalg.cholesky(left + 1e-10 * np.eye(len(rows))).T
    drawn: Floats = answers[:, rows] + carried + noise
    return drawn
