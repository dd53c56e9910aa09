"""The folder of a batch: one driver at a time, one design for ever, every finished run a file of its own."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from experiments.engine.errors import BadRequest
from experiments.engine.folder_claim import MANIFEST, refuse_other_batch, refuse_unusable
from experiments.engine.folder_lock import FolderLock
from experiments.engine.manifest import without_folders
from experiments.engine.run_folder import unused
from model.paths import shown
from model.results import remove_unfinished, replication_table, write_table, write_whole

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from experiments.batch.work import Broken, Run
    from experiments.engine.ensemble import Record

RUNS, TABLE, FAILURES = "runs", "batch.parquet", "failures.csv"


@dataclass(frozen=True)
class Column:
    """One column of the design in every table: its path and the value at each point."""

    path: str
    at_points: Sequence[bool | float | str]

    def repeated(self, point: int, rows: int) -> pa.Array:
        """The value of a point, once per row, in the one type that the whole column has."""
        import pyarrow as pa

        kinds = {type(value) for value in self.at_points}
        types = {bool: pa.bool_(), int: pa.int64(), float: pa.float64(), str: pa.string()}
        return pa.repeat(pa.scalar(self.at_points[point - 1], types[kinds.pop()]), rows)


class BatchFolder:
    """Where one batch keeps what it finds. Use it in a `with`: the lock is given back at the end."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        """Open the folder at `path` for a batch with these columns."""
        self.path, self.columns = path, list(columns)
        self.runs = path / RUNS
        self.lock = FolderLock(path)
        self.created = False

    @classmethod
    def claim(
        cls,
        out: Path | None,
        default: Path,
        columns: Sequence[Column],
        manifest: Mapping[str, Any],
        texts: Mapping[str, str],
    ) -> BatchFolder:
        """Make the folder, lock it, and write what is known beforehand: the manifest and `texts`.

        Raises BadRequest, with nothing computed, when the folder holds anything but this batch, another driver works in
        it, or it cannot be written.
        """
        folder = cls(out if out is not None else unused(default), columns)
        refuse_unusable(folder.path, "batch")
        try:
            folder.created = not folder.path.exists()
            folder.path.mkdir(parents=True, exist_ok=True)
            folder.lock.take()
            try:
                refuse_other_batch(folder.path, manifest["batch"])
                folder._prepare(manifest, texts)
            except BaseException:
                folder.lock.give_back()
                raise
        except OSError as error:
            reason = error.strerror or str(error)
            folder.discard_if_new()
            raise BadRequest(
                f"cannot write to the batch folder {shown(folder.path)}: {reason}; nothing was run"
            ) from error
        return folder

    def _prepare(self, manifest: Mapping[str, Any], texts: Mapping[str, str]) -> None:
        self.runs.mkdir(exist_ok=True)
        for place in (self.path, self.runs):
            remove_unfinished(place)
        for name, text in texts.items():
            if not (self.path / name).exists():
                write_whole(self.path / name, text.encode())
        self.write_manifest(manifest)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self.lock.give_back()

    # --- runs -------------------------------------------------------------------------------------

    def part(self, run: Run) -> Path:
        """The file of one run."""
        return self.runs / f"{run.point:06d}-{run.replication:05d}.parquet"

    def missing(self, runs: Sequence[Run]) -> list[Run]:
        """The runs that have no file yet."""
        there = {entry.name for entry in os.scandir(self.runs)}
        return [run for run in runs if self.part(run).name not in there]

    def keep(self, run: Run, record: Record) -> None:
        """Write one finished run, whole or not at all."""
        import pyarrow as pa

        table = replication_table("", run.replication, run.seed, record).drop_columns(["scenario"])
        keys = {"point": pa.repeat(pa.scalar(run.point, pa.int32()), len(table))}
        keys |= {column.path: column.repeated(run.point, len(table)) for column in self.columns}
        for place, (name, values) in enumerate(keys.items()):
            table = table.add_column(place, name, values)
        write_table(self.part(run), [table])

    def assemble(self, runs: Sequence[Run], take: Callable[[Run, pa.Table], object]) -> list[Run]:
        """Stream the files of runs into the one table, in order; `take` sees each on its way.

        A run without a file is left out. Returns the runs whose file cannot be read; these files are removed.
        """
        there = {entry.name for entry in os.scandir(self.runs)}
        unreadable: list[Run] = []
        tables = self._tables([run for run in runs if self.part(run).name in there], take, unreadable)
        first = next(tables, None)
        if first is not None:
            write_table(self.path / TABLE, itertools.chain([first], tables))
        return unreadable

    def _tables(
        self, runs: Sequence[Run], take: Callable[[Run, pa.Table], object], unreadable: list[Run]
    ) -> Iterator[pa.Table]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        for run in runs:
            part = self.part(run)
            try:
                # One thread: many small files are read, and starting threads for each would double the time.
                table = pq.ParquetFile(pa.BufferReader(part.read_bytes())).read(use_threads=False)
            except (pa.ArrowInvalid, OSError):
                part.unlink(missing_ok=True)
                unreadable.append(run)
                continue
            take(run, table)
            yield table

    # --- what went wrong --------------------------------------------------------------------------

    def note_failure(self, run: Run, broken: Broken) -> None:
        """Add one run to the list of failures while others still run."""
        path = self.path / FAILURES
        begun = path.exists()
        with path.open("a", encoding="utf-8", newline="") as stream:
            table = csv.writer(stream, lineterminator="\n")
            if not begun:
                table.writerow(self._failure_head())
            table.writerow(self._failure_row(run, broken))

    def write_failures(self, failures: Mapping[Run, Broken]) -> None:
        """The whole list, in the order of the design, with tracebacks beside it; no run failed, no rows."""
        rows = io.StringIO()
        table = csv.writer(rows, lineterminator="\n")
        table.writerow(self._failure_head())
        ordered = sorted(failures, key=lambda run: (run.point, run.replication))
        table.writerows(self._failure_row(run, failures[run]) for run in ordered)
        write_whole(self.path / FAILURES, rows.getvalue().encode())
        details = [
            f"point {run.point}, replication {run.replication}\n{failures[run].details}"
            for run in ordered
            if failures[run].details
        ]
        if details:
            write_whole(self.path / "failures.txt", without_folders("\n".join(details)).encode())
        else:
            (self.path / "failures.txt").unlink(missing_ok=True)

    def _failure_head(self) -> list[str]:
        return ["point", *(column.path for column in self.columns), "replication", "seed", "stage", "error", "reason"]

    def _failure_row(self, run: Run, broken: Broken) -> list[Any]:
        values = [column.at_points[run.point - 1] for column in self.columns]
        return [run.point, *values, run.replication, run.seed, broken.stage, broken.kind, broken.message]

    # --- small files ------------------------------------------------------------------------------

    def write_frame(self, name: str, frame: pd.DataFrame) -> None:
        """Write a small table as CSV."""
        write_whole(self.path / name, frame.to_csv(index=False, lineterminator="\n").encode())

    def write_manifest(self, manifest: Mapping[str, Any]) -> None:
        """Write what the batch was made from."""
        text = json.dumps(manifest, indent=2, ensure_ascii=False, sort_keys=False)
        write_whole(self.path / MANIFEST, (text + "\n").encode())

    def discard_if_new(self) -> None:
        """Leave no empty folder behind when nothing was finished."""
        if self.created and not any(self.runs.glob("*.parquet")):
            shutil.rmtree(self.path, ignore_errors=True)
