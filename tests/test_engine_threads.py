"""Threads share the sweeps over people: neither their number nor how people are cut into pieces changes a result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from engine_cases import BUSY, Table, same, scenario

from model.market import simulate
from model.pieces import Crew, pieces_of


def lived_in_pieces(size: int, threads: int) -> Table:
    """A busy market whose sweeps are cut into pieces of `size` rows where several threads take them."""
    original = Crew.sweep

    def sweep(crew: Crew, rows: int, work: Callable[[slice], Any], _: int = 0) -> list[Any]:
        return original(crew, rows, work, size)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Crew, "sweep", sweep)
        patch.setattr(pieces_of, "__defaults__", (size,))
        return simulate(scenario(4000, "2018-12", BUSY), 5, threads=threads)


def test_the_number_of_threads_changes_nothing() -> None:
    """One thread in one piece, two and five over many give equal bytes."""
    alone = lived_in_pieces(300, 1)
    assert same(alone, lived_in_pieces(300, 2))
    assert same(alone, lived_in_pieces(300, 5))


@pytest.mark.parametrize("size", [77, 1000])
def test_how_people_are_cut_changes_nothing(size: int) -> None:
    """Pieces of any size count and decide as one sweep over everybody."""
    assert same(lived_in_pieces(10**9, 1), lived_in_pieces(size, 2))


def test_pieces_cover_every_row_once() -> None:
    """However many rows, also none and a full last piece."""
    for rows in (0, 1, 9, 10, 11, 30):
        covered = [row for piece in pieces_of(rows, 10) for row in range(rows)[piece]]
        assert covered == list(range(rows))
