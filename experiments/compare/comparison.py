"""What a reform changes: its run less the baseline's, replication by replication.

Both runs share their luck (the same seed for the same replication), so most of what is random cancels in the
difference, and a few replications show what would otherwise take hundreds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from model.results import SEEDS_OF_A_DRAW, Table, columns_at_once, mean_intervals, t95, yearly_means

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

#: A variance below this share of another is what rounding leaves of none.
ROUNDING = 1e-20


@dataclass(frozen=True)
class Comparison:
    """A reform against a baseline: paired differences (reform less baseline) with 95 % intervals.

    Replications that lived at `draws` of the fitted parameters make intervals that hold what is not known of those;
    `luck_share` is the part of the variance that is the luck of few replications (1 without draws).

    `years` has one row per indicator and year: `indicator`, `year`, `baseline`, `reform`, `difference`, `low`,
    `high`, `chance_sign_right`, `replications`, `pairing_gain`, `luck_share`, `flagged`, `population_needed`. `peaks`
    has the same columns, without `year` and the last two, for every replication's own highest month from `since` on.
    `monthly` is for figures: `month`, `indicator`, `mean`, `low`, `high` of the difference. `since` is the first month
    in which any run differs from the baseline. `reform_table`, `baseline_table` are the monthly tables and
    `reform_summary`, `baseline_summary` their yearly summaries.
    """

    reform: str
    baseline: str
    years: pd.DataFrame
    peaks: pd.DataFrame
    monthly: pd.DataFrame
    since: str
    reform_table: Table
    baseline_table: Table
    reform_summary: pd.DataFrame
    baseline_summary: pd.DataFrame
    draws: int = 0
    #: The same by group (`experiments.compare.groups.group_differences`), where people were counted by group.
    groups: pd.DataFrame | None = None


#: A run: its name, monthly table and yearly summary.
Run = tuple[str, Table, pd.DataFrame]


def compare_all(reforms: Sequence[Run], baseline: Run, draws: int = 0) -> tuple[Comparison, ...]:
    """Compare several runs with one baseline; peaks are looked for from the first month in which any differs.

    `draws`: at how many draws of the fitted parameters the replications lived.
    """
    since = min((month for reform in reforms if (month := first_difference(reform[1], baseline[1]))), default=None)
    return tuple(compare(reform, baseline, since, draws) for reform in reforms)


def compare(reform: Run, baseline: Run, since: str | None = None, draws: int = 0) -> Comparison:
    """Compare two runs over the replications that both finished.

    Peaks are looked for from the month `since` on, or where none is given from the first in which the two differ.
    """
    (reform_name, reform_table, reform_summary), (baseline_name, baseline_table, baseline_summary) = reform, baseline
    since = since or first_difference(reform_table, baseline_table) or str(baseline_table["month"].astype(str).min())
    parts = [
        _differences(reform_table, baseline_table, names, since, draws)
        for names in columns_at_once(max(len(reform_table), len(baseline_table)))
    ]
    years, peaks, monthly = (pd.concat(tables, ignore_index=True) for tables in zip(*parts, strict=True))
    for column in ("flagged", "population_needed"):
        sides = [_aligned(summary, years, column) for summary in (reform_summary, baseline_summary)]
        # Flagged where either side is; the larger population settles both. A side without the year says nothing.
        larger = np.fmax(*sides)
        years[column] = larger > 0 if column == "flagged" else larger
    return Comparison(
        reform_name, baseline_name, years, peaks, monthly, since,
        reform_table, baseline_table, reform_summary, baseline_summary, draws,
    )  # fmt: skip


def first_difference(reform: Table, baseline: Table) -> str | None:
    """The first month in which a pair of replications differs in anything; None where none ever does."""
    months = []
    for names in columns_at_once(max(len(reform), len(baseline))):
        ours, theirs = _by_month(reform, names), _by_month(baseline, names)
        both = ours.index.intersection(theirs.index)
        left, right = ours.loc[both].to_numpy(), theirs.loc[both].to_numpy()
        differ = ((left != right) & ~(np.isnan(left) & np.isnan(right))).any(axis=1)
        if differ.any():
            months.append(str(both.get_level_values("month")[differ].min()))
    return min(months, default=None)


def _differences(
    reform: Table, baseline: Table, names: Sequence[str], since: str, draws: int
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Paired differences of some indicators: by year, of every replication's highest month, and by month."""
    years = paired(yearly_means(reform, names), yearly_means(baseline, names), "year", draws)
    peaks = paired(_peaks(reform, names, since), _peaks(baseline, names, since), "peak", draws).drop(columns="peak")
    ours, theirs = _by_month(reform, names), _by_month(baseline, names)
    both = ours.index.intersection(theirs.index)
    monthly = mean_intervals(ours.loc[both] - theirs.loc[both], "month", draws)
    return years, peaks, monthly[["month", "indicator", "mean", "low", "high"]]


