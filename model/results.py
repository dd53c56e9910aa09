"""The tables of a run: every month of every replication, and the yearly means with their intervals.

Tables are made the same way whatever computed them, so the same scenario and seed give the same bytes.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import os
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import pandas as pd

from model.monthly_table import ROOM, MonthlyTable
from model.schedule import BURN_IN, month_label
from model.specification import in_force

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa
    from numpy.typing import NDArray

    from model.scenario.scenario import Scenario

#: A reading that rests on fewer simulated persons than this is flagged.
ENOUGH_PERSONS = 100
#: Replications, each with luck of its own, that share a draw of the fitted parameters where draws are lived.
SEEDS_OF_A_DRAW = 2
#: Months of replications as rows, in memory or on the disk.
Table = pd.DataFrame | MonthlyTable
#: What a file is called while it is being written.
UNFINISHED = ".unfinished"
#: Rows of a monthly table that are held in memory while it is written, about 3 MB of them.
ROWS_IN_GROUP = 1 << 13
_LEVEL = 0.95


# --- files ----------------------------------------------------------------------------------------


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A stream to a file that is written whole or not at all: nobody ever sees half of it under its name.

    The bytes go to a neighbour with another name, reach the disk, and only then take the name.
    """
    neighbour = path.with_name(f".{path.name}.{os.getpid()}{UNFINISHED}")
    try:
        with neighbour.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        neighbour.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            neighbour.unlink()
        raise


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    with whole_file(path) as stream:
        stream.write(content)


def remove_unfinished(folder: Path) -> None:
    """Clear away what a killed run left half-written in a folder."""
    for leftover in folder.glob(f".*{UNFINISHED}"):
        leftover.unlink(missing_ok=True)


# --- the monthly table ----------------------------------------------------------------------------


def _schema(names: Sequence[str]) -> pa.Schema:
    import pyarrow as pa

    keys = [
        pa.field("scenario", pa.string(), nullable=False),
        pa.field("replication", pa.int32(), nullable=False),
        pa.field("seed", pa.int64(), nullable=False),
        pa.field("month", pa.string(), nullable=False),
    ]
    return pa.schema(keys + [pa.field(name, pa.float64()) for name in names])


def replication_table(scenario: str, replication: int, seed: int, record: Mapping[str, NDArray[Any]]) -> pa.Table:
    """One replication's months as rows; what does not exist yet (NaN) becomes missing.

    `record` holds `month` (month indices) and one array for each indicator; what has more dimensions is left out.
    """
    import pyarrow as pa

    months = [month_label(int(month)) for month in record["month"]]
    columns: list[pa.Array] = [
        pa.array([scenario] * len(months), pa.string()),
        pa.array([replication] * len(months), pa.int32()),
        pa.array([seed] * len(months), pa.int64()),
        pa.array(months, pa.string()),
    ]
    names = [name for name, values in record.items() if name != "month" and values.ndim == 1]
    columns += [pa.array(np.asarray(record[name], np.float64), pa.float64(), from_pandas=True) for name in names]
    return pa.Table.from_arrays(columns, schema=_schema(names))


def write_table(path: Path, tables: Iterable[pa.Table]) -> None:
    """Write tables, in the order given, as one Parquet file whose bytes depend on nothing but their rows.

    Of tables that come one by one, no more are held in memory than fill a row group.
    """
    import pyarrow.parquet as pq

    groups = _row_groups(tables)
    first = next(groups)
    with whole_file(path) as stream, pq.ParquetWriter(stream, first.schema, compression="zstd") as writer:
        for group in itertools.chain([first], groups):
            writer.write_table(group, row_group_size=ROWS_IN_GROUP)


