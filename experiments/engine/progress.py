"""What a waiting person sees: how far the run is and how long it will still take, on stderr."""

from __future__ import annotations

import os
import time
from typing import TextIO

from experiments.engine.streams import write

#: Between two lines where the output is not a terminal, and two redraws where it is, in seconds.
_LINE_SECONDS = 15.0
_DRAW_SECONDS = 0.1
_BAR = 24
#: From this share of the work on, the remaining time is told.
_ENOUGH_DONE = 0.03


class Progress:
    """A line that moves on a terminal, an occasional plain line elsewhere, nothing when the user wants quiet."""

    def __init__(self, stream: TextIO | None, *, quiet: bool = False) -> None:
        """Write to `stream`, or nowhere when there is none (it is closed) or the user wants it `quiet`."""
        self._stream = stream
        self._quiet = quiet or stream is None
        self._animated = stream is not None and stream.isatty() and os.environ.get("TERM", "") != "dumb"
        self._replications = self._months = 1
        self._finished = self._failed = self._month = 0
        self._noun = "replications"
        self._shown = time.monotonic()
        self._first: tuple[float, float] | None = None
        self._drawn = False

    def say(self, line: str) -> None:
        """One line that stays."""
        if self._quiet:
            return
        self._erase()
        self._write(line)

    def begin(self, replications: int, months: int, noun: str = "replications") -> None:
        """So many replications (or what the noun says) of so many months are ahead."""
        self._replications, self._months, self._noun = max(replications, 1), max(months, 1), noun
        self._finished = self._failed = self._month = 0
        self._shown = time.monotonic()
        self._first = None
        if self._animated and not self._quiet:
            self._draw(0.0, "")

    def on_month(self, month: int) -> None:
        """A month (0 is the first of the world) of the replication in hand is done."""
        self._month = max(0, month + 1)
        self._show()

    def on_replication(self) -> None:
        """A replication is done (or given up)."""
        self._finished += 1
        self._month = 0
        self._show()

    def on_failure(self) -> None:
        """A replication is given up, and counted as such."""
        self._failed += 1
        self.on_replication()

    def end(self) -> None:
        """Clear the moving line."""
        self._erase()

    def _show(self) -> None:
        now = time.monotonic()
        if self._quiet or now - self._shown < (_DRAW_SECONDS if self._animated else _LINE_SECONDS):
            return
        self._shown = now
        share = min(1.0, (self._finished + min(1.0, self._month / self._months)) / self._replications)
        # The first months include the start and, on a new machine, the compiling; what is left goes at the later pace.
        if self._first is None and share >= _ENOUGH_DONE:
            self._first = (now, share)
        left = ""
        if self._first is not None and share > self._first[1]:
            pace = (now - self._first[0]) / (share - self._first[1])
            left = f"{in_words(pace * (1 - share))} left"
        if self._animated:
            self._draw(share, left)
        else:
            self._write(", about ".join([self._count(), *([left] if left else [])]))

    def _write(self, text: str, end: str = "\n") -> None:
        if self._stream is not None:
            write(self._stream, text, end)

    def _count(self) -> str:
        failed = f", {self._failed} failed" if self._failed else ""
        return f"{self._noun} {self._finished}/{self._replications}{failed}"

    def _draw(self, share: float, left: str) -> None:
        bar = "=" * round(share * _BAR)
        self._write(f"\r\x1b[K{self._count()}  {bar:-<{_BAR}}  {left}", end="")
        self._drawn = True

    def _erase(self) -> None:
        if self._drawn:
            self._write("\r\x1b[K", end="")
            self._drawn = False


def in_words(seconds: float) -> str:
    """A duration as a person says it: 8 s, 3 min, 2 h."""
    minute, hour = 60, 3600
    if seconds < 1.5 * minute:
        return f"{max(1, round(seconds))} s"
    if seconds < 1.5 * hour:
        return f"{round(seconds / minute)} min"
    return f"{round(seconds / hour)} h"
