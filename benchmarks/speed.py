"""How fast a month is, what a person weighs, and how far both are from what the memory of this machine allows.

    python benchmarks/speed.py [--persons 10000 100000 1000000 5000000] [--threads 1 2] [--months 12] [--repeats 5]
                               [--patience SECONDS] [--json benchmarks/speed.json]

Every size is opened once; each repeat lives the same months anew in a copy, all sizes and threads taking turns, so that
what else the machine does falls on all alike; on a busy one `--patience` waits for quiet moments. Months with many
entrants (July) and few are measured alike, so `--months` should be whole years. Beside it, in the same turns, runs a
compiled stream over as many bytes as the columns have; the bytes that a month has to touch, counted by watching it
(benchmarks/touched.py), over that bandwidth are the floor. See docs/performance.md.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
for threads in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"
os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / ".cache" / "numba"))

from benchmarks.bandwidth import LOOPS, Stream  # noqa: E402
from benchmarks.fit import Spread  # noqa: E402
from benchmarks.machine import describe, heading, tell, write  # noqa: E402
from benchmarks.quiet import Quiet  # noqa: E402
from benchmarks.stopwatch import opened, timed  # noqa: E402
from benchmarks.touched import Touched, touched  # noqa: E402
from benchmarks.weight import columns_bytes, weigh  # noqa: E402
from model.market import Market  # noqa: E402
from model.pieces import Crew  # noqa: E402

TARGET_NANOSECONDS, TARGET_BYTES = 40, 64
#: Person-months of one repeat, at least: small sizes live through their months several times.
ENOUGH = 2_000_000
#: Persons of the market that is watched; what share of a line is looked at does not depend on their number.
WATCHED = 8_000


@dataclass
class Case:
    """One size with so many threads: its market and what its repeats gave."""

    persons: int
    threads: int
    market: Market
    stream: Stream
    nanoseconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    phases: dict[str, list[float]] = field(default_factory=dict)
    gigabytes: dict[str, list[float]] = field(default_factory=lambda: {loop: [] for loop in LOOPS})

    def repeat(self, months: int, least: int, quiet: Quiet) -> None:
        """Stream once and live the months once."""
        self.market.crew = Crew(self.threads)
        forks = max(1, least // (self.persons * months))
        for loop, speed in quiet.undisturbed(lambda: {name: self.stream.speed(name) for name in LOOPS}).items():
            self.gigabytes[loop].append(speed)
        spent = quiet.undisturbed(lambda: timed(self.market, months, forks))
        self.nanoseconds.append(spent.nanoseconds / spent.person_months)
        self.processor.append(spent.processor_nanoseconds / spent.person_months)
        for phase, nanoseconds in spent.phases.items():
            self.phases.setdefault(phase, []).append(nanoseconds / spent.person_months)

    def result(self, seen: Touched) -> dict[str, Any]:
        """The figures of this case, in ns per person-month and GB/s."""
        spread = Spread.of(self.nanoseconds)
        gigabytes = {loop: Spread.of(found) for loop, found in self.gigabytes.items()}
        best = max(found.median for found in gigabytes.values())
        return {
            "persons": self.persons,
            "threads": self.threads,
            "nanoseconds": asdict(spread),
            "processor_nanoseconds": asdict(Spread.of(self.processor)),
            "phases": {phase: Spread.of(found).median for phase, found in self.phases.items()},
            "gigabytes_per_second": {loop: asdict(found) for loop, found in gigabytes.items()},
            "floor_nanoseconds": seen.once / best,
            "floor_by_phase_nanoseconds": seen.by_phase / best,
            "times_floor": spread.median * best / seen.once,
            "times_floor_by_phase": spread.median * best / seen.by_phase,
        }


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Every figure that this benchmark writes."""
    machine, months, quiet = describe(), asked.months, Quiet(asked.patience)
    seen = watch(asked.watched)
    cases = open_cases(asked)
    for number in range(asked.repeats):
        tell(f"repeat {number + 1} of {asked.repeats}")
        for case in cases:
            case.repeat(months, asked.least, quiet)
    results = [case.result(seen) for case in cases]
    del cases
    others = asdict(Spread.of(quiet.shares))
    tell("weighing, each size in a process of its own")
    return {
        "machine": machine,
        "others": others,
        "months": months,
        "repeats": asked.repeats,
        "target": {"nanoseconds": TARGET_NANOSECONDS, "bytes": TARGET_BYTES},
        "touched_bytes": asdict(seen),
        "speed": results,
        "memory": [quiet.undisturbed(partial(weigh, size, months)) for size in asked.persons],
    }


