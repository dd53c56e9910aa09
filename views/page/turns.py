"""Whose turn it is: visitors share the processors piece by piece, so that nobody waits for another's whole answer."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from typing import Any, TypeVar

T = TypeVar("T")
#: Rounds of work that nobody waits for.
IDLE = 1_000_000
#: For the piece in hand when the program ends, in seconds.
_LONGEST_WAIT = 3.0


class Turns:
    """Work done in one thread, in rounds: everybody's first piece comes before anybody's second.

    A piece that was cancelled before its turn is never done.
    """

    def __init__(self) -> None:
        """Wait for work."""
        self._waiting: list[tuple[int, int, Future[Any], Callable[[], Any]]] = []
        self._serial = itertools.count()
        self._change = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="turns", daemon=True)
        self._thread.start()

    def ask(self, work: Callable[[], T], turn: int) -> Future[T]:
        """Have a piece of work done when its round has come; `turn` says how many pieces the visitor has had."""
        answer: Future[T] = Future()
        with self._change:
            if self._closed:
                answer.cancel()
                return answer
            heapq.heappush(self._waiting, (turn, next(self._serial), answer, work))
            self._change.notify()
        return answer

    @property
    def waiting(self) -> int:
        """How many pieces wait that somebody wants."""
        with self._change:
            return sum(turn < IDLE and not answer.cancelled() for turn, _, answer, _ in self._waiting)

    def stop(self) -> None:
        """Drop what waits; the piece in hand is the last."""
        with self._change:
            self._closed = True
            for _, _, answer, _ in self._waiting:
                answer.cancel()
            self._waiting.clear()
            self._change.notify()

    def wait(self) -> None:
        """Wait for the piece in hand, but not for long: the thread ends with the program anyway."""
        self._thread.join(_LONGEST_WAIT)

    def _work(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._waiting or self._closed)
                if self._closed:
                    return
                _, _, answer, work = heapq.heappop(self._waiting)
            if not answer.set_running_or_notify_cancel():
                continue
            try:
                found = work()
            except BaseException as error:  # noqa: BLE001 - whoever asked is told
                _settle(answer.set_exception, error)
            else:
                _settle(answer.set_result, found)
            del answer, work


def _settle(settle: Callable[[Any], None], value: Any) -> None:
    """Hand an answer over, unless nobody waits for it any more."""
    try:
        settle(value)
    except InvalidStateError:
        return
