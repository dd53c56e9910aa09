"""The presets: every shipped scenario as a card."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from model.scenario.scenario import Scenario
from views.page.settings import Settings, settings_of
from views.words.language import Speech
from views.words.scenario_titles import BASELINE, question, scenario_title, shipped

if TYPE_CHECKING:
    from views.words.language import Language


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
        say = Speech(language)
        return {
            "id": self.id,
            "title": scenario_title(self.id, say),
            "question": say(self.question),
            "settings": self.settings,
        }


@cache
def presets() -> dict[str, Preset]:
    """Every shipped scenario by the name of its file, in the order of the titles; new ones come last."""
    scenarios = shipped()
    baseline = next(scenario for path, scenario in scenarios.items() if path.stem == BASELINE)
    return {
        path.stem: Preset(
            path.stem, scenario_title(path.stem), question(path), scenario, settings_of(scenario, baseline)
        )
        for path, scenario in scenarios.items()
    }
