"""The few numbers a reader sees first, each with its change and how sure it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from model.specification import in_force
from views.words import numbers
from views.words.difference_wording import ANECDOTE, SAME, TOO_CLOSE, TOO_SMALL, YOUTH, certainty, compared
from views.words.scenario_titles import quoted
from views.words.wording import between, last_year

if TYPE_CHECKING:
    from views.report.story import Story
    from views.words.language import Speech

SHOWN = (
    YOUTH,
    "unemployment_rate",
    "unemployment_rate_over_35",
    "employment_tech",
    "house_price_index",
    "k_visa_stock",
)
#: What a run is held against when it has no baseline: the last year with official months throughout.
REFERENCE_YEAR = 2024


@dataclass(frozen=True, slots=True)
class Card:
    """One headline number."""

    label: str
    value: str
    change: str
    certainty: str
    #: Which way it goes, when that can be told.
    direction: Literal["up", "down", "unclear", "none"] = "none"


def cards(story: Story) -> list[Card]:
    """A card for each headline indicator that exists in the last full year."""
    year = last_year(story)
    shown = [name for name in SHOWN if math.isfinite(story.readings.estimate(name, year).mean)]
    if not np.nan_to_num(story.readings.paths("k_visa_stock")).any() and "k_visa_stock" in shown:
        shown.remove("k_visa_stock")
    return [
        _against_baseline(story, name, year) if story.comparison is not None else _over_time(story, name, year)
        for name in shown
    ]


def _against_baseline(story: Story, name: str, year: int) -> Card:
    """The reform's level and its paired difference."""
    comparison = story.comparison
    row = compared(comparison, name, year) if comparison is not None else None
    say = story.say
    label = say("{label}, {year}", label=say.label(in_force().indicator[name]), year=year)
    value = numbers.amount(name, story.readings.estimate(name, year).mean, say)
    if comparison is None or row is None:
        return Card(label, value, say("no baseline to compare with"), "")
    difference, low, high = (float(row[column]) for column in ("difference", "low", "high"))
    places = numbers.decimals(name, difference, low, high)
    change = say(
        "{change} against {baseline}", change=numbers.change(name, difference, places, say),
        baseline=quoted(comparison.baseline, say),
    )  # fmt: skip
    words = certainty(name, difference, low, high, float(row["chance_sign_right"]))
    span = numbers.interval(name, low, high, places, say)
    return Card(label, value, change, _sure(words, span, say), _direction(words, difference))


def _over_time(story: Story, name: str, year: int) -> Card:
    """The level, and its change since 2024 or the first year."""
    estimate = story.readings.estimate(name, year)
    say = story.say
    label = say("{label}, {year}", label=say.label(in_force().indicator[name]), year=year)
    value = numbers.amount(name, estimate.mean, say)
    earlier = [other for other in story.readings.full_years if other < year]
    if not earlier:
        return Card(
            label,
            value,
            "",
            say("95 % interval {between}", between=numbers.level_interval(name, estimate.low, estimate.high, say))
            if math.isfinite(estimate.low)
            else say(ANECDOTE),
        )
    since = REFERENCE_YEAR if REFERENCE_YEAR in earlier else earlier[0]
    change = between(story, name, since, year)
    words = certainty(name, change.mean, change.low, change.high)
    return Card(
        label,
        value,
        say("{change} since {year}", change=numbers.change(name, change.mean, say=say), year=since),
        _sure(words, numbers.interval(name, change.low, change.high, say=say), say),
        _direction(words, change.mean),
    )


def _direction(words: str, difference: float) -> Literal["up", "down", "unclear", "none"]:
    """Which way a change goes, as far as its certainty in words lets it be told."""
    if words == TOO_CLOSE:
        return "unclear"
    if words.endswith(("higher", "lower")):
        return "up" if difference > 0 else "down"
    return "none"


def _sure(words: str, span: str, say: Speech) -> str:
    """Certainty in words, with the interval of the change when there is one."""
    if span == say(numbers.MISSING) or words in (SAME, TOO_SMALL):
        return say(words)
    if words == TOO_CLOSE:
        return say("{words}: {interval}", words=say(words), interval=span)
    return say("{words}, 95 % interval {interval}", words=say(words), interval=span)
