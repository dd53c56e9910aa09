"""What the agents would answer, learnt from some thousand of their runs: a quadratic surface per target.

Rates are learnt in logarithms, where an unemployment rate is nearly a sum: log of separations less log of hires. The
runs of a design differ in luck, so that the surface is the mean over luck. The months of a series share a ridge
penalty, chosen by leaving out one run at a time, which has a closed form, and how much each parameter matters to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
#: Ridge penalties tried, relative to the mean squared singular value of the features.
PENALTIES = 10.0 ** np.arange(-6.0, 2.1, 0.5)
#: Weights tried for bends (squares and products) beside slopes: a small one says that the surface is nearly flat.
BENDS = (0.05, 0.15, 0.4, 1.0)
#: No parameter is thought to matter less than this share of what its luck alone would seem to.
LEAST_RELEVANCE = 0.02


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
    #: Shrunk (Ledoit and Wolf 2004): there are nearly as many targets as runs, and a plain correlation of so few would
    #: know combinations of months far too well.
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


def learn(
    box: Floats, answers: Floats, in_logs: NDArray[np.bool_] | None = None, alike: Sequence[str] | None = None
) -> Emulator:
    """Fit the surface to runs at points `box` [run, parameter] with `answers` [run, target].

    Targets of the same name in `alike` are months of one series (all are, without it): of every pair of a penalty and
    a weight of bends theirs is the one that foresees runs it has not seen best.
    """
    count = answers.shape[1]
    in_logs = np.zeros(count, bool) if in_logs is None else in_logs
    scaled = np.where(in_logs, np.log(np.where(in_logs, answers, 1.0)), answers)
    centre, spread = box.mean(axis=0), np.maximum(box.std(axis=0), 1e-9)
    features = quadratic_features((box - centre) / spread)[:, 1:]
    # The constant is not penalised: it is taken out by means.
    mean_features, mean_answers = features.mean(axis=0), scaled.mean(axis=0)
    missed, slopes, leverage = np.zeros_like(scaled), np.zeros((features.shape[1], count)), np.zeros(count)
    names = np.zeros(count, int) if alike is None else np.array(alike)
    for name in np.unique(names):
        rows = np.flatnonzero(names == name)
        found = _series(features - mean_features, scaled[:, rows] - mean_answers[rows], box.shape[1])
        missed[:, rows], slopes[:, rows], leverage[rows] = found.missed, found.slopes, found.leverage
    left_out = np.sqrt(np.mean(missed**2, axis=0))
    # The mean of logarithms is below the logarithm of the mean, by half the variance.
    constant = mean_answers - mean_features @ slopes + np.where(in_logs, left_out**2 / 2, 0.0)
    error = left_out * np.where(in_logs, answers.mean(axis=0), 1.0)
    return Emulator(
        centre, spread, np.vstack([constant, slopes]), in_logs, np.zeros(count), error, error * np.sqrt(leverage),
        len(box), _together(missed),
    )  # fmt: skip


def _series(features: Floats, answers: Floats, parameters: int) -> _Ridge:
    """The ridge regression of a series: of its months together, since slopes are compared from month to month.

    Penalties of their own would shrink neighbours unequally, and the likelihood would take that for a season.
    """
    relevance = _relevance(features[:, :parameters], answers)
    first, second = _pairs(parameters)
    tried = (
        replace(found, slopes=weights[:, None] * found.slopes)
        for bend in BENDS
        for weights in [np.concatenate([relevance, bend * relevance[first] * relevance[second]])]
        for found in _ridges(features * weights, answers)
    )
    return min(tried, key=lambda found: float(np.mean(np.log(np.mean(found.missed**2, axis=0) + 1e-24))))


def _relevance(box: Floats, answers: Floats) -> Floats:
    """How much each parameter moves the months of a series, luck taken off, the strongest being 1.

    One penalty for strong and weak alike would leave the slopes of the weak to luck, which the fit takes for knowledge.
    """
    inverse = np.linalg.pinv(box.T @ box)
    slopes = inverse @ box.T @ answers
    luck = np.sum((answers - box @ slopes) ** 2, axis=0) / max(len(box) - box.shape[1] - 1, 1)
    noise = inverse.diagonal()
    size = np.maximum(np.mean(slopes**2 / (luck + 1e-24), axis=1) - noise, LEAST_RELEVANCE * noise)
    relevance: Floats = np.sqrt(size / size.max())
    return relevance


def _together(missed: Floats) -> Floats:
    """The correlation of errors of runs left out [run, target], shrunk towards none."""
    from sklearn.covariance import ledoit_wolf

    shrunk: Floats = ledoit_wolf(missed / np.sqrt(np.mean(missed**2, axis=0) + 1e-24), assume_centered=True)[0]
    size = np.sqrt(shrunk.diagonal() + 1e-24)
    together: Floats = shrunk / np.outer(size, size)
    return together


@dataclass(frozen=True)
class _Ridge:
    """One penalty: slopes, errors in runs left out [run, target], a run's mean leverage."""

    slopes: Floats
    missed: Floats
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
        missed = (answers - left @ (shrink[:, None] * projected)) / (1 - np.minimum(hat, 0.99))[:, None]
        yield _Ridge(right.T @ ((shrink / singular)[:, None] * projected), missed, float(hat.mean()))
