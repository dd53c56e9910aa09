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
    "gig_share", "low_pay_share",
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

    if BY_GROUP not in record:
        return None
    groups, columns = groups_of(scenario), told_by_month(record, scenario)
    months = np.repeat([month_label(int(month)) for month in record["month"]], len(groups))
    rows = len(months)
    dimension, group = (np.tile(texts, len(record["month"])) for texts in zip(*groups, strict=True))
    keys = {
        "scenario": pa.array(np.repeat(name, rows), pa.string()),
        "replication": pa.array(np.repeat(number, rows), pa.int32()),
        "seed": pa.array(np.repeat(seed, rows), pa.int64()),
        "month": pa.array(months, pa.string()),
        "dimension": pa.array(dimension, pa.string()),
        "group": pa.array(group, pa.string()),
    }
    told = {name: pa.array(columns[name].ravel(), pa.float64(), from_pandas=True) for name in COLUMNS}
    persons = columns["people"].ravel() / people_per_agent(scenario.population, scenario)
    few = (persons > 0) & (persons < ENOUGH_PERSONS - 1e-6)
    return pa.table({**keys, **told, "flagged": pa.array(few)})


def groups_of(scenario: Scenario) -> list[tuple[str, str]]:
    """Dimension and id of every group, in the order in which they are counted."""
    from model.mechanisms.survey.by_group import dimensions

    country = scenario.specification.country
    named = dimensions(country.sector_ids, country.occupations.ids)
    return [(dimension, group) for dimension, names in named.items() for group in names]


def told_by_month(record: Mapping[str, NDArray[Any]], scenario: Scenario) -> dict[str, NDArray[np.float64]]:
    """What is told of each group: [month, group]."""
    from model.market import BY_GROUP
    from model.mechanisms.survey.by_group import MEASURES

    dimension = np.array([dimension for dimension, _ in groups_of(scenario)])
    found = dict(zip(MEASURES, np.moveaxis(record[BY_GROUP], 2, 0), strict=True))
    return _told(found, dimension, people_per_agent(scenario.population, scenario))


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
            "low_pay_share": found["low_paid"] / found["employed"],
        }
