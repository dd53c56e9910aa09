"""Ordinary Mesa code on the real market: collectors, batches, sets, and models that go away when dropped."""

from __future__ import annotations

import gc
import weakref
from inspect import signature
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pytest
from mesa.agent import AgentSet
from mesa.batchrunner import batch_run
from mesa.datacollection import DataCollector

from agents import (
    AGENT_TYPES,
    Graduate,
    KVisaHolder,
    OtherFirm,
    Over35Worker,
    Person,
    PropertyDeveloper,
    TechFirm,
    Worker,
)
from model import LabourMarket, load_scenario

ROOT = Path(__file__).resolve().parent.parent


def scenario(**overrides: Any) -> Any:
    return load_scenario(str(ROOT / "scenarios" / "baseline.yaml"), overrides={"population": 5000, **overrides})


@pytest.fixture(scope="module")
def market() -> LabourMarket:
    market = LabourMarket(scenario(), rng=1)
    for _ in range(3):
        market.step()
    return market


def test_it_is_mesa(market: LabourMarket) -> None:
    assert isinstance(market, mesa.Model)
    assert isinstance(market.agents, AgentSet)
    assert all(isinstance(agent, mesa.Agent) for agent in market.agents[::500])
    assert list(market.agents_by_type) == market.agent_types == list(AGENT_TYPES)
    assert market.agents[0].random is market.random


def test_agents_agree_with_the_indicators(market: LabourMarket) -> None:
    last = market.datacollector.get_model_vars_dataframe().iloc[-1]
    people, scale = market.agents.select(agent_type=Person), market.people_per_agent
    assert people.agg("employed", sum) * scale == pytest.approx(last["employed"])
    assert people.agg("unemployed", sum) * scale == pytest.approx(last["unemployed"])
    assert (len(people) - people.agg("in_labour_force", sum)) * scale == pytest.approx(last["inactive"])
    wages = people.pick(people.column("employed")).agg("wage", np.median)
    assert wages == pytest.approx(last["median_wage"], rel=0.02), "the indicator comes from a fine histogram"
    assert market.agents_by_type[PropertyDeveloper].agg("defaulted", sum) == last["developer_defaults"]


def test_staff_and_employers_fit(market: LabourMarket) -> None:
    for kind in (TechFirm, PropertyDeveloper, OtherFirm):
        firm = market.agents_by_type[kind].sort("headcount")[0]
        assert len(firm.staff) == firm.headcount > 0
        assert set(firm.staff.get("employer")) == {firm}
        assert firm.sector in market.sector_ids
    assert set(market.agents_by_type[TechFirm].get("sector")) == {"tech"}
    people = market.agents.select(agent_type=Person)
    assert people.agg("employed", sum) == sum(
        market.agents_by_type[kind].agg("headcount", sum) for kind in (TechFirm, PropertyDeveloper, OtherFirm)
    )
    assert set(people.get("occupation")) <= set(market.job_graph)


def test_graduates_are_young_and_tertiary(market: LabourMarket) -> None:
    graduates = market.agents_by_type[Graduate]
    assert len(graduates) > 0
    assert graduates.agg("age", np.median) < 27
    assert set(graduates.get("education")) <= {"vocational_college", "bachelor", "master"}
    assert all(0 <= market.month - month <= 24 for month in graduates.get("graduated"))
    assert market.agents_by_type[Over35Worker].agg("age", min) >= 35
    assert market.agents_by_type[Worker].agg("age", max) < 35


def test_k_visa_holders_are_agents_of_their_own() -> None:
    market = LabourMarket(scenario(**{"population": 20_000, "visa.annual_quota": 300_000, "end": "2019-12"}), rng=1)
    while market.running and not len(market.agents_by_type[KVisaHolder]):
        market.step()
    holders = market.agents_by_type[KVisaHolder]
    assert len(holders) > 0
    assert set(holders.get("foreign")) == {True}
    assert min(holders.get("unique_id")) >= 2**31


