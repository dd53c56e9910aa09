"""What the public carries from month to month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.market import Market

#: Earlier than any month.
NEVER_SUSPENDED = -10_000


@dataclass(slots=True)
class Mood:
    """Attention to foreigners and anger at the visa."""

    attention: float = 0.0  # 0 to 1
    backlash: float = 0.0  # 0 to 1
    suspended_until: int = NEVER_SUSPENDED  # first month after the last suspension
    was_open: bool = False  # whether the visa has been open before

    def suspended(self, month: int) -> bool:
        """Whether a suspension is in force."""
        return month < self.suspended_until


def calm(_: Market) -> Mood:
    """Nobody thinks of it yet."""
    return Mood()
