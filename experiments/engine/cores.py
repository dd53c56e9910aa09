"""How many cores this process may use: what the machine, a container, a scheduler and the user leave it."""

from __future__ import annotations

import os

from experiments.engine.errors import BadRequest

#: Variables that name a number of cores: the user's own limit, and what Slurm gives a task.
LIMITS = ("LOKY_MAX_CPU_COUNT", "SLURM_CPUS_PER_TASK")


def available_cores() -> int:
    """The cores this process may use: by affinity, the quota of its container, and the variables of LIMITS."""
    return max(1, min([_cores_here(), *limits()]))


def limits() -> list[int]:
    """What the variables of LIMITS say, where they say anything; raises BadRequest when that is no number."""
    found = []
    for name in LIMITS:
        value = os.environ.get(name, "").strip()
        if value and not value.isdecimal():
            raise BadRequest(f"the environment says {name}={value}, which is no number of cores; correct or unset it")
        found += [int(value)] if value else []
    return found


def _cores_here() -> int:
    """By affinity and quota; loky knows where the kinds of containers write theirs."""
    try:
        from loky import cpu_count

        return int(cpu_count())
    except (ImportError, OSError, ValueError):  # no semaphores here, or nothing that can be read
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
