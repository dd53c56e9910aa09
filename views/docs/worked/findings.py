"""Rules that make an answer's sentences from what a batch found; a sign is told only where the interval leaves it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from views.batch.sheet import ends_words, label
from views.words import numbers
from views.words.difference_wording import SAME, TOO_CLOSE, TOO_SMALL, certainty, difference_sentence, name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from views.docs.worked.questions import Question
    from views.docs.worked.results import Point, Result

_MOST_RANKED = 3


class Finding(Protocol):
    """One thing that is read out of a batch."""

    def sentence(self, question: Question, result: Result) -> str:
        """The finding in words."""


@dataclass(frozen=True)
class Difference:
    """What a point changes in an outcome, in the last year or in `year`."""

    outcome: str
    at: Point
    against: Point | None = None
    year: int | None = None

    def sentence(self, question: Question, result: Result) -> str:
        """Size, interval, and whether the sign can be told."""
        point, other = question.pair(result, self.at, self.against)
        row = result.difference(point, other, self.outcome, self.year or question.year(result))
        return difference_sentence(self.outcome, row, question.words(result, point), question.words(result, other))


@dataclass(frozen=True)
class YearByYear:
    """How long a point's effect on an outcome lasts."""

    outcome: str
    at: Point
    since: int

    def sentence(self, question: Question, result: Result) -> str:
        """The difference of every year in a row, and the last year in which it can be told."""
        point, other = question.pair(result, self.at)
        rows = result.differences(point, other, [self.outcome])
        rows = rows[rows["year"] >= self.since]
        parts = [(change_and_interval(self.outcome, row), int(row["year"])) for _, row in rows.iterrows()]
        told = "; ".join(f"{size}{f' ({span})' if span else ''} in {year}" for (size, span), year in parts)
        sure = [int(row["year"]) for _, row in rows.iterrows() if _sign(self.outcome, row)]
        if not sure:
            end = f"In every year that is {TOO_CLOSE}"
        elif sure[-1] == int(rows["year"].iloc[-1]):
            end = "It can still be told in the last year"
        else:
            end = f"After {sure[-1]} it is {TOO_CLOSE}"
        moved = f"{question.words(result, point)} moves {name_of(self.outcome)}"
        return f"Year by year {moved} by {told}. {end}."


@dataclass(frozen=True)
class Sides:
    """Who gains and who loses at a point: the sign of several outcomes."""

    outcomes: Sequence[str]
    at: Point

    def sentence(self, question: Question, result: Result) -> str:
        """Outcomes that fall, that rise, and those that are too close to call."""
        point, other = question.pair(result, self.at)
        year = question.year(result)
        groups: dict[int, list[str]] = {-1: [], 1: [], 0: []}
        for outcome in self.outcomes:
            row = result.difference(point, other, outcome, year)
            groups[_sign(outcome, row)].append(f"{name_of(outcome)} ({_in_brackets(outcome, row)})")
        told = [f"{verb} {joined(groups[sign])}" for sign, verb in ((-1, "lowers"), (1, "raises")) if groups[sign]]
        if groups[0]:
            told.append(f"leaves {joined(groups[0])} {TOO_CLOSE}")
        return f"In {year} {question.words(result, point)} {joined(told)}."


@dataclass(frozen=True)
class Limit:
    """Where an outcome rises by more than a limit, and where by less (points, where it is read in percent)."""

    outcome: str
    among: Sequence[Point]
    #: What the points are held against, a pattern of a point's values, and what they count.
    against: str
    each: str
    counting: str
    limit: float = 0.0

    def sentence(self, question: Question, result: Result) -> str:
        """Points that are surely beyond the limit, surely within it, and those that may be either."""
        year = question.year(result)
        bound = self.limit / 100 if numbers.is_percent(self.outcome) else self.limit
        groups: dict[int, list[str]] = {1: [], -1: [], 0: []}
        for place in self.among:
            point, other = question.pair(result, place)
            row = result.difference(point, other, self.outcome, year)
            side = (float(row["low"]) > bound) - (float(row["high"]) < bound)
            groups[side].append(self.each.format(*result.values(point).values()))
        size = numbers.change(self.outcome, bound).lstrip("+")
        above = "surely higher" + (f" by more than {size}" if self.limit else "")
        below = f"not higher by as much as {size}" if self.limit else "surely lower"
        told = [
            f"{words} at {joined(groups[side])}"
            for side, words in ((1, above), (-1, below), (0, TOO_CLOSE))
            if groups[side]
        ]
        return f"In {year}, against {self.against}, {name_of(self.outcome)} is {'; '.join(told)} {self.counting}."


