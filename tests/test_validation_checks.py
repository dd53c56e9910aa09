"""What each check says of evidence made by hand: it passes where it should, and it can fail."""

from __future__ import annotations

import math

import numpy as np
import pytest
from validation_cases import ALL_CHECKS, BAD, GOOD, YOUTH, cycle, ensemble, hazards, scar, shifted, verdict

from experiments.engine.errors import BadRequest
from experiments.validation.catalogue import CHECKS, EXPERIMENTS, choose
from experiments.validation.checks import Check, near
from experiments.validation.connectivity import FEW, MORE, SHIPPED, graphs
from experiments.validation.demand_cycle import enclosed_area
from experiments.validation.series_checks import later_checks


def test_every_check_has_evidence_that_fails_it() -> None:
    assert set(BAD) == {check.name for check in ALL_CHECKS}
    assert {check.experiment.name for check in ALL_CHECKS} == set(GOOD) == {known.name for known in EXPERIMENTS}


@pytest.mark.parametrize("check", ALL_CHECKS, ids=lambda check: check.name)
def test_a_check_passes_in_the_good_world_and_fails_in_a_bad_one(check: Check) -> None:
    good, bad = check.judge(GOOD[check.experiment.name]), check.judge(BAD[check.name]())
    assert good.passed, good
    assert math.isfinite(good.value)
    assert not bad.passed, bad


def test_a_constant_bias_is_the_error_of_the_fit_and_none_of_the_shape() -> None:
    off = shifted(YOUTH, 0.3)
    assert verdict("fit_16_24", off).value == pytest.approx(0.3)
    assert verdict("shape_16_24", off).value == pytest.approx(0.0, abs=1e-9)
    assert "mean error +0.30" in verdict("fit_16_24", off).note


def test_the_best_constant_scores_what_the_table_of_targets_says() -> None:
    notes = {name: verdict(name, ensemble()).note for name in ("fit_16_24", "fit_25_29", "fit_all_from_2018")}
    assert "constant scores 1.37" in notes["fit_16_24"]
    assert "constant scores 0.33" in notes["fit_25_29"]
    assert "constant scores 0.29" in notes["fit_all_from_2018"]


def test_slopes_are_those_that_were_put_in() -> None:
    assert verdict("beveridge_slope", cycle(slope=-0.7, lead=0.0)).value == pytest.approx(-0.7)
    assert verdict("job_finding_on_tightness", cycle(finding=0.33)).value == pytest.approx(0.33)


def test_a_circle_counter_clockwise_encloses_its_area() -> None:
    angle = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    assert enclosed_area(2 * np.cos(angle), 2 * np.sin(angle)) == pytest.approx(4 * np.pi, rel=1e-4)
    assert enclosed_area(2 * np.cos(angle), -2 * np.sin(angle)) == pytest.approx(-4 * np.pi, rel=1e-4)


def test_jobs_that_end_in_a_year_follow_from_the_life_table() -> None:
    assert hazards(new=0.05).ended_in_a_year == pytest.approx(1 - 0.95**12)


def test_effects_of_a_slump_are_told_for_its_declared_size() -> None:
    found = scar(first=-0.09)
    doubled = type(found)(found.first_pay, found.pay, found.earnings, 2 * found.youth)
    assert found.first_pay_loss()[0] == pytest.approx(-9.0)
    assert doubled.first_pay_loss()[0] == pytest.approx(-4.5)


def test_a_scar_that_does_not_exist_cannot_fade() -> None:
    found = scar(first=-0.09)
    unsure = type(found)(np.array([-0.2, 0.1]), found.pay, found.earnings, found.youth)
    judged = verdict("graduate_scar_fades", unsure)
    assert not judged.passed
    assert math.isnan(judged.value)


def test_a_missing_value_fails() -> None:
    assert not near(1.0, 0.5, math.nan).passed


def test_graphs_differ_in_ways_out_and_not_in_the_chance_to_move() -> None:
    made = graphs()
    stay = {name: np.diag(weights) for name, weights in made.items()}
    for name, weights in made.items():
        np.testing.assert_allclose(weights.sum(axis=1), 1.0, err_msg=name)
        np.testing.assert_allclose(stay[name], stay[SHIPPED], err_msg=name)
    ways = {name: (weights > 0).sum(axis=1) - 1 for name, weights in made.items()}
    assert (ways[FEW] <= ways[SHIPPED]).all()
    assert (ways[SHIPPED] < ways[MORE]).all()
    assert ways[FEW].max() <= 5


def test_an_unknown_check_names_the_nearest_and_all() -> None:
    with pytest.raises(BadRequest, match="did you mean 'beveridge_loop'") as error:
        choose(["beveridge_lop"], {})
    assert all(check.name in str(error.value) for check in CHECKS)
    with pytest.raises(BadRequest, match="name their folder with --published"):
        choose(["published_agents"], {})
    assert len(choose([], {}, published=True)) == len(CHECKS) + 2
    assert [check.name for check in choose(["jobs_per_yuan", "fit_all"], {})] == ["fit_all", "jobs_per_yuan"]


def test_later_months_are_judged_against_the_same_month_a_year_before() -> None:
    """The good world says 5 % in every month after the data; invented months, 15.8 % and 14.9 % a year before."""
    later = {YOUTH: {"2026-05": 5.1, "2025-05": 15.0}}
    (check,) = later_checks(later)
    judged = check.judge(ensemble())
    assert check.name == "later_16_24"
    naive = math.sqrt(((14.2 - 15.0) ** 2 + (15.0 - 5.1) ** 2) / 2)
    own = math.sqrt(((14.9 - 15.0) ** 2 + 0.1**2) / 2)
    assert judged.value == pytest.approx(own / naive)
    assert judged.passed
    assert not check.judge(shifted(YOUTH, 20.0)).passed
