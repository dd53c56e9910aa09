"""The whole path on the real market, small: from the command line to a run folder, a table and a report."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from run_fakes import ROOT

import run
from model.specification import in_force

if TYPE_CHECKING:
    from pathlib import Path

TINY = """\
schema_version: 1
name: tiny
description: As small as the market goes.
end: 2018-12
population: 2000
replications: 2
seed: 5
"""
CLOSED = TINY.replace("tiny", "closed") + "hiring: {openings_scale: {all: 0}}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("runs")
    (path / "tiny.yaml").write_text(TINY)
    (path / "closed.yaml").write_text(CLOSED)
    return path


@pytest.fixture(scope="module")
def finished(folder: Path) -> subprocess.CompletedProcess[str]:
    """One run, as a user starts it."""
    return start_and_wait(str(folder / "tiny.yaml"), "--workers", "2", "--out", str(folder / "out"))


def start_and_wait(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "run.py", *words], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )


def test_a_run_prints_its_table_and_where_the_report_is(
    finished: subprocess.CompletedProcess[str], folder: Path
) -> None:
    assert finished.returncode == 0, finished.stderr
    assert "2 replications x 12 months, 2,000 simulated people, 2 workers" in finished.stderr
    assert "\x1b" not in finished.stdout + finished.stderr
    assert "report.html" in finished.stdout
    for name in ("scenario.yaml", "manifest.json", "monthly.parquet", "summary.csv", "figures", "report.html"):
        assert (folder / "out" / name).exists(), name


def test_the_table_obeys_the_contract(finished: subprocess.CompletedProcess[str], folder: Path) -> None:
    assert finished.returncode == 0
    table = pd.read_parquet(folder / "out" / "monthly.parquet")
    assert list(table.columns) == ["scenario", "replication", "seed", "month"] + [
        each.name for each in in_force().indicators
    ]
    assert list(table["month"].unique()) == [f"2018-{month:02d}" for month in range(1, 13)]
    assert dict(zip(table["replication"], table["seed"], strict=True)) == {1: 5, 2: 6}
    np.testing.assert_allclose(table["employed"] + table["unemployed"], table["labour_force"])
    assert table["unemployment_rate"].between(0, 1).all()
    assert table["unemployment_rate_k_visa"].isna().all()


def test_the_same_run_on_one_worker_gives_the_same_bytes(
    finished: subprocess.CompletedProcess[str], folder: Path
) -> None:
    assert finished.returncode == 0
    again = start_and_wait(str(folder / "tiny.yaml"), "--workers", "1", "--quiet", "--out", str(folder / "again"))
    assert again.returncode == 0
    assert again.stderr == ""
    assert (folder / "again" / "monthly.parquet").read_bytes() == (folder / "out" / "monthly.parquet").read_bytes()


def test_json_goes_to_stdout_and_parses(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main([str(folder / "tiny.yaml"), "--json", "--workers", "1", "--out", str(folder / "json")]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["replications"] == {"asked": 2, "finished": 2}
    youth = [row for row in told["summary"] if row["indicator"] == "unemployment_rate_16_24"]
    assert youth[0]["year"] == 2018
    assert youth[0]["low"] <= youth[0]["mean"] <= youth[0]["high"]
    assert youth[0]["flagged"] in (True, False)


def test_a_comparison_prints_paired_differences(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [folder / "closed.yaml", "--against", folder / "tiny.yaml", "--workers", 1, "--out", folder / "pair"]
    assert run.main([str(word) for word in words]) == 0
    said = capsys.readouterr()
    assert "2 pairs of replications" in said.err
    assert "closed" in said.out
    paired = pd.read_csv(folder / "pair" / "comparison.csv").set_index(["indicator", "year"])
    assert paired.loc[("unemployment_rate", 2018), "difference"] > 0
    table = pd.read_parquet(folder / "pair" / "monthly.parquet")
    assert list(table["scenario"].unique()) == ["closed", "tiny"]


def test_a_scenario_against_itself_differs_by_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    same = str(folder / "tiny.yaml")
    assert run.main([same, "--against", same, "--workers", "1", "--json", "--out", str(folder / "null")]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {row["difference"] for row in told["comparison"]} <= {0, None}


def test_whoever_reads_the_table_may_leave_early(folder: Path) -> None:
    words = [sys.executable, "run.py", str(folder / "tiny.yaml"), "--quiet", "--out", str(folder / "pipe")]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.wait(timeout=300) == 0
    assert process.stderr.read() == b""
    process.stderr.close()
    assert (folder / "pipe" / "report.html").exists()


#: Runs one replication with somebody in the place of the figures who only looks at what is there already.
UNTIL_THE_TABLE = """
import sys, types, run
drawing = types.ModuleType("views.report.presentation")
drawing.present = lambda *_: print("then", *{name.split(".")[0] for name in sys.modules})
sys.modules["views.report.presentation"] = drawing
sys.exit(run.main(sys.argv[1:]))
"""


def test_the_table_is_printed_before_anything_is_drawn_or_loaded_for_it(folder: Path) -> None:
    """One replication starts no processes either: what a table does not need only keeps it waiting."""
    words = [str(folder / "tiny.yaml"), "--replications", "1", "--workers", "2", "--out", str(folder / "one")]
    answer = subprocess.run(
        [sys.executable, "-c", UNTIL_THE_TABLE, *words], cwd=ROOT, capture_output=True, text=True, check=True
    )
    table, _, loaded = answer.stdout.partition("then ")
    assert "unemployment 16-24" in table
    assert "folder" in table
    assert {"matplotlib", "seaborn", "loky", "jinja2"} & set(loaded.split()) == set()  # groups are told by class


@pytest.mark.slow
def test_ctrl_c_says_what_is_kept(folder: Path) -> None:
    words = [str(folder / "tiny.yaml"), "--replications", "400", "--end", "2020-12", "--out", str(folder / "long")]
    process = subprocess.Popen(
        [sys.executable, "run.py", *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    limit = time.monotonic() + 200
    while len(list((folder / "long" / "replications").glob("[0-9]*.parquet"))) < 4 and time.monotonic() < limit:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    out, complaints = process.communicate(timeout=120)
    assert process.returncode == 130, complaints
    assert "of 400 replications are finished and kept; the same command" in complaints
    assert "Traceback" not in complaints
    assert "tiny" in out
    assert pd.read_parquet(folder / "long" / "monthly.parquet")["replication"].nunique() >= 4
