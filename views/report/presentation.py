"""Everything that is looked at, made from a finished run: figures and report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from agents.places import ROOT
from model.scenario.scenario import ScenarioError, load_scenario
from views.figures import draw_all
from views.report.page import write_report
from views.report.readings import Readings
from views.report.story import Change, Story
from views.words.language import Language, Speech

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from experiments.compare.comparison import Comparison
    from model.results import Table
    from model.scenario.scenario import Scenario

#: Where the command line puts the scenario that a run is compared with, and the file it is measured by otherwise.
AGAINST = "against.yaml"
BASELINE = ROOT / "scenarios" / "baseline.yaml"


def present(
    folder: Path,
    table: Table,
    summary: pd.DataFrame,
    scenario: Scenario,
    manifest: Mapping[str, Any],
    against: Comparison | None,
    language: Language = "en",
    workers: int | None = 1,
) -> None:
    """Writes folder/figures/*.png and *.svg, drawn on so many processes, and folder/report.html in a language.

    `table` and `summary` are the scenario's own; `against` holds both sides of a comparison.
    """
    changes, changed_from = _changes(folder, scenario)
    story = Story(Readings(table), summary, scenario, manifest, against, changes, changed_from, Speech(language))
    drawn = draw_all(story, folder / "figures", workers)
    write_report(story, drawn, folder, scenario.to_yaml())


def _changes(folder: Path, scenario: Scenario) -> tuple[list[Change], str]:
    """What differs from the scenario compared with, or from the baseline; nothing when neither can be read."""
    path = folder / AGAINST if (folder / AGAINST).exists() else BASELINE
    try:
        other = load_scenario(path)
        return list(scenario.changes_from(other)), other.name
    except (OSError, ScenarioError):
        return [], "baseline"
