"""The causes that youth unemployment is put down to, each with what it means to switch it off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from model import declarations
from model.drivers import graduates_by_year
from model.parameters import Value
from model.schedule import FrozenMapping

if TYPE_CHECKING:
    from model.scenario import Scenario

#: The size that graduating classes keep when their growth is switched off.
CLASS_KEPT = 2018


@dataclass(frozen=True)
class Cause:
    """One cause: its name in tables, what being off means, and the values that switch it off.

    Off may lie outside what is plausible for a parameter: it is a question, not a guess.
    """

    name: str
    off_means: str
    off: Mapping[str, Value]


#: Graduate numbers are off in `causes_of`: the size of a class is known only with the scenario.
CAUSES = (
    Cause(
        "property slump",
        "no cap on developers' borrowing and a steady demand for homes (no_property_slump_flat_demand.yaml)",
        {"property.credit_limit": 0.0, "property.demand_trend": 0.023},
    ),
    Cause(
        "housing wealth and consumption",
        "neither consumption nor what seekers ask for follows the worth of homes or confidence",
        {"parameters.wealth_elasticity": 0.0, "parameters.precaution": 0.0, "parameters.wealth_reservation": 0.0},
    ),
    Cause(
        "technology: layoffs and jobless growth",
        "no extra layoffs; output and its jobs grow as they did before 2022",
        {"layoffs.extra_rate.tech": 0.0, "technology.output_growth": 0.1, "technology.jobs_elasticity": 0.7},
    ),
    Cause(
        "age-35 rules",
        "no vacancy closed at 35 and no preference for laying off the over-35s",
        {"hiring.over_35_cap_share": 0.0, "layoffs.over_35_odds": 1.0},
    ),
    Cause("graduate numbers", f"every class is as large as that of {CLASS_KEPT}", {"graduates.cohort_scale": 1.0}),
    Cause("K visa", "the visa stays closed (no_k_visa.yaml)", {"visa.annual_quota": 0.0}),
    Cause("policy feedback", "backlash cannot suspend the visa", {"policy_feedback.enabled": False}),
)
#: What a counterfactual scenario changes beside the paths of the causes.
REST = "everything else"


def causes_of(scenario: Scenario, against: Scenario | None = None) -> tuple[Cause, ...]:
    """The causes of a scenario. With a counterfactual, off is what that says at the paths of each cause.

    Whatever else it changes is one more cause, so that all of them together make the counterfactual.
    """
    if against is None:
        return tuple(_with_classes_kept(cause, scenario) if cause.name == "graduate numbers" else cause
                     for cause in CAUSES)  # fmt: skip
    either = {*scenario.values, *against.values}
    other = {path: against.value(path) for path in sorted(either) if against.value(path) != scenario.value(path)}
    found = []
    for cause in CAUSES:
        own = {path: other.pop(path) for path in [*other] if _family(path) in {_family(each) for each in cause.off}}
        found.append(Cause(cause.name, f"as in {against.name}", own))
    return (*found, Cause(REST, f"as in {against.name}", other)) if other else tuple(found)


def _family(path: str) -> str:
    """A path, whichever sector it names."""
    return declarations.path_for_all(path)


def _with_classes_kept(cause: Cause, scenario: Scenario) -> Cause:
    last = int(scenario.end[:4])
    sizes = graduates_by_year(max(last, CLASS_KEPT), scenario.number("graduates.growth_after_data"))
    scale = {f"{year}-01": sizes[CLASS_KEPT] / sizes[year] for year in range(CLASS_KEPT, last + 1)}
    return replace(cause, off={"graduates.cohort_scale": FrozenMapping(scale)})


def without(scenario: Scenario, causes: Sequence[Cause]) -> Scenario:
    """The scenario with these causes switched off."""
    changed: dict[str, Value] = dict(scenario.values)
    for cause in causes:
        changed |= cause.off
    return replace(scenario, values=FrozenMapping(changed))
