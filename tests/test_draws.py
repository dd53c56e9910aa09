"""Differences at draws of the fitted parameters: who lives where, what intervals hold, what is told."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from run_fakes import ROOT

from experiments.compare.comparison import luck_alone, paired
from experiments.compare.job import MainJob, run_main_job
from experiments.engine.draws import FEWEST, Draws, draws_for
from experiments.engine.errors import BadRequest
from experiments.engine.progress import Progress
from model.results import mean_intervals, t95
from model.scenario.scenario import Scenario, load_scenario
from model.specification import in_force
from views.terminal.tables import render_comparison

BASELINE = ROOT / "scenarios" / "baseline.yaml"


def small(**changes: object) -> Scenario:
    return load_scenario(BASELINE, {"population": 1000, "replications": 6, "end": "2018-06", **changes})


def test_two_replications_share_a_draw_and_both_sides_live_at_it() -> None:
    scenario = small()
    draws = draws_for(scenario, 6, 3)
    assert len(draws) == 3
    assert [draws.place(number) for number in range(1, 7)] == [0, 0, 1, 1, 2, 2]
    assert len({tuple(draws.of(number).items()) for number in range(1, 7)}) == 3
    lived = draws.hold_in(scenario, 3)
    assert all(lived.number(path) == value for path, value in draws.of(3).items())
    path = next(iter(draws.paths))
    own = draws.hold_in(scenario.with_values({path: in_force().by_path[path].low}), 3)
    assert own.number(path) == in_force().by_path[path].low, "what a scenario sets itself it keeps"


def test_how_many_draws() -> None:
    scenario = small()
    assert [len(draws_for(scenario, each)) for each in (2, FEWEST - 1, FEWEST, 20)] == [0, 0, 5, 10]
    assert [len(draws_for(scenario, 20, asked)) for asked in (0, 4, 1000)] == [0, 4, 10]
    assert len(draws_for(scenario, 4, 2)) == 2


@pytest.mark.parametrize(("parameters", "luck", "share"), [(0.0, 1.0, 1.0), (1.0, 0.0, 0.0), (1.0, 1.0, 1 / 42)])
def test_parameters_and_luck_are_told_apart(parameters: float, luck: float, share: float) -> None:
    """20 draws, two replications each, over 400 indicators: the mean share of luck is that of the known variances.

    Luck of the mean has variance luck/40, parameters (1 + 1/20); 400 estimates of a variance with 19 degrees of freedom
    have a mean within 2 % (one standard error), and what is cut off at zero leaves luck alone below 1: 0.15 is wide.
    """
    rng = np.random.default_rng(5)
    common = np.repeat(rng.normal(0, parameters, (20, 400)), 2, axis=0)
    values = pd.DataFrame(common + rng.normal(0, luck, (40, 400)), columns=[f"x{k}" for k in range(400)])
    values.index = pd.MultiIndex.from_product([range(1, 41), [2027]], names=["replication", "year"])
    found = mean_intervals(values, "year", 20)
    expected = (luck / 40) / (parameters * 1.05 + luck / 40)
    assert expected == pytest.approx(share, abs=0.01)
    most = np.median(found["luck_share"])
    assert most == pytest.approx(expected, abs=0.7 if not parameters else 0.02)
    without = mean_intervals(values, "year")
    wider = ((found["high"] - found["low"]) / (without["high"] - without["low"])).median()
    assert wider > 4 if parameters else 0.9 < wider < 3


def test_pairs_that_share_a_draw_are_one_draw() -> None:
    """Four draws, ten replications at each: the same known variances, over 2000 indicators.

    A variance with three degrees of freedom is off by 82 % (one standard error), the mean of 2000 by 1.9 %: 10 % is
    wide. Were each of the twenty pairs a draw of its own, as many draws would seem to have been lived, and the interval
    be narrower by half.
    """
    rng = np.random.default_rng(6)
    at = np.array([Draws(("x",), ((0.0,),) * 4).place(number) for number in range(1, 41)])
    values = pd.DataFrame(rng.normal(0, 1, (4, 2000))[at] + rng.normal(0, 1, (40, 2000)))
    values.index = pd.MultiIndex.from_product([range(1, 41), [2027]], names=["replication", "year"])
    found = mean_intervals(values, "year", 4)
    assert (found["error"] ** 2).mean() == pytest.approx(1.0 * (1 + 1 / 4) + 1 / 40, rel=0.1)
    np.testing.assert_allclose((found["high"] - found["mean"]) / found["error"], t95(3.0))


def test_luck_alone_is_what_more_runs_would_take_away() -> None:
    """20 draws, two replications each, over 2000 indicators whose parameters are known to bring nine times the luck.

    The interval of the mean of 40 with unit luck is 2 t(20) / sqrt(40) wide; the mean of 2000 estimates of a standard
    deviation with 20 degrees of freedom is within 0.4 % of it (one standard error), and 1.3 % lower as such means are.
    """
    rng = np.random.default_rng(7)
    values = pd.DataFrame(np.repeat(rng.normal(0, 3, (20, 2000)), 2, axis=0) + rng.normal(0, 1, (40, 2000)))
    values.index = pd.MultiIndex.from_product([range(1, 41), [2027]], names=["replication", "year"])
    both = paired(values, 0 * values, "year", 20)
    luck = luck_alone(both, 20, "difference")
    assert (luck["high"] - luck["low"]).mean() == pytest.approx(2 * t95(20) / np.sqrt(40), rel=0.04)
    assert ((luck["high"] + luck["low"]) / 2).to_numpy() == pytest.approx(both["difference"].to_numpy())
    assert (luck["chance_sign_right"] > both["chance_sign_right"]).mean() > 0.99


def test_a_run_alone_lives_at_draws_only_when_asked() -> None:
    assert len(MainJob(small()).spread) == len(MainJob(small(replications=12)).spread) == 0
    assert len(MainJob(small(), draws=3).spread) == 3


def test_a_comparison_lives_at_draws_and_says_so(tmp_path: Path) -> None:
    """The real market, small: both sides at the same draws, told in table and manifest, refused with others."""
    base, reform = small(), small(**{"layoffs.extra_rate.all": 0.02})
    job = MainJob(reform, base, workers=1, out=tmp_path / "out", draws=3)
    outcome = run_main_job(job, Progress(StringIO(), quiet=True))
    assert outcome.comparison is not None
    assert outcome.comparison.draws == 3
    years = outcome.comparison.years
    assert years["luck_share"].dropna().between(0, 1).all()
    assert "3 draws, two runs at each" in " ".join(render_comparison(outcome.comparison, 100, colour=False).split())
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert list(manifest["draws"]) == [str(number) for number in range(1, 7)]
    again = run_main_job(job, Progress(StringIO(), quiet=True))
    assert again.comparison is not None
    with pytest.raises(BadRequest, match="draws of the fitted parameters"):
        run_main_job(MainJob(reform, base, 1, tmp_path / "out", draws=0), Progress(StringIO(), quiet=True))


def test_a_run_alone_lives_at_the_best_values() -> None:
    assert MainJob(small()).spread == Draws()
