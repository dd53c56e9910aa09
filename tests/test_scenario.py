"""What a scenario holds, inherits and writes back."""

from __future__ import annotations

import contextlib
import pickle
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.country.china import CHINA
from model.parameters import SETTINGS, Parameter
from model.scenario.scenario import Scenario, ScenarioError, default_scenario, load_scenario, parse_settings
from model.schedule import FrozenMapping, month_label
from model.specification import in_force

SCENARIOS = Path(__file__).parents[1] / "scenarios"
BASELINE = SCENARIOS / "baseline.yaml"
SHIPPED = sorted(SCENARIOS.glob("*.yaml"))


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


# --- declarations -----------------------------------------------------------------------------


@pytest.mark.parametrize("parameter", [*in_force().parameters, *SETTINGS], ids=lambda each: each.path)
def test_every_declaration_is_complete_and_its_default_allowed(parameter: Parameter) -> None:
    assert parameter.label
    assert parameter.unit
    assert parameter.meaning.endswith(".")
    assert parameter.source
    if parameter.names_file:
        assert parameter.default == ""
        return
    if parameter.choices:
        assert parameter.default in parameter.choices
        return
    held = parameter.default.values() if isinstance(parameter.default, dict) else [parameter.default]
    assert all(parameter.low <= float(value) <= parameter.high for value in held)  # type: ignore[arg-type]


def test_paths_are_unique_and_under_a_section() -> None:
    paths = [path for parameter in in_force().parameters for path in parameter.concrete_paths(CHINA.sector_ids)]
    assert len(paths) == len(set(paths))
    assert {path.partition(".")[0] for path in paths} <= set(in_force().sections)


def test_lookup_expands_sectors() -> None:
    found = in_force().declaration("hiring.openings_scale.tech")
    assert found is not None
    assert found.path == "hiring.openings_scale.SECTOR"
    assert in_force().declaration("hiring.openings_scale.all") is found
    assert in_force().declaration("hiring.openings_scale.SECTOR") is None
    assert in_force().declaration("population") is SETTINGS[0]


# --- shipped scenarios ------------------------------------------------------------------------


def test_the_agreed_scenarios_are_shipped() -> None:
    assert {path.stem for path in SHIPPED} >= {
        "baseline", "no_k_visa", "k_visa_open", "h1b_diversion", "no_property_slump", "property_rescue",
        "tech_layoffs", "protect_over_35", "jobless_tech_boom", "graduate_surge", "hiring_freeze", "ai_entry_level",
    }  # fmt: skip


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_scenario_says_what_it_asks_and_changes_something(path: Path) -> None:
    opening = path.read_text(encoding="utf-8").splitlines()[:3]
    assert all(line.startswith("# ") for line in opening[:2])
    assert opening[0].endswith("?")
    assert not opening[2].startswith("#")
    scenario = load_scenario(path)
    assert scenario.name == path.stem
    assert scenario.description
    assert bool(scenario.changes_from(load_scenario(BASELINE))) == (path != BASELINE)


def test_baseline_writes_out_the_declared_defaults_and_nothing_else() -> None:
    baseline = load_scenario(BASELINE)
    assert baseline.changes_from(default_scenario()) == []
    assert (baseline.start, baseline.end) == ("2018-01", "2027-12")
    assert (baseline.population, baseline.replications) == (200_000, 20)


# --- values and months ------------------------------------------------------------------------


def test_dated_values_hold_until_the_next_date_and_the_first_also_before() -> None:
    quota = load_scenario(BASELINE).monthly("visa.annual_quota", -12, 12 + 94)
    assert quota.dtype == np.float64
    assert (quota[: 12 + 93] == 0).all()
    assert quota[-1] == 2000


def test_a_sector_without_its_own_value_has_that_of_all(tmp_path: Path) -> None:
    path = written(tmp_path, "s.yaml", "hiring: {openings_scale: {all: {2020-01: 0.5}, tech: 2}}")
    scenario = load_scenario(path)
    assert scenario.monthly("hiring.openings_scale.finance", 23, 2).tolist() == [1.0, 0.5]
    assert scenario.monthly("hiring.openings_scale.tech", 23, 2).tolist() == [2.0, 2.0]
    assert scenario.value("hiring.openings_scale.finance") == scenario.value("hiring.openings_scale.all")
    assert "hiring.openings_scale.finance" not in scenario.values


