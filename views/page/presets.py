"""The presets: every shipped scenario as a card."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from experiments.manifest import ROOT
from model.scenario import Scenario, load_scenario
from views.page.chinese import QUESTIONS, said
from views.page.settings import Settings, settings_of

if TYPE_CHECKING:
    from views.language import Language

BASELINE = "baseline"
FOLDER = ROOT / "scenarios"
TITLES = {
    BASELINE: "Baseline",
    "no_k_visa": "No K visa",
    "k_visa_open": "The K visa wide open",
    "h1b_diversion": "H-1B talent turns to China",
    "property_rescue": "A national team buys homes",
    "no_property_slump": "No cap on developers' debt",
    "no_property_slump_flat_demand": "No property slump at all",
    "protect_over_35": "No age limit at 35",
    "tech_layoffs": "Technology layoffs",
    "jobless_tech_boom": "A technology boom without jobs",
    "graduate_surge": "Larger graduating classes",
    "hiring_freeze": "A hiring freeze",
}


@dataclass(frozen=True, slots=True)
class Preset:
    """A shipped scenario: the question its file opens with, and what it changes in the baseline."""

    id: str
    title: str
    question: str
    scenario: Scenario
    settings: Settings

    def shown(self, language: Language) -> dict[str, Any]:
        """The card."""
        question = QUESTIONS.get(self.id, self.question) if language == "zh" else self.question
        return {"id": self.id, "title": said(self.title, language), "question": question, "settings": self.settings}


@cache
def presets() -> dict[str, Preset]:
    """Every shipped scenario by the name of its file, in the order of the titles; new ones come last."""
    files = {path.stem: path for path in sorted(FOLDER.glob("*.yaml"))}
    ordered = [name for name in TITLES if name in files] + [name for name in files if name not in TITLES]
    baseline = load_scenario(files[BASELINE])
    found = {}
    for name in ordered:
        first = files[name].read_text(encoding="utf-8").partition("\n")[0].removeprefix("#").strip()
        scenario = load_scenario(files[name])
        title = TITLES.get(name, name.replace("_", " ").capitalize())
        found[name] = Preset(name, title, first, scenario, settings_of(scenario, baseline))
    return found
