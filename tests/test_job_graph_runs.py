"""A run with a job graph of its own: its folder moves, and a graph that is wrong stops every verb."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import run
from model.country.china import CHINA
from model.job_graph.file import NamedGraph
from model.market import Market
from model.scenario.scenario import load_scenario

IDS = CHINA.occupations.ids
LOOPS = "source,target,weight\n" + "".join(f"{name},{name},1\n" for name in IDS)
SMALL = "population: 1000\nreplications: 1\nend: 2018-02\n"


def project(folder: Path) -> Path:
    """A scenario with its graph, the same with a broken one, and experiments that name both."""
    folder.mkdir(parents=True)
    (folder / "loops.csv").write_text(LOOPS, encoding="utf-8")
    (folder / "broken.csv").write_text(LOOPS + "cook,nurse,inf\n", encoding="utf-8")
    (folder / "s.yaml").write_text(SMALL + "parameters: {job_graph: loops.csv}\n", encoding="utf-8")
    (folder / "wrong.yaml").write_text("extends: s.yaml\nparameters: {job_graph: broken.csv}\n", encoding="utf-8")
    (folder / "heir.yaml").write_text("extends: wrong.yaml\n", encoding="utf-8")
    for name, design in {
        "grid": "grid: {parameters.job_graph: [loops.csv, broken.csv]}",
        "list": "list: [{parameters.job_graph: loops.csv}, {parameters.job_graph: broken.csv}]",
        "set": "set: {parameters.job_graph: broken.csv}\ngrid: {visa.annual_quota: [0, 1]}",
    }.items():
        (folder / f"{name}.yaml").write_text(f"name: e\nscenario: s.yaml\n{design}\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "words",
    [
        "p/wrong.yaml",
        "p/heir.yaml",
        "check p/wrong.yaml",
        "check p/s.yaml --set parameters.job_graph=p/broken.csv",
        "p/s.yaml --against p/wrong.yaml",
        "compare p/s.yaml p/wrong.yaml",
        "compare p/s.yaml --against p/wrong.yaml",
        "explain p/wrong.yaml",
        "sensitivity p/wrong.yaml",
        "validate p/wrong.yaml",
        "view p/wrong.yaml --no-open",
        "calibrate --bands p/wrong.yaml",
        "batch p/grid.yaml",
        "batch p/list.yaml",
        "batch p/set.yaml",
    ],
)
def test_a_broken_graph_stops_every_verb(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project(tmp_path / "p")
    monkeypatch.chdir(tmp_path)
    assert run.main(words.split()) == 2
    told = capsys.readouterr()
    assert told.err.startswith("p/broken.csv:62:12  the weight of cook -> nurse is 'inf'")
    assert told.err.endswith("1 problem; nothing was run.\n")
    assert told.out == ""


def test_what_is_not_used_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = LOOPS.replace("weight", "weight,colour").replace(",1\n", ",1,red\n")
    (tmp_path / "g.csv").write_text(lines, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run.main(["check", "--set", "parameters.job_graph=g.csv"]) == 0
    assert "note: g.csv: columns that are not used: colour\n" in capsys.readouterr().err


def test_a_run_moves_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing in the folder knows where it was made; run from the folder alone, it gives the same bytes."""
    here, there = tmp_path / "ann", tmp_path / "bob"
    project(here / "p")
    monkeypatch.chdir(here)
    assert run.main(["p/s.yaml", "--out", str(here / "out"), "--quiet"]) == 0
    (copy,) = (here / "out").glob("job_graph_*.csv")
    for file in ("manifest.json", "scenario.yaml", copy.name, "report.html"):
        assert str(tmp_path) not in (here / "out" / file).read_text(encoding="utf-8")
    first = (here / "out" / "monthly.parquet").read_bytes()
    shutil.move(here, there)
    (there / "out" / "monthly.parquet").unlink()
    monkeypatch.chdir(there / "out")
    assert run.main(["../p/s.yaml", "--out", ".", "--quiet"]) == 0
    shutil.rmtree(there / "p")
    assert run.main(["scenario.yaml", "--out", "../again", "--quiet"]) == 0
    for folder in ("out", "again"):
        assert (there / folder / "monthly.parquet").read_bytes() == first
    notes = capsys.readouterr().err.splitlines()
    assert len(notes) == 3
    assert all(note.endswith(": nobody can change occupation") for note in notes)


def test_the_market_moves_along_the_graph_it_was_given(tmp_path: Path) -> None:
    path = project(tmp_path / "p") / "s.yaml"
    market = Market(load_scenario(path), seed=1)
    assert set(market.exogenous.job_graph.edges) == {(name, name) for name in IDS}
    assert market.exogenous.reach.ease.tolist() == [[1.0]] * len(IDS)


def test_the_figure_shows_the_graph_that_was_given(tmp_path: Path) -> None:
    """Not the one that is shipped, in lines and in words."""
    from views.figures.job_graph import moves

    (tmp_path / "g.csv").write_text(LOOPS + "cook,nurse,3\nnurse,cook,1\n", encoding="utf-8")
    scenario = load_scenario(project(tmp_path / "p") / "s.yaml", {"parameters.job_graph": str(tmp_path / "g.csv")})
    graph = scenario.value("parameters.job_graph")
    assert isinstance(graph, NamedGraph)
    assert list(moves(graph).edges(data="weight")) == [("cook", "nurse", 1.25)]
    assert moves().number_of_edges() > 100
