"""What is read off technology."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from model.market import Market


def technology_share_of_gdp(market: Market) -> float:
    """Technology and what it buys over GDP."""
    output = np.exp(market.aggregates.technology_output)
    return float(market.technology_share_base * output / market.drivers.real_gdp[market.row])
