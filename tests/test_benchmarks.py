"""The benchmarks write what docs/performance.md says they do; work is counted, never timed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from agents.columns import People
from benchmarks.fit import Line, Spread
from benchmarks.stopwatch import opened, timed
from model.mechanisms.matching import hiring as hire_module
from model.mechanisms.matching import search as search_module

ROOT = Path(__file__).resolve().parent.parent
SPREAD = {"median", "low", "high", "least", "most", "repeats"}
LINE_KEYS = {"intercept", "slope", "slope_error", "r2", "log_log_slope", "largest_residual"}
#: Bytes of a person in the columns.
PERSON = sum(column.dtype.itemsize for column in People.empty(1).arrays())


# --- counting work ----------------------------------------------------------------------------------------------------


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


# --- fits and files ---------------------------------------------------------------------------------------------------


def test_a_line_and_a_spread() -> None:
    line = Line.through([1, 2, 4, 8], [5, 8, 14, 26])
    assert (line.intercept, line.slope, line.r2) == pytest.approx((2, 3, 1))
    assert Line.through([1, 10, 100], [2, 20, 200]).log_log_slope == pytest.approx(1)
    assert Line.through([1, 2, 3, 4], [1, 4, 9, 16]).largest_residual > 0.2
    spread = Spread.of([4, 1, 2, 3, 5])
    assert (spread.least, spread.low, spread.median, spread.high, spread.most, spread.repeats) == (1, 2, 3, 4, 5, 5)


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
    found = run("speed.py", *sizes, "--least", "1", "--json", str(tmp_path / "speed.json"))
    assert {"machine", "months", "repeats", "target", "speed", "memory"} == set(found)
    assert [(row["persons"], row["threads"]) for row in found["speed"]] == [(1000, 1), (1000, 2)]
    for row in found["speed"]:
        assert set(row["nanoseconds"]) == set(row["sine_nanoseconds"]) == SPREAD
        assert sum(row["phases"].values()) <= row["nanoseconds"]["high"] * 1.5
        assert row["times_sine"] == pytest.approx(row["nanoseconds"]["median"] / row["sine_nanoseconds"]["median"])
    assert [row["persons"] for row in found["memory"]] == [1000]
    assert all(PERSON == row["columns_bytes"] < row["market_bytes"] for row in found["memory"])


def test_scaling_writes_its_figures(tmp_path: Path) -> None:
    few = ("--persons", "4000", "--months", "1", "--repeats", "2", "--least", "1", "--only", "persons", "applications")
    found = run("scaling.py", *few, "--json", str(tmp_path / "scaling.json"))
    assert {"machine", "persons", "months", "repeats", "dimensions"} == set(found)
    assert set(found["dimensions"]) == {"persons", "applications"}
    for dimension in found["dimensions"].values():
        assert len(dimension["x"]) == len(dimension["milliseconds"]) == 7
        assert all(set(spread) == SPREAD for spread in dimension["milliseconds"])
        assert set(dimension["line"]) == LINE_KEYS
