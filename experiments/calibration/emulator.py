"""What the agents would answer, learnt from a few hundred of their runs: a quadratic surface per target.

The runs of a design differ in luck, so that the surface is the mean over luck. Each target has a ridge penalty of its
own, chosen by leaving out one run at a time, which has a closed form.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
#: Ridge penalties tried, relative to the mean squared singular value of the features.
PENALTIES = 10.0 ** np.arange(-6.0, 2.1, 0.5)
#: Weights tried for bends (squares and products) beside slopes: a small one says that the surface is nearly flat.
BENDS = (0.05, 0.15, 0.4, 1.0)


@cache
def _pairs(count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return np.triu_indices(count)


def quadratic_features(box: Floats) -> Floats:
    """Columns 1, x_i, x_i x_j of points [point, parameter]."""
    first, second = _pairs(box.shape[1])
    return np.hstack([np.ones((len(box), 1)), box, box[:, first] * box[:, second]])


@dataclass(frozen=True)
class Emulator:
    """The surface: `coefficients[feature, target]` around `centre`, in units of `spread`.

    `left_out_sd` is the error in runs that were left out, luck of those runs included; `error_sd` is what the
    surface itself is uncertain by because its runs are finite and noisy.
    """

    centre: Floats
    spread: Floats
    coefficients: Floats
    left_out_sd: Floats
    error_sd: Floats
    runs: int

    def __call__(self, box: Floats) -> Floats:
        """Targets [point, target] at points of the box; a single point gives one row."""
        points = np.atleast_2d(box)
        answer: Floats = self.features(points) @ self.coefficients
        return answer if np.ndim(box) == 2 else answer[0]

    def features(self, points: Floats) -> Floats:
        """The columns that the coefficients multiply, at points [point, parameter]."""
        return quadratic_features((points - self.centre) / self.spread)

    def shifted(self, offset: Floats, error_sd: Floats) -> Emulator:
        """The same surface, each target moved by its offset, and what it is uncertain by then."""
        coefficients = self.coefficients.copy()
        coefficients[0] += offset
        return replace(self, coefficients=coefficients, error_sd=error_sd)


def learn(box: Floats, answers: Floats) -> Emulator:
    """Fit the surface to runs at points `box` [run, parameter] with `answers` [run, target].

    Every pair of a penalty and a weight of bends is tried for every target; the pair that foresees runs it has not
    seen best is kept.
    """
    centre, spread = box.mean(axis=0), np.maximum(box.std(axis=0), 1e-9)
    features = quadratic_features((box - centre) / spread)[:, 1:]
    # The constant is not penalised: it is taken out by means.
    mean_features, mean_answers = features.mean(axis=0), answers.mean(axis=0)
    left_out = np.full(answers.shape[1], np.inf)
    slopes = np.zeros((features.shape[1], answers.shape[1]))
    leverage = np.zeros(answers.shape[1])
    for bend in BENDS:
        weights = np.where(np.arange(features.shape[1]) < box.shape[1], 1.0, bend)
        for found in _ridges((features - mean_features) * weights, answers - mean_answers):
            better = found.error < left_out
            left_out = np.where(better, found.error, left_out)
            slopes[:, better] = (weights[:, None] * found.slopes)[:, better]
            leverage[better] = found.leverage
    coefficients = np.vstack([mean_answers - mean_features @ slopes, slopes])
    return Emulator(centre, spread, coefficients, left_out, left_out * np.sqrt(leverage), len(box))


@dataclass(frozen=True)
class _Ridge:
    """One penalty: slopes, the error in runs left out (root mean square, by target), and the mean leverage of a run."""

    slopes: Floats
    error: Floats
    leverage: float


def _ridges(features: Floats, answers: Floats) -> Iterator[_Ridge]:
    """A ridge regression for every penalty, all from one decomposition."""
    left, singular, right = np.linalg.svd(features, full_matrices=False)
    kept = singular > singular[0] * 1e-10
    left, singular, right = left[:, kept], singular[kept], right[kept]
    projected = left.T @ answers
    for penalty in PENALTIES * np.mean(singular**2):
        shrink = singular**2 / (singular**2 + penalty)
        hat = 1 / len(features) + (left**2) @ shrink
        missed = answers - left @ (shrink[:, None] * projected)
        error = np.sqrt(np.mean((missed / (1 - np.minimum(hat, 0.99))[:, None]) ** 2, axis=0))
        yield _Ridge(right.T @ ((shrink / singular)[:, None] * projected), error, float(hat.mean()))
