"""Nothing dropped silently: what a scenario says is on the page, or in a note that names it with its value."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("starlette", reason="the page extra is not installed")

from model.country.china import CHINA
from model.parameters import SETTINGS, Parameter, Value
from model.scenario.scenario import Scenario, load_scenario
from model.specification import STANDARD
from views.page.laboratory import TODAY, Laboratory
from views.page.links import carried_by, link_of
from views.page.presets import presets
from views.page.settings import Refused, left_out, reform_of, settings_of
from views.page.upload import read_upload
from views.words.language import Language

OUTSIDE = "macro.outside_figures"
BASE = load_scenario("scenarios/baseline.yaml")
PATHS = [path for path, declared in STANDARD.by_path.items() if not declared.names_file]
SECTORED = sorted({path.rpartition(".")[0] for path, declared in STANDARD.by_path.items() if declared.per_sector})


def another(declared: Parameter, held: Value) -> Value:
    """A value that a scenario may give and the baseline does not have."""
    if declared.switch:
        return not held
    if declared.choices:
        return next(word for word in declared.choices if word != held)
    own = list(held.values()) if isinstance(held, Mapping) else [held]
    span = declared.high - declared.low
    values = [declared.low, declared.high, *(declared.low + span * share for share in (0.375, 0.625))]
    return next(
        value for value in reversed([int(each) if declared.whole else each for each in values]) if value not in own
    )


def round_trip(scenario: Scenario, today: str = TODAY) -> Scenario:
    """What the page computes for a scenario, its settings sent as the browser sends them."""
    sent = json.loads(json.dumps(settings_of(scenario, BASE)))
    return reform_of(BASE, sent, today, scenario.name)


def says_the_same(one: Scenario, other: Scenario) -> bool:
    return all(one.value(path) == other.value(path) for path in PATHS)


@pytest.mark.parametrize("path", PATHS)
def test_every_value_of_a_scenario_is_taken_over(path: str) -> None:
    declared = STANDARD.by_path[path]
    wanted = another(declared, BASE.value(path))
    kinds: list[Any] = [wanted]
    if declared.takes_dates:
        kinds += [{"2019-03": wanted}, {"2018-01": wanted, "2026-06": BASE.monthly(path, 0, 1)[0]}, {"2040-01": wanted}]
    for said in kinds:
        scenario = BASE.with_values({path: said})
        assert scenario.value(path) != BASE.value(path)
        assert path in settings_of(scenario, BASE)
        assert round_trip(scenario).values == scenario.values
        assert left_out(scenario, BASE) == []


def test_the_paths_are_all_there_are() -> None:
    """So that the test above is not one of nothing."""
    others = {path for path, declared in STANDARD.by_path.items() if declared.names_file}
    assert others == {"parameters.job_graph"}
    assert len(PATHS) + len(others) == len(STANDARD.by_path) > 140


ALL_THE_REST: dict[str, tuple[Any, str]] = {
    "population": (100_000, "100,000"),
    "replications": (3, "3"),
    "seed": (7, "7"),
    "start": ("2020-01", "2020-01"),
    "end": ("2026-12", "2026-12"),
    "description": ("Two words", "Two words"),
}


def test_whatever_else_a_scenario_says_is_among_the_rest() -> None:
    # The title; above; there is one; where it was read from; never named in a file.
    told = {"name", "values", "schema_version", "files", "specification"}
    assert set(ALL_THE_REST) | told == set(Scenario.__slots__)
    assert {setting.path for setting in SETTINGS} <= set(ALL_THE_REST)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", ALL_THE_REST)
def test_what_stays_behind_is_told_with_its_value(name: str, language: Language) -> None:
    value, shown = ALL_THE_REST[name]
    (note,) = left_out(BASE.with_values({name: value}), BASE, language=language)
    assert name in note
    assert shown in note


def test_another_job_graph_is_told_without_its_folder() -> None:
    scenario = BASE.with_values({"parameters.job_graph": str(Path("data/mobility.csv").resolve())})
    (note,) = left_out(scenario, BASE)
    assert "'parameters.job_graph' is 'mobility.csv'" in note
    assert str(Path.cwd()) not in note


def test_several_things_are_each_told() -> None:
    scenario = BASE.with_values({name: value for name, (value, _) in ALL_THE_REST.items()})
    assert len(left_out(scenario, BASE)) == len(ALL_THE_REST)


def test_what_is_as_shipped_or_as_the_page_computes_is_not_told() -> None:
    page = replace(BASE, population=20_000, replications=40, seed=7)
    assert left_out(BASE, BASE, page) == []
    assert left_out(replace(BASE, seed=7, population=20_000), BASE, page) == []
    (note,) = left_out(replace(BASE, seed=8), BASE, page)
    assert "computes with 7" in note


def test_no_shipped_scenario_loses_more_than_its_description() -> None:
    for preset in presets().values():
        assert says_the_same(round_trip(preset.scenario), preset.scenario), preset.id
        assert all("description" in note for note in left_out(preset.scenario, BASE)), preset.id


@st.composite
def sectored(draw: st.DrawFn) -> dict[str, Any]:
    """What a file may say of the sectors of one parameter: of all, and of some alone, constant or dated."""
    stem = draw(st.sampled_from(SECTORED))
    low, high = STANDARD.by_path[f"{stem}.all"].low, STANDARD.by_path[f"{stem}.all"].high
    number = st.sampled_from([low, low + (high - low) / 4, high, float(BASE.monthly(f"{stem}.all", 0, 1)[0])])
    months = st.sampled_from(["2018-01", "2020-08", "2025-10", "2026-03"])
    value = number | st.dictionaries(months, number, min_size=1)
    names = st.sampled_from(["all", *CHINA.sector_ids[:3]])
    return {f"{stem}.{name}": each for name, each in draw(st.dictionaries(names, value, min_size=1)).items()}


@given(sectored())
def test_sectors_with_values_of_their_own_come_through(said: dict[str, Any]) -> None:
    """One that stays where it is while all others move is a value too."""
    scenario = BASE.with_values(said)
    assert says_the_same(round_trip(scenario), scenario), settings_of(scenario, BASE)


def test_a_sector_kept_as_it_was_is_not_lost() -> None:
    scenario = BASE.with_values({"hiring.openings_scale.all": 0.5, "hiring.openings_scale.tech": 1.0})
    assert round_trip(scenario).value("hiring.openings_scale.tech") == 1.0


def test_the_command_of_an_opened_scenario_computes_the_same() -> None:
    """What is typed gives the scenario that the page computes, seed and size included."""
    import shlex

    from experiments.engine.draws import Draws
    from experiments.engine.options import main_parser, read_scenarios
    from views.page.facts import command
    from views.page.runs import Run

    base = replace(BASE, population=20_000, seed=7)
    wanted = base.with_values({
        "hiring.openings_scale.all": {"2026-01": 0.5}, "hiring.openings_scale.tech": 1.0, "visa.annual_quota": 5,
        OUTSIDE: another(STANDARD.by_path[OUTSIDE], BASE.value(OUTSIDE)),
        "policy_feedback.enabled": True,
    })  # fmt: skip
    settings = settings_of(wanted, base)
    run = Run("id", "what-if", reform_of(base, settings, TODAY, "x"), settings, None, "x", "en")
    words = shlex.split(command(run, Draws(), 8))
    scenario, against, _ = read_scenarios(main_parser("", {}).parse_args(words[2:]), {})
    assert scenario.digest == replace(run.scenario, replications=8).digest
    assert against is not None
    assert against.digest == replace(base, replications=8).digest


# --- files handed in ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "extends: /etc/passwd\n",
        "extends: ../secret.yaml\n",
        "extends: ./baseline.yaml\n",
        "extends: .handed-in.yaml\n",
        "extends: [baseline.yaml]\n",
        "extends: {a: baseline.yaml}\n",
        "extends: 5\n",
        "parameters: {job_graph: /etc/passwd}\n",
        "parameters: {job_graph: mobility.csv}\n",
        "parameters: {job_graph: [/etc/passwd]}\n",
        "parameters: {job_graph: {2018-01: /etc/passwd}}\n",
        "parameters: {job_graph: 5}\n",
        "parameters.job_graph: /etc/passwd\n",
        "job_graph: /etc/passwd\n",
        "with: mine.py\n",
        "official: months.csv\n",
        "scenario: baseline.yaml\n",
    ],
)
def test_a_file_handed_in_reads_no_file_of_this_machine(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a job graph was read")

    monkeypatch.setattr("model.job_graph.file.read_named_graph", never)
    with pytest.raises(Refused) as refused:
        read_upload(text.encode())
    for problem in refused.value.problems:
        assert problem["line"] == 1
        assert "root:" not in problem["message"]


# --- links ----------------------------------------------------------------------------------------


def test_a_link_tells_what_is_not_read() -> None:
    told = {"v": "0.0.1", "p": "no_such_question", "c": {}, "seed": 7, "zoom": 2}
    carried = carried_by(base64.urlsafe_b64encode(json.dumps(told).encode()).decode())
    notes = carried.notes("0.2.0", presets(), "en")
    assert ["0.0.1" in notes[0], "no_such_question" in notes[1], "seed, zoom" in notes[2]] == [True] * 3
    assert len(carried.notes("0.2.0", presets(), "zh")) == 3


def test_a_link_of_this_version_has_nothing_to_tell() -> None:
    carried = carried_by(link_of({"visa.annual_quota": 5}, "no_k_visa", "1").removeprefix("?s="))
    assert carried.notes("1", presets(), "en") == []


def test_the_laboratory_of_a_seed_is_named_after_it() -> None:
    """The page of `--seed 7` finds no stored baseline of another seed."""
    laboratory = Laboratory(replace(BASE, seed=7))
    try:
        assert laboratory.baseline == {}
        assert laboratory._seeds([1, 2]) == [7, 8]
    finally:
        laboratory.turns.stop()
