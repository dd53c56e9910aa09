"""The pooled forecast, what to quote: quantiles averaged over methods by weights that earlier origins chose.

Quantiles are averaged, not distributions: the mean of forecasts that are each about as wide as they should be keeps
their width, where a mixture would be wider than all of them. One factor for the width is learnt with the weights.
Nothing but forecasts whose month had come by the origin is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import minimize  # type: ignore[import-untyped]

from experiments.forecast.history import GROUPS, LEVELS, Floats
from experiments.forecast.outlooks import ALL_METHODS, Outlooks
from experiments.forecast.simple import LONGEST

if TYPE_CHECKING:
    import pandas as pd

#: Horizons that share their weights.
HORIZONS = ((1, 2), (3, 6), (7, LONGEST))
#: What a forecast of another group counts beside one of the same, and how soon the past is forgotten, in months.
OTHERS, HALF_LIFE = 0.25, 24.0
#: How many forecasts the belief counts for that all methods are alike and the width is right.
BELIEF = 4.0
_WIDTH_SPREAD = 0.3
#: Every fifth level: enough to learn from.
_SOME = slice(4, None, 5)


@dataclass(frozen=True)
class Weights:
    """Shares of the methods, and the factor on the width, by group of horizons."""

    shares: Floats
    width: Floats

    def of(self, horizon: int) -> tuple[Floats, float]:
        """Those of a horizon."""
        place = next(place for place, (_, last) in enumerate(HORIZONS) if horizon <= last)
        return self.shares[place], float(self.width[place])


def averaged(quantiles: Floats, shares: Floats, width: float) -> Floats:
    """Quantiles [..., method, level] averaged; methods that are silent leave their share to the others."""
    heard = ~np.isnan(quantiles[..., :1]) * shares[:, None]
    total = heard.sum(axis=-2)
    with np.errstate(invalid="ignore"):
        mean = (np.nan_to_num(quantiles) * heard).sum(axis=-2) / total
    middle = mean[..., mean.shape[-1] // 2, None]
    found: Floats = middle + width * (mean - middle)
    return found


def pinball(truth: Floats, quantiles: Floats, levels: Floats) -> Floats:
    """Twice the mean quantile score: the CRPS of what these quantiles say."""
    off = truth[..., None] - quantiles
    found: Floats = 2 * np.maximum(levels * off, (levels - 1) * off).mean(axis=-1)
    return found


def weights(outlooks: Outlooks, group: str, origin: int) -> Weights:
    """The weights at an origin, from forecasts whose month had come."""
    found = [_learnt(*_earlier(outlooks, group, origin, first, last)) for first, last in HORIZONS]
    return Weights(np.array([shares for shares, _ in found]), np.array([width for _, width in found]))


def pooled(outlooks: Outlooks, group: str, origin: int) -> Floats:
    """The pooled quantiles of a group at an origin: [horizon, level]."""
    chosen, said = weights(outlooks, group, origin), outlooks.quantiles[origin, :, list(GROUPS).index(group)]
    return np.array([averaged(said[:, ahead], *chosen.of(ahead + 1)) for ahead in range(LONGEST)])


def weights_table(outlooks: Outlooks, origin: int) -> pd.DataFrame:
    """What each method weighs in the pool at an origin, in shares, and the factor on the width."""
    import pandas as pd

    rows = []
    for group in GROUPS:
        if outlooks.known(group, origin):
            chosen = weights(outlooks, group, origin)
            for (first, last), shares, width in zip(HORIZONS, chosen.shares, chosen.width, strict=True):
                told = dict(zip(ALL_METHODS, shares.round(4), strict=True))
                rows.append({"group": group, "horizons": f"{first}-{last}", **told, "width": round(width, 4)})
    return pd.DataFrame(rows)


def _earlier(outlooks: Outlooks, group: str, origin: int, first: int, last: int) -> tuple[Floats, Floats, Floats]:
    """Forecasts [case, method, level] of these horizons that could be checked by then, what came, their weight."""
    horizon = np.arange(first, last + 1)
    quantiles, truth = outlooks.quantiles[: origin + 1], outlooks.truth[: origin + 1]
    came = np.arange(origin + 1)[:, None] + horizon
    cases: list[tuple[Floats, Floats, Floats]] = []
    for place, name in enumerate(GROUPS):
        said = quantiles[:, :, place, first - 1 : last][..., _SOME].transpose(0, 2, 1, 3)
        then = truth[:, place, first - 1 : last]
        use = (came <= origin) & ~np.isnan(then) & ~np.isnan(said[..., 0]).all(axis=-1)
        rates = outlooks.history.rates[name][: origin + 1]
        usual = np.nanmean(np.abs(np.diff(rates))) if use.any() else 1.0
        weight = (1.0 if name == group else OTHERS) * 0.5 ** ((origin - came[use]) / HALF_LIFE) / len(horizon)
        cases.append((said[use] / usual, then[use] / usual, weight))
    said, then, weight = (np.concatenate(parts) for parts in zip(*cases, strict=True))
    return said, then, weight


def _learnt(said: Floats, then: Floats, weight: Floats) -> tuple[Floats, float]:
    """Shares and width that make the CRPS smallest, drawn towards equal shares and an unchanged width."""
    methods, levels = len(ALL_METHODS), LEVELS[_SOME]

    def shares(numbers: Floats) -> Floats:
        raised = np.exp(numbers - numbers.max())
        return np.asarray(raised / raised.sum())

    def loss(numbers: Floats) -> float:
        chosen, width = shares(numbers[:-1]), np.exp(numbers[-1])
        missed = weight @ pinball(then, averaged(said, chosen, width), levels) if len(then) else 0.0
        belief = BELIEF / 10 * (-np.log(np.maximum(chosen, 1e-9)).mean() + (numbers[-1] / _WIDTH_SPREAD) ** 2)
        return float(missed + belief)

    best: Any = minimize(loss, np.zeros(methods + 1), method="L-BFGS-B", options={"maxiter": 60})
    return shares(best.x[:-1]), float(np.exp(best.x[-1]))
