"""One run of a batch, wherever it is computed: checked, lived, and handed back as a table or as what went wrong."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from experiments.engine.executors import Failure
from experiments.engine.manifest import code_version

if TYPE_CHECKING:
    from experiments.engine.ensemble import Record, Simulate
    from model.market import Market
    from model.parameters import Value
    from model.scenario.scenario import Scenario

#: How far a run came: its worker holds the right program, the point makes a scenario, the market opens, months pass.
Stage = Literal["version", "scenario", "opening", "months", "worker", "file"]


@dataclass(frozen=True)
class Run:
    """One replication of one point of the design."""

    point: int
    replication: int
    seed: int
    overrides: Mapping[str, Value] = field(compare=False, hash=False)

    def __str__(self) -> str:
        return f"point {self.point}, replication {self.replication} (seed {self.seed})"


@dataclass(frozen=True)
class Lived:
    """A finished run, the seconds it took, and whether its process had warmed up on another before."""

    record: Record
    seconds: float
    warm: bool


#: The one past that this process keeps, by scenario, first month in which points part, and seed.
_PAST: dict[tuple[str, int, int], Market] = {}
#: How many runs this process has lived through.
_LIVED = {"runs": 0}


@dataclass(frozen=True)
class Work:
    """What every run of a batch shares; calling it computes one run. Pure: scenario, point and seed decide the table.

    `digest` and `version` are the driver's: a worker that has another scenario or another program computes nothing.
    """

    scenario: Scenario
    digest: str
    version: Mapping[str, str]
    threads: int = 1
    simulate: Simulate | None = None
    #: The month before which all points share their past, as an index; 0 where they share none.
    parts: int = 0

    def __call__(self, run: Run) -> Lived | Failure[Run]:
        """Check, live, and catch whatever goes wrong: a run that fails is a result too."""
        reached: list[Stage] = ["version"]
        try:
            difference = self._difference()
            if difference:
                return Failure(run, "OtherVersion", difference, stage="version")
            reached.append("scenario")
            scenario = self.scenario.with_values(run.overrides)
            reached.append("opening")
            return self._live(scenario, run.seed, reached)
        except Exception as error:  # noqa: BLE001 - whatever a run raises is its result
            return Failure(run, type(error).__name__, str(error), traceback.format_exc(), reached[-1])

    def _difference(self) -> str:
        """What of this process is not as the driver has it."""
        own = code_version()
        if self.scenario.digest != self.digest:
            return "the scenario arrived changed: other declared parameters"
        other = [name for name, value in self.version.items() if own.get(name) != value]
        told = [f"{name} {own.get(name)} instead of {self.version[name]}" for name in other if name != "sources"]
        return ", ".join((["the files of agents/, model/ or data/ differ"] if "sources" in other else []) + told)

    def _live(self, scenario: Scenario, seed: int, reached: list[Stage]) -> Lived:
        """Simulate the months; from the first recorded one on, a failure is one of the months."""

        def on_month(_month: int) -> None:
            if reached[-1] == "opening":
                reached.append("months")

        clock = time.perf_counter()
        record = self._record(scenario, seed, on_month)
        warm, _LIVED["runs"] = _LIVED["runs"] > 0, _LIVED["runs"] + 1
        return Lived(record, time.perf_counter() - clock, warm)

    def _record(self, scenario: Scenario, seed: int, on_month: Callable[[int], None]) -> Record:
        """Live the run, from the shared past on where there is one: the same numbers as from the start."""
        if self.simulate is not None:
            return self.simulate(scenario, seed, on_month)
        from model.market import simulate  # late: workers load the market, the driver does not

        if self.threads > 1 or not self.parts or self.scenario.first_difference(scenario) < self.parts:
            return simulate(scenario, seed, on_month, self.threads)
        market = self._past(seed, on_month).fork(scenario)
        while market.month < market.last_month:
            market.advance()
            on_month(market.month)
        return market.table()

    def _past(self, seed: int, on_month: Callable[[int], None]) -> Market:
        """The market of a seed as it is before points part; the process keeps the last one it was asked for."""
        from model.market import Market

        key = (self.digest, self.parts, seed)
        if key not in _PAST:
            market = Market(self.scenario, seed)
            while market.month < min(self.parts - 1, market.last_month):
                market.advance()
                on_month(market.month)
            _PAST.clear()
            _PAST[key] = market
        return _PAST[key]
