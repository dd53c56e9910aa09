"""Graduating classes as a cause: what it means that their number does not grow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from model.country.drivers import graduates_by_year
from model.parameters import Value
from model.schedule import FrozenMapping

if TYPE_CHECKING:
    from model.scenario.scenario import Scenario


def scale_that_keeps_2018(scenario: Scenario) -> Mapping[str, Value]:
    """The lever that makes every class as large as that of 2018, whose size is known only with the scenario."""
    country, last = scenario.specification.country, int(scenario.end[:4])
    kept = country.youth.usual_class
    sizes = graduates_by_year(country, max(last, kept), scenario.number("graduates.growth_after_data"))
    scale = {f"{year}-01": sizes[kept] / sizes[year] for year in range(kept, last + 1)}
    return {"graduates.cohort_scale": FrozenMapping(scale)}
