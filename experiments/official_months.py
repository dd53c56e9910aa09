"""The bureau's surveyed unemployment, month by month, cut where scoring ends.

Months after `LAST_SCORED` are kept apart so that the model can be judged on them: nothing reads them unless a file that
holds them is named for that purpose (`read_later`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from experiments.errors import BadRequest
from model.schedule import LAST_MONTH
from model.tables import read_rows

#: The last month that any score, fit or forecast may know.
LAST_SCORED = "2025-06"
#: From here on the age groups leave students out; the series before is another one and is never joined.
NEW_DEFINITION = "2023-12"
#: The official group that measures what an indicator measures.
GROUPS: Mapping[str, str] = {
    "unemployment_rate_16_24": "16-24_excl_students",
    "unemployment_rate_25_29": "25-29_excl_students",
    "unemployment_rate_30_59": "30-59_excl_students",
    "unemployment_rate": "total_urban",
}
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_COLUMNS = ("date", "group", "rate_pct")

Months = Mapping[str, float]


def official_months(indicator: str, first: str = "2018-01", last: str = LAST_SCORED) -> dict[str, float]:
    """Official months of an indicator from `first` to `last`, both included, in percent; never past `LAST_SCORED`."""
    rows = ((row["date"], row["group"], row["rate_pct"]) for row in read_rows("nbs_unemployment_monthly.csv"))
    return _of_group(rows, GROUPS[indicator], first, min(last, LAST_SCORED))


def read_later(path: Path) -> dict[str, dict[str, float]]:
    """Months after `LAST_SCORED` by indicator, in percent, from a file like data/nbs_unemployment_monthly.csv.

    Raises BadRequest when the file cannot be read or holds no such month.
    """
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            table = csv.DictReader(lines)
            missing = [name for name in _COLUMNS if name not in (table.fieldnames or ())]
            if missing:
                raise BadRequest(f"{path} has no column {missing[0]!r}; expected {', '.join(_COLUMNS)}")
            rows = [_checked(path, number, row) for number, row in enumerate(table, start=2)]
    except (OSError, UnicodeDecodeError) as error:
        raise BadRequest(f"{path} cannot be read: {error}") from None
    later = [row for row in rows if row[0] > LAST_SCORED]
    found = {name: _of_group(later, group, LAST_SCORED, LAST_MONTH) for name, group in GROUPS.items()}
    if not any(found.values()):
        raise BadRequest(f"{path} holds no month after {LAST_SCORED} of {', '.join(GROUPS.values())}")
    return {name: months for name, months in found.items() if months}


def _checked(path: Path, number: int, row: Mapping[str, str]) -> tuple[str, str, str]:
    """A row of a file somebody wrote, if its month and rate can be read."""
    date, group, rate = (row[name] or "" for name in _COLUMNS)
    if not _MONTH.fullmatch(date) or not re.fullmatch(r"[0-9]+(\.[0-9]+)?", rate):
        raise BadRequest(f"{path}:{number}  expected a month YYYY-MM and a rate in percent, found {date!r}, {rate!r}")
    return date, group, rate


def _of_group(rows: Iterable[tuple[str, str, str]], group: str, first: str, last: str) -> dict[str, float]:
    """Months of one group inside a span, in order."""
    return dict(sorted((date, float(rate)) for date, name, rate in rows if name == group and first <= date <= last))
