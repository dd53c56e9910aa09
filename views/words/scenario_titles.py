"""What a scenario is called and what it asks, on every page and in every report."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from agents.places import ROOT
from model.scenario.scenario import Scenario, load_scenario
from views.words.language import ENGLISH, Speech, phrase

FOLDER = ROOT / "scenarios"
BASELINE = "baseline"
#: Titles of the shipped scenarios in the order in which they are offered; another one is called by its name.
TITLES = {
    BASELINE: phrase("Baseline"),
    "no_k_visa": phrase("No K visa"),
    "k_visa_open": phrase("The K visa wide open"),
    "h1b_diversion": phrase("H-1B talent turns to China"),
    "property_rescue": phrase("A national team buys homes"),
    "no_property_slump": phrase("No cap on developers' debt"),
    "no_property_slump_flat_demand": phrase("No property slump at all"),
    "protect_over_35": phrase("No age limit at 35"),
    "tech_layoffs": phrase("Technology layoffs"),
    "ai_entry_level": phrase("AI takes the first job"),
    "jobless_tech_boom": phrase("A technology boom without jobs"),
    "graduate_surge": phrase("Larger graduating classes"),
    "hiring_freeze": phrase("A hiring freeze"),
}
#: What the page calls a scenario that a visitor made.
YOURS = phrase("Your scenario")


@cache
def shipped() -> dict[Path, Scenario]:
    """Every shipped scenario by its file, in the order of the titles; new ones come last."""
    files = {path.stem: path for path in sorted(FOLDER.glob("*.yaml"))}
    ordered = [name for name in TITLES if name in files] + [name for name in files if name not in TITLES]
    return {files[name]: load_scenario(files[name]) for name in ordered}


def question(path: Path) -> str:
    """What the first line of a scenario file asks."""
    return path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("#").strip()


def scenario_title(name: str, say: Speech = ENGLISH) -> str:
    """A scenario's title; a name that has none as people write it: `my_surge` is "My surge"."""
    title = TITLES.get(name, name)
    if title in {YOURS, *TITLES.values()}:
        return say(title)
    if not re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", name):
        return name
    words = name.replace("_", " ").replace("k visa", "K visa").replace("h1b", "H-1B")
    return words[:1].upper() + words[1:]


def quoted(name: str, say: Speech = ENGLISH) -> str:
    """What a sentence calls a scenario: the baseline, your scenario, “No K visa”, or the name of one's own."""
    if name in {BASELINE, TITLES[BASELINE]}:
        return say("the baseline")
    if name == YOURS:
        return say("your scenario")
    shipped_one = name in {*TITLES, *TITLES.values()}
    return say("“{title}”", title=scenario_title(name, say)) if shipped_one else name
