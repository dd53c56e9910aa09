"""The JSON Schema of a scenario file, built from the declarations, so that editors complete and check as one types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from model.parameters import DEFAULT_END, DEFAULT_START, SETTINGS, Parameter
from model.scenario.checks import SCHEMA_VERSION
from model.specification import Names, in_force

Schema: TypeAlias = dict[str, Any]
#: Months from 2018-01 to 2060-12.
MONTH_PATTERN = "^(20(1[89]|[2-5][0-9])|2060)-(0[1-9]|1[0-2])$"


def json_schema() -> Schema:
    """The JSON Schema (2020-12) that a scenario file satisfies."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Scenario of the labour market of urban China",
        "description": "Every number may be a constant, or dated values {2018-01: 0, 2025-10: 20000} of which each "
        "holds until the next date. A dated value changes what was inherited from its first date on.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **_head(),
            **{setting.path: _parameter(setting) for setting in SETTINGS},
            **{section: _group(names) for section, names in in_force().names.items()},
        },
    }


def _head() -> dict[str, Schema]:
    month = {"type": "string", "pattern": MONTH_PATTERN}
    return {
        "schema_version": {"const": SCHEMA_VERSION, "description": "Version of this format."},
        "name": {
            "type": "string",
            "minLength": 1,
            "maxLength": 100,
            "pattern": r"^[^\t\n]*\S[^\t\n]*$",
            "description": "Short name in tables and figures; the file's name when left out.",
        },
        "description": {"type": "string", "maxLength": 5000, "description": "What the scenario asks, in a sentence."},
        "extends": {
            "type": "string",
            "minLength": 1,
            "description": "Another scenario file, relative to this one; this one lists only what changes.",
        },
        "start": {**month, "default": DEFAULT_START, "description": "First month recorded."},
        "end": {**month, "default": DEFAULT_END, "description": "Last month; not before start."},
    }


def _group(names: Names) -> Schema:
    """A section; an empty one changes nothing."""
    return {
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {
            name: _parameter(found) if isinstance(found, Parameter) else _group(found) for name, found in names.items()
        },
    }


def _parameter(parameter: Parameter) -> Schema:
    constant = _constant(parameter)
    value = {"anyOf": [constant, _dated(constant)]} if parameter.takes_dates else constant
    default = dict(parameter.default) if isinstance(parameter.default, Mapping) else parameter.default
    return {
        "title": parameter.label,
        "description": f"{parameter.meaning} Unit: {parameter.unit}. Source: {parameter.source}.",
        "default": default,
        **value,
    }


def _constant(parameter: Parameter) -> Schema:
    if parameter.switch:
        return {"type": "boolean"}
    if parameter.names_file:
        return {"type": "string"}
    if parameter.choices:
        return {"enum": list(parameter.choices)}
    kind = "integer" if parameter.whole else "number"
    return {"type": kind, "minimum": parameter.low, "maximum": parameter.high}


def _dated(constant: Schema) -> Schema:
    return {
        "type": "object",
        "patternProperties": {MONTH_PATTERN: constant},
        "additionalProperties": False,
        "minProperties": 1,
    }
