"""What a sensitivity analysis varies, and how far: every parameter declared uncertain, over its range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from experiments.engine.errors import BadRequest
from model.scenario.fitted import fitted_content
from model.scenario.problems import nearest
from model.specification import in_force

if TYPE_CHECKING:
    from model.scenario.scenario import Scenario

#: Levers may be set far beyond what anybody believes, so their declared bounds are no range of belief: these are, each
#: with its reason. Whatever is not listed is varied over its declared bounds.
PLAUSIBLE: Mapping[str, tuple[float, float, str]] = {
    "visa.annual_quota": (10_000, 500_000, "assumption: a tenth to five times the dose of the evidence"),
    "visa.h1b_diversion": (0.0, 0.2, "assumption: up to four times the default"),
    "hiring.over_35_cap_share": (0.2, 0.48, "Luo-Zhang-Zhang 2025: 48 % state any age limit, the ceiling"),
    "layoffs.over_35_odds": (1.0, 3.0, "assumption, as its declaration says"),
    "technology.output_growth": (0.06, 0.16, "assumption: half to one and a half times 11.1 % (tech_annual.csv, 2025)"),
    "technology.jobs_elasticity": (0.2, 0.4, "jobless growth, as its declaration says"),
    "property.credit_limit": (0.0, 0.6, "assumption: from no cap to twice the last strength"),
    "property.confidence_weight": (
        0.0,
        0.2,
        "assumption: 0 unless income does not carry it; beyond, sales of homes can end, where no rule reaches",
    ),
    "macro.growth_after_data": (0.03, 0.06, "assumption: two points below to one above the last quarter"),
    "macro.wage_growth_after_data": (0.02, 0.06, "assumption: two points around the last year"),
    "graduates.growth_after_data": (
        0.0,
        0.06,
        "assumption: from classes that stand still to the fastest recent growth",
    ),
}


@dataclass(frozen=True)
class Uncertain:
    """One number that is varied from `low` to `high`; where the scenario dates it, only its last value is."""

    path: str
    low: float
    high: float
    #: The month from which the sampled value holds; None: always.
    since: str | None = None

    @property
    def label(self) -> str:
        """What it is called."""
        declared = in_force().declaration(self.path)
        return self.path if declared is None else declared.label

    @property
    def unit(self) -> str:
        """What it is counted in."""
        declared = in_force().declaration(self.path)
        return "" if declared is None else declared.unit


def uncertain_numbers(scenario: Scenario, patterns: Sequence[str] = (), *, fitted: bool = False) -> list[Uncertain]:
    """The uncertain parameters whose path matches one of the patterns (all, where there is none).

    `fitted` takes the 90 % interval of the fit for parameters that were fitted. Raises BadRequest for a pattern that
    matches none.
    """
    paths = [path for path, declared in in_force().by_path.items() if declared.uncertain]
    for pattern in patterns:
        if not any(fnmatchcase(path, pattern) for path in paths):
            near = nearest(pattern, paths)
            known = in_force().declaration(pattern) is not None
            why = "is not marked uncertain" if known else "matches no uncertain parameter"
            hint = f"; did you mean '{near}'?" if near else ""
            raise BadRequest(f"--parameters {pattern}: {why}{hint}; nothing was run")
    chosen = [path for path in paths if not patterns or any(fnmatchcase(path, pattern) for pattern in patterns)]
    intervals = _fitted_intervals() if fitted else {}
    return [_uncertain(scenario, path, intervals.get(path)) for path in chosen]


def _uncertain(scenario: Scenario, path: str, interval: tuple[float, float] | None) -> Uncertain:
    declared = in_force().by_path[path]
    low, high = interval or PLAUSIBLE.get(path, (declared.low, declared.high))[:2]
    own = scenario.value(path)
    return Uncertain(path, float(low), float(high), max(own) if isinstance(own, Mapping) else None)


def _fitted_intervals() -> dict[str, tuple[float, float]]:
    """The 90 % intervals that the fit left, by path."""
    found = {
        path: (float(one["low"]), float(one["high"]))
        for path, one in fitted_content(in_force().country).get("parameters", {}).items()
    }
    if not found:
        raise BadRequest("--fitted: nothing has been fitted; run 'run.py calibrate --adopt' first, or leave it out")
    return {path: ends for path, ends in found.items() if ends[0] < ends[1]}
