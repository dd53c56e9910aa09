"""The folder of one run: claimed before anything is computed, filled file by file, each whole or not at all.

A finished replication goes to the disk at once, to `replications/`; when the computing ends they are put together as
the monthly table, row group by row group. The same command given the same `--out` goes on with what is missing.
"""

from __future__ import annotations

import contextlib
import csv
import heapq
import io
import json
import re
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from agents.places import runs_folder
from experiments.engine.errors import BadRequest
from experiments.engine.folder_claim import MANIFEST, refuse_other_run, refuse_unusable
from experiments.engine.folder_lock import FolderLock
from experiments.engine.manifest import without_folders
from model.monthly_table import MonthlyTable
from model.paths import shown
from model.results import read_table, remove_unfinished, replication_table, replications_in, write_table, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa

    from experiments.engine.ensemble import Record, Replication
    from experiments.engine.executors import Failure

MONTHLY = "monthly.parquet"


def new_folder_name(scenario: str, digest: str, now: datetime | None = None) -> str:
    """The name of a new run folder: when, what, and which exact scenario."""
    moment = (now or datetime.now(UTC)).strftime("%Y-%m-%dT%H%M%SZ")
    return f"{moment}_{re.sub(r'[^A-Za-z0-9_-]+', '-', scenario)}_{digest[:6]}"


def new_run_folder(scenario: str, digest: str) -> Path:
    """Where a run goes that is given no folder."""
    return runs_folder() / new_folder_name(scenario, digest)


class RunFolder:
    """Where one run keeps what it finds. Use it in a `with`: the lock is given back at the end."""

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        """Open the folder at `path` for a run of the scenarios called `names`."""
        self.path = path
        self.names = list(names)
        self.parts = path / "replications"
        self.lock = FolderLock(path)
        self._created = False
        #: Replications that the monthly table holds, by name of the scenario and number.
        self._held: set[tuple[str, int]] = set()

    @classmethod
    def claim(
        cls,
        out: Path | None,
        default: Path,
        names: Sequence[str],
        manifest: Mapping[str, Any],
        texts: Mapping[str, str],
    ) -> RunFolder:
        """Make the folder and write into it what is known beforehand: the manifest and the scenarios (`texts`).

        A folder that holds anything but the same unfinished or finished run is refused, and so is one in which another
        driver works or that cannot be written; nothing has been computed then.
        """
        folder = cls(out if out is not None else unused(default), names)
        refuse_unusable(folder.path, "run")
        try:
            folder._created = not folder.path.exists()
            folder.path.mkdir(parents=True, exist_ok=True)
            folder.lock.take()
            try:
                refuse_other_run(folder.path, manifest)
                folder._prepare(manifest, texts)
            except BaseException:
                folder.lock.give_back()
                raise
        except OSError as error:
            reason = error.strerror or str(error)
            raise BadRequest(
                f"cannot write to the run folder {shown(folder.path)}: {reason}; nothing was run"
            ) from error
        return folder

    def _prepare(self, manifest: Mapping[str, Any], texts: Mapping[str, str]) -> None:
        self.parts.mkdir(exist_ok=True)
        for place in (self.path, self.parts):
            remove_unfinished(place)
        self._look_at_table()
        for name, text in texts.items():
            write_whole(self.path / name, text.encode())
        self.write_manifest(manifest)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self.lock.give_back()

    def _part(self, name: str, number: int) -> Path:
        return self.parts / f"{self.names.index(name)}-{number:06d}.parquet"

    def _parts(self) -> dict[tuple[int, int], Path]:
        """The files of single replications, by place of the scenario and number, in this order."""
        parts = sorted(self.parts.glob("[0-9]*-[0-9]*.parquet"))
        keys = [tuple(int(word) for word in part.stem.split("-")) for part in parts]
        return {(place, number): part for (place, number), part in zip(keys, parts, strict=True)}

    def _look_at_table(self) -> None:
        """Learn which replications the monthly table holds already; a part of one of them is a leftover."""
        whole = self.path / MONTHLY
        if not whole.exists():
            return
        for name in self.names:
            for number in MonthlyTable([whole], name).replications:
                self._held.add((name, number))
                self._part(name, number).unlink(missing_ok=True)

    def has(self, replication: Replication) -> bool:
        """Whether this replication was finished before."""
        name, number = replication.name, replication.number
        return (name, number) in self._held or self._part(name, number).exists()

    def keep(self, replication: Replication, record: Record) -> None:
        """Write one finished replication to the disk."""
        table = replication_table(replication.name, replication.number, replication.seed, record)
        write_table(self._part(replication.name, replication.number), [table])

    def assemble(self) -> None:
        """Write the monthly table: what it held before and the replications finished since, in order."""
        parts = self._parts()
        if parts:
            tables = ((key, read_table(part)) for key, part in parts.items())
            ordered = heapq.merge(self._rows_before(), tables, key=lambda found: found[0])
            write_table(self.path / MONTHLY, (rows for _, rows in ordered))
        shutil.rmtree(self.parts, ignore_errors=True)

    def _rows_before(self) -> Iterator[tuple[tuple[int, int], pa.Table]]:
        if (self.path / MONTHLY).exists():
            for name, number, rows in replications_in(self.path / MONTHLY):
                yield (self.names.index(name), number), rows

    def tables(self) -> dict[str, MonthlyTable]:
        """The monthly table of each scenario, of all replications finished so far, where it lies on the disk."""
        whole = [self.path / MONTHLY] if (self.path / MONTHLY).exists() else []
        tables = {}
        for mine, name in enumerate(self.names):
            parts = [part for (place, _), part in self._parts().items() if place == mine]
            if parts or whole:
                tables[name] = MonthlyTable([*whole, *parts], name)
        return {name: table for name, table in tables.items() if len(table)}

    def write_frame(self, name: str, frame: pd.DataFrame) -> None:
        """Write a small table as CSV."""
        write_whole(self.path / name, frame.to_csv(index=False, lineterminator="\n").encode())

    def write_failures(self, failures: Sequence[Failure[Replication]]) -> None:
        """List the replications that gave no result, and keep their tracebacks beside the list."""
        if not failures:  # a run that was continued may have mended them
            for name in ("failures.csv", "failures.txt"):
                (self.path / name).unlink(missing_ok=True)
            return
        rows = io.StringIO()
        table = csv.writer(rows, lineterminator="\n")
        table.writerow(["scenario", "replication", "seed", "error", "message"])
        for failure in failures:
            task = failure.task
            table.writerow([task.name, task.number, task.seed, failure.kind, failure.message])
        write_whole(self.path / "failures.csv", rows.getvalue().encode())
        details = "\n".join(f"{failure.task.name} seed {failure.task.seed}\n{failure.details}" for failure in failures)
        write_whole(self.path / "failures.txt", without_folders(details).encode())

    def write_manifest(self, manifest: Mapping[str, Any]) -> None:
        """Write what the run was made from."""
        text = json.dumps(manifest, indent=2, ensure_ascii=False, sort_keys=False)
        write_whole(self.path / MANIFEST, (text + "\n").encode())

    def discard_if_new(self) -> None:
        """Leave no empty folder behind when nothing was finished."""
        if self._created and not self.tables():
            shutil.rmtree(self.path, ignore_errors=True)


def unused(path: Path) -> Path:
    """The path itself, or with a number after it when two runs begin in the same second."""
    number, free = 2, path
    while free.exists():
        free = path.with_name(f"{path.name}-{number}")
        number += 1
    return free
