"""Demand moved from outside: the same market with target jobs a given share higher or lower in each month.

It enters where growth does, so every sector's target moves alike and nothing else is touched.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from model.market import Market

#: Log change of target jobs by month index (0 is 2018-01).
DemandPath = Callable[[NDArray[np.int64]], NDArray[np.float64]]


def move_demand(market: Market, path: DemandPath) -> None:
    """Let target jobs deviate by `path` in the months still to come; a market not yet open for business is fine too."""
    drivers = market.exogenous.drivers
    months = drivers.first + np.arange(drivers.months)
    change = np.where(months > market.month, path(months), 0.0) / market.number("growth_elasticity")
    moved = replace(drivers, growth_gap=drivers.growth_gap + change)
    market.exogenous = replace(market.exogenous, drivers=moved)


def wave(depth: float, months: int) -> DemandPath:
    """Boom and slump by turns, `months` long together, from 2018-01 on."""
    return lambda month: np.where(month >= 0, depth * np.sin(2 * np.pi * month / months), 0.0)


def slump(depth: float, first: int, last: int) -> DemandPath:
    """Half a wave down: demand falls by up to `depth` between two months and comes back."""

    def path(month: NDArray[np.int64]) -> NDArray[np.float64]:
        inside = (month >= first) & (month <= last)
        return np.where(inside, -depth * np.sin(np.pi * (month - first) / (last - first)), 0.0)

    return path
