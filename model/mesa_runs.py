"""What Mesa says of a run: its seed, in all the forms Mesa takes, and which run of `mesa.batch_run` it is."""

from __future__ import annotations

import inspect
import sys
import warnings
from numbers import Integral
from typing import Any

import numpy as np

from model.scenario.scenario import Scenario

#: One more than the largest seed of a replication, as a table keeps it.
SEEDS = 2**63


def checked_seed(rng: Any) -> Any:
    """What Mesa takes for a seed, with whole numbers as Python's own.

    Raises TypeError for words, truths and fractions, which NumPy would refuse or Python's `random` take in silence, and
    ValueError for a number below 0.
    """
    if isinstance(rng, bool | np.bool_ | float | str | bytes):
        raise TypeError(f"a seed is a whole number from 0 up, or a NumPy generator or SeedSequence; not {rng!r:.60}")
    if not isinstance(rng, Integral):
        return rng
    if rng < 0:
        raise ValueError(f"a seed is a whole number from 0 up, not {rng}")
    return int(rng)


# --- mesa.batch_run ---------------------------------------------------------------------------------------------------
# It calls a model with its parameters alone, the same ones in every iteration; which iteration it is stands in the
# frames that called, as `run`: its number, the iteration, the parameters, which are also what the table tells of it.
# Where they look otherwise in a version to come, nothing is found and every run has the scenario's seed, unless one is
# given.


def iteration_of_batch_run() -> int:
    """Which iteration `mesa.batch_run` is making, from 0; 0 outside of it."""
    match _caller_s("_model_run_func", "run"):
        case (_, int(iteration), _):
            return iteration
    return 0


def note_in_batch_run(seed: int) -> None:
    """Have the table of `mesa.batch_run` tell the seed as `rng`, where it was not given under that name."""
    match _caller_s("_model_run_func", "run"):
        case (_, _, dict(parameters)) if parameters.get("rng") is None:
            parameters["rng"] = seed


def tell_what_batch_run_drops(scenario: Scenario) -> None:
    """Say, in the first run without a seed, what `mesa.batch_run` was told and has not handed on.

    Raises ValueError for seeds that it has overwritten; warns of replications, which it does not read.
    """
    match _caller_s("_model_run_func", "run"):
        case (0, 0, _):
            pass
        case _:
            return
    overwritten = _caller_s("batch_run", "rng_kwarg_name")  # which Mesa 3.5 chooses by what the model takes
    if overwritten in (_caller_s("batch_run", "parameters") or ()):
        raise ValueError(
            f"Mesa 3.5 overwrites the parameter {overwritten!r}: give seeds as batch_run(..., rng=[1, 2, 3]); "
            f"a model that takes rng and seed, as LabourMarket does, may have them as parameter 'rng', too"
        )
    runs = _caller_s("batch_run", "runs_list")  # not to be seen from a worker
    if scenario.replications > 1 and (runs is None or all(iteration == 0 for _, iteration, _ in runs)):
        warnings.warn(
            f"the scenario asks for {scenario.replications} replications, which mesa.batch_run does not read: "
            f"iterations={scenario.replications} (Mesa 3.5: rng=[None] * {scenario.replications}) makes so many, "
            f"'python run.py batch' reads them",
            stacklevel=2,
        )


def _caller_s(function: str, variable: str) -> Any:
    """A variable of a function of Mesa's batch runner that has called us, None when none has."""
    code = getattr(getattr(sys.modules.get("mesa.batchrunner"), function, None), "__code__", None)
    frame = inspect.currentframe() if code else None
    while frame and frame.f_code is not code:
        frame = frame.f_back
    return frame.f_locals.get(variable) if frame else None
