"""The pooled forecast, what to quote: quantiles averaged over methods by weights that earlier origins chose.

Quantiles are averaged, not distributions: the mean of forecasts that are each about as wide as they should be keeps
their width, where a mixture would be wider than all of them. The CRPS hardly feels the width, so that is set after
the weights: a factor with which the 80 % band would have held four times in five among the group's own forecasts so
far, drawn towards one while they are few (as conformal prediction does: Romano, Patterson and Candes 2019).
Nothing but forecasts whose month had come by the origin is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
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
#: How often the band should hold that sets the width.
BAND = 0.8
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
    cases = [_earlier(outlooks, group, origin, first, last) for first, last in HORIZONS]
    shares = [_learnt(each) for each in cases]
    return Weights(np.array(shares), np.array([_width(*both) for both in zip(cases, shares, strict=True)]))


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


@dataclass(frozen=True)
class _Cases:
    """Forecasts [case, method, level] that could be checked by an origin, what came, their weight, whose they are."""

    said: Floats
    then: Floats
    weight: Floats
    own: NDArray[np.bool_]


def _earlier(outlooks: Outlooks, group: str, origin: int, first: int, last: int) -> _Cases:
    """Forecasts of these horizons that could be checked by then, in units of a group's usual change."""
    horizon = np.arange(first, last + 1)
    quantiles, truth = outlooks.quantiles[: origin + 1], outlooks.truth[: origin + 1]
    came = np.arange(origin + 1)[:, None] + horizon
    cases: list[tuple[Floats, Floats, Floats, NDArray[np.bool_]]] = []
    for place, name in enumerate(GROUPS):
        said = quantiles[:, :, place, first - 1 : last][..., _SOME].transpose(0, 2, 1, 3)
        then = truth[:, place, first - 1 : last]
        use = (came <= origin) & ~np.isnan(then) & ~np.isnan(said[..., 0]).all(axis=-1)
        rates = outlooks.history.rates[name][: origin + 1]
        usual = np.nanmean(np.abs(np.diff(rates))) if use.any() else 1.0
        weight = (1.0 if name == group else OTHERS) * 0.5 ** ((origin - came[use]) / HALF_LIFE) / len(horizon)
        cases.append((said[use] / usual, then[use] / usual, weight, np.full(len(weight), name == group)))
    return _Cases(*(np.concatenate(parts) for parts in zip(*cases, strict=True)))


def _learnt(cases: _Cases) -> Floats:
    """Shares that make the CRPS smallest, together with a width common to all groups, drawn towards equal shares."""
    methods, levels = len(ALL_METHODS), LEVELS[_SOME]

    def shares(numbers: Floats) -> Floats:
        raised = np.exp(numbers - numbers.max())
        return np.asarray(raised / raised.sum())

    def loss(numbers: Floats) -> float:
        chosen, width = shares(numbers[:-1]), np.exp(numbers[-1])
        missed = 0.0
        if len(cases.then):
            missed = float(cases.weight @ pinball(cases.then, averaged(cases.said, chosen, width), levels))
        belief = BELIEF / 10 * (-np.log(np.maximum(chosen, 1e-9)).mean() + (numbers[-1] / _WIDTH_SPREAD) ** 2)
        return float(missed + belief)

    best: Any = minimize(loss, np.zeros(methods + 1), method="L-BFGS-B", options={"maxiter": 60})
    return shares(best.x[:-1])


def _width(cases: _Cases, shares: Floats) -> float:
    """The factor with which the 80 % band of a group would have held four times in five so far, drawn towards one."""
    levels, own = LEVELS[_SOME], cases.own
    if not own.any():
        return 1.0
    said, ends = averaged(cases.said[own], shares, 1.0), ((1 - BAND) / 2, 0.5, (1 + BAND) / 2)
    low, middle, high = (said[:, int(np.argmin(np.abs(levels - level)))] for level in ends)
    then, weight = cases.then[own], cases.weight[own]
    needed = np.where(then < middle, (middle - then) / (middle - low), (then - middle) / (high - middle))
    order = np.argsort(needed)
    held = np.cumsum(weight[order]) / weight.sum()
    asked = needed[order][np.searchsorted(held, BAND)]
    return float(np.exp(weight.sum() / (weight.sum() + BELIEF) * np.log(max(asked, 0.1))))
