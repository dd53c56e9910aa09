"""Compiling ahead: before many processes need the kernels, one compiles them all, and whoever waits is told why."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

from agents.compiled_cache import is_complete, mark_complete
from experiments.engine.pace import SECONDS_TO_COMPILE
from experiments.engine.progress import Progress, in_words

#: Enough people for every kind of agent; the opening and its burn-in go through every phase and so every kernel.
_PEOPLE, _LAST_MONTH = 1000, "2018-01"
#: What whoever waits is told.
ANNOUNCED = f"compiling kernels, once for this version of the program: about {in_words(SECONDS_TO_COMPILE)}"


def compile_ahead(say: Callable[[str], object] = lambda _: None) -> None:
    """Compile every kernel that a run needs, unless this version of the program has done so here before.

    `say` is told before and after.
    """
    if is_complete() or os.environ.get("NUMBA_DISABLE_JIT", "0") not in {"", "0"}:
        return
    say(ANNOUNCED)
    began = time.monotonic()
    from model.handover import no_applications
    from model.market import simulate
    from model.mechanisms.matching.search import merge
    from model.scenario.scenario import default_scenario

    simulate(default_scenario().with_values({"population": _PEOPLE, "end": _LAST_MONTH}), seed=1, by_group=True)
    merge(no_applications(), no_applications())  # so few seekers are never shared out among threads
    mark_complete()
    say(f"kernels compiled in {in_words(time.monotonic() - began)}")


if __name__ == "__main__":
    compile_ahead(Progress(sys.stderr).say)
