"""The door to compiled code: what goes in is finite.

A number that is not would index arrays out of bounds there, in silence. Callers of kernels ask this of every array that
is as long as occupations, groups, firms or months; nothing that is as long as people is looked at. What holds for a
whole run is asked for once, when a market is founded, what a month makes in every month.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from numpy.typing import NDArray

if TYPE_CHECKING:
    from model.market import Market


class NotFiniteError(ValueError):
    """A number that compiled code would be given is missing or infinite."""


def demand_finite(whose: str | Market, **numbers: NDArray[np.float64] | float) -> None:
    """Raise NotFiniteError, naming the first array, or number, that is not finite."""
    for name, number in numbers.items():
        if not (_all_finite(number) if isinstance(number, np.ndarray) else math.isfinite(number)):
            places = np.argwhere(~np.isfinite(np.atleast_1d(number))).tolist()
            where = f" at {', '.join(map(str, places[0]))}" if places and isinstance(number, np.ndarray) else ""
            told = whose if isinstance(whose, str) else whose.label
            raise NotFiniteError(f"{told}: {name.replace('_', ' ')} is not a finite number{where}")


@njit(cache=True, nogil=True)
def _all_finite(numbers: NDArray[np.float64]) -> bool:
    """Whether every number is; the difference from itself is nought for these alone."""
    flat, fine = numbers.ravel(), True
    for place in range(len(flat)):  # by place: several at a time, which a loop over the numbers themselves is not
        fine &= flat[place] - flat[place] == 0.0
    return fine


def demand_finite_parts(whose: str, thing: object) -> None:
    """The same of every number in a dataclass, a named tuple or a mapping, and of what these hold."""
    if isinstance(thing, float) or (isinstance(thing, np.ndarray) and thing.dtype.kind == "f"):
        holder, _, name = whose.rpartition(".")
        demand_finite(holder, **{name: thing})
    elif is_dataclass(thing):
        for field in fields(thing):
            demand_finite_parts(f"{whose}.{field.name}", getattr(thing, field.name))
    elif isinstance(thing, Mapping):
        for name, held in thing.items():
            demand_finite_parts(f"{whose}.{name}", held)
    elif isinstance(thing, tuple) and hasattr(thing, "_fields"):
        for name in thing._fields:
            demand_finite_parts(f"{whose}.{name}", getattr(thing, name))
