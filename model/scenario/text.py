"""A scenario written out as a file: every value, with its unit."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

import yaml

from model.parameters import SETTINGS
from model.scenario.problems import value_text

if TYPE_CHECKING:
    from model.parameters import Value
    from model.scenario.scenario import Scenario

_COMMENT_COLUMN = 50


def scenario_text(scenario: Scenario) -> str:
    """The file: settings first, then the sections in the order of the declarations."""
    return "\n".join([*_head(scenario), *_sections(scenario), ""])


def _head(scenario: Scenario) -> Iterator[str]:
    yield f"schema_version: {scenario.schema_version}"
    yield f"name: {_quoted(scenario.name)}"
    yield f"description: {_quoted(scenario.description)}"
    yield f"start: {scenario.start}"
    yield f"end: {scenario.end}"
    for setting in SETTINGS:
        yield _with_unit(f"{setting.path}: {getattr(scenario, setting.path)}", setting.unit)


def _sections(scenario: Scenario) -> Iterator[str]:
    written = [path for path in scenario.specification.by_path if path in scenario.values]
    for section, paths in groupby(written, key=lambda path: path.partition(".")[0]):
        yield f"\n{section}:"
        for stem, group in groupby(paths, key=lambda path: path.split(".")[1]):
            members = list(group)
            indent = "  "
            if members[0].count(".") > 1:
                yield f"  {stem}:"
                indent = "    "
            for path in members:
                name, unit = path.rpartition(".")[2], scenario.specification.by_path[path].unit
                yield _with_unit(f"{indent}{name}: {_value(scenario.values[path])}", unit)


def _value(value: Value) -> str:
    return _quoted(value_text(value)) if isinstance(value, str) else value_text(value)


def _quoted(text: str) -> str:
    """A text as YAML in double quotes, which no word can escape from."""
    return yaml.safe_dump(text, default_style='"', allow_unicode=True, width=10**9).strip()


def _with_unit(line: str, unit: str) -> str:
    return f"{line:<{_COMMENT_COLUMN}}  # {unit}"
