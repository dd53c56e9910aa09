"""Sensitivity: published answers come back, a hidden box is found, luck is told apart, and accidents lose nothing."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from run_fakes import ROOT, record
from test_accidents import fill_disk

from experiments.engine.errors import BadRequest
from experiments.engine.progress import Progress
from experiments.sensitivity.discovery import discover, prim_boxes
from experiments.sensitivity.indices import sobol_indices
from experiments.sensitivity.job import SensitivityJob, SensitivityOutcome, run_sensitivity
from experiments.sensitivity.options import read_sensitivity
from experiments.sensitivity.question import Question, cause_called, plan
from experiments.sensitivity.ranges import PLAUSIBLE, Uncertain, uncertain_numbers
from experiments.sensitivity.samples import as_design, hypercube, morris_sample, saltelli_sample
from experiments.sensitivity.screening import elementary_effects, screen
from model.scenario.scenario import Scenario, load_scenario
from model.specification import in_force
from views.sensitivity.answer import draw_sensitivity, render

YOUTH = "unemployment_rate_16_24"
SIZE, CAP, IDLE = "visa.complementarity", "hiring.over_35_cap_share", "layoffs.over_35_odds"


def three(low: float, high: float) -> list[Uncertain]:
    return [Uncertain(name, low, high) for name in ("one", "two", "three")]


def ishigami(points: np.ndarray) -> np.ndarray:
    one, two, three_ = points.T
    return np.asarray(np.sin(one) + 7 * np.sin(two) ** 2 + 0.1 * three_**4 * np.sin(one))


# --- known answers --------------------------------------------------------------------------------


def test_sobol_indices_of_the_ishigami_function() -> None:
    """Its indices are known: a = 7, b = 0.1 on (-pi, pi). The sample is fixed, so nothing is left to chance."""
    a, b = 7.0, 0.1
    parts = 0.5 * (1 + b * math.pi**4 / 5) ** 2, a**2 / 8, b**2 * math.pi**8 * (1 / 18 - 1 / 50)
    variance = sum(parts)
    sample = saltelli_sample(three(-math.pi, math.pi), 1024, 1)
    table, spread = sobol_indices(sample, ishigami(sample.points)[:, None])
    found = table.set_index("path")
    first = {"one": parts[0] / variance, "two": parts[1] / variance, "three": 0.0}
    total = {"one": (parts[0] + parts[2]) / variance, "two": parts[1] / variance, "three": parts[2] / variance}
    for index, known in (("first", first), ("total", total)):
        for name, true in known.items():
            assert found[index][name] == pytest.approx(true, abs=0.04)
            # The bootstrap's interval is 1.96 standard errors; four of them miss with a chance of 6e-5.
            assert (
                abs(found[index][name] - true) < 4 / 1.96 * (found[f"{index}_high"][name] - found[index][name]) + 1e-3
            )
    assert spread.sd**2 == pytest.approx(variance, rel=0.05)
    assert math.isnan(spread.luck_left)


def test_the_screening_of_a_plane_is_its_slopes() -> None:
    uncertain = [Uncertain(name, 0.0, width) for name, width in (("one", 1.0), ("two", 10.0), ("three", 1.0))]
    sample = morris_sample(uncertain, 6, 1)
    table = screen(sample, (sample.points @ np.array([3.0, -1.0, 0.0]))[:, None]).set_index("path")
    # Per range, not per unit: the second goes over 10.
    assert table["mu_star"].to_dict() == pytest.approx({"two": 10.0, "one": 3.0, "three": 0.0})
    assert table["mu"]["two"] == pytest.approx(-10.0)
    assert table["sigma"].to_numpy() == pytest.approx(0.0, abs=1e-9)
    assert list(table.index) == ["two", "one", "three"]


def test_our_elementary_effects_are_those_of_salib() -> None:
    sample = morris_sample(three(-math.pi, math.pi), 12, 3)
    values = ishigami(sample.points)[:, None]
    own = np.abs(elementary_effects(sample, values)).mean(axis=(0, 2))
    theirs = screen(sample, values).set_index("path")["mu_star"]
    assert own == pytest.approx([theirs[one.path] for one in sample.uncertain])


# --- luck -----------------------------------------------------------------------------------------


def test_luck_is_told_from_parameters_in_the_screening() -> None:
    """Noise of standard deviation 1, ten times an idle parameter's effect; the level is known: 1.5 sqrt(2 / R) ..."""
    sample = morris_sample(three(0, 1), 200, 1)
    noise = np.random.default_rng(1).normal(size=(len(sample.unit), 4))
    table = screen(sample, (5 * sample.points[:, 0])[:, None] + noise).set_index("path")
    # An effect divides a difference of two means of four by a step of 2/3.
    level = 1.5 * math.sqrt(2 / 4) * math.sqrt(2 / math.pi)
    # 200 x 3 degrees of freedom: 4 standard errors of a standard deviation are 12 % (chance 1e-4 for three of them).
    assert table["luck"].to_numpy() == pytest.approx(level, rel=0.12)
    assert table["beyond_luck"]["one"]
    assert table["mu_star"]["two"] == pytest.approx(level, rel=0.25)