@dataclass(frozen=True)
class Ranking:
    """Which points of a list move an outcome most."""

    outcome: str

    def sentence(self, question: Question, result: Result) -> str:
        """The first few in order, and how many cannot be told from nothing."""
        other, year = question.number(result, question.reference), question.year(result)
        rows = {
            point: result.difference(point, other, self.outcome, year)
            for point in map(int, result.summary.design.index)
            if point != other
        }
        ranked = sorted(rows, key=lambda point: -abs(float(rows[point]["difference"])))
        sure = [point for point in ranked if _sign(self.outcome, rows[point])]
        if not sure:
            return f"In {year} every one of the {len(ranked)} leaves {name_of(self.outcome)} {TOO_CLOSE}."
        told = [
            f"{question.words(result, point)} ({_in_brackets(self.outcome, rows[point])})"
            for point in sure[:_MOST_RANKED]
        ]
        rest = len(ranked) - len(sure)
        close = f"; {rest} of the {len(ranked)} are {TOO_CLOSE}" if rest else ""
        return f"In {year} {name_of(self.outcome)} is moved most by {joined(told)}{close}."


@dataclass(frozen=True)
class Levers:
    """Which paths of a sample move an outcome most, from the lowest to the highest value of each."""

    outcome: str

    def sentence(self, question: Question, result: Result) -> str:
        """The first few in order of size."""
        del question
        table = result.summary.effects
        rows = table[table["outcome"] == self.outcome]
        rows = rows.reindex(rows["effect"].abs().sort_values(ascending=False).index)
        renamed = rows.rename(columns={"effect": "difference"})
        told = [
            f"{_lever(row['path'])} from {' to '.join(ends_words(row['from'], row['to']))} "
            f"({_in_brackets(self.outcome, row)})"
            for _, row in renamed.head(_MOST_RANKED).iterrows()
        ]
        close = [_lever(row["path"]) for _, row in renamed.iterrows() if not _sign(self.outcome, row)]
        rest = f"; {joined(close)} cannot be told from nothing" if close else ""
        return f"In the last twelve months {name_of(self.outcome)} is moved most by {joined(told)}{rest}."


def change_and_interval(outcome: str, row: pd.Series) -> tuple[str, str]:
    """A difference and its interval as sentences show them: `+0.52 points` and `+0.40 to +0.64`."""
    difference, low, high = float(row["difference"]), float(row["low"]), float(row["high"])
    if difference == 0 and (low == high == 0 or not math.isfinite(low)):
        return SAME, ""
    size, span = numbers.change_with_interval(outcome, difference, low, high, abs(difference))
    return size.replace(" pp", " points").removesuffix(" m") + " million" * size.endswith(" m"), span


def _in_brackets(outcome: str, row: pd.Series) -> str:
    """Both, to stand in brackets."""
    return ", ".join(part for part in change_and_interval(outcome, row) if part)


def _lever(path: str) -> str:
    """What a sentence calls a path."""
    words = label(path)
    return words if words[1:2] == "-" else words[:1].lower() + words[1:]


def joined(parts: Sequence[str]) -> str:
    """A list as a person says it."""
    if len(parts) < 2:
        return "".join(parts)
    mark = "; " if any("," in part for part in parts) else ", "
    return f"{mark.join(parts[:-1])} and {parts[-1]}"


def _sign(outcome: str, row: pd.Series) -> int:
    """Which way a difference goes; 0 where that cannot be told."""
    difference = float(row["difference"])
    words = certainty(outcome, difference, float(row["low"]), float(row["high"]))
    if words in {SAME, TOO_SMALL, TOO_CLOSE} or not math.isfinite(float(row["low"])):
        return 0
    return 1 if difference > 0 else -1
