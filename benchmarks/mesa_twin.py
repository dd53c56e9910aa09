"""How much faster the engine is than the same rules written as plain Mesa: microseconds per person-month, bytes.

    python benchmarks/mesa_twin.py [--persons 20000 50000] [--months 24] [--repeats 3] [--json FILE]

Both go on from the same opening, one thread, everything compiled before the clock starts; repeats take turns and the
fastest counts. The twin in `benchmarks/twin/` is not slow on purpose: it passes over everyone three times a month,
looks hazards up in tables as the engine does, and leaves to the engine's arithmetic what concerns no single person. Its
random numbers are the engine's, one call of the compiled hash each: both live the same months, person by person. It
is timed twice: with agents in random order each time, as Mesa models do, and in fixed order, which changes nothing.
Memory is what one more market takes, firms and all, by Python's own count of allocations.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
for threads in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"
os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / ".cache" / "numba"))

from benchmarks.stopwatch import allocated, opened  # noqa: E402
from benchmarks.twin.market import MesaMarket  # noqa: E402
from model.market import Market  # noqa: E402


@dataclass
class Measurement:
    """Both engines at one size."""

    persons: int
    months: int
    twin_microseconds: float  # per person-month, agents in random order
    twin_in_order_microseconds: float  # the same in fixed order
    engine_microseconds: float
    ratio: float
    ratio_in_order: float
    twin_bytes: float  # per person
    engine_bytes: float
    bytes_ratio: float


def microseconds(step: Callable[[], None], people: Callable[[], int], months: int) -> float:
    """Time of a month over people in it."""
    gc.collect()
    person_months, begun = 0, time.perf_counter()
    for _ in range(months):
        step()
        person_months += people()
    return (time.perf_counter() - begun) / person_months * 1e6


def time_twin(market: Market, months: int, *, in_random_order: bool) -> float:
    """A twin of a market, timed."""
    twin = MesaMarket(market, rng=1, in_random_order=in_random_order)
    spent = microseconds(twin.step, lambda: len(twin.people), months)
    twin.remove_all_agents()
    return spent


def time_engine(market: Market, months: int) -> float:
    """A copy of a market, timed."""
    copy = market.fork()
    return microseconds(copy.advance, lambda: copy.people.count - copy.empty_rows, months)


def measure(persons: int, months: int, repeats: int) -> Measurement:
    """Both engines at one size, repeats taking turns."""
    market = opened(persons, max(months, 12))
    time_engine(market, min(months, 12))
    shuffled, in_order, engine = [], [], []
    for _ in range(repeats):
        shuffled.append(time_twin(market, months, in_random_order=True))
        in_order.append(time_twin(market, months, in_random_order=False))
        engine.append(time_engine(market, months))
    alive = market.people.count - market.empty_rows
    twin_bytes = allocated(lambda: MesaMarket(market, rng=1), MesaMarket.remove_all_agents) / alive
    engine_bytes = allocated(market.fork) / alive
    return Measurement(
        persons=persons,
        months=months,
        twin_microseconds=min(shuffled),
        twin_in_order_microseconds=min(in_order),
        engine_microseconds=min(engine),
        ratio=min(shuffled) / min(engine),
        ratio_in_order=min(in_order) / min(engine),
        twin_bytes=twin_bytes,
        engine_bytes=engine_bytes,
        bytes_ratio=twin_bytes / engine_bytes,
    )


def show(m: Measurement) -> None:
    """One size as a table."""
    size = f"{m.persons:,} persons, {m.months} months"
    print(f"{size:34}{'us per person-month':>20}{'bytes per person':>20}")
    print(f"  plain Mesa, random order      {m.twin_microseconds:>22.3f}{m.twin_bytes:>20.0f}")
    print(f"  plain Mesa, fixed order       {m.twin_in_order_microseconds:>22.3f}")
    print(f"  engine, one thread            {m.engine_microseconds:>22.4f}{m.engine_bytes:>20.0f}")
    print(f"  ratio (in fixed order)        {f'{m.ratio:.0f} ({m.ratio_in_order:.0f})':>22}{m.bytes_ratio:>20.1f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="The engine against the same rules as plain Mesa.")
    parser.add_argument("--persons", type=int, nargs="+", default=[20_000, 50_000])
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to FILE")
    asked = parser.parse_args()
    results = []
    for persons in asked.persons:
        results.append(measure(persons, asked.months, asked.repeats))
        show(results[-1])
    if asked.json:
        asked.json.write_text(json.dumps([asdict(result) for result in results], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
