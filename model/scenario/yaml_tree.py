"""A YAML text as a tree that remembers where everything stands, read without trusting the file.

YAML's own constructors are not used: nothing in a file can make an object, repeat itself through aliases or
grow without bound, and a word that YAML would silently turn into something else (`NO` into false, `1:30`
into 90) keeps the way it was written, so that the checks can explain it.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from numbers import Integral, Real
from pathlib import Path
from typing import Any, Literal

import yaml

from model.outside_files import UnreadableError, decoded, read_content
from model.scenario.problems import Place, Problem, quoted

_LARGEST = 1_000_000
_MOST_NODES = 10_000
_DEEPEST = 12
_LONGEST_NUMBER = 40
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: "trap": YAML means something else than people do; `value` says what. "refused": already reported.
Kind = Literal["number", "text", "truth", "nothing", "date", "trap", "mapping", "list", "refused"]


@dataclass(slots=True)
class Node:
    """One thing written in a file: where, as what, and its value as plain Python."""

    place: Place
    kind: Kind
    value: bool | float | str | None = None
    #: As it was written; for a text in quotes, without them.
    text: str = ""
    in_quotes: bool = False
    pairs: list[tuple[Node, Node]] = field(default_factory=list)
    #: What a list holds.
    items: list[Node] = field(default_factory=list)


def read_text(path: Path, what: str = "a scenario", language: str = "YAML") -> str:
    """The text of a file of reasonable size; raises UnreadableError saying why there is none.

    `what` is what the file should be, and `language` what it is written in, for messages.
    """
    content = read_content(path, _LARGEST, what, f"a {language} file")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableError("this is text in UTF-16; save the file as UTF-8")
    if b"\0" in content:
        raise UnreadableError(f"this is not a text file; {what} is {language} in UTF-8")
    return decoded(content, what, f"{language} in UTF-8")


def parse(
    text: str, file: str, problems: list[Problem], what: str = "a scenario", most: int = _MOST_NODES
) -> Node | None:
    """The tree of a YAML text with one document, or None when there is no usable one; adds what is wrong.

    `file` is the name to put before `line:column`, `what` the text should be, `most` the entries it may have.
    """
    tree = _Tree(file, problems, what, most)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if not tree.take(event):
                break
    except yaml.YAMLError as error:
        tree.report(getattr(error, "problem_mark", None), _syntax_message(error, text))
        return None
    except UnicodeEncodeError:
        # Only from the command line: bytes that are not text in the user's locale.
        tree.report(None, "this is not UTF-8 text")
        return None
    return tree.root


def parse_one_line(text: str, place: Place, problems: list[Problem]) -> Node | None:
    """The tree of a value given on the command line; everything in it stands at `place`."""
    inner: list[Problem] = []
    node = parse(text, "", inner)
    problems += [Problem(place.file, None, None, problem.message) for problem in inner]
    if node is not None:
        _move(node, place)
    return node


def _move(node: Node, place: Place) -> None:
    node.place = place
    for part in [*node.items, *(part for pair in node.pairs for part in pair)]:
        _move(part, place)


class _Tree:
    """Builds the tree from YAML's events, counting and refusing as it goes; deep input cannot overflow it."""

    def __init__(self, file: str, problems: list[Problem], what: str, most: int) -> None:
        self.file, self.problems, self.what, self.most = file, problems, what, most
        self.root: Node | None = None
        self.open: list[tuple[Node, list[Node]]] = []
        self.nodes = self.documents = 0

    def report(self, mark: Any, message: str) -> None:
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (None, None)
        self.problems.append(Problem(self.file, line, column, message))

    def take(self, event: yaml.Event) -> bool:
        """Adds what an event brings; False when reading should stop."""
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                told = f"a second document begins here; {self.what} is one document without '---'"
                self.report(event.start_mark, told)
                return False
        elif isinstance(event, yaml.AliasEvent | yaml.ScalarEvent | yaml.CollectionStartEvent):
            return self._begin(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            node, children = self.open.pop()
            if node.kind == "mapping":
                node.pairs = self._pairs(children)
            elif node.kind == "list":
                node.items = children
            self._add(node)
        return True

    def _begin(self, event: yaml.NodeEvent) -> bool:
        mark: Any = event.start_mark
        self.nodes += 1
        if self.nodes > self.most or len(self.open) > _DEEPEST:
            reason = f"more than {self.most:,} entries" if self.nodes > self.most else "too many levels"
            self.report(mark, f"the file has {reason} to be {self.what}")
            self.root = None
            return False
        node = Node(Place(self.file, mark.line + 1, mark.column + 1), "refused")
        if isinstance(event, yaml.AliasEvent):
            self.report(mark, f"'*{event.anchor}' repeats another part; write the value out instead")
        elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self.report(mark, f"the tag {quoted(tag)} is not allowed; write the value without it")
        elif isinstance(event, yaml.ScalarEvent):
            _read_scalar(node, event)
        else:
            node.kind = "mapping" if isinstance(event, yaml.MappingStartEvent) else "list"
        if isinstance(event, yaml.CollectionStartEvent):
            self.open.append((node, []))
        else:
            self._add(node)
        return True

    def _add(self, node: Node) -> None:
        if self.open:
            self.open[-1][1].append(node)
        else:
            self.root = node

    def _pairs(self, children: list[Node]) -> list[tuple[Node, Node]]:
        pairs, lines = [], dict[str, int | None]()
        for key, value in zip(children[::2], children[1::2], strict=True):
            if key.kind in {"mapping", "list"}:
                self.problems.append(Problem(*key.place, "a name or a month is expected here"))
            elif key.kind != "refused":
                if key.text in lines:
                    first = f" (first on line {lines[key.text]})" if self.file else ""
                    self.problems.append(Problem(*key.place, f"{quoted(key.text)} is written twice{first}"))
                lines.setdefault(key.text, key.place.line)
                pairs.append((key, value))
        return pairs


def _read_scalar(node: Node, event: yaml.ScalarEvent) -> None:
    text = node.text = event.value
    node.in_quotes = not event.implicit[0]
    tag = "str" if node.in_quotes else _yaml_type(text)
    if tag in {"int", "float"}:
        node.kind, node.value = _number(text)
    elif tag == "bool":
        node.kind, node.value = "truth", text.lower() in {"true", "yes", "on"}
    else:
        kinds: dict[str, Kind] = {"null": "nothing", "timestamp": "date"}
        node.kind, node.value = kinds.get(tag, "text"), text


def _yaml_type(text: str) -> str:
    """What YAML 1.1 takes an unquoted word for."""
    table = yaml.SafeLoader.yaml_implicit_resolvers
    for tag, pattern in table.get(text[:1], []) + table.get(None, []):
        if pattern.match(text):
            return str(tag.rpartition(":")[2])
    return "str"


def _number(text: str) -> tuple[Kind, float | str]:
    """The number an unquoted word is, or why YAML and people disagree about it."""
    digits = text.replace("_", "")
    if ":" in digits:
        return "trap", f"'{text}' is a number in base 60 to YAML"
    if digits.lower().lstrip("+-") in {".inf", ".nan"}:
        return "trap", f"'{text}' is not a finite number"
    if re.fullmatch(r"[-+]?0(x[0-9a-fA-F]*|b[01]*|[0-9]+)", digits):
        return "trap", f"'{text}' is not a decimal number to YAML, which takes a leading 0 for another base"
    if re.fullmatch(r"[-+]?[0-9]+", digits) and len(digits) <= _LONGEST_NUMBER:
        return "number", int(digits)
    return "number", float(digits)


def _syntax_message(error: yaml.YAMLError, text: str) -> str:
    """YAML's complaint, with the usual cause when it shows."""
    mark = getattr(error, "problem_mark", None)
    lines = text.splitlines()
    if mark is not None and mark.line < len(lines) and "\t" in lines[mark.line]:
        return "a tab stands on this line; YAML is indented with spaces"
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    context = getattr(error, "context", None)
    return f"this is not YAML: {context + ', ' if context else ''}{said}"


def node_of(value: object, place: Place) -> Node:
    """A Python value given by a program as the node it would be in a file."""
    node = Node(place, "nothing", None, str(value), in_quotes=True)
    if isinstance(value, bool) or type(value).__name__ in {"bool", "bool_"}:
        node.kind, node.value = "truth", bool(value)
    elif isinstance(value, Real):
        node.kind, node.value = "number", int(value) if isinstance(value, Integral) else float(value)
    elif isinstance(value, str | os.PathLike):
        # Not str(value): a job graph that was read is a text that knows its edges.
        node.kind, node.value = "text", value if isinstance(value, str) else str(value)
    elif isinstance(value, date):
        node.kind, node.value = "date", str(value)
    elif isinstance(value, Mapping):
        node.kind, node.pairs = "mapping", [(node_of(key, place), node_of(held, place)) for key, held in value.items()]
    elif value is not None:
        node.kind = "list" if isinstance(value, Sequence) else "trap"
        node.value = f"{quoted(value)} is of type {type(value).__name__}"
    return node


def plain_value(node: Node) -> object:
    """A node as plain Python: the way back from `node_of`."""
    if node.kind == "mapping":
        return {key.text: plain_value(value) for key, value in node.pairs}
    return node.value
