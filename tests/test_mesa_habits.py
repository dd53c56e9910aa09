"""What somebody who knows Mesa tries: seeds, batches, one step more, wrong types, agents that will not go."""

from __future__ import annotations

import pickle
import subprocess
import sys
import warnings
from collections.abc import Callable
from dataclasses import replace
from inspect import signature
from pathlib import Path
from typing import Any

import mesa
import networkx as nx
import numpy as np
import pytest
from engine_cases import scenario
from mesa.datacollection import DataCollector

from agents import Graduate, Person, TechFirm
from model import LabourMarket, load_scenario
from model.accounting import AccountingError
from model.market import NoMoreMonthsError
from model.scenario.scenario import Scenario, ScenarioError

ROOT = Path(__file__).resolve().parent.parent
BASELINE = ROOT / "scenarios" / "baseline.yaml"
HALF_A_YEAR = scenario(1500, "2018-06")
MESA_3_5 = "rng" in signature(mesa.batch_run).parameters


def rates(market: LabourMarket) -> list[float]:
    while market.running:
        market.step()
    return [row["unemployment_rate"] for row in market.rows]


def state(market: LabourMarket) -> tuple[object, ...]:
    people = pickle.dumps(market.people)
    return market.month, market.steps, getattr(market, "time", None), market.running, len(market.rows), people


# --- seeds --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [0, 7, np.int64(7), np.uint8(7), 2**63 - 1])
def test_a_whole_number_is_the_seed(seed: Any) -> None:
    for market in (LabourMarket(HALF_A_YEAR, rng=seed), LabourMarket(HALF_A_YEAR, seed=seed)):
        assert market.seed == seed
        assert type(market.seed) is int
        assert market.rng.random() == np.random.default_rng(int(seed)).random()


@pytest.mark.parametrize(
    "made", [lambda: 2**63, lambda: 10**30, lambda: [1, 2], lambda: np.random.SeedSequence(5),
             lambda: np.random.default_rng(5), lambda: np.random.PCG64(5)]
)  # fmt: skip
def test_other_seeds_give_one_that_gives_the_same_market(made: Callable[[], Any]) -> None:
    """Whatever NumPy makes a generator of: twice the same seed, which a table keeps and which can be given as rng=."""
    one, other = LabourMarket(HALF_A_YEAR, rng=made()), LabourMarket(HALF_A_YEAR, rng=made())
    assert one.seed == other.seed
    assert 0 <= one.seed < 2**63
    assert rates(one) == rates(LabourMarket(HALF_A_YEAR, rng=one.seed))


def test_a_generator_goes_on() -> None:
    """Two markets made of one generator have different luck."""
    generator = np.random.default_rng(1)
    one, other = LabourMarket(HALF_A_YEAR, rng=generator), LabourMarket(HALF_A_YEAR, rng=generator)
    assert one.rng is generator
    assert one.seed != other.seed


