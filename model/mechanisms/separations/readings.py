"""What is read off the jobs that end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanisms.survey.counting import ratio

if TYPE_CHECKING:
    from model.market import Market


def layoffs(market: Market) -> float:
    """Jobs that firms ended this month."""
    return market.flows.layoffs * market.people_per_agent


def layoffs_over_35(market: Market) -> float:
    """Of them, the jobs of people aged 35 and over."""
    return market.flows.layoffs_over_35 * market.people_per_agent


def quits(market: Market) -> float:
    """Jobs that ended otherwise, moves from job to job included."""
    return market.flows.quits * market.people_per_agent


def separation_rate(market: Market) -> float:
    """Jobs that ended, over the employed."""
    return ratio(market.flows.layoffs + market.flows.quits, market.stocks.employed)
