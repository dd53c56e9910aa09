"""Shapley values: what each player of a game adds, averaged over every order in which the players can join.

With few players every coalition is played and the values are exact. With many, some orders are drawn, each beside its
reverse (antithetic pairs, which cancel much of the error: Mitchell et al. 2022), and only the coalitions on their way
are played. Either way the values add up to what all players are worth together less what nobody is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import factorial

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Order = tuple[int, ...]
#: So many players have all their coalitions played; with more, no more coalitions than these have are drawn.
EXACT_PLAYERS = 7
MOST_COALITIONS = 1 << EXACT_PLAYERS
#: The draw of orders is part of the method and not of a run's random numbers.
_DRAW = 20260101


@dataclass(frozen=True)
class Game:
    """Which coalitions of some players are played: all of them, or those on the way of `orders`, pair by pair.

    A coalition is a number whose bit `i` says whether player `i` is in it.
    """

    players: int
    orders: tuple[Order, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether every coalition is played."""
        return not self.orders

    @property
    def coalitions(self) -> tuple[int, ...]:
        """The coalitions that are played; nobody first, everybody last."""
        if self.exact:
            return tuple(range(1 << self.players))
        return tuple(sorted({held for order in self.orders for held in _on_the_way(order)}))

    def values(self, worth: Floats) -> Floats:
        """What each player is given of `worth`, which has one entry per coalition played in its last axis."""
        if self.exact:
            return shapley_values(worth)
        mean: Floats = self.by_pair(worth).mean(axis=-2)
        return mean

    def by_pair(self, worth: Floats) -> Floats:
        """The same by antithetic pair of orders: [..., pair, player]."""
        place = {held: index for index, held in enumerate(self.coalitions)}
        given = np.zeros((*worth.shape[:-1], len(self.orders), self.players))
        for number, order in enumerate(self.orders):
            way = [place[held] for held in _on_the_way(order)]
            for player, before, after in zip(order, way, way[1:], strict=False):
                given[..., number, player] = worth[..., after] - worth[..., before]
        pairs: Floats = (given[..., ::2, :] + given[..., 1::2, :]) / 2
        return pairs


def game_of(players: int) -> Game:
    """The game of so many players: exact while it is small, else with as many drawn orders as cost no more."""
    if players <= EXACT_PLAYERS:
        return Game(players)
    luck = np.random.default_rng(_DRAW)
    orders: list[Order] = []
    while True:
        order = tuple(luck.permutation(players).tolist())
        more = Game(players, (*orders, order, order[::-1]))
        if len(more.coalitions) > MOST_COALITIONS:
            return Game(players, tuple(orders))
        orders += [order, order[::-1]]


def _on_the_way(order: Sequence[int]) -> list[int]:
    """The coalitions as players join in an order."""
    held = [0]
    for player in order:
        held.append(held[-1] | 1 << player)
    return held


def shapley_values(worth: Floats) -> Floats:
    """What each player is given of `worth`, which has one entry per coalition in its last axis.

    Coalition `k` holds player `i` when bit `i` of `k` is set. Over the players the values add up to what all of them
    are worth together less what nobody is.
    """
    coalitions = worth.shape[-1]
    players = coalitions.bit_length() - 1
    if coalitions != 1 << players:
        raise ValueError(f"{coalitions} coalitions are not all those of some players")
    members = np.arange(coalitions)
    size = np.array([member.bit_count() for member in range(coalitions)])
    weight = np.array([factorial(held) * factorial(players - held - 1) for held in range(players)], np.float64)
    weight /= factorial(players)
    values = []
    for player in range(players):
        outside = members[(members >> player) & 1 == 0]
        gain = worth[..., outside | (1 << player)] - worth[..., outside]
        values.append(gain @ weight[size[outside]])
    return np.stack(values, axis=-1) if values else np.zeros((*worth.shape[:-1], 0))
