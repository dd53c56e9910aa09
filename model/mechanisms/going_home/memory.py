"""What going home carries to the end of the month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.market import Market


@dataclass(slots=True)
class GoneHome:
    """Who left the city."""

    people: int = 0  # this month, simulated persons


def nobody(_: Market) -> GoneHome:
    """At the opening nobody has left."""
    return GoneHome()
