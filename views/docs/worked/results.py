"""What a worked experiment found: differences between points of its design, pair by pair with the same luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments.batch.folder import TABLE
from experiments.compare.comparison import paired
from model.parameters import Value
from model.results import read_frame, yearly_means

if TYPE_CHECKING:
    from experiments.batch.experiment_file import Experiment
    from experiments.batch.summary import Summary

#: A point of a design: the values that tell it from the reference, or its place in a list (from 1).
Point = Mapping[str, Value] | int
_MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Points:
    """The points of an experiment by what they hold, before any of them is run."""

    experiment: Experiment

    @property
    def names(self) -> Sequence[str]:
        """What the points of a list are called, empty where they have no name."""
        design = self.experiment.design
        return design.names or ("",) * len(design)

    def number(self, point: Point, base: Mapping[str, Value]) -> int:
        """The number of a point of the design: `base` with the point's values in place of its own."""
        if isinstance(point, int):
            return point
        wanted = {**base, **point}
        numbers = range(1, len(self.experiment.design) + 1)
        found = [number for number in numbers if wanted.items() <= self.values(number).items()]
        if len(found) != 1:
            raise KeyError(f"{self.experiment.name} has {len(found)} points with {wanted}")
        return found[0]

    def values(self, number: int) -> dict[str, Any]:
        """The design's values at a point."""
        design = self.experiment.design
        return dict(zip(design.paths, design.rows[number - 1], strict=True))


@dataclass(frozen=True)
class Result(Points):
    """A finished batch, read year by year."""

    summary: Summary
    folder: Path

    @property
    def kind(self) -> str:
        """How the design came about: grid, list or sample."""
        return self.summary.kind

    @property
    def replications(self) -> int:
        """Over how many pairs a difference is taken."""
        return int(self.summary.table["replications"].max())

    @cached_property
    def months(self) -> pd.DataFrame:
        """Which months each run has."""
        return read_frame(self.folder / TABLE, ["point", "replication", "month"])

    @cached_property
    def years(self) -> list[int]:
        """The years that are recorded whole."""
        months = self.months["month"].drop_duplicates().str.slice(0, 4).astype(int).value_counts()
        return sorted(months[months == _MONTHS_A_YEAR].index.tolist())

    def differences(self, number: int, against: int, outcomes: Sequence[str]) -> pd.DataFrame:
        """One point less another, by year: the columns of a comparison."""
        return paired(self._by_year(number, outcomes), self._by_year(against, outcomes), "year")

    def difference(self, number: int, against: int, outcome: str, year: int) -> pd.Series:
        """One point less another in one year."""
        rows = self.differences(number, against, [outcome])
        return rows[rows["year"] == year].iloc[0]

    def _by_year(self, number: int, outcomes: Sequence[str]) -> pd.DataFrame:
        rows = read_frame(self.folder / TABLE, ["point", "replication", "month", *outcomes])
        return yearly_means(rows[rows["point"] == number], list(outcomes))
