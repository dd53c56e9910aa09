"""The folder of a batch: one design for ever, every finished run a file of its own."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.engine.job_folder import JobFolder
from model.results import replication_table, write_table

if TYPE_CHECKING:
    import pyarrow as pa

    from experiments.batch.work import Run
    from experiments.engine.ensemble import Record
    from experiments.engine.executors import Failure

TABLE = "batch.parquet"


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


class BatchFolder(JobFolder):
    """Where one batch keeps what it finds."""

    what, pieces, always_lists = "batch", "runs", True

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        """Think of the folder at `path` for a batch with these columns."""
        super().__init__(path)
        self.columns = list(columns)

    # --- runs -------------------------------------------------------------------------------------

    def part(self, run: Run) -> Path:
        """The file of one run."""
        return self.parts / f"{run.point:06d}-{run.replication:05d}.parquet"

    def missing(self, runs: Sequence[Run]) -> list[Run]:
        """The runs that have no file yet."""
        there = {entry.name for entry in os.scandir(self.parts)}
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
        there = {entry.name for entry in os.scandir(self.parts)}
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

    def failure_head(self) -> list[str]:
        """The run, its point of the design, how far it came and why it ended."""
        return ["point", *(column.path for column in self.columns), "replication", "seed", "stage", "error", "reason"]

    def failure_row(self, failure: Failure[Run]) -> list[Any]:
        """One run that gave no result."""
        run = failure.task
        values = [column.at_points[run.point - 1] for column in self.columns]
        return [run.point, *values, run.replication, run.seed, failure.stage, failure.kind, failure.message]
