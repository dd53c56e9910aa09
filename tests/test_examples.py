"""The examples do what they say, at a small size; those of mechanisms and agents have tests of their own."""

from __future__ import annotations

import csv
import importlib
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import labour_lab as lab
import run as command_line
from views.docs.notebooks import lived

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
LIBRARY = sorted((EXAMPLES / "library").glob("*.yaml"))
TINY = ["--population=1000", "--replications=2", "--end=2018-12"]


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Any:
    """An example's module by its name."""
    monkeypatch.syspath_prepend(str(EXAMPLES))
    return importlib.import_module


def called(monkeypatch: pytest.MonkeyPatch, module: Any, *words: str | Path) -> Any:
    monkeypatch.setattr(sys, "argv", [module.__file__, *map(str, words)])
    return module.main()


def test_a_brief_is_written(example: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    called(monkeypatch, example("policy_brief"), tmp_path, *TINY, EXAMPLES / "library" / "more_masters.yaml")
    brief = (tmp_path / "brief.tex").read_text(encoding="utf-8")
    assert brief.count(r"\begin{") == brief.count(r"\end{") >= 5
    assert r"\item[more\_masters] From 2026 on 12.8 per cent" in brief
    assert (tmp_path / "effects.png").read_bytes().startswith(b"\x89PNG")
    content = (tmp_path / "table.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(content.decode("utf-8-sig").splitlines())
    assert head == ["In 2018", "baseline", "more_masters"]
    assert ["same"] in [row[2:] for row in rows if row[:1] == ["Youth unemployment rate"]]  # 2026 is not lived here


def test_a_cluster_run_goes_on_where_it_was(
    example: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    module = example("cluster_run")
    monkeypatch.setattr(module, "DESIGN", {"visa.annual_quota": [0, 900]})
    words = [tmp_path / "out", *TINY[:2], "--since=2018-03", "--end=2018-06"]
    assert called(monkeypatch, module, *words) == 0
    printed = capsys.readouterr().out
    assert "visa.annual_quota" in printed
    kept = {file: file.stat().st_mtime_ns for file in (tmp_path / "out" / "runs").rglob("*.parquet")}
    assert called(monkeypatch, module, *words) == 0
    assert capsys.readouterr().out == printed
    assert len(kept) == 4
    assert kept == {file: file.stat().st_mtime_ns for file in kept}
    assert called(monkeypatch, module, *words, "--cluster=nowhere") == 1
    assert "is not an address such as tcp://" in capsys.readouterr().out


def test_the_class_exercise_runs() -> None:
    shown = [
        cell.value if cell.value is not None else cell.printed for cell in lived(EXAMPLES / "class_exercise.ipynb")
    ]
    assert any(isinstance(value, lab.Compared) for value in shown)
    first, other = next(value for value in shown if isinstance(value, list))
    assert first != other


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_a_scenario_of_the_library_asks_one_question(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# What if ")
    assert first.endswith("?")
    assert yaml.safe_load(path.read_text(encoding="utf-8"))["name"] == path.stem
    assert command_line.main(["check", str(path)]) == 0
    assert capsys.readouterr().out.startswith(f"{path.stem}: good")


def test_the_lists_of_examples_are_complete() -> None:
    for folder, names in ((EXAMPLES, {"README.md"}), (EXAMPLES / "library", {"README.md"})):
        there = {path.name for path in folder.iterdir() if path.suffix in {".py", ".ipynb", ".yaml"}}
        told = set(re.findall(r"\]\(([\w.]+?)\)", (folder / "README.md").read_text(encoding="utf-8")))
        assert there - names == told