def test_a_data_collector_of_your_own() -> None:
    market = LabourMarket(scenario(), rng=2)
    collector = DataCollector(
        model_reporters={"jobs": lambda m: m.agents_by_type[TechFirm].agg("headcount", sum)},
        agenttype_reporters={
            TechFirm: {"headcount": "headcount", "gap": lambda firm: firm.target - firm.headcount},
            PropertyDeveloper: {"debt": "debt", "defaulted": "defaulted"},
            Graduate: {"wage": "wage", "employer": "employer"},
        },
    )
    for _ in range(2):
        market.step()
        collector.collect(market)
    tech = collector.get_agenttype_vars_dataframe(TechFirm)
    assert len(tech) == 2 * len(market.agents_by_type[TechFirm])
    assert tech.groupby("Step")["headcount"].sum().tolist() == collector.get_model_vars_dataframe()["jobs"].tolist()
    last = collector.get_agenttype_vars_dataframe(Graduate).xs(market.steps, level="Step")
    assert last["wage"].tolist() == market.agents_by_type[Graduate].get("wage")
    assert last["employer"].tolist() == market.agents_by_type[Graduate].get("employer")
    assert (collector.get_agenttype_vars_dataframe(PropertyDeveloper)["debt"] > 0).all()


class Bank(mesa.Agent):  # type: ignore[misc]  # mesa has no types
    """An agent of a user's own."""


def test_agents_of_your_own_register_as_usual() -> None:
    market = LabourMarket(scenario(population=1000), rng=1)
    bank = Bank(market)
    assert list(market.agents_by_type[Bank]) == [bank]
    assert market.agent_types == [*AGENT_TYPES, Bank]
    bank.remove()
    getattr(mesa.Agent, "_ids", {}).pop(market, None)  # mesa 3.3 would keep the market for good


def test_agent_reporters_reach_everybody() -> None:
    market = LabourMarket(scenario(), rng=2)
    market.step()
    collector = DataCollector(agent_reporters={"id": "unique_id", "jobs": lambda agent: getattr(agent, "headcount", 0)})
    collector.collect(market)
    table = collector.get_agent_vars_dataframe()
    assert len(table) == len(market.agents)
    assert table["jobs"].sum() == market.firms.headcount.sum()
    assert table["id"].tolist() == market.agents.get("unique_id")


def test_batch_run() -> None:
    parameters: dict[str, Any] = {"scenario": scenario(end="2018-03")}
    seeds: dict[str, Any] = {"rng": [1, 2]}
    if "rng" not in signature(batch_run).parameters:  # mesa 3.3 takes the seeds as one more parameter
        parameters, seeds = parameters | seeds, {}
    results = batch_run(
        LabourMarket,
        parameters,
        max_steps=50,
        number_processes=1,
        data_collection_period=1,
        display_progress=False,
        **seeds,
    )
    by_seed = {seed: [row["unemployment_rate"] for row in results if row["rng"] == seed] for seed in (1, 2)}
    assert len(by_seed[1]) == len(by_seed[2]) == 3
    assert by_seed[1] != by_seed[2]
    market = LabourMarket(scenario(end="2018-03"), rng=2)
    while market.running:
        market.step()
    assert by_seed[2] == market.datacollector.get_model_vars_dataframe()["unemployment_rate"].tolist()


def test_looking_changes_nothing() -> None:
    watched, alone = (LabourMarket(scenario(), rng=3) for _ in range(2))
    for _ in range(6):
        watched.agents.shuffle_do(repr)
        watched.agents_by_type[Worker].shuffle().groupby("occupation").agg("wage", np.mean)
        watched.random.random()
        watched.rng.random()
        watched.step()
        alone.step()
    tables = [market.datacollector.get_model_vars_dataframe() for market in (watched, alone)]
    assert tables[0].equals(tables[1])


def test_someone_held_for_years_is_never_somebody_else() -> None:
    market = LabourMarket(scenario(), rng=4)
    market.step()
    held = market.agents.select(agent_type=Person)
    everyone = {person.unique_id: person for person in held}
    births = {id_: int(market.people.birth[person.row]) for id_, person in everyone.items()}
    for _ in range(36):
        market.step()
    present = {id_ for id_, person in everyone.items() if not person.gone}
    assert 0 < len(present) < len(everyone), "some have left within three years"
    assert {person.unique_id for person in held} == present
    assert all(everyone[id_].age == (market.month - births[id_]) / 12 for id_ in present)


def a_market_looked_at(seed: int) -> weakref.ref[LabourMarket]:
    market = LabourMarket(scenario(population=1000), rng=seed)
    market.step()
    collector = DataCollector(agenttype_reporters={TechFirm: {"headcount": "headcount"}})
    collector.collect(market)
    assert market.agents[0] in market.agents
    assert len(market.agents_by_type[Graduate].to_list()) == market.agents_by_type[Graduate].agg("unique_id", len)
    return weakref.ref(market)


def test_a_dropped_model_is_freed() -> None:
    ghosts = [a_market_looked_at(seed) for seed in range(10)]
    gc.collect()
    assert [ghost() for ghost in ghosts] == [None] * 10
