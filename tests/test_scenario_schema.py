"""The JSON Schema agrees with the program about what a scenario is."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from model.scenario.scenario import load_scenario
from model.scenario.schema import MONTH_PATTERN, json_schema
from model.schedule import FIRST_MONTH, LAST_MONTH, month_index, month_label
from model.specification import in_force

SHIPPED = sorted((Path(__file__).parents[1] / "scenarios").glob("*.yaml"))
BROKEN = sorted((Path(__file__).parent / "broken_scenarios").glob("*.yaml"))
#: What a schema cannot see: other files, how YAML was written, relations between values.
BEYOND = re.compile(
    "extends_|alias$|repeated_|twice|end_before|start_after|plain_tag|leading_zero|base_60|merge_key|unprintable|not_a_n"
)


@pytest.fixture(scope="module")
def validator() -> Any:
    return jsonschema.Draft202012Validator(json_schema())


def as_json(content: Any) -> Any:
    """What JSON makes of it: names are texts."""
    return {str(name): as_json(held) for name, held in content.items()} if isinstance(content, dict) else content


def test_it_is_a_valid_schema_and_plain_json() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_scenarios_satisfy_it(path: Path, validator: Any) -> None:
    validator.validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    validator.validate(yaml.safe_load(load_scenario(path).to_yaml()))


@pytest.mark.parametrize("path", [path for path in BROKEN if not BEYOND.search(path.stem)], ids=lambda path: path.stem)
def test_broken_scenarios_do_not(path: Path, validator: Any) -> None:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, RecursionError):
        return
    assert not validator.is_valid(as_json(content))


def test_most_broken_scenarios_are_within_its_sight() -> None:
    assert sum(not BEYOND.search(path.stem) for path in BROKEN) > 0.75 * len(BROKEN)


def test_its_months_are_those_of_the_program() -> None:
    for month in range(month_index(FIRST_MONTH) - 24, month_index(LAST_MONTH) + 24):
        label = month_label(month)
        assert bool(re.search(MONTH_PATTERN, label)) == (FIRST_MONTH <= label <= LAST_MONTH)


def test_every_parameter_says_its_unit_and_source() -> None:
    sections = json_schema()["properties"]
    for path, parameter in in_force().by_path.items():
        schema = {"properties": sections}
        for name in path.split("."):
            schema = schema["properties"][name]
        assert parameter.unit in schema["description"]
        assert parameter.source in schema["description"]
        assert schema["title"] == parameter.label
