"""Sentences on the difference between two runs: a sign is told only when the interval leaves zero out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from model.specification import in_force
from views import numbers

if TYPE_CHECKING:
    import pandas as pd

    from experiments.comparison import Comparison

YOUTH = "unemployment_rate_16_24"
#: What the sentences call an indicator; the label in lower case otherwise.
NAMES = {
    YOUTH: "youth unemployment (16-24)",
    "unemployment_rate": "unemployment at all ages",
    "unemployment_rate_over_35": "unemployment at 35 and over",
    "unemployment_rate_25_29": "unemployment at 25-29",
    "unemployment_rate_30_59": "unemployment at 30-59",
    "unemployment_rate_graduates": "unemployment of recent graduates",
    "house_price_index": "the price of existing homes",
    "employment_tech": "the number of technology jobs",
    "employment_construction": "the number of construction jobs",
    "k_visa_stock": "the number of K-visa holders",
    "perceived_visa_share": "the share of blame put on the visa",
}
TOO_CLOSE = "too close to call"
SAME = "no difference at all"
TOO_SMALL = "too small to show"


def name_of(indicator: str) -> str:
    """What a sentence calls an indicator."""
    label = in_force().indicator[indicator].label
    return NAMES.get(indicator, label if label[1:2] == "-" else label[:1].lower() + label[1:])


def certainty(indicator: str, difference: float, low: float, high: float, chance: float = math.nan) -> str:
    """How sure a difference is, in words: of its sign, never of its size."""
    if difference == 0 and (not math.isfinite(low) or low == high == 0):
        return SAME
    if not math.isfinite(low):
        return "one replication: an anecdote"
    if numbers.negligible(indicator, difference, low, high):
        return TOO_SMALL
    if low <= 0 <= high:
        return TOO_CLOSE
    direction = "higher" if difference > 0 else "lower"
    return f"almost certainly {direction}" if chance >= 0.999 else direction


def difference_sentence(indicator: str, row: pd.Series, reform: str, baseline: str) -> str:
    """One sentence on one row of a comparison: size, interval, and whether its sign can be told."""
    difference, low, high = float(row["difference"]), float(row["low"]), float(row["high"])
    subject, year = name_of(indicator), int(row["year"])
    words = certainty(indicator, difference, low, high, float(row["chance_sign_right"]))
    places = numbers.decimals(indicator, difference, low, high)
    size = numbers.change(indicator, difference, places)
    span = f"95 % interval {numbers.interval(indicator, low, high, places)}"
    if words == SAME:
        return f"In {year} {subject} is the same in both, person by person."
    if not math.isfinite(low):
        return f"In {year} {subject} differs by {size} in the only replication there is, which settles nothing."
    if words == TOO_SMALL:
        both = numbers.amount(indicator, float(row["reform"]))
        return f"In {year} {subject} differs by less than can be shown, {both} in both."
    if words == TOO_CLOSE:
        return f"Whether {reform} moves {subject} in {year} is {TOO_CLOSE}: {size}, and the {span} covers zero."
    ours, theirs = (numbers.amount(indicator, float(row[side])) for side in ("reform", "baseline"))
    levels = f", {ours} against {theirs}" if ours != theirs else f", both near {ours}"
    return f"In {year} {subject} is {words} under {reform} than under {baseline}: {size} ({span}){levels}."


def compared(comparison: Comparison, indicator: str, year: int) -> pd.Series | None:
    """The row of one indicator and year, when both runs have it."""
    rows = comparison.years[(comparison.years["indicator"] == indicator) & (comparison.years["year"] == year)]
    rows = rows[rows["difference"].notna()]
    return None if rows.empty else rows.iloc[0]
