"""What payments for young hires carry from month to month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.market import Market


@dataclass(slots=True)
class YouthSubsidy:
    """What the last month's payments were."""

    cost: float = 1.0  # of a young hire, relative to pay
    hires: float = 0.0  # hires paid for, simulated persons


def youth_subsidy(_: Market) -> YouthSubsidy:
    """At the opening nothing is paid."""
    return YouthSubsidy()