def test_a_sectors_dated_values_have_those_of_all_before_their_first_date(tmp_path: Path) -> None:
    path = written(tmp_path, "s.yaml", "hiring: {openings_scale: {tech: {2021-01: 2}, all: {2020-01: 0.5}}}")
    assert load_scenario(path).value("hiring.openings_scale.tech") == {"2018-01": 1, "2020-01": 0.5, "2021-01": 2}


def test_words_switches_and_numbers() -> None:
    scenario = load_scenario(BASELINE, {"policy_feedback.enabled": True, "macro.outside_figures": "known_2025_06"})
    assert scenario.value("policy_feedback.enabled") is True
    assert scenario.value("macro.outside_figures") == "known_2025_06"
    assert scenario.monthly("policy_feedback.enabled", 0, 2).tolist() == [1, 1]
    assert scenario.number("slack") == scenario.number("parameters.slack") == scenario.value("parameters.slack")
    assert isinstance(scenario.value("parameters.firms_tech"), int)
    with pytest.raises(TypeError, match="dated"):
        scenario.number("visa.annual_quota")
    with pytest.raises(TypeError, match="word"):
        scenario.monthly("macro.outside_figures", 0, 1)
    with pytest.raises(KeyError, match=r"visa\.annual_quota"):
        scenario.value("visa.anual_quota")


# --- inheritance ------------------------------------------------------------------------------


def test_a_schedule_holds_from_its_first_date_and_a_constant_always(tmp_path: Path) -> None:
    written(tmp_path, "parent.yaml", "visa: {annual_quota: {2018-01: 0, 2025-10: 20000}, h1b_diversion: 0.2}")
    visa = "visa: {annual_quota: {2026-06: 7}, h1b_diversion: 0}"
    child = written(tmp_path, "child.yaml", f"extends: parent.yaml\n{visa}")
    scenario = load_scenario(child)
    assert scenario.value("visa.annual_quota") == {"2018-01": 0, "2025-10": 20_000, "2026-06": 7}
    assert scenario.value("visa.h1b_diversion") == 0
    again = scenario.with_values({"visa.annual_quota": {"2025-12": 1}, "visa.h1b_diversion": {"2020-01": 0.5}})
    assert again.value("visa.annual_quota") == {"2018-01": 0, "2025-10": 20_000, "2025-12": 1}
    assert again.value("visa.h1b_diversion") == {"2018-01": 0, "2020-01": 0.5}


def test_a_schedule_from_the_first_month_replaces_what_was_inherited() -> None:
    scenario = load_scenario(BASELINE, {"property.credit_limit": {"2018-01": 0.5, "2024-01": 0.1}})
    assert scenario.value("property.credit_limit") == {"2018-01": 0.5, "2024-01": 0.1}


def test_settings_are_inherited_but_names_are_not(tmp_path: Path) -> None:
    (tmp_path / "deeper").mkdir()
    written(tmp_path, "parent.yaml", "name: parent\ndescription: old\nseed: 9\nend: 2020-12")
    middle = written(tmp_path / "deeper", "middle.yaml", "extends: ../parent.yaml\npopulation: 5_000")
    child = written(tmp_path, "child.yaml", "extends: deeper/middle.yaml\nend: 2021-12")
    scenario = load_scenario(child)
    assert (scenario.name, scenario.description) == ("child", "")
    assert (scenario.seed, scenario.population, scenario.end) == (9, 5000, "2021-12")
    assert [file.name for file in scenario.files] == ["child.yaml", "middle.yaml", "parent.yaml"]
    assert scenario.source == child
    assert load_scenario(middle).end == "2020-12"


