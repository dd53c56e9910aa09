"""Repeats of one figure in a few numbers, and the line through figures of several sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Spread:
    """Repeats of one figure: the middle one, the quartiles around it, the least and the most."""

    median: float
    low: float
    high: float
    least: float
    most: float
    repeats: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """The spread of some repeats."""
        low, median, high = np.quantile(values, [0.25, 0.5, 0.75])
        return cls(float(median), float(low), float(high), float(min(values)), float(max(values)), len(values))

    def shown(self, scale: float = 1.0, digits: int = 1) -> str:
        """The middle one, and the quartiles in brackets."""
        median, low, high = (f"{value * scale:.{digits}f}" for value in (self.median, self.low, self.high))
        return f"{median} ({low} to {high})"


@dataclass(frozen=True)
class Line:
    """Cost = intercept + slope x by least squares, and how well that describes the points."""

    intercept: float
    slope: float
    slope_error: float  # its standard error
    r2: float  # 1 where there is nothing to explain
    log_log_slope: float
    largest_residual: float  # share of the cost by which a point lies off the line at most

    @classmethod
    def through(cls, x: Sequence[float], cost: Sequence[float]) -> Line:
        """The line through some points, two at least."""
        across, upward = np.asarray(x, float), np.asarray(cost, float)
        slope, intercept = np.polyfit(across, upward, 1)
        off = upward - intercept - slope * across
        around = across - across.mean()
        differences = float(np.sum((upward - upward.mean()) ** 2))
        error = np.sqrt(off @ off / max(1, len(across) - 2) / (around @ around))
        return cls(
            float(intercept),
            float(slope),
            float(error),
            1 - float(off @ off) / differences if differences else 1.0,
            float(np.polyfit(np.log(across), np.log(upward), 1)[0]),
            float(np.max(np.abs(off) / upward)),
        )

    def at(self, x: float) -> float:
        """The cost that the line gives."""
        return self.intercept + self.slope * x
