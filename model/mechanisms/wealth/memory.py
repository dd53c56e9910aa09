"""What households carry from month to month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.market import Market


@dataclass(slots=True)
class Households:
    """Consumption and confidence; 1 is the state of 2018-01."""

    consumption: float = 1.0  # real, relative to trend
    confidence: float = 1.0  # of consumers


def households(_: Market) -> Households:
    """Households at the opening."""
    return Households()
