"""Measuring a market's months fairly: the same months again and again, phase by phase; and what a market weighs."""

from __future__ import annotations

import gc
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from model import market as market_module
from model.market import Market
from model.scenario.scenario import load_scenario
from model.schedule import month_label

BASELINE = Path(__file__).resolve().parent.parent / "scenarios" / "baseline.yaml"


def opened(persons: int, months: int, values: dict[str, object] | None = None) -> Market:
    """The baseline just before 2018-01, to be forked and lived on for `months`."""
    overrides = {"population": persons, "end": month_label(months - 1), **(values or {})}
    return Market(load_scenario(BASELINE, overrides=overrides), 1)


@dataclass
class Spent:
    """What some months of one market took."""

    nanoseconds: int = 0  # on the clock
    processor_nanoseconds: int = 0  # of all threads together
    person_months: int = 0
    months: int = 0
    phases: Counter[str] = field(default_factory=Counter)


def timed(market: Market, months: int, forks: int = 1) -> Spent:
    """Live through the next `months` in `forks` copies one after another; the market stays where it is."""
    spent = Spent()
    for _ in range(forks):
        twin = market.fork()
        gc.collect()
        begun = [0]

        def begin(_: str, begun: list[int] = begun) -> None:
            begun[0] = time.perf_counter_ns()

        def end(phase: str, begun: list[int] = begun) -> None:
            spent.phases[phase] += time.perf_counter_ns() - begun[0]

        with month_told(twin, begin, end):
            for _ in range(months):
                start, work = time.perf_counter_ns(), time.process_time_ns()
                twin.advance()
                spent.processor_nanoseconds += time.process_time_ns() - work
                spent.nanoseconds += time.perf_counter_ns() - start
                spent.person_months += twin.people.count - twin.empty_rows
                spent.months += 1
    return spent


def allocated(build: Callable[[], Any], discard: Callable[[Any], None] = lambda _: None) -> int:
    """Bytes that what `build` returns keeps, by Python's own count of allocations."""
    gc.collect()
    tracemalloc.start()
    kept = build()
    gc.collect()
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    discard(kept)
    return size


@contextmanager
def month_told(market: Market, begin: Callable[[str], None], end: Callable[[str], None]) -> Iterator[None]:
    """Within the block `begin` and `end` hear the name of each step of a market, and of the closing of the books."""

    def told(name: str, run: Callable[[Market], None]) -> Callable[[Market], None]:
        def wrapped(market: Market) -> None:
            begin(name)
            run(market)
            end(name)

        return wrapped

    usual = market.month_steps, market_module.check_books
    market.month_steps = tuple((name, told(name, run)) for name, run in market.month_steps)
    market_module.check_books = told("books", market_module.check_books)
    try:
        yield
    finally:
        market.month_steps, market_module.check_books = usual
