"""Everything a scenario may set, in one place: levers, structural numbers, and the size of a run."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import TypeAlias

from model.fitted import fitted_values, with_fitted_values
from model.levers import LEVERS
from model.parameters import Parameter
from model.property_structure import PROPERTY_STRUCTURE
from model.structure import STRUCTURE

ROOT = Path(__file__).resolve().parents[1]

#: As declared: defaults are what was believed before any fit.
DECLARED: tuple[Parameter, ...] = LEVERS + STRUCTURE + PROPERTY_STRUCTURE
#: In force: with fitted values as defaults.
PARAMETERS: tuple[Parameter, ...] = with_fitted_values(DECLARED, fitted_values())

#: What a run costs and which luck it has; these stand at the top of a scenario file.
SETTINGS: tuple[Parameter, ...] = (
    Parameter(
        "population",
        "Simulated persons",
        "people",
        200_000,
        1_000,
        20_000_000,
        "Number of simulated persons aged 16 and over, in or out of the labour force.",
        "assumption: the resolution of the simulation, not a fact",
        "模拟人数",
        dated=False,
    ),
    Parameter(
        "replications",
        "Replications",
        "runs",
        20,
        1,
        10_000,
        "How many equally likely histories are simulated; the intervals come from their spread.",
        "assumption: enough for the intervals of the main figures",
        "重复次数",
        dated=False,
    ),
    Parameter(
        "seed",
        "Seed",
        "number",
        1,
        0,
        2**63 - 1,
        "Which luck the first replication has; the others count on from it.",
        "free choice",
        "随机种子",
        dated=False,
    ),
)
DEFAULT_START, DEFAULT_END = "2018-01", "2027-12"

#: The sections of a scenario file in the order they are written. `macro` is fixed by the contract; what
#: stands under a section follows from the declared paths.
SECTIONS = (
    "graduates",
    "hiring",
    "layoffs",
    "visa",
    "property",
    "technology",
    "macro",
    "policy_feedback",
    "parameters",
)

#: Names that may be written at one place of a file, each a parameter or a section of further names.
Names: TypeAlias = dict[str, "Parameter | Names"]


@cache
def sector_ids() -> tuple[str, ...]:
    """The ids of data/sectors.csv, in its order."""
    with (ROOT / "data" / "sectors.csv").open(encoding="utf-8", newline="") as table:
        return tuple(row["sector_id"] for row in csv.DictReader(table))


def concrete_paths(parameter: Parameter) -> tuple[str, ...]:
    """The paths a scenario can set for a parameter: one, or `all` and one per sector."""
    if not parameter.per_sector:
        return (parameter.path,)
    stem = parameter.path.removesuffix("SECTOR")
    return tuple(stem + sector for sector in ("all", *sector_ids()))


@cache
def by_path() -> dict[str, Parameter]:
    """Every concrete path below the sections, in the order of a file, with its declaration."""
    ordered = sorted(PARAMETERS, key=lambda parameter: SECTIONS.index(parameter.path.partition(".")[0]))
    return {path: parameter for parameter in ordered for path in concrete_paths(parameter)}


@cache
def names() -> dict[str, Names]:
    """What may be written under each section of a scenario file."""
    sections: dict[str, Names] = {section: {} for section in SECTIONS}
    for path, parameter in by_path().items():
        section, *between, last = path.split(".")
        level = sections[section]
        for name in between:
            deeper = level.setdefault(name, {})
            if isinstance(deeper, Parameter):
                raise TypeError(f"{path} stands below another parameter")
            level = deeper
        level[last] = parameter
    return sections


def declaration(path: str) -> Parameter | None:
    """The declaration of a concrete path or of a setting such as `population`; None when there is none."""
    found = by_path().get(path)
    return found or next((setting for setting in SETTINGS if setting.path == path), None)


def path_for_all(path: str) -> str:
    """The path whose value holds where a sector has no entry of its own; a path without sectors is its own."""
    parameter = by_path()[path]
    return parameter.path.removesuffix("SECTOR") + "all" if parameter.per_sector else path
