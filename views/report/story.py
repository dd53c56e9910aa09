"""All that a view needs to know of a finished run, in one object."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from views.report.readings import Readings
from views.words.language import Speech

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from experiments.compare.comparison import Comparison

#: What differs from another scenario: path, old value, new value.
Change = tuple[str, object, object]


class Asked(Protocol):
    """What views ask of a scenario."""

    @property
    def name(self) -> str:
        """Its name, as the user wrote it."""

    @property
    def description(self) -> str:
        """What it asks, in the user's words."""

    @property
    def population(self) -> int:
        """Simulated persons aged 16 and over."""


@dataclass(frozen=True)
class Story:
    """A finished run: its readings, what was asked, and what it is compared with.

    `changes` are the differences from the scenario called `changed_from`.
    """

    readings: Readings
    summary: pd.DataFrame
    scenario: Asked
    manifest: Mapping[str, Any] = field(default_factory=dict)
    comparison: Comparison | None = None
    changes: Sequence[Change] = ()
    changed_from: str = "baseline"
    say: Speech = field(default_factory=Speech)
