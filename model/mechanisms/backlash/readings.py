"""What is read off the public's mood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanisms.backlash import BACKLASH
from model.mechanisms.backlash.mood import perceived_share

if TYPE_CHECKING:
    from model.market import Market


def backlash(market: Market) -> float:
    """Anger at the visa, 0 to 1."""
    return BACKLASH.of(market).backlash


def perceived_visa_share(market: Market) -> float:
    """An illustrative index of anger at the visa, not a measured share."""
    return perceived_share(BACKLASH.of(market).backlash)


def k_visa_suspended(market: Market) -> float:
    """1 while a suspension is in force."""
    return float(BACKLASH.of(market).suspended(market.month))
