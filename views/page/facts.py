"""What the page shows before anybody has asked anything."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from experiments.compare.job import months_simulated
from experiments.engine.manifest import project_version
from model.scenario.fitted import fitted_content
from model.scenario.problems import value_text
from model.schedule import month_label
from model.specification import in_force
from views.page.answers import CHARTS, Answer
from views.page.fans import fans
from views.page.laboratory import FIRST
from views.page.levers import levers
from views.page.links import LONGEST, link_of
from views.page.presets import presets
from views.page.settings import left_out, settings_of
from views.page.upload import MOST_BYTES
from views.page.waterfall import stored_presets
from views.report.official import published
from views.words.changes import describe_changes
from views.words.language import Speech
from views.words.scenario_titles import BASELINE

if TYPE_CHECKING:
    from experiments.engine.draws import Draws
    from model.scenario.scenario import Scenario
    from views.page.laboratory import Laboratory, Records
    from views.page.runs import Run
    from views.words.language import Language

FIRST_SHOWN = "2023-01"


def citation(language: Language) -> str:
    """How the page is cited."""
    say = Speech(language)
    return say(
        "China Labour Lab contributors: China Labour Lab, an agent-based labour market of urban China, version "
        "{version}.",
        version=project_version(),
    )


def taken_over(scenario: Scenario, laboratory: Laboratory, language: Language) -> dict[str, Any]:
    """A scenario file as the page shows it: what it is called, its settings, and notes on what stays behind."""
    notes = left_out(scenario, presets()[BASELINE].scenario, laboratory.baseline_scenario, language)
    return {"title": scenario.name, "settings": settings_of(scenario, laboratory.scenario), "notes": notes}


def facts(laboratory: Laboratory, language: Language, initial: Scenario | None) -> dict[str, Any]:
    """Levers, presets, charts, official months, and the baseline as far as it is computed."""
    scenario, today = laboratory.scenario, laboratory.today
    return {
        "version": project_version(),
        "citation": citation(language),
        "lang": language,
        "levers": levers(scenario, today, language),
        "presets": [preset.shown(language) for preset in presets().values()],
        "charts": [_chart(name, language) for name in CHARTS],
        "months": [month_label(month) for month in range(months_simulated(scenario))],
        "first_shown": FIRST_SHOWN,
        "today": today,
        "change_from": today,
        "official": {
            name: {month: round(rate, 6) for month, rate in published(name).items()}
            for name in in_force().country.official.groups
        },
        "forecast": fans(),
        "population": laboratory.size.population,
        "draws": len(laboratory.draws),
        "fitted_to": fitted_content(in_force().country)["made_from"]["last_month"],
        "replications": {"first": FIRST, "most": laboratory.size.replications},
        "initial": None if initial is None else taken_over(initial, laboratory, language),
        "why_presets": stored_presets(),
        "limits": {"upload_bytes": MOST_BYTES, "link_characters": LONGEST},
    }


def _chart(name: str, language: Language) -> dict[str, Any]:
    say, indicator = Speech(language), in_force().indicator[name]
    return {"indicator": name, "title": say.label(indicator), "unit": say(indicator.unit), "kind": indicator.kind}


def told(laboratory: Laboratory, run: Run, records: Records, *, final: bool) -> dict[str, Any]:
    """The answer to a what-if question from the replications there are."""
    scenario = laboratory.baseline_scenario
    answer = Answer(
        laboratory.baseline,
        dict(records),
        laboratory.people_per_agent,
        scenario.population,
        run.title,
        Speech(run.language),
        laboratory.draws_of(records.keys() & laboratory.baseline.keys()),
        run.luck_alone,
    )
    return {
        "run": run.id,
        "title": run.title,
        "preset": run.preset,
        "seeds": len(answer.pairs),
        "persons": scenario.population,
        "final": final,
        "year": answer.year,
        "months": answer.months,
        "band": answer.band_words(),
        "intervals": answer.interval_words(),
        "series": answer.series(),
        "cards": answer.cards(),
        "sentences": answer.sentences(),
        "prices": answer.prices({path for path, _, _ in run.scenario.changes_from(scenario)}),
        "table": answer.table(),
        "changed": changed(run.scenario, scenario, run.language),
        "blame": answer.blame(),
        "command": command(run, laboratory.draws, len(answer.pairs)),
        "link": link_of(run.settings, run.preset, project_version()),
    }


def changed(reform: Scenario, baseline: Scenario, language: Language) -> list[dict[str, Any]]:
    """Every value that the reform changes, before and after."""
    rows = describe_changes(list(reform.changes_from(baseline)), Speech(language))
    return [{"path": row.path, "label": row.label, "from": row.old, "to": row.new, "unit": row.unit} for row in rows]


def command(run: Run, draws: Draws, pairs: int) -> str:
    """The command that computes the same, as it is typed in the checkout.

    At draws of the parameters it computes all the replications that an answer comes to: which draws there are hangs on
    how many.
    """
    preset = presets().get(run.preset or "")
    whole = preset is not None and run.settings == preset.settings
    words = ["python", "run.py", f"scenarios/{preset.id if preset is not None and whole else 'baseline'}.yaml"]
    for path, value in () if whole else run.settings.items():
        held = value_text(run.scenario.value(path)) if path in run.scenario.values else value_text(value)
        words += ["--set", f"{path}={held}"]
    words += ["--against", "scenarios/baseline.yaml"] if run.settings else []
    words += ["--population", str(run.scenario.population)]
    words += ["--replications", str(run.scenario.replications if draws else pairs), "--draws", str(len(draws))]
    words += ["--seed", str(run.scenario.seed)] if run.scenario.seed != presets()[BASELINE].scenario.seed else []
    return shlex.join(words)
