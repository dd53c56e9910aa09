"""What a batch found: the last twelve months of every run, point by point, with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from experiments.batch.effects import effects
from model.results import ENOUGH_PERSONS, mean_intervals, people_per_agent
from model.schedule import month_index
from model.specification import in_force

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from experiments.batch.experiment_file import Experiment
    from experiments.batch.folder import Column
    from experiments.batch.work import Run
    from model.parameters import Value

#: The end of a run that points are compared by.
WINDOW = 12
#: What is shown where the experiment names nothing: these, and whatever else the design moves most.
ALWAYS = ("unemployment_rate_16_24", "unemployment_rate", "unemployment_rate_over_35")
_CANDIDATES = (
    "unemployment_rate_graduates", "long_term_unemployment_share", "vacancy_rate", "tightness", "layoffs", "hires",
    "employment_tech", "employment_developers", "employment_construction", "median_wage", "house_price_index",
    "home_starts_index", "consumption_index", "k_visa_stock", "backlash",
)  # fmt: skip


@dataclass(frozen=True)
class Summary:
    """The result of a batch in small.

    `table` has one row per point and outcome: `point`, the design's columns, `indicator`, `mean`, `low`, `high` (95 %
    interval of the mean over replications), `replications`, `simulated_persons`, `flagged`, `population_needed`.
    `runs` holds the mean of every indicator over a run's last twelve months, indexed by (replication, point);
    `design` holds the design's columns, indexed by point; `effects` says what each path does (`batch_effects`).
    """

    name: str
    kind: str
    #: The month from which points differ; None: from the first.
    since: str | None
    #: What each point changes in the scenario.
    changes: tuple[Mapping[str, Value], ...]
    #: What the points of a list are called, empty where they have no name.
    names: tuple[str, ...]
    outcomes: tuple[str, ...]
    design: pd.DataFrame
    runs: pd.DataFrame
    table: pd.DataFrame
    effects: pd.DataFrame


class Gathered:
    """Takes runs one by one and keeps of each only the mean of its end."""

    def __init__(self, experiment: Experiment, columns: Sequence[Column]) -> None:
        """Prepare for the runs of an experiment."""
        self.experiment = experiment
        points = pd.RangeIndex(1, len(experiment.design) + 1, name="point")
        self.design = pd.DataFrame({column.path: list(column.at_points) for column in columns}, index=points)
        self._keys: list[tuple[int, int]] = []
        self._means: list[NDArray[np.float64]] = []

    def take(self, run: Run, table: pa.Table) -> None:
        """Keep the mean of the last months of one run."""
        end = table.slice(max(0, len(table) - WINDOW))
        values = np.column_stack([end[name].to_numpy() for name in in_force().indicator])
        known = np.isfinite(values)
        with np.errstate(invalid="ignore"):
            mean = np.where(known, values, 0).sum(axis=0) / known.sum(axis=0)
        self._keys.append((run.replication, run.point))
        self._means.append(mean)

    def summary(self) -> Summary:
        """Means and intervals of the outcomes at every point."""
        index = pd.MultiIndex.from_tuples(self._keys, names=["replication", "point"])
        runs = pd.DataFrame(np.array(self._means), index=index, columns=list(in_force().indicator)).sort_index()
        outcomes = self.experiment.outcomes or (*ALWAYS, *_moved_most(runs))
        table = mean_intervals(runs[list(outcomes)], "point").drop(columns="error")
        self._flag(table, runs)
        paths = [path for path in self.design.columns if path != "point"]
        table = table.join(self.design[paths], on="point")
        order = ["point", *paths, *(name for name in table.columns if name not in {"point", *paths})]
        table = table[order].sort_values("point", kind="stable", ignore_index=True)
        design = self.experiment.design
        found = effects(self.design, runs, outcomes)
        changes = tuple(design.overrides(point) for point in range(1, len(design) + 1))
        names = design.names or ("",) * len(design)
        return Summary(
            self.experiment.name, design.kind, design.since, changes, names, outcomes, self.design, runs, table, found
        )

    def _flag(self, table: pd.DataFrame, runs: pd.DataFrame) -> None:
        """Mark what rests on too few simulated persons, with the population that would settle it."""
        scenario = self.experiment.scenario
        own: Any = self.design.get("population", scenario.population)
        population = pd.Series(own, index=self.design.index, dtype=float)
        base = {name: indicator.base for name, indicator in in_force().indicator.items()}
        people = runs.groupby(level="point").mean().loc[table["point"]].to_numpy(np.float64)
        columns = runs.columns.get_indexer(pd.Index([base[name] for name in table["indicator"]]))
        each = people_per_agent(1, scenario) / population.loc[table["point"]].to_numpy(np.float64)
        persons = people[np.arange(len(table)), columns] / each
        # Nobody where the visa is closed is a fact and not a small sample.
        fact = np.array(
            [person == 0 and self._closed(point) for point, person in zip(table["point"], persons, strict=True)]
        )
        flagged = (np.nan_to_num(persons) < ENOUGH_PERSONS) & table["mean"].notna().to_numpy() & ~fact
        with np.errstate(divide="ignore", invalid="ignore"):
            needed = np.ceil(population.loc[table["point"]].to_numpy() * ENOUGH_PERSONS / persons)
        table["simulated_persons"] = persons
        table["flagged"] = flagged
        table["population_needed"] = np.where(flagged & np.isfinite(needed), needed, np.nan)

    def _closed(self, point: int) -> bool:
        """Whether no visa is ever granted at a point."""
        scenario = self.experiment.scenario.with_values(self.experiment.design.overrides(int(point)))
        return not np.any(scenario.monthly("visa.annual_quota", 0, month_index(scenario.end) + 1))


def _moved_most(runs: pd.DataFrame) -> tuple[str, ...]:
    """The indicator, beside the usual ones, whose points lie furthest apart compared with luck."""
    signal = _signals(runs)
    ranked = sorted(_CANDIDATES, key=lambda name: -signal.get(name, 0.0))
    return tuple(name for name in ranked[:1] if signal.get(name, 0.0) > 0)


def _signals(runs: pd.DataFrame) -> Mapping[str, float]:
    """Variance between points over what is left of the variance once luck that all points share is taken off."""
    values = runs[list(_CANDIDATES)]
    centred = values - values.groupby(level="replication").transform("mean")
    between = centred.groupby(level="point").mean().var()
    within = (centred - centred.groupby(level="point").transform("mean")).var()
    scale = values.abs().mean()
    # Where there is one replication, or none that differs, what counts is how far points lie apart for their size.
    ratio = between / (within + 1e-6 * scale**2 + 1e-300)
    return {str(name): float(value) for name, value in ratio.items() if np.isfinite(value)}
