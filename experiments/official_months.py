"""The bureau's surveyed unemployment, month by month, cut where scoring ends.

Months after `LAST_SCORED` are kept apart so that the model can be judged on them: nothing reads them unless a file that
holds them is named for that purpose (`read_later`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from experiments.engine.errors import BadRequest
from experiments.engine.options import say_notes
from model.country.official import read_official
from model.paths import shown
from model.scenario.problems import ScenarioError
from model.specification import in_force

#: The last month that any score, fit or forecast may know.
LAST_SCORED = "2026-02"
Months = Mapping[str, float]


def official_months(indicator: str, first: str = "2018-01", last: str = LAST_SCORED) -> dict[str, float]:
    """Official months of an indicator from `first` to `last`, both included, in percent; never past `LAST_SCORED`."""
    country = in_force().country
    return country.published.percents(country.official.groups[indicator], first, min(last, LAST_SCORED))


def read_later(path: Path) -> dict[str, dict[str, float]]:
    """Months after `LAST_SCORED` by indicator, in percent, from a file like data/nbs_unemployment_monthly.csv.

    Raises BadRequest when the file cannot be read or holds no such month.
    """
    try:
        read = read_official(path, in_force().country.official)
    except ScenarioError as error:
        raise BadRequest(str(error)) from None
    say_notes(read.notes)
    groups = in_force().country.official.groups
    found = {name: read.percents(group) for name, group in groups.items()}
    later = {name: {month: rate for month, rate in months.items() if month > LAST_SCORED}
             for name, months in found.items()}  # fmt: skip
    if not any(later.values()):
        named = ", ".join(groups.values())
        raise BadRequest(f"{shown(path)} holds no month after {LAST_SCORED} of {named}; nothing was run")
    return {name: months for name, months in later.items() if months}
