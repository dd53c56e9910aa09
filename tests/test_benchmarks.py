"""The benchmarks write what docs/performance.md says they do; that work grows in proportion is counted, never timed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from engine_cases import same

from agents.columns import People
from benchmarks import memory, quiet
from benchmarks.altered import NAMED, graph_of_degree, occupations_numbering, write_graph
from benchmarks.fit import Line, Spread
from benchmarks.stopwatch import opened, timed
from benchmarks.touched import LINE, Ledger, Touched, lines, touched
from model.job_graph.graph import reach, read_job_graph
from model.mechanisms.matching import hiring as hire_module
from model.mechanisms.matching import search as search_module
from model.specification import in_force
from model.tables import moves, occupational_structure, sectors

ROOT = Path(__file__).resolve().parent.parent
SPREAD = {"median", "low", "high", "least", "most", "repeats"}
LINE_KEYS = {"intercept", "slope", "slope_error", "r2", "log_log_slope", "largest_residual"}
#: Bytes of a person in the columns.
PERSON = sum(column.dtype.itemsize for column in People.empty(1).arrays())
LUCK = np.random.default_rng(5)


# --- counting work ----------------------------------------------------------------------------------------------------


@cache
def watched(persons: int) -> Touched:
    return touched(opened(persons, 6), 6)


def test_watching_changes_nothing() -> None:
    """The same months, watched and compiled, have equal bytes; the market that was forked stays where it was."""
    market = opened(1500, 6)
    seen, usual = market.fork(), market.fork()
    found = touched(seen, 6)
    for _ in range(6):
        usual.advance()
    assert same(usual.table(), seen.table())
    assert market.month == -1
    assert found.by_phase == pytest.approx(sum(found.phases.values()))
    assert found.once == pytest.approx(sum(found.columns.values()))


def test_a_month_touches_what_it_must() -> None:
    """Everybody's status, flags and next date, and of half of them employer, start of the job and pay, at the least.

    At most it reads and writes every byte of every column in every phase that looks at anybody.
    """
    found = watched(4000)
    assert found.columns["status"] >= 0.99
    assert found.columns["event"] >= 1.98
    assert 4 + 0.5 * (4 + 2 + 4) < found.once <= found.by_phase
    assert found.by_phase < 2 * PERSON * len(found.phases)
    assert {"separate", "search", "hire", "survey"} <= set(found.phases)


def test_work_grows_in_proportion_to_people() -> None:
    """Elements looked at per person and month: the same at 1,000 and 4,000 persons.

    Per person they are 15.5 with a spread of about 10, months not independent: at 1,000 persons the mean has a spread
    below 0.4, so 2 is beyond 4 of them. Anything like n log n would add 3, anything quadratic 45.
    """
    small, large = (sum(watched(persons).people_looks.values()) for persons in (1000, 4000))
    assert small == pytest.approx(large, abs=2)


def test_work_grows_in_proportion_to_firms() -> None:
    """Elements of firms' columns looked at a month lie on a line in the number of firms, within 2 %."""
    usual = {p.path: p for p in in_force().parameters if p.path.startswith("parameters.firms_")}
    counts, looks = [], []
    for share in (0.25, 0.5, 1, 2):
        market = opened(1000, 2, {path: max(5, round(p.default * share)) for path, p in usual.items()})
        counts.append(len(market.firms))
        looks.append(sum(touched(market, 2).firm_looks.values()))
    line = Line.through(counts, looks)
    assert line.largest_residual < 0.02
    assert line.slope > 5


