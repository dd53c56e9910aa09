"""What was changed, in words a stranger understands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.specification import in_force
from views.words.language import ENGLISH, Speech

if TYPE_CHECKING:
    from collections.abc import Sequence

    from views.report.story import Change


@dataclass(frozen=True, slots=True)
class Changed:
    """One row of the table of changes."""

    label: str
    path: str
    old: str
    new: str
    unit: str


def describe_changes(changes: Sequence[Change], say: Speech = ENGLISH) -> list[Changed]:
    """Rows with the lever's label and unit beside its path and values."""
    return [
        Changed(label(path, say), path, said(old, say), said(new, say), unit(path, say)) for path, old, new in changes
    ]


def label(path: str, say: Speech = ENGLISH) -> str:
    """What a parameter is called, with its sector where it has one of its own; its path where nothing declares it."""
    found = in_force().declaration(path)
    if found is None:
        return path.replace("_", " ").replace(".", ": ")
    sector = path.rpartition(".")[2]
    if not found.per_sector or sector == "all":
        return say.label(found)
    table = in_force().country.sectors
    named = dict(zip(table.ids, table.titles_zh, strict=True)) if say.language == "zh" else {}
    return say("{label} ({sector})", label=say.label(found), sector=named.get(sector, sector.replace("_", " ")))


def unit(path: str, say: Speech = ENGLISH) -> str:
    """The unit of a parameter."""
    found = in_force().declaration(path)
    return "" if found is None else say(found.unit)


def said(value: object, say: Speech = ENGLISH) -> str:
    """A value of a scenario: a number, words, or dated values one after another."""
    if isinstance(value, Mapping):
        dated = (
            say("{value} from {month}", value=said(held, say), month=month) for month, held in sorted(value.items())
        )
        return say("; ").join(dated)
    if isinstance(value, bool):
        return say("true") if value else say("false")
    if isinstance(value, int | float):
        return f"{value:,}" if isinstance(value, int) else f"{value:,g}"
    return say("not set") if value is None else str(value)
