"""Turns: everybody's first piece before anybody's second; what is cancelled is never done."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError

import pytest

from views.page.turns import IDLE, Turns


@pytest.fixture
def turns() -> Iterator[Turns]:
    made = Turns()
    yield made
    made.stop()
    made.wait()


@pytest.fixture
def busy(turns: Turns) -> Iterator[threading.Event]:
    """Keeps the thread busy until it is set, so that what is asked meanwhile waits."""
    go, begun = threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        go.wait()

    turns.ask(hold, 0)
    begun.wait()
    yield go
    go.set()


def test_first_pieces_come_before_second_ones_whoever_asked_first(turns: Turns, busy: threading.Event) -> None:
    done: list[str] = []
    asked = [
        turns.ask(lambda name=name: done.append(name), turn)  # type: ignore[misc]
        for name, turn in [("idle", IDLE), ("a2", 1), ("a3", 2), ("b1", 0), ("b2", 1), ("c1", 0)]
    ]
    assert turns.waiting == 5
    busy.set()
    for each in asked:
        each.result(10)
    assert done == ["b1", "c1", "a2", "b2", "a3", "idle"]


def test_a_cancelled_piece_is_never_done(turns: Turns, busy: threading.Event) -> None:
    done: list[int] = []
    asked = [turns.ask(lambda place=place: done.append(place), 0) for place in range(3)]  # type: ignore[misc]
    asked[1].cancel()
    busy.set()
    asked[2].result(10)
    assert done == [0, 2]


def test_an_error_reaches_who_asked_and_nobody_else(turns: Turns) -> None:
    failed = turns.ask(lambda: 1 // 0, 0)
    assert turns.ask(lambda: 7, 0).result(10) == 7
    with pytest.raises(ZeroDivisionError):
        failed.result(10)


def test_at_the_end_nobody_waits_for_ever(turns: Turns, busy: threading.Event) -> None:
    waiting = turns.ask(lambda: 1, 0)
    turns.stop()
    busy.set()
    with pytest.raises(CancelledError):
        waiting.result(10)
    with pytest.raises(CancelledError):
        turns.ask(lambda: 1, 0).result(10)
