"""The levers of the page: declared parameters, each with the span that a slider covers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from model.schedule import month_index
from model.specification import in_force
from views.words.changes import label
from views.words.language import Speech, phrase

if TYPE_CHECKING:
    from model.scenario.scenario import Scenario
    from model.specification import Specification
    from views.words.language import Language


@dataclass(frozen=True, slots=True)
class Slider:
    """A parameter as a slider: the span that it is moved in, inside the declared bounds, and its smallest step."""

    path: str
    low: float
    high: float
    step: float
    #: Values worth a mark beside the baseline's own.
    ticks: tuple[float, ...] = ()


#: What the sections of a scenario file are called above their levers.
GROUPS = {
    "visa": phrase("The K visa"),
    "hiring": phrase("Hiring"),
    "layoffs": phrase("Layoffs"),
    "technology": phrase("Technology"),
    "property": phrase("Property"),
    "graduates": phrase("Graduates"),
}
SLIDERS = (
    Slider("visa.annual_quota", 0, 1_000_000, 10_000, (0, 500_000)),
    Slider("visa.complementarity", -1, 3, 0.1, (0,)),
    Slider("hiring.over_35_cap_share", 0, 1, 0.01, (0,)),
    Slider("hiring.graduate_subsidy", 0, 0.5, 0.01),
    Slider("hiring.youth_subsidy", 0, 20_000, 500, (0, 10_000)),
    Slider("hiring.public_posts", 0, 1_000_000, 10_000, (0,)),
    Slider("hiring.openings_scale.all", 0, 2, 0.05, (0.5,)),
    Slider("layoffs.extra_rate.tech", 0, 0.05, 0.001, (0.02,)),
    Slider("layoffs.protection", 0, 1, 0.05),
    Slider("technology.ai_adoption", 0, 0.5, 0.01, (0, 0.2)),
    Slider("technology.output_growth", -0.1, 0.4, 0.01, (0.2,)),
    Slider("technology.jobs_elasticity", -0.5, 1, 0.05, (0, 0.7)),
    Slider("property.credit_limit", 0, 1, 0.05, (0, 1)),
    Slider("property.government_purchases", 0, 5_000_000, 100_000, (1_000_000,)),
    Slider("graduates.cohort_scale", 0.5, 1.5, 0.05, (1.2,)),
)


def levers(baseline: Scenario, today: str, language: Language) -> list[dict[str, Any]]:
    """What the page shows of each lever: words, span, the baseline's value from today on, and where it comes from."""
    say = Speech(language)
    return [_lever(slider, baseline, today, say) for slider in (*SLIDERS, *own_sliders(baseline.specification))]


def own_sliders(specification: Specification) -> list[Slider]:
    """A slider over the declared range for every number that a mechanism of one's own lets a scenario vary."""
    declared = [one for mechanism in specification.own for one in mechanism.parameters if one.takes_dates]
    return [
        Slider(path, one.low, one.high, _step(one.high - one.low))
        for one in declared
        for path in specification.paths_of(one)[:1]
    ]


def _step(span: float) -> float:
    """A round hundredth of a span, so that a slider has about a hundred places."""
    return float(10.0 ** round(math.log10(span) - 2)) if span > 0 else 1.0


def _lever(slider: Slider, baseline: Scenario, today: str, say: Speech) -> dict[str, Any]:
    declared = in_force().by_path[slider.path]
    value = held(baseline, slider.path, today)
    as_percent = declared.unit.startswith(("share", "per year"))
    return {
        "path": slider.path,
        "group": _group(slider.path.partition(".")[0], say),
        "label": label(slider.path, say),
        "unit": say(declared.unit),
        "low": slider.low,
        "high": slider.high,
        "least": declared.low,
        "most": declared.high,
        "step": slider.step,
        "default": value,
        "later": later(baseline, slider.path, today),
        "ticks": sorted({*slider.ticks, value}),
        "as_percent": as_percent,
        "decimals": _decimals(slider.step * (100 if as_percent else 1)),
        "help": say(declared.meaning),
        "source": declared.source,
    }


def _group(section: str, say: Speech) -> str:
    """What the levers of a section stand under."""
    return say(GROUPS.get(section, section.replace("_", " ").capitalize()))


def _decimals(step: float) -> int:
    """How many decimals show every step."""
    return next(places for places in range(6) if abs(round(step, places) - step) < 1e-9)


def held(scenario: Scenario, path: str, month: str) -> float:
    """The value of a dated parameter in a month."""
    value = scenario.value(path)
    if isinstance(value, Mapping):
        return float(scenario.monthly(path, month_index(month), 1)[0])
    return float(value)


def later(scenario: Scenario, path: str, month: str) -> dict[str, float]:
    """What a dated parameter becomes after a month, where it does not stay as it is."""
    value = scenario.value(path)
    return {since: float(held) for since, held in value.items() if since > month} if isinstance(value, Mapping) else {}