@pytest.mark.parametrize("text", ["{}", "visa:", "macro: {}\nvisa: {}", "\ufeffschema_version: 1", "name: 基线　一"])
def test_files_that_change_nothing_are_scenarios(tmp_path: Path, text: str) -> None:
    assert load_scenario(written(tmp_path, "s.yaml", text)).values == default_scenario().values


def test_overrides_and_settings_agree() -> None:
    overrides = {"population": 20_000, "visa.annual_quota": {"2018-01": 0, "2025-10": 50_000}, "end": "2026-12"}
    settings = ["population=1", "visa.annual_quota={2018-01: 0, 2025-10: 50000}", "end=2026-12", "population=20_000"]
    with_overrides = load_scenario(BASELINE, overrides)
    assert with_overrides == load_scenario(BASELINE, settings=settings)
    assert with_overrides == load_scenario(BASELINE).with_values(overrides)
    assert parse_settings(settings) == overrides
    assert with_overrides.population == 20_000


def test_numpy_numbers_are_numbers() -> None:
    scenario = load_scenario(BASELINE, {"population": np.int64(5000), "visa.h1b_diversion": np.float64(0.25),
                                        "policy_feedback.enabled": np.True_})  # fmt: skip
    assert (scenario.population, scenario.value("visa.h1b_diversion")) == (5000, 0.25)
    assert scenario.value("policy_feedback.enabled") is True


def test_with_values_reports_every_problem() -> None:
    with pytest.raises(ScenarioError, match="2 problems") as caught:
        load_scenario(BASELINE).with_values({"visa.annual_quota": -1, "seed": "x"})
    assert [problem.file for problem in caught.value.problems] == ["override visa.annual_quota", "override seed"]
    assert all(problem.line is None for problem in caught.value.problems)


# --- identity ---------------------------------------------------------------------------------


def test_a_scenario_cannot_be_changed_and_travels_between_processes() -> None:
    scenario = load_scenario(BASELINE)
    with pytest.raises(AttributeError):
        scenario.seed = 2  # type: ignore[misc]
    with pytest.raises(TypeError):
        scenario.values["visa.annual_quota"] = 1  # type: ignore[index]
    copy = pickle.loads(pickle.dumps(scenario))  # noqa: S301 - our own bytes
    assert copy == scenario
    assert len({copy, scenario}) == 1
    assert copy.files == scenario.files


def test_the_digest_is_of_what_is_asked_only(tmp_path: Path) -> None:
    same = written(
        tmp_path,
        "other.yaml",
        "name: else\nvisa: {annual_quota: {2018-01: -0.0, 2025-10: 2.0e+3, 2026-10: 8000, 2027-10: 2.0e+4}}",
    )
    scenario = load_scenario(BASELINE)
    assert load_scenario(same).digest == scenario.digest
    assert load_scenario(same) != scenario
    for change in ({"seed": 2}, {"end": "2026-12"}, {"visa.complementarity": 0.5}, {"replications": 21}):
        assert scenario.with_values(change).digest != scenario.digest


def test_equal_schedules_are_written_one_way() -> None:
    scenario = load_scenario(BASELINE, {"visa.annual_quota": {"2025-10": 0, "2019-01": 0, "2018-01": 0}})
    assert scenario.value("visa.annual_quota") == 0.0
    assert scenario == load_scenario(BASELINE, {"visa.annual_quota": 0})


def test_changes_name_path_old_and_new() -> None:
    baseline = load_scenario(BASELINE)
    reform = baseline.with_values({"hiring.openings_scale.tech": 2, "seed": 3, "visa.complementarity": 0.4})
    assert reform.changes_from(baseline) == [("seed", 1, 3), ("hiring.openings_scale.tech", 1.0, 2.0)]
    assert baseline.changes_from(reform) == [("seed", 3, 1), ("hiring.openings_scale.tech", 2.0, 1.0)]


# --- round trip -------------------------------------------------------------------------------


