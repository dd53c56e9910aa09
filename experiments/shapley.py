"""Shapley values: what each player of a game adds, averaged over every order in which the players can join."""

from __future__ import annotations

from math import factorial

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


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
