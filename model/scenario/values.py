"""Single values of a scenario: each checked against its declaration, with a message that helps to mend it."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable
from pathlib import Path

from model.parameters import Parameter, Value
from model.paths import path_in_file, why_not_found
from model.scenario.problems import Problem, did_you_mean, expectation, plain, quoted, value_text
from model.scenario.yaml_tree import Node
from model.schedule import FIRST_MONTH, LAST_MONTH, month_index

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_LONGEST_NAME, _LONGEST_DESCRIPTION = 100, 5_000


class Values:
    """Checks values one by one and collects what is wrong with them; a value that fails comes back as None."""

    def __init__(self, problems: list[Problem], beside: Path | None = None) -> None:
        """Files are looked for in the folder `beside`; without one, where the program was started."""
        self.problems = problems
        self._beside = beside

    def report(self, node: Node, message: str) -> None:
        """Adds a problem where the node stands."""
        self.problems.append(Problem(*node.place, message))

    def parameter(self, name: str, node: Node, parameter: Parameter) -> Value | None:
        """The value of a parameter: a constant, or dated values where these are allowed."""
        if node.kind == "mapping" and parameter.takes_dates:
            return self._dated(name, node, parameter)
        return self._constant(name, node, parameter)

    def _dated(self, name: str, node: Node, parameter: Parameter) -> Value | None:
        if not node.pairs:
            self.report(node, f"'{name}' has no dated values; write for example {{2018-01: 0, 2025-10: 20000}}")
            return None
        dated: dict[str, float] = {}
        for key, held in node.pairs:
            if key.text.endswith(":") or (":" in key.text and held.kind == "nothing"):
                date, _, rest = key.text.partition(":")
                self.report(key, f"put a space after the colon: {date}: {rest or '0'}")
                continue
            month = self.month(f"a date of '{name}'", key)
            value = self._constant(f"{name} from {key.text}", held, parameter)
            if month is not None and isinstance(value, (int, float)):
                dated[month] = value
        return dated or None

    def _constant(self, name: str, node: Node, parameter: Parameter) -> bool | float | str | None:
        if node.kind == "refused":
            return None
        if node.kind == "nothing":
            self.report(node, f"'{name}' has no value; expected {expectation(parameter)}")
        elif parameter.switch:
            if node.kind == "truth":
                return bool(node.value)
            self._unexpected(name, node, parameter)
        elif parameter.names_file:
            return self._file(name, node)
        elif parameter.choices:
            if node.text in parameter.choices and node.kind == "text":
                return node.text
            self._unexpected(name, node, parameter, did_you_mean(node.text, dict.fromkeys(parameter.choices)))
        elif node.kind == "number" and isinstance(node.value, int | float):
            return self._in_range(name, node, node.value, parameter)
        elif node.kind == "mapping" and not parameter.takes_dates:
            self.report(node, f"'{name}' takes one value for all months; expected {expectation(parameter)}")
        else:
            self._unexpected(name, node, parameter, _number_hint(node, parameter))
        return None

    def _file(self, name: str, node: Node) -> str | None:
        """The job graph of a file, read here and now.

        What a scenario holds is the graph, not a path that others would read again; "" is the one that is shipped.
        """
        if node.kind != "text":
            self.report(node, f"'{name}' {_what_it_is(node)}; expected the path of a file")
            return None
        from model.job_graph.file import NamedGraph, read_named_graph
        from model.specification import in_force

        if isinstance(node.value, NamedGraph) or not node.text:
            return node.value if isinstance(node.value, NamedGraph) else ""
        path = path_in_file(node.text, self._beside or Path())
        # That of a Path stops at names that are too long, this one never.
        if not os.path.exists(path):  # noqa: PTH110
            self.report(node, f"'{name}' is {quoted(node.text)}, but there is no such file{why_not_found(node.text)}")
            return None
        found: list[Problem] = []
        graph = read_named_graph(path, in_force().country.occupations.ids, found)
        self.problems += [problem for problem in found if problem not in self.problems]
        return graph

    def _in_range(self, name: str, node: Node, value: float, parameter: Parameter) -> float | None:
        written = node.text.strip()
        if not math.isfinite(value):
            self.report(node, f"'{name}' is {quoted(written)}, which is not a finite number; {_must(parameter)}")
        elif not parameter.low <= value <= parameter.high:
            percent = _as_share(value, parameter)
            hint = f"; for {written} percent write {percent}" if percent else ""
            shown = written if len(written) <= 25 else f"{value:g}"
            self.report(node, f"'{name}' is {shown}, but {_must(parameter)}{hint}")
        elif parameter.whole and value != int(value):
            self.report(node, f"'{name}' is {written}, but must be a whole number ({parameter.unit})")
        else:
            # One type per parameter, and no negative zero: equal scenarios get equal digests.
            return int(value) if parameter.whole else float(value) + 0.0
        return None

    def _unexpected(self, name: str, node: Node, parameter: Parameter, hint: str = "") -> None:
        self.report(node, f"'{name}' {_what_it_is(node)}; expected {expectation(parameter)}{hint}")

    def month(self, name: str, node: Node) -> str | None:
        """A month `YYYY-MM` between the world's first month and the last one a scenario may name."""
        if node.kind == "refused":
            return None
        if node.kind != "text":
            self.report(node, f"{name} {_what_it_is(node)}; expected a month YYYY-MM{month_hint(node.text)}")
            return None
        try:
            month_index(node.text)
        except ValueError:
            self.report(node, f"{name} is {quoted(node.text)}, which is not a month YYYY-MM{month_hint(node.text)}")
            return None
        if not FIRST_MONTH <= node.text <= LAST_MONTH:
            self.report(node, f"{name} is {node.text}, but must lie between {FIRST_MONTH} and {LAST_MONTH}")
            return None
        return node.text

    def words(self, name: str, node: Node) -> str | None:
        """A name or description: printable text, the name on one line."""
        if node.kind == "refused":
            return None
        limit = _LONGEST_NAME if name == "name" else _LONGEST_DESCRIPTION
        if node.kind != "text":
            quotes = "; put it in quotes" if node.kind in {"number", "truth", "date", "trap"} else ""
            self.report(node, f"'{name}' {_what_it_is(node)}; expected text{quotes}")
        elif _CONTROL.search(node.text) or (name == "name" and re.search(r"[\t\n]", node.text)):
            self.report(node, f"'{name}' holds characters that cannot be printed on one line: {quoted(node.text)}")
        elif len(node.text) > limit:
            self.report(node, f"'{name}' has {len(node.text):,} characters; at most {limit:,} are allowed")
        elif name == "name" and not node.text.strip():
            self.report(node, "'name' is empty; leave it out to use the file's name")
        else:
            return node.text
        return None


