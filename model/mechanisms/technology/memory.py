"""What technology carries from month to month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.market import Market


@dataclass(slots=True)
class Technology:
    """Logs since 2018-01."""

    output: float = 0.0  # real
    jobs: float = 0.0  # jobs that output supports
    reference: float = 0.0  # output on the path that other sectors' trends contain


def technology(_: Market) -> Technology:
    """Technology at the opening."""
    return Technology()