@st.composite
def overrides(draw: st.DrawFn) -> dict[str, object]:
    """Allowed values for a few paths, settings and texts."""
    chosen: dict[str, object] = {}
    months = st.integers(0, 515).map(month_label)
    for path in draw(st.lists(st.sampled_from(list(in_force().by_path)), unique=True, max_size=8)):
        parameter = in_force().by_path[path]
        numbers = st.floats(parameter.low, parameter.high)
        if parameter.switch:
            chosen[path] = draw(st.booleans())
        elif parameter.choices:
            chosen[path] = draw(st.sampled_from(parameter.choices))
        elif isinstance(parameter.default, str):
            chosen[path] = parameter.default  # the path of a file, which has to exist
        elif parameter.whole:
            chosen[path] = draw(st.integers(int(parameter.low), int(parameter.high)))
        elif parameter.takes_dates:
            chosen[path] = draw(numbers | st.dictionaries(months, numbers, min_size=1, max_size=5))
        else:
            chosen[path] = draw(numbers)
    printable = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=40)
    chosen["name"] = draw(printable.filter(lambda text: bool(text.strip())))
    chosen["description"] = draw(printable | st.lists(printable).map("\n".join).filter(lambda text: len(text) < 5000))
    chosen["seed"] = draw(st.integers(0, 2**62))
    return chosen


@given(overrides())
def test_a_written_scenario_loads_back_equal(
    tmp_path_factory: pytest.TempPathFactory, chosen: dict[str, object]
) -> None:
    scenario = load_scenario(BASELINE, chosen)
    path = written(tmp_path_factory.mktemp("round"), "trip.yaml", scenario.to_yaml())
    again = load_scenario(path)
    assert again == scenario
    assert again.digest == scenario.digest
    assert again.to_yaml() == scenario.to_yaml()
    assert pickle.loads(pickle.dumps(again)) == scenario  # noqa: S301 - our own bytes
    for held in again.values.values():
        assert not isinstance(held, FrozenMapping) or next(iter(held)) == "2018-01"


_WORDS = """visa annual_quota population name extends hiring openings_scale all 2025-10 2025-10-01 5 0.5 1e-2 1:30
0x_ 0b 1_ .inf NO ~ << = & * ! !!int | > ' " [ ] { } , : ? - --- ... % # é 基"""
_PIECES = (*re.split(r"\s", _WORDS), "\ud83d", "\x00", "\x85", "\t", " ", "\n", "\n  ", ": ")


@given(st.lists(st.sampled_from(_PIECES), max_size=25).map("".join) | st.text(max_size=60))
def test_any_text_is_a_scenario_or_a_scenario_error(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("any") / "text.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    for attempt in (lambda: load_scenario(path), lambda: load_scenario(BASELINE, settings=[text])):
        with contextlib.suppress(ScenarioError):
            assert isinstance(attempt(), Scenario)


# --- weight ------------------------------------------------------------------------------------


def test_checking_a_file_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from model.scenario.scenario import load_scenario\n"
        f"load_scenario({str(SCENARIOS / 'k_visa_open.yaml')!r})\n"
        "print(*({name.partition('.')[0] for name in sys.modules} & {'numpy', 'pandas', 'numba', 'mesa', 'networkx'}))"
    )
    command = [sys.executable, "-c", code]
    assert subprocess.run(command, capture_output=True, text=True, check=True, cwd=SCENARIOS.parent).stdout == "\n"


# --- documents --------------------------------------------------------------------------------


def test_the_document_names_every_lever_with_its_unit_and_every_shipped_scenario() -> None:
    text = (SCENARIOS.parent / "docs" / "scenarios.md").read_text(encoding="utf-8")
    for lever in in_force().levers:
        assert f"| `{lever.path}` | {lever.unit} |" in text
    for path in SHIPPED:
        assert f"| `{path.stem}` |" in text


def test_the_example_of_the_document_is_a_scenario(tmp_path: Path) -> None:
    text = (SCENARIOS.parent / "docs" / "scenarios.md").read_text(encoding="utf-8")
    example = text.split("```yaml\n")[1].split("```")[0].replace("baseline.yaml", str(BASELINE))
    scenario = load_scenario(written(tmp_path, "example.yaml", example))
    assert scenario.monthly("visa.annual_quota", 95, 2).tolist() == [2000, 300_000]
