"""What the agents would answer, learnt from some thousand of their runs: a quadratic surface per target.

Rates are learnt in logarithms, where an unemployment rate is nearly a sum: log of separations less log of hires. The
runs of a design differ in luck, so that the surface is the mean over luck. Targets move together, so that not they but
their principal components are learnt, each by itself: a target alone is mostly luck, which a surface of its own would
take for slopes. How much each parameter matters to a component, and how far it bends, is what makes its runs most
probable (automatic relevance).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]

Floats = NDArray[np.float64]
#: Principal components of the targets that are learnt; what the others hold is luck.
COMPONENTS = 30
#: Spread of the logarithms of relevances around their start: they may differ by orders of magnitude.
RELEVANCE_SD = 2.0
#: The least luck thought possible, as a share of a component's variance: a market without luck is learnt exactly.
LEAST_LUCK = 1e-9


@cache
def _pairs(count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return np.triu_indices(count)


def quadratic_features(box: Floats) -> Floats:
    """Columns 1, x_i, x_i x_j of points [point, parameter]."""
    first, second = _pairs(box.shape[1])
    return np.hstack([np.ones((len(box), 1)), box, box[:, first] * box[:, second]])


@dataclass(frozen=True)
class Emulator:
    """The surface: `coefficients[feature, target]` around `centre`, in units of `spread`, plus an `offset` by target.

    Of targets `in_logs` it is the logarithm that is quadratic. `left_out_sd` is the error in runs that were left out,
    luck of those runs included; `error_sd` is what the surface itself is uncertain by because its runs are finite and
    noisy.
    """

    centre: Floats
    spread: Floats
    coefficients: Floats
    in_logs: NDArray[np.bool_]
    offset: Floats
    left_out_sd: Floats
    error_sd: Floats
    runs: int
    #: How errors of targets go together, over the runs left out: mostly errors of level, alike from month to month.
    together: Floats

    def __call__(self, box: Floats) -> Floats:
        """Targets [point, target] at points of the box; a single point gives one row."""
        answer = self._without_offset(np.atleast_2d(box)) + self.offset
        return answer if np.ndim(box) == 2 else answer[0]

    def _without_offset(self, points: Floats) -> Floats:
        answer: Floats = quadratic_features((points - self.centre) / self.spread) @ self.coefficients
        answer[:, self.in_logs] = np.exp(answer[:, self.in_logs])
        return answer

    @property
    def error_covariance(self) -> Floats:
        """What the surface itself is uncertain by, with how the errors of targets go together."""
        return np.outer(self.error_sd, self.error_sd) * self.together

    @property
    def run_covariance(self) -> Floats:
        """What a single run differs from the surface by: its luck, and what a quadratic cannot follow."""
        return np.outer(self.left_out_sd, self.left_out_sd) * self.together

    def slopes(self, point: Floats) -> Floats:
        """How targets change with each coordinate at one point: [parameter, target]."""
        along = (point - self.centre) / self.spread
        slopes: Floats = (self._bends[0] + 2 * np.tensordot(along, self._bends[1], 1)) / self.spread[:, None]
        return np.where(self.in_logs, self._without_offset(point[None])[0] * slopes, slopes)

    @cached_property
    def _bends(self) -> tuple[Floats, Floats]:
        """Slopes at the centre [parameter, target] and bends [parameter, parameter, target]."""
        count = len(self.centre)
        bends = np.zeros((count, count, self.coefficients.shape[1]))
        first, second = _pairs(count)
        bends[first, second] = self.coefficients[1 + count :] / 2
        return self.coefficients[1 : 1 + count], bends + bends.transpose(1, 0, 2)

    def shifted(self, offset: Floats, error_sd: Floats) -> Emulator:
        """The same surface, each target moved by its offset, and what it is uncertain by then."""
        return replace(self, offset=self.offset + offset, error_sd=error_sd)


def learn(box: Floats, answers: Floats, in_logs: NDArray[np.bool_] | None = None) -> Emulator:
    """Fit the surface to runs at points `box` [run, parameter] with `answers` [run, target]."""
    from sklearn.covariance import LedoitWolf  # late: only a fit needs it

    in_logs = np.zeros(answers.shape[1], bool) if in_logs is None else in_logs
    scaled = np.where(in_logs, np.log(np.where(in_logs, answers, 1.0)), answers)
    centre, spread = box.mean(axis=0), np.maximum(box.std(axis=0), 1e-9)
    features = quadratic_features((box - centre) / spread)[:, 1:]
    # The constant is not shrunk: it is taken out by means.
    mean_features, mean_answers = features.mean(axis=0), scaled.mean(axis=0)
    around, size = scaled - mean_answers, np.maximum(scaled.std(axis=0), 1e-12)
    axes = np.linalg.svd(around / size, full_matrices=False)[2][:COMPONENTS]
    components, back = around / size @ axes.T, axes * size
    found = [_Evidence.of(features - mean_features, one, box.shape[1]).surface() for one in components.T]
    slopes = np.transpose([one.slopes for one in found]) @ back
    missed = around - (components - np.transpose([one.missed for one in found])) @ back
    left_out = np.sqrt(np.mean(missed**2, axis=0))
    # The mean of logarithms is below the logarithm of the mean, by half the variance.
    constant = mean_answers - mean_features @ slopes + np.where(in_logs, left_out**2 / 2, 0.0)
    level = np.where(in_logs, answers.mean(axis=0), 1.0)
    uncertain = np.sqrt(np.array([one.variance for one in found]) @ back**2)
    # As many errors as runs: what they say of how targets go together is shrunk, or it would look like knowledge.
    together = LedoitWolf(assume_centered=True).fit(missed / np.maximum(left_out, 1e-12)).covariance_
    return Emulator(
        centre, spread, np.vstack([constant, slopes]), in_logs, np.zeros(len(level)), left_out * level,
        uncertain * level, len(box), together,
    )  # fmt: skip


@dataclass(frozen=True)
class _Component:
    """One component's surface: slopes by feature, errors in runs left out, the mean variance of the surface itself."""

    slopes: Floats
    missed: Floats
    variance: float


