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
