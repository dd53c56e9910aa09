"""The baseline's replications on the disk, so that the page opens on a finished run the second time."""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.manifest import ROOT, code_version
from model.results import NAMES, read_table, replication_table, write_table
from model.schedule import month_index

if TYPE_CHECKING:
    from experiments.ensemble import Record
    from model.scenario import Scenario

FOLDER = ROOT / ".cache" / "page"
#: Stored baselines of other versions and scenarios that are kept beside the latest.
_KEPT = 4


def stored_file(scenario: Scenario) -> Path:
    """The file of a baseline: named after all that decides its numbers."""
    facts = json.dumps([code_version(), scenario.digest], sort_keys=True)
    return FOLDER / f"baseline-{hashlib.sha256(facts.encode()).hexdigest()[:24]}.parquet"


def read_stored(scenario: Scenario) -> dict[int, Record]:
    """The replications that were stored, by number; nothing where there are none, or the file is broken."""
    file = stored_file(scenario)
    try:
        table = read_table(file)
    except Exception:  # noqa: BLE001 - whatever is wrong with a cache, it is computed anew
        return {}
    numbers = table["replication"].to_numpy()
    months = np.array([month_index(month) for month in table["month"].to_pylist()])
    columns = {name: table[name].to_numpy(zero_copy_only=False) for name in NAMES}
    found: dict[int, Record] = {}
    for number in np.unique(numbers):
        mine = numbers == number
        found[int(number)] = {"month": months[mine]} | {name: values[mine] for name, values in columns.items()}
    return found


def write_stored(scenario: Scenario, records: dict[int, Record]) -> None:
    """Keep the replications for the next start; a disk that takes nothing is no reason to stop."""
    tables = [
        replication_table(scenario.name, number, scenario.seed + number - 1, records[number])
        for number in sorted(records)
    ]
    with contextlib.suppress(OSError):
        FOLDER.mkdir(parents=True, exist_ok=True)
        write_table(stored_file(scenario), tables)
        old = sorted(FOLDER.glob("baseline-*.parquet"), key=lambda file: file.stat().st_mtime, reverse=True)
        for file in old[_KEPT:]:
            file.unlink(missing_ok=True)
