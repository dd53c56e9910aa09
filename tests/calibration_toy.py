"""A market of three numbers whose answer is known: the same code fits it as the real one, in a second."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np

from experiments.calibration.free_parameters import FreeParameter, Space
from experiments.calibration.simulations import Laboratory, Outputs, Store
from experiments.calibration.targets import MEMORY, Fact, Series, Targets
from experiments.engine.progress import Progress
from model.schedule import month_index, month_label

MONTHS = 90
LEVEL = FreeParameter("toy.level", 2.0, 10.0, 5.0)
SEASON = FreeParameter("toy.season", 0.0, 2.0, 1.0, sd=0.5)
#: Nothing in the outputs depends on it: the data cannot know it.
IDLE = FreeParameter("toy.idle", -1.0, 1.0, 0.0, sd=0.3)
FREE = (LEVEL, SEASON, IDLE)
TRUTH = {"toy.level": 6.2, "toy.season": 0.7, "toy.idle": 0.1}
SERIES = (Series("all", "toy", "2023-12", "2025-06", 0.1), Series("all 2018-23", "toy", "2018-01", "2023-11", 0.1))
FACTS = (Fact("starts 2021-24", "toy", "home_starts_index", 2021, 2024, 2.0),)
#: Luck of one run of one person, in points; it falls with the root of their number.
LUCK = 2.0


def answer(settings: Mapping[str, float]) -> Outputs:
    """What the toy market does without luck: a product of a level and a season."""
    month = np.arange(MONTHS)
    level, season = settings["toy.level"], settings["toy.season"]
    rate = level * np.exp(0.1 * season * np.sin(2 * np.pi * month / 12) + 0.02 * season**2)
    return {"unemployment_rate": rate / 100, "home_starts_index": 100 - 0.3 * level * month / 10}


@dataclass(frozen=True)
class ToyMarket:
    """The toy as a simulator: luck by seed, a log of its calls, and points at which it fails."""

    log: Path | None = None
    dies_after: int | None = None
    fails_above: float = np.inf

    def __call__(self, settings: Mapping[str, float], population: int, seed: int) -> Outputs:
        """One run; every call adds a line to the log, and the process ends where it is told to die."""
        if self.log is not None:
            with self.log.open("a") as lines:
                lines.write(f"{seed}\n")
            if self.dies_after is not None and len(self.log.read_text().split()) > self.dies_after:
                os._exit(9)
        if settings["toy.level"] > self.fails_above:
            raise ValueError("too high a level")
        outputs = dict(answer(settings))
        luck = np.random.default_rng(seed).standard_normal(MONTHS)
        outputs["unemployment_rate"] = outputs["unemployment_rate"] + LUCK / np.sqrt(population) * luck / 100
        return outputs


def toy_targets(settings: Mapping[str, float] = TRUTH, errors: np.ndarray | None = None) -> Targets:
    """What would be published if the toy with these numbers were the truth."""
    group, label, month = [], [], []
    for one in SERIES:
        months = range(month_index(one.first), month_index(one.last) + 1)
        group += [one.name] * len(months)
        label += [month_label(number) for number in months]
        month += list(months)
    count = len(group)
    covariance = np.zeros((count + 1, count + 1))
    for one in SERIES:
        rows = np.flatnonzero(np.array(group) == one.name)
        apart = np.abs(np.subtract.outer(np.array(month)[rows], np.array(month)[rows]))
        covariance[np.ix_(rows, rows)] = one.discrepancy**2 * MEMORY**apart + 0.03**2 * np.eye(len(rows))
    covariance[count, count] = FACTS[0].discrepancy ** 2
    empty = Targets(
        SERIES, FACTS, (*group, "facts"), (*label, FACTS[0].name), np.array([*month, month_index("2024-12")]),
        np.zeros(count + 1, bool), np.zeros(count + 1, bool), np.zeros(count + 1), covariance,
    )  # fmt: skip
    official = empty.of(answer(settings))
    return Targets(
        SERIES, FACTS, empty.group, empty.label, empty.month, empty.shock, empty.starting,
        official if errors is None else official + errors, covariance,
    )  # fmt: skip


def toy_laboratory(folder: Path, market: ToyMarket | None = None) -> Laboratory:
    """The toy behind the same store as the agents."""
    return Laboratory(market or ToyMarket(), Store(folder, "toy"), 1, Progress(StringIO(), quiet=True))


def toy_space() -> Space:
    """The toy's three numbers."""
    return Space(FREE)
