"""A past lived once: its futures equal whole lives, a changed past is refused, a dead process is replaced."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import numpy as np
import pytest
from toy import toy_scenario

from experiments.engine.shared_past import SharedPast
from model.market import simulate
from model.scenario.scenario import Scenario

SEEDS = (3, 1, 8)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return toy_scenario(population=2000, end="2019-06")


@pytest.fixture(scope="module")
def past(scenario: Scenario) -> Iterator[SharedPast]:
    with SharedPast(scenario, "2019-01", SEEDS, workers=2) as shared:
        yield shared


def same(left: object, right: object) -> bool:
    assert isinstance(left, dict)
    assert isinstance(right, dict)
    return left.keys() == right.keys() and all(np.array_equal(left[k], right[k], equal_nan=True) for k in left)


def test_futures_equal_whole_lives(scenario: Scenario, past: SharedPast) -> None:
    reform = scenario.with_values({"layoffs.extra_rate.all": {"2019-02": 0.01}})
    for asked in (reform, None, reform):
        for seed, record in zip(SEEDS, past.futures(asked), strict=True):
            assert same(record, simulate(asked or scenario, seed))


def test_a_changed_past_is_refused(scenario: Scenario, past: SharedPast) -> None:
    with pytest.raises(ValueError, match=r"graduates\.cohort_scale differs before"):
        past.futures(scenario.with_values({"graduates.cohort_scale": {"2018-07": 1.1}}))
    with pytest.raises(ValueError, match=r"parameters\.slack differs"):
        past.futures(scenario.with_values({"parameters.slack": 0.01}))


def test_a_dead_process_is_replaced(scenario: Scenario) -> None:
    with SharedPast(scenario, "2019-01", SEEDS[:2], workers=2) as shared:
        victim = shared._processes[1].submit(os.getpid).result()
        os.kill(victim, signal.SIGKILL)
        for seed, record in zip(SEEDS, shared.futures(), strict=False):
            assert same(record, simulate(scenario, seed))


def _forget() -> int:
    from experiments.engine import shared_past

    shared_past._KEPT.clear()
    return os.getpid()


def test_a_process_that_was_replaced_behind_our_back_lives_its_past_again(scenario: Scenario) -> None:
    """As loky does with one whose memory grew; the one that takes its place holds nothing."""
    with SharedPast(scenario, "2019-01", SEEDS[:1]) as shared:
        shared._processes[0].submit(_forget).result()
        assert same(shared.futures()[0], simulate(scenario, SEEDS[0]))
        shared._processes[0].submit(_forget).result()
        assert same(shared.tried(scenario)[0], simulate(scenario, SEEDS[0]))


def test_what_is_kept_is_no_leak(past: SharedPast) -> None:
    """No process is replaced because its memory grew."""
    from loky.process_executor import _MAX_MEMORY_LEAK_SIZE as SMALL

    assert past._processes[0].submit(_most_memory).result() > 1000 * SMALL


def _most_memory() -> float:
    from loky.process_executor import _MAX_MEMORY_LEAK_SIZE

    return float(_MAX_MEMORY_LEAK_SIZE)
