"""The folder of one run: claimed before anything is computed, filled file by file, each whole or not at all.

A finished replication goes to the disk at once, to `replications/`; when the computing ends they are put together as
the monthly table, row group by row group. The same command given the same `--out` goes on with what is missing.
"""

from __future__ import annotations

import heapq
import re
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from agents.places import runs_folder
from experiments.engine.job_folder import JobFolder
from model.group_table import group_table
from model.monthly_table import MonthlyTable
from model.results import read_table, replication_table, replications_in, write_table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from experiments.engine.ensemble import Record, Replication
    from experiments.engine.executors import Failure

MONTHLY, BY_GROUP = "monthly.parquet", "by_group.parquet"
#: How the names of the pieces of each table begin; the monthly table, whose pieces tell what is finished, comes last.
_PIECES = {BY_GROUP: "groups-", MONTHLY: ""}


def new_folder_name(scenario: str, digest: str, now: datetime | None = None) -> str:
    """The name of a new run folder: when, what, and which exact scenario."""
    moment = (now or datetime.now(UTC)).strftime("%Y-%m-%dT%H%M%SZ")
    return f"{moment}_{re.sub(r'[^A-Za-z0-9_-]+', '-', scenario)}_{digest[:6]}"


def new_run_folder(scenario: str, digest: str) -> Path:
    """Where a run goes that is given no folder: a name that no other has."""
    first = runs_folder() / new_folder_name(scenario, digest)
    number, free = 2, first
    while free.exists():  # two runs begin in the same second
        free = first.with_name(f"{first.name}-{number}")
        number += 1
    return free


class RunFolder(JobFolder):
    """Where one run keeps what it finds."""

    what, pieces, assembles_early = "run", "replications", True

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        """Think of the folder at `path` for a run of the scenarios called `names`."""
        super().__init__(path)
        self.names = list(names)
        #: Replications that the monthly table holds, by name of the scenario and number.
        self._held: set[tuple[str, int]] = set()

    def _prepare(self, manifest: Mapping[str, Any], texts: Mapping[str, str]) -> None:
        super()._prepare(manifest, texts)
        self._look_at_table()

    def _part(self, name: str, number: int, table: str = MONTHLY) -> Path:
        return self.parts / f"{_PIECES[table]}{self.names.index(name)}-{number:06d}.parquet"

    def _parts(self, table: str = MONTHLY) -> dict[tuple[int, int], Path]:
        """The files of single replications, by place of the scenario and number, in this order."""
        parts = sorted(self.parts.glob(f"{_PIECES[table]}[0-9]*-[0-9]*.parquet"))
        keys = [tuple(int(word) for word in part.stem.split("-")[-2:]) for part in parts]
        return {(place, number): part for (place, number), part in zip(keys, parts, strict=True)}

    def _look_at_table(self) -> None:
        """Learn which replications the monthly table holds already; a part of one of them is a leftover."""
        whole = self.path / MONTHLY
        if not whole.exists():
            return
        for name in self.names:
            for number in MonthlyTable([whole], name).replications:
                self._held.add((name, number))
                for table in _PIECES:
                    self._part(name, number, table).unlink(missing_ok=True)

    def has(self, replication: Replication) -> bool:
        """Whether this replication was finished before."""
        name, number = replication.name, replication.number
        return (name, number) in self._held or self._part(name, number).exists()

    def keep(self, replication: Replication, record: Record) -> None:
        """Write one finished replication to the disk."""
        which = replication.name, replication.number, replication.seed, record
        if (groups := group_table(*which, replication.scenario)) is not None:
            write_table(self._part(*which[:2], BY_GROUP), [groups])
        write_table(self._part(*which[:2]), [replication_table(*which)])

    def assemble(self) -> None:
        """Write the tables: what they held before and the replications finished since, in order."""
        for table in _PIECES:
            if parts := self._parts(table):
                found = ((key, read_table(part)) for key, part in parts.items())
                ordered = heapq.merge(self._rows_before(table, parts), found, key=lambda each: each[0])
                write_table(self.path / table, (rows for _, rows in ordered))
        shutil.rmtree(self.parts, ignore_errors=True)

    def _rows_before(
        self, table: str, parts: Collection[tuple[int, int]]
    ) -> Iterator[tuple[tuple[int, int], pa.Table]]:
        """The replications that a table holds, those aside of which a piece is there all the same."""
        if (self.path / table).exists():
            for name, number, rows in replications_in(self.path / table):
                if (key := (self.names.index(name), number)) not in parts:
                    yield key, rows

    def tables(self) -> dict[str, MonthlyTable]:
        """The monthly table of each scenario, of all replications finished so far, where it lies on the disk."""
        whole = [self.path / MONTHLY] if (self.path / MONTHLY).exists() else []
        tables = {}
        for mine, name in enumerate(self.names):
            parts = [part for (place, _), part in self._parts().items() if place == mine]
            if parts or whole:
                tables[name] = MonthlyTable([*whole, *parts], name)
        return {name: table for name, table in tables.items() if len(table)}

    def holds_something(self) -> bool:
        """Whether any replication is finished."""
        return bool(self.tables())

    def failure_head(self) -> list[str]:
        """Which replication, and why."""
        return ["scenario", "replication", "seed", "error", "message"]

    def failure_row(self, failure: Failure[Any]) -> list[Any]:
        """One replication that gave no result."""
        task = failure.task
        return [task.name, task.number, task.seed, failure.kind, failure.message]
