"""Morris's screening: what each parameter does, one at a time, along trajectories through the whole space."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pandas as pd

from experiments.engine.errors import extra_needed
from experiments.sensitivity.ranges import Uncertain
from experiments.sensitivity.samples import LEVELS, Floats, Sample, problem

RESAMPLES, LEVEL = 1000, 0.95
#: How far Morris moves a parameter, as a share of its range.
STEP = LEVELS / (2 * (LEVELS - 1))
COLUMNS = (
    "path", "low", "high", "mu", "mu_star", "mu_star_low", "mu_star_high", "sigma", "luck", "beyond_luck", "effects"
)  # fmt: skip


def screen(sample: Sample, values: Floats) -> pd.DataFrame:
    """One row per parameter, the largest mu* first.

    `values` has a row per point of the sample and a column per replication; a point with a failed run is missing, which
    costs the effects on either side of it and no more (`effects` counts those there are). mu* is the mean size of the
    change of the outcome as the parameter goes through its range, sigma the spread of that change over the space; mu*
    has SALib's bootstrap interval over trajectories. `luck` is the mu* that a parameter would show which does nothing
    but deal the cards anew; `beyond_luck` says that the interval lies above it.
    """
    effects = elementary_effects(sample, values)
    rows = [
        {"path": one.path, "low": one.low, "high": one.high, **_of_one(one, effects[:, place])}
        for place, one in enumerate(sample.uncertain)
    ]
    table = pd.DataFrame(rows)
    # Without a second replication luck is unknown, and nothing can be said to lie beyond it.
    table["beyond_luck"] = (table["mu_star_low"] > table["luck"]) & (table["mu_star"] > 0)
    return table[list(COLUMNS)].sort_values("mu_star", ascending=False, kind="stable", ignore_index=True)


def _of_one(one: Uncertain, effects: Floats) -> dict[str, float]:
    """The measures of one parameter from its effects: [trajectory, replication]."""
    with extra_needed("analysis", "sensitivity"):
        from SALib.analyze import morris
    there = effects[np.isfinite(effects).all(axis=1)]
    if not len(there):
        return dict.fromkeys(("mu", "mu_star", "mu_star_low", "mu_star_high", "sigma", "luck"), math.nan) | {
            "effects": 0
        }
    # As trajectories of two points each, so that SALib needs no whole ones.
    ends = np.tile([[0.0], [STEP]], (len(there), 1))
    outcome = np.column_stack([np.zeros(len(there)), STEP * there.mean(axis=1)]).ravel()
    with warnings.catch_warnings(), np.errstate(invalid="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)  # one effect has no spread
        found = morris.analyze(
            problem([one]), ends, outcome, num_resamples=RESAMPLES, conf_level=LEVEL, num_levels=LEVELS, seed=1
        )
    mu, mu_star, sigma, half = (float(found[name][0]) for name in ("mu", "mu_star", "sigma", "mu_star_conf"))
    return {
        "mu": mu, "mu_star": mu_star, "mu_star_low": max(mu_star - half, 0.0), "mu_star_high": mu_star + half,
        "sigma": sigma, "luck": luck_of_effects(there), "effects": len(there),
    }  # fmt: skip


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


def luck_of_effects(effects: Floats) -> float:
    """The mean size of an effect that is luck alone, from [trajectory, replication]; missing for one replication.

    Replications of one effect differ by luck only: their spread, pooled over trajectories, is that of their mean.
    """
    replications = effects.shape[1]
    if replications < 2:
        return math.nan
    return math.sqrt(float(effects.var(axis=1, ddof=1).mean()) / replications) * math.sqrt(2 / math.pi)
