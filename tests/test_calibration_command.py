"""`run.py calibrate` on the agents: small, but the whole way; and what it refuses."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from calibration_toy import FREE, LEVEL, toy_laboratory, toy_space, toy_targets

from experiments.calibration.ablation import MECHANISMS, Mechanism, ablate, switched_off
from experiments.calibration.bands import LEVEL as BAND_LEVEL
from experiments.calibration.bands import parameter_bands
from experiments.calibration.campaign import Plan
from experiments.calibration.job import Laboratories, unfitted_baseline
from experiments.calibration.options import read_calibration
from experiments.calibration.simulations import Run
from experiments.engine.errors import BadRequest
from experiments.engine.progress import Progress
from experiments.official_months import LAST_SCORED
from model.country.china import CHINA
from model.scenario.fitted import read_fitted
from model.scenario.scenario import default_scenario
from model.specification import in_force

ROOT = Path(__file__).resolve().parent.parent
SMALL = ("--quick", "--design", "50", "--population", "2000", "--replications", "2", "--workers", "1")


def command(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "run.py", "calibrate", *words], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("calibration")
    return folder, command(*SMALL, "--recover", "3", "--out", str(folder))


def test_the_whole_way(finished: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, done = finished
    assert done.returncode == 0, done.stderr
    for words in ("16-24", "separation_settled", "months held back", "rank correlation", "core-hours"):
        assert words in done.stdout
    assert read_fitted(folder / CHINA.fitted_file.name)["made_from"]["persons"] == 2000
    months = pd.read_csv(folder / "months.csv")
    monthly = months[months["group"] != "facts"]
    assert monthly["month"].max() == LAST_SCORED
    assert (monthly["predictive_low"] < monthly["predictive_high"]).all()
    assert np.isfinite(monthly["model"]).all()
    for name in ("scores", "scores_told_less", "profiles", "held_out", "combinations", "recovery"):
        assert len(pd.read_csv(folder / f"{name}.csv")) > 0
    for name in ("calibration_fit", "calibration_profiles"):
        assert (folder / "figures" / f"{name}.png").stat().st_size > 10_000


def test_finished_runs_are_found_again(finished: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, first = finished
    runs = len(list(folder.glob("simulations/*/*.npz")))
    again = command(*SMALL, "--out", str(folder))
    assert " 0 runs computed now" in again.stdout
    assert len(list(folder.glob("simulations/*/*.npz"))) == runs
    told = again.stdout.rpartition("\n\n")[0].rpartition("\n\n")[0]
    assert first.stdout.startswith(told)
    assert "months held back" in told


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--design", "3"), "at least 50"),
        (("--recover", "1"), "at least 3"),
        (("--workers", "none"), "not a number of processes"),
        (("--desing", "100"), "did you mean '--design'"),
        (("--out", __file__), "is a file"),
    ],
)
def test_mistakes_are_answered(words: tuple[str, ...], complaint: str) -> None:
    with pytest.raises(BadRequest, match=complaint):
        read_calibration(words)


def test_a_run_depends_on_its_scenario(tmp_path: Path) -> None:
    """Agents with another value put in keep their runs apart."""
    laboratories = Laboratories(tmp_path, 1, Progress(sys.stderr, quiet=True), unfitted_baseline(), "d", "e")
    folders = {
        laboratories.having(values).store.folder
        for values in ({}, {"parameters.churn_power": 0.0}, {"macro.outside_figures": "known_2025_06"})
    }
    assert len(folders) == 3


def test_every_mechanism_can_be_switched_off() -> None:
    base = default_scenario()
    for mechanism in MECHANISMS:
        assert set(mechanism.off) <= set(in_force().by_path), mechanism.words
        without = switched_off(base, mechanism.off)
        assert all(without.value(path) == value for path, value in mechanism.off.items())
    assert switched_off(base, {}) == base


def test_what_a_mechanism_is_worth(tmp_path: Path) -> None:
    """Without its level the toy cannot fit; without what leaves no trace it fits as before."""
    plan = Plan(design=64, population=100_000)
    opened = []

    def without(off: object) -> object:
        opened.append(off)
        return _Frozen(toy_laboratory(tmp_path / str(len(opened))), off)

    level, idle = Mechanism("level", {LEVEL.path: 3.0}), Mechanism("idle", {FREE[2].path: 0.0})
    nothing, no_level, no_idle = ablate(
        toy_space(), toy_targets(), without, plan, (Mechanism("nothing", {}), level, idle)  # type: ignore[arg-type]
    )  # fmt: skip
    errors = [{one.group: one.rmse for one in found.scores}["all"] for found in (nothing, no_level, no_idle)]
    assert errors[0] < 0.1
    assert errors[1] > 1
    assert errors[2] < 0.1


class _Frozen:
    """The toy's laboratory with some numbers held, as a scenario holds them for the agents."""

    def __init__(self, laboratory: object, held: object) -> None:
        self.laboratory, self.held = laboratory, held
        self.progress = laboratory.progress  # type: ignore[attr-defined]

    def answers(self, runs: list[Run], targets: object) -> object:
        whole = [Run.of({**dict(run.settings), **self.held}, run.population, run.seed) for run in runs]  # type: ignore[dict-item]
        return self.laboratory.answers(whole, targets)  # type: ignore[attr-defined]


def test_bands_tell_parameters_from_luck() -> None:
    """Draws that move a level by sd 1, luck of sd 0.5: both bands come out, whatever the number of seeds."""
    draws = [{"parameters.slack": value} for value in np.linspace(0.01, 0.03, 21)]
    seeds = list(range(200))
    table = parameter_bands(
        default_scenario(), draws, seeds, ["unemployment_rate"], 1, Progress(sys.stderr, quiet=True), _toy_life
    )
    assert list(table["month"]) == ["2018-01", "2018-02"]
    reach = NormalDist().inv_cdf((1 + BAND_LEVEL) / 2)
    parameter = (table["parameter_high"] - table["parameter_low"]) / (2 * reach)
    luck = (table["replication_high"] - table["replication_low"]) / (2 * reach)
    # 200 seeds: within six standard errors.
    assert parameter.to_numpy() == pytest.approx(np.std([d["parameters.slack"] for d in draws], ddof=1), rel=0.1)
    assert luck.to_numpy() == pytest.approx(0.005, rel=0.1)
    wide = (table["predictive_high"] - table["predictive_low"]) / (2 * reach)
    assert (wide.to_numpy() > parameter.to_numpy()).all()


def _toy_life(indicators: object, world: object) -> dict[str, np.ndarray]:
    del indicators
    luck = np.random.default_rng(1000 * world.draw + world.seed).standard_normal(2)  # type: ignore[attr-defined]
    slack = world.scenario.number("slack")  # type: ignore[attr-defined]
    return {"month": np.arange(2), "unemployment_rate": slack + 0.005 * luck}
