"""Moments in which nobody else computes: on a shared machine a time says little without them.

Before a measurement `Quiet` waits until other programs leave the cores alone; afterwards it knows how much they took,
and has a disturbed one repeated. When its patience is used up it takes what comes, and the figures say so.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Sample = TypeVar("Sample")
#: Share of the cores that others may take in a measurement that counts as undisturbed.
QUIET = 0.05
#: Seconds over which it is watched whether others compute.
GLANCE = 0.2
_STAT = Path("/proc/stat")
#: Places in the first line of /proc/stat of time spent: user, nice, system, interrupts, and what the host took.
_BUSY = (1, 2, 3, 6, 7, 8)


class Quiet:
    """So many seconds of patience for quiet moments, and how quiet what was kept has been."""

    def __init__(self, patience: float = 0.0) -> None:
        self.until = time.monotonic() + patience
        self.shares: list[float] = []  # of the cores, taken by others in each measurement that was kept

    @property
    def patient(self) -> bool:
        """Whether there is time left to wait or to repeat."""
        return time.monotonic() < self.until

    def undisturbed(self, work: Callable[[], Sample]) -> Sample:
        """What `work` gives in a quiet moment."""
        while True:
            self.wait()
            begun = _clocks()
            found = work()
            share = _others(begun)
            if share <= QUIET or not self.patient:
                self.shares.append(share)
                return found

    def wait(self) -> None:
        """Let time pass until others rest."""
        while self.patient:
            begun = _clocks()
            time.sleep(GLANCE)
            if _others(begun) <= QUIET:
                return


def _clocks() -> tuple[float, float, float]:
    """Seconds: by the clock, of all programs on all cores, of this one and its finished children."""
    own = os.times()
    everybody = 0.0
    if _STAT.exists():
        spent = _STAT.read_text().split("\n", 1)[0].split()
        everybody = sum(int(spent[place]) for place in _BUSY) / os.sysconf("SC_CLK_TCK")
    return time.monotonic(), everybody, own.user + own.system + own.children_user + own.children_system


def _others(begun: tuple[float, float, float]) -> float:
    """Share of the cores that others have taken since; 0 where the system does not tell."""
    clock, everybody, own = (now - then for now, then in zip(_clocks(), begun, strict=True))
    return max(0.0, (everybody - own) / (clock * (os.cpu_count() or 1)))
