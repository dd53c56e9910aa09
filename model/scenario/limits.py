"""Where a scenario leaves what the model can say: values beyond all that it has been held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.parameters import Parameter
    from model.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Beyond:
    """A value outside what its declaration calls known; `month` (`YYYY-MM`) says from when, "" for all months."""

    path: str
    parameter: Parameter
    value: float
    month: str

    def __str__(self) -> str:
        low, high = self.parameter.known or (self.parameter.low, self.parameter.high)
        when = f" from {self.month}" if self.month else ""
        return (
            f"{self.path} is {self.value:g}{when}, outside {low:g} to {high:g} ({self.parameter.unit}): "
            "beyond all that the model has been held against; read the answer as arithmetic of its rules"
        )


def beyond_knowledge(scenario: Scenario) -> list[Beyond]:
    """The first value of each parameter that lies outside what is known of it."""
    found = []
    for path in scenario.values:
        parameter = scenario.specification.by_path[path]
        if parameter.known is None:
            continue
        held = scenario.value(path)
        low, high = parameter.known
        dated = held if isinstance(held, Mapping) else {"": held}
        outside = [(month, value) for month, value in dated.items() if not low <= float(value) <= high]
        if outside:
            month, value = outside[0]
            found.append(Beyond(path, parameter, float(value), month))
    return found
