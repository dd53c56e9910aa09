"""A fit finds what was put in, says what it cannot know, and loses nothing when it is killed."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from calibration_toy import FREE, IDLE, LEVEL, SEASON, TRUTH, ToyMarket, toy_laboratory, toy_space, toy_targets

from experiments.calibration.campaign import Calibration, Plan, calibrate, first_wave
from experiments.calibration.emulator import learn, quadratic_features
from experiments.calibration.free_parameters import MOST, FreeParameter, Space, free_parameters
from experiments.calibration.holdout import hold_out
from experiments.calibration.identification import cannot_tell, combinations, recover
from experiments.calibration.posterior import Problem, best_point, profile, sample
from experiments.calibration.scores import score, year_before
from experiments.calibration.simulations import CalibrationError, Run
from experiments.calibration.targets import FACT_GROUP, SERIES, official_targets
from experiments.official_months import LAST_SCORED
from model.country.china import CHINA
from model.schedule import month_index

PLAN = Plan(design=64, waves=2, population=10_000, confirming_runs=4, confirming_population=100_000, draws=200)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Calibration:
    """The toy's own numbers, fitted to what they would publish."""
    return calibrate(toy_space(), toy_targets(), toy_laboratory(tmp_path_factory.mktemp("toy")), PLAN)


# --- what is fitted, and to what -------------------------------------------------------------------


def test_free_parameters_are_few_and_declared_once() -> None:
    free = free_parameters()
    assert sum(not one.held for one in free) <= MOST
    assert len({parameter.path for parameter in free}) == len(free)
    for parameter in free:
        assert parameter.low <= parameter.centre <= parameter.high, parameter.path
        assert parameter.source, f"{parameter.path} names no source"


def test_no_month_after_the_last_is_a_target() -> None:
    targets = official_targets()
    monthly = [month for month, group in zip(targets.month, targets.group, strict=True) if group != FACT_GROUP]
    assert max(monthly) == month_index(LAST_SCORED)
    assert all(one.last <= LAST_SCORED for one in SERIES)
    assert LAST_SCORED == "2026-02"


def test_targets_are_the_published_figures() -> None:
    targets = official_targets()
    groups = CHINA.published.groups
    names = {one.name: one.group for one in SERIES}
    for group, label, value in zip(targets.group, targets.label, targets.official, strict=True):
        if group != FACT_GROUP:
            assert value == groups[names[group]][label].percent


def test_definitions_are_never_joined() -> None:
    """No series crosses the change, and errors on both sides of it have nothing to do with each other."""
    targets = official_targets()
    for one in SERIES:
        assert (one.first >= CHINA.official.new_definition) or (one.last < CHINA.official.new_definition), one.name
    new = {one.name: one.first >= CHINA.official.new_definition for one in SERIES}
    side = np.array([2 if group == FACT_GROUP else int(new[group]) for group in targets.group])
    apart = side[:, None] != side[None, :]
    assert np.all(targets.covariance[apart] == 0)
    groups, months = np.array(targets.group), np.array(targets.label)
    young, all_ages = (np.flatnonzero((groups == name) & (months == "2024-07"))[0] for name in ("16-24", "all"))
    assert targets.covariance[young, all_ages] > 0, "what moves one age moves all"
    assert np.all(np.linalg.eigvalsh(targets.covariance) > 0)


def test_months_of_a_shock_hardly_count() -> None:
    targets = official_targets()
    sd = np.sqrt(np.diag(targets.covariance))
    for group in {targets.group[row] for row in np.flatnonzero(targets.shock)}:
        own = np.array(targets.group) == group
        assert sd[own & targets.shock].min() > 2.5 * sd[own & ~targets.shock].max(), group
    assert {"2020-02", "2020-06", "2022-04"} <= {targets.label[row] for row in np.flatnonzero(targets.shock)}


