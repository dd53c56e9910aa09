"""What the structure alone says: the campaign's worlds bent to the months known, and what they miss carried on.

The prior runs are moved towards the official months to the origin by an ensemble smoother (Emerick and Reynolds 2013,
four steps): with fifteen free parameters hardly any prior run lies near the data, so that weighting would leave one
alone, where moving keeps all. What a world then still misses has three parts, each with a size of its own, fitted by
likelihood to the months before the origin and no others: a level that drifts slowly, a miss with a decay, and a season
that repeats. They are carried past the origin as a Gaussian process says.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve  # type: ignore[import-untyped]
from scipy.optimize import minimize  # type: ignore[import-untyped]

from experiments.calibration.targets import STARTING_MONTHS
from experiments.forecast.campaign import SERIES, Campaign
from experiments.forecast.history import GROUPS, LEVELS, ROUNDING_SD, Floats, History
from experiments.forecast.knowledge import LONGEST, origins
from experiments.forecast.simple import TAILS
from model.country.china import CHINA
from model.schedule import month_index

Months = NDArray[np.int64]
#: Steps of the smoother, each with so much less weight on the data.
STEPS = 4
#: What a world may miss in a series, in log points: a level, and month by month with memory (assumptions; the sizes of
#: experiments/calibration/targets.py relative to the rates).
LEVEL_SD, MONTH_SD, MEMORY = 0.03, 0.03, 0.7
#: How much of it the series share: what moves one age moves all.
SHARED = 0.5
#: Prior of the misses, in log points: level that drifts, miss with a decay, season, luck of a month; and of the decay.
SIZES, SPREAD = np.log([0.02, 0.02, 0.02, 0.005]), 0.7
DECAY, DECAY_SPREAD = 1.5, 0.7  # of log(rho / (1 - rho)): rho about 0.82 a month
#: In how many months the level and the season forget (assumption).
LEVEL_MONTHS, SEASON_MONTHS = 36.0, 60.0


@dataclass(frozen=True)
class Misses:
    """How a series departs from a world: standard deviations in log points, and the share left after a month."""

    level: float
    month: float
    season: float
    luck: float
    decay: float

    @classmethod
    def of(cls, numbers: Floats) -> Misses:
        """From five unbounded numbers."""
        level, month, season, luck = (float(size) for size in np.exp(numbers[:4]))
        return cls(level, month, season, luck, float(1 / (1 + np.exp(-numbers[4]))))

    def covariance(self, first: Months, second: Months) -> Floats:
        """Between misses of months, luck and rounding left out."""
        apart = np.abs(first[:, None] - second[None, :])
        season = np.where(apart % 12 == 0, 1.0, -1 / 11) * np.exp(-apart / SEASON_MONTHS)
        found: Floats = (
            self.level**2 * np.exp(-apart / LEVEL_MONTHS) + self.month**2 * self.decay**apart + self.season**2 * season
        )
        return found


def conditioned(campaign: Campaign, history: History, surprise: Floats) -> Floats:
    """Points of the box moved to the official months to the origin: [member, parameter].

    `surprise[series, month]` is what knowing less moves the worlds by, before the origin too: a survey that is not out
    yet is not known of the past either.
    """
    rng = np.random.default_rng(history.origin)
    rows = [
        (place, month) for place, name in enumerate(SERIES) for month in np.flatnonzero(~np.isnan(history.rates[name]))
    ]
    series, month = np.array(rows).T
    official = np.log(
        [history.rates[name][at] for name, at in zip((list(SERIES)[s] for s in series), month, strict=True)]
    )
    noise = _noise(series, month, official, campaign.surface_sd)
    root = np.linalg.cholesky(noise)
    points = campaign.points
    for _ in range(STEPS):
        paths = (campaign.paths(points) + surprise)[:, series, month]
        off_points, off_paths = points - points.mean(axis=0), paths - paths.mean(axis=0)
        together = off_points.T @ off_paths / (len(points) - 1)
        spread = off_paths.T @ off_paths / (len(points) - 1) + STEPS * noise
        shaken = official + np.sqrt(STEPS) * rng.standard_normal(paths.shape) @ root.T
        points = np.clip(points + (shaken - paths) @ np.linalg.solve(spread, together.T), -1.0, 1.0)
    return points


def _noise(series: Months, month: Months, official: Floats, surface_sd: Floats) -> Floats:
    """Covariance of what a world may miss, in log points."""
    apart = np.abs(month[:, None] - month[None, :])
    shared = np.where(series[:, None] == series[None, :], 1.0, SHARED)
    level = np.sqrt(LEVEL_SD**2 + surface_sd[series] ** 2)
    found: Floats = shared * (np.outer(level, level) + MONTH_SD**2 * MEMORY**apart)
    own = [
        figure_sd(list(SERIES)[one], at, rate) for one, at, rate in zip(series, month, np.exp(official), strict=True)
    ]
    found += np.diag(np.square(own))
    return found


def figure_sd(series: str, month: int, rate: float) -> float:
    """What a published figure itself may be off by, in log points; the start of a new survey tells next to nothing."""
    beginning = series == "25_29" and month < month_index(CHINA.official.new_definition) + STARTING_MONTHS
    return 1.0 if beginning else float(ROUNDING_SD / rate)


def forecast(campaign: Campaign, history: History, *, realised: bool = False) -> dict[str, Floats]:
    """Quantiles in percent of every group for the months after the origin: [horizon, level]."""
    row, past = origins().index(history.label), np.arange(len(origins()))
    surprise = np.zeros_like(campaign.surprise[row]) if realised else campaign.surprise[row]
    paths = campaign.paths(conditioned(campaign, history, surprise)) + surprise
    rng = np.random.default_rng(1 + history.origin)
    found = {}
    for group in GROUPS:
        place = list(SERIES).index(group)
        earlier = campaign.surprise[past < row, place]
        unforeseen = np.zeros(LONGEST) if realised else _unforeseen(earlier, history.origin - row)
        draws = _carried(group, paths[:, place], history, unforeseen, rng)
        found[group] = np.quantile(draws, LEVELS, axis=0).T
    return found


def _unforeseen(surprises: Floats, first: int) -> Floats:
    """Usual size by horizon, in log points, of what surprises after earlier origins did to the rates.

    `surprises[origin, month]` of the origins before, the first of which is month `first`; what an origin did not know
    of its own past its misses have made good.
    """
    rows, sizes = np.arange(len(surprises)), np.zeros(LONGEST)
    for ahead in range(LONGEST):
        checked = rows[: max(0, len(rows) - ahead)]
        grown = surprises[checked, first + checked + ahead + 1] - surprises[checked, first + checked]
        sizes[ahead] = 1.2533 * np.abs(grown).mean() if len(checked) else 0.0
    return sizes


def _carried(group: str, paths: Floats, history: History, unforeseen: Floats, rng: np.random.Generator) -> Floats:
    """Draws of the rates in percent after the origin: a world's path, its misses carried on, surprises, rounding."""
    rates = history.rates[group]
    known: Months = np.flatnonzero(~np.isnan(rates))
    ahead: Months = history.origin + 1 + np.arange(LONGEST)
    missed = np.log(rates[known]) - paths[:, known]
    own = np.array([figure_sd(group, month, rates[month]) for month in known])
    misses = _fitted(missed.mean(axis=0), known, own)
    within = cho_factor(misses.covariance(known, known) + np.diag(own**2 + misses.luck**2))
    across = misses.covariance(ahead, known)
    centre = paths[:, ahead] + missed @ cho_solve(within, across.T)
    covariance = misses.covariance(ahead, ahead) - across @ cho_solve(within, across.T)
    covariance += (misses.luck**2 + 1e-10) * np.eye(LONGEST) + np.outer(unforeseen, unforeseen)
    noise = rng.standard_normal(centre.shape) @ np.linalg.cholesky(covariance).T
    # Jumps come now and then: tails of Student's kind, with the same spread.
    heavy = np.sqrt(TAILS.args[0] / rng.chisquare(TAILS.args[0], (len(centre), 1))) * np.sqrt(1 - 2 / TAILS.args[0])
    draws: Floats = np.exp(centre + noise * heavy) + ROUNDING_SD * rng.standard_normal(centre.shape)
    return draws


def _fitted(missed: Floats, known: Months, own: Floats) -> Misses:
    """The sizes and the decay that make what the worlds missed most likely, drawn towards what was believed."""
    centre, spread = np.append(SIZES, DECAY), np.append(np.full(4, SPREAD), DECAY_SPREAD)

    def loss(numbers: Floats) -> float:
        misses = Misses.of(numbers)
        covariance = misses.covariance(known, known) + np.diag(own**2 + misses.luck**2)
        root = cho_factor(covariance, lower=True)
        fit = 0.5 * missed @ cho_solve(root, missed) + np.log(np.diag(root[0])).sum()
        return float(fit + 0.5 * np.sum(((numbers - centre) / spread) ** 2))

    return Misses.of(minimize(loss, centre, method="L-BFGS-B", options={"maxiter": 40}).x)