def test_luck_is_told_from_parameters_in_the_indices() -> None:
    """Luck that all points share spreads nothing; what is left has a known share of the variance."""
    sample = saltelli_sample(three(0, 1), 512, 1)
    luck = np.random.default_rng(2)
    shared, own = luck.normal(size=(1, 4)) * 10, luck.normal(size=(len(sample.unit), 4)) * 0.5
    table, spread = sobol_indices(sample, math.sqrt(12) * sample.points[:, :1] + shared + own)
    # Of the means: 0.25 / 4 to 1 of the parameter; 4 standard errors of a variance over 3 x 1,023 are 10 % (1e-4).
    assert spread.luck_left == pytest.approx(0.0625 / 1.0625, rel=0.15)
    idle = table.set_index("path").loc["two"]
    assert idle["total"] == pytest.approx(idle["luck"], rel=0.35)
    assert not idle["beyond_luck"]
    assert table["path"][0] == "one"
    assert table["beyond_luck"][0]


# --- discovery ------------------------------------------------------------------------------------


def test_prim_finds_a_hidden_box() -> None:
    sample = hypercube([Uncertain(name, 0, 1) for name in "abcdef"], 400, 1)
    inside = (sample.points[:, 1] > 0.6) & (sample.points[:, 4] < 0.5)
    (box, *_) = prim_boxes(pd.DataFrame(sample.points, columns=list("abcdef")), inside)
    assert {(limit.path, limit.above) for limit in box.limits} == {("b", True), ("e", False)}
    for limit in box.limits:
        assert limit.value == pytest.approx(0.6 if limit.above else 0.5, abs=0.05)
        assert limit.quasi_p < 1e-4
    assert box.coverage > 0.9
    assert box.density > 0.9


def test_few_cases_and_limits_by_luck_make_no_box() -> None:
    """Two cases are too few, and ten of 200 without a pattern are nowhere half of a twentieth of the samples."""
    sample = hypercube([Uncertain(name, 0, 1) for name in "abcd"], 200, 1)
    assumed = pd.DataFrame(sample.points, columns=list("abcd"))
    assert prim_boxes(assumed, np.isin(np.arange(200), [3, 50])) == ()
    cases = np.zeros(200, bool)
    cases[np.random.default_rng(3).choice(200, 10, replace=False)] = True
    assert prim_boxes(assumed, cases) == ()


def test_what_never_happens_or_always_does_has_no_box() -> None:
    sample = hypercube(three(0, 1), 50, 1)
    for effect in (0.0, 1.0):
        found = discover(sample, np.full((50, 2), effect), 0.5)
        assert found.boxes == ()
    found = discover(sample, np.random.default_rng(1).normal(size=(50, 2)) * 1e-3, -0.5)
    assert not found.reached.any()
    assert found.by_luck == pytest.approx(0.0, abs=1e-12)


def test_luck_that_samples_share_is_told_from_their_own() -> None:
    luck = np.random.default_rng(4)
    shared, own = luck.normal(size=(1, 400)), luck.normal(size=(200, 400)) * 0.5
    found = discover(hypercube(three(0, 1), 200, 1), shared + own, 10.0)
    # 399 degrees of freedom: four standard errors of a standard deviation are 14 % (chance 6e-5).
    assert found.shared_sd == pytest.approx(1 / 20, rel=0.14)
    assert found.luck_sd == pytest.approx(math.sqrt(1.25) / 20, rel=0.14)


# --- what is varied -------------------------------------------------------------------------------


def small(**changes: object) -> Scenario:
    changes = {"population": 2000, "replications": 2, "end": "2019-12", **changes}
    return load_scenario(ROOT / "scenarios" / "baseline.yaml", changes)


