"""What each path of a design does to an outcome, the others held where they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.results import mean_intervals

COLUMNS = ("outcome", "path", "from", "to", "effect", "low", "high", "replications")


def effects(design: pd.DataFrame, runs: pd.DataFrame, outcomes: Sequence[str]) -> pd.DataFrame:
    """The change of every outcome as one path goes from its lowest to its highest value, fitted over all points.

    A straight line in every path, fitted for each replication by itself: points share their luck, so the spread of
    the fits over replications gives a narrow and honest 95 % interval (none for one replication). A path of words or
    of true and false has one row per value beside its first. Empty where the points cannot tell the paths apart.
    `design` has a row per point, `runs` is indexed by (replication, point). Columns: `COLUMNS`.
    """
    terms = _terms(design)
    names = list(terms)
    scaled = pd.DataFrame({name: values for name, (_, _, _, values) in terms.items()}, index=design.index)
    fitted: dict[tuple[int, str], list[float]] = {}
    for replication, rows_of_one in runs.groupby(level="replication"):
        ends = rows_of_one.droplevel("replication")
        columns = [_slopes(scaled.loc[ends.index], ends[outcome]) for outcome in outcomes]
        for place, name in enumerate(names):
            fitted[int(str(replication)), name] = [float(slopes[place]) for slopes in columns]
    index = pd.MultiIndex.from_tuples(list(fitted), names=["replication", "term"])
    means = mean_intervals(pd.DataFrame(list(fitted.values()), index=index, columns=list(outcomes)), "term")
    means = means[means["mean"].notna()]
    rows = [
        (row.indicator, *terms[str(row.term)][:3], row.mean_, row.low, row.high, row.replications)
        for row in means.rename(columns={"mean": "mean_"}).itertuples()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _terms(design: pd.DataFrame) -> dict[str, tuple[str, object, object, NDArray[np.float64]]]:
    """Columns of the fit, 0 at the first value and 1 at the last: path, the two values, one number per point."""
    terms: dict[str, tuple[str, object, object, NDArray[np.float64]]] = {}
    for path in design.columns:
        values = design[path]
        if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
            low, high = values.min(), values.max()
            if high > low:
                terms[path] = (path, low, high, ((values - low) / (high - low)).to_numpy(np.float64))
            continue
        first, *others = dict.fromkeys(values)
        for other in others:
            terms[f"{path}={other}"] = (path, first, other, (values == other).to_numpy(np.float64))
    return terms


def _slopes(scaled: pd.DataFrame, outcome: pd.Series) -> NDArray[np.float64]:
    """The slope of each term by least squares; NaN where the points that exist cannot tell them apart."""
    known = np.isfinite(outcome.to_numpy(np.float64))
    matrix = np.column_stack([np.ones(int(known.sum())), scaled.to_numpy(np.float64)[known]])
    if len(matrix) < matrix.shape[1]:
        return np.full(scaled.shape[1], np.nan)
    found, _, rank, _ = np.linalg.lstsq(matrix, outcome.to_numpy(np.float64)[known], rcond=None)
    slopes: NDArray[np.float64] = found[1:]
    return slopes if rank == matrix.shape[1] else np.full(scaled.shape[1], np.nan)