@pytest.mark.parametrize("seed", [-1, True, np.True_, 1.5, 1.0, float("nan"), "1", b"1", object(), {1: 2}, [-1]])
def test_what_is_no_seed_is_refused(seed: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        LabourMarket(HALF_A_YEAR, rng=seed)
    with pytest.raises((TypeError, ValueError)):
        LabourMarket(HALF_A_YEAR, seed=seed)


def test_one_seed_at_a_time() -> None:
    with pytest.raises(ValueError, match="two names of one thing"):
        LabourMarket(HALF_A_YEAR, rng=1, seed=1)
    assert LabourMarket(HALF_A_YEAR).seed == HALF_A_YEAR.seed


# --- what a market is made of ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [str(BASELINE), BASELINE, b"baseline.yaml", {"population": 3000}, None, 5, []])
def test_a_market_needs_a_scenario(given: Any) -> None:
    with pytest.raises(TypeError, match="load_scenario"):
        LabourMarket(given)


@pytest.mark.parametrize("given", [{"population": 3000}, b"baseline.yaml", None, 5, HALF_A_YEAR, sys.stdin])
def test_a_scenario_needs_a_path(given: Any) -> None:
    with pytest.raises(TypeError, match="takes the path of a file"):
        load_scenario(given)


@pytest.mark.parametrize("given", [[("population", 3000)], "population=3000", 5, {3000}])
def test_overrides_are_a_mapping(given: Any) -> None:
    with pytest.raises(TypeError, match="mapping from path to value"):
        load_scenario(BASELINE, overrides=given)
    with pytest.raises(TypeError, match="mapping from path to value"):
        HALF_A_YEAR.with_values(given)


def test_settings_are_a_list() -> None:
    """A text would be read letter by letter."""
    with pytest.raises(TypeError, match="list of texts"):
        load_scenario(BASELINE, settings="population=3000")


def test_values_of_the_scenario_by_name() -> None:
    market = LabourMarket(HALF_A_YEAR, rng=1, population=2000, **{"visa.annual_quota": 7})
    assert market.scenario == HALF_A_YEAR.with_values({"population": 2000, "visa.annual_quota": 7})
    with pytest.raises(ScenarioError, match="did you mean 'population'"):
        LabourMarket(HALF_A_YEAR, populaton=2000)
    with pytest.raises(ScenarioError, match="between 1,000 and"):
        LabourMarket(HALF_A_YEAR, population=-5)
    for wrong in ({"population": -5}, {"population": 0}, {"end": "soon"}, {"end": "2018-13"}, {"start": "2019-01"}):
        with pytest.raises(ScenarioError):
            LabourMarket(replace(HALF_A_YEAR, **wrong))


# --- steps ----------------------------------------------------------------------------------------------------------


def test_a_step_past_the_end_changes_nothing() -> None:
    market = LabourMarket(HALF_A_YEAR, rng=1)
    market.run_model()
    before = state(market)
    for step in (market.step, market.advance):
        with pytest.raises(NoMoreMonthsError, match="ends in 2018-06"):
            step()
        assert state(market) == before
    market.run_model()
    assert state(market) == before


def test_a_step_takes_nothing() -> None:
    market = LabourMarket(HALF_A_YEAR, rng=1)
    before = state(market)
    with pytest.raises(TypeError):
        market.step(3)
    assert state(market) == before


@pytest.mark.skipif(not hasattr(mesa.Model, "run_for"), reason="Mesa 3.5 has run_for and run_until")
def test_running_for_so_long() -> None:
    market: Any = LabourMarket(HALF_A_YEAR, rng=1)
    before = state(market)
    for run in (lambda: market.run_for(7), lambda: market.run_until(99)):
        with pytest.raises(NoMoreMonthsError, match="6 months from here"):
            run()
        assert state(market) == before
    market.run_for(2)
    market.run_until(6)
    assert (market.steps, market.time, market.running) == (6, 6, False)
    assert rates(market) == rates(LabourMarket(HALF_A_YEAR, rng=1))


@pytest.mark.parametrize("error", [KeyboardInterrupt, AccountingError, ZeroDivisionError])
def test_half_a_month_is_not_gone_on_from(error: type[BaseException]) -> None:
    """Neither the market nor a copy of it; one made before lives on."""

    def breaks(_: object) -> None:
        raise error("halfway")

    market = LabourMarket(HALF_A_YEAR, rng=1)
    market.step()
    saved, steps = market.fork(), market.month_steps
    market.month_steps = (*steps[:5], ("breaks", breaks))
    with pytest.raises(error):
        market.step()
    market.month_steps = steps
    assert not market.running
    for broken in (market, pickle.loads(pickle.dumps(market))):  # noqa: S301 - our own bytes
        before = state(broken)
        with pytest.raises(NoMoreMonthsError, match="2018-02 broke off"):
            broken.step()
        assert state(broken) == before
    assert rates(saved) == rates(LabourMarket(HALF_A_YEAR, rng=1))


# --- agents ---------------------------------------------------------------------------------------------------------


def test_what_cannot_be_done_to_agents_changes_nothing() -> None:
    market = LabourMarket(HALF_A_YEAR, rng=1)
    market.step()
    before = state(market)
    person, firm, everyone = market.agents_by_type[Graduate][0], market.agents_by_type[TechFirm][0], market.agents
    refused: list[tuple[Callable[[], Any], type[Exception]]] = [
        (lambda: setattr(person, "wage", 5), AttributeError),
        (lambda: setattr(person, "note", 5), AttributeError),
        (lambda: setattr(firm, "headcount", 5), AttributeError),
        (lambda: delattr(person, "wage"), AttributeError),
        *((lambda value=value: setattr(person, "pay", value), ValueError) for value in ("x", None, -1, np.nan, 1e300)),
        *((lambda value=value: setattr(firm, "age_rule", value), ValueError) for value in ("x", np.inf, 1e300)),
        (lambda: everyone.select(agent_type=Person).set("wage", 3), AttributeError),
        (person.remove, TypeError),
        (lambda: Graduate(market), TypeError),
        (lambda: Graduate.create_agents(market, 3), TypeError),
        (lambda: everyone.remove(person), TypeError),
        (everyone.clear, TypeError),
        (lambda: everyone.do("step"), TypeError),
        (market.remove_all_agents, TypeError),
        (lambda: setattr(market, "agents", []), AttributeError),
        (lambda: market.job_graph.add_edge("a", "b"), nx.NetworkXError),
        (lambda: market.job_graph.remove_node(market.occupation_ids[0]), nx.NetworkXError),
        (lambda: everyone[len(everyone)], IndexError),
        (lambda: everyone.get("nothing"), AttributeError),
    ]
    for attempt, error in refused:
        with pytest.raises(error):
            attempt()
    assert state(market) == before
    assert len(everyone.select(at_most=-1)) == 0
    assert everyone[-1] == everyone.to_list()[-1]


def test_agents_of_ones_own_keep_counting_in_a_copy() -> None:
    """Mesa 3.3 counts their ids outside of the model, where a copy does not find them."""

    class Bank(mesa.Agent):  # type: ignore[misc]  # mesa has no types
        """An agent of a user's own."""

    market = LabourMarket(HALF_A_YEAR, rng=1)
    first = Bank(market), Bank(market)
    twin = market.fork()
    third = Bank(twin)
    assert [bank.unique_id for bank in twin.agents_by_type[Bank]] == [1, 2, 3]
    assert [bank.unique_id for bank in market.agents_by_type[Bank]] == [bank.unique_id for bank in first]
    assert third.model is twin
    for model in (market, twin):  # mesa 3.3 would keep them for good
        getattr(mesa.Agent, "_ids", {}).pop(model, None)


def test_nothing_is_warned_of_in_ordinary_use() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        market = LabourMarket(HALF_A_YEAR, seed=2)
        rates(market.fork())
        assert len(market.agents) > 0


# --- mesa.batch_run -------------------------------------------------------------------------------------------------


class WithoutSeed(LabourMarket):
    """A model of a user's own, with a collector of its own."""

    def __init__(self, scenario: Scenario, rng: Any = None) -> None:
        super().__init__(scenario, rng=rng)
        self.datacollector = DataCollector({"graduates": lambda market: len(market.agents_by_type[Graduate])})

    def step(self) -> None:
        super().step()
        self.datacollector.collect(self)


def batch(parameters: dict[str, Any], model: type[LabourMarket] = LabourMarket, **more: Any) -> list[dict[str, Any]]:
    settings = {"number_processes": 1, "data_collection_period": -1, "display_progress": False} | more
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # mesa 3.5 would rather have rng= than iterations=
        rows: list[dict[str, Any]] = mesa.batch_run(model, parameters, **settings)
    return rows


def ends(rows: list[dict[str, Any]]) -> list[float]:
    return [row["unemployment_rate"] for row in rows]


@pytest.mark.parametrize("processes", [1, 2])
def test_iterations_are_the_replications_of_the_scenario(processes: int) -> None:
    """They count on from its seed, as those of every verb; the scenario is pickled on its way to two processes."""
    rows = batch({"scenario": [HALF_A_YEAR]}, iterations=3, number_processes=processes)
    seeds = [HALF_A_YEAR.seed + iteration for iteration in range(3)]
    expected = [rates(LabourMarket(HALF_A_YEAR, rng=seed))[-1] for seed in seeds]
    assert ends(sorted(rows, key=lambda row: row["iteration"])) == expected
    assert len(set(expected)) == 3
    assert sorted(row["rng"] for row in rows) == seeds


def test_seeds_among_the_parameters() -> None:
    expected = [rates(LabourMarket(HALF_A_YEAR, rng=seed))[-1] for seed in (1, 2)]
    rows = batch({"scenario": HALF_A_YEAR, "rng": [1, 2]})
    assert ends(rows) == expected
    assert [row["rng"] for row in rows] == [1, 2]
    if MESA_3_5:
        rows = batch({"scenario": HALF_A_YEAR}, rng=[1, 2])
        assert ends(rows) == expected
        assert [row["rng"] for row in rows] == [1, 2]
        for model, name in ((LabourMarket, "seed"), (WithoutSeed, "rng")):
            with pytest.raises(ValueError, match=f"overwrites the parameter '{name}'"):
                batch({"scenario": HALF_A_YEAR, name: [1, 2]}, model)
    else:
        assert ends(batch({"scenario": HALF_A_YEAR, "seed": [1, 2]})) == expected


def test_a_model_of_ones_own_runs_in_batches() -> None:
    rows = batch({"scenario": HALF_A_YEAR}, WithoutSeed, iterations=2, data_collection_period=1)
    assert len(rows) == 12
    assert {row["rng"] for row in rows} == {1, 2}
    assert all(row["graduates"] > 0 for row in rows)


def test_levers_are_parameters() -> None:
    rows = batch({"scenario": HALF_A_YEAR, "rng": 1, "layoffs.extra_rate.all": [0, 0.02], "population": [1500, 2000]})
    combinations = [(row["layoffs.extra_rate.all"], row["population"]) for row in rows]
    assert combinations == [(0, 1500), (0, 2000), (0.02, 1500), (0.02, 2000)]
    assert rows[2]["unemployment_rate"] > rows[0]["unemployment_rate"]
    with pytest.raises(ScenarioError, match=r"did you mean 'visa\.annual_quota'"):
        batch({"scenario": HALF_A_YEAR, "visa.anual_quota": [0, 1]})
    with pytest.raises(TypeError, match="load_scenario"):
        batch({"scenario": str(BASELINE)})


def test_replications_that_are_not_run_are_told_once() -> None:
    many, one = HALF_A_YEAR.with_values({"replications": 4}), HALF_A_YEAR.with_values({"replications": 1})
    with pytest.warns(UserWarning, match="4 replications") as told:
        batch({"scenario": [many, many]})
    assert len(told) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        batch({"scenario": many}, iterations=4)
        batch({"scenario": many, "rng": [1]})
        batch({"scenario": one})
        LabourMarket(many)


# --- importing ------------------------------------------------------------------------------------------------------


def test_importing_leaves_the_process_as_it_was(tmp_path: Path) -> None:
    """Where processes start, what warns, who hears signals and what is logged belong to whoever imports."""
    code = f"""
import logging, multiprocessing, random, signal, sys, threading
def now():
    handlers = [signal.getsignal(each) for each in sorted(signal.valid_signals())]
    return multiprocessing.get_start_method(allow_none=True), handlers, logging.root.handlers, sys.excepthook, \\
        random.getstate(), threading.active_count()
before = now()
sys.path.insert(0, {str(ROOT)!r})
import model, agents
from model import LabourMarket, Scenario, load_scenario
from agents import Graduate
assert now() == before
assert not any(name.split(".")[0] in ("matplotlib", "networkx.drawing") for name in sys.modules)
"""
    subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=tmp_path, check=True)
