"""Kernels that the plain-Mesa twin leaves to the engine, against slow plain loops, where every branch happens.

A kernel is held against its loop on the arguments that real months hand it, for two seeds and 21 months with many
levers pulled at once; then the test makes sure that the branches it is there for were reached.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import engine_slow_loops as slow
import numpy as np
import pytest
from engine_cases import BUSY, agree, busy_market, held_against, scenario

from agents.columns import Firms, Status, Vacancies
from model.handover import Refund
from model.market import Market, simulate
from model.mechanisms.demand.firms import plan_firms
from model.mechanisms.matching.posts import sort_posts
from model.mechanisms.separations import hazards
from model.mechanisms.separations.hazards import chances, end_jobs
from model.mechanisms.survey.pay_bins import BINS, BINS_PER_DOUBLING, bin_of_bits, leading_bits, median_of
from model.randomness import uniforms

#: What the compared calls were given, left behind and returned.
Calls = list[tuple[Any, Any, Any]]


def live(market: Market) -> None:
    while market.month < market.last_month:
        market.advance()


def seen_by(module: str, kernel: str, loop: Any, cut: Any = None, every: int = 1, population: int = 2000) -> Calls:
    """Two markets live with a kernel held against its loop; what the compared calls saw."""
    calls: Calls = []
    for seed in (3, 4):
        market = busy_market(population, seed)
        with held_against(module, kernel, loop, cut, every) as seen:
            live(market)
        calls += seen
    assert calls, "the kernel was never called"
    return calls


def test_plans_of_firms() -> None:
    """Phase 4: targets, layoffs and openings of every firm add up and follow its gap."""
    calls = seen_by("demand.firms", "plan_firms", slow.slow_plan_firms, every=4)
    layoffs = np.concatenate([after[0].layoff_rate for _, after, _ in calls])
    extra = np.concatenate([(before[12] * (1 - before[13]))[before[0].group] for before, _, _ in calls])
    assert (layoffs == extra).any(), "firms that are short of staff lay nobody off"
    assert (layoffs > extra + 0.005).any()


def test_nobody_is_passed_over_whose_job_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Phase 5: the sweep looks closely at few; jobs end and searches begin as if everyone at work were looked at."""
    seen = {"ended": 0, "laid off": 0, "search": 0}

    def checked(**given: Any) -> None:
        p, month, count = given["p"], given["month"], given["count"]
        if month < 0 or month % 4:
            end_jobs(**given)
            return
        at_work = np.flatnonzero(p.status[:count] == Status.EMPLOYED)
        luck, employer = uniforms(given["key"], p.identity[at_work]), p.employer.copy()
        laid_off, _, leaves, looks = np.array([chances(p, row, month, given["given"]) for row in at_work]).T
        end_jobs(**given)
        search, ended = given["movers"][: given["tally"][3]], given["movers"][count - given["tally"][4] : count]
        assert search.tolist() == at_work[(luck > looks) & (luck >= leaves)].tolist()
        rows = np.where(ended < 0, -1 - ended, ended)
        assert rows[::-1].tolist() == at_work[luck < leaves].tolist()
        assert (ended < 0)[::-1].tolist() == (luck < laid_off)[luck < leaves].tolist()
        assert given["left"][count - len(ended) : count].tolist() == employer[rows].tolist()
        for what, of_them in (("ended", ended >= 0), ("laid off", ended < 0), ("search", search >= 0)):
            seen[what] += of_them.sum()

    monkeypatch.setattr(hazards, "end_jobs", checked)
    live(busy_market(2000, 3))
    assert min(seen.values()) > 10, seen


def test_posts_are_opened() -> None:
    """Phase 6: planned openings become whole posts with their conditions; the rest is carried."""
    calls = seen_by("matching.posts", "post_openings", slow.slow_post_openings, _posts_in_use)
    posted = np.concatenate([after[0].flags[before[1] : result] for before, after, result in calls])
    assert set(range(8)) <= set(posted.tolist()), "every combination of conditions"
    carried = np.array([after[7] for _, after, _ in calls])
    assert carried.min() >= 0
    assert carried.max() < 1


