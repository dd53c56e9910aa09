"""What is read off pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanisms.survey.counting import ratio
from model.mechanisms.survey.pay_bins import BINS, living_wage, median_of, paid_below

if TYPE_CHECKING:
    from model.market import Market


def median_wage(market: Market) -> float:
    """Median pay of the employed, in this month's money."""
    return median_of(market.counts.wages[:BINS]) * market.wage_level


def low_pay_share(market: Market) -> float:
    """Share of the employed who earn less than a living wage."""
    return ratio(paid_below(market.counts.wages[:BINS], living_wage(market)), market.stocks.employed)


def median_starting_wage_graduates(market: Market) -> float:
    """Median pay of recent graduates in their first year in a job."""
    return median_of(market.counts.starting) * market.wage_level
