"""How a month's cost grows with persons, firms and rounds of applications.

    python benchmarks/scaling.py [--persons 50000] [--months 12] [--repeats 15] [--json benchmarks/scaling.json]
                                 [--only firms persons]

One of the three varies at a time around a middle point; the cost of a month is fitted by a line a + b x. `R2` says how
much of the differences the line explains, the slope of the logarithms by how many per cent a month costs more when
there is one per cent more of something. The cost is time of the processor, so that waiting for other programs does not
count. Every point is opened once; each repeat lives the same months anew in a copy, all points in random turns.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
for threads in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"
os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / ".cache" / "numba"))

import numpy as np  # noqa: E402

from benchmarks.fit import Line, Spread  # noqa: E402
from benchmarks.machine import describe, heading, tell, write  # noqa: E402
from benchmarks.stopwatch import opened, timed  # noqa: E402
from model.market import Market  # noqa: E402
from model.specification import in_force  # noqa: E402

#: What is varied, relative to the middle (persons, firms) or as it is.
PERSONS = (0.25, 0.5, 1, 2, 4, 8, 16)
FIRMS = (0.25, 1, 2, 4, 8, 16, 32)
APPLICATIONS = (1, 2, 3, 4, 6, 8, 10)
#: Person-months of one repeat, at least.
ENOUGH = 1_000_000


@dataclass
class Point:
    """One setting: how much there is of what varies, its market, and what its repeats took."""

    x: float
    market: Market
    milliseconds: list[float] = field(default_factory=list)  # a month

    def repeat(self, months: int, least: int) -> None:
        """Live the months once more."""
        forks = max(1, least // (self.market.people.count * months))
        spent = timed(self.market, months, forks)
        self.milliseconds.append(spent.processor_nanoseconds / spent.months / 1e6)


# --- what varies --------------------------------------------------------------------------------------------------


def by_persons(persons: int, months: int) -> list[Point]:
    """More or fewer people."""
    return [Point(round(persons * share), opened(round(persons * share), months)) for share in PERSONS]


def by_firms(persons: int, months: int) -> list[Point]:
    """More or fewer firms in every sector; developers as they are."""
    usual = {p.path: p for p in in_force().parameters if p.path.startswith("parameters.firms_")}
    points = []
    for share in FIRMS:
        counts = {path: int(min(p.high, max(p.low, round(p.default * share)))) for path, p in usual.items()}
        market = opened(persons, months, dict(counts))
        points.append(Point(len(market.firms), market))
    return points


def by_applications(persons: int, months: int) -> list[Point]:
    """Rounds of applications a month."""
    return [Point(count, opened(persons, months, {"parameters.applications": count})) for count in APPLICATIONS]


DIMENSIONS: dict[str, Callable[[int, int], list[Point]]] = {
    "persons": by_persons,
    "firms": by_firms,
    "applications": by_applications,
}


# --- what comes out -----------------------------------------------------------------------------------------------


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Every figure that this benchmark writes."""
    machine, points = describe(), {}
    for name in asked.only:
        tell(f"opening markets that differ in {name}")
        points[name] = DIMENSIONS[name](asked.persons, asked.months)
    everywhere = [point for found in points.values() for point in found]
    for point in everywhere:
        timed(point.market, 1)
    luck = np.random.default_rng(1)
    for number in range(asked.repeats):
        tell(f"repeat {number + 1} of {asked.repeats}")
        for place in luck.permutation(len(everywhere)).tolist():
            everywhere[place].repeat(asked.months, asked.least)
    return {
        "machine": machine,
        "persons": asked.persons,
        "months": asked.months,
        "repeats": asked.repeats,
        "dimensions": {
            name: {
                "x": [point.x for point in found],
                "milliseconds": [asdict(Spread.of(point.milliseconds)) for point in found],
                "line": asdict(Line.through([p.x for p in found], [Spread.of(p.milliseconds).median for p in found])),
            }
            for name, found in points.items()
        },
    }


def show(figures: dict[str, Any]) -> None:
    """The figures as tables."""
    print(heading(figures))
    print(f"ms of the processor a month, median of {figures['repeats']} repeats (quartiles), one thread;")
    print(f"{figures['months']} months; middle: {figures['persons']:,} persons, all else as in the baseline\n")
    for name, found in figures["dimensions"].items():
        for x, spread in zip(found["x"], found["milliseconds"], strict=True):
            print(f"{x:>12,} {name:13}{Spread(**spread).shown(digits=3):>28}")
    print(f"\n{'':14}{'fixed us':>10}{'ns each':>22}{'R2':>8}{'log-log slope':>15}{'farthest off':>14}")
    for name, found in figures["dimensions"].items():
        line = Line(**found["line"])
        digits = 0 if abs(line.slope) > 1e-3 else 1
        each = f"{1e6 * line.slope:,.{digits}f} ± {1e6 * line.slope_error:,.{digits}f}"
        rest = f"{line.r2:>8.4f}{line.log_log_slope:>15.3f}{line.largest_residual:>13.1%}"
        print(f"{name:14}{1e3 * line.intercept:>10,.0f}{each:>22}{rest}")


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--persons", type=int, default=50_000, help="of the middle point")
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--least", type=int, default=ENOUGH, help="person-months of one repeat, at least")
    parser.add_argument("--only", nargs="+", choices=list(DIMENSIONS), default=list(DIMENSIONS), metavar="WHAT")
    parser.add_argument("--json", type=Path, metavar="FILE", default=ROOT / "benchmarks" / "scaling.json")
    asked = parser.parse_args()
    figures = measure(asked)
    show(figures)
    write(figures, asked.json)


if __name__ == "__main__":
    main()
