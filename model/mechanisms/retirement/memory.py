"""What later retirement carries from month to month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.market import Market


@dataclass(slots=True)
class Retirement:
    """Whom the law holds."""

    held: int = 0  # people past their usual month of retirement, simulated persons


def retirement(_: Market) -> Retirement:
    """At the opening the law holds nobody."""
    return Retirement()
