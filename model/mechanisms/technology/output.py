"""Technology's output, and the jobs that it supports."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.market import Market


def grow_technology(market: Market) -> None:
    """Technology's output grows; the jobs it supports grow by an elasticity of that."""
    if market.month < 0:
        return
    total, growth = market.aggregates, log(1 + market.lever("technology.output_growth")) / 12
    total.technology_output += growth
    total.technology_jobs += growth * market.lever("technology.jobs_elasticity")
    total.technology_reference += log(1 + market.number("technology_reference_growth")) / 12
