"""Months a fit had not seen: refitted without them, foreseen with a band, and held against what came.

The runs of the design are used again; only the fit forgets the later months.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.calibration.campaign import Calibration
from experiments.calibration.posterior import Problem, best_point, foresee, sample
from experiments.calibration.scores import unseen, year_before
from model.results import rms

Floats = NDArray[np.float64]
#: What is held back: the last month a fit sees, and the groups foreseen from there.
CUTS: tuple[tuple[str, tuple[str, ...]], ...] = (("2024-11", ("16-24", "25-29", "30-59", "all")), ("2024-06", ("all",)))
LEVEL = 0.80
DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Held:
    """A group foreseen from a month on: errors in points, how often the band held, and what the past year scores."""

    group: str
    last_seen: str
    months: tuple[str, ...]
    official: Floats
    mean: Floats
    low: Floats
    high: Floats
    #: The band's share that parameters alone make: the same months without residuals.
    parameter_low: Floats
    parameter_high: Floats
    year_before: Floats
    #: The mean when growth, pay, graduates and churn too are only those known at the cut.
    told_less: Floats

    @property
    def rmse(self) -> float:
        """Root mean square error of the forecast."""
        return rms(self.mean - self.official)

    @property
    def rmse_told_less(self) -> float:
        """The same with drivers as known at the cut."""
        return rms(self.told_less - self.official)

    @property
    def naive(self) -> float:
        """The same for the value of a year before, over the months that have one."""
        return rms((self.year_before - self.official)[np.isfinite(self.year_before)])

    @property
    def inside(self) -> int:
        """Months whose official value lies in the band."""
        return int(np.sum((self.official >= self.low) & (self.official <= self.high)))


def hold_out(
    found: Calibration,
    told_less: Callable[[Floats, str], Floats] | None = None,
    cuts: Sequence[tuple[str, tuple[str, ...]]] = CUTS,
) -> list[Held]:
    """Refit to each cut and foresee what came after.

    `told_less(box, month)` says by how much the targets change when agents at a point are told only what was known by
    a month; without it the forecasts know growth and graduates as they came.
    """
    return [held for last_seen, groups in cuts for held in _from(found, told_less, last_seen, groups)]


def _from(
    found: Calibration, told_less: Callable[[Floats, str], Floats] | None, last_seen: str, groups: Sequence[str]
) -> list[Held]:
    targets = found.targets
    problem = Problem.of(found.space, found.emulator, targets, targets.until(last_seen))
    best = best_point(problem)
    box = sample(problem, best, DRAWS)
    change = np.zeros(len(targets)) if told_less is None else told_less(best.box, last_seen)
    held = []
    for group in groups:
        rows = unseen(targets, group, last_seen)
        drawn, plain = foresee(problem, box, rows), found.emulator(box)[:, rows]
        ends = (1 - LEVEL) / 2, (1 + LEVEL) / 2
        low, high = np.quantile(drawn, ends, axis=0)
        parameter_low, parameter_high = np.quantile(plain, ends, axis=0)
        held.append(
            Held(
                group, last_seen, tuple(targets.label[row] for row in rows), targets.official[rows], drawn.mean(axis=0),
                low, high, parameter_low, parameter_high, year_before(targets, rows),
                drawn.mean(axis=0) + change[rows],
            )
        )  # fmt: skip
    return held