def chance_sign_right(
    difference: NDArray[np.float64], error: NDArray[np.float64], replications: NDArray[np.number]
) -> NDArray[np.float64]:
    """The chance (0.5 to 1) that the true difference has the sign that was found; missing where it cannot be told.

    It reads Student's t of the paired differences as what is believed about the true one. With one replication (of
    those that share a draw of the parameters: one draw), or no difference at all, there is nothing to tell.
    """
    from scipy.special import stdtr  # type: ignore[import-untyped]

    with np.errstate(divide="ignore", invalid="ignore"):
        chance: NDArray[np.float64] = stdtr(np.maximum(replications - 1, 1), np.abs(difference) / error)
    chance[(replications < 2) | (difference == 0)] = np.nan
    return chance


def paired(reform: pd.DataFrame, baseline: pd.DataFrame, by: str, draws: int = 0) -> pd.DataFrame:
    """Means of both sides and of their difference, over the replications that both have.

    Each side is indexed by replication and `by`, with a column per indicator.
    """
    both = reform.index.intersection(baseline.index)
    reform, baseline = reform.loc[both], baseline.loc[both]
    table = mean_intervals(reform - baseline, by, draws)
    sides = {}
    for name, own, other in (("baseline", baseline, reform), ("reform", reform, baseline)):
        # Over the pairs alone, so that reform less baseline is the difference shown; a side that exists in no
        # pair (nobody holds a visa in the baseline) still shows its own mean.
        means = own.where(other.notna()).groupby(level=by).mean().fillna(own.groupby(level=by).mean())
        sides[name] = means.to_numpy(np.float64).T.ravel()
    return pd.DataFrame(
        {
            "indicator": table["indicator"],
            by: table[by],
            "baseline": sides["baseline"],
            "reform": sides["reform"],
            "difference": table["mean"],
            "low": table["low"],
            "high": table["high"],
            "chance_sign_right": chance_sign_right(
                table["mean"].to_numpy(), table["error"].to_numpy(), _independent(table["replications"], draws)
            ),
            "replications": table["replications"],
            "pairing_gain": _pairing_gain(reform, baseline, by),
            "luck_share": table.get("luck_share", 1.0),
        }
    )


def luck_alone(rows: pd.DataFrame, draws: int, centre: str) -> pd.DataFrame:
    """Differences at draws of the parameters with intervals that hold the luck of the runs and nothing else.

    `centre` names the column of means. The draws lived at count as given: more runs at them is all that is asked of.
    """
    if not draws:
        return rows
    lived = _independent(rows["replications"], draws)
    luck = np.asarray(rows["replications"] - lived, np.float64)
    narrower = np.sqrt(rows["luck_share"]) * t95(luck) / t95(np.asarray(lived - 1, np.float64))
    low, high = (rows[centre] + (rows[end] - rows[centre]) * narrower for end in ("low", "high"))
    found = rows.assign(low=low, high=high)
    if "chance_sign_right" in rows:
        error = ((high - low) / 2 / t95(luck)).to_numpy()
        found["chance_sign_right"] = chance_sign_right(rows[centre].to_numpy(), error, luck + 1)
    return found


def _independent(replications: pd.Series[Any], draws: int) -> NDArray[np.number]:
    """How many of the replications say something of their own: all of them, or one for each draw."""
    count = replications.to_numpy()
    return np.minimum(draws, count / SEEDS_OF_A_DRAW) if draws else count


def _pairing_gain(reform: pd.DataFrame, baseline: pd.DataFrame, by: str) -> NDArray[np.float64]:
    """How many pairs with luck of their own would be needed for the interval that one pair with shared luck gives.

    Two independent means differ with the sum of both variances, pairs with the variance of their difference. Missing
    where nothing varies but by rounding.
    """
    known = reform.notna() & baseline.notna()
    apart = reform.where(known).groupby(level=by).var() + baseline.where(known).groupby(level=by).var()
    paired = (reform - baseline).groupby(level=by).var()
    gain = (apart / paired.where(paired > ROUNDING * apart)).to_numpy(np.float64)
    return np.asarray(gain.T.ravel())


def _peaks(table: Table, names: Sequence[str], since: str) -> pd.DataFrame:
    """Every replication's highest month of each indicator from a month on."""
    frame = table[["replication", "month", *names]]
    late = frame[frame["month"].astype(str) >= since].drop(columns="month")
    highest = late.groupby("replication").max()
    return highest.assign(peak="peak").set_index("peak", append=True)


def _by_month(table: Table, names: Sequence[str]) -> pd.DataFrame:
    frame = table[["replication", "month", *names]]
    return frame.assign(month=frame["month"].astype(str)).set_index(["replication", "month"])


def _aligned(summary: pd.DataFrame, years: pd.DataFrame, column: str) -> NDArray[np.float64]:
    """A column of a summary, in the order of the rows of the comparison."""
    keys = pd.MultiIndex.from_frame(years[["indicator", "year"]])
    values = summary.set_index(["indicator", "year"])[column].astype(float).reindex(keys)
    return np.asarray(values, np.float64)
