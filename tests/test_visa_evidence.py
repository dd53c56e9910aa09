"""The evidence test of the visa: what its estimates mean, and that the model is on the right side of it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from engine_cases import ROOT
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.engine.progress import Progress
from experiments.validation import visa_evidence
from experiments.validation.visa_doses import COLUMNS, Design, Size, doses_of, quota_for, without_visa
from experiments.validation.visa_evidence import HIRES, Evidence, bend, evidence_of, line, measure
from model.mechanisms.visa.arrivals import admitted
from model.scenario.scenario import Scenario, load_scenario
from views.figures.canvas import NARROW, WIDE, Layout
from views.validation.visa_evidence import draw
from views.words.language import Speech

Floats = NDArray[np.float64]
SEEDS = 24
#: Student's t with 23 degrees of freedom is larger with a chance below 1 in 10,000.
CERTAIN = 4.6
#: Two years of arrivals early on, so that little has to be lived; the ends of the sweep.
EARLY = Design("2018-07", "2020-07", "2021-04", "2022-03", (2_000_000,), (-3.0, 4.5))


@cache
def baseline() -> Scenario:
    return load_scenario(ROOT / "scenarios" / "baseline.yaml")


def quiet() -> Progress:
    return Progress(io.StringIO(), quiet=True)


# --- the model ------------------------------------------------------------------------------------------------------


@cache
def early() -> Evidence:
    return measure(baseline(), quiet(), Size(20_000, SEEDS), EARLY)


def by_seed(column: str, complementarity: float, scale: float = 1.0) -> Floats:
    """An outcome per holder at work, or per 100,000 of them, one value per seed."""
    cell = early().points[early().points["complementarity"] == complementarity]
    return (scale * cell[column] / cell["at_work"]).to_numpy(np.float64)


def surely(values: Floats) -> tuple[float, float]:
    """Between what the true mean lies, but for one choice of seeds in 10,000 on either side."""
    half = CERTAIN * values.std(ddof=1) / np.sqrt(len(values))
    return float(values.mean() - half), float(values.mean() + half)


def test_hires_that_cost_posts_displace_natives_and_hires_that_bring_many_employ_them() -> None:
    """At 4.6 standard errors; when written the two stood at 7 and 13."""
    assert surely(by_seed("native_jobs", -3.0))[1] < 0
    assert surely(by_seed("native_jobs", 4.5))[0] > 0


def test_youth_unemployment_follows_native_jobs_below_the_ceiling() -> None:
    """Higher where hires cost posts than where they bring them; 100,000 at work never move it by 0.3 points."""
    costs, brings = by_seed("youth", -3.0, HIRES), by_seed("youth", 4.5, HIRES)
    assert surely(costs - brings)[0] > 0
    assert surely(costs)[1] < 0.3
    assert surely(brings)[0] > -0.3


def test_the_people_of_a_dose_come_and_nearly_all_work() -> None:
    at_work = early().points["at_work"].to_numpy()
    assert (at_work > 0.7 * EARLY.doses[0]).all()
    assert (at_work <= EARLY.doses[0]).all()


def test_the_same_seed_gives_the_same_points_alone_and_in_company() -> None:
    alone = doses_of(without_visa(baseline(), 20_000, EARLY), EARLY, 3)
    among = early().points[early().points["seed"] == 3]
    assert all(np.array_equal(alone[name], among[name].to_numpy()) for name in COLUMNS)


@pytest.mark.parametrize(("arrivals", "applying"), [(1_000.0, 1e6), (250_000.0, 1e6), (999_000.0, 1.7e6)])
def test_the_quota_admits_the_arrivals_asked_for(arrivals: float, applying: float) -> None:
    assert admitted(quota_for(arrivals, applying), applying) == pytest.approx(arrivals)


def test_more_arrivals_than_apply_are_refused() -> None:
    with pytest.raises(ValueError, match="can be had"):
        quota_for(1e6, 1e6)


# --- the estimates --------------------------------------------------------------------------------------------------


def made_up(curve: float = 0.0, noise: float = 0.02) -> dict[int, Mapping[str, Floats]]:
    """Seeds whose psi is 0.5 c - 0.5 and whose slope is -0.04 psi, with noise and perhaps a curve."""
    luck, design = np.random.default_rng(5), Design()
    complementarity, hires = (
        grid.ravel() for grid in np.meshgrid(design.complementarities, np.array(design.doses) / HIRES, indexing="ij")
    )
    records = {}
    for seed in range(20):
        psi = 0.5 * complementarity - 0.5 + noise * luck.standard_normal(len(hires))
        jobs, youth = psi * hires, -0.04 * psi * hires + curve * hires**2
        values = (complementarity, hires * HIRES, hires * HIRES, jobs * HIRES, youth, youth / 4)
        records[seed] = dict(zip(COLUMNS, values, strict=True))
    return records


def test_psi_and_slopes_are_found() -> None:
    evidence = evidence_of(made_up(), Design())
    lines = evidence.lines
    assert lines["psi"].to_numpy() == pytest.approx(0.5 * lines["complementarity"].to_numpy() - 0.5, abs=0.02)
    assert lines["slope"].to_numpy() == pytest.approx(-0.04 * lines["psi"].to_numpy(), abs=0.001)
    assert (lines["psi_low"] < lines["psi"]).all()
    assert (lines["psi"] < lines["psi_high"]).all()
    for psi in (-1.0, 0.0, 1.0):
        slope, low, high = evidence.slope_at(psi)
        assert low < slope < high
        assert slope == pytest.approx(-0.04 * psi, abs=0.001)
    assert evidence.psi_range == pytest.approx((-3.5, 1.75), abs=0.02)
    assert evidence.highest_slope == pytest.approx(0.14, abs=0.001)


def test_a_bend_is_seen_and_a_line_is_not_taken_for_one() -> None:
    assert evidence_of(made_up(), Design()).straightness > 1e-4
    assert evidence_of(made_up(curve=2e-4), Design()).straightness < 1e-6


def test_psi_that_the_sweep_does_not_reach_has_no_slope() -> None:
    narrow = {seed: {name: values[8:12] for name, values in record.items()} for seed, record in made_up().items()}
    assert np.isnan(evidence_of(narrow, Design()).slope_at(1.0)[0])


def test_line_and_bend_in_closed_form() -> None:
    hires = np.array([5.0, 10.0, 20.0])
    assert line(hires, 3 * hires) == pytest.approx(3)
    assert bend(hires, 3 * hires) == pytest.approx(0, abs=1e-12)
    assert bend(hires, 3 * hires + 0.1 * hires**2) == pytest.approx(0.1 * 20)
    assert np.isnan(bend(np.array([5.0]), np.array([1.0])))


# --- accidents ------------------------------------------------------------------------------------------------------


def test_seeds_that_fail_are_listed_and_an_interrupt_keeps_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    records = made_up()

    def lived(_scenario: Scenario, _design: Design, seed: int) -> Mapping[str, Floats]:
        if seed == 2:
            raise ArithmeticError("a broken identity")
        if seed == 6:
            raise KeyboardInterrupt
        return records[seed]

    monkeypatch.setattr(visa_evidence, "doses_of", lived)
    evidence = measure(baseline(), quiet(), Size(20_000, 10))
    assert evidence.interrupted
    assert [failure.task for failure in evidence.failures] == [2]
    assert sorted(set(evidence.points["seed"])) == [1, 3, 4, 5]


def test_one_seed_is_not_enough() -> None:
    with pytest.raises(ValueError, match="takes two"):
        evidence_of({1: made_up()[1]}, Design())


# --- the figure -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", [WIDE, NARROW], ids=lambda layout: layout.name)
def test_the_figure_shows_every_complementarity(layout: Layout, tmp_path: Path) -> None:
    evidence = evidence_of(made_up(), Design())
    figure = draw(evidence, Speech(), layout)
    assert isinstance(figure, Figure)
    figure.savefig(tmp_path / "figure.png")
    texts = [text for axes in figure.axes for text in axes.texts] + [
        text for key in figure.legends for text in key.get_texts()
    ]
    words = [text.get_text() for text in texts]
    for posts in ("−6", "−3", "+0", "+2.25", "+4.5"):
        assert any(word.startswith(f"{posts}: ψ ") for word in words), posts
