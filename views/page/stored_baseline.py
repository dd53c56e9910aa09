"""The baseline's replications on the disk, so that the page opens on a finished run.

Those of the first answer are shipped beside this file; `python -m views.page.stored_baseline` computes them anew. They
serve where engine, data, scenario and libraries are those that made them; elsewhere the first start computes its own.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from agents.places import ROOT, cache_folder
from experiments.calibration.provenance import data_hash, engine_hash
from experiments.engine.manifest import code_version
from model.results import read_table, replication_table, write_table
from model.schedule import month_index
from model.specification import in_force

if TYPE_CHECKING:
    from pyarrow import Table

    from experiments.engine.ensemble import Record
    from model.scenario.scenario import Scenario

FOLDER = cache_folder() / "page"
SHIPPED = Path(__file__).resolve().parent / "baseline"
#: Stored baselines of other versions and scenarios that are kept beside the latest.
_KEPT = 4


def stored_file(scenario: Scenario, draws: int) -> Path:
    """The file of a baseline at so many draws: named after all that decides its numbers; words in the code do not."""
    version = {**code_version(), "sources": [engine_hash(), data_hash()]}
    facts = json.dumps([version, scenario.digest, draws], sort_keys=True)
    return FOLDER / f"baseline-{hashlib.sha256(facts.encode()).hexdigest()[:24]}.parquet"


def shipped_file(scenario: Scenario, draws: int) -> Path:
    """Where the file of a baseline lies when it is shipped."""
    return SHIPPED / stored_file(scenario, draws).name


def read_stored(scenario: Scenario, draws: int) -> dict[int, Record]:
    """The replications that were stored, by number; nothing where there are none, or the file is broken."""
    file = stored_file(scenario, draws)
    try:
        table = read_table(file if file.exists() else shipped_file(scenario, draws))
    except Exception:  # noqa: BLE001 - whatever is wrong with a cache, it is computed anew
        return {}
    numbers = table["replication"].to_numpy()
    months = np.array([month_index(month) for month in table["month"].to_pylist()])
    columns = {name: table[name].to_numpy(zero_copy_only=False) for name in in_force().indicator}
    found: dict[int, Record] = {}
    for number in np.unique(numbers):
        mine = numbers == number
        found[int(number)] = {"month": months[mine]} | {name: values[mine] for name, values in columns.items()}
    return found


def write_stored(scenario: Scenario, records: dict[int, Record], draws: int) -> None:
    """Keep the replications for the next start; a disk that takes nothing is no reason to stop."""
    with contextlib.suppress(OSError):
        FOLDER.mkdir(parents=True, exist_ok=True)
        write_table(stored_file(scenario, draws), _tables(scenario, records))
        old = sorted(FOLDER.glob("baseline-*.parquet"), key=lambda file: file.stat().st_mtime, reverse=True)
        for file in old[_KEPT:]:
            file.unlink(missing_ok=True)


def _tables(scenario: Scenario, records: dict[int, Record]) -> list[Table]:
    return [
        replication_table(scenario.name, number, scenario.seed + number - 1, records[number])
        for number in sorted(records)
    ]


def ship() -> Path:
    """Compute what the first answer of the page rests on, and put it in the place of what was shipped before."""
    from model.scenario.scenario import load_scenario
    from views.page.laboratory import Laboratory

    laboratory = Laboratory(load_scenario(ROOT / "scenarios" / "baseline.yaml"), log=print, presets_ahead=False)
    try:
        laboratory.open().result()
        first = {number: laboratory.baseline[number] for number in laboratory.size.batches[0]}
    finally:
        laboratory.close()
    SHIPPED.mkdir(exist_ok=True)
    for old in SHIPPED.glob("baseline-*.parquet"):
        old.unlink()
    file = shipped_file(laboratory.baseline_scenario, len(laboratory.draws))
    write_table(file, _tables(laboratory.baseline_scenario, first))
    return file


if __name__ == "__main__":
    print(f"written: {ship().relative_to(ROOT)}")