def _posts_in_use(result: Any, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Rows beyond the number returned are free."""
    return (tuple(column[:result] for column in args[0]), *args[1:])


def test_posts_are_sorted() -> None:
    """Phase 6: filled and stale posts go, the rest stand in order, and `blocks` says where each block begins."""
    calls = seen_by("matching.posts", "sort_posts", slow.slow_sort_posts, _posts_in_use)
    dropped = [before[1] - result for before, _, result in calls]
    assert max(dropped) > 0
    for _, after, result in calls:
        assert after[3][-1] == result


@pytest.mark.parametrize("seed", range(5))
def test_posts_are_sorted_whatever_they_are(seed: int) -> None:
    """The sort alone, on posts of every kind, filled and stale ones in any place, and on no posts."""
    draw = np.random.default_rng(seed)
    count = [0, 1, 7, 60, 200][seed]
    v = busy_posts(draw, count)
    agree(sort_posts, slow.slow_sort_posts, (v, count, 10, np.zeros(4 * 6 + 1, np.int64)), _posts_in_use)


def busy_posts(draw: np.random.Generator, count: int) -> Any:
    posts = Vacancies.empty(count + 3)
    posts.firm[:count] = draw.integers(-1, 4, count)
    posts.occupation[:count] = draw.integers(0, 6, count)
    posts.flags[:count] = draw.integers(0, 8, count)
    posts.offer[:count] = draw.lognormal(8, 1, count)
    posts.posted[:count] = draw.integers(5, 20, count)
    return posts.arrays()


def test_the_survey() -> None:
    """Phase 13: every count of the survey, and both wage histograms."""
    calls = seen_by("survey.counting", "survey", slow.slow_survey, every=3)
    for name in ("graduates", "visitors", "others"):
        assert np.sum([getattr(after[4], name) for _, after, _ in calls], axis=0).min() > 0, name
    for _, (_, count, _, _, counts), _ in calls:
        assert counts.people.sum() == count
        assert counts.wages[:-1].sum() == counts.people[Status.EMPLOYED].sum(), "everybody employed has one wage"
        assert (counts.starting <= counts.wages[:-1]).all()


def wage_bin(pay: np.float32) -> int:
    """The bin of one wage."""
    return int(bin_of_bits(leading_bits(pay)))


@pytest.mark.parametrize("spread", [0.02, 0.3, 1.0])
def test_the_median_of_the_histogram(spread: float) -> None:
    """The median wage is read from bins of 1/64 of a doubling: within one bin (1.6 %) of the exact median."""
    pay = np.random.default_rng(1).lognormal(np.log(7000), spread, 4001).astype(np.float32)
    histogram = np.zeros(BINS, np.int64)
    for value in pay:
        histogram[wage_bin(value)] += 1
    assert median_of(histogram) == pytest.approx(float(np.median(pay)), rel=1 / BINS_PER_DOUBLING)
    assert np.isnan(median_of(np.zeros(BINS, np.int64)))


def test_wage_bins_are_in_order_and_clipped() -> None:
    """A higher wage is never in a lower bin; wages off the scale are in the first or last bin."""
    pay = np.geomspace(1, 1e8, 5000).astype(np.float32)
    bins = [wage_bin(value) for value in pay]
    assert bins == [slow.slow_wage_bin(float(value)) for value in pay]
    assert (np.diff(bins) >= 0).all()
    assert (bins[0], bins[-1]) == (0, BINS - 1)


def test_firms_of_any_kind_plan_alike() -> None:
    """`plan_firms` on firms made up at random, some groups empty of jobs, some with targets far off."""
    for seed in range(4):
        draw = np.random.default_rng(seed)
        firms = Firms.empty(30)
        firms.group[:] = np.arange(30) % 4
        for name in ("size", "staffed"):
            values = draw.random(30) + 0.01
            getattr(firms, name)[:] = values / np.bincount(firms.group, values)[firms.group]
        firms.shock[:] = draw.normal(0, 0.1, 30)
        args = (
            firms.arrays(), draw.random(30) + 0.1, np.uint64(draw.integers(2**63)), np.array([0, 10, 500, 900]),
            np.array([0, 3, 20, 0]), np.array([0.5, 100.0, 510.0, 300.0]), seed < 2, 0.9, 0.05, 0.29, 0.016, 0.012,
            draw.random(4) * 0.02, 0.2, Refund(0.01, 0.1 * (seed % 2), 0.5), np.zeros(30), np.zeros(4), np.zeros(4),
        )  # fmt: skip
        agree(plan_firms, slow.slow_plan_firms, args)


#: Lives a busy market and keeps its table: in another process, whose kernels are plain Python.
UNCOMPILED = """
import sys, numpy
from engine_cases import BUSY, scenario
from model.market import simulate
numpy.savez(sys.argv[1], **simulate(scenario(1000, "2018-03", BUSY), 3, by_group=True))
"""


def test_kernels_do_the_same_uncompiled(tmp_path: Path) -> None:
    """Whoever debugs with NUMBA_DISABLE_JIT=1 sees the same market: no kernel leans on what only Numba's types do."""
    kept = tmp_path / "table.npz"
    command = [sys.executable, "-W", "ignore:overflow", "-c", UNCOMPILED, str(kept)]
    subprocess.run(command, cwd=Path(__file__).parent, env=os.environ | {"NUMBA_DISABLE_JIT": "1"}, check=True)
    with np.load(kept) as plain:
        for name, values in simulate(scenario(1000, "2018-03", BUSY), 3, by_group=True).items():
            np.testing.assert_allclose(plain[name], values, rtol=1e-9, err_msg=name)
