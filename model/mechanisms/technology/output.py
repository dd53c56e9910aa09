"""Technology's output, and the jobs that it supports."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from model.mechanisms.technology import TECHNOLOGY

if TYPE_CHECKING:
    from model.market import Market


def grow_technology(market: Market) -> None:
    """Technology's output grows; the jobs it supports grow by an elasticity of that."""
    if market.month < 0:
        return
    own, growth = TECHNOLOGY.of(market), log(1 + market.lever("technology.output_growth")) / 12
    own.output += growth
    own.jobs += growth * market.lever("technology.jobs_elasticity")
    own.reference += log(1 + market.number("technology_reference_growth")) / 12
