"""The causes that youth unemployment is put down to, each with what it means to switch it off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from model.parameters import Value
from model.schedule import FrozenMapping

if TYPE_CHECKING:
    from model.scenario.scenario import Scenario


@dataclass(frozen=True)
class Cause:
    """One cause in one scenario: id, name in tables, what being off means, and the values that switch it off."""

    id: str
    name: str
    off_means: str
    off: Mapping[str, Value]


#: What a counterfactual scenario changes beside the paths of the causes.
REST = "everything else"


def causes_of(scenario: Scenario, against: Scenario | None = None) -> tuple[Cause, ...]:
    """The causes of a scenario. With a counterfactual, off is what that says at the paths of each cause.

    Whatever else it changes is one more cause, so that all of them together make the counterfactual.
    """
    declared = [Cause(one.id, one.name, one.off_means, one.values(scenario))
                for one in scenario.specification.causes]  # fmt: skip
    if against is None:
        return tuple(declared)
    family = scenario.specification.path_for_all  # a path, whichever sector it names
    either = {*scenario.values, *against.values}
    other = {path: against.value(path) for path in sorted(either) if against.value(path) != scenario.value(path)}
    found = []
    for cause in declared:
        families = {family(each) for each in cause.off}
        own = {path: other.pop(path) for path in [*other] if family(path) in families}
        found.append(replace(cause, off_means=f"as in {against.name}", off=own))
    return (*found, Cause("rest", REST, f"as in {against.name}", other)) if other else tuple(found)


def without(scenario: Scenario, causes: Sequence[Cause]) -> Scenario:
    """The scenario with these causes switched off."""
    changed: dict[str, Value] = dict(scenario.values)
    for cause in causes:
        changed |= cause.off
    return replace(scenario, values=FrozenMapping(changed))
