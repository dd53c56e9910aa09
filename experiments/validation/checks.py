"""What a check is: a number that the model has to bring out by itself, its target, and how it is judged."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from experiments.validation.evidence import Experiment

#: What passing a check says. Only a test can be lost: what is fitted describes, what is coded in as a rule or follows
#: by arithmetic could hardly come out otherwise, software reproduces another program.
Kind = Literal["test", "fitted", "coded in", "arithmetic", "software"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: the value in the check's unit, whether it meets the target, and what a reader should know."""

    value: float
    passed: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One row of the table.

    `judge` takes what the check's experiment found. A target that is a sign alone passes on the sign; its size is
    reported.
    """

    name: str
    asks: str
    target: str
    unit: str
    source: str
    kind: Kind
    experiment: Experiment
    judge: Callable[[Any], Verdict]


def between(low: float, value: float, high: float, note: str = "") -> Verdict:
    """Passed inside an interval, its ends included; a value that does not exist fails."""
    return Verdict(float(value), bool(math.isfinite(value) and low <= value <= high), note)


def near(target: float, tolerance: float, value: float, note: str = "") -> Verdict:
    """Passed within a tolerance of the target."""
    return between(target - tolerance, value, target + tolerance, note)


def at_most(most: float, value: float, note: str = "") -> Verdict:
    """Passed up to a bound."""
    return between(-math.inf, value, most, note)


def surely_negative(value: float, half: float, note: str = "") -> Verdict:
    """Passed when the interval of half-width `half` lies below zero; one replication can show nothing."""
    return Verdict(value, math.isfinite(half) and value + half < 0, note)
