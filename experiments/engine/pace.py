"""How long runs take, declared: for the estimate that is told before any of them is begun."""

from __future__ import annotations

#: Seconds that one simulated person-month takes on one core, that a month takes however few people there are, and that
#: pass until the first month: imports and the loading of compiled code.
SECONDS_PER_PERSON_MONTH, SECONDS_PER_MONTH, SECONDS_TO_START = 60e-9, 1e-3, 2.0


def seconds_of_run(population: float, months: int) -> float:
    """How long one run takes on one core, its start left out."""
    return months * (SECONDS_PER_MONTH + population * SECONDS_PER_PERSON_MONTH)
