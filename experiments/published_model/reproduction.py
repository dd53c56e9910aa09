"""What the article reports, by how many percent unemployment changes, in the mean field and among agents.

All functions return tables in points of percent; `told` hears the share of the work that is done, 0 to 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.engine.executors import Failure, run_tasks
from experiments.published_model.agents import agents_course
from experiments.published_model.mean_field import mean_field_course
from experiments.published_model.shock import (
    BEFORE,
    DURING,
    EXPECTED_FILE,
    STEPS,
    Course,
    Shock,
    read_columns,
    read_shock,
)

#: The two changes: of the unemployment rate and of the long-term unemployment rate.
CHANGES = ("u_perc_change", "ltu_perc_change")
#: Occupations by chance of automation: low below the first bound, high from the second on.
GROUPS, BOUNDS = ("low", "middle", "high"), (0.3, 0.7)
#: How far the mean field may be from the article, and the agents from the mean field.
MEAN_FIELD_TOLERANCE, AGENTS_TOLERANCE = 1e-5, 0.5
#: Persons of one run, and runs: the luck of one moves the changes by 0.3 and 0.7 points (docs/published_model.md).
WORKERS, SEEDS = 1_400_000, tuple(range(1, 25))

Told = Callable[[float], object]


def mean_field_table(folder: Path, told: Told = lambda _: None) -> pd.DataFrame:
    """The mean field: `auto_prob_average` and the two changes, one row per chance of automation."""
    shock = read_shock(folder)
    course = mean_field_course(shock, lambda step: told(step / STEPS))
    chances, label = np.unique(shock.automation, return_inverse=True)
    return pd.DataFrame({"auto_prob_average": chances, **changes(course, label)})


def mean_over_seeds(runs: pd.DataFrame) -> pd.DataFrame:
    """The engine's agents, mean over seeds: `group`, the two changes, their standard errors, `workers`, `seeds`."""
    by_group = runs.groupby("group")[list(CHANGES)]
    mean, error = (table.loc[list(GROUPS)] for table in (by_group.mean(), by_group.sem()))
    both = mean.join(error.rename(columns=lambda name: f"{name}_standard_error")).reset_index()
    return both.assign(workers=runs["workers"].iloc[0], seeds=runs["seed"].nunique())


def agents_by_seed(
    shock: Shock, workers: int, seeds: Sequence[int], processes: int = 1, told: Told = lambda _: None
) -> pd.DataFrame:
    """The rows of `agents_run` for several seeds, which are shared out over processes.

    A run that fails raises RuntimeError with what it said.
    """
    done: dict[int, pd.DataFrame] = {}
    processes = max(1, min(processes, len(seeds)))

    def keep(seed: int, table: pd.DataFrame) -> None:
        done[seed] = table
        told(len(done) / len(seeds))

    def give_up(failure: Failure[int]) -> None:
        raise RuntimeError(f"published model, seed {failure.task}: {failure.message}\n{failure.details}")

    work = partial(agents_run, shock, workers)
    if processes == 1:  # steps are heard of where they are computed: here, or not at all
        work = partial(work, told=lambda share: told((len(done) + share) / len(seeds)))
    run_tasks(work, list(seeds), processes, keep, give_up)
    return pd.concat([done[seed] for seed in seeds], ignore_index=True)


def agents_run(shock: Shock, workers: int, seed: int, told: Told = lambda _: None) -> pd.DataFrame:
    """One run of agents: `seed`, `workers`, `group` and the two changes, a row per group."""
    course = agents_course(shock, workers, seed, lambda step: told(step / STEPS))
    return pd.DataFrame({"seed": seed, "workers": workers, "group": GROUPS, **changes(course, groups(shock))})


def mean_field_errors(folder: Path, table: pd.DataFrame) -> pd.DataFrame:
    """How far a `mean_field_table` is from the article, at every chance of automation that its table gives."""
    names = ("auto_prob_average", *CHANGES)
    article = pd.DataFrame(dict(zip(names, read_columns(folder / EXPECTED_FILE, names), strict=True)))
    article = article.set_index("auto_prob_average")
    return (table.set_index("auto_prob_average").loc[article.index] - article).reset_index()


def agents_errors(folder: Path, table: pd.DataFrame) -> pd.DataFrame:
    """How far agents are from the mean field, for every row with a `group` and the two changes."""
    shock = read_shock(folder)
    expected = pd.DataFrame(changes(mean_field_course(shock), groups(shock)), index=list(GROUPS)).loc[table["group"]]
    return table.assign(**{name: table[name] - expected[name].to_numpy() for name in CHANGES})


def groups(shock: Shock) -> NDArray[np.int64]:
    """The group of each occupation, as a place in GROUPS."""
    return np.searchsorted(BOUNDS, shock.automation, side="right")


def changes(course: Course, label: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """Both changes in percent for every label of occupations, from the window before the shock to the one around it."""
    before, during = (rates(course, label, window) for window in (BEFORE, DURING))
    return {name: 100 * (late / early - 1) for name, early, late in zip(CHANGES, before, during, strict=True)}


def rates(course: Course, label: NDArray[np.int64], window: tuple[int, int]) -> tuple[NDArray[np.float64], ...]:
    """Rates of unemployment and of long-term unemployment over a window of steps, for every label of occupations."""
    first, last = window
    employed, unemployed, long_term = (np.bincount(label, stock[first : last + 1].sum(axis=0)) for stock in course)
    return unemployed / (employed + unemployed), long_term / (employed + unemployed)
