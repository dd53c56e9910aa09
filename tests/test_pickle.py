"""A market can be copied, pickled and sent to another process, and goes on there as if nobody had."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from engine_cases import scenario

from agents import Graduate
from model import load_scenario
from model.labour_market import LabourMarket
from model.market import Market
from model.own_mechanism import specification_of
from model.specification import use

ROOT = Path(__file__).resolve().parent.parent
COPIES: dict[str, Callable[[Any], Any]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "fork": lambda market: market.fork(),
    **{f"pickle {each}": lambda market, each=each: pickle.loads(pickle.dumps(market, each)) for each in range(6)},  # noqa: S301 - our own bytes
}


def lived(market: Any) -> Any:
    while market.month < market.last_month:
        market.step() if isinstance(market, LabourMarket) else market.advance()
    return market


@pytest.mark.parametrize("months", [0, 2, 6])
@pytest.mark.parametrize("how", COPIES)
def test_a_copy_goes_on_alone(how: str, months: int) -> None:
    """Before the first month, midway and at the end; the market that it came from goes on as well."""
    asked = scenario(1500, "2018-06")
    alone = lived(LabourMarket(asked, rng=3)).datacollector.get_model_vars_dataframe()
    market = LabourMarket(asked, rng=3)
    for _ in range(months):
        market.step()
    twin = COPIES[how](market)
    assert twin.steps == market.steps == months
    assert twin.running is market.running
    for each in (twin, market):
        assert lived(each).datacollector.get_model_vars_dataframe().equals(alone)


def test_the_engine_alone_is_pickled_too() -> None:
    market = Market(scenario(1500, "2018-06"), 3, threads=2)
    twin = pickle.loads(pickle.dumps(market))  # noqa: S301 - our own bytes
    assert twin.crew.threads == 2
    for name, values in lived(market).table().items():
        np.testing.assert_array_equal(lived(twin).table()[name], values)


def test_another_process_goes_on(tmp_path: Path) -> None:
    market = LabourMarket(scenario(1500, "2018-06"), rng=3)
    market.step()
    (tmp_path / "market").write_bytes(pickle.dumps(market))
    code = (
        "import pickle, sys; market = pickle.load(open(sys.argv[1], 'rb'))\n"
        "while market.running: market.step()\n"
        "print(market.datacollector.get_model_vars_dataframe()['unemployment_rate'].tolist())"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "market")]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    rates = lived(market).datacollector.get_model_vars_dataframe()["unemployment_rate"]
    assert told.stdout.strip() == str(rates.tolist())


def test_views_and_sets_travel_with_their_market() -> None:
    market = LabourMarket(scenario(1500, "2018-06"), rng=3)
    person = next(iter(market.agents))
    twin = pickle.loads(pickle.dumps(person))  # noqa: S301 - our own bytes
    assert (twin.unique_id, twin.age, twin.wage) == (person.unique_id, person.age, person.wage)
    assert twin.model is not market
    some = pickle.loads(pickle.dumps(market.agents.select(at_most=5)))  # noqa: S301 - our own bytes
    assert [agent.unique_id for agent in some] == [agent.unique_id for agent in market.agents.select(at_most=5)]


def test_what_a_market_holds_goes_with_it() -> None:
    """Sets, views, collectors and agents of one's own that hang on a market belong to its twin afterwards."""
    market = LabourMarket(scenario(1500, "2018-06"), rng=3)
    market.step()
    mine: Any = market
    mine.young = market.agents_by_type[Graduate].select()
    mine.notes = {mine.young[0]: "one"}
    for how in COPIES.values():
        twin = how(mine)
        assert twin.young.model is twin
        assert twin.young.random is twin.random
        assert twin.young.random is not market.random
        assert twin.notes == {twin.young[0]: "one"}
        twin.step()
        assert 0 < len(twin.young) <= len(mine.young)
    assert market.steps == 1


def test_a_set_that_the_model_decides_stays_so() -> None:
    market = LabourMarket(scenario(1500, "2018-06"), rng=3)
    everyone = pickle.loads(pickle.dumps(market.agents))  # noqa: S301 - our own bytes
    with pytest.raises(TypeError, match="the model decides"):
        everyone.pop()
    assert copy.deepcopy(market.agents) == market.agents


def test_a_scenario_and_its_copies_are_one() -> None:
    asked = scenario(1500, "2018-06")
    assert copy.deepcopy(asked) is asked
    for protocol in range(6):
        assert pickle.loads(pickle.dumps(asked, protocol)) == asked  # noqa: S301 - our own bytes


def test_mechanisms_of_ones_own_travel_with_what_they_remember(tmp_path: Path) -> None:
    """The class of the memory is defined in a file that the other process has never seen."""
    with use(specification_of([ROOT / "examples" / "own_mechanism.py"])):
        market = LabourMarket(load_scenario(ROOT / "scenarios" / "baseline.yaml", {"population": 1500}), rng=3)
    market.step()
    (tmp_path / "market").write_bytes(pickle.dumps(market))
    code = (
        "import pickle, sys; market = pickle.load(open(sys.argv[1], 'rb')); market.step()\n"
        "print(market.rows[-1]['unemployment_rate'], [each.id for each in market.specification.own])"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "market")]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    market.step()
    assert told.stdout.split() == [str(market.rows[-1]["unemployment_rate"]), "['short_time_work']"]


def test_a_market_that_is_over_goes_on_under_a_longer_scenario() -> None:
    market = LabourMarket(scenario(1500, "2018-03"), rng=3)
    market.run_model()
    longer = market.fork(scenario(1500, "2018-06"))
    assert longer.running
    longer.run_model()
    whole = LabourMarket(scenario(1500, "2018-06"), rng=3)
    whole.run_model()
    frames = [each.datacollector.get_model_vars_dataframe() for each in (longer, whole)]
    assert frames[0].equals(frames[1])
