"""How long runs take, declared: for the estimate that is told before any of them is begun.

It is that of an otherwise idle machine like the one of `docs/performance.md`; what a run really takes is told while it
goes on (`experiments.engine.progress`).
"""

from __future__ import annotations

from model.schedule import BURN_IN

#: Seconds of one core that a simulated person-month takes, counted by group, and a month however few people there are.
SECONDS_PER_PERSON_MONTH, SECONDS_PER_MONTH = 30e-9, 1e-3
#: Seconds that pass until the first month (imports, processes, compiled code), for compiling where nothing is compiled
#: yet, and for figures and report.
SECONDS_TO_START, SECONDS_TO_COMPILE, SECONDS_TO_SHOW = 2.0, 30.0, 2.0


def seconds_of_run(population: float, months: int) -> float:
    """How long the first months of one world take on one core, its burn-in included, its start left out."""
    return seconds_of_months(population, BURN_IN + months)


def seconds_of_months(population: float, months: int) -> float:
    """How long further months of a world take on one core."""
    return months * (SECONDS_PER_MONTH + population * SECONDS_PER_PERSON_MONTH)