def _must(parameter: Parameter) -> str:
    return f"must lie between {plain(parameter.low)} and {plain(parameter.high)} ({parameter.unit})"


def _what_it_is(node: Node) -> str:
    """What stands there instead of what was expected, after the name."""
    if node.kind == "truth" and node.text.lower() not in {"true", "false"}:
        return f"is {quoted(node.text)}, which YAML reads as {str(node.value).lower()}"
    if node.kind == "trap":
        return f"cannot be used: {node.value}"
    if node.kind == "date":
        return f"is {quoted(node.text)}, which YAML reads as a day"
    words = {"nothing": "has no value", "mapping": "is a group of names", "list": "is a list"}
    kinds = {"text": "text", "truth": "true or false", "number": "a number"}
    return words.get(node.kind) or f"is {quoted(node.text)}, which is {kinds[node.kind]}"


def _as_share(value: float, parameter: Parameter) -> str:
    """65 written as 0.65 where a share or a growth rate is meant; else nothing."""
    fraction = round(value / 100, 12)
    means_share = parameter.high <= 1 and not parameter.whole
    return repr(fraction) if means_share and abs(value) > 1 and parameter.low <= fraction <= parameter.high else ""


def _number_hint(node: Node, parameter: Parameter) -> str:
    """How a number that YAML does not take for one is written."""
    if node.kind != "text":
        return ""
    text = node.text.strip()
    if percent := re.fullmatch(r"([-+]?\d+(\.\d+)?) ?%", text):
        return f"; for {percent[1]} percent write {_as_share(float(percent[1]), parameter) or float(percent[1]) / 100}"
    if re.fullmatch(_DECIMAL, text):
        return f"; write {text} without quotes" if node.in_quotes else ""
    for pattern, advice in _NUMBERS:
        if re.fullmatch(pattern, text):
            return f"; {advice(text)}"
    return ""


def _exponent_advice(text: str) -> str:
    point = re.sub(r"^([-+]?\d+)(?=[eE])", r"\1.0", text)
    signed = re.sub(r"([eE])(?=\d)", r"\1+", point)
    return f"to YAML an exponent needs a point and a sign: write {value_text(float(text))} or {signed}"


_DECIMAL = r"[-+]?(\d+\.?\d*|\.\d+)"
#: How people write numbers that YAML takes for text, and what to tell them.
_NUMBERS: tuple[tuple[str, Callable[[str], str]], ...] = (
    (r"[-+]?\d[\d_]*\.?\d*[eE][-+]?\d{1,2}", _exponent_advice),
    (r"[-+]?\d{1,3}([, ']\d{3})+(\.\d+)?", lambda text: f"write {re.sub('[^0-9.+-]', '', text)} without separators"),
    (r"[-+]?\d+,\d+", lambda text: f"write {text.replace(',', '.')} with a point"),
)


def month_hint(text: str) -> str:
    """The month that was probably meant."""
    found = re.match(r"((?:19|20)\d\d)(?:\D?(\d{1,2}))?(?!\d)", text)
    if found is None:
        return ", for example 2025-10"
    number = int(found[2] or 1)
    return f"; write {found[1]}-{number:02d}" if 1 <= number <= 12 else "; months run from 01 to 12"
