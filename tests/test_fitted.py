"""The fitted values: one file, made from these data, changed by nobody, used by every scenario."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from calibration_toy import toy_laboratory, toy_space, toy_targets

from experiments.calibration.campaign import Plan, calibrate
from experiments.calibration.free_parameters import free_parameters
from experiments.calibration.parameter_file import file_content, write_file
from experiments.calibration.provenance import data_hash, engine_hash
from model.country.china import CHINA
from model.parameters import Parameter
from model.scenario.fitted import FittedFileError, checksum, fitted_values, read_fitted, with_fitted_values
from model.scenario.scenario import default_scenario, load_scenario
from model.specification import in_force

ROOT = Path(__file__).resolve().parent.parent
needs_fit = pytest.mark.skipif(not CHINA.fitted_file.exists(), reason="nothing is fitted yet")

SLACK = Parameter("parameters.slack", "Slack", "share", 0.002, 0.0, 0.06, "Slack.", "assumption", dated=False)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a fit of the toy market."""
    folder = tmp_path_factory.mktemp("fit")
    plan = Plan(design=64, waves=1, population=10_000, confirming_runs=2, confirming_population=10_000, draws=12)
    found = calibrate(toy_space(), toy_targets(), toy_laboratory(folder), plan)
    write_file(folder / "fitted.yaml", file_content(found, plan, 0.1, {"data_sha256": "d", "engine_sha256": "e"}))
    return folder / "fitted.yaml"


def test_the_file_says_what_it_was_made_from(written: Path) -> None:
    content = read_fitted(written)
    assert content["made_from"]["last_month"] == "2026-02"
    assert content["made_from"]["data_sha256"] == "d"
    assert content["made_from"]["persons"] == 10_000
    assert {"rmse", "bias", "sd", "months"} == set(content["fit"]["all"])
    assert len(content["draws"]) == 12
    assert [len(row) for row in content["draws"]] == [3] * 12
    first = next(iter(content["parameters"].values()))
    assert first["low"] <= first["value"] <= first["high"] or first["sd"] > 0


@pytest.mark.parametrize("word", ["value: ", "rmse: ", "runs: "])
def test_a_file_changed_by_hand_is_refused(written: Path, tmp_path: Path, word: str) -> None:
    text = written.read_text(encoding="utf-8")
    place = text.index(word) + len(word)
    digit = "1" if text[place] != "1" else "2"
    edited = tmp_path / "edited.yaml"
    edited.write_text(text[:place] + digit + text[place + 1 :], encoding="utf-8")
    with pytest.raises(FittedFileError, match="changed by hand"):
        read_fitted(edited)


@pytest.mark.parametrize("text", ["", "- 1", "a: [", "parameters: {}"])
def test_a_broken_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FittedFileError):
        read_fitted(path)


def test_comments_are_no_change(written: Path, tmp_path: Path) -> None:
    path = tmp_path / "same.yaml"
    path.write_text("# another comment\n" + written.read_text(encoding="utf-8"), encoding="utf-8")
    assert read_fitted(path) == read_fitted(written)


def test_fitted_values_become_the_defaults() -> None:
    (changed,) = with_fitted_values((SLACK,), {"parameters.slack": 0.004})
    assert changed.default == 0.004
    assert changed.source.startswith("fitted")
    assert "assumption" in changed.source
    assert with_fitted_values((SLACK,), {}) == (SLACK,)


def test_values_that_do_not_belong_are_refused() -> None:
    with pytest.raises(FittedFileError, match=r"outside 0 to 0\.06"):
        with_fitted_values((SLACK,), {"parameters.slack": 0.4})
    with pytest.raises(FittedFileError, match="not declared"):
        with_fitted_values((SLACK,), {"parameters.gone": 0.4})


@needs_fit
def test_the_file_in_force_was_made_from_these_data() -> None:
    """Data that changed since ask for another fit: run.py calibrate --adopt."""
    assert read_fitted(CHINA.fitted_file)["made_from"]["data_sha256"] == data_hash()


@needs_fit
def test_the_file_in_force_holds_the_free_parameters() -> None:
    content = read_fitted(CHINA.fitted_file)
    assert set(content["parameters"]) == {parameter.path for parameter in free_parameters()}
    for parameter in free_parameters():
        entry = content["parameters"][parameter.path]
        assert (entry["prior_centre"], entry["prior_sd"]) == (parameter.centre, parameter.sd), parameter.path
        assert entry["range"] == [parameter.low, parameter.high], parameter.path


def test_every_scenario_uses_the_fitted_values() -> None:
    declared = {parameter.path: parameter.default for parameter in in_force().declared}
    assert {parameter.path for parameter in in_force().parameters} == set(declared)
    for path, value in fitted_values(CHINA).items():
        assert default_scenario().number(path) == value
        for file in sorted((ROOT / "scenarios").glob("*.yaml")):
            assert load_scenario(file).number(path) == value, file.name


def test_a_changed_file_is_told_in_one_line(written: Path, tmp_path: Path) -> None:
    """Whatever is run, a user sees what is wrong and no traceback."""
    for name in ("agents", "data", "experiments", "model", "scenarios"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("run.py", "setup.cfg"):
        shutil.copy(ROOT / name, tmp_path / name)
    content = yaml.safe_load(written.read_text(encoding="utf-8"))
    (tmp_path / "data" / CHINA.fitted_file.name).write_text(yaml.safe_dump({**content, "loss": 1.0}), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "run.py", "check", "scenarios/baseline.yaml"], cwd=tmp_path, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "changed by hand" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_the_fingerprint_of_the_engine_ignores_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from experiments.calibration import provenance

    def fingerprint(text: str) -> str:
        (tmp_path / "model").mkdir(exist_ok=True)
        (tmp_path / "model" / "rule.py").write_text(text)
        return engine_hash()

    monkeypatch.setattr(provenance, "ROOT", tmp_path)
    first = fingerprint('"""A rule."""\n\ndef rate(x):\n    """Rate."""\n    return 2 * x  # twice\n')
    assert fingerprint('"""Another word."""\ndef rate(x):\n    return 2 * x\n') == first
    assert fingerprint("def rate(x):\n    return 3 * x\n") != first


def test_checksum_covers_everything_but_itself() -> None:
    assert checksum({"a": 1, "checksum": "x"}) == checksum({"a": 1})
    assert checksum({"a": 1}) != checksum({"a": 2})
    assert checksum({"a": 1}) != checksum({"a": 1, "b": 1})
