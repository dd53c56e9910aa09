"""Technology's output, and the jobs that it supports."""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from typing import TYPE_CHECKING

from model.mechanisms.technology import TECHNOLOGY

if TYPE_CHECKING:
    from model.market import Market
    from model.parameters import Value
    from model.scenario.scenario import Scenario


def grow_technology(market: Market) -> None:
    """Technology's output grows; the jobs it supports grow by an elasticity of that."""
    if market.month < 0:
        return
    own, growth = TECHNOLOGY.of(market), log(1 + market.lever("technology.output_growth")) / 12
    own.output += growth
    own.jobs += growth * market.lever("technology.jobs_elasticity")
    own.reference += log(1 + market.number("technology_reference_growth")) / 12


def growth_as_before_2022(scenario: Scenario) -> Mapping[str, Value]:
    """What switches the turn of 2022 off: no extra layoffs in technology, output and jobs as before."""
    sector = scenario.specification.country.roles.technology
    return {f"layoffs.extra_rate.{sector}": 0.0, "technology.output_growth": 0.1, "technology.jobs_elasticity": 0.7}
