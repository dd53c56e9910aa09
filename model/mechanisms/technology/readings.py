"""What is read off technology."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.mechanisms.property.month import real_gdp
from model.mechanisms.technology import TECHNOLOGY

if TYPE_CHECKING:
    from model.market import Market


def technology_share_of_gdp(market: Market) -> float:
    """Technology and what it buys over GDP."""
    output = np.exp(TECHNOLOGY.of(market).output)
    return float(market.exogenous.technology_share_base * output / real_gdp(market))
