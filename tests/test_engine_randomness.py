"""Hashed random numbers: even, unrelated between purposes, months, neighbours and draws, and nobody else's business.

Statistical tests look at fixed seeds; each would raise a false alarm for at most one in 10,000 choices of seeds.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from engine_slow_loops import slow_further, slow_uniform
from numpy.typing import NDArray

from model.randomness import Purpose, draw_key, further, uniform, uniforms

Floats = NDArray[np.float64]
COUNT = 1 << 17
IDS = np.arange(COUNT, dtype=np.uint32)
#: Standard deviations that a bell-shaped number exceeds, either way, in fewer than one of 10^8 tries: with the few
#: hundred comparisons below that leaves the whole file under one false alarm in 10,000.
FAR = 5.8


def chi_square(counts: NDArray[np.int64]) -> float:
    """How far counts are from even, in standard deviations of a chi-square with many cells."""
    expected = counts.sum() / counts.size
    freedom = counts.size - 1
    return float((((counts - expected) ** 2 / expected).sum() - freedom) / np.sqrt(2 * freedom))


def unrelated(left: Floats, right: Floats) -> bool:
    """Two streams fill the unit square evenly (1024 cells) and are not correlated."""
    cells = (left * 32).astype(np.int64) * 32 + (right * 32).astype(np.int64)
    correlation = np.corrcoef(left, right)[0, 1] * np.sqrt(len(left))
    return abs(chi_square(np.bincount(cells, minlength=1024))) < FAR and abs(correlation) < FAR


def test_the_hash_is_the_hash_in_whole_numbers() -> None:
    """The compiled 32-bit arithmetic equals Python's own, for ids of all ranges and keys of every draw."""
    for seed, identity, draw in itertools.product((0, 7, 2**62), (0, 1, 2**30, 2**31 + 5, 2**32 - 1), range(5)):
        key = draw_key(seed, Purpose.APPLICATION, 31)
        assert int(further(key, draw)) == slow_further(int(key), draw)
        assert uniform(further(key, draw), identity) == slow_uniform(slow_further(int(key), draw), identity)


@pytest.mark.parametrize("seed", [0, 1, 12345, 2**63 - 1])
@pytest.mark.parametrize("first", [0, 0x8000_0000])
def test_numbers_are_even(seed: int, first: int) -> None:
    """Natives and foreigners alike draw evenly from (0, 1), low bits included."""
    luck = uniforms(draw_key(seed, Purpose.SEPARATION, 5), IDS + np.uint32(first))
    assert luck.min() > 0
    assert luck.max() < 1
    assert abs(chi_square(np.bincount((luck * 1000).astype(np.int64), minlength=1000))) < FAR
    assert abs(chi_square(np.bincount((luck * 1000 * 1024).astype(np.int64) % 1024, minlength=1024))) < FAR


def test_purposes_are_unrelated() -> None:
    """What one purpose draws says nothing about another, for every pair of purposes."""
    drawn = {purpose: uniforms(draw_key(1, purpose, 3), IDS) for purpose in Purpose}
    for left, right in itertools.combinations(Purpose, 2):
        assert unrelated(drawn[left], drawn[right]), (left, right)


def test_months_and_seeds_are_unrelated() -> None:
    """Neighbouring months, rounds of applications (4096 months apart) and neighbouring seeds share nothing."""
    here = uniforms(draw_key(1, Purpose.SEPARATION, 40), IDS)
    for seed, month in ((1, 39), (1, 41), (1, 52), (1, 40 + 4096), (2, 40), (2, 39), (0, 40)):
        assert unrelated(here, uniforms(draw_key(seed, Purpose.SEPARATION, month), IDS)), (seed, month)


def test_neighbours_are_unrelated() -> None:
    """Persons with neighbouring ids, or ids that differ in one bit, share no luck."""
    luck = uniforms(draw_key(1, Purpose.SEPARATION, 40), IDS)
    for step in (1, 2, 3, 16, 1000):
        assert unrelated(luck[:-step], luck[step:]), step
    for bit in range(17):
        first = (IDS >> np.uint32(bit)) & 1 == 0
        assert unrelated(luck[first], luck[IDS[first] ^ np.uint32(1 << bit)]), bit


def test_draws_of_a_person_are_unrelated_to_anybodys_others() -> None:
    """A further number of one person is nobody's first: streams of the same key are no permutation of each other."""
    key = draw_key(1, Purpose.APPLICATION, 40)
    drawn = [uniforms(np.uint64(further(key, draw)), IDS) for draw in range(5)]
    for left, right in itertools.combinations(range(5), 2):
        assert unrelated(drawn[left], drawn[right])
        for bit in range(4):
            assert unrelated(drawn[left], drawn[right][IDS ^ np.uint32(1 << bit)])
        # Of 2^17 numbers on a grid of 2^32, 4 are shared by chance; 30 or more in one of 10^15 tries.
        assert len(np.intersect1d(drawn[left], drawn[right])) < 30


def test_keys_never_meet() -> None:
    """No two of the keys that a long run uses are equal, in either half together."""
    keys = [
        int(draw_key(seed, purpose, month))
        for seed in range(5)
        for purpose in Purpose
        for month in (*range(-4000, -3990), *range(-40, 200), *range(4056, 4300))
    ]
    assert len(set(keys)) == len(keys)


def test_luck_does_not_depend_on_who_else_is_there() -> None:
    """A person's number is the same whoever else draws, in whatever order."""
    key = draw_key(9, Purpose.GIG, 3)
    alone = [uniform(key, int(identity)) for identity in IDS[:100]]
    assert uniforms(key, IDS)[:100].tolist() == alone
    assert uniforms(key, IDS[:100][::-1])[::-1].tolist() == alone
