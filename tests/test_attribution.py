"""Attribution: Shapley values against every order written out, their axioms, what off means, and going on."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from run_fakes import ROOT, record
from scipy.special import stdtrit
from test_accidents import fill_disk

from experiments.engine.errors import BadRequest
from experiments.engine.progress import Progress
from experiments.explain.causes import REST, causes_of, without
from experiments.explain.job import YOUTH, ExplainJob, ExplainOutcome, Question, explain
from experiments.explain.shapley import game_of, shapley_values
from model.mechanism import Cause, Mechanism
from model.parameters import lever
from model.scenario.scenario import Scenario, load_scenario
from model.specification import Specification, use
from views.explain.answer import draw_attribution, render

BASELINE, SCENARIOS = ROOT / "scenarios" / "baseline.yaml", ROOT / "scenarios"


def small(**changes: object) -> Scenario:
    return load_scenario(BASELINE, {"population": 2000, "replications": 2, "end": "2019-12", **changes})


class FakeMarket:
    """Youth unemployment that is 0.1, and more by what causes bring: 0.02 by the age rules, 0.03 with the visa too."""

    def __init__(self, dies_at: int = 10**9) -> None:
        self.calls, self.dies_at = 0, dies_at

    def __call__(self, scenario: Any, seed: int, on_month: Callable[[int], None] | None = None) -> dict[str, Any]:
        if self.calls == self.dies_at:
            raise KeyboardInterrupt
        self.calls += 1
        asked = SimpleNamespace(start=scenario.start, end=scenario.end, effect=0.0)
        found = record(asked, seed, on_month)  # type: ignore[arg-type]
        old = scenario.value("hiring.over_35_cap_share") != 0
        visa = scenario.value("visa.annual_quota") != 0
        luck = 0.001 * seed * (1 + old)
        return found | {YOUTH: np.full(24, 0.1 + luck + 0.02 * old + 0.03 * old * visa)}


def answer(scenario: Scenario, out: Path, market: Any) -> ExplainOutcome:
    return explain(ExplainJob(Question(scenario), 1, out), Progress(StringIO(), quiet=True), market)


def over_every_order(worth: np.ndarray, players: int) -> np.ndarray:
    """The definition: what each player adds on joining, averaged over all orders."""
    given = np.zeros(players)
    orders = list(itertools.permutations(range(players)))
    for order in orders:
        held = 0
        for player in order:
            given[player] += worth[held | 1 << player] - worth[held]
            held |= 1 << player
    return given / len(orders)


@pytest.mark.parametrize("players", [1, 2, 5])
def test_shapley_values_are_the_mean_over_every_order(players: int) -> None:
    worth = np.random.default_rng(players).normal(size=(3, 1 << players))
    by_hand = [over_every_order(row, players) for row in worth]
    np.testing.assert_allclose(shapley_values(worth), by_hand, rtol=1e-12, atol=1e-12)


def test_the_glove_game() -> None:
    """One left glove and two right ones; a pair is worth 1. The owner of the left one is given two thirds."""
    worth = np.array([bool(held & 1) and held > 1 for held in range(8)], np.float64)
    np.testing.assert_allclose(shapley_values(worth), [2 / 3, 1 / 6, 1 / 6])


def test_axioms() -> None:
    luck = np.random.default_rng(1)
    one, two = luck.normal(size=(2, 128))
    given = shapley_values(one)
    assert given.sum() == pytest.approx(one[-1] - one[0], abs=1e-12)  # efficiency
    np.testing.assert_allclose(shapley_values(one + 2 * two), given + 2 * shapley_values(two), atol=1e-12)  # additivity
    idle = one[np.arange(128) & ~4]  # player 2 changes nothing
    assert shapley_values(idle)[2] == 0
    size = np.array([held.bit_count() for held in range(128)])
    np.testing.assert_allclose(shapley_values(size.astype(float) ** 2), 7.0)  # players that are alike get the same


def test_orders_are_drawn_where_coalitions_are_too_many() -> None:
    game = game_of(12)
    assert not game.exact
    assert len(game.coalitions) <= 128
    assert (game.coalitions[0], game.coalitions[-1]) == (0, (1 << 12) - 1)
    assert all(order[::-1] in game.orders for order in game.orders)
    assert game_of(12) == game
    assert game_of(7).exact


def test_drawn_values_add_up_and_lie_near_the_exact_ones() -> None:
    """Twelve players of whom pairs help one another: what is drawn errs by less than its own interval says."""
    luck = np.random.default_rng(3)
    alone, together = luck.normal(size=12), np.triu(luck.normal(scale=0.2, size=(12, 12)), 1)
    game = game_of(12)
    inside = np.array([[held >> player & 1 for player in range(12)] for held in range(1 << 12)], np.float64)
    everything = inside @ alone + np.einsum("ki,ij,kj->k", inside, together, inside)
    exact = shapley_values(everything)
    drawn = game.values(everything[list(game.coalitions)])
    assert drawn.sum() == pytest.approx(everything[-1] - everything[0], abs=1e-12)
    # An order and its reverse share what a pair does by halves, as Shapley's values do: nothing is left of the error.
    np.testing.assert_allclose(drawn, exact, atol=1e-12)
    thrice = everything + 0.3 * inside[:, 0] * inside[:, 1] * inside[:, 2]
    pairs = game.by_pair(thrice[list(game.coalitions)])
    half = stdtrit(len(pairs) - 1, 0.99995) * pairs.std(axis=0, ddof=1) / np.sqrt(len(pairs))
    np.testing.assert_array_less(abs(pairs.mean(axis=0) - shapley_values(thrice)), half + 1e-9)


def test_twelve_causes_cost_no_more_than_seven(tmp_path: Path) -> None:
    """Five more causes, each bringing what its lever says; what they bring adds up, with intervals that hold it."""
    paths = [f"own.cause_{place}" for place in range(6)]
    own: Mechanism[None] = Mechanism(
        "own", "Own", "", tuple(lever(path, path, "share", 1.0, (0, 1), "assumption") for path in paths),
        causes=tuple(Cause(path, path, "off", {path: 0.0}) for path in paths),
    )  # fmt: skip
    with use(Specification((own,))):
        scenario = small()

    class Own(FakeMarket):
        def __call__(self, scenario: Any, seed: int, on_month: Any = None) -> dict[str, Any]:
            found = super().__call__(scenario, seed, on_month)
            return found | {YOUTH: found[YOUTH] + 0.01 * sum(scenario.monthly(path, 0, 1)[0] for path in paths)}

    outcome = answer(scenario, tmp_path / "out", Own())
    table = pd.read_csv(tmp_path / "out" / "attribution.csv").set_index("cause")
    assert outcome.asked <= 128 * scenario.replications
    assert sum(table["effect_pp"].drop("total")) == table.loc["total", "effect_pp"]
    for path in paths:
        assert table.loc[path, "effect_pp"] == pytest.approx(1.0)
    assert table.loc["age-35 rules", "low_pp"] <= 2 + 0.15 + 1.5 <= table.loc["age-35 rules", "high_pp"]


def test_not_every_coalition_is_refused() -> None:
    with pytest.raises(ValueError, match="coalitions"):
        shapley_values(np.zeros(6))


def test_every_cause_is_off_as_the_shipped_scenarios_say() -> None:
    base = load_scenario(BASELINE)
    causes = {cause.name: cause for cause in causes_of(base)}
    for name, file in (("K visa", "no_k_visa"), ("property slump", "no_property_slump_flat_demand")):
        assert without(base, [causes[name]]).changes_from(load_scenario(SCENARIOS / f"{file}.yaml")) == []
    scale = without(base, [causes["graduate numbers"]]).monthly("graduates.cohort_scale", 0, 120)
    assert scale[0] == 1
    assert scale[12 * 7] == pytest.approx(8.2 / 12.22)  # graduates_annual.csv, 2018 over 2025
    assert all(base.value(path) is not None for cause in causes_of(base) for path in cause.off)


def test_a_counterfactual_is_made_by_all_its_causes_together() -> None:
    base, other = load_scenario(BASELINE), load_scenario(SCENARIOS / "protect_over_35.yaml")
    assert without(base, causes_of(base, other)).changes_from(other) == []
    other = load_scenario(SCENARIOS / "property_rescue.yaml")
    causes = causes_of(base, other)
    assert causes[-1].name == REST
    assert without(base, causes).changes_from(other) == []


def test_worlds_that_coincide_are_lived_once(tmp_path: Path) -> None:
    market = FakeMarket()
    outcome = answer(small(), tmp_path / "out", market)
    assert len(Question(small()).coalitions) == 128  # feedback is off in the baseline
    assert (outcome.status, outcome.asked, market.calls) == (0, 256, 256)


def test_effects_are_those_of_the_game_and_add_up(tmp_path: Path) -> None:
    outcome = answer(small(), tmp_path / "out", FakeMarket())
    table = pd.read_csv(tmp_path / "out" / "attribution.csv")
    assert list(table.columns) == ["cause", "effect_pp", "low_pp", "high_pp"]
    effect = table.set_index("cause")["effect_pp"]
    # Seeds 1 and 2: the age rules bring 2 points and 0.1 per seed; what needs both is shared by halves.
    assert effect["age-35 rules"] == pytest.approx(2 + 0.15 + 1.5)
    assert effect["K visa"] == pytest.approx(1.5)
    assert effect["policy feedback"] == 0
    assert sum(effect.drop("total")) == effect["total"]
    half = 12.706204736 * 0.1 * np.sqrt(0.5) / np.sqrt(2)
    row = table.set_index("cause").loc["age-35 rules"]
    assert row["high_pp"] - row["effect_pp"] == pytest.approx(half)
    assert outcome.attribution is not None
    told = render(outcome.attribution)
    assert "closure of demand: elasticity" in told
    assert "largest of them is age-35 rules with +3.65 points" in told
    assert draw_attribution(outcome.attribution, tmp_path / "out").stat().st_size > 10_000


def test_too_few_people_to_be_simulated_are_lived_many_times_over_and_divided(tmp_path: Path) -> None:
    """Of 20,000 visas the small population has less than one: 500,000 a year are lived, and a cause is a slope."""

    class InProportion(FakeMarket):
        def __call__(self, scenario: Any, seed: int, on_month: Any = None) -> dict[str, Any]:
            found = super().__call__(scenario, seed, on_month)
            visas = scenario.monthly("visa.annual_quota", 12, 12)
            twice = 1 + (scenario.value("hiring.over_35_cap_share") != 0)
            return found | {YOUTH: np.full(24, 0.1 + 1e-7 * twice * np.repeat(visas.mean(), 24))}

    scenario = small(**{"visa.annual_quota": {"2018-01": 0, "2019-01": 2000, "2019-07": 5000}})
    question = Question(scenario)
    assert (len(question.coalitions), len(question.worlds)) == (64, 68)
    assert [question.causes[place].times for place in question.rare] == [100]
    outcome = answer(scenario, tmp_path / "out", InProportion())
    effect = pd.read_csv(tmp_path / "out" / "attribution.csv").set_index("cause")["effect_pp"]
    assert effect["K visa"] == pytest.approx(100 * 1e-7 * 3500 * 1.5)
    assert sum(effect.drop("total")) == pytest.approx(effect["total"])
    assert outcome.attribution is not None
    assert outcome.attribution.all_on - outcome.attribution.all_off == pytest.approx(effect["total"])
    assert "100 times as many were lived" in render(outcome.attribution)
    common = Question(small(**{"visa.annual_quota": {"2018-01": 0, "2019-01": 600_000}}))
    assert common.rare == ()


def test_an_interrupted_attribution_goes_on(tmp_path: Path) -> None:
    whole = answer(small(), tmp_path / "whole", FakeMarket())
    broken = answer(small(), tmp_path / "out", FakeMarket(dies_at=50))
    assert (broken.status, broken.finished, broken.attribution) == (130, 50, None)
    market = FakeMarket()
    assert answer(small(), tmp_path / "out", market).status == 0
    assert market.calls == 256 - 50
    written = [(folder / "attribution.csv").read_bytes() for folder in (whole.folder, tmp_path / "out")]
    assert written[0] == written[1]
    with pytest.raises(BadRequest, match="another"):
        answer(small(**{"visa.complementarity": 0.5}), tmp_path / "out", market)


def test_a_full_disk_keeps_what_is_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as disk:
        fill_disk(disk, 12)
        outcome = answer(small(replications=1), tmp_path / "out", FakeMarket())
    assert (outcome.status, outcome.disk_full, outcome.attribution) == (4, True, None)
    assert 0 < outcome.finished < 128
    kept = f"{outcome.finished} of 128 runs are finished and kept; the same command with --out out goes on from there"
    assert outcome.accidents("out") == [f"no space left on the disk of out: {kept}"]
    market = FakeMarket()
    assert answer(small(replications=1), tmp_path / "out", market).status == 0
    assert market.calls == 128 - outcome.finished


def test_a_replication_with_a_failed_world_is_left_out(tmp_path: Path) -> None:
    class Failing(FakeMarket):
        def __call__(self, scenario: Any, seed: int, on_month: Any = None) -> dict[str, Any]:
            if seed == 2 and scenario.value("visa.annual_quota") == 0:
                raise ValueError("no luck")
            return super().__call__(scenario, seed, on_month)

    outcome = answer(small(), tmp_path / "out", Failing())
    assert outcome.status == 4
    assert outcome.attribution is not None
    assert outcome.attribution.worth.shape == (1, 128)


def test_the_rise_since_a_month_and_what_is_too_short() -> None:
    values = np.repeat([0.1, 0.16], 12)
    assert Question(small(), since="2018-12").read(np.arange(24.0), values) == pytest.approx(0.06)
    progress = Progress(StringIO(), quiet=True)
    for question in (Question(small(end="2018-06")), Question(small(), since="2018-06")):
        with pytest.raises(BadRequest, match="nothing was run"):
            explain(ExplainJob(question), progress, FakeMarket())


def test_the_market_itself(tmp_path: Path) -> None:
    """A tiny run of the real market: the sum holds, and causes that come later bring nothing."""
    scenario = small(population=1000, end="2018-12", replications=1)
    other = load_scenario(SCENARIOS / "protect_over_35.yaml", {"population": 1000, "end": "2018-12"})
    other = without(other, [cause for cause in causes_of(other) if cause.id == "age_35"])
    outcome = explain(ExplainJob(Question(scenario, other), 1, tmp_path / "out"), Progress(StringIO(), quiet=True))
    table = pd.read_csv(tmp_path / "out" / "attribution.csv").set_index("cause")["effect_pp"]
    assert outcome.asked == 2
    assert table["total"] == table["age-35 rules"]
    assert table["K visa"] == 0
