"""How fast a month is beside one sine and one cosine for each person, and what a person weighs.

    python benchmarks/speed.py [--persons 10000 100000 1000000 5000000] [--threads 1 2] [--months 12] [--repeats 5]
                               [--json benchmarks/speed.json]

Every size is opened once; each repeat lives the same months anew in a copy, all sizes and threads taking turns, so that
what else the machine does falls on all alike. Months with many entrants (July) and few are measured alike, so
`--months` should be whole years. Just before, in each repeat, as many threads take one sine and one cosine for each of
as many persons: a yardstick that says the same on another or a busier machine. See docs/performance.md.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
for threads in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"
os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / ".cache" / "numba"))

from agents.columns import PeopleArrays  # noqa: E402
from benchmarks.fit import Spread  # noqa: E402
from benchmarks.machine import describe, heading, tell, write  # noqa: E402
from benchmarks.sine import SinePass  # noqa: E402
from benchmarks.stopwatch import allocated, opened, timed  # noqa: E402
from model.market import Market  # noqa: E402
from model.pieces import Crew  # noqa: E402

TARGET_SINES, TARGET_BYTES = 1, 48
#: Person-months of one repeat, at least: small sizes live through their months several times.
ENOUGH = 2_000_000


@dataclass
class Case:
    """One size with so many threads: its market and what its repeats gave."""

    persons: int
    threads: int
    market: Market
    nanoseconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    phases: dict[str, list[float]] = field(default_factory=dict)
    sine_nanoseconds: list[float] = field(default_factory=list)
    sine: SinePass = field(init=False)

    def __post_init__(self) -> None:
        self.sine = SinePass(self.persons, self.threads)

    def repeat(self, months: int, least: int) -> None:
        """Pass over the sines and live the months, one after the other."""
        self.market.crew = Crew(self.threads)
        forks = max(1, least // (self.persons * months))
        self.sine_nanoseconds.append(self.sine.nanoseconds(max(1, least // self.persons)))
        spent = timed(self.market, months, forks)
        self.nanoseconds.append(spent.nanoseconds / spent.person_months)
        self.processor.append(spent.processor_nanoseconds / spent.person_months)
        for phase, nanoseconds in spent.phases.items():
            self.phases.setdefault(phase, []).append(nanoseconds / spent.person_months)

    def result(self) -> dict[str, Any]:
        """The figures of this case, in ns per person-month; `times_sine` compares within each repeat."""
        times = [month / sine for month, sine in zip(self.nanoseconds, self.sine_nanoseconds, strict=True)]
        return {
            "persons": self.persons,
            "threads": self.threads,
            "nanoseconds": asdict(Spread.of(self.nanoseconds)),
            "processor_nanoseconds": asdict(Spread.of(self.processor)),
            "sine_nanoseconds": asdict(Spread.of(self.sine_nanoseconds)),
            "times_sine": Spread.of(times).median,
            "phases": {phase: Spread.of(found).median for phase, found in self.phases.items()},
        }


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Every figure that this benchmark writes."""
    machine, markets = describe(), {}
    for size in asked.persons:
        tell(f"opening {size:,} persons")
        markets[size] = opened(size, asked.months)
    cases = [Case(size, count, market) for size, market in markets.items() for count in asked.threads]
    for market in markets.values():
        timed(market, 1)
    for number in range(asked.repeats):
        tell(f"repeat {number + 1} of {asked.repeats}")
        for case in cases:
            case.repeat(asked.months, asked.least)
    return {
        "machine": machine,
        "months": asked.months,
        "repeats": asked.repeats,
        "target": {"times_sine": TARGET_SINES, "bytes": TARGET_BYTES},
        "speed": [case.result() for case in cases],
        "memory": [weight(market) for market in markets.values()],
    }


def weight(market: Market) -> dict[str, float]:
    """Bytes per person: of a row of the columns, and of one more market, firms, posts and scratch included."""
    alive = market.people.count - market.empty_rows
    return {
        "persons": market.scenario.population,
        "columns_bytes": sum(getattr(market.people, name).dtype.itemsize for name in PeopleArrays._fields),
        "market_bytes": allocated(market.fork) / alive,
    }


def show(figures: dict[str, Any]) -> None:
    """The figures as tables."""
    print(heading(figures))
    print(f"{figures['months']} months from 2018-01, median of {figures['repeats']} repeats (quartiles)\n")
    for part in (show_speed, show_phases, show_memory):
        part(figures)


def show_speed(figures: dict[str, Any]) -> None:
    """Time per person-month, by the clock and of the processor (all threads), beside the sine pass."""
    print(f"{'persons':>10}{'threads':>9}{'ns per person-month':>26}{'processor':>11}{'sine pass':>26}{'times':>8}")
    for row in figures["speed"]:
        month, sine = (Spread(**row[name]).shown() for name in ("nanoseconds", "sine_nanoseconds"))
        processor, times = row["processor_nanoseconds"]["median"], row["times_sine"]
        print(f"{row['persons']:>10,}{row['threads']:>9}{month:>26}{processor:>11.1f}{sine:>26}{times:>8.2f}")
    print(
        f"target: no more than the sine pass at a million on one thread ({figures['target']['times_sine']:g} times)\n"
    )


def show_phases(figures: dict[str, Any]) -> None:
    """Time by phase, a column for each size and number of threads."""
    rows = figures["speed"]
    print(f"{'ns by phase':20}" + "".join(f"{short(row['persons']):>9}/{row['threads']}" for row in rows))
    for phase in sorted(rows[-1]["phases"], key=lambda name: -rows[-1]["phases"][name]):
        print(f"  {phase:18}" + "".join(f"{row['phases'][phase]:>11.2f}" for row in rows))
    print()


def show_memory(figures: dict[str, Any]) -> None:
    """Bytes per person."""
    print(f"{'bytes per person':>16}{'columns':>10}{'one more market':>18}")
    for row in figures["memory"]:
        print(f"{row['persons']:>16,}{row['columns_bytes']:>10.0f}{row['market_bytes']:>18.1f}")
    print(f"target: {figures['target']['bytes']} bytes per person beyond the interpreter")


def short(number: int) -> str:
    """10k, 5M."""
    return f"{number / 1e6:g}M" if number >= 1_000_000 else f"{number / 1e3:g}k"


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--persons", type=int, nargs="+", default=[10_000, 100_000, 1_000_000, 5_000_000])
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", type=Path, metavar="FILE", default=ROOT / "benchmarks" / "speed.json")
    parser.add_argument("--least", type=int, default=ENOUGH, help="person-months of one repeat, at least")
    asked = parser.parse_args()
    figures = measure(asked)
    show(figures)
    write(figures, asked.json)


if __name__ == "__main__":
    main()