def test_box_and_values_are_the_same_points() -> None:
    space = Space(free_parameters())
    box = np.random.default_rng(1).uniform(-1, 1, (20, len(space)))
    assert np.allclose(space.to_box(space.to_values(box)), box)
    drawn = space.draw_prior(np.random.default_rng(2), 4000)
    assert np.all(np.abs(drawn) <= 1)
    logs = Space([FreeParameter("toy.x", 0.1, 10.0, 1.0, sd=0.2)])
    drawn = np.log(logs.to_values(logs.draw_prior(np.random.default_rng(3), 4000)))
    assert abs(drawn.std() - 0.2) < 6 * 0.2 / np.sqrt(8000)
    free = FreeParameter("toy.x", 0.0, 10.0, 4.0, sd=0.5)
    values = Space([free]).to_values(Space([free]).draw_prior(np.random.default_rng(3), 4000))
    # 4,000 draws: six standard errors of the mean (5e-9) and of the spread.
    assert abs(values.mean() - 4.0) < 6 * 0.5 / np.sqrt(4000)
    assert abs(values.std() - 0.5) < 6 * 0.5 / np.sqrt(8000)


def test_too_many_parameters_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 15"):
        Space([FreeParameter(f"toy.x{number}", 0, 1, 0.5) for number in range(MOST + 1)])


# --- the surface -----------------------------------------------------------------------------------


def test_a_quadratic_is_learnt_exactly() -> None:
    rng = np.random.default_rng(4)
    box, new = rng.uniform(-1, 1, (120, 4)), rng.uniform(-1, 1, (50, 4))
    truth = rng.standard_normal((15, 3))
    surface = learn(box, quadratic_features(box) @ truth)
    assert np.allclose(surface(new), quadratic_features(new) @ truth, atol=1e-3)
    assert np.allclose(surface(new[0]), surface(new)[0])
    assert np.all(surface.left_out_sd < 1e-3)


def test_a_rate_that_is_a_product_is_learnt_exactly() -> None:
    """Its logarithm is a quadratic; negative targets beside it are left as they are."""
    rng = np.random.default_rng(14)
    box, new = rng.uniform(-1, 1, (120, 4)), rng.uniform(-1, 1, (50, 4))
    truth = 0.3 * rng.standard_normal((15, 2))

    def answers(points: np.ndarray) -> np.ndarray:
        level = quadratic_features(points) @ truth
        return np.stack([np.exp(level[:, 0]), -level[:, 1]], axis=1)

    surface = learn(box, answers(box), np.array([True, False]))
    assert np.allclose(surface(new), answers(new), atol=1e-3)
    moved = surface.shifted(np.array([0.5, -0.5]), surface.error_sd)
    assert np.allclose(moved(new) - surface(new), [0.5, -0.5])
    step = 1e-6 * np.eye(4)
    slopes = [(moved(new[0] + s) - moved(new[0] - s)) / 2e-6 for s in step]
    assert np.allclose(moved.slopes(new[0]), slopes, rtol=1e-4, atol=1e-6)


def test_luck_of_slopes_does_not_look_like_knowledge() -> None:
    """The slopes of what moves no month of a series would be luck, of variance 1 / 200 each, if nothing shrank them."""
    rng = np.random.default_rng(6)
    box = rng.standard_normal((200, 3))
    months = 3.0 * box[:, :1] + box[:, 1:2] * np.linspace(0, 1, 60) + rng.standard_normal((200, 60))
    slopes = learn(box, months).slopes(np.zeros(3))
    # A mean of 60 such squares has a relative spread of 0.18: a third of it is 3.7 of them below (1e-4).
    assert np.mean(slopes[2] ** 2) < 1 / 600
    assert np.abs(slopes[0] - 3.0).mean() < 0.15
    assert np.corrcoef(slopes[1], np.linspace(0, 1, 60))[0, 1] > 0.9, "months keep slopes of their own"


def test_luck_is_averaged_out() -> None:
    """With noise of size 1 in each of 400 runs the error left out is near 1 and the surface's own far smaller."""
    rng = np.random.default_rng(5)
    box = rng.uniform(-1, 1, (400, 3))
    mean = quadratic_features(box) @ rng.standard_normal((10, 1))
    surface = learn(box, mean + rng.standard_normal((400, 1)))
    assert 0.8 < surface.left_out_sd[0] < 1.2  # 400 draws: six standard errors
    error = surface(box) - mean
    assert np.sqrt(np.mean(error**2)) < 0.35
    # The stated uncertainty is the real one: ten effective coefficients on 400 runs.
    assert 0.3 < np.sqrt(np.mean(error**2)) / surface.error_sd[0] < 3


# --- the fit ---------------------------------------------------------------------------------------


