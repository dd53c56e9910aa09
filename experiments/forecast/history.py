"""What was known of the official rates at an origin: one array per series, months after the origin cut off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.country.china import CHINA
from model.country.official import OfficialMonths
from model.schedule import month_index, month_label

Floats = NDArray[np.float64]
#: The groups that are forecast, each with the bureau's name for it.
GROUPS: Mapping[str, str] = {
    name.removeprefix("unemployment_rate").strip("_") or "all": series for name, series in CHINA.official.groups.items()
    if name in ("unemployment_rate", *(f"unemployment_rate_{ages}" for ages in ("16_24", "25_29", "30_59")))
}  # fmt: skip
#: Series that ended with the old definition: never joined to the new ones, but they tell how large errors are.
EARLIER: Mapping[str, str] = {"16_24_with_students": "16-24_incl_students", "25_59": "25-59"}
ALL_SERIES: Mapping[str, str] = {**GROUPS, **EARLIER}
#: Quantiles of every forecast, from 1 to 99 %.
LEVELS = np.arange(1, 100) / 100
#: A published rate is rounded to 0.1 point: the standard deviation of what that hides.
ROUNDING_SD = 0.1 / np.sqrt(12)


@dataclass(frozen=True)
class History:
    """Official rates in percent by series and month (0 is 2018-01), nothing after `origin`; NaN where none is out."""

    rates: Mapping[str, Floats]
    origin: int

    @classmethod
    def of(cls, published: OfficialMonths) -> History:
        """Everything that is published."""
        percents = {name: published.percents(series) for name, series in ALL_SERIES.items()}
        last = max(month_index(month) for name in GROUPS for month in percents[name])
        rates = {name: np.full(last + 1, np.nan) for name in ALL_SERIES}
        for name, months in percents.items():
            for month, rate in months.items():
                rates[name][month_index(month)] = rate
        return cls(rates, last)

    def to(self, origin: int) -> History:
        """What was known at an earlier origin."""
        return History({name: rates[: origin + 1] for name, rates in self.rates.items()}, origin)

    def past(self, series: str) -> Floats:
        """The unbroken months of a series that end at the origin; none where it has ended or not begun."""
        rates = self.rates[series]
        gaps = np.flatnonzero(np.isnan(rates))
        return rates[gaps[-1] + 1 if len(gaps) else 0 :]

    @cached_property
    def label(self) -> str:
        """The origin as it is written."""
        return month_label(self.origin)
