"""What a policy is judged by: indicators of the last twelve months, jobs by age, and what the policy spends a year."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from model.specification import in_force

if TYPE_CHECKING:
    from experiments.search.policy_file import Lever, PolicySearch

#: The end of a run that is judged: a year, so that no season is left in it.
WINDOW = 12
SPENDING = "spending"
#: How the names of indicators begin that tell what a policy costs the budget a year.
COST = "cost_"
JOBLESS_YOUTH, PRICE = "unemployed_16_24", "yuan_per_jobless_youth_less"
#: People of an age with a job, and without: their labour force times the share that is not unemployed, or is.
_AGES = ("16_24", "25_29", "30_59", "over_35", "graduates")

#: Indicators, averaged over the end of one run.
Means = Mapping[str, float]


def all_measures() -> tuple[str, ...]:
    """Every name that a target may have."""
    return (SPENDING, *(f"{what}employed_{age}" for what in ("", "un") for age in _AGES), *in_force().indicator)


def means_of(columns: Mapping[str, Any]) -> dict[str, float]:
    """The mean of every indicator over the last months of one run, over those in which it exists."""
    found = {}
    for name in in_force().indicator:
        end = np.asarray(columns[name], np.float64)[-WINDOW:]
        known = end[np.isfinite(end)]
        found[name] = float(known.mean()) if known.size else math.nan
    return found


def measured(name: str, search: PolicySearch, policy: Mapping[str, float], means: Means, as_it_is: Means) -> float:
    """One measure of one run under a policy; `as_it_is` are the means of the same replication without one."""
    if name == SPENDING:
        told = sum(spent(lever, policy.get(lever.path, lever.own), means, as_it_is) for lever in search.levers)
        return told + (_budget(means) - _budget(as_it_is) if search.counts else 0.0)
    return _read(name, means)


def spent(lever: Lever, value: float, means: Means, as_it_is: Means) -> float:
    """What a lever costs a year, in yuan, beyond what the scenario itself spends on it."""
    if lever.cost is None or value == lever.own:
        return 0.0
    factors = [_read(name, means) for name in lever.cost.times]
    factors += [_read(name, as_it_is) for name in lever.cost.times_as_it_is]
    return lever.cost.amount * (value - lever.own) * math.prod(factors)


def _budget(means: Means) -> float:
    """What all policies together cost the budget a year, as the model counts it."""
    return sum(value for name, value in means.items() if name.startswith(COST))


def _read(name: str, means: Means) -> float:
    if name in means:
        return means[name]
    what, _, age = name.partition("employed_")
    rate = means[f"unemployment_rate_{age}"]
    return means[f"labour_force_{age}"] * (rate if what else 1 - rate)


def base_of(name: str) -> str:
    """The indicator that counts the people a measure rests on."""
    indicator = in_force().indicator.get(name)
    return indicator.base if indicator is not None else f"labour_force_{name.partition('employed_')[2]}"
