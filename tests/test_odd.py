"""The ODD document says what the code says, and everything that is declared stands in it."""

from __future__ import annotations

import ast
import re
from dataclasses import fields
from functools import cache

import pytest

from agents.columns import Education, FirmKind, Firms, Flag, People, Status, Vacancies
from agents.developer_columns import Developers
from model.month import MONTH
from model.parameters import SETTINGS, Parameter
from model.randomness import Purpose
from model.specification import in_force
from views.docs.code_facts import ROOT, fields_of
from views.docs.odd import DOCUMENT, SECTIONS, by_hand, readers, refreshed

CONCEPTS = (
    "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing", "Interaction",
    "Stochasticity", "Collectives", "Observation",
)  # fmt: skip
ELEMENTS = (
    "Purpose and patterns", "Entities, state variables and scales", "Process overview and scheduling",
    "Design concepts", "Initialization", "Input data", "Submodels",
)  # fmt: skip


@cache
def document() -> str:
    return DOCUMENT.read_text(encoding="utf-8")


def test_the_committed_document_is_what_the_code_says() -> None:
    assert document() == refreshed(document()), "run `make docs` and look at the difference"


def test_everything_declared_stands_in_it() -> None:
    columns = [field.name for table in (People, Firms, Vacancies) for field in fields(table)]
    declared = [
        *(f"**{phase.name}**" for phase in MONTH),
        *(f"`{parameter.path}`" for parameter in (*SETTINGS, *in_force().parameters)),
        *(f"`{indicator.name}`" for indicator in in_force().indicators),
        *(f"`{name}`" for name in (*columns, *Developers._fields) if not name.startswith("_")),
        *(f"`{member.name}`" for kind in (Status, Education, Flag, FirmKind, Purpose) for member in kind),
    ]
    rows = {cell.strip() for line in document().splitlines() if line.startswith("|") for cell in line.split("|")}
    assert [name for name in declared if name not in rows] == []


def test_every_element_of_the_protocol_is_there() -> None:
    text = by_hand(document())
    headings = [line.lstrip("# 0123456789.") for line in text.splitlines() if line.startswith("## ")]
    assert headings[:7] == list(ELEMENTS)
    assert [concept for concept in CONCEPTS if f"\n**{concept}.** " not in text] == []
    described = re.findall(r"^### 7\.\d+ (.+)$", document(), re.MULTILINE)
    assert described == [mechanism.title for mechanism in in_force().mechanisms], "one section each"


def test_every_field_says_what_it_means() -> None:
    places = re.findall(r"<!-- generated: (?:columns|values) (\S+):(\w+) -->", document())
    silent = [f"{name}.{field.name}" for file, name in places for field in fields_of(file, name) if not field.meaning]
    assert silent == [], "write what it means beside it"


def test_every_generated_part_is_written_by_somebody() -> None:
    marks = re.findall(r"<!-- (.+?) -->", document())
    assert marks[1::2] == ["end"] * (len(marks) // 2)
    assert all(mark.split()[1] in SECTIONS for mark in marks[::2])


# --- the code behind the declarations -----------------------------------------------------------------------------


@pytest.mark.parametrize("parameter", in_force().parameters, ids=lambda parameter: parameter.path)
def test_every_parameter_is_read_by_the_model(parameter: Parameter) -> None:
    assert readers(parameter), "a number that nothing reads: delete it or use it"


def test_a_parameter_that_nothing_reads_is_seen() -> None:
    assert not readers(Parameter("parameters.phlogiston", "", "", 0.0, 0, 1, "", ""))


# --- the text written by hand --------------------------------------------------------------------------------------


@cache
def known_names() -> frozenset[str]:
    """Every function, class, field and constant of the code, and every name a scenario or table may use."""
    names = {part for parameter in in_force().parameters for part in parameter.path.split(".")}
    names |= {indicator.name for indicator in in_force().indicators}
    for package in ("agents", "model", "experiments", "views"):
        for file in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.ClassDef):
                    names.add(node.name)
                elif isinstance(node, ast.Name):
                    names.add(node.id)
                elif isinstance(node, ast.Attribute):
                    names.add(node.attr)
    return frozenset(names)


def stale_names(text: str) -> list[str]:
    """What the text sets as code and the code does not have."""
    paths = {parameter.path.removesuffix(".SECTOR") for parameter in in_force().parameters}
    stale = []
    for word in re.findall(r"`([^`\s]+)`", text):
        if "..." in word:
            known = any(re.search(re.escape(word).replace(re.escape("..."), ".+"), path) for path in paths)
        elif "/" in word or re.search(r"\.(py|md|csv|parquet)$", word):
            known = word == "monthly.parquet" or (ROOT / word).exists()
        elif re.fullmatch(r"\w+(\.\w+)+", word):
            known = word in paths
        else:
            known = word.rstrip(":") in known_names()
        if not known:
            stale.append(word)
    return stale


def test_the_hand_written_text_names_only_what_exists() -> None:
    equations = (mechanism.submodel for mechanism in in_force().mechanisms)
    assert stale_names("\n".join([by_hand(document()), *equations])) == []


@pytest.mark.parametrize("word", ["model/mechanisms/barter.py", "visa.colour", "phlogiston", "confidence_in_..."])
def test_a_stale_name_is_seen(word: str) -> None:
    assert stale_names(f"as `{word}` says") == [word]
