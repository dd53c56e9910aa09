"""Policies that nothing beats: the Pareto frontier of several targets, and a few of its points that span it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def not_dominated(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which rows no other row beats, being nowhere worse and somewhere better; every column is to be small."""
    kept = np.ones(len(values), bool)
    for place, row in enumerate(values):
        beaten = (values <= row).all(axis=1) & (values < row).any(axis=1)
        kept[place] = not beaten.any()
    return kept


def spread_out(values: NDArray[np.float64], most: int) -> list[int]:
    """At most so many rows that span all: the best of every column, then always the one furthest from those taken."""
    if len(values) <= most:
        return list(range(len(values)))
    span = np.ptp(values, axis=0)
    scaled = (values - values.min(axis=0)) / np.where(span > 0, span, 1.0)
    taken = list(dict.fromkeys(int(place) for place in scaled.argmin(axis=0)))[:most]
    nearest = np.min([np.linalg.norm(scaled - scaled[place], axis=1) for place in taken], axis=0)
    while len(taken) < most:
        taken.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, np.linalg.norm(scaled - scaled[taken[-1]], axis=1))
    return sorted(taken)
