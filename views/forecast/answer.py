"""A forecast, an evaluation and the record of forecasts, as the terminal shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.forecast.evaluation import KNOWN, POOLED, QUOTED, REALISED
from model.schedule import month_index

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from experiments.forecast.history import History

#: What is wanted of the pool over the horizons quoted: CRPS over that of the best simple method, by group.
WANTED = {"16_24": 0.8, "25_29": 0.8, "30_59": 1.0, "all": 1.0}
WORDS = {"16_24": "ages 16-24", "25_29": "ages 25-29", "30_59": "ages 30-59", "all": "all ages"}
METHODS = {
    "pooled": "pooled (to quote)", "model": "the structure alone", "seasonal_naive": "last year's month",
    "persistence": "last month goes on", "drift": "mean change goes on", "sarima": "SARIMA", "ets": "ETS",
    "seasonal_moved": "last year's month, moved",
}  # fmt: skip


def quoted_rows(table: pd.DataFrame, drivers: str = KNOWN) -> pd.DataFrame:
    """The pooled forecast in percent; `drivers` other than what was known are shown beside it, never quoted."""
    rows = table[(table["method"] == POOLED) & (table["drivers"] == drivers)].copy()
    numbers = ["mean", "p10", "p25", "p50", "p75", "p90"]
    rows[numbers] *= 100
    return rows


def render_forecast(table: pd.DataFrame, history: History) -> str:
    """Month by month: the middle, and the band that should hold four times in five; then the peak in words."""
    rows = quoted_rows(table)
    origin = str(rows["origin"].iloc[0])
    groups = [group for group in WORDS if (rows["group"] == group).any()]
    lines = [
        f"Official unemployment after {origin}, pooled forecast, % (in brackets where it lies four times in five)",
        "",
    ]
    lines += _laid_out(month_rows(table))
    lines += ["", *(sentence(rows, history, group) for group in groups)]
    if hindsight := month_rows(table, REALISED)[1:]:
        lines += ["", f"Not to be quoted: {hindsight_words(origin)}", "", *_laid_out(hindsight)]
    return "\n".join(lines)


def hindsight_words(origin: str) -> str:
    """What a table is that was told what came."""
    return f"the same had growth, pay, classes, churn and lockdowns after {origin} been known as they came"


def _laid_out(rows: list[list[str]]) -> list[str]:
    return [f"{month:<9}" + "".join(f"{cell:>21}" for cell in cells) for month, *cells in rows]


def month_rows(table: pd.DataFrame, drivers: str = KNOWN) -> list[list[str]]:
    """The pooled forecast as cells: the month, then by group the middle and the 80 % band."""
    rows = quoted_rows(table, drivers)
    groups = [group for group in WORDS if (rows["group"] == group).any()]
    found = [["month", *(WORDS[group] for group in groups)]]
    for month, some in rows.groupby("month"):
        cells = {row["group"]: f"{row['p50']:.1f} ({row['p10']:.1f}-{row['p90']:.1f})" for _, row in some.iterrows()}
        found.append([str(month), *(cells.get(group, "") for group in groups)])
    return found


def sentence(rows: pd.DataFrame, history: History, group: str) -> str:
    """The month with the highest rate in words, beside last year's; `rows` in percent."""
    top = rows[rows["group"] == group].sort_values("p50").iloc[-1]
    before = history.rates[group][month_index(str(top["month"])) - 12]
    last_year = "" if np.isnan(before) else f"; a year before it was {before:.1f} %"
    return (
        f"{WORDS[group]}, highest in {top['month']}: {top['p50']:.1f} %, as likely as not between {top['p25']:.1f} and "
        f"{top['p75']:.1f}, four times in five between {top['p10']:.1f} and {top['p90']:.1f}{last_year}"
    )


def render_evaluation(quoted: pd.DataFrame, origins: Sequence[str], drivers: str) -> str:
    """Scores over the horizons that are quoted together, group by group."""
    first, last = origins
    lines = [f"Forecasts from {first} to {last}, one to {QUOTED} months ahead, drivers {drivers}: errors in points"]
    for group, rows in quoted.groupby("group", sort=False):
        head = f"{'origins':>8}{'RMSE':>8}{'CRPS':>8}{'of best':>9}{'80 % band':>11}{'DM p':>7}"
        lines += ["", f"{WORDS[str(group)]:<22}{head}"]
        for _, row in rows.iterrows():
            test = "" if np.isnan(row["dm_p_value"]) else f"{row['dm_p_value']:.2f}"
            lines.append(
                f"{METHODS[row['method']]:<22}{row['origins']:>8}{row['rmse']:>8.2f}{row['crps']:>8.3f}"
                f"{row['against_best']:>9.2f}{100 * row['coverage_80']:>9.0f} %{test:>7}"
            )
    lines += ["", "of best: CRPS over that of the best simple method on the same forecasts, below 1 is better"]
    lines.append("DM p: chance of such a difference were both as good (Diebold-Mariano, corrected for small samples)")
    return "\n".join(lines)


def render_recorded(rows: pd.DataFrame) -> str:
    """How forecasts on record have fared; none can be scored before a month has come."""
    if rows.empty:
        return "\nno month of a forecast on record has come yet"
    lines = ["", "forecasts on record whose month has come:"]
    for (group, method), some in rows.groupby(["group", "method"], sort=False):
        missed, held = some["error_pp"].abs().mean(), 100 * some["held_80"].mean()
        name = f"{WORDS[str(group)]:<12}{METHODS[str(method)]:<22}"
        lines.append(f"{name}{len(some):>4} months, mean error {missed:.2f} points, band held {held:.0f} %")
    return "\n".join(lines)
