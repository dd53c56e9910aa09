"""The monthly table of a finished run, read from the disk a few columns at a time.

Ten thousand replications record more than a gigabyte; whoever looks at them needs an indicator or two at once.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import overload

import numpy as np
import pandas as pd

#: Numbers of a table that are held in memory at once: 8 MB of them.
ROOM = 1 << 20


class MonthlyTable:
    """The months of one scenario's replications, in the order of the files they lie in.

    `table["tightness"]` and `table[["month", "tightness"]]` give columns as those of a pandas table: missing values as
    NaN, texts as categories. What was asked for lately is kept while there is room.
    """

    def __init__(self, files: Sequence[Path | bytes], scenario: str) -> None:
        """Look for a scenario's rows in Parquet files, or what they hold, that `model.results.write_table` wrote."""
        self._files = list(files)
        names = self._read(["scenario"])["scenario"]
        self._mine = None if (names == scenario).all() else np.flatnonzero(names == scenario)
        self._rows = len(names if self._mine is None else self._mine)
        self._kept: dict[str, pd.Series] = {}

    def __len__(self) -> int:
        """How many rows: replications times months."""
        return self._rows

    @overload
    def __getitem__(self, asked: str) -> pd.Series: ...
    @overload
    def __getitem__(self, asked: list[str]) -> pd.DataFrame: ...
    def __getitem__(self, asked: str | list[str]) -> pd.Series | pd.DataFrame:
        names = [asked] if isinstance(asked, str) else asked
        self._keep(names)
        found = pd.DataFrame({name: self._kept[name] for name in names}, copy=False)
        return found[asked] if isinstance(asked, str) else found

    @property
    def replications(self) -> list[int]:
        """The numbers of the replications there are."""
        return [int(number) for number in self["replication"].unique()]

    def _keep(self, names: list[str]) -> None:
        """Have these columns in memory, and others only as far as there is room."""
        missing = [name for name in names if name not in self._kept]
        if missing:
            read = self._read(missing)
            mine = read if self._mine is None else read.iloc[self._mine].reset_index(drop=True)
            self._kept |= {name: mine[name] for name in missing}
        for name in names:  # the latest stand last
            self._kept[name] = self._kept.pop(name)
        for name in list(self._kept)[: -max(len(names), ROOM // max(1, self._rows))]:
            del self._kept[name]

    def _read(self, names: list[str]) -> pd.DataFrame:
        """Columns of all files, whatever the scenario."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        texts = ["scenario", "month"]
        parts = []
        for held in self._files:
            with io.BytesIO(held) if isinstance(held, bytes) else held.open("rb") as file:
                parts.append(pq.ParquetFile(file, read_dictionary=texts).read(names, use_threads=False))
        columns: pd.DataFrame = pa.concat_tables(parts).to_pandas(split_blocks=True, use_threads=False)[names]
        return columns
