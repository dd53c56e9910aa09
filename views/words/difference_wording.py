"""Sentences on the difference between two runs: a sign is told only when the interval leaves zero out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from model.specification import in_force
from views.words import numbers
from views.words.language import ENGLISH, Speech, phrase

if TYPE_CHECKING:
    import pandas as pd

    from experiments.compare.comparison import Comparison

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
    "perceived_visa_share": "the index of anger at the visa",
}
TOO_CLOSE = phrase("too close to call")
SAME = phrase("no difference at all")
TOO_SMALL = phrase("too small to show")
ANECDOTE = phrase("one replication: an anecdote")
_HIGHER = phrase("higher"), phrase("almost certainly higher")
_LOWER = phrase("lower"), phrase("almost certainly lower")


def name_of(indicator: str, say: Speech = ENGLISH) -> str:
    """What a sentence calls an indicator."""
    declared = in_force().indicator[indicator]
    if say.language == "zh":
        return say.label(declared)
    label = declared.label
    return NAMES.get(indicator, label if label[1:2] == "-" else label[:1].lower() + label[1:])


def certainty(indicator: str, difference: float, low: float, high: float, chance: float = math.nan) -> str:
    """How sure a difference is, in words: of its sign, never of its size."""
    if difference == 0 and (not math.isfinite(low) or low == high == 0):
        return SAME
    if not math.isfinite(low):
        return ANECDOTE
    if numbers.negligible(indicator, difference, low, high):
        return TOO_SMALL
    if low <= 0 <= high:
        return TOO_CLOSE
    return (_HIGHER if difference > 0 else _LOWER)[chance >= 0.999]


def difference_sentence(indicator: str, row: pd.Series, reform: str, baseline: str, say: Speech = ENGLISH) -> str:
    """One sentence on one row of a comparison: size, interval, and whether its sign can be told.

    `reform` and `baseline` are what the sentence calls them.
    """
    difference, low, high = float(row["difference"]), float(row["low"]), float(row["high"])
    words = certainty(indicator, difference, low, high, float(row["chance_sign_right"]))
    places = numbers.decimals(indicator, difference, low, high)
    ours, theirs = (numbers.amount(indicator, float(row[side]), say) for side in ("reform", "baseline"))
    values: dict[str, object] = {
        "year": int(row["year"]), "subject": name_of(indicator, say), "reform": reform, "baseline": baseline,
        "size": numbers.change(indicator, difference, places, say), "ours": ours, "theirs": theirs, "words": say(words),
        "interval": numbers.interval(indicator, low, high, places, say),
    }  # fmt: skip
    if words == SAME:
        return say("In {year} {subject} is the same in both, person by person.", **values)
    if not math.isfinite(low):
        return say(
            "In {year} {subject} differs by {size} in the only replication there is, which settles nothing.", **values
        )
    if words == TOO_SMALL:
        return say("In {year} {subject} differs by less than can be shown, {ours} in both.", **values)
    if words == TOO_CLOSE:
        return say(
            "Whether {reform} moves {subject} in {year} is too close to call: the difference cannot be told from "
            "nothing (95 % interval {interval}).",
            **values,
        )
    if ours == theirs:
        return say(
            "In {year} {subject} is {words} under {reform} than under {baseline}: {size} (95 % interval {interval}), "
            "both near {ours}.",
            **values,
        )
    return say(
        "In {year} {subject} is {words} under {reform} than under {baseline}: {size} (95 % interval {interval}), "
        "{ours} against {theirs}.",
        **values,
    )


def what_intervals_hold(draws: int, say: Speech = ENGLISH) -> list[str]:
    """What the intervals of differences hold beside luck, where replications lived at draws of the fit."""
    if not draws:
        return []
    return [
        say(
            "Intervals of differences hold what the fit leaves open about its parameters ({draws} draws, two runs at "
            "each) beside the luck of the runs.",
            draws=draws,
        )
    ]


def compared(comparison: Comparison, indicator: str, year: int) -> pd.Series | None:
    """The row of one indicator and year, when both runs have it."""
    rows = comparison.years[(comparison.years["indicator"] == indicator) & (comparison.years["year"] == year)]
    rows = rows[rows["difference"].notna()]
    return None if rows.empty else rows.iloc[0]