def test_the_toy_is_found_again(found: Calibration) -> None:
    draws = found.space.to_values(found.draws)
    for place, parameter in enumerate(FREE[:2]):
        spread = draws[:, place].std()
        assert abs(found.settings[parameter.path] - TRUTH[parameter.path]) < 4 * spread
    assert draws[:, 0].std() < 0.05
    assert found.agreement("all") < 0.1
    assert all(one.rmse < 0.1 for one in score(found.targets, found.confirmed))


def test_what_the_data_cannot_know_keeps_its_prior(found: Calibration) -> None:
    idle = found.space.to_values(sample(found.problem, found.best, 4000))[:, 2]
    # 4,000 draws of chains that remember: the prior's spread is 0.3, cut at one.
    assert abs(idle.std() - found.space.prior_sd()[2]) < 0.05
    directions = combinations(found)
    assert directions[0].weights[0][0] == "idle"
    assert directions[0].left == pytest.approx(1, abs=0.3)
    assert any("idle" in sentence for sentence in cannot_tell(directions))
    assert not any("level" in sentence for sentence in cannot_tell(directions))


def test_a_profile_is_lowest_at_the_best_point(found: Calibration) -> None:
    held, losses = profile(found.problem, found.best, 0)
    assert losses.min() >= found.best.loss - 1e-6
    assert abs(held[np.argmin(losses)] - found.best.box[0]) < 1e-3
    assert losses[0] > found.best.loss + 10
    held, losses = profile(found.problem, found.best, 2)
    near = np.abs(held - found.best.box[2]) < 0.1
    assert losses[near] == pytest.approx(found.best.loss, abs=0.5)


def test_known_worlds_are_recovered(found: Calibration, tmp_path: Path) -> None:
    trials = 20
    recovery = recover(found, toy_laboratory(tmp_path), trials, 100_000)
    assert np.all(recovery.rank_correlation[:2] > 0.5)
    # Stated 80 % intervals over 40 cases: false alarm below 1e-4 either way (binomial).
    held = recovery.coverage[:2].mean()
    assert 0.52 < held <= 1.0
    # The rank of a true value lies inside the interval exactly where the value does.
    inside = (recovery.ranks >= 0.1) & (recovery.ranks <= 0.9)
    assert np.mean(inside == ((recovery.true >= recovery.low) & (recovery.true <= recovery.high))) > 0.95
    assert recovery.relative_error[2] > 0.7, "nobody can find what leaves no trace"


def test_slopes_are_those_of_the_errors(found: Calibration) -> None:
    problem, step = Problem(found.space, found.emulator, found.problem.values, found.problem.covariance,
                            found.problem.rows, {2: 0.3}), 1e-6  # fmt: skip
    for point in np.random.default_rng(8).uniform(-0.9, 0.9, (3, 2)):
        moved = [
            (problem.errors(point + step * e) - problem.errors(point - step * e))[0] / (2 * step) for e in np.eye(2)
        ]
        assert np.allclose(problem.slopes(point), np.array(moved).T, rtol=1e-5, atol=1e-5)


def test_a_fixed_parameter_stays_where_it_is(found: Calibration) -> None:
    fixed = Problem.of(found.space, found.emulator, found.targets)
    fixed = Problem(fixed.space, fixed.emulator, fixed.values, fixed.covariance, fixed.rows, {1: -1.0})
    best = best_point(fixed)
    assert best.box[1] == -1.0
    assert best.loss > found.best.loss + 10
    assert np.all(sample(fixed, best, 20)[:, 1] == -1.0)


def test_what_is_held_keeps_its_centre_in_the_fit_and_its_prior_in_the_draws(tmp_path: Path) -> None:
    """A season held far from the truth: the fit stays there, draws spread it as the prior does, the level follows."""
    space = Space([LEVEL, replace(SEASON, centre=1.4, sd=0.2, held=True), IDLE])
    found = calibrate(space, toy_targets(TRUTH), toy_laboratory(tmp_path), PLAN)
    assert found.best_values[1] == pytest.approx(1.4)
    assert all(name != "season" for one in combinations(found) for name, _ in one.weights)
    assert recover(found, toy_laboratory(tmp_path), 3, 10_000).true.shape == (3, 2)
    draws = space.to_values(sample(found.problem, found.best, 4000))
    # A hundred chains, one value each: six standard errors of the spread.
    assert abs(draws[:, 1].std() - 0.2) < 6 * 0.2 / np.sqrt(200)
    assert np.corrcoef(draws[:, 0], draws[:, 1])[0, 1] < -0.5, "a larger season raises the level through its square"


