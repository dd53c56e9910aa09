"""The engine and its plain-Mesa twin agree in distribution, in an ordinary and in a busy market.

For each seed the twin goes on from the engine's opening of 2018-01 with luck of its own, and the last twelve of
eighteen months are compared. The differences over the seeds have mean zero if the rules are the same: a t-test for
each reading, at a level that raises a false alarm with chance at most FALSE_ALARM in all comparisons of this file
together (normal differences taken for granted; the seeds are fixed, so the verdict changes only with the code).

With these sizes a change of the separation hazard by a tenth is about at the edge of what is seen. What moves none of
the readings is not: who within a firm a layoff picks by tenure, say. Kernels are held against slow loops elsewhere.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from engine_cases import BUSY, scenario
from numpy.typing import NDArray
from scipy.stats import t as student

from benchmarks.twin.market import MesaMarket
from model.market import Market

FALSE_ALARM = 1e-4
SEEDS = range(1, 17)
PERSONS, MONTHS, COMPARED = 8_000, 18, 12
READINGS = (
    "unemployment_rate",
    "unemployment_rate_16_24",
    "unemployment_rate_25_29",
    "unemployment_rate_30_59",
    "unemployment_rate_over_35",
    "unemployment_rate_graduates",
    "long_term_unemployment_share",
    "labour_force",
    "vacancies",
    "job_finding_rate",
    "hires",
    "layoffs",
    "layoffs_over_35",
    "quits",
    "median_wage",
    "median_starting_wage_graduates",
    "employment_tech",
    "k_visa_stock",
)
MARKETS = {"ordinary": {}, "busy": BUSY}
#: Nobody comes on a visa in the ordinary market.
COMPARISONS = len(MARKETS) * len(READINGS) - 1
CRITICAL = float(student.isf(FALSE_ALARM / (2 * COMPARISONS), len(SEEDS) - 1))

Alteration = Callable[[MesaMarket], None]


def unaltered(_: MesaMarket) -> None:
    pass


def longer_jobs(twin: MesaMarket) -> None:
    """Jobs end by themselves 30 % more often."""
    twin.job_ends = [[1.3 * chance for chance in ages] for ages in twin.job_ends]


def no_line_at_35(twin: MesaMarket) -> None:
    """No post is closed at 35."""
    for firm in twin.firms:
        firm.age_rule = 0.0


def averages(rows: list[dict[str, float]]) -> NDArray[np.float64]:
    return np.array([np.mean([row[name] for row in rows[-COMPARED:]]) for name in READINGS])


@cache
def opened(market: str, seed: int) -> Market:
    return Market(scenario(PERSONS, "2019-06", MARKETS[market]), seed)


@cache
def engine(market: str, seed: int) -> NDArray[np.float64]:
    running = opened(market, seed).fork()
    for _ in range(MONTHS):
        running.advance()
    return averages(running.rows)


def twin(market: str, seed: int, alter: Alteration) -> NDArray[np.float64]:
    """Every other twin lets its agents act in random order."""
    running = MesaMarket(opened(market, seed), rng=seed, in_random_order=seed % 2 == 0)
    alter(running)
    for _ in range(MONTHS):
        running.step()
    close_books(running)
    running.remove_all_agents()
    return averages(running.rows)


def close_books(running: MesaMarket) -> None:
    """Firms' staff, groups' jobs and people employed add up; open posts belong to their groups."""
    employed = running.economy.stocks.employed
    assert sum(firm.headcount for firm in running.firms) == employed
    assert min(firm.headcount for firm in running.firms) >= 0
    assert sum(group.employed for group in running.groups) + running.economy.stocks.gig == employed
    assert sum(group.posts for group in running.groups) == sum(not post.filled for post in running.board.posts)


def disagreements(market: str, alter: Alteration = unaltered) -> dict[str, float]:
    """Mean difference of each reading over its standard error."""
    gaps = np.array([twin(market, seed, alter) - engine(market, seed) for seed in SEEDS])
    return {
        name: float(np.mean(gap) / np.std(gap, ddof=1) * len(SEEDS) ** 0.5)
        for name, gap in zip(READINGS, gaps.T, strict=True)
        if np.any(gap)
    }


@pytest.mark.slow
@pytest.mark.parametrize("market", MARKETS)
def test_the_engines_agree_in_distribution(market: str) -> None:
    found = disagreements(market)
    assert len(found) == len(READINGS) - (market == "ordinary")
    assert not {name: t for name, t in found.items() if abs(t) > CRITICAL}, found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("market", "alter", "seen_in"),
    [
        ("ordinary", longer_jobs, {"unemployment_rate", "hires", "quits"}),
        ("busy", no_line_at_35, {"unemployment_rate_over_35"}),
    ],
)
def test_an_altered_rule_is_detected(market: str, alter: Alteration, seen_in: set[str]) -> None:
    found = disagreements(market, alter)
    assert seen_in <= {name for name, t in found.items() if abs(t) > CRITICAL}, found


def test_the_comparison_of_speed_reports_both(root: Path, tmp_path: Path) -> None:
    command = [sys.executable, "benchmarks/mesa_twin.py", "--persons", "1000", "--months", "1", "--repeats", "1"]
    printed = subprocess.run(
        [*command, "--json", str(tmp_path / "twin.json")], cwd=root, check=True, capture_output=True, text=True
    ).stdout
    (result,) = json.loads((tmp_path / "twin.json").read_text(encoding="utf-8"))
    assert "plain Mesa" in printed
    assert result["persons"] == 1000
    assert all(value > 0 for value in result.values())
