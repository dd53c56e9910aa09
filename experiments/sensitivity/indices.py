"""Sobol indices: which share of an outcome's variance each parameter brings, alone and together with others."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.engine.errors import extra_needed
from experiments.sensitivity.samples import Floats, Sample, problem

RESAMPLES, LEVEL = 1000, 0.95
COLUMNS = ("path", "first", "first_low", "first_high", "total", "total_low", "total_high", "luck", "beyond_luck")


@dataclass(frozen=True)
class Spread:
    """How far an outcome spreads over the sampled space, and how much of that is luck."""

    mean: float
    #: Standard deviation over the points, luck of their means included.
    sd: float
    #: Share of luck in the variance of the points' means; missing for one replication.
    luck_left: float
    #: Share of luck in the variance of a single run; missing for one replication.
    luck_of_one_run: float


def sobol_indices(sample: Sample, values: Floats) -> tuple[pd.DataFrame, Spread]:
    """First-order and total indices with SALib's bootstrap intervals, the largest total first.

    `values` has a row per point of the sample and a column per replication. `luck` is the total index that a parameter
    would show which does nothing but deal the cards anew; `beyond_luck` says that the interval lies above it.
    """
    with extra_needed("analysis", "sensitivity"):
        from SALib.analyze import sobol
    means = values.mean(axis=1)
    spread = spread_of(sample, values)
    names = ("S1", "S1_conf", "ST", "ST_conf")
    if np.ptp(means) > 0:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            found = sobol.analyze(
                problem(sample.uncertain), means, calc_second_order=False, num_resamples=RESAMPLES, conf_level=LEVEL,
                seed=1,
            )  # fmt: skip
        first, first_half, total, total_half = (np.asarray(found[name], np.float64) for name in names)
    else:  # nothing varies, so nothing has a share in it
        first = first_half = total = total_half = np.zeros(len(sample.uncertain))
    table = pd.DataFrame(
        {
            "path": [one.path for one in sample.uncertain],
            "first": first,
            "first_low": first - first_half,
            "first_high": first + first_half,
            "total": total,
            "total_low": total - total_half,
            "total_high": total + total_half,
            "luck": spread.luck_left,
        }
    )
    table["beyond_luck"] = (table["total_low"] > table["luck"]) & (table["total"] > 0)
    return table.sort_values("total", ascending=False, kind="stable", ignore_index=True), spread


def spread_of(sample: Sample, values: Floats) -> Spread:
    """Variance over the independent points of the sample, told apart into parameters and luck.

    Luck that a replication brings to all points alike shifts them together and does not spread them; what is left of it
    is the interaction of luck with the parameters, from a two-way table of points and replications.
    """
    ends = values.reshape(-1, sample.block, values.shape[1])[:, [0, -1], :].reshape(-1, values.shape[1])
    points, replications = ends.shape
    means = ends.mean(axis=1)
    variance = float(means.var(ddof=1))
    if replications < 2 or variance == 0:
        return Spread(float(means.mean()), variance**0.5, float("nan"), float("nan"))
    residual = ends - means[:, None] - ends.mean(axis=0) + ends.mean()
    interaction = float((residual**2).sum()) / ((points - 1) * (replications - 1))
    left = interaction / replications
    single = float(ends.var(axis=1, ddof=1).mean())
    parameters = max(variance - left, 0.0)
    return Spread(float(means.mean()), variance**0.5, min(left / variance, 1.0), single / (single + parameters))
