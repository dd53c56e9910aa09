"""The yardstick of speed: one sine and one cosine for each person, compiled, on as many threads, in the same run."""

from __future__ import annotations

import math
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(cache=True, nogil=True)
def sine_and_cosine(angles: NDArray[np.float64], sums: NDArray[np.float64]) -> None:
    """One pass."""
    for i in range(len(angles)):
        sums[i] = math.sin(angles[i]) + math.cos(angles[i])


class SinePass:
    """So many persons' angles, passed over by one thread or several."""

    def __init__(self, persons: int, threads: int) -> None:
        angles = np.random.default_rng(1).uniform(-math.pi, math.pi, persons)
        self.persons, self.threads = persons, threads
        self.parts = [(part, np.zeros(len(part))) for part in np.array_split(angles, threads)]

    def nanoseconds(self, passes: int) -> float:
        """Time of a pass over the persons."""
        with ThreadPoolExecutor(self.threads) as pool:
            list(pool.map(lambda part: sine_and_cosine(*part), self.parts))  # compiled, pages in place
            begun = time.perf_counter_ns()
            for _ in range(passes):
                list(pool.map(lambda part: sine_and_cosine(*part), self.parts))
            return (time.perf_counter_ns() - begun) / (passes * self.persons)
