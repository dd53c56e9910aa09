"""Ages as the survey counts them: by the year."""

from __future__ import annotations

import numpy as np
from numba import njit, uint16
from numpy.typing import NDArray

from agents.decisions import age_profile

#: The last year of age that is counted; it stands for all beyond.
OLDEST = 99


@njit(cache=True, nogil=True)
def years_of_age(birth: NDArray[np.int16], month: int) -> NDArray[np.uint16]:
    """Years of age of many persons."""
    years = np.empty(len(birth), np.uint16)
    for k in range(len(birth)):
        years[k] = min(uint16(month - birth[k]) // uint16(12), uint16(OLDEST))
    return years


def age_profiles() -> NDArray[np.float64]:
    """The pay profile by whole years of age."""
    return np.array([age_profile(float(age)) for age in range(OLDEST + 1)])
