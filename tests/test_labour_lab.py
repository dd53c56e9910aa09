"""The notebook's door gives what the command line gives: the same numbers, the same words, and no files unasked."""

from __future__ import annotations

import copy
import inspect
import multiprocessing
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import get_type_hints

import matplotlib as mpl
import pandas as pd
import pytest
import toy
import yaml
from matplotlib.figure import Figure

import labour_lab as lab
import run as command_line
from experiments.engine.executors import Failure
from experiments.engine.run_folder import RunFolder
from model.scenario.scenario import Scenario
from model.specification import use

ROOT = Path(__file__).resolve().parent.parent
SMALL = {"population": 1500, "replications": 2, "start": "2018-01", "end": "2019-06", "workers": 1, "progress": False}
WORDS = ("--population=1500", "--replications=2", "--start=2018-01", "--end=2019-06", "--workers=1", "--quiet")
VISA = {"visa.annual_quota": {"2018-06": 500_000}}


@pytest.fixture(scope="module")
def found() -> lab.Run:
    return lab.run("baseline", **SMALL)


@pytest.fixture(scope="module")
def compared() -> lab.Compared:
    return lab.compare([lab.scenario("baseline", VISA)], **SMALL)


def typed(*words: str | Path) -> int:
    return command_line.main([str(word) for word in words])


def same_files(result: lab.Result, folder: Path) -> set[str]:
    """The tables that a result and a folder of the command line both have, after they were found to be the same."""
    tables = {name for name in result.files if name.endswith((".parquet", ".csv"))}
    for name in tables:
        assert result.files[name] == (folder / name).read_bytes(), name
    return tables


# --- the same numbers -----------------------------------------------------------------------------


def test_a_run_is_that_of_the_command_line(found: lab.Run, tmp_path: Path) -> None:
    assert typed("scenarios/baseline.yaml", *WORDS, "--out", tmp_path / "run") == 0
    assert same_files(found, tmp_path / "run") >= {"monthly.parquet", "summary.csv"}
    assert found.summary.to_csv(index=False, lineterminator="\n").encode() == found.files["summary.csv"]
    assert len(found.monthly) == 2 * 18
    # What the command line left is read as what the call gave.
    read = lab.load(tmp_path / "run")
    assert read.monthly.equals(found.monthly)
    pd.testing.assert_frame_equal(read.summary, found.summary, check_exact=True)
    assert read.scenario == found.scenario


def test_a_comparison_is_that_of_the_command_line(compared: lab.Compared, tmp_path: Path) -> None:
    (tmp_path / "reform.yaml").write_text(
        f"extends: {ROOT}/scenarios/baseline.yaml\nname: baseline\nvisa: {{annual_quota: {{2018-06: 500000}}}}\n"
    )
    assert typed("compare", tmp_path / "reform.yaml", *WORDS, "--out", tmp_path / "compare") == 0
    assert same_files(compared, tmp_path / "compare") >= {"monthly.parquet", "comparison.csv"}
    written = compared.table.to_csv(index=False, lineterminator="\n").encode()
    assert written == (tmp_path / "compare" / "policy_table.csv").read_bytes()
    assert isinstance(lab.load(tmp_path / "compare"), lab.Compared)


# --- verbs of many runs ---------------------------------------------------------------------------

TINY = {"population": 1000, "replications": 1, "start": "2018-01", "end": "2019-02", "workers": 1, "progress": False}
POLICY = {
    "from": "2018-03",
    "levers": {"hiring.graduate_subsidy": {"range": [0, 0.3], "cost": {"amount": 1, "unit": "a hire", "source": "x"}}},
    "targets": {"unemployment_rate_16_24": "minimise", "spending": "minimise"},
    "confirm": 2,
}
OTHER = {"graduates.cohort_scale": 1.5}
#: Each verb as it is asked here and on the command line, and the table of its folder that is its answer.
ASKED: dict[str, tuple[Callable[[Scenario], lab.Result], tuple[str, ...], str]] = {
    "batch": (
        lambda toy: lab.batch(toy, grid={"visa.annual_quota": [0, 900]}, **TINY),
        ("experiment.yaml",),
        "summary.csv",
    ),
    # Beside another scenario the causes are the few in which both differ.
    "explain": (
        lambda toy: lab.explain(toy, against=toy.with_values(OTHER), **TINY),
        ("scenario.yaml", "--against=other.yaml"),
        "attribution.csv",
    ),
    "sensitivity": (
        lambda toy: lab.sensitivity(toy, paths=["technology.*"], trajectories=2, samples=0, **TINY),
        ("scenario.yaml", "--parameters=technology.*", "--trajectories=2", "--samples=0"),
        "screening.csv",
    ),
    "search": (
        lambda toy: lab.search({**POLICY, "scenario": toy}, trials=10, **TINY),
        ("policy.yaml", "--trials=10"),
        "frontier.csv",
    ),
}


