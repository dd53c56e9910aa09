"""What is wrong with a scenario, said so that its author can mend it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple

from model.parameters import Parameter, Value

_LIKENESS = 0.6
_LONGEST_QUOTE = 60
_SHORTEST_PART = 4
_MOST_SHOWN = 200
_HINT = "\n    "


class Place(NamedTuple):
    """Where something is written: a file with line and column from 1, or an option of the command line."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in self if part is not None)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where."""

    file: str
    line: int | None
    column: int | None
    message: str

    def __str__(self) -> str:
        return f"{Place(self.file, self.line, self.column)}  {self.message}"


class ScenarioError(ValueError):
    """The user's scenario or options cannot be run; `problems` holds everything that is wrong with them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        shown = [str(problem) for problem in self.problems[:_MOST_SHOWN]]
        if len(self.problems) > _MOST_SHOWN:
            shown.append(f"... and {len(self.problems) - _MOST_SHOWN} more")
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        return "\n".join([*shown, f"{count}; nothing was run."])


def quoted(text: object) -> str:
    """A text of the user between quotes, short enough for one line and safe for a terminal."""
    shown = str(text)
    return repr(shown if len(shown) <= _LONGEST_QUOTE else shown[: _LONGEST_QUOTE - 3] + "...")


def plain(number: float) -> str:
    """A number as people write it: 5,000,000 or 0.05."""
    if isinstance(number, int) or (abs(number) < 1e15 and number == int(number)):
        return f"{int(number):,}"
    return repr(number)


def value_text(value: Value) -> str:
    """A value as a scenario file writes it, on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{date}: {value_text(held)}" for date, held in value.items()) + "}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int) or (abs(value) < 1e16 and value == int(value)):
        return str(int(value))
    # YAML takes 1e-05 for text: the mantissa needs a point.
    return re.sub(r"^(-?\d+)e", r"\1.0e", repr(value))


def expectation(parameter: Parameter) -> str:
    """What may be written for a parameter: kind, range and unit."""
    if parameter.switch:
        return "true or false"
    if parameter.names_file:
        return "the path of a file"
    if parameter.choices:
        return "one of " + ", ".join(parameter.choices)
    kind = "a whole number" if parameter.whole else "a number"
    return f"{kind} from {plain(parameter.low)} to {plain(parameter.high)} ({parameter.unit})"


def described(parameter: Parameter) -> str:
    """A parameter in one line, to be shown behind its name."""
    return f"({parameter.label}: {expectation(parameter)}; default {value_text(parameter.default)})"


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like a mistyped name, else one that holds it whole, if there is any."""
    names, typed = list(candidates), name[:_LONGEST_QUOTE].lower()
    found = get_close_matches(typed, names, n=1, cutoff=_LIKENESS)
    found += [candidate for candidate in names if len(typed) >= _SHORTEST_PART and typed in candidate]
    return found[0] if found else None


def did_you_mean(name: str, candidates: Mapping[str, Parameter | None]) -> str:
    """A second line that names the nearest candidate, or the few there are; else nothing."""
    found = nearest(name, candidates)
    if found is not None:
        parameter = candidates[found]
        return f"{_HINT}did you mean '{found}'?" + (f"  {described(parameter)}" if parameter else "")
    if 0 < len(candidates) <= 16:
        return f"{_HINT}known names here: {', '.join(candidates)}"
    return ""
