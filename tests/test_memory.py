"""Memory: the driver's does not grow with replications, and a market that nobody holds any more is gone."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from engine_cases import scenario
from mesa.datacollection import DataCollector
from run_fakes import ROOT

from agents import Graduate, Person, TechFirm
from model import LabourMarket
from model.market import Market
from model.specification import in_force

#: A run of long replications, so that rows weigh more than whatever else comes and goes; it prints its highest resident
#: memory, in MB, after the tables are written and every indicator has been read as a figure reads it.
DRIVER = """
import sys
from io import StringIO
from pathlib import Path
from experiments.engine import manifest
from experiments.compare.job import MainJob, run_main_job
from experiments.engine.progress import Progress
from model.specification import STANDARD
from run_fakes import FakeMarket, FakeScenario
from views.report.readings import Readings
manifest.shipped_inputs = lambda: []
scenario = FakeScenario(replications=int(sys.argv[1]), end="2099-12")
outcome = run_main_job(MainJob(scenario, out=Path(sys.argv[2]), workers=1), Progress(StringIO()), FakeMarket())
readings = Readings(outcome.table)
for name in STANDARD.indicator:
    readings.band(name)
status = Path("/proc/self/status").read_text()
print(int(status.partition("VmHWM:")[2].split()[0]) / 1024)
"""
FEW, MANY, MONTHS = 4, 96, 82 * 12


def highest(replications: int, out: Path) -> float:
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    answer = subprocess.run(
        [sys.executable, "-c", DRIVER, str(replications), str(out)], cwd=ROOT, env=os.environ | {"PYTHONPATH": path},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(answer.stdout)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the memory of a process as Linux tells it")
def test_the_drivers_memory_does_not_grow_with_replications(tmp_path: Path) -> None:
    """What is held at once is bounded, with all its copies, at about 65 MB, whatever the number of replications.

    Every row in memory, as it once was, made 230 MB of these 92 replications.
    """
    rows = (MANY - FEW) * MONTHS * len(in_force().indicators) * 8 / 2**20
    assert rows > 30
    grown = highest(MANY, tmp_path / "many") - highest(FEW, tmp_path / "few")
    assert grown < 110, f"{grown:.0f} MB more for {MANY - FEW} replications more"


def test_a_replication_records_months_times_indicators() -> None:
    market = Market(scenario(1500, "2018-06"), 1)
    while market.month < market.last_month:
        market.advance()
    assert [set(row) for row in market.rows] == [{indicator.name for indicator in in_force().indicators}] * 6
    assert {type(value) for row in market.rows for value in row.values()} == {float}


# --- what is dropped is freed ---------------------------------------------------------------------


def engine() -> Market:
    return Market(scenario(1000, "2018-12"), 1)


def with_threads() -> Market:
    market = Market(scenario(1000, "2018-12"), 1, threads=2)
    market.crew.sweep(300_000, lambda piece: piece.stop)
    return market


def forked() -> Market:
    market = engine()
    market.advance()
    twin = market.fork(scenario(1000, "2018-12", {"layoffs.extra_rate.all": {"2018-06": 0.01}}))
    twin.advance()
    return twin


def as_mesa() -> LabourMarket:
    market = LabourMarket(scenario(1000, "2018-12"), rng=1)
    market.step()
    return market


def looked_at() -> LabourMarket:
    market = as_mesa()
    graduates = market.agents_by_type[Graduate]
    assert 0 < len(graduates.select(lambda graduate: graduate.age > 16).to_list()) <= len(graduates)
    assert market.agents_by_type[TechFirm].agg("headcount", sum) > 0
    held = list(market.agents)
    market.step()
    assert any(not person.gone for person in held if isinstance(person, Person))
    market.agents.shuffle_do(repr)
    return market


def collected() -> LabourMarket:
    market = as_mesa()
    collector = DataCollector(
        model_reporters={"wage": lambda market: market.datacollector.model_vars["median_wage"][-1]},
        agenttype_reporters={TechFirm: {"headcount": "headcount"}},
    )
    collector.collect(market)
    assert len(collector.get_agenttype_vars_dataframe(TechFirm)) > 0
    assert len(market.datacollector.get_model_vars_dataframe()) == 1
    return market


def forked_as_mesa() -> LabourMarket:
    market = looked_at()
    twin = market.fork()
    twin.step()
    assert twin.agents_by_type[Graduate].to_list()[0].model is twin
    return twin


MAKERS = (engine, with_threads, forked, as_mesa, looked_at, collected, forked_as_mesa)


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_a_dropped_market_is_freed(make: Callable[[], Market]) -> None:
    """Neither Mesa (3.3.1 keeps every model that ever had a registered agent) nor a cache of ours holds on to it."""
    before = markets_alive()
    ghosts = [weakref.ref(make()) for _ in range(2)]
    assert markets_alive() == before
    assert [ghost() for ghost in ghosts] == [None, None]


def markets_alive() -> int:
    """Also those that others were forked from."""
    gc.collect()
    return sum(1 for thing in gc.get_objects() if issubclass(type(thing), Market))