def _row_groups(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The rows of all tables, so many at a time, wherever one table ends and the next begins."""
    import pyarrow as pa

    waiting: list[pa.Table] = []
    rows = 0
    for table in tables:
        waiting.append(table)
        rows += len(table)
        while rows > ROWS_IN_GROUP:
            joined = pa.concat_tables(waiting)
            yield joined.slice(0, ROWS_IN_GROUP).combine_chunks()
            waiting = [joined.slice(ROWS_IN_GROUP)]
            rows -= ROWS_IN_GROUP
    yield pa.concat_tables(waiting).combine_chunks()


def read_table(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """The rows of a Parquet file that `write_table` wrote, all columns or some.

    Python opens it: pyarrow takes some names for addresses, and knows none that are not UTF-8.
    """
    import pyarrow.parquet as pq

    with path.open("rb") as stream:
        return pq.ParquetFile(stream).read(None if columns is None else list(columns), use_threads=False)


def replications_in(held: Path | bytes) -> Iterator[tuple[str, int, pa.Table]]:
    """Each replication of a monthly table, on the disk or in memory: its scenario, its number, its rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with io.BytesIO(held) if isinstance(held, bytes) else held.open("rb") as stream:
        file = pq.ParquetFile(stream)
        rest = file.schema_arrow.empty_table()
        for group in range(file.num_row_groups):
            rows = pa.concat_tables([rest, file.read_row_group(group, use_threads=False)])
            scenario = rows["scenario"].to_numpy()
            number = rows["replication"].to_numpy()
            ends = np.flatnonzero((scenario[1:] != scenario[:-1]) | (number[1:] != number[:-1])) + 1
            starts = [0, *ends.tolist()]
            for start, end in itertools.pairwise(starts):
                yield str(scenario[start]), int(number[start]), rows.slice(start, end - start)
            rest = rows.slice(starts[-1])
        if len(rest):
            yield str(rest["scenario"][0]), int(rest["replication"][0].as_py()), rest


def read_frame(path: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """The monthly table of a run as a pandas table, all columns or some; missing values are NaN."""
    frame: pd.DataFrame = read_table(path, columns).to_pandas(use_threads=False)
    return frame


# --- means and intervals --------------------------------------------------------------------------


def columns_at_once(rows: int) -> Iterator[list[str]]:
    """The indicators, so many at a time as there is room for: all of them unless the table is very long."""
    most, names = max(1, ROOM // max(1, rows)), [*in_force().indicator]
    return (names[start : start + most] for start in range(0, len(names), most))


def yearly_means(table: Table, names: Sequence[str]) -> pd.DataFrame:
    """Each replication's mean of indicators in every year, over the months where they exist.

    Rows are indexed by (replication, year).
    """
    frame = table[["replication", "month", *names]]
    years = frame["month"].str.slice(0, 4).astype(int).rename("year")
    return frame.groupby([frame["replication"], years])[list(names)].mean()


def t95(freedom: float | NDArray[np.float64]) -> Any:
    """The two-sided 95 % point of Student's t, one for each number of degrees of freedom; NaN below 1."""
    from scipy.special import stdtrit  # type: ignore[import-untyped]

    return stdtrit(np.where(np.asarray(freedom) < 1, np.nan, freedom), 0.5 + _LEVEL / 2)


def rms(error: NDArray[np.float64]) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(np.square(error))))


def mean_intervals(values: pd.DataFrame, by: str, draws: int = 0) -> pd.DataFrame:
    """The mean over replications of every column, with the 95 % interval of that mean.

    `values` is indexed by replication and `by` (year or month). Returns one row per column and `by`: `indicator`,
    `by`, `mean`, `low`, `high`, `error` (standard error), `replications`. The interval is Student's, over the
    replications where the value exists; one replication has none. Where replications live at `draws` of the fitted
    parameters, it holds what is not known of those beside the luck of the mean, and `luck_share` is the part of its
    variance that more replications would take away.
    """
    groups = values.groupby(level=by)
    mean, count = groups.mean(), groups.count()
    number = count.to_numpy(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        error = groups.std(ddof=1).to_numpy(np.float64) / np.sqrt(number)
        half = t95(np.maximum(number - 1, 1)) * error
    luck = {}
    if draws:
        between, within = _spread_over_draws(values, by, draws)
        freedom = np.maximum(np.minimum(draws, number / SEEDS_OF_A_DRAW) - 1, 1)
        with np.errstate(invalid="ignore", divide="ignore"):
            of_luck = within / number
            error = np.sqrt(between * (1 + 1 / (freedom + 1)) + of_luck)
            half = t95(freedom) * error
            luck = {"luck_share": np.minimum(1.0, of_luck / error**2).T.ravel()}
    centre = mean.to_numpy(np.float64)
    return pd.DataFrame(
        {
            "indicator": np.repeat(np.asarray(mean.columns, dtype=object), len(mean)),
            by: np.tile(mean.index.to_numpy(), mean.shape[1]),
            "mean": centre.T.ravel(),
            "low": (centre - half).T.ravel(),
            "high": (centre + half).T.ravel(),
            "error": error.T.ravel(),
            "replications": count.to_numpy().T.ravel(),
            **luck,
        }
    )


def draw_of(replication: Any, draws: int) -> Any:
    """Which draw of the fitted parameters, from 0, a replication (from 1) lives at: pairs take turns."""
    return (replication - 1) // SEEDS_OF_A_DRAW % draws


def _spread_over_draws(values: pd.DataFrame, by: str, draws: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The variance that parameters bring, and that of luck at given ones: an analysis of variance over draws."""
    frame = values.copy()
    lived = draw_of(values.index.get_level_values("replication"), draws)
    frame.index = pd.MultiIndex.from_arrays([values.index.get_level_values(by), lived], names=[by, "draw"])
    cells = frame.groupby(level=[by, "draw"])
    each = cells.count()
    # Draws that more replications live at tell more of luck; of the luck in the mean of a draw there is 1 in so many.
    weight = (each - 1).clip(lower=0)
    squares = (cells.var(ddof=1).fillna(0.0) * weight).groupby(level=by).sum().to_numpy(np.float64)
    within = squares / np.maximum(1, weight.groupby(level=by).sum().to_numpy(np.float64))
    in_a_mean = (1 / each.where(each > 0)).groupby(level=by).mean().to_numpy(np.float64)
    apart = cells.mean().groupby(level=by).var(ddof=1).to_numpy(np.float64)
    return np.maximum(0.0, apart - within * in_a_mean), within


def people_per_agent(population: int, scenario: Scenario | None = None) -> float:
    """How many people one simulated person stands for in a scenario (None: one with nothing but defaults)."""
    from model.opening.people import people_at_opening  # compiles nothing, but imports Numba
    from model.scenario.scenario import default_scenario

    return people_at_opening(scenario or default_scenario(), -BURN_IN) / population


def summarise(
    table: Table, population: int, empty_years: Collection[int] = (), scenario: Scenario | None = None
) -> pd.DataFrame:
    """The yearly mean of every indicator with its 95 % interval, and a flag where too few simulated persons carry it.

    Columns: `indicator`, `year`, `mean`, `low`, `high`, `low_10`, `high_90` (between which eight of ten replications
    lie), `replications`, `simulated_persons` (in one replication), `flagged`, `population_needed` (the population
    that would lift the flag; missing where nothing is flagged or nobody was simulated). In `empty_years` the scenario
    lets no K-visa holder in, so that finding none is a fact and not a small sample.
    """
    people = _people_counted(table)
    summary = pd.concat(
        [_summary_of(yearly_means(table, names), people) for names in columns_at_once(len(table))], ignore_index=True
    )
    persons = summary["simulated_persons"].to_numpy() / people_per_agent(population, scenario)
    nobody = (persons == 0) & summary["year"].isin(list(empty_years)).to_numpy()
    flagged = (persons < ENOUGH_PERSONS) & summary["mean"].notna().to_numpy() & ~nobody
    summary["simulated_persons"] = persons
    summary["flagged"] = flagged
    with np.errstate(divide="ignore"):
        needed = np.ceil(population * ENOUGH_PERSONS / persons)
    summary["population_needed"] = np.where(flagged & np.isfinite(needed), needed, np.nan)
    return summary


def _people_counted(table: Table) -> pd.DataFrame:
    """How many people each indicator that others rest on counts, by year."""
    bases = {indicator.base for indicator in in_force().indicators}
    chosen = ([name for name in names if name in bases] for names in columns_at_once(len(table)))
    counts = [yearly_means(table, names).fillna(0).groupby(level="year").mean() for names in chosen if names]
    return pd.concat(counts, axis="columns")


def _summary_of(yearly: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Means, intervals and spread of some indicators, and the people (not yet simulated persons) they rest on."""
    summary = mean_intervals(yearly, "year").drop(columns="error")
    groups = yearly.groupby(level="year")
    spread = {"low_10": groups.quantile(0.1), "high_90": groups.quantile(0.9)}
    for place, (name, values) in enumerate(spread.items(), start=5):
        summary.insert(place, name, values.to_numpy(np.float64).T.ravel())
    bases = [in_force().indicator[name].base for name in yearly.columns]
    summary["simulated_persons"] = people[bases].to_numpy(np.float64).T.ravel()
    return summary
