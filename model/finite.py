"""The door to compiled code: what goes in is finite.

A number that is not would index arrays out of bounds there, in silence. Callers of kernels ask this of every array that
is as long as occupations, groups or months, once where it is made; nothing that is as long as people is looked at.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class NotFiniteError(ValueError):
    """A mistake of the program, or of a graph or table given in Python: a number that is missing or infinite."""


def demand_finite(whose: str, **arrays: NDArray[np.float64] | float) -> None:
    """Raise NotFiniteError, naming the first array that holds a number which is not finite."""
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            where = np.argwhere(~np.isfinite(np.atleast_1d(array)))[0].tolist()
            raise NotFiniteError(f"{name} of {whose} is not finite at {', '.join(map(str, where))}")