def test_every_uncertain_parameter_is_varied_inside_its_bounds() -> None:
    scenario = small()
    found = uncertain_numbers(scenario)
    assert [one.path for one in found] == [path for path, it in in_force().by_path.items() if it.uncertain]
    assert set(PLAUSIBLE) <= {one.path for one in found}
    for one in found:
        declared = in_force().by_path[one.path]
        assert declared.low <= one.low < one.high <= declared.high
        assert one.since is None or declared.takes_dates


def test_of_dated_values_the_last_is_varied_and_the_past_stays() -> None:
    scenario = small(**{"visa.annual_quota": {"2018-01": 0, "2019-06": 1000}})
    (quota,) = uncertain_numbers(scenario, ["visa.annual_quota"])
    assert quota.since == "2019-06"
    sample = hypercube([quota], 3, 1)
    design = as_design(sample, {"visa.annual_quota": 0.0, "policy_feedback.enabled": False})
    assert len(design) == 6
    with_visa, without = (scenario.with_values(design.overrides(point)) for point in (1, 2))
    assert with_visa.value("visa.annual_quota") == {"2018-01": 0.0, "2019-06": pytest.approx(sample.points[0, 0])}
    assert without.value("visa.annual_quota") == 0.0
    assert without.value("policy_feedback.enabled") is False


def test_patterns_that_match_nothing_are_told() -> None:
    with pytest.raises(BadRequest, match=r"matches no uncertain parameter; did you mean 'visa.annual_quota'"):
        uncertain_numbers(small(), ["visa.anual_quota"])
    with pytest.raises(BadRequest, match="is not marked uncertain"):
        uncertain_numbers(small(), ["graduates.cohort_scale"])
    with pytest.raises(BadRequest, match="is the name of several causes"):
        cause_called("a", small())
    assert cause_called("visa", small()).name == "K visa"


# --- the whole ------------------------------------------------------------------------------------


class FakeMarket:
    """Youth unemployment is 0.1 and more by closed vacancies; the visa adds to it where it complements little."""

    def __init__(self, dies_at: int = 10**9, fails: Callable[[Scenario], bool] = lambda _: False) -> None:
        self.calls, self.dies_at, self.fails = 0, dies_at, fails

    def __call__(self, scenario: Any, seed: int, on_month: Callable[[int], None] | None = None) -> dict[str, Any]:
        if self.calls == self.dies_at:
            raise KeyboardInterrupt
        self.calls += 1
        if self.fails(scenario):
            raise ValueError("no luck")
        asked = SimpleNamespace(start=scenario.start, end=scenario.end, effect=0.0)
        found = record(asked, seed, on_month)  # type: ignore[arg-type]
        visa = scenario.value("visa.annual_quota") != 0
        rate = 0.1 + 0.2 * scenario.number(CAP) + 0.01 * seed + 0.01 * visa * (scenario.number(SIZE) < 0)
        return found | {YOUTH: np.full(len(found["month"]), rate), "k_visa_stock": np.full(len(found["month"]), 9e5)}


def question(**changes: Any) -> Question:
    scenario = small(**{"visa.annual_quota": 0})
    uncertain = tuple(uncertain_numbers(scenario, [SIZE, CAP, IDLE]))
    sizes = {"trajectories": 4, "most": 2, "samples": 8}
    return Question(scenario, uncertain, (YOUTH,), **{**sizes, **changes})


def answer(asked: Question, out: Path, market: Any = None, workers: int = 1) -> SensitivityOutcome:
    job = SensitivityJob(asked, workers, out)
    return run_sensitivity(job, Progress(StringIO(), quiet=True), market or FakeMarket())


def test_screening_then_indices(tmp_path: Path) -> None:
    market = FakeMarket()
    outcome = answer(question(), tmp_path / "out", market)
    assert outcome.status == 0
    # Nothing but the cap does anything without a pair, so it alone gets indices: 8 x (1 + 2).
    assert market.calls == 2 * (4 * 4 + 8 * 3)
    screening = pd.read_csv(tmp_path / "out" / "screening.csv").set_index("path")
    assert screening["mu_star"][CAP] == pytest.approx(0.2 * (0.48 - 0.2))
    assert screening["luck"][CAP] == pytest.approx(0.0, abs=1e-9)  # the seed's share is the same at every point
    indices = pd.read_csv(tmp_path / "out" / "indices.csv")
    assert list(indices["path"]) == [CAP]
    assert indices["total"][0] == pytest.approx(1.0, abs=0.25)
    told = render(outcome)
    assert "1 of 3 parameters do more than luck alone would show; 2 do nothing at all in this scenario" in told
    assert all(path.stat().st_size > 10_000 for path in draw_sensitivity(outcome))
    recorded = pd.read_parquet(tmp_path / "out" / "screening" / "batch.parquet")
    assert sorted(set(recorded["month"])) == [f"2019-{month:02d}" for month in range(1, 13)]


