"""What is read off participation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanisms.demand import DEMAND
from model.mechanisms.survey.counting import ratio

if TYPE_CHECKING:
    from model.market import Market


def underemployment_share(market: Market) -> float:
    """Share of the employed in gig work or without work at their firm, which some may have left since."""
    stocks = market.stocks
    return ratio(stocks.gig + min(DEMAND.of(market).idle_staff, stocks.employed - stocks.gig), stocks.employed)
