"""What the causes of unemployment are called, and the answer of an attribution in sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from model.specification import in_force
from views.words import numbers
from views.words.language import ENGLISH, Speech

TOTAL = "total"


def cause_name(name: str, say: Speech = ENGLISH) -> str:
    """What a cause is called."""
    chinese = {one.name: one.name_zh for one in in_force().causes} if say.language == "zh" else {}
    return chinese.get(name) or {TOTAL: say("total"), "everything else": say("everything else")}.get(name, name)


def sentences(rows: Sequence[Mapping[str, Any]], blame: float, replications: int, say: Speech = ENGLISH) -> list[str]:
    """The answer in two sentences, then what the visa brings beside the index of anger at it.

    A row tells `cause`, `effect_pp`, `low_pp` and `high_pp` (points, nothing or NaN where unknown), and `times` where
    the cause was lived many times over; the last one is the total.
    """
    *causes, last = rows
    total = float(last["effect_pp"])
    largest = max(causes, key=lambda row: abs(row["effect_pp"]))
    first = say(
        "Together the causes change youth unemployment by {total}; the largest of them is {cause} with {effect}.",
        total=numbers.points(total, 2, say), cause=cause_name(largest["cause"], say),
        effect=numbers.points(largest["effect_pp"], 2, say),
    )  # fmt: skip
    unsure = [cause_name(row["cause"], say) for row in causes if row["effect_pp"] and not _certain(row)]
    if replications < 2:
        second = say("One replication has no interval, so none of it is certain.")
    elif unsure:
        second = say("Too close to call: {causes}.", causes=say.listed(unsure))
    else:
        second = say("The sign of every effect that is not nothing is certain (95 % intervals).")
    return [first, second, *_blame(causes, blame, say), *_rare(causes, say)]


def _rare(causes: Sequence[Mapping[str, Any]], say: Speech) -> list[str]:
    """Which causes were lived many times over and divided."""
    return [
        say("{cause}: fewer than 100 simulated persons, so {times} times as many were lived and the effect divided.",
            cause=cause_name(row["cause"], say), times=f"{row['times']:.3g}")
        for row in causes
        if row.get("times", 1) > 1
    ]  # fmt: skip


def _certain(row: Mapping[str, Any]) -> bool:
    """Whether the interval of a cause leaves zero out."""
    low, high = row["low_pp"], row["high_pp"]
    return low is not None and math.isfinite(low) and (low > 0 or high < 0)


def _blame(causes: Sequence[Mapping[str, Any]], blame: float, say: Speech) -> list[str]:
    """What the visa brings, and how angry people are at it: an illustrative index, never a share."""
    visa = next(one.name for one in in_force().causes if one.id == "visa")
    row = next((row for row in causes if row["cause"] == visa), None)
    if row is None:
        return []
    told: dict[str, object] = {"blame": numbers.index(blame), "effect": numbers.points(row["effect_pp"], 2, say)}
    if row["low_pp"] is None or not math.isfinite(row["low_pp"]):
        return [say("The K visa brings {effect}; the index of anger at it stands at {blame}.", **told)]
    low, high = (numbers.signed(row[end], 2) for end in ("low_pp", "high_pp"))
    told["interval"] = numbers.between(low, high, say)
    if row["effect_pp"] and not _certain(row):
        return [
            say(
                "What the K visa brings cannot be told from nothing (95 % interval {interval} points); the index of "
                "anger at it stands at {blame}.",
                **told,
            )
        ]
    return [
        say("The K visa brings {effect} (95 % interval {interval}); the index of anger at it stands at {blame}.",
            **told)
    ]  # fmt: skip
