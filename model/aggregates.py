"""What the market as a whole remembers from month to month: smoothed labour force, consumption, confidence."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


#: Months over which the market averages what it looks back on, and when in the burn-in it begins to look.
MEMORY, LOOKS_FROM = 12, -24


def memory_step(month: int) -> float:
    """Weight of this month in a running average: a plain mean at first, so that the opening leaves no trace."""
    return 1.0 / min(MEMORY, max(1, month - LOOKS_FROM + 1))


@dataclass(slots=True)
class Flows:
    """Events of one month, in simulated persons."""

    hires: int = 0
    hires_from_unemployment: int = 0
    searching: int = 0  # unemployed at the start of search
    layoffs: int = 0
    layoffs_over_35: int = 0
    quits: int = 0
    openings: int = 0
    k_visa_arrivals: int = 0


@dataclass(slots=True)
class Stocks:
    """People by what they do, as the survey of a month finds them, in simulated persons."""

    labour_force: int = 0  # without students who search
    employed: int = 0
    unemployed: int = 0
    by_group: dict[str, tuple[int, int]] = field(default_factory=dict)  # name -> (labour force, unemployed)
    inactive: int = 0
    long_term: int = 0
    gig: int = 0
    foreign: int = 0
    foreign_employed: int = 0
    searching_students: int = 0


@dataclass(slots=True)
class Aggregates:
    """Slow variables; 1.0 is the state of 2018-01."""

    labour_force: float = 0.0  # simulated natives, smoothed over 12 months; who starts with an offer counts at once
    labour_force_base: float = 0.0  # the same at the opening
    consumption: float = 1.0  # real, relative to trend
    confidence: float = 1.0  # of consumers
    technology_output: float = 0.0  # log, since 2018-01
    technology_jobs: float = 0.0  # log of jobs that output supports
    technology_reference: float = 0.0  # log output on the path that other sectors' trends contain
    losses: float = 0.0  # log total of what property, wealth and confidence do to jobs
    losses_absorbed: float = 0.0  # of it, what the rest of the economy has taken up
    unemployment: Floats = field(default_factory=lambda: np.full(12, np.nan))  # rates of the last 12 months
    unemployment_base: float = 0.0  # their mean at the opening
    real_wage: float = 1.0  # mean pay on offer, over the jobs of the opening
    tightness: float = 0.0  # posts per seeker, averaged over a year
    tightness_base: float = 1.0  # the same at the opening
    gap: float = 0.0  # jobs filled and posted beyond target, over jobs filled, averaged over a year
    gap_base: float = 0.0  # the same at the opening
    posts: Floats = field(default_factory=lambda: np.zeros(0))  # on offer by occupation, averaged over a year
    seekers: Floats = field(default_factory=lambda: np.zeros(0))  # the same for seekers
    usual_tightness: Floats = field(default_factory=lambda: np.zeros(0))  # log of their ratio at the opening

    def year_of_unemployment(self) -> float:
        """Mean unemployment rate of the last 12 months."""
        return float(np.add.reduce(self.unemployment)) / len(self.unemployment)

    def remember_unemployment(self, month: int, rate: float) -> None:
        """Keep this month's rate; the first month of all stands for the year before it."""
        if np.isnan(self.unemployment[0]):
            self.unemployment[:] = rate
        self.unemployment[month % 12] = rate
