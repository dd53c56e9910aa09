"""Simple forecasts of the official months: what a forecast has to beat.

They know the official months up to the origin and nothing else. The model's error on the same months is no forecast's
(it is given growth, graduates and holidays as they came, and was fitted with these months in view), so it does not
stand beside them.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.official_months import LAST_SCORED, official_months
from experiments.validation.evidence import Floats
from experiments.validation.series_checks import ALL, SERIES
from model.country.china import CHINA
from model.results import rms

if TYPE_CHECKING:
    import pandas as pd

#: The last month that the forecasts know.
ORIGIN = "2024-11"
SEASON = 12
#: The textbook model of a seasonal series (Box and Jenkins' airline model).
ORDER, SEASONAL_ORDER = (0, 1, 1), (0, 1, 1, SEASON)


def constant(past: Sequence[float], horizon: int) -> Floats:
    """The mean of what is known."""
    return np.full(horizon, float(np.mean(past)))


def seasonal_naive(past: Sequence[float], horizon: int) -> Floats:
    """The same month of the last known year."""
    return np.array([past[len(past) - SEASON + step % SEASON] for step in range(horizon)])


def drift(past: Sequence[float], horizon: int) -> Floats:
    """The last value, going on by the mean change so far."""
    slope = (past[-1] - past[0]) / (len(past) - 1)
    path: Floats = past[-1] + slope * np.arange(1.0, horizon + 1)
    return path


def sarima(past: Sequence[float], horizon: int) -> Floats:
    """A seasonal ARIMA model fitted by maximum likelihood. Raises ImportError where statsmodels is not installed."""
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of optimisers; a poor fit shows in its score
        model = SARIMAX(np.asarray(past), order=ORDER, seasonal_order=SEASONAL_ORDER, concentrate_scale=True)
        fitted = model.fit(disp=False)
    return np.asarray(fitted.forecast(horizon), np.float64)


Forecast = Callable[[Sequence[float], int], Floats]
SIMPLE: dict[str, Forecast] = {"constant": constant, "seasonal naive": seasonal_naive, "drift": drift}
SARIMA = "SARIMA (0,1,1)(0,1,1)12"


@dataclass(frozen=True, slots=True)
class Score:
    """How far one method is from the official months of one group, in points; missing where it could not be tried."""

    group: str
    method: str
    known_from: str
    known_to: str
    known: int
    scored: int
    rmse: float
    note: str = ""


def scores() -> list[Score]:
    """All methods on the months after the origin, by group."""
    return [score for indicator, _, words, _ in SERIES for score in _of_group(indicator, words)]


def _of_group(indicator: str, words: str) -> list[Score]:
    known = official_months(indicator, "2018-01" if indicator == ALL else CHINA.official.new_definition, ORIGIN)
    ahead = {month: rate for month, rate in official_months(indicator).items() if ORIGIN < month <= LAST_SCORED}
    past, truth = list(known.values()), np.array(list(ahead.values()))
    frame = (min(known), max(known), len(known), len(ahead))
    found = [Score(words, name, *frame, rms(method(past, len(truth)) - truth)) for name, method in SIMPLE.items()]
    if indicator == ALL:
        found.append(_sarima_score(words, frame, past, truth))
    return found


def _sarima_score(words: str, frame: tuple[str, str, int, int], past: list[float], truth: Floats) -> Score:
    try:
        return Score(words, SARIMA, *frame, rms(sarima(past, len(truth)) - truth))
    except ImportError:
        missing = "statsmodels is not installed; pip install -e '.[analysis]'"
        return Score(words, SARIMA, *frame, float("nan"), missing)


def score_table(found: Sequence[Score]) -> pd.DataFrame:
    """The scores as a table, a row per group and method."""
    import pandas as pd

    return pd.DataFrame([{name: getattr(score, name) for name in Score.__slots__} for score in found])
