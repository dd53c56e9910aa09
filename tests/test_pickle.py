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

from model.labour_market import LabourMarket
from model.market import Market

ROOT = Path(__file__).resolve().parent.parent
COPIES: dict[str, Callable[[Any], Any]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "fork": lambda market: market.fork(),
    **{f"pickle {each}": lambda market, each=each: pickle.loads(pickle.dumps(market, each)) for each in range(2, 6)},  # noqa: S301 - our own bytes
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
