"""Who gains, who loses: what a reform changes for each group, pair by pair of replications."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from experiments.compare.comparison import paired
from model.group_table import groups_of, told_by_month
from model.results import ENOUGH_PERSONS, replications_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from experiments.engine.ensemble import Record
    from model.scenario.scenario import Scenario

#: What is compared; `people` are those who work where the groups are sectors.
MEASURES: Final = ("people", "employment_rate", "unemployment_rate", "median_wage", "gig_share", "low_pay_share")
#: Under which name a record keeps what was counted by group and year.
GROUPS: Final = "groups"
MONTHS_A_YEAR: Final = 12
_KEYS: Final = ["dimension", "group"]
_BETWEEN: Final = "|"


def yearly_groups(held: Path | bytes) -> dict[str, pd.DataFrame]:
    """By scenario: yearly means of every measure of every group, a column each, by (replication, year)."""
    found: dict[str, list[pd.DataFrame]] = {}
    for name, number, rows in replications_in(held):
        frame = rows.select(["month", *_KEYS, *MEASURES]).to_pandas()
        years = frame["month"].str[:4].astype(int).rename("year")
        means = frame.groupby([years, *_KEYS], sort=False)[[*MEASURES]].mean()
        wide = means.unstack(_KEYS)  # noqa: PD010 - the index is unique
        wide.columns = [_BETWEEN.join(column) for column in wide.columns]
        found.setdefault(name, []).append(pd.concat({number: wide}, names=["replication"]))
    return {name: pd.concat(frames) for name, frames in found.items()}


def counted_since(month: int, record: Record, scenario: Scenario) -> Record:
    """A record that keeps of its groups the yearly means of the months from one on: [year, measure, group]."""
    from model.market import BY_GROUP  # late: the command line does not load the market

    told, months = told_by_month(record, scenario), np.asarray(record["month"])[-len(record[BY_GROUP]) :]
    years = months // MONTHS_A_YEAR
    with warnings.catch_warnings():  # what applies to nobody is missing
        warnings.simplefilter("ignore", RuntimeWarning)
        kept = [[np.nanmean(told[name][(years == year) & (months >= month)], axis=0) for name in MEASURES]
                for year in np.unique(years[months >= month])]  # fmt: skip
    return {name: values for name, values in record.items() if name != BY_GROUP} | {GROUPS: np.array(kept)}


def yearly_frame(records: Mapping[int, Record], numbers: Sequence[int], scenario: Scenario, first: int) -> pd.DataFrame:
    """What `counted_since` kept, from a calendar year on, as `yearly_groups` reads it."""
    kept = np.array([records[number][GROUPS] for number in numbers])
    years = range(first, first + kept.shape[1])
    names = [_BETWEEN.join((measure, *group)) for measure in MEASURES for group in groups_of(scenario)]
    index = pd.MultiIndex.from_product([numbers, years], names=["replication", "year"])
    return pd.DataFrame(kept.reshape(len(index), -1), index=index, columns=names)


def group_differences(
    reform: pd.DataFrame, baseline: pd.DataFrame, people_per_agent: float, draws: int = 0
) -> pd.DataFrame:
    """One row per dimension, group, measure and year: both sides, the paired difference, its interval and its sign.

    What rests on fewer than a hundred simulated persons on either side is flagged; what applies to nobody is left out.
    """
    rows = paired(reform, baseline, "year", draws)
    rows[["measure", *_KEYS]] = rows.pop("indicator").str.split(_BETWEEN, expand=True, regex=False)
    people = rows[rows["measure"] == "people"].set_index(["dimension", "group", "year"])[["baseline", "reform"]]
    fewest = people.min(axis=1).rename("fewest") / people_per_agent
    rows = rows.join(fewest, on=["dimension", "group", "year"])
    rows["flagged"] = rows.pop("fewest") < ENOUGH_PERSONS
    rows = rows[rows["baseline"].notna() | rows["reform"].notna()].drop(columns="pairing_gain")
    first = [*_KEYS, "measure", "year"]
    return rows[[*first, *rows.columns.drop(first)]].reset_index(drop=True)