def test_an_interrupted_analysis_goes_on_in_either_stage(tmp_path: Path) -> None:
    whole = answer(question(), tmp_path / "whole")
    first = answer(question(), tmp_path / "out", FakeMarket(dies_at=10))
    assert (first.status, first.answered) == (130, False)
    assert f"--out {tmp_path / 'out'} goes on from there" in " ".join(first.accidents(str))
    second = answer(question(), tmp_path / "out", FakeMarket(dies_at=30))
    assert (second.status, second.screening is None, second.indices is None) == (130, False, True)
    market = FakeMarket()
    third = answer(question(), tmp_path / "out", market)
    assert third.status == 0
    assert market.calls == 2 * (4 * 4 + 8 * 3) - 40
    for name in ("screening.csv", "indices.csv", "spread.csv"):
        assert (third.folder / name).read_bytes() == (whole.folder / name).read_bytes()
    with pytest.raises(BadRequest, match="another batch; what differs: the design"):
        answer(question(trajectories=5), tmp_path / "out")


def test_an_interrupt_before_any_run_leaves_nothing(tmp_path: Path) -> None:
    assert answer(question(), tmp_path / "out", FakeMarket(dies_at=0)).status == 130
    assert not (tmp_path / "out").exists()


def test_a_full_disk_keeps_what_is_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        fill_disk(patch, 12)
        outcome = answer(question(), tmp_path / "out")
    assert outcome.status == 4
    assert "no space left" in " ".join(outcome.accidents(str))
    assert answer(question(), tmp_path / "out").status == 0


def test_a_failed_run_costs_the_effects_beside_it(tmp_path: Path) -> None:
    asked = question(samples=0)
    bad = asked.screening().points[5].tolist()  # inside the second trajectory
    market = FakeMarket(fails=lambda scenario: [scenario.number(path) for path in (CAP, IDLE, SIZE)] == bad)
    outcome = answer(asked, tmp_path / "out", market)
    kept, effects = outcome.parts["screening"]
    assert (effects, outcome.status) == (12, 4)
    assert 1 <= effects - kept <= 4
    assert f"screening: {12 - kept} of 12 effects need a run that failed and are left out" in render(outcome)
    assert outcome.screening is not None
    assert outcome.screening.set_index("path")["mu_star"][CAP] == pytest.approx(0.2 * (0.48 - 0.2))
    assert "failed (opening): ValueError: no luck" in " ".join(outcome.accidents(str))


def test_a_failed_run_costs_its_base_sample(tmp_path: Path) -> None:
    asked = question(trajectories=0)
    bad = asked.indices([CAP, IDLE, SIZE]).points[7, 0]  # in the second block of five
    outcome = answer(asked, tmp_path / "out", FakeMarket(fails=lambda scenario: scenario.number(CAP) == bad))
    assert outcome.parts["indices"] == (7, 8)
    assert outcome.indices is not None
    assert outcome.status == 4


def test_nothing_can_be_said_where_every_run_failed(tmp_path: Path) -> None:
    outcome = answer(question(samples=0), tmp_path / "out", FakeMarket(fails=lambda scenario: scenario.number(CAP) > 0))
    assert (outcome.status, outcome.answered) == (4, False)


def test_the_effect_of_a_cause_is_a_paired_difference(tmp_path: Path) -> None:
    scenario = small(**{"visa.annual_quota": 1000})
    asked = Question(
        scenario, tuple(uncertain_numbers(scenario, [SIZE, CAP])), (YOUTH,), cause_called("visa", scenario), 4, 2, 0
    )
    outcome = answer(asked, tmp_path / "out")
    assert outcome.screening is not None
    table = outcome.screening.set_index("path")
    assert table["mu_star"][CAP] == pytest.approx(0.0, abs=1e-12)  # it is in both worlds
    assert table["mu_star"][SIZE] > 0
    assert outcome.holders is not None
    assert "simulated K-visa holders on average" in render(outcome)


