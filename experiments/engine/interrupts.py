"""Ctrl-C and requests to end: when they may come, and when they wait."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def held_back(*signals: signal.Signals) -> Iterator[None]:
    """Let these signals wait until the block is left; processes started in it never get them."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def endings_interrupt() -> Iterator[None]:
    """Treat a polite request to end (SIGTERM, a closed terminal) like Ctrl-C, so that it loses nothing either."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    kinds = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {kind: signal.getsignal(kind) for kind in kinds}
    for kind in kinds:
        if before[kind] is not signal.SIG_IGN:  # nohup stays in force
            signal.signal(kind, _interrupt)
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


def _interrupt(_kind: int, _frame: Any) -> None:
    raise KeyboardInterrupt
