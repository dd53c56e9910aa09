"""The table of groups: who works, searches, finds and loses jobs, and for what pay, month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from model.results import ENOUGH_PERSONS, people_per_agent
from model.schedule import month_label

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa
    from numpy.typing import NDArray

    from model.scenario.scenario import Scenario

#: What is told of each group, in this order; `flagged` where that rests on too few simulated persons.
COLUMNS: Final = (
    "people", "labour_force", "unemployment_rate", "employment_rate", "hires", "separations", "layoffs", "median_wage",
    "gig_share",
)  # fmt: skip
#: The bureau's age groups leave students out of their rates; its total, however it is split, has those who search.
_WITHOUT_STUDENTS: Final = "age"
#: Nobody without work belongs to a sector.
_AT_WORK_ONLY: Final = "sector"


def group_table(
    name: str, number: int, seed: int, record: Mapping[str, NDArray[Any]], scenario: Scenario
) -> pa.Table | None:
    """One replication's groups as rows, by month and dimension; None where groups were not counted."""
    import pyarrow as pa

    from model.market import BY_GROUP
    from model.mechanisms.survey.by_group import MEASURES, dimensions

    if BY_GROUP not in record:
        return None
    country, counts = scenario.specification.country, record[BY_GROUP]
    groups = [(dimension, group)
              for dimension, names in dimensions(country.sector_ids, country.occupations.ids).items()
              for group in names]  # fmt: skip
    months = np.repeat([month_label(int(month)) for month in record["month"]], len(groups))
    rows = len(months)
    dimension, group = (np.tile(texts, len(counts)) for texts in zip(*groups, strict=True))
    found = dict(zip(MEASURES, counts.reshape(rows, len(MEASURES)).T, strict=True))
    columns = _told(found, dimension, people_per_agent(scenario.population, scenario))
    keys = {
        "scenario": pa.array(np.repeat(name, rows), pa.string()),
        "replication": pa.array(np.repeat(number, rows), pa.int32()),
        "seed": pa.array(np.repeat(seed, rows), pa.int64()),
        "month": pa.array(months, pa.string()),
        "dimension": pa.array(dimension, pa.string()),
        "group": pa.array(group, pa.string()),
    }
    told = {name: pa.array(columns[name], pa.float64(), from_pandas=True) for name in COLUMNS}
    few = (found["people"] > 0) & (found["people"] < ENOUGH_PERSONS)
    return pa.table({**keys, **told, "flagged": pa.array(few)})


def _told(found: Mapping[str, NDArray[Any]], dimension: NDArray[Any], people: float) -> dict[str, NDArray[np.float64]]:
    """What is told of each group from what was counted; `people` are represented by each simulated person."""
    searching = found["unemployed"] + found["students"]
    without = np.where(dimension == _WITHOUT_STUDENTS, found["unemployed"], searching)
    at_work = dimension == _AT_WORK_ONLY
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            **{name: found[name] * people for name in ("people", "hires", "separations", "layoffs")},
            "labour_force": np.where(at_work, np.nan, (found["employed"] + searching) * people),
            "unemployment_rate": np.where(at_work, np.nan, without / (without + found["employed"])),
            "employment_rate": np.where(at_work, np.nan, found["employed"] / found["people"]),
            "median_wage": found["median"],
            "gig_share": found["gig"] / found["employed"],
        }
