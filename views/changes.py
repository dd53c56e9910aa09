"""What was changed, in words a stranger understands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.specification import in_force

if TYPE_CHECKING:
    from collections.abc import Sequence

    from views.story import Change


@dataclass(frozen=True, slots=True)
class Changed:
    """One row of the table of changes."""

    label: str
    path: str
    old: str
    new: str
    unit: str


def describe_changes(changes: Sequence[Change]) -> list[Changed]:
    """Rows with the lever's label and unit beside its path and values."""
    return [_described(path, said(old), said(new)) for path, old, new in changes]


def _described(path: str, old: str, new: str) -> Changed:
    """One row; what no declaration names keeps its path as its label."""
    found = in_force().declaration(path)
    if found is None:
        return Changed(path.replace("_", " ").replace(".", ": "), path, old, new, "")
    sector = path.rpartition(".")[2]
    label = f"{found.label} ({sector.replace('_', ' ')})" if found.per_sector and sector != "all" else found.label
    return Changed(label, path, old, new, found.unit)


def said(value: object) -> str:
    """A value of a scenario: a number, words, or dated values one after another."""
    if isinstance(value, Mapping):
        return "; ".join(f"{said(held)} from {month}" for month, held in sorted(value.items()))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:,}" if isinstance(value, int) else f"{value:,g}"
    return "not set" if value is None else str(value)