def test_bands_of_unseen_months_hold_as_often_as_they_say(tmp_path: Path) -> None:
    """Data with the stated errors: of 25 worlds' months the 80 % band holds about 80 %."""
    laboratory, space = toy_laboratory(tmp_path), toy_space()
    box, answers = first_wave(space, toy_targets(), laboratory, PLAN)
    emulator = learn(box, answers, toy_targets().positive)
    lower = np.linalg.cholesky(toy_targets().covariance)
    rng, inside, months = np.random.default_rng(6), 0, 0
    for _ in range(25):
        targets = toy_targets(errors=lower @ rng.standard_normal(len(lower)))
        problem = Problem.of(space, emulator, targets)
        best = best_point(problem, starts=1)
        world = Calibration(
            space, targets, emulator, emulator, problem, best, best.box[None], 1.0, *([emulator(best.box)] * 3), 64
        )
        (held,) = hold_out(world, cuts=[("2024-11", ("all",))])
        inside, months = inside + held.inside, months + len(held.months)
        assert held.months == ("2024-12", "2025-01", "2025-02", "2025-03", "2025-04", "2025-05", "2025-06")
    # 175 months that remember each other (0.7): as good as about 40 free ones; below 0.5 once in 10,000 times.
    assert 0.5 < inside / months < 0.99


def test_the_year_before_is_official() -> None:
    targets = official_targets()
    row = targets.label.index("2024-11")
    assert targets.group[row] == "16-24"
    assert np.isnan(year_before(targets, np.array([row])))[0]
    later = targets.label.index("2026-02")
    before = targets.label.index("2025-02")
    assert year_before(targets, np.array([later]))[0] == targets.official[before]
    first_all = next(r for r in targets.rows("all"))
    assert (
        year_before(targets, np.array([first_all]))[0]
        == targets.official[next(r for r in targets.rows("all 2018-23") if targets.label[r] == "2022-12")]
    )


# --- runs on disk ----------------------------------------------------------------------------------


def _campaign(folder: Path, market: ToyMarket) -> None:
    calibrate(toy_space(), toy_targets(), toy_laboratory(folder, market), PLAN)


def test_a_killed_campaign_goes_on_where_it_stopped(tmp_path: Path, found: Calibration) -> None:
    log, folder = tmp_path / "calls", tmp_path / "runs"
    process = multiprocessing.get_context("spawn").Process(target=_campaign, args=(folder, ToyMarket(log, 30)))
    process.start()
    process.join()
    assert process.exitcode == 9
    assert len(list(folder.glob("*/*.npz"))) == 30
    again = calibrate(toy_space(), toy_targets(), toy_laboratory(folder, ToyMarket(log)), PLAN)
    wanted = PLAN.waves * PLAN.design + (1 + PLAN.bridges) * PLAN.confirming_runs
    assert len(log.read_text().split()) == wanted + 1, "one run was lost with the process, none was made twice"
    assert again.settings == found.settings
    assert np.array_equal(again.draws, found.draws)
    laboratory = toy_laboratory(folder, ToyMarket(log))
    calibrate(toy_space(), toy_targets(), laboratory, PLAN)
    assert laboratory.computed == 0


def test_a_few_failures_are_left_out_and_many_end_it(tmp_path: Path) -> None:
    laboratory = toy_laboratory(tmp_path / "few", ToyMarket(fails_above=9.5))
    box, answers = first_wave(toy_space(), toy_targets(), laboratory, PLAN)
    assert 0 < len(laboratory.failures) == PLAN.design - len(box)
    assert len(box) == len(answers)
    with pytest.raises(CalibrationError, match="too high a level"):
        first_wave(toy_space(), toy_targets(), toy_laboratory(tmp_path / "many", ToyMarket(fails_above=5)), PLAN)


def test_a_run_is_named_by_what_decides_it() -> None:
    run = Run.of(TRUTH, 1000, 1)
    assert run.name == Run.of(dict(reversed(TRUTH.items())), 1000, 1).name
    others = [Run.of(TRUTH, 1000, 2), Run.of(TRUTH, 2000, 1), Run.of({**TRUTH, "toy.level": 6.3}, 1000, 1)]
    assert len({run.name, *(other.name for other in others)}) == 4