@pytest.mark.parametrize(("threshold", "reached"), [(0.005, True), (0.02, False), (-0.005, False)])
def test_under_which_assumptions(tmp_path: Path, threshold: float, reached: bool) -> None:
    scenario = small(**{"visa.annual_quota": 1000})
    uncertain = tuple(uncertain_numbers(scenario, [SIZE, CAP, IDLE]))
    visa = cause_called("visa", scenario)
    outcome = answer(Question(scenario, uncertain, (YOUTH,), visa, samples=60, threshold=threshold), tmp_path / "out")
    assert outcome.status == 0
    told = render(outcome)
    if reached:
        assert outcome.discovery is not None
        (limit,) = outcome.discovery.boxes[0].limits
        assert (limit.path, limit.above) == (SIZE, False)
        assert limit.value == pytest.approx(0.0, abs=0.2)
        assert "Jobs a K-visa hire brings (visa.complementarity) below" in told
        assert "quasi-p below 0.0001" in told
        boxes = pd.read_csv(outcome.folder / "boxes.csv")
        assert list(boxes["path"]) == [SIZE]
    else:
        assert "Under none of 60 sampled assumptions does it reach the threshold" in told
    assert len(pd.read_csv(outcome.folder / "samples.csv")) == 60
    assert all(path.stat().st_size > 10_000 for path in draw_sensitivity(outcome))


# --- the command ----------------------------------------------------------------------------------


def test_the_number_of_runs_is_told_first() -> None:
    lines = plan(question(), 2)
    assert lines[0].endswith("4 trajectories through 3 parameters = 16 points x 2 replications = 32 runs")
    assert lines[1].endswith("8 samples of 2 parameters = 32 points x 2 replications = 64 runs")
    assert lines[2].startswith("96 runs of 2,000 people: about ")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--discover", "--trajectories", "4"], "--trajectories does not go with --discover"),
        (["--threshold", "1"], "--threshold goes with --discover only"),
        (["--discover", "--threshold", "0"], "must be above or below 0"),
        (["--samples", "1"], "must lie between 2 and 1,000,000 .or 0 for none."),
        (["--samples", "0", "--trajectories", "0"], "nothing to run"),
        (["--outcome", "unemployment"], "there is no indicator 'unemployment'; did you mean 'unemployment_rate'"),
        (["--effect-of", "moon"], "is no cause"),
        (["--cluster", "here"], "is not an address"),
        (["--tresh", "1"], "did you mean '--threshold'"),
    ],
)
def test_mistakes_are_told_before_anything_runs(words: list[str], told: str) -> None:
    with pytest.raises(BadRequest, match=told):
        read_sensitivity(words, {})


def test_defaults_are_those_of_the_documents() -> None:
    job, _ = read_sensitivity([], {})
    asked = job.asked
    assert (asked.scenario.population, asked.scenario.replications) == (20_000, 2)
    assert (asked.trajectories, asked.most, asked.samples, asked.outcomes) == (10, 8, 64, (YOUTH,))
    job, _ = read_sensitivity(["--discover", "--threshold", "-0.2"], {})
    assert job.asked.threshold == pytest.approx(-0.002)
    assert (job.asked.cause.name if job.asked.cause else "", job.asked.samples) == ("K visa", 200)
    assert (job.asked.scenario.population, job.asked.scenario.replications) == (100_000, 4)


def test_months_too_few_and_folders_of_others(tmp_path: Path) -> None:
    asked = question()
    short = Question(small(end="2018-06"), asked.uncertain, (YOUTH,))
    with pytest.raises(BadRequest, match="6 months are recorded"):
        answer(short, tmp_path / "out")
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "home.txt").touch()
    with pytest.raises(BadRequest, match=r"holds home.txt, which is no part of a sensitivity analysis"):
        answer(asked, tmp_path / "letters")


@pytest.mark.parametrize(("module", "extra"), [("SALib", "analysis"), ("ema_workbench", "discovery")])
def test_a_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, extra: str) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    asked = question() if module == "SALib" else question(threshold=0.01, cause=cause_called("visa", small()))
    with pytest.raises(BadRequest, match=rf"pip install -e '\.\[{extra}\]'"):
        answer(asked, tmp_path / "out")
    assert not (tmp_path / "out").exists()
