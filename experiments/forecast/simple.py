"""The simple forecasts that have to be beaten: each knows the official months of one series to the origin, no more.

Each gives points; how far such points have been off before, at the same horizon, gives the spread around them.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import stats  # type: ignore[import-untyped]

from experiments.engine.errors import extra_needed
from experiments.forecast.history import ALL_SERIES, GROUPS, LEVELS, Floats, History

SEASON, LONGEST = 12, 12
#: The textbook model of a seasonal series (Box and Jenkins' airline model).
ORDER, SEASONAL_ORDER = (0, 1, 1), (0, 1, 1, SEASON)
#: A model with a season wants two of them and a month.
SEASONAL_NEEDS = 2 * SEASON + 1
#: Relative error that is expected of a method that has made none yet (assumption), and how many errors it counts for.
USUAL_ERROR, COUNTS_FOR = 0.05, 3.0
#: Errors of long ago count less: by half for every year.
HALF_LIFE = 12.0
#: What is left a month later of how far a rate is from its year before (assumption: half of it in half a year).
FADES = 0.9
#: Tails: unemployment jumps now and then (Student's, degrees of freedom; assumption).
TAILS = stats.t(5)
_TAIL = TAILS.ppf(LEVELS) / TAILS.expect(abs)


def seasonal_naive(past: Floats) -> Floats | None:
    """The same month of the last known year."""
    return past[-SEASON:] if len(past) >= SEASON else None


def seasonal_moved(past: Floats) -> Floats | None:
    """The same month of the last known year, moved by how far the last month is from its own, less every month."""
    if len(past) <= SEASON:
        return None
    path: Floats = past[-SEASON:] + (past[-1] - past[-1 - SEASON]) * FADES ** np.arange(1.0, LONGEST + 1)
    return path


def persistence(past: Floats) -> Floats | None:
    """The last month goes on."""
    return np.full(LONGEST, past[-1]) if len(past) else None


def drift(past: Floats) -> Floats | None:
    """The last month, going on by the mean change so far."""
    if len(past) < SEASON:
        return None
    path: Floats = past[-1] + (past[-1] - past[0]) / (len(past) - 1) * np.arange(1.0, LONGEST + 1)
    return path


def sarima(past: Floats) -> Floats | None:
    """A seasonal ARIMA model (the airline model) fitted by maximum likelihood."""
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    if len(past) < SEASONAL_NEEDS:
        return None
    model = SARIMAX(past, order=ORDER, seasonal_order=SEASONAL_ORDER, concentrate_scale=True, simple_differencing=True)
    fitted = _quietly(lambda: model.fit(disp=False))
    return np.asarray(SARIMAX(
        past, order=ORDER, seasonal_order=SEASONAL_ORDER, concentrate_scale=True
    ).filter(fitted.params).forecast(LONGEST), np.float64)  # fmt: skip


def ets(past: Floats) -> Floats | None:
    """Exponential smoothing with a damped trend and an additive season."""
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    if len(past) < SEASONAL_NEEDS:
        return None
    model = ExponentialSmoothing(past, trend="add", damped_trend=True, seasonal="add", seasonal_periods=SEASON)
    return np.asarray(_quietly(model.fit).forecast(LONGEST), np.float64)


def _quietly(fit: Callable[[], Any]) -> Any:
    """Without the warnings of optimisers: a poor fit shows in its score."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return fit()


METHODS: Mapping[str, Callable[[Floats], Floats | None]] = {
    "seasonal_naive": seasonal_naive, "persistence": persistence, "drift": drift, "sarima": sarima, "ets": ets,
    "seasonal_moved": seasonal_moved,
}  # fmt: skip
#: Those of the textbooks, named before any was scored: the pool is held against the best of them. The other was devised
#: for the pool, with scores in view.
RIVALS = ("seasonal_naive", "persistence", "drift", "sarima", "ets")
#: Those that take their time.
SLOW = ("sarima", "ets")


def analysis_or_explain() -> None:
    """Raise BadRequest where what the extra `analysis` brings is missing."""
    with extra_needed("analysis", "forecast"):
        import scoringrules  # noqa: F401
        import statsmodels  # noqa: F401


def points_of(history: History) -> Floats:
    """The points of every method for every series, as known at the origin of a history: [method, series, horizon]."""
    found = np.full((len(METHODS), len(ALL_SERIES), LONGEST), np.nan)
    for row, (method, ahead) in enumerate(METHODS.items()):
        for column, series in enumerate(ALL_SERIES):
            # What has ended is there to tell how large errors are: the quick methods suffice for that.
            if method in SLOW and series not in GROUPS:
                continue
            points = ahead(history.past(series))
            found[row, column] = np.nan if points is None else points
    return found


@dataclass(frozen=True)
class Spreads:
    """How far points have been off: `points[origin, method, series, horizon]` from 2018-01 on."""

    history: History
    points: Floats

    @cached_property
    def errors(self) -> Floats:
        """Logarithms of the official rate over the point, NaN where either is missing."""
        ahead = np.arange(len(self.points))[:, None] + 1 + np.arange(LONGEST)
        rates = np.array([self.history.rates[series] for series in ALL_SERIES])
        truth = np.where(ahead < rates.shape[1], rates[:, np.minimum(ahead, rates.shape[1] - 1)], np.nan)
        found: Floats = np.log(truth.transpose(1, 0, 2)[:, None] / np.maximum(self.points, 0.1))
        return found

    def quantiles(self, method: str, group: str, origin: int) -> Floats:
        """The forecast of a group at an origin in percent: [horizon, level]; NaN where the method is silent."""
        row, column = list(METHODS).index(method), list(ALL_SERIES).index(group)
        missed = np.abs(self.errors[: origin + 1, row])
        usual = self._spread(missed, origin, np.full(LONGEST, USUAL_ERROR))
        near = self._spread(missed[:, [column]], origin, usual)
        found: Floats = self.points[origin, row, column][:, None] * np.exp(near[:, None] * _TAIL)
        return found

    def _spread(self, missed: Floats, origin: int, thought: Floats) -> Floats:
        """Mean absolute error by horizon of what could be checked by the origin, drawn towards what was thought."""
        made = np.arange(len(missed))[:, None, None] + 1 + np.arange(LONGEST)
        weight = np.where((made <= origin) & ~np.isnan(missed), 0.5 ** ((origin - made) / HALF_LIFE), 0.0)
        counted, total = weight.sum(axis=(0, 1)), (weight * np.nan_to_num(missed)).sum(axis=(0, 1))
        found: Floats = (COUNTS_FOR * thought + total) / (COUNTS_FOR + counted)
        return found
