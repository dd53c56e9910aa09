"""A market that answers a policy at once, and searches of it."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import numpy as np
from run_fakes import record

from experiments.engine.branching import Unfinished
from experiments.engine.progress import Progress
from experiments.search.job import run_search
from experiments.search.order import SearchJob, SearchOutcome
from experiments.search.policy_file import read_policy

POLICY = """
scenario: base.yaml
from: 2018-06
replications: 2
levers:
  hiring.graduate_subsidy:
    range: [0, 0.5]
    cost: {amount: 1000, times: [unemployed], unit: yuan a head, source: assumption}
  layoffs.protection: {range: [0, 1], cost: 0}
targets: {unemployment_rate_16_24: minimise, spending: minimise}
search: {trials: 12}
confirm: 3
"""
BASE = "population: 1000\nend: 2019-06\nstart: 2018-01\nseed: 7\n"


def written(folder: Path, text: str = POLICY, base: str = BASE) -> Path:
    """A policy file with its scenario beside it."""
    folder.mkdir(exist_ok=True)
    (folder / "base.yaml").write_text(base)
    path = folder / "policy.yaml"
    path.write_text(text)
    return path


@dataclass
class FakePast:
    """Youth unemployment falls with the subsidy, and with protection up to a half; seeds have luck of their own.

    `luck` is how much of it, in points, belongs to a policy and a seed, and so flatters whatever is picked.
    """

    corner: str = ""
    luck: float = 0.0
    #: By how much more or less the subsidy brings at another draw of the parameters.
    by_draw: float = 0.0
    dies_at: int = 10**9
    seconds: float = 0.0
    calls: int = 0
    opened: int = 0
    seeds: Sequence[int] = ()

    def __call__(self, scenario: Any, _since: str, seeds: Sequence[int], _workers: int, lived: Any) -> FakePast:
        self.scenario, self.seeds, self.lived = scenario, list(seeds), lived
        self.opened += 1
        return self

    def tried(self, reform: Any) -> list[Any]:
        if self.calls == self.dies_at:
            raise KeyboardInterrupt
        self.calls += 1
        time.sleep(self.seconds)
        subsidy, protection = (
            float(reform.monthly(path, 17, 1)[0]) for path in ("hiring.graduate_subsidy", "layoffs.protection")
        )
        if self.corner == "scenario" and subsidy == 0 and protection == 0:
            return [Unfinished("AccountingError", "people is off by 3", "") for _ in self.seeds]
        if self.corner == "policy" and protection > 0.6:
            return [Unfinished("ValueError", "no luck", "Traceback") for _ in self.seeds]
        if self.corner == "death" and protection > 0.6:
            from concurrent.futures.process import BrokenProcessPool

            raise BrokenProcessPool
        return [self._record(reform, seed, subsidy, protection) for seed in self.seeds]

    def _record(self, reform: Any, seed: int, subsidy: float, protection: float) -> dict[str, Any]:
        asked = SimpleNamespace(start=reform.start, end=reform.end, effect=0.0)
        found = record(asked, seed)  # type: ignore[arg-type]
        moved = subsidy > 0 or protection > 0
        luck = np.random.default_rng([seed, int(1e6 * subsidy), int(1e6 * protection)]).normal(0, self.luck) * moved
        path = "parameters.adjustment_speed"
        other = self.lived(self.scenario, seed).number(path) / self.scenario.number(path) - 1
        rate = 0.15 + 0.001 * seed - (0.1 + self.by_draw * other) * subsidy - 0.04 * min(protection, 0.5) + luck
        if self.corner == "nothing" and protection > 0.6:
            rate = np.nan
        return found | {"unemployment_rate_16_24": np.full(len(found["month"]), rate)}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None


def search(path: Path, out: Path, past: FakePast | None = None) -> SearchOutcome:
    """A search in the fake market."""
    return run_search(SearchJob(read_policy(path), 1, out), Progress(StringIO()), past or FakePast())


if __name__ == "__main__":  # a slow search of its own, to be killed
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.environ.setdefault("MPLBACKEND", "Agg")
    sys.exit(search(Path(sys.argv[1]), Path(sys.argv[2]), FakePast(seconds=0.05)).status)
