"""The causes that youth unemployment is put down to, each with what it means to switch it off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from model.parameters import Value
from model.results import ENOUGH_PERSONS, people_per_agent
from model.schedule import FrozenMapping, month_index

if TYPE_CHECKING:
    from model.mechanism import Cause as Declared
    from model.scenario.scenario import Scenario


@dataclass(frozen=True)
class Cause:
    """One cause in one scenario: id, name in tables, what being off means, and the values that switch it off."""

    id: str
    name: str
    off_means: str
    off: Mapping[str, Value]
    #: Where it is too rare to be simulated: how many times over it is lived, and the values that make it so.
    times: float = 1.0
    many: Mapping[str, Value] = field(default_factory=dict)


#: What a counterfactual scenario changes beside the paths of the causes.
REST = "everything else"


def causes_of(scenario: Scenario, against: Scenario | None = None) -> tuple[Cause, ...]:
    """The causes of a scenario. With a counterfactual, off is what that says at the paths of each cause.

    Whatever else it changes is one more cause, so that all of them together make the counterfactual.
    """
    declared = [Cause(one.id, one.name, one.off_means, one.values(scenario))
                for one in scenario.specification.causes]  # fmt: skip
    if against is None:
        known = zip(declared, scenario.specification.causes, strict=True)
        return tuple(replace(cause, **_lived_more(scenario, one)) for cause, one in known)
    family = scenario.specification.path_for_all  # a path, whichever sector it names
    either = {*scenario.values, *against.values}
    other = {path: against.value(path) for path in sorted(either) if against.value(path) != scenario.value(path)}
    found = []
    for cause in declared:
        families = {family(each) for each in cause.off}
        own = {path: other.pop(path) for path in [*other] if family(path) in families}
        found.append(replace(cause, off_means=f"as in {against.name}", off=own))
    return (*found, Cause("rest", REST, f"as in {against.name}", other)) if other else tuple(found)


def _lived_more(scenario: Scenario, cause: Declared) -> dict[str, Any]:
    """How often, and with what values, a cause is lived that brings too few people to be simulated."""
    if not cause.people:
        return {}
    last = month_index(scenario.end) + 1
    each = [scenario.monthly(path, 0, last) for path in cause.people]
    simulated = np.minimum.reduce(each).sum() / 12 / people_per_agent(scenario.population, scenario)
    peak = each[0].max()
    if simulated >= ENOUGH_PERSONS or not 0 < peak < cause.most:
        return {}
    times = float(cause.most / peak)
    return {"times": times, "many": {path: _scaled(scenario.value(path), times) for path in cause.people}}


def _scaled(value: Value, times: float) -> Value:
    """A number, or each of its dated values, so many times over."""
    if isinstance(value, Mapping):
        return FrozenMapping({date: times * float(dated) for date, dated in value.items()})
    return times * float(value)


def without(scenario: Scenario, causes: Sequence[Cause]) -> Scenario:
    """The scenario with these causes switched off."""
    return holding(scenario, *(cause.off for cause in causes))


def holding(scenario: Scenario, *changes: Mapping[str, Value]) -> Scenario:
    """The scenario with other values, plausible or not: a counterfactual is a question, not a guess."""
    changed: dict[str, Value] = dict(scenario.values)
    for each in changes:
        changed |= each
    return replace(scenario, values=FrozenMapping(changed))
