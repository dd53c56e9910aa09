"""Paths: one reading of each, whatever it is called, and the same words from `check` as from the run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from run_fakes import ROOT
from test_run_market import TINY

import run
from model.paths import name_from, path_in_file, readable, shown, typed_path, unusable, why_not_found
from model.results import read_frame
from model.scenario.scenario import ScenarioError, load_scenario

#: 无签 in GBK, as a zip made on a Chinese Windows leaves it on Linux.
GBK = os.fsdecode(b"\xce\xde\xc7\xa9")
#: Names that some library takes for something else than a name.
ODD = ("~", "s3:", "file:", "a:b", "http:x.gz", "a b", "%41", "{}", "[a]*?", "new\nline", GBK, "中文", "-dash")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.yaml").write_text(TINY)
    return tmp_path


# --- reading and showing ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["~/r", "~root/x", "s3://x", "file:///x", "a:b", "a b", "../up", "x/", GBK])
def test_a_typed_path_begins_where_it_was_typed_and_nothing_in_it_is_expanded(here: Path, name: str) -> None:
    found = typed_path(name)
    assert found == here / name
    assert os.fsencode(found).startswith(os.fsencode(here))


@pytest.mark.parametrize(
    ("name", "words"), [("~/r", "./~/r"), ("-r", "./-r"), ("a/../b", "b"), (GBK, "\ufffd\ufffdǩ"), ("a\nb", "a\ufffdb")]
)
def test_a_path_is_shown_as_it_would_be_typed_here(here: Path, name: str, words: str) -> None:
    assert shown(here / name) == words
    assert shown(Path("/somewhere") / name).startswith("/somewhere/")


def test_a_detour_through_a_link_is_shown_as_it_is(here: Path) -> None:
    (here / "far" / "away").mkdir(parents=True)
    (here / "near").symlink_to(here / "far" / "away")
    assert shown(here / "near" / ".." / "x") == "near/../x"


def test_an_empty_path_and_a_folder_that_is_gone_are_told(here: Path) -> None:
    with pytest.raises(ValueError, match="empty"):
        typed_path("")
    gone = here / "gone"
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()
    with pytest.raises(ValueError, match="is gone"):
        typed_path("x")


def test_readable_text_can_always_be_stored() -> None:
    for name in (*ODD, "\ud800", "a\ufffe", "e\u0301", "\u202egnp.exe", "x" * 300):
        readable(name).encode()
        assert readable(name).isprintable()
    assert readable(os.fsdecode("中文".encode())) == "中文"


def test_a_scenario_is_named_after_its_file_in_letters_that_can_be_stored(here: Path) -> None:
    for name in ODD:
        path = here / f"{name}.yaml"
        path.write_text("population: 1000\n")
        scenario = load_scenario(path)
        (here / "again.yaml").write_text(scenario.to_yaml(), encoding="utf-8")
        assert load_scenario(here / "again.yaml").name == scenario.name == name_from(path)
    assert len(name_from(Path("x" * 200 + ".yaml"))) == 100


@pytest.mark.parametrize(
    ("named", "hint"), [("~/base.yaml", "'~' is put in place by a shell"), ("s3://x/base.yaml", "only files of this")]
)
def test_a_path_in_a_file_is_taken_as_it_stands_and_says_so(here: Path, named: str, hint: str) -> None:
    assert why_not_found(named).strip().startswith(hint)
    assert path_in_file(named, here) == here / named
    (here / "odd.yaml").write_text(f"extends: {named}\n")
    with pytest.raises(ScenarioError, match=r"odd.yaml:1:10  extends .*there is no such file\n *" + hint):
        load_scenario(here / "odd.yaml")
    (here / "graph.yaml").write_text(f"parameters: {{job_graph: '{named}'}}\n")
    with pytest.raises(ScenarioError, match=r"graph.yaml:1:.*no such file\n *" + hint):
        load_scenario(here / "graph.yaml")


def test_a_file_beside_a_scenario_whose_folder_is_not_utf8_is_found(here: Path) -> None:
    folder = here / GBK
    folder.mkdir()
    (folder / "base.yaml").write_text("population: 1234\n")
    (folder / "odd.yaml").write_text("extends: base.yaml\nparameters: {job_graph: graph.csv}\n")
    (folder / "graph.csv").write_bytes((ROOT / "data" / "mobility.csv").read_bytes())
    scenario = load_scenario(folder / "odd.yaml")
    assert scenario.population == 1234
    assert getattr(scenario.value("parameters.job_graph"), "called", "") == "graph.csv"


# --- files that are no files --------------------------------------------------------------------------


def test_a_pipe_is_refused_before_it_is_read(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(here / "pipe.yaml")
    for words in (["pipe.yaml"], ["batch", "pipe.yaml"], ["search", "pipe.yaml"], ["check", "pipe.yaml"]):
        assert run.main(words) == 2
        assert "pipe.yaml  this is a pipe" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["x" * 300, "x/" * 2100, "nowhere/x.yaml", "dangling", "loop", "", "~/x.yaml", GBK])
@pytest.mark.parametrize(
    "verb", [[], ["check"], ["batch"], ["search"], ["explain"], ["compare"], ["sensitivity"], ["validate"],
             ["calibrate", "--bands"], ["--against"], ["check", "--against"], ["view"]], ids=" ".join,
)  # fmt: skip
def test_a_file_that_is_not_there_is_one_message(
    here: Path, capsys: pytest.CaptureFixture[str], verb: list[str], name: str
) -> None:
    (here / "dangling").symlink_to("nowhere")
    (here / "loop").symlink_to("loop")
    assert run.main([*verb, name]) == 2
    said = capsys.readouterr().err
    assert "mistake in the program" not in said
    assert len(said.splitlines()) <= 3


# --- where results go ---------------------------------------------------------------------------------


def bad_folders(here: Path) -> list[str]:
    (here / "file").touch()
    (here / "dangling").symlink_to("nowhere")
    (here / "loop").symlink_to("loop")
    (here / "other").mkdir()
    (here / "other" / "thesis.tex").touch()
    return ["file", "file/x", "dangling", "loop", "loop/x", "x" * 256, "x/" * 2040, "/dev/null", "/proc/x", "other"]


def test_check_refuses_a_folder_in_the_words_of_the_run(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in bad_folders(here):
        before = sorted(here.iterdir())
        assert run.main(["check", "tiny.yaml", "--out", folder]) == 2
        checked = capsys.readouterr().err
        assert run.main(["tiny.yaml", "--quiet", "--out", folder]) == 2
        assert capsys.readouterr().err == checked
        assert sorted(here.iterdir()) == before


def test_no_verb_uses_a_folder_that_cannot_be_used(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "one.yaml").write_text("scenario: tiny.yaml\nlist: [{}]\n")
    bad_folders(here)
    sizes = ["--population", "1000", "--replications", "2"]
    verbs = {
        "batch": ["one.yaml"], "compare": [str(ROOT / "scenarios" / "no_k_visa.yaml"), "--against", "tiny.yaml"],
        "explain": ["tiny.yaml"], "sensitivity": ["tiny.yaml"], "validate": ["tiny.yaml"], "calibrate": [],
    }  # fmt: skip
    for verb, words in verbs.items():
        assert run.main([verb, *words, *sizes, "--quiet", "--out", "file"]) == 2, verb
        assert "folder file: it is a file, not a folder; nothing was run" in capsys.readouterr().err, verb


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_may_not_be_written_to(here: Path) -> None:
    (here / "locked").mkdir(mode=0o500)
    assert unusable(here / "locked") == "it may not be written to"
    assert unusable(here / "locked" / "x") == "locked may not be written to"


@pytest.mark.usefixtures("undrawn")
def test_a_run_in_a_folder_of_any_name_reads_its_own_tables(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another run lies where pyarrow would look for `~/r`: its numbers must not come back."""
    monkeypatch.setenv("HOME", str(here / "home"))
    size = ["--population", "1000", "--replications", "1", "--end", "2018-02", "--workers", "1", "--quiet", "--json"]
    assert run.main(["tiny.yaml", *size, "--seed", "1", "--out", str(here / "home" / "r")]) == 0
    other = json.loads(capsys.readouterr().out)["summary"]
    assert run.main(["tiny.yaml", *size, "--seed", "900", "--out", "~/r"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["folder"] == "./~/r"
    assert told["summary"] != other
    own = read_frame(here / "~" / "r" / "monthly.parquet")
    mean = next(row["mean"] for row in told["summary"] if row["indicator"] == "unemployment_rate")
    assert mean == pytest.approx(own["unemployment_rate"].mean(), rel=1e-12)


@pytest.mark.slow
def test_names_that_are_not_utf8_go_through_a_whole_run_and_batch(here: Path) -> None:
    (here / f"{GBK}.yaml").write_text(TINY.replace("name: tiny\n", "").replace("2018-12", "2018-02"))
    (here / f"{GBK}x.yaml").write_text("scenario: tiny.yaml\nset: {end: 2018-02}\nlist: [{}]\n")
    for words in ([f"{GBK}.yaml", "--out", GBK], ["batch", f"{GBK}x.yaml", "--workers", "1", "--out", f"{GBK}b"]):
        for environment in ({}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}):
            # The second time everything is there already and is read again.
            done = subprocess.run(
                [sys.executable, str(ROOT / "run.py"), *words], check=False, capture_output=True,
                env={**os.environ, **environment}, timeout=300,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
    assert "\ufffd\ufffdǩ" in (here / GBK / "report.html").read_text(encoding="utf-8")
    assert pd.read_csv((here / GBK / "summary.csv").open())["replications"].max() == 2
    assert (here / f"{GBK}b" / "figures" / "points.png").stat().st_size > 0
