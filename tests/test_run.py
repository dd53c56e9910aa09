"""The command line: what it answers at once, what it refuses, and with which exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from run_fakes import ROOT

import run
from experiments.engine.progress import Progress, in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

TINY = """\
schema_version: 1
name: tiny
end: 2018-12
population: 2000
replications: 2
"""
#: What takes seconds to import, and a user who asks for help must not wait for.
HEAVY = {"pandas", "mesa", "numba", "seaborn", "matplotlib", "pyarrow", "scipy", "networkx", "loky"}


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.yaml"
    path.write_text(TINY)
    return path


def refused(capsys: pytest.CaptureFixture[str], *words: str | Path) -> str:
    assert run.main([str(word) for word in words]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err
    return said.err


def python(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize(
    "words", [["--help"], ["check", "scenarios/baseline.yaml"], ["check"], ["nonsense"], ["schema"]]
)
def test_quick_answers_load_nothing_heavy(words: Sequence[str]) -> None:
    code = f"import sys, run\ntry: run.main({words!r})\nexcept SystemExit: pass\nprint(*sys.modules, file=sys.stderr)"
    answer = python("-c", code)
    assert answer.returncode == 0
    loaded = {name.split(".")[0] for name in answer.stderr.split()}
    assert "experiments" in loaded
    assert loaded & HEAVY == set()


def test_help_names_every_verb_and_option() -> None:
    answer = python("run.py", "--help")
    assert answer.returncode == 0
    options = (
        "set",
        "population",
        "replications",
        "seed",
        "start",
        "end",
        "workers",
        "out",
        "quiet",
        "json",
        "against",
    )
    for word in (*run.VERBS, *(f"--{option}" for option in options)):
        assert word in answer.stdout


def test_check_says_what_would_run(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["check", str(tiny), "--population", "3000"]) == 0
    assert capsys.readouterr().out == "tiny: good; 2018-01 to 2018-12, 3,000 simulated people, replications: 2\n"


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("chekc", "did you mean 'check'?"),
        ("baselin", "did you mean 'scenarios/baseline.yaml'?"),
        ("scenarios/basline.yaml", "did you mean 'scenarios/baseline.yaml'?"),
        ("scenarios", "is a folder"),
        ("zzz", "neither a verb nor a scenario file is called 'zzz'"),
    ],
)
def test_an_unknown_first_word_names_what_is_nearest(word: str, hint: str) -> None:
    answer = python("run.py", word)
    assert answer.returncode == 2
    assert hint in answer.stderr
    assert answer.stdout == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--replicatons", "3"], "did you mean '--replications'?"),
        (["--population", "many"], "argument --population"),
        (["--population", "1000000000000000"], "--population  'population' is"),
        (["--population", "0"], "--population"),
        (["--workers", "0"], "number of processes"),
        (["--set", "visa.anual_quota=0"], "did you mean 'visa.annual_quota'?"),
        (["--set", "visa.h1b_diversion=65"], "must lie between 0 and 1"),
        (["--set", "nothing"], "nothing"),
        (["--start", "2018-13"], "2018-13"),
        (["--end", "2017-01"], "2017-01"),
        (["--start", "2019-01", "--end", "2018-06"], "end"),
        (["--against", "nowhere.yaml"], "nowhere.yaml"),
    ],
)
def test_a_bad_option_is_one_message(
    tiny: Path, capsys: pytest.CaptureFixture[str], words: Sequence[str], message: str
) -> None:
    assert message in refused(capsys, tiny, *words)


def test_every_problem_of_a_file_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text("schema_version: 1\npopulatoin: 3\nvisa:\n  annual_quota: -1\n")
    told = refused(capsys, path)
    assert f"{path}:2:1" in told
    assert f"{path}:4:17" in told
    assert "2 problems" in told


def test_a_file_is_judged_as_written_whatever_the_options_replace(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text("schema_version: 1\npopulation: 0\n")
    assert f"{path}:2" in refused(capsys, path, "--population", "2000")


def test_an_unusable_folder_is_refused_before_anything_runs(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot write to the run folder" in refused(capsys, tiny, "--out", tmp_path / "file" / "x")
    assert "not empty" in refused(capsys, tiny, "--out", tmp_path)


def test_a_mistake_of_the_program_is_owned_up_to_without_a_traceback(
    tiny: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(run, "read_scenarios", lambda *_: 1 / 0)
    assert run.main([str(tiny)]) == 1
    said = capsys.readouterr().err
    assert "a mistake in the program" in said
    assert "Traceback" not in said
    details = Path(said.strip().rpartition("details: ")[2])
    assert "ZeroDivisionError" in details.read_text()


def test_a_missing_package_is_named(
    tiny: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("experiments.engine.options.NEEDED", ("numpy", "no_such_package"))
    assert "lacks no_such_package; run 'make venv'" in refused(capsys, tiny)


def test_the_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["schema"]) == 0
    assert "properties" in json.loads(capsys.readouterr().out)


def test_durations_are_said_as_people_say_them() -> None:
    assert [in_words(seconds) for seconds in (0.1, 8.4, 200, 8000)] == ["1 s", "8 s", "3 min", "2 h"]


def test_progress_is_plain_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(sys.stderr)
    progress.say("2 replications")
    progress.begin(2, 12)
    progress.on_month(1)
    progress.on_replication()
    progress.end()
    assert capsys.readouterr().err == "2 replications\n"


def test_results_that_cannot_be_printed_are_no_mistake_of_the_program() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with Path("/dev/full").open("w") as full:
        answer = subprocess.run(
            [sys.executable, "run.py", "check"], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert answer.returncode == 4
    assert answer.stderr.startswith("the results could not be printed")
