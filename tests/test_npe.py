"""The cross-check of a calibration, as far as it goes without its nets: they need an extra that no suite installs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import kstest

from experiments.calibration.campaign import WIDENING, Plan, design_runs, first_shares
from experiments.calibration.free_parameters import Space, free_parameters
from experiments.calibration.npe import Runs, main, read_runs, train, under_prior, widened
from experiments.calibration.simulations import Store
from experiments.calibration.targets import KEPT
from experiments.engine.errors import BadRequest
from tests.calibration_toy import toy_space, toy_targets


def test_draws_of_the_widened_prior_are_weighted_to_the_prior() -> None:
    space, rng = toy_space(), np.random.default_rng(3)
    drawn = under_prior(space, rng.standard_normal((200_000, len(space))), 2000)
    prior = space.to_values(space.draw_prior(rng, 200_000))
    for place in range(len(space)):
        # Kolmogorov-Smirnov, three parameters: false alarm 1e-4 in all.
        assert kstest(drawn[:, place], prior[:, place]).pvalue > 3e-5
    wide = widened(space).to_values(widened(space).draw_prior(rng, 20_000))
    again = space.to_values(space.from_prior(rng.random((20_000, len(space))), WIDENING))
    for place in range(len(space)):
        assert kstest(wide[:, place], again[:, place]).pvalue > 3e-5
    assert kstest(wide[:, 1], prior[:, 1]).pvalue < 1e-6, "the widened prior is told from the prior"


def test_the_first_wave_is_read_and_some_kept_back(tmp_path: Path) -> None:
    words = ["run.py", "calibrate", "--design", "50", "--population", "1000", "--out", "<outside>/x"]
    (tmp_path / "manifest.json").write_text(json.dumps({"command": words, "kind": "calibration"}))
    (tmp_path / "simulations").mkdir()
    with pytest.raises(BadRequest, match="holds no runs"):
        read_runs(tmp_path)
    space, plan = Space(free_parameters()), Plan(design=50, population=1000)
    shares = first_shares(space, plan)
    for number, run in enumerate(design_runs(space, plan, space.from_prior(shares, WIDENING), 1)):
        outputs = {name: np.full(98, 0.05 + number / 1e4) for name in KEPT}
        Store(tmp_path / "simulations", "one").keep(run, outputs, 1.0)
    found = read_runs(tmp_path)
    assert np.allclose(found.shares, shares)
    assert np.allclose(found.answers[:, found.targets.positive].T, 5 + np.arange(50) / 100)
    learnt, worlds = found.apart(20)
    assert (len(learnt.shares), len(worlds.shares)) == (30, 20)
    assert len(np.unique(np.vstack([learnt.shares, worlds.shares]), axis=0)) == 50, "no world is learnt from"


def test_nets_find_what_data_tell() -> None:
    """The cross-check's nets on a toy where all months tell the first parameter and none the third."""
    pytest.importorskip("sbi", reason="the extra npe is not installed")
    targets, space = toy_targets(), toy_space()
    shares = np.random.default_rng(1).random((600, len(space)))
    answers = 5.0 + 2.0 * ndtri(np.clip(shares[:, :1], 1e-3, 1 - 1e-3)) * np.ones(len(targets))
    runs = Runs(space, targets, shares, answers, 1000)
    score = train(runs).normal_scores(np.full((1, len(targets)), 7.0), 2000)[0]
    # Two points above the mean: one standard deviation of the first parameter, and nothing of the others.
    assert abs(score[:, 0].mean() - 1.0) < 0.3
    assert score[:, 0].std() < 0.5
    assert abs(score[:, 2].mean()) < 0.4
    assert 0.6 < score[:, 2].std() < 1.4


def test_a_folder_without_a_calibration_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BadRequest, match="no finished calibration"):
        read_runs(tmp_path)
    with pytest.raises(SystemExit) as left:
        main([str(tmp_path)])
    assert left.value.code == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
