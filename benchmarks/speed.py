"""How fast a month is and what a person weighs: nanoseconds per person-month, share of each phase, bytes per person.

    python benchmarks/speed.py [--persons 100000 1000000] [--months 36] [--repeats 3] [--json]

One thread. A first short run compiles and warms up; then each size is measured several times and the fastest repeat
counts, because whatever else the machine does only ever adds time. Months with many entrants (July, August) and few
are measured alike, so `--months` should be whole years.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
for threads in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"
os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / ".cache" / "numba"))

import numpy as np  # noqa: E402

from agents.columns import PeopleArrays  # noqa: E402
from model import market as market_module  # noqa: E402
from model.accounting import check_books  # noqa: E402
from model.market import Market  # noqa: E402
from model.month import MONTH, Phase  # noqa: E402
from model.scenario import load_scenario  # noqa: E402

TARGET_NANOSECONDS, TARGET_BYTES = 60, 64


@dataclass
class Measurement:
    """One size, its fastest repeat."""

    persons: int
    months: int
    nanoseconds: float  # per person-month, everything included
    phases: dict[str, float]  # nanoseconds per person-month
    opening_seconds: float  # drawing people and 37 months of burn-in
    bytes_per_person: float  # arrays of the market, room to grow included
    people_bytes: float  # of them the columns of persons in use


class Clock:
    """Time by phase, taken by wrapping the functions of `MONTH`."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()

    def timed(self, name: str, run: Callable[[Market], None]) -> Callable[[Market], None]:
        """The same function, its time added up."""

        def wrapped(market: Market) -> None:
            begun = time.perf_counter_ns()
            run(market)
            self.spent[name] += time.perf_counter_ns() - begun

        return wrapped

    def month(self) -> tuple[Phase, ...]:
        """MONTH with its functions timed."""
        return tuple(phase._replace(run=self.timed(phase.name, phase.run)) for phase in MONTH)


def arrays_in(held: Any, seen: set[int]) -> int:
    """Bytes of all arrays that an object holds, each counted once, views as their base."""
    if isinstance(held, np.ndarray):
        base = held if held.base is None or not isinstance(held.base, np.ndarray) else held.base
        if id(base) in seen:
            return 0
        seen.add(id(base))
        return int(base.nbytes)
    if id(held) in seen:
        return 0
    if isinstance(held, list | tuple):
        inside = list(held) if any(isinstance(part, np.ndarray | tuple) or is_dataclass(part) for part in held) else []
        own = sys.getsizeof(held) if isinstance(held, list) else 0
    elif isinstance(held, dict):
        inside, own = list(held.values()), 0
    elif is_dataclass(held) and not isinstance(held, type):
        inside, own = [getattr(held, field.name) for field in fields(held)], 0
    else:
        return 0
    seen.add(id(held))
    return own + sum(arrays_in(part, seen) for part in inside)


def measured(persons: int, months: int) -> Measurement:
    """One repeat at one size."""
    last = f"{2018 + (months - 1) // 12}-{(months - 1) % 12 + 1:02d}"
    scenario = load_scenario(ROOT / "scenarios" / "baseline.yaml", overrides={"population": persons, "end": last})
    begun = time.perf_counter()
    market = Market(scenario, 1)
    opening = time.perf_counter() - begun
    clock, alive = Clock(), 0
    usual = market_module.MONTH, market_module.check_books
    market_module.MONTH, market_module.check_books = clock.month(), clock.timed("books", check_books)
    try:
        begun_ns = time.perf_counter_ns()
        for _ in range(months):
            market.advance()
            alive += market.people.count - market.empty_rows
        spent = time.perf_counter_ns() - begun_ns
    finally:
        market_module.MONTH, market_module.check_books = usual
    held = arrays_in(vars(market), set())
    people, rows = market.people, market.people.capacity
    column_bytes = sum(getattr(people, name).nbytes for name in PeopleArrays._fields) / rows
    phases = {name: ns / alive for name, ns in clock.spent.items()}
    return Measurement(persons, months, spent / alive, phases, opening, held / (alive / months), column_bytes)


def fastest(persons: int, months: int, repeats: int) -> Measurement:
    """The repeat that the machine disturbed least; each phase at its own best."""
    tries = [measured(persons, months) for _ in range(repeats)]
    best = min(tries, key=lambda measurement: measurement.nanoseconds)
    best.phases = {name: min(one.phases[name] for one in tries) for name in best.phases}
    return best


def peak_megabytes() -> float:
    """Most memory the process has had resident."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def show(result: Measurement) -> None:
    """A table of one size."""
    print(f"\n{result.persons:,} persons, {result.months} months")
    print(f"  {result.nanoseconds:6.1f} ns per person-month   (target {TARGET_NANOSECONDS} at a million)")
    columns = f"columns of people {result.people_bytes:.0f}"
    print(f"  {result.bytes_per_person:6.1f} bytes per person        (target {TARGET_BYTES}; {columns})")
    print(f"  {result.opening_seconds:6.2f} s to open: people drawn and 37 months of burn-in")
    total = sum(result.phases.values())
    for name, nanoseconds in sorted(result.phases.items(), key=lambda item: -item[1]):
        print(f"    {name:12s} {nanoseconds:6.2f} ns {nanoseconds / total:6.1%}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Nanoseconds per person-month and bytes per person, one thread.")
    parser.add_argument("--persons", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="figures as JSON on standard output")
    asked = parser.parse_args()
    measured(5000, 2)
    results = []
    for persons in asked.persons:
        result = fastest(persons, asked.months, asked.repeats)
        results.append(vars(result) | {"peak_megabytes": peak_megabytes()})
        if not asked.json:
            show(result)
            print(f"  {peak_megabytes():6.0f} MB resident at most so far")
    if asked.json:
        print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
