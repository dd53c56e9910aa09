"""The runs that checks look at. Each experiment is lived once, however many checks ask for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.results import t95
from model.schedule import month_label

if TYPE_CHECKING:
    from experiments.engine.ensemble import Record
    from model.scenario.scenario import Scenario

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Plan:
    """What all experiments share: the scenario with its size and seed, the last month to live, and a folder for files.

    Experiments that are cheaper than the ensemble take a share of its replications.
    """

    scenario: Scenario
    folder: Path
    last_month: str
    #: Where the files of the published model lie, if it is to be reproduced.
    published: Path | None = None

    def replications(self, share: float = 1.0) -> int:
        """So many replications, at least two where the ensemble has two."""
        most = self.scenario.replications
        return min(most, max(2, round(share * most)))


@dataclass(frozen=True)
class Life:
    """One world to live through: which experiment it belongs to, which arm of it, under which scenario and seed."""

    experiment: str
    arm: str
    scenario: Scenario
    seed: int

    @property
    def name(self) -> str:
        """What is lived, as a list of failures names it."""
        return f"{self.experiment} {self.arm}"

    @property
    def number(self) -> int:
        """The number of this replication of it, from 1."""
        return self.seed - self.scenario.seed + 1

    def __str__(self) -> str:
        return f"{self.experiment}, seed {self.seed}"


class TooFewError(Exception):
    """Too few lives of an experiment were finished for it to show anything."""


Lives = Sequence[tuple[Life, "Record"]]


@dataclass(frozen=True)
class Experiment:
    """A set of lives and what they show together.

    `live` runs in a worker and gives arrays only; `gather` makes of all of them what the checks judge, or raises
    TooFewError.
    """

    name: str
    asks: str
    lives: Callable[[Plan], list[Life]]
    live: Callable[[Life], Record]
    gather: Callable[[Lives], Any]


@dataclass(frozen=True)
class Ensemble:
    """The same months of several replications: every indicator as [replication, month]."""

    months: tuple[str, ...]
    paths: Mapping[str, Floats]

    @property
    def replications(self) -> int:
        """How many histories there are."""
        return len(next(iter(self.paths.values())))

    def mean(self, name: str) -> Floats:
        """An indicator month by month, averaged over replications."""
        found: Floats = self.paths[name].mean(axis=0)
        return found

    def at(self, name: str, month: str) -> float:
        """The mean of one month."""
        return float(self.mean(name)[self.months.index(month)])

    def year(self, name: str, year: int) -> float:
        """The mean of one year."""
        chosen = [place for place, month in enumerate(self.months) if month.startswith(f"{year}-")]
        return float(self.mean(name)[chosen].mean())

    def noise(self, name: str) -> Floats:
        """The standard error of each month's mean; missing for one replication."""
        paths = self.paths[name]
        if len(paths) < 2:
            return np.full(paths.shape[1], np.nan)
        found: Floats = paths.std(axis=0, ddof=1) / np.sqrt(len(paths))
        return found

    @classmethod
    def of(cls, records: Sequence[Record]) -> Ensemble:
        """The ensemble of some records, all of the same months."""
        months = tuple(month_label(int(month)) for month in records[0]["month"])
        names = [name for name in records[0] if name != "month"]
        return cls(months, {name: np.array([record[name] for record in records], np.float64) for name in names})


def until(plan: Plan, last: str, **changes: object) -> Scenario:
    """The plan's scenario, recorded from 2018-01 to a month, with some settings or values replaced."""
    return plan.scenario.with_values({"start": "2018-01", "end": last, **changes})


def records_of(lives: Lives, arm: str) -> list[Record]:
    """The records of one arm, by seed, so that two arms pair."""
    return [record for life, record in sorted(lives, key=lambda found: found[0].seed) if life.arm == arm]


def paired(lives: Lives, arms: Sequence[str]) -> Lives:
    """The lives of those seeds that every arm finished."""
    kept = set.intersection(*({life.seed for life, _ in lives if life.arm == arm} for arm in arms))
    if not kept:
        raise TooFewError
    return [found for found in lives if found[0].seed in kept]


def mean_interval(values: Floats) -> tuple[float, float]:
    """The mean over replications and half the width of its 95 % interval (Student's); one replication has none."""
    number = len(values)
    if number < 2:
        return float(values.mean()), float("nan")
    half = float(t95(number - 1)) * values.std(ddof=1) / np.sqrt(number)
    return float(values.mean()), float(half)
