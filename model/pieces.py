"""Sweeps over many people in pieces, which several threads can take side by side.

What is counted in pieces are whole numbers, and rows are put together in order: no result depends on how many pieces
there are, or on the number of threads. Kernels release Python's lock; each piece writes only to its own rows and its
own counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from math import ceil
from typing import Any, TypeVar

import numpy as np
from numba import int64, njit, uint64
from numpy.typing import NDArray

from agents.columns import PeopleArrays

#: Rows of a piece at most where threads share them, large enough that handing it to one costs nothing beside it: of
#: everybody, and of seekers, each of whom takes longer. Pieces come in fours, so that two or four threads end at the
#: same time.
PEOPLE, SEEKERS = 125_000, 8_000
_TOGETHER = 4
#: Rows of a block: what a kernel goes over several times while it lies in a core's nearest caches.
BLOCK = 4096

Result = TypeVar("Result")


class Crew:
    """The threads that sweep over one market's people."""

    def __init__(self, threads: int = 1) -> None:
        self.threads = threads
        self._helpers = ThreadPoolExecutor(threads - 1) if threads > 1 else None

    def sweep(self, rows: int, work: Callable[[slice], Result], size: int = PEOPLE) -> list[Result]:
        """What `work` returns for each piece of `rows` rows, in order; one thread alone takes them in one."""
        if rows <= size or self._helpers is None:
            return [work(slice(0, rows))]
        pieces = list(pieces_of(rows, size))
        done: list[Any] = [None] * len(pieces)
        places = iter(range(len(pieces)))  # shared by all threads: each place goes to one of them

        def take_pieces() -> None:
            for place in places:
                done[place] = work(pieces[place])

        helpers = [self._helpers.submit(take_pieces) for _ in range(self.threads - 1)]
        take_pieces()  # this thread does not only wait
        for helper in helpers:
            helper.result()
        return done

    def few_pieces(self, rows: int) -> int:
        """Size of pieces for work whose result does not depend on them: no more pieces than keep all threads busy."""
        return max(SEEKERS, ceil(rows / self.threads))

    def __reduce__(self) -> tuple[type[Crew], tuple[int]]:
        """A copied market gets threads of its own."""
        return Crew, (self.threads,)


def pieces_of(rows: int, size: int = PEOPLE) -> Iterator[slice]:
    """The pieces of `rows` rows, of equal length; one, perhaps empty, at the least."""
    count = 1 if rows <= size else _TOGETHER * ceil(rows / (_TOGETHER * size))
    for piece in range(count):
        yield slice(piece * rows // count, (piece + 1) * rows // count)


def added(counted: Sequence[Sequence[NDArray[Any]]]) -> list[NDArray[Any]]:
    """The counts of pieces, added up one by one."""
    return [sum(parts[1:], parts[0]) for parts in zip(*counted, strict=True)]


def people_in(columns: PeopleArrays, piece: slice) -> PeopleArrays:
    """The columns of one piece, and of rows behind it; writing to them writes to the people."""
    if piece.start == 0:
        return columns
    parts: Any = (column[piece] for column in columns)
    return PeopleArrays(*parts)


@njit(cache=True, nogil=True)
def rows_where(holds: NDArray[np.bool_], first: int, rows: NDArray[np.signedinteger[Any]]) -> int:
    """Write into `rows` those, from `first` on, for which something holds that seldom does; return how many.

    Eight are looked at together. Whether none or one of them holds is no branch, for it could not be foreseen.
    """
    found, eights = 0, len(holds) // 8
    for eight, eight_hold in enumerate(holds[: 8 * eights].view(np.uint64)):
        hold = eight_hold
        rows[found] = first + 8 * eight + _lowest(hold)
        found += hold != 0
        hold &= hold - uint64(1)
        while hold != 0:
            rows[found] = first + 8 * eight + _lowest(hold)
            found += 1
            hold &= hold - uint64(1)
    for k in range(8 * eights, len(holds)):
        rows[found] = first + k
        found += holds[k]
    return found


@njit(cache=True, nogil=True)
def _lowest(ones: np.uint64) -> np.int64:
    """Which of eight bytes, each 0 or 1, is the first that is 1: its bit moves the number of its place to the top."""
    return int64((ones & (~ones + uint64(1))) * uint64(0x0001020304050607) >> uint64(56))
