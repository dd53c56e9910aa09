"""What the agents would answer, learnt from a few hundred of their runs: a quadratic surface per target.

The runs of a design differ in luck, so that the surface is the mean over luck. Each target has a ridge penalty of its
own, chosen by leaving out one run at a time, which has a closed form.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
#: Ridge penalties tried, relative to the mean squared singular value of the features.
PENALTIES = 10.0 ** np.arange(-6.0, 2.1, 0.5)


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

    def shifted(self, offset: Floats) -> Emulator:
        """The same surface, each target moved by its offset."""
        coefficients = self.coefficients.copy()
        coefficients[0] += offset
        return Emulator(self.centre, self.spread, coefficients, self.left_out_sd, self.error_sd, self.runs)


def learn(box: Floats, answers: Floats) -> Emulator:
    """Fit the surface to runs at points `box` [run, parameter] with `answers` [run, target]."""
    centre, spread = box.mean(axis=0), np.maximum(box.std(axis=0), 1e-9)
    features = quadratic_features((box - centre) / spread)
    # The constant is not penalised: it is taken out by means.
    mean_features, mean_answers = features[:, 1:].mean(axis=0), answers.mean(axis=0)
    left, singular, right = np.linalg.svd(features[:, 1:] - mean_features, full_matrices=False)
    kept = singular > singular[0] * 1e-10
    left, singular, right = left[:, kept], singular[kept], right[kept]
    projected = left.T @ (answers - mean_answers)
    scale = np.mean(singular**2)
    best = np.full(answers.shape[1], np.inf)
    chosen = np.zeros((len(singular), answers.shape[1]))
    leverage = np.zeros((len(box), answers.shape[1]))
    for penalty in PENALTIES * scale:
        shrink = singular**2 / (singular**2 + penalty)
        hat = 1 / len(box) + (left**2) @ shrink
        missed = answers - mean_answers - left @ (shrink[:, None] * projected)
        residual = missed / (1 - np.minimum(hat, 0.99))[:, None]
        error = np.mean(residual**2, axis=0)
        better = error < best
        best = np.where(better, error, best)
        chosen[:, better] = (shrink / singular)[:, None] * projected[:, better]
        leverage[:, better] = hat[:, None]
    slopes = right.T @ chosen
    coefficients = np.vstack([mean_answers - mean_features @ slopes, slopes])
    left_out = np.sqrt(best)
    return Emulator(centre, spread, coefficients, left_out, left_out * np.sqrt(leverage.mean(axis=0)), len(box))
