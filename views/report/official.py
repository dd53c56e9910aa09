"""The bureau's published months, to be set beside the model."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from model.results import rms
from model.specification import in_force


def published(name: str, *, earlier: bool = False) -> dict[str, float]:
    """Official months of an indicator as fractions; empty when the bureau publishes none."""
    country = in_force().country
    group = (country.official.earlier if earlier else country.official.groups).get(name, "")
    return {month: percent / 100 for month, percent in country.published.percents(group).items()}


@dataclass(frozen=True, slots=True)
class Fit:
    """How far the model's mean lies from the official months, in fractions."""

    months: int
    rmse: float
    bias: float


def fit(name: str, means: dict[str, float]) -> Fit | None:
    """Root mean square error and bias over the months both have; nothing when they share none."""
    gaps = [
        means[month] - rate for month, rate in published(name).items() if month in means and math.isfinite(means[month])
    ]
    if not gaps:
        return None
    return Fit(len(gaps), rms(np.array(gaps)), sum(gaps) / len(gaps))