def test_rounds_of_applications_are_what_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A month sends and fills so many rounds and one more on campus; the graph is weighed once for each kind."""
    called: Counter[str] = Counter()

    def counted(name: str, kernel: Any) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            called[name] += 1
            return kernel(*arguments, **named)

        return call

    months, rounds = 4, 5
    market = opened(3000, months, {"parameters.applications": rounds})
    monkeypatch.setattr(hire_module, "fill_posts", counted("fill", hire_module.fill_posts))
    monkeypatch.setattr(search_module, "search_weights", counted("weigh", search_module.search_weights))
    monkeypatch.setattr(search_module, "send_applications", counted("send", search_module.send_applications))
    for _ in range(months):
        market.advance()
    assert called["fill"] == months * rounds
    assert months * rounds <= called["send"] <= months * (rounds + 1)
    assert called["weigh"] <= 2 * months


def test_lines_of_memory() -> None:
    """Rows 0 and 1 share a line, row 40 of two bytes lies in the next; a line written to counts twice."""
    marks = np.zeros(100, np.bool_)
    marks[[0, 1, 40]] = True
    assert [lines(marks, size) for size in (1, 2, 4)] == [1, 2, 2]
    ledger = Ledger(100, {"pay": 4})
    ledger.note(ledger.read, "pay", slice(0, 16))
    ledger.note(ledger.written, "pay", 16)
    assert ledger.moved(ledger.read, ledger.written) == {"pay": 3 * LINE}


# --- other numbers of occupations and edges -------------------------------------------------------------------------


def test_as_many_occupations_as_there_are_change_nothing() -> None:
    structure, edges = occupations_numbering(60, LUCK)
    known = occupational_structure()
    assert structure.occupations.ids == known.occupations.ids
    np.testing.assert_allclose(structure.shares, known.shares)
    np.testing.assert_allclose(structure.occupations.wage, known.occupations.wage)
    assert len(edges) == np.count_nonzero(moves())


@pytest.mark.parametrize("count", [15, 31, 90, 240])
def test_split_and_merged_occupations_have_the_same_jobs(count: int, tmp_path: Path) -> None:
    """Jobs by education and by sector stay, rules still find the occupations they name, everybody can move."""
    structure, edges = occupations_numbering(count, LUCK)
    known = occupational_structure()
    assert len(set(structure.occupations.ids)) == count
    assert set(NAMED) <= set(structure.occupations.ids)
    np.testing.assert_allclose(structure.shares.sum(axis=1), 1)
    jobs = sectors().employment_2019
    for level in set(known.occupations.education):
        before, after = (
            (jobs @ table.shares)[[asked == level for asked in table.occupations.education]].sum()
            for table in (known, structure)
        )
        assert after == pytest.approx(before)
    wages = [float(jobs @ table.shares @ table.occupations.wage) for table in (known, structure)]
    assert wages[1] == pytest.approx(wages[0])
    graph = reach(read_job_graph(str(write_graph(edges, tmp_path / "graph.csv")), structure.occupations.ids))
    assert (graph.target[:, 0] == np.arange(count)).all()
    if count > 60:
        assert set(graph.degree.tolist()) <= set(reach(read_job_graph("", known.occupations.ids)).degree.tolist())


def test_a_market_lives_with_four_times_the_occupations() -> None:
    """Its table of odds is as large as occupations, ways out, kinds and skills say, and its books hold."""
    structure, _ = occupations_numbering(240, LUCK)
    market = opened(1000, 2, {}, structure=structure)
    market.advance()
    assert (
        market.job_search.weights.shape[2:]
        == market.exogenous.reach.target.shape
        == (240, int(market.exogenous.reach.degree.max()))
    )
    assert market.people.occupation[: market.people.count].max() > 200


@pytest.mark.parametrize("degree", [1, 7, 13, 60])
def test_a_graph_of_a_degree(degree: int) -> None:
    """Everybody has so many ways out and stays with the shipped chance, except where there is nowhere to go."""
    edges = graph_of_degree(degree, LUCK)
    ways = Counter(source for source, _, _ in edges)
    assert set(ways.values()) == {degree}
    assert len(set(edges)) == len(edges) == 60 * degree
    for source, target, weight in edges:
        place = occupational_structure().occupations.index(source)
        if source == target:
            assert weight == pytest.approx(moves()[place, place])


# --- fits and files ---------------------------------------------------------------------------------------------------


def test_a_line_and_a_spread() -> None:
    line = Line.through([1, 2, 4, 8], [5, 8, 14, 26])
    assert (line.intercept, line.slope, line.r2) == pytest.approx((2, 3, 1))
    assert Line.through([1, 10, 100], [2, 20, 200]).log_log_slope == pytest.approx(1)
    assert Line.through([1, 2, 3, 4], [1, 4, 9, 16]).largest_residual > 0.2
    spread = Spread.of([4, 1, 2, 3, 5])
    assert (spread.least, spread.low, spread.median, spread.high, spread.most, spread.repeats) == (1, 2, 3, 4, 5, 5)


def test_a_disturbed_measurement_is_repeated_while_there_is_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others take half of the cores in the first two tries; who has no patience keeps the first and says so."""
    taken = [0.5, 0.5, 0.01]
    monkeypatch.setattr(quiet, "_others", lambda _: taken[min(done[0], 2)])
    for patience, tries in ((60, 3), (0, 1)):
        done = [-1]
        monkeypatch.setattr(quiet.Quiet, "wait", lambda _: None)
        patient = quiet.Quiet(patience)

        def work(done: list[int] = done) -> int:
            done[0] += 1
            return done[0]

        assert patient.undisturbed(work) == tries - 1
        assert patient.shares == [taken[tries - 1]]


def test_timing_leaves_the_market_where_it_is() -> None:
    market = opened(1000, 3)
    spent = timed(market, 3, forks=2)
    assert market.month == -1
    assert spent.months == 6
    assert spent.person_months == pytest.approx(6 * 1000, rel=0.02)
    assert sum(spent.phases.values()) <= spent.nanoseconds


