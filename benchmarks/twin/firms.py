"""Firms, and the groups of firms whose demand moves together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import mesa

if TYPE_CHECKING:
    from .market import MesaMarket


@dataclass(slots=True)
class Group:
    """Firms whose target jobs move together, in simulated persons."""

    pay: float  # relative to the occupation's mean
    employed: int = 0
    posts: int = 0
    separation: float = 1.0  # what multiplies every hazard this month
    over_35_odds: float = 1.0
    weight: float = 0.0  # sum of layoff weights of this month's staff
    mean_weight: float = 1.0  # mean of last month's


class Firm(mesa.Agent):  # type: ignore[misc]
    """A firm: it employs people and cuts staff; what it plans and posts is the engine's arithmetic over firms."""

    model: MesaMarket

    def __init__(self, model: MesaMarket, row: int, group: Group, headcount: int) -> None:
        super().__init__(model)
        self.row, self.group, self.headcount = row, group, headcount
        self.layoff_rate = 0.0
