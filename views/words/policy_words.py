"""Words and numbers for what a policy is judged by: indicators, jobs by age, and what it spends."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from experiments.search.measures import SPENDING
from model.specification import in_force
from views.batch.sheet import label as path_label
from views.batch.sheet import short_number
from views.words import numbers
from views.words.difference_wording import name_of

if TYPE_CHECKING:
    from experiments.search.policy_file import PolicySearch

_AGES = {
    "16_24": "16-24", "25_29": "25-29", "30_59": "30-59", "over_35": "35 and over", "graduates": "recent graduates",
}  # fmt: skip


def label(name: str) -> str:
    """What a figure or a table calls a target."""
    if name == SPENDING:
        return "Spending"
    if name in in_force().indicator:
        return in_force().indicator[name].label
    what, _, age = name.partition("employed_")
    return f"{'Jobless' if what else 'Jobs'}, {_AGES[age]}"


def subject(name: str) -> str:
    """What a sentence calls a target."""
    if name == SPENDING:
        return "spending"
    if name in in_force().indicator:
        return name_of(name)
    what, _, age = name.partition("employed_")
    return f"the number of {'jobless' if what else 'jobs'} ({_AGES[age]})"


def scale(name: str, largest: float) -> tuple[float, str]:
    """The factor and the unit that make a target's differences short."""
    if name == SPENDING:
        return 1e-9, "bn yuan a year"
    if name in in_force().indicator and numbers.is_percent(name):
        return 100.0, "points"
    if name not in in_force().indicator or in_force().indicator[name].kind == "count":
        return (1e-6, "million") if largest >= 999_500 else (1e-3, "thousand") if largest >= 1000 else (1.0, "")
    return 1.0, {"index": "points", "money": "yuan"}.get(in_force().indicator[name].kind, "")


def change(name: str, value: float) -> str:
    """A difference with its unit: `-0.64 points`, `+1.34 million`, `+63 bn yuan a year`."""
    if not math.isfinite(value):
        return numbers.MISSING
    factor, unit = scale(name, abs(value))
    return f"{short(name, factor * value)} {unit}".rstrip()


def short(name: str, size: float) -> str:
    """A signed number that has its unit elsewhere."""
    return numbers.signed(size, _places(name, size))


def interval(name: str, low: float, high: float) -> str:
    """An interval of differences without its unit; nothing where there is none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    factor, _ = scale(name, max(abs(low), abs(high)))
    places = _places(name, factor * max(abs(low), abs(high)))
    return f"{numbers.signed(factor * low, places)} to {numbers.signed(factor * high, places)}"


def _places(name: str, size: float) -> int:
    return 0 if name == SPENDING and abs(size) >= 10 else 1 if abs(size) >= 10 else 2


def policy_in_words(search: PolicySearch, policy: Mapping[str, float]) -> str:
    """What a policy moves, in words; levers that stay where the scenario has them are left out."""
    arrow = "\N{RIGHTWARDS ARROW}"
    moved = [
        f"{path_label(lever.path, 40)} {short_number(lever.own)} {arrow} {short_number(policy[lever.path])}"
        for lever in search.levers
        if policy[lever.path] != lever.own
    ]
    return "; ".join(moved) or "the scenario as it is"
