"""What matching carries from month to month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.market import Market


@dataclass(slots=True)
class Tightness:
    """Posts per seeker."""

    mean: float = 0.0  # over the last year
    usual: float = 1.0  # that mean at the opening

    def relative(self, month: int) -> float:
        """Tightness relative to the opening; 1 before it, and where the opening had no posts at all."""
        return self.mean / self.usual if month >= 0 and self.usual > 0 else 1.0


def tightness(_: Market) -> Tightness:
    """Tightness before anything has been posted."""
    return Tightness()
