"""What later months remember of the surveys."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from model.market import Market

#: Months over which the market averages what it looks back on, and when in the burn-in it begins to look.
MEMORY, LOOKS_FROM = 12, -24
#: A share of people at work that is left where nobody is: incomes and prices follow powers of it.
LEAST_EMPLOYMENT = 1e-3


def memory_step(month: int) -> float:
    """Weight of this month in a running average: a plain mean at first, so that the opening leaves no trace."""
    return 1.0 / min(MEMORY, max(1, month - LOOKS_FROM + 1))


@dataclass(slots=True)
class PastSurveys:
    """Unemployment as households, employers and the public know it."""

    by_occupation: NDArray[np.int64]  # unemployed by last occupation, last month
    rates: NDArray[np.float64] = field(default_factory=lambda: np.full(12, np.nan))  # of the last 12 months
    year: float = math.nan  # mean rate of the last 12 months
    usual_rate: float = 0.0  # the same at the opening
    youth_rate: float = 0.12  # of ages 16 to 24, last month

    @property
    def relative_employment(self) -> float:
        """Share of the labour force at work in the last 12 months, relative to the opening."""
        return max(LEAST_EMPLOYMENT, 1 - self.year) / max(LEAST_EMPLOYMENT, 1 - self.usual_rate)

    def remember(self, month: int, rate: float) -> None:
        """Keep this month's rate; the first month of all stands for the year before it."""
        if math.isnan(self.year):
            self.rates[:] = rate
        self.rates[month % 12] = rate
        self.year = float(np.add.reduce(self.rates)) / len(self.rates)


def no_surveys(market: Market) -> PastSurveys:
    """Before anybody has been asked."""
    return PastSurveys(np.zeros(len(market.occupation_ids), np.int64))