@pytest.mark.parametrize("verb", ASKED)
def test_every_verb_finds_what_the_command_line_finds(
    verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, words, answer = ASKED[verb]
    scenario = toy.toy_scenario()
    result = ask(scenario)
    assert result.table.to_csv(index=False, lineterminator="\n").encode() == result.files[answer]
    assert pickle.loads(pickle.dumps(result)).table.equals(result.table)  # noqa: S301
    assert "<table" in result._repr_html_()
    saved = result.save(tmp_path / "saved")
    assert {path.stem for path in (saved / "figures").iterdir()} == {*result.figures}

    monkeypatch.chdir(tmp_path)
    for name, content in {
        "scenario.yaml": scenario.to_yaml(),
        "other.yaml": scenario.with_values(OTHER).to_yaml(),
        "experiment.yaml": yaml.safe_dump({"scenario": "scenario.yaml", "grid": {"visa.annual_quota": [0, 900]}}),
        "policy.yaml": yaml.safe_dump({**POLICY, "scenario": "scenario.yaml"}, sort_keys=False),
    }.items():
        Path(name).write_text(content, encoding="utf-8")
    options = [f"--{name}={value}" for name, value in TINY.items() if name != "progress"]
    with use(toy.SPECIFICATION):
        assert typed(verb, *words, *options, "--quiet", "--out=typed") == 0
    assert answer in same_files(result, tmp_path / "typed")


# --- what a result is -----------------------------------------------------------------------------


def test_a_result_shows_itself(found: lab.Run, compared: lab.Compared) -> None:
    for result in (found, compared):
        page = result._repr_html_()
        assert result.finding[0].split("(")[0] in page
        assert "<table" in page
        assert "data:image/png;base64," in page
        assert repr(result) == str(result)


def test_every_figure_can_be_had_whatever_the_users_own_look_like(found: lab.Run, compared: lab.Compared) -> None:
    with mpl.rc_context({"font.size": 31}):
        for result in (found, compared):
            for name in result.figures:
                figure = result.plot(name)
                assert isinstance(figure, Figure)
                assert all(label.get_fontsize() < 20 for axes in figure.axes for label in axes.get_xticklabels())
        assert mpl.rcParams["font.size"] == 31
    with pytest.raises(lab.InputError, match=r"there is no figure 'unemployment'(.|\n)*unemployment_by_age"):
        found.plot("unemployment")


def test_a_result_can_be_sent_and_copied(found: lab.Run, compared: lab.Compared) -> None:
    for result in (found, compared):
        for other in (pickle.loads(pickle.dumps(result)), copy.deepcopy(result)):  # noqa: S301
            assert other.table.equals(result.table)
            assert other.finding == result.finding


def test_a_saved_result_is_the_folder_of_the_command_line(found: lab.Run, tmp_path: Path) -> None:
    folder = found.save(tmp_path / "mine")
    same_files(found, folder)
    assert {"report.html", "manifest.json", "scenario.yaml"} <= {path.name for path in folder.iterdir()}
    assert {path.stem for path in (folder / "figures").iterdir()} == {*found.figures}
    with pytest.raises(lab.InputError, match="is not empty"):
        found.save(folder)


def test_official_months_stand_beside_the_run_in_the_same_unit(found: lab.Run) -> None:
    assert found.official["unemployment_rate_16_24"].dropna().between(0.05, 0.3).all()
    assert {*found.official} - {"month"} < {*found.monthly}


def test_months_become_a_dataset(found: lab.Run) -> None:
    pytest.importorskip("xarray")
    dataset = found.to_xarray()
    assert dict(dataset.sizes) == {"replication": 2, "month": 18}
    month = found.monthly[(found.monthly["month"] == "2018-07") & (found.monthly["replication"] == 2)]
    value = dataset["unemployment_rate"].sel(replication=2, month="2018-07")
    assert float(value) == float(month["unemployment_rate"].iloc[0])


def test_what_is_not_there_is_said(found: lab.Run) -> None:
    with pytest.raises(lab.InputError, match="holds no run and no comparison"):
        lab.load(ROOT / "docs")
    if "by_group.parquet" not in found.files:
        with pytest.raises(lab.LabError, match="says nothing of groups"):
            _ = found.by_group


# --- scenarios, from anywhere ---------------------------------------------------------------------


def test_scenarios_have_names_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert lab.scenario("no_k_visa").source == ROOT / "scenarios" / "no_k_visa.yaml"
    assert "no_k_visa" in lab.scenarios()
    assert lab.scenario(None).name == "defaults"
    changed = lab.scenario(None, VISA)
    assert [change.path for change in changed.changes_from(lab.scenario(None))] == ["visa.annual_quota"]
    assert lab.scenario(changed, {"population": 2000}).value("visa.annual_quota") == changed.value("visa.annual_quota")
    (tmp_path / "mine.yaml").write_text("population: 2345\n")
    assert lab.scenario("mine.yaml").population == 2345
    assert not [path for path in tmp_path.iterdir() if path.name != "mine.yaml"]


def test_a_scenario_of_another_country_stays_there() -> None:
    result = lab.run(toy.toy_scenario(population=1000, replications=1, end="2018-03"), workers=1, progress=False)
    assert result.scenario.specification.country.name == "Toy"
    assert {*result.official} == {"month", "unemployment_rate", "unemployment_rate_16_24"}
    assert lab.scenario("baseline").specification.country.name != "Toy"


def test_mechanisms_of_ones_own_are_in_force_for_what_names_them() -> None:
    own = lab.scenario("baseline", mechanisms=ROOT / "examples" / "own_mechanism.py")
    assert own.specification.own
    result = lab.run(own, population=1000, replications=1, end="2018-02", workers=1, progress=False)
    assert {*result.monthly} > {*lab.scenario("baseline").specification.indicator}
    assert len(own.specification.indicator) > len(lab.scenario("baseline").specification.indicator)
    assert pickle.loads(pickle.dumps(result)).summary.equals(result.summary)  # noqa: S301


# --- mistakes -------------------------------------------------------------------------------------

MISTAKES: list[tuple[Callable[[], object], tuple[str, ...]]] = [
    (lambda: lab.run("scenarios/basline.yaml"), ("scenarios/basline.yaml",)),
    (lambda: lab.run("baseline", population=7), ("scenarios/baseline.yaml", "--population=7")),
    (lambda: lab.run("baseline", workers=0), ("scenarios/baseline.yaml", "--workers=0")),
    (lambda: lab.run("baseline", cluster="here"), ("scenarios/baseline.yaml", "--cluster=here")),
    (lambda: lab.run("baseline", mechanisms="no.py"), ("scenarios/baseline.yaml", "--with=no.py")),
    (lambda: lab.compare("baseline"), ("compare", "scenarios/baseline.yaml")),
    (lambda: lab.compare("no_k_visa", year=1999), ("compare", "scenarios/no_k_visa.yaml", "--year=1999")),
    (lambda: lab.explain(since="soon"), ("explain", "--since=soon")),
    (lambda: lab.sensitivity(paths=["visa.quota"]), ("sensitivity", "--parameters=visa.quota")),
    (lambda: lab.forecast(horizon=13), ("forecast", "--horizon=13")),
    (lambda: lab.batch("no_such.yaml"), ("batch", "no_such.yaml")),
    (lambda: lab.search("no_such.yaml"), ("search", "no_such.yaml")),
]


@pytest.mark.parametrize(("ask", "words"), MISTAKES, ids=[" ".join(words) for _, words in MISTAKES])
def test_mistakes_are_told_as_on_the_command_line(
    ask: Callable[[], object],
    words: tuple[str, ...],
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    with pytest.raises(lab.InputError) as error:
        ask()
    assert typed(*words) == 2
    assert capfd.readouterr().err.strip() == str(error.value).strip()


def test_a_wrong_value_is_told_with_all_there_is_to_know(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(lab.InputError, match=r"did you mean 'visa.annual_quota'") as error:
        lab.scenario("baseline", {"visa.anual_quota": 0})
    (problem,) = error.value.problems
    assert "visa.anual_quota" in problem.message
    with pytest.raises(TypeError, match="populatoin"):
        lab.run("baseline", populatoin=1000)  # type: ignore[call-arg]
    assert capfd.readouterr().out == ""


# --- what ends early ------------------------------------------------------------------------------


def interrupted_after(pieces: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Ctrl-C come as soon as so many replications are finished."""
    keep, kept = RunFolder.keep, []

    def keep_and_stop(folder: RunFolder, *piece: object) -> None:
        if len(kept) == pieces:
            raise KeyboardInterrupt
        keep(folder, *piece)  # type: ignore[arg-type]
        kept.append(piece)

    monkeypatch.setattr(RunFolder, "keep", keep_and_stop)


def test_an_interrupt_keeps_what_is_finished(found: lab.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupted_after(1, monkeypatch)
    with pytest.warns(lab.LabWarning, match="interrupted: 1 of 2 replications are finished"):
        part = lab.run("baseline", **SMALL)
    assert part.interrupted
    whole = found.monthly
    assert part.monthly.equals(whole[whole["replication"] == 1].reset_index(drop=True))
    assert "interrupted" in part._repr_html_()


def test_an_interrupt_before_anything_is_an_interrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    interrupted_after(0, monkeypatch)
    with pytest.raises(KeyboardInterrupt, match="interrupted: 0 of 2 replications"):
        lab.run("baseline", **SMALL)


def test_runs_that_all_fail_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import experiments.compare.job as jobs

    def fail(tasks: list[object], _workers: int, _keep: object, give_up: Callable[[object], None], *_: object,
             **__: object) -> None:  # fmt: skip
        for task in tasks:
            give_up(Failure(task, "AccountingError", "a person was counted twice"))

    monkeypatch.setattr(jobs, "run_ensemble", fail)
    with pytest.raises(lab.FailedError, match="a person was counted twice"):
        lab.run("baseline", **SMALL)


def test_a_call_leaves_no_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.chdir(tmp_path)
    lab.run("baseline", population=1000, replications=1, end="2018-02", workers=1)
    assert not [*tmp_path.iterdir()]
    assert capfd.readouterr().out == ""
    lab.run("baseline", population=1000, replications=1, end="2018-02", workers=1, out="kept")
    assert (tmp_path / "kept" / "monthly.parquet").is_file()


# --- surroundings ---------------------------------------------------------------------------------


def of_a_process(_: int) -> float:
    return float(lab.run("baseline", population=1000, replications=1, end="2018-02", workers=1).monthly["hires"].sum())


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_it_works_in_processes(method: str) -> None:
    here = of_a_process(0)
    with multiprocessing.get_context(method).Pool(1) as pool:
        assert pool.map(of_a_process, [1]) == [here]


@pytest.mark.parametrize(
    "verb", [lab.run, lab.compare, lab.batch, lab.explain, lab.sensitivity, lab.search, lab.forecast]
)
def test_users_and_their_tools_see_options_and_types(verb: Callable[..., lab.Result]) -> None:
    assert issubclass(get_type_hints(verb)["return"], lab.Result)
    assert {"population", "replications", "workers", "cluster", "mechanisms", "progress"} <= {
        *inspect.signature(verb).parameters
    }
    assert (ROOT / "labour_lab" / "py.typed").is_file()
