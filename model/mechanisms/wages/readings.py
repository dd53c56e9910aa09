"""What is read off pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanisms.survey.pay_bins import BINS, median_of

if TYPE_CHECKING:
    from model.market import Market


def median_wage(market: Market) -> float:
    """Median pay of the employed, in this month's money."""
    return median_of(market.counts.wages[:BINS]) * market.wage_level


def median_starting_wage_graduates(market: Market) -> float:
    """Median pay of recent graduates in their first year in a job."""
    return median_of(market.counts.starting) * market.wage_level
