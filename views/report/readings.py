"""The monthly table, arranged for looking: means, bands and single paths by month and by year."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.results import t95
from views.words.language import phrase

if TYPE_CHECKING:
    from model.results import Table

Numbers = NDArray[np.float64]

#: From here on a percentile of the replications means something; with fewer the band is their range.
ENOUGH_FOR_PERCENTILES = 10
MONTHS_A_YEAR = 12
#: Single paths that a band keeps for whoever draws them.
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over replications with its 95 % interval; the interval is missing for one replication."""

    mean: float
    low: float
    high: float

    @property
    def certain(self) -> bool:
        """Whether the interval leaves zero out, so that the sign can be told."""
        return math.isfinite(self.low) and (self.low > 0 or self.high < 0)

    @classmethod
    def of(cls, values: Numbers) -> Estimate:
        """Mean and t interval of one value per replication; missing values are left out."""
        kept = values[np.isfinite(values)]
        if kept.size == 0:
            return cls(math.nan, math.nan, math.nan)
        mean = float(kept.mean())
        if kept.size == 1:
            return cls(mean, math.nan, math.nan)
        half = float(t95(kept.size - 1)) * float(kept.std(ddof=1)) / math.sqrt(kept.size)
        return cls(mean, mean - half, mean + half)


@dataclass(frozen=True, slots=True)
class Band:
    """One series by month: the mean over replications, the band around it and a few single paths."""

    mean: Numbers
    low: Numbers
    high: Numbers
    paths: Numbers

    @property
    def exists(self) -> bool:
        """Whether there is anything to draw."""
        return bool(np.isfinite(self.mean).any())

    @classmethod
    def of(cls, paths: Numbers) -> Band:
        """The band of an array [replication, month]: 95 % of many replications, the range of few."""
        outside = 2.5 if len(paths) >= ENOUGH_FOR_PERCENTILES else 0.0
        with warnings.catch_warnings():  # months in which the indicator does not exist yet are all NaN
            warnings.simplefilter("ignore", RuntimeWarning)
            # The same numbers, ten times sooner, where none is missing.
            percentile = np.percentile if np.isfinite(paths).all() else np.nanpercentile
            low, high = percentile(paths, [outside, 100 - outside], axis=0)
            return cls(np.nanmean(paths, axis=0), low, high, paths[:SHOWN].copy())


def over_a_year(paths: Numbers) -> Numbers:
    """The mean of each month and the eleven before it, as far as the run goes back."""
    sums = np.cumsum(np.insert(paths, 0, 0.0, axis=1), axis=1)
    last = np.arange(1, paths.shape[1] + 1)
    first = np.maximum(last - MONTHS_A_YEAR, 0)
    return np.asarray((sums[:, last] - sums[:, first]) / (last - first))


def sum_of_a_year(paths: Numbers) -> Numbers:
    """The sum of each month and the eleven before it; what does not exist counts nothing."""
    present = np.nan_to_num(paths)
    return np.asarray(over_a_year(present) * np.minimum(np.arange(1, present.shape[1] + 1), MONTHS_A_YEAR))


class Readings:
    """A monthly table as arrays [replication, month], one per indicator."""

    def __init__(self, table: Table, since: str = "") -> None:
        """Arranges the months from `since` on; rows may come in any order, replications may be incomplete."""
        months, labels = table["month"].factorize(sort=True)
        numbers, replications = table["replication"].factorize(sort=True)
        early = sum(label < since for label in labels)
        self.months: list[str] = [str(label) for label in labels[early:]]
        self.replications: list[int] = [int(number) for number in replications]
        self._rows = np.flatnonzero(months >= early)
        self._place = numbers[self._rows], months[self._rows] - early
        self._table = table
        self._bands: dict[str, Band] = {}

    @cached_property
    def time(self) -> Numbers:
        """The middle of each month as a year with decimals: January 2018 is 2018.04."""
        return times(self.months)

    @cached_property
    def year(self) -> NDArray[np.int64]:
        """The calendar year of each month."""
        return np.array([int(month[:4]) for month in self.months], dtype=np.int64)

    @cached_property
    def years(self) -> list[int]:
        """Every calendar year of which there is a month."""
        return [int(year) for year in np.unique(self.year)]

    @cached_property
    def full_years(self) -> list[int]:
        """Years with all their months; when there is none, the years there are."""
        years, months = np.unique(self.year, return_counts=True)
        full = [int(year) for year, number in zip(years, months, strict=True) if number == MONTHS_A_YEAR]
        return full or [int(year) for year in years]

    def paths(self, name: str) -> Numbers:
        """Every path of an indicator, [replication, month]."""
        grid = np.full((len(self.replications), len(self.months)), np.nan)
        grid[self._place] = self._table[name].to_numpy(dtype=np.float64)[self._rows]
        return grid

    def band(self, name: str) -> Band:
        """Mean, band and a few paths of an indicator."""
        if name not in self._bands:
            self._bands[name] = Band.of(self.paths(name))
        return self._bands[name]

    def yearly(self, name: str, year: int) -> Numbers:
        """The mean of one year, one value per replication."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            found: Numbers = np.nanmean(self.paths(name)[:, self.year == year], axis=1)
        return found

    def estimate(self, name: str, year: int) -> Estimate:
        """The mean of one year with its 95 % interval."""
        return Estimate.of(self.yearly(name, year))

    def at(self, name: str, month: str) -> float:
        """The mean of one month; missing when the run does not cover it."""
        if month not in self.months:
            return math.nan
        return float(self.band(name).mean[self.months.index(month)])

    @property
    def band_phrase(self) -> str:
        """What the band shows, as a phrase for `Speech`."""
        return band_phrase(len(self.replications))


def band_phrase(replications: int) -> str:
    """What the band of `{n}` replications shows (see `Band.of`)."""
    if replications >= ENOUGH_FOR_PERCENTILES:
        return phrase("95 % of {n} replications")
    return phrase("range of {n} replications")


def times(months: Iterable[str]) -> Numbers:
    """The middle of months `YYYY-MM` as years with decimals."""
    return np.array([int(month[:4]) + (int(month[5:7]) - 0.5) / MONTHS_A_YEAR for month in months])