def run(script: str, *options: str) -> dict[str, Any]:
    """A benchmark as anybody runs it, and what it wrote."""
    file = Path(options[-1])
    done = subprocess.run(
        [sys.executable, f"benchmarks/{script}", *options], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def test_speed_writes_its_figures(tmp_path: Path) -> None:
    sizes = ("--persons", "1000", "--threads", "1", "2", "--months", "1", "--repeats", "1")
    found = run("speed.py", *sizes, "--least", "1", "--watched", "1000", "--json", str(tmp_path / "speed.json"))
    assert {"machine", "others", "months", "repeats", "target", "touched_bytes", "speed", "memory"} == set(found)
    assert [(row["persons"], row["threads"]) for row in found["speed"]] == [(1000, 1), (1000, 2)]
    for row in found["speed"]:
        assert set(row["nanoseconds"]) == set(row["processor_nanoseconds"]) == SPREAD
        assert set(row["gigabytes_per_second"]) == {"read", "copy", "triad"}
        assert sum(row["phases"].values()) <= row["nanoseconds"]["high"] * 1.5
        assert 0 < row["floor_nanoseconds"] <= row["floor_by_phase_nanoseconds"]
        assert row["times_floor"] == pytest.approx(row["nanoseconds"]["median"] / row["floor_nanoseconds"])
    assert {"once", "by_phase", "phases", "columns"} <= set(found["touched_bytes"])
    assert [row["persons"] for row in found["memory"]] == [1000]
    assert all(PERSON == row["columns_bytes"] < row["built_bytes"] for row in found["memory"])


def test_scaling_writes_its_figures(tmp_path: Path) -> None:
    few = ("--persons", "4000", "--months", "1", "--repeats", "2", "--least", "1", "--only", "persons", "applications")
    picture = tmp_path / "scaling.png"
    found = run("scaling.py", *few, "--figure", str(picture), "--json", str(tmp_path / "scaling.json"))
    assert {"machine", "others", "persons", "months", "repeats", "dimensions"} == set(found)
    assert set(found["dimensions"]) == {"persons", "applications"}
    for dimension in found["dimensions"].values():
        assert len(dimension["x"]) == len(dimension["milliseconds"]) == 7
        assert all(set(spread) == SPREAD for spread in dimension["milliseconds"])
        assert set(dimension["line"]) == LINE_KEYS
    assert picture.stat().st_size > 10_000


def test_memory_finds_what_grows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A main job that kept 1 MB of every replication and 10 kB of every month would be seen to."""

    def pretended(options: list[str]) -> memory.Peak:
        given = dict(zip(options[::2], options[1::2], strict=True))
        months = 12 * (int(given["--end"][:4]) - 2018) + int(given["--end"][5:]) if "--end" in given else 120
        return memory.Peak(1e8, 2e8 + 1e6 * int(given["--replications"]) + 1e4 * months, 3e8, 1.0)

    monkeypatch.setattr(memory, "peak_of", pretended)
    found = memory.measure([12, 24, 240], 2000, [2, 8, 32], 1000, workers=2, repeats=2)
    assert found["months"]["computing"]["line"]["slope"] == pytest.approx(1e4)
    assert found["replications"]["computing"]["line"]["slope"] == pytest.approx(1e6)
    assert found["replications"]["driver"]["line"]["slope"] == pytest.approx(0, abs=1e-3)
    assert found["months"]["drawing"]["line"]["slope"] == pytest.approx(0, abs=1e-3)
    assert {"machine", "repeats", "persons", "workers", "months", "replications"} == set(found)
    picture = tmp_path / "memory.png"
    memory.draw(json.loads(json.dumps(found)), picture)
    assert picture.stat().st_size > 10_000


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_counts_a_process_and_its_children() -> None:
    """A child that holds 60 MB and whose own child holds 40 MB more: 100 MB at least, and no twice as much."""
    inner = "x = bytearray(40_000_000); x[::4096] = x[::4096]; print(1, flush=True); input()"
    outer = (
        "import subprocess, sys; x = bytearray(60_000_000); "
        f"subprocess.run([sys.executable, '-c', {inner!r}], check=True)"
    )
    process = subprocess.Popen([sys.executable, "-c", outer], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdout.readline()
    held = memory.resident(process.pid)
    process.communicate("\n")
    assert 100e6 < held < 180e6


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.slow
def test_memory_watches_the_main_job() -> None:
    """The whole of run.py, seen from outside: computing first, then drawing, each between 0.1 and 2 GB."""
    peak = memory.peak_of([*memory.months_options(2, 1000)])
    assert 1e8 < peak.driver <= peak.computing < 2e9
    assert 1e8 < peak.drawing < 2e9
