"""How fast this machine streams memory: the floor under any program that has to look at so many bytes.

Three compiled loops over arrays of 64-bit numbers in the manner of STREAM (McCalpin 1995): read (a sum), copy, and
triad (a = b + s c). Each thread has its own part of the arrays. How fast memory is depends on how much of it is
walked over: what fits a cache comes faster, so the floor of a population is measured over as many bytes as its columns
have.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Words = NDArray[np.int64]
#: Arrays that the loops walk over.
ARRAYS = 3
#: Bytes that move before a measurement is long enough.
ENOUGH = 1 << 29


@njit(cache=True, nogil=True)
def read(a: Words, b: Words, c: Words, rounds: int) -> int:
    """Look at every element of the three arrays."""
    total = 0
    for turn in range(rounds):
        for i in range(len(a)):
            total += a[i] ^ turn
        for i in range(len(b)):
            total += b[i] ^ turn
        for i in range(len(c)):
            total += c[i] ^ turn
    return total


@njit(cache=True, nogil=True)
def copy(a: Words, b: Words, c: Words, rounds: int) -> int:
    """Copy arrays around."""
    for _ in range(rounds):
        a[:] = b
        b[:] = c
        c[:] = a
    return a[0]


@njit(cache=True, nogil=True)
def triad(a: Words, b: Words, c: Words, rounds: int) -> int:
    """A sum of two arrays into a third."""
    for turn in range(rounds):
        for i in range(len(a)):
            a[i] = b[i] + turn * c[i]
    return a[0]


#: The loops, with the arrays that one round reads or writes.
LOOPS: dict[str, tuple[Any, int]] = {"read": (read, 3), "copy": (copy, 6), "triad": (triad, 3)}


class Stream:
    """Arrays of so many bytes together, walked over by one thread or several."""

    def __init__(self, size: int, threads: int) -> None:
        length = max(64, size // (8 * ARRAYS * threads))
        self.threads = threads
        self.parts = [[np.ones(length, np.int64) for _ in range(ARRAYS)] for _ in range(threads)]
        self.array_bytes = 8 * length * threads

    def speed(self, loop: str, enough: int = ENOUGH) -> float:
        """Gigabytes a second that one loop reads and writes; `enough` bytes at least."""
        kernel, arrays = LOOPS[loop]
        rounds = max(1, enough // (arrays * self.array_bytes))
        with ThreadPoolExecutor(self.threads) as pool:
            list(pool.map(lambda part: kernel(*part, 1), self.parts))  # compiled, pages in place
            begun = time.perf_counter_ns()
            list(pool.map(lambda part: kernel(*part, rounds), self.parts))
            spent = time.perf_counter_ns() - begun
        return rounds * arrays * self.array_bytes / spent
