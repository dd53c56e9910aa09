"""Sweeps over many people in pieces, which several threads can take side by side.

Pieces have a fixed size and their results are put together in order, so the number of threads never changes a result.
Kernels release Python's lock; each piece writes only to its own rows and its own counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from math import ceil
from typing import Any, TypeVar

from agents.columns import PeopleArrays

#: Rows of a piece at most, large enough that handing it to a thread costs nothing beside it: of everybody, and of
#: seekers, each of whom takes longer. Pieces come in fours, so that two or four threads end at the same time.
PEOPLE, SEEKERS = 125_000, 8_000
_TOGETHER = 4

Result = TypeVar("Result")


class Crew:
    """The threads that sweep over one market's people."""

    def __init__(self, threads: int = 1) -> None:
        self.threads = threads
        self._pool = ThreadPoolExecutor(threads) if threads > 1 else None

    def sweep(self, rows: int, work: Callable[[slice], Result], size: int = PEOPLE) -> list[Result]:
        """What `work` returns for each piece of `rows` rows, in order."""
        pieces = list(pieces_of(rows, size))
        if self._pool is None or len(pieces) == 1:
            return [work(piece) for piece in pieces]
        return list(self._pool.map(work, pieces))

    def __deepcopy__(self, memo: object) -> Crew:
        """A copied market gets threads of its own."""
        return Crew(self.threads)


def pieces_of(rows: int, size: int = PEOPLE) -> Iterator[slice]:
    """The pieces of `rows` rows, of equal length; one, perhaps empty, at the least."""
    count = 1 if rows <= size else _TOGETHER * ceil(rows / (_TOGETHER * size))
    for piece in range(count):
        yield slice(piece * rows // count, (piece + 1) * rows // count)


def people_in(columns: PeopleArrays, piece: slice) -> PeopleArrays:
    """The columns of one piece; writing to them writes to the people."""
    parts: Any = (column[piece] for column in columns)
    return PeopleArrays(*parts)
