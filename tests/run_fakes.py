"""A scenario and a market small enough to be wrong on purpose: they fail, die, hang or work, as a test wants."""

from __future__ import annotations

import os
import signal
import sys
import time
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from model.scenario.scenario import default_scenario
from model.schedule import month_index
from model.specification import in_force

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))


@dataclass(frozen=True)
class FakeScenario:
    """What the ensemble asks of a scenario."""

    specification = in_force()

    name: str = "small"
    start: str = "2018-01"
    end: str = "2019-12"
    population: int = 1000
    replications: int = 4
    seed: int = 7
    effect: float = 0.0

    @property
    def digest(self) -> str:
        return f"{zlib.crc32(repr(self).encode()):08x}"

    def number(self, path: str) -> float:
        return default_scenario().number(path)

    def monthly(self, path: str, first_month: int, months: int) -> Any:
        if path != "visa.annual_quota":
            return default_scenario().monthly(path, first_month, months)
        return np.where(np.arange(first_month, first_month + months) < 12, 0.0, 50_000.0)

    def to_files(self, name: str = "scenario.yaml") -> dict[str, str]:
        return {name: self.to_yaml()}

    def to_yaml(self) -> str:
        return f"name: {self.name}\n"


class AccountingError(Exception):
    """Two arguments, so that it does not survive pickling: the ensemble must not depend on it."""

    def __init__(self, identity: str, gap: float) -> None:
        super().__init__(f"{identity} is off by {gap}")


@dataclass(frozen=True)
class FakeMarket:
    """`simulate` with accidents: seeds that fail, break their accounts, or kill their process."""

    fails: tuple[int, ...] = ()
    breaks: tuple[int, ...] = ()
    kills: tuple[int, ...] = ()
    #: Where a killer leaves a mark; it kills only while fewer than `deaths` are there.
    marks: Path | None = None
    deaths: int = 1
    seconds: float = 0.0
    interrupts: tuple[int, ...] = ()

    def __call__(
        self, scenario: FakeScenario, seed: int, on_month: Callable[[int], None] | None = None
    ) -> dict[str, Any]:
        if seed in self.fails:
            raise ValueError("no luck")
        if seed in self.breaks:
            raise AccountingError("people", 3.0)
        if seed in self.interrupts:
            raise KeyboardInterrupt
        if seed in self.kills and self.marks is not None and len(list(self.marks.iterdir())) < self.deaths:
            (self.marks / f"{os.getpid()}-{time.monotonic_ns()}").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(self.seconds)
        return record(scenario, seed, on_month)


def record(scenario: FakeScenario, seed: int, on_month: Callable[[int], None] | None = None) -> dict[str, Any]:
    """Months that only the scenario and the seed decide; a fixed effect, and the same luck for the same seed."""
    months = np.arange(month_index(scenario.start), month_index(scenario.end) + 1)
    luck = np.random.default_rng(seed)
    found: dict[str, Any] = {"month": months}
    for indicator in in_force().indicators:
        found[indicator.name] = luck.normal(10.0, 1.0, len(months)) + scenario.effect
    people = np.full(len(months), 600e6)
    found |= {"labour_force": people, "inactive": people / 2, "employed": people * 0.9, "unemployed": people * 0.1}
    found |= {name: people for name in found if name.startswith(("labour_force_", "employment_"))}
    found["k_visa_stock"] = np.where(months < 12, 0.0, 45e6)
    found["unemployment_rate_k_visa"] = np.where(months < 12, np.nan, 0.1)
    if on_month is not None:
        for month in months:
            on_month(int(month))
    return found
