"""What the source itself says: the meaning beside a column, the first sentence of a docstring, who reads a name.

The ODD document takes its tables from here, so a declaration and its description are one text in one place.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from agents.places import ROOT

#: How code asks for a parameter: by a call of one of these, by a key of these, or as a field of these classes.
ASKS, KEYED, LISTED = frozenset({"number", "lever", "group_lever", "value", "monthly"}), "settings", "Rules"


class Field(NamedTuple):
    """One declared name of a class: its type or value as written, and the comment that says what it means."""

    name: str
    kind: str
    meaning: str


class Rule(NamedTuple):
    """One function of a file and the first sentence of its docstring."""

    name: str
    meaning: str


@cache
def parsed(file: str) -> ast.Module:
    """The syntax tree of a file named from the checkout's root."""
    return ast.parse((ROOT / file).read_text(encoding="utf-8"), filename=file)


@cache
def comments(file: str) -> dict[int, str]:
    """Comments of a file by line, without their mark."""
    text = (ROOT / file).read_text(encoding="utf-8")
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {token.start[0]: token.string.lstrip("#: ") for token in tokens if token.type == tokenize.COMMENT}


def fields_of(file: str, name: str) -> list[Field]:
    """The fields of a class, or the members of an enumeration, each with the comment beside or above it."""
    found = next(node for node in parsed(file).body if isinstance(node, ast.ClassDef) and node.name == name)
    said, previous, fields = comments(file), found.lineno, []
    for node in found.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            label, kind = node.target.id, ast.unparse(node.annotation)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            label, kind = node.targets[0].id, ast.unparse(node.value)
        else:
            previous = node.end_lineno or node.lineno
            continue
        end = node.end_lineno or node.lineno
        above = " ".join(said[line] for line in range(previous + 1, node.lineno) if line in said)
        if not label.startswith("_"):
            fields.append(Field(label, kind, said.get(end) or above))
        previous = end
    return fields


def rules_of(file: str) -> list[Rule]:
    """The public functions of a file, in order."""
    return [
        Rule(node.name, first_sentence(ast.get_docstring(node) or ""))
        for node in parsed(file).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def classes_of(file: str, *names: str) -> list[Rule]:
    """Named classes of a file with the first sentence of their docstrings."""
    found = {node.name: node for node in parsed(file).body if isinstance(node, ast.ClassDef)}
    return [Rule(name, first_sentence(ast.get_docstring(found[name]) or "")) for name in names]


def first_sentence(text: str) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join(text.strip().split("\n\n")[0].split())


@cache
def model_files() -> tuple[str, ...]:
    """The files of the model and its agents, from the checkout's root."""
    paths = sorted([*(ROOT / "agents").rglob("*.py"), *(ROOT / "model").rglob("*.py")])
    return tuple(path.relative_to(ROOT).as_posix() for path in paths)


@cache
def asked_for(place: str) -> frozenset[str]:
    """Names by which a piece of code asks for parameters; one made of parts counts by its beginning, `firms_*`."""
    return frozenset(_asked_for(tree_of(place)))


def _asked_for(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and _last_name(node.func) in ASKS:
            yield from _text(node.args[0])
        elif isinstance(node, ast.Subscript) and _last_name(node.value) == KEYED:
            yield from _text(node.slice)
        elif isinstance(node, ast.ClassDef) and node.name == LISTED:
            yield from (field.target.id for field in node.body if _is_field(field))  # type: ignore[attr-defined]


def _is_field(node: ast.stmt) -> bool:
    return isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _text(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield from (f"{beginning}*" for beginning in _text(node.values[0]))


def texts_of(place: str) -> frozenset[str]:
    """Every text in a piece of code."""
    found = (node.value for node in ast.walk(tree_of(place)) if isinstance(node, ast.Constant))
    return frozenset(value for value in found if isinstance(value, str))


def members_of(place: str, owner: str) -> frozenset[str]:
    """What a piece of code takes from a class or object: `owner.NAME`."""
    return frozenset(
        node.attr
        for node in ast.walk(tree_of(place))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == owner
    )


def tree_of(place: str) -> ast.AST:
    """The code of a file, or of FILE:FUNCTION."""
    file, _, function = place.partition(":")
    if not function:
        return parsed(file)
    functions = (node for node in ast.walk(parsed(file)) if isinstance(node, ast.FunctionDef))
    return next(node for node in functions if node.name == function)