@dataclass(frozen=True)
class _Evidence:
    """How probable a component's runs are, given the logarithms of relevances, of the bends' share, and of luck.

    A slope has the relevance of its parameter as prior variance, a bend the product of its two times a common share.
    `makes_up[feature, logarithm]` says which add up to a feature's.
    """

    features: Floats
    answers: Floats
    makes_up: Floats
    squares: Floats
    products: Floats

    @classmethod
    def of(cls, features: Floats, answers: Floats, count: int) -> _Evidence:
        """The evidence of runs with these centred features and answers, for `count` parameters."""
        first, second = _pairs(count)
        bends = np.eye(count + 1)[first] + np.eye(count + 1)[second] + np.eye(count + 1)[-1]
        return cls(features, answers, np.vstack([np.eye(count + 1)[:-1], bends]), features.T @ features,
                   features.T @ answers)  # fmt: skip

    def surface(self) -> _Component:
        """The surface where the evidence is greatest."""
        variance, count = max(float(np.mean(self.answers**2)), 1e-24), self.makes_up.shape[1] - 1
        start = np.log([*np.full(count, variance / count), 0.02 * count / variance, 0.3 * variance])
        bounds = [(one - 15, one + 15) for one in start[:-1]]
        luck = np.log(variance * np.array([LEAST_LUCK, 1.0]))
        logs = minimize(self._minus_log, start, start, jac=True, method="L-BFGS-B", bounds=[*bounds, tuple(luck)],
                        options={"maxiter": 80}).x  # fmt: skip
        widths, inverse, _ = self._posterior(logs)
        covariance = widths[:, None] * inverse * widths
        slopes = covariance @ self.products / np.exp(logs[-1])
        runs = len(self.answers)
        hat = 1 / runs + np.einsum("ij,jk,ik->i", self.features, covariance, self.features) / np.exp(logs[-1])
        missed = (self.answers - self.features @ slopes) / (1 - np.minimum(hat, 0.99))
        return _Component(slopes, missed, float(np.exp(logs[-1]) * hat.mean()))

    def _posterior(self, logs: Floats) -> tuple[Floats, Floats, float]:
        """Prior widths of features; covariance of slopes in their units; the logarithm of its determinant."""
        widths = np.exp(self.makes_up @ logs[:-1] / 2)
        precision = np.eye(len(widths)) + widths[:, None] * self.squares * widths / np.exp(logs[-1])
        return widths, np.linalg.inv(precision), -float(np.linalg.slogdet(precision)[1])

    def _minus_log(self, logs: Floats, start: Floats) -> tuple[float, Floats]:
        """Minus the logarithm of the evidence, and how it changes with each logarithm."""
        luck, freedom = np.exp(logs[-1]), len(self.answers) - 1
        widths, inverse, determinant = self._posterior(logs)
        units = inverse @ (widths * self.products) / luck
        error = np.sum((self.answers - self.features @ (widths * units)) ** 2) / luck
        away = np.append((logs - start)[:-1], 0.0) / RELEVANCE_SD
        value = 0.5 * (freedom * logs[-1] - determinant + error + units @ units + away @ away)
        known = 1 - np.diag(inverse)
        slopes = [*(self.makes_up.T @ (known - units**2)), freedom - known.sum() - error]
        return float(value), np.array(slopes) / 2 + away / RELEVANCE_SD
