"""What is read off the jobs of sectors."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.market import Market


def _jobs_of(group: str, market: Market) -> float:
    return int(market.groups.employed[getattr(market.groups, group)]) * market.people_per_agent


employment_tech = partial(_jobs_of, "tech")
employment_developers = partial(_jobs_of, "developers")
employment_construction = partial(_jobs_of, "builders")
