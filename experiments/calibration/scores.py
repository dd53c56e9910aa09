"""How near a fit comes: errors by group, and months that a fit had not seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.calibration.targets import FACT_GROUP, Targets
from experiments.official_months import LAST_SCORED
from model.results import rms
from model.schedule import month_index

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
#: The groups that show what the target for all ages since 2018 asks for, under one name.
ALL_AGES = ("all 2018-23", "all")
#: What the project wants of each group, in points; of 25-29 without the first months of a new survey (`calm`).
WANTED = {"16-24": 0.30, "25-29": 0.20, "30-59": 0.06, "all": 0.08, "all 2018-26": 0.22}


@dataclass(frozen=True, slots=True)
class Score:
    """Errors over the months of a group, in points: root mean square, mean, and spread without the mean.

    `constant` is what the best constant would score, `calm` the root mean square without the months of a shock and
    the first of a new survey.
    """

    group: str
    months: int
    rmse: float
    bias: float
    sd: float
    constant: float
    calm: float
    wanted: float | None


def score(targets: Targets, answer: Floats) -> list[Score]:
    """The scores of one answer of the model, by group."""
    groups = {group: targets.rows(group) for group in targets.groups if group != FACT_GROUP}
    if all(name in groups for name in ALL_AGES):
        groups["all 2018-26"] = np.concatenate([groups[name] for name in ALL_AGES])
    return [_score(targets, answer, group, rows) for group, rows in groups.items()]


def _score(targets: Targets, answer: Floats, group: str, rows: Rows) -> Score:
    error = answer[rows] - targets.official[rows]
    calm = error[~(targets.shock | targets.starting)[rows]]
    return Score(
        group, len(rows), rms(error), float(error.mean()), float(error.std()), float(targets.official[rows].std()),
        rms(calm), WANTED.get(group),
    )  # fmt: skip


def unseen(targets: Targets, group: str, after: str) -> Rows:
    """The months of a group later than `after`, up to the last that may be looked at."""
    rows = targets.rows(group)
    month = targets.month[rows]
    return rows[(month > month_index(after)) & (month <= month_index(LAST_SCORED))]


def year_before(targets: Targets, rows: Rows) -> Floats:
    """The official value of the same month a year earlier, NaN where the series has none."""
    place = {(targets.group[row], int(targets.month[row])): row for row in range(len(targets))}
    # The series of all ages goes on across 2023-12; only its tolerance changes.
    name = {"all": "all 2018-23"}
    values = []
    for row in rows:
        group, month = targets.group[row], int(targets.month[row]) - 12
        found = place.get((group, month), place.get((name.get(group, group), month)))
        values.append(np.nan if found is None else targets.official[found])
    return np.array(values)
