"""Random numbers as a hash of (seed, purpose, month, id): never a shared generator.

Thread count, order of evaluation and resumed runs therefore never change a result, and a reform and its
baseline share luck person by person. `draw_key` mixes seed, purpose and month once; kernels then call
`uniform(key, id)` for each person or firm.

The mixer is the 32-bit "lowbias32" of the hash-prospector project (C. Wellons), applied to the id between two
half keys so that keys that differ in one bit give unrelated streams.
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

#: A mixed key of seed, purpose and month; and whose number is drawn.
Key = np.uint64
Identity = np.uint32 | int


#: In place of a month, in draws that hold for good whatever the month; `FOR_GOOD + k` for the k-th of one purpose.
FOR_GOOD = -4000


class Purpose(IntEnum):
    """What a random number decides; each purpose has a stream of its own."""

    SEPARATION = 1
    APPLICATION = 2
    ENTRY = 6
    GRADUATION = 7
    PARTICIPATION = 8
    GIG = 9
    VACANCY = 10
    FIRM_SHOCK = 11
    VISA = 12
    BACKLASH = 13
    PROPERTY_SALES = 14
    PROPERTY_START = 15
    POPULATION = 16
    CAMPUS = 17
    WAGE = 19
    RETIREMENT = 20
    REGISTERS = 21
    ADVERTS = 22
    GOING_HOME = 23


@lru_cache(maxsize=4096)
def draw_key(seed: int, purpose: Purpose, month: int) -> Key:
    """The 64-bit key of one purpose in one month of one replication (splitmix64 of the three).

    `seed` may be any non-negative integer below 2**63; `month` is a month index, negative in the burn-in.
    """
    return Key(_mixed(seed, int(purpose), month))


@nb.njit(nb.uint64(nb.uint64, nb.int64, nb.int64), cache=True)
def _mixed(seed: Key | int, purpose: int, month: int) -> Key:
    x = np.uint64(seed)
    for part in (purpose, month + 4096):
        x = np.uint64(x + np.uint64(0x9E3779B97F4A7C15) * np.uint64(part + 1))
        x = np.uint64((x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9))
        x = np.uint64((x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB))
        x ^= x >> np.uint64(31)
    return x


@nb.njit(nb.uint32(nb.uint64, nb.uint32), cache=True, inline="always")
def hash32(key: Key, identity: Identity) -> np.uint32:
    """32 well-mixed bits of one id under one key."""
    x = np.uint32(identity) ^ np.uint32(key & np.uint64(0xFFFFFFFF))
    x = np.uint32((x ^ (x >> np.uint32(16))) * np.uint32(0x21F0AAAD))
    x = np.uint32((x ^ (x >> np.uint32(15))) + np.uint32(key >> np.uint64(32)))
    x = np.uint32(x * np.uint32(0x735A2D97))
    x = np.uint32((x ^ (x >> np.uint32(15))) * np.uint32(0x21F0AAAD))
    return np.uint32(x ^ (x >> np.uint32(16)))


@nb.njit(cache=True, nogil=True)
def hashes(key: Key, identities: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The bits of many ids at once, in one pass that processors take several at a time."""
    out = np.empty(len(identities), np.uint32)
    for i in range(len(identities)):
        out[i] = hash32(key, identities[i])
    return out


@nb.njit(nb.float64(nb.uint64, nb.uint32), cache=True, inline="always")
def uniform(key: Key, identity: Identity) -> float:
    """A number in the open interval (0, 1) for one id under one key."""
    return (np.float64(hash32(key, identity)) + 0.5) * 2.3283064365386963e-10


@nb.njit(nb.uint64(nb.uint64, nb.uint64), cache=True, inline="always")
def further(key: Key, draw: int) -> Key:
    """The key of one more number per id; `draw` 0 is the key itself.

    Both halves change: with only the lower half changed, id and id XOR 1 would swap their numbers. For kernels;
    plain Python gets an int and wraps it: `Key(further(key, draw))`.
    """
    return np.uint64(key + np.uint64(draw) * np.uint64(0x9E3779B97F4A7C15))


@nb.njit(cache=True, nogil=True)
def uniforms(key: Key, identities: NDArray[np.unsignedinteger[Any] | np.signedinteger[Any]]) -> NDArray[np.float64]:
    """One number in (0, 1) for each id under one key."""
    out = np.empty(len(identities))
    for i in range(len(identities)):
        out[i] = uniform(key, nb.uint32(identities[i]))
    return out
