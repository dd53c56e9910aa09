"""Morris's screening: what each parameter does, one at a time, along trajectories through the whole space."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from experiments.errors import extra_needed
from experiments.sensitivity.samples import LEVELS, Floats, Sample, problem

RESAMPLES, LEVEL = 1000, 0.95
COLUMNS = ("path", "low", "high", "mu", "mu_star", "mu_star_low", "mu_star_high", "sigma", "luck", "beyond_luck")


def screen(sample: Sample, values: Floats) -> pd.DataFrame:
    """One row per parameter, the largest mu* first.

    `values` has a row per point of the sample and a column per replication. mu* is the mean size of the change of the
    outcome as the parameter goes through its range, sigma the spread of that change over the space; mu* has SALib's
    bootstrap interval over trajectories. `luck` is the mu* that a parameter would show which does nothing but deal the
    cards anew; `beyond_luck` says that the interval lies above it.
    """
    with extra_needed("analysis", "sensitivity"):
        from SALib.analyze import morris
    found = morris.analyze(
        problem(sample.uncertain), sample.unit, values.mean(axis=1), num_resamples=RESAMPLES, conf_level=LEVEL,
        num_levels=LEVELS, seed=1,
    )  # fmt: skip
    luck = luck_of_effects(elementary_effects(sample, values))
    mu_star, half = (np.asarray(found[name], np.float64) for name in ("mu_star", "mu_star_conf"))
    table = pd.DataFrame(
        {
            "path": [one.path for one in sample.uncertain],
            "low": [one.low for one in sample.uncertain],
            "high": [one.high for one in sample.uncertain],
            "mu": np.asarray(found["mu"], np.float64),
            "mu_star": mu_star,
            "mu_star_low": np.maximum(mu_star - half, 0.0),
            "mu_star_high": mu_star + half,
            "sigma": np.asarray(found["sigma"], np.float64),
            "luck": luck,
        }
    )
    # Without a second replication luck is unknown, and nothing can be said to lie beyond it.
    table["beyond_luck"] = (table["mu_star_low"] > table["luck"]) & (table["mu_star"] > 0)
    return table.sort_values("mu_star", ascending=False, kind="stable", ignore_index=True)


def elementary_effects(sample: Sample, values: Floats) -> Floats:
    """The change of the outcome per range of each parameter: [trajectory, parameter, replication]."""
    size = sample.block
    steps = np.diff(sample.unit.reshape(-1, size, sample.unit.shape[1]), axis=1)
    changes = np.diff(values.reshape(-1, size, values.shape[1]), axis=1)
    moved = np.abs(steps).argmax(axis=2)
    by = np.take_along_axis(steps, moved[:, :, None], axis=2)
    effects = np.empty_like(changes)
    np.put_along_axis(effects, np.broadcast_to(moved[:, :, None], changes.shape), changes / by, axis=1)
    return effects


def luck_of_effects(effects: Floats) -> Floats:
    """For each parameter the mean size of an effect that is luck alone; missing for one replication.

    Replications of one effect differ by luck only: their spread, pooled over trajectories, is that of their mean.
    """
    replications = effects.shape[2]
    if replications < 2:
        return np.full(effects.shape[1], np.nan)
    spread = np.sqrt(effects.var(axis=2, ddof=1).mean(axis=0) / replications)
    return np.asarray(spread * math.sqrt(2 / math.pi), np.float64)
