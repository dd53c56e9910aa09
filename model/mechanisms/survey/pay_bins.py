"""Pay in bins: how wages are counted without keeping them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from model.schedule import BURN_IN

if TYPE_CHECKING:
    from model.market import Market

#: Bins of the wage histogram: 64 per doubling, from 256 to about 1 million CNY a month.
BINS_PER_DOUBLING, FIRST_BIN = 64, 8
BINS = 12 * BINS_PER_DOUBLING
#: The leading bits of the lowest bin and of the highest.
_BELOW = (127 + FIRST_BIN) * BINS_PER_DOUBLING
_ABOVE = _BELOW + BINS - 1


@njit(cache=True, nogil=True)
def leading_bits(pay: float) -> np.uint16:
    """The sixteen bits of a wage that its bin depends on: exponent and leading bits, which is a logarithm for free."""
    return np.uint16(np.float32(pay).view(np.int32) >> 17)


@njit(cache=True, nogil=True)
def bin_of_bits(bits: np.uint16) -> np.uint16:
    """The bin of a wage by its leading bits."""
    return np.uint16(min(max(int(bits), _BELOW), _ABOVE) - _BELOW)


@njit(cache=True, nogil=True)
def add_bins(to: NDArray[np.integer[Any]], counts: NDArray[np.integer[Any]]) -> None:
    """Add counts by bin to others; a sum of two slices takes seconds to compile."""
    for bin_ in range(len(to)):
        to[bin_] += counts[bin_]


def living_wage(market: Market) -> float:
    """A living wage as pay is counted: CNY a month at the wage level of 2018-01."""
    return market.number("living_wage") / float(market.exogenous.drivers.wage[market.country.pay_month + BURN_IN])


@njit(cache=True, nogil=True)
def paid_below(histogram: NDArray[np.integer[Any]], pay: float, per_doubling: int = BINS_PER_DOUBLING) -> float:
    """How many of a wage histogram earn less than `pay`, interpolated within its bin."""
    octave = min(BINS // BINS_PER_DOUBLING - 1, max(0, int(np.floor(np.log2(pay))) - FIRST_BIN))
    within = min(1.0, max(0.0, pay / 2.0 ** (octave + FIRST_BIN) - 1.0)) * per_doubling
    k = octave * per_doubling + min(per_doubling - 1, int(within))
    below: float = histogram[:k].sum() + min(1.0, within - int(within)) * histogram[k]
    return below


@njit(cache=True, nogil=True)
def median_of(histogram: NDArray[np.integer[Any]], per_doubling: int = BINS_PER_DOUBLING) -> float:
    """The median of a wage histogram with so many bins per doubling, interpolated within its bin; NaN when empty."""
    half = histogram.sum() / 2
    if half == 0:
        return np.nan
    k, below = 0, 0
    while below + histogram[k] < half:
        below += histogram[k]
        k += 1
    octave = 2.0 ** (FIRST_BIN + k // per_doubling)
    median: float = octave + (k % per_doubling + (half - below) / histogram[k]) * octave / per_doubling
    return median