def watch(watched: int) -> Touched:
    """The bytes that a month touches, over a year of a small market."""
    tell(f"watching which bytes a month touches ({watched:,} persons)")
    return touched(opened(watched, 12), 12)


def open_cases(asked: argparse.Namespace) -> list[Case]:
    """The markets, one for each size, ready to run with so many threads."""
    cases = []
    for size in asked.persons:
        tell(f"opening {size:,} persons")
        market = opened(size, asked.months)
        cases += [Case(size, count, market, streams(market, count)) for count in asked.threads]
    for case in cases:
        timed(case.market, 1)
    return cases


def streams(market: Market, threads: int) -> Stream:
    """A stream over as many bytes as the columns of a market's people."""
    return Stream(int(market.people.count * columns_bytes(market)), threads)


def show(figures: dict[str, Any]) -> None:
    """The figures as tables."""
    print(heading(figures))
    print(f"{figures['months']} months from 2018-01, median of {figures['repeats']} repeats (quartiles)\n")
    for part in (show_speed, show_phases, show_touched, show_memory):
        part(figures)


def show_speed(figures: dict[str, Any]) -> None:
    """Time per person-month, by the clock and of the processor (all threads), beside the floor."""
    titles = f"{'GB/s':>8}{'floor ns':>10}{'times':>8}{'by phase':>10}{'times':>8}"
    print(f"{'persons':>10}{'threads':>9}{'ns per person-month':>26}{'processor':>11}{titles}")
    for row in figures["speed"]:
        best = max(loop["median"] for loop in row["gigabytes_per_second"].values())
        floors = f"{row['floor_nanoseconds']:>10.2f}{row['times_floor']:>8.0f}"
        floors += f"{row['floor_by_phase_nanoseconds']:>10.2f}{row['times_floor_by_phase']:>8.0f}"
        time = Spread(**row["nanoseconds"]).shown()
        processor = row["processor_nanoseconds"]["median"]
        print(f"{row['persons']:>10,}{row['threads']:>9}{time:>26}{processor:>11.1f}{best:>8.1f}{floors}")
    print(f"target: {figures['target']['nanoseconds']} ns at a million on one thread\n")


def show_phases(figures: dict[str, Any]) -> None:
    """Time by phase, a column for each size and number of threads."""
    rows = figures["speed"]
    print(f"{'ns by phase':14}" + "".join(f"{short(row['persons']):>9}/{row['threads']}" for row in rows))
    for phase in sorted(rows[-1]["phases"], key=lambda name: -rows[-1]["phases"][name]):
        print(f"  {phase:12}" + "".join(f"{row['phases'][phase]:>11.2f}" for row in rows))
    print()


def show_touched(figures: dict[str, Any]) -> None:
    """The bytes a month touches."""
    seen = figures["touched_bytes"]
    some = {name: size for name, size in seen["phases"].items() if size}
    print(f"bytes of people's columns that a month touches, per person: {seen['once']:.1f} when every line comes once")
    print(f"  {seen['by_phase']:.1f} when every phase fetches its own: " + pairs(some))
    print("  by column, once: " + pairs(seen["columns"]) + "\n")


def show_memory(figures: dict[str, Any]) -> None:
    """Bytes per person."""
    columns: tuple[tuple[str, str, Callable[[float], str]], ...] = (
        ("columns", "columns_bytes", "{:.0f}".format),
        ("built", "built_bytes", "{:.1f}".format),
        ("peak", "peak_bytes", "{:.1f}".format),
        ("peak MB", "peak_megabytes", "{:.0f}".format),
        ("of them interpreter", "interpreter_megabytes", "{:.0f}".format),
        ("s to open", "opening_seconds", "{:.2f}".format),
    )
    print(f"{'bytes/person':>12}" + "".join(f"{title:>{len(title) + 4}}" for title, _, _ in columns))
    for row in figures["memory"]:
        cells = (f"{shown(row[name]):>{len(title) + 4}}" for title, name, shown in columns)
        print(f"{row['persons']:>12,}" + "".join(cells))
    print(f"target: {figures['target']['bytes']} bytes per person beyond the interpreter")


def pairs(figures: dict[str, float]) -> str:
    """Names with their figures, largest first."""
    return ", ".join(f"{name} {value:.1f}" for name, value in sorted(figures.items(), key=lambda item: -item[1]))


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
    parser.add_argument("--watched", type=int, default=WATCHED, help="persons of the market that is watched")
    parser.add_argument("--patience", type=float, default=0, help="seconds to wait in all until others rest")
    asked = parser.parse_args()
    figures = measure(asked)
    show(figures)
    write(figures, asked.json)


if __name__ == "__main__":
    main()
