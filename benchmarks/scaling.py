"""How a month's cost grows with persons, firms, occupations, edges of the job graph and applications.

    python benchmarks/scaling.py [--persons 50000] [--months 12] [--repeats 15] [--json benchmarks/scaling.json]
                                 [--only firms edges] [--patience SECONDS] [--figure docs/figures/scaling.png]
                                 [--measured FILE]

One of the five varies at a time around a middle point; the cost of a month is fitted by a line a + b x. `R2` says how
much of the differences the line explains, the slope of the logarithms by how many per cent a month costs more when
there is one per cent more of something. The cost is time of the processor, so that waiting for other programs does not
count. Every point is opened once; each repeat lives the same months anew in a copy, all points in random turns.
`--measured` draws what was measured before. How occupations and edges are varied: benchmarks/altered.py.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
for threads in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"
os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / ".cache" / "numba"))

import numpy as np  # noqa: E402

from benchmarks.altered import Edge, graph_of_degree, occupations_numbering, write_graph  # noqa: E402
from benchmarks.fit import Line, Spread  # noqa: E402
from benchmarks.machine import describe, heading, tell, write  # noqa: E402
from benchmarks.quiet import Quiet  # noqa: E402
from benchmarks.stopwatch import opened, timed  # noqa: E402
from model.market import Market  # noqa: E402
from model.specification import in_force  # noqa: E402

#: What is varied, relative to the middle (persons, firms) or as it is.
PERSONS = (0.25, 0.5, 1, 2, 4, 8, 16)
FIRMS = (0.25, 1, 2, 4, 8, 16, 32)
OCCUPATIONS = (15, 30, 60, 90, 120, 180, 240)
#: Ways out of an occupation, staying included; the shipped graph has 13.
DEGREES = (2, 4, 8, 13, 24, 40, 60)
APPLICATIONS = (1, 2, 3, 4, 6, 8, 10)
#: Person-months of one repeat, at least.
ENOUGH = 1_000_000


@dataclass
class Point:
    """One setting: how much there is of what varies, its market, and what its repeats took."""

    x: float
    market: Market
    milliseconds: list[float] = field(default_factory=list)  # a month

    def repeat(self, months: int, least: int, quiet: Quiet) -> None:
        """Live the months once more."""
        forks = max(1, least // (self.market.people.count * months))
        spent = quiet.undisturbed(lambda: timed(self.market, months, forks))
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


def by_occupations(persons: int, months: int) -> list[Point]:
    """Occupations merged or split, each with its usual number of ways out where it is split."""
    points = []
    for count in OCCUPATIONS:
        structure, _ = occupations_numbering(count, np.random.default_rng(1))
        points.append(Point(count, opened(persons, months, {}, structure=structure)))
    return points


def by_edges(persons: int, months: int) -> list[Point]:
    """The job graph thinned or densified."""
    points = []
    for degree in DEGREES:
        edges = graph_of_degree(degree, np.random.default_rng(1))
        with graph_file(edges) as values:
            points.append(Point(len(edges), opened(persons, months, values)))
    return points


def by_applications(persons: int, months: int) -> list[Point]:
    """Rounds of applications a month."""
    return [Point(count, opened(persons, months, {"parameters.applications": count})) for count in APPLICATIONS]


DIMENSIONS: dict[str, Callable[[int, int], list[Point]]] = {
    "persons": by_persons,
    "firms": by_firms,
    "occupations": by_occupations,
    "edges": by_edges,
    "applications": by_applications,
}


@contextmanager
def graph_file(edges: list[Edge]) -> Iterator[dict[str, object]]:
    """A job graph in a file that is gone once the market has read it; gives the scenario's values that name it."""
    with tempfile.TemporaryDirectory() as folder:
        yield {"parameters.job_graph": str(write_graph(edges, Path(folder) / "graph.csv"))}


# --- what comes out -----------------------------------------------------------------------------------------------


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Every figure that this benchmark writes."""
    machine, points, quiet = describe(), {}, Quiet(asked.patience)
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
            everywhere[place].repeat(asked.months, asked.least, quiet)
    return {
        "machine": machine,
        "others": asdict(Spread.of(quiet.shares)),
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


def draw(figures: dict[str, Any], file: Path) -> None:
    """One panel for each thing that varies: points with their quartiles, and the line."""
    import matplotlib as mpl
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    mpl.use("Agg")
    from views.figures.canvas import Layout, say_nothing_here, settings, sheet, unit, value_axis
    from views.figures.palette import BLUE, QUIET, VERMILLION

    layout = Layout("wide", 9.6, 3, 2.1, 0.25)
    with mpl.rc_context(settings(None)):
        titles = [name.capitalize() for name in figures["dimensions"]]
        figure, panels = sheet(layout, "What a month costs", [*titles, ""])
        note = (
            f"One thing varies at a time;\nthe middle has {figures['persons']:,} persons\n"
            "and all else as in the baseline.\n\n"
            f"Points: median of {figures['repeats']} repeats\nof {figures['months']} months; bars: quartiles.\n"
            "Lines: least squares."
        )
        say_nothing_here(panels.pop(), note, layout)
        for axes, (name, found) in zip(panels, figures["dimensions"].items(), strict=True):
            x, line = np.array(found["x"], float), Line(**found["line"])
            low, middle, high = (np.array([s[k] for s in found["milliseconds"]]) for k in ("low", "median", "high"))
            ends = np.array([0, x.max()])
            axes.plot(ends, line.intercept + line.slope * ends, color=VERMILLION)
            axes.errorbar(x, middle, (middle - low, high - middle), fmt="o", markersize=4.5, color=BLUE, elinewidth=1)
            axes.set_xlim(0, x.max() * 1.06)
            axes.margins(y=0.25)
            value_axis(axes)
            axes.xaxis.set_major_locator(MaxNLocator(4))
            axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
            unit(axes, "ms a month", layout)
            words = f"R² {line.r2:.3f}, log-log slope {line.log_log_slope:.2f}"
            axes.text(0.97, 0.05, words, transform=axes.transAxes, ha="right", fontsize=layout.text - 1.5, color=QUIET)
            axes.set_xlabel({"applications": "rounds a month"}.get(name, name), fontsize=layout.text - 1, color=QUIET)
        file.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(file, dpi=150)
    tell(f"figure in {file}")


def main() -> None:
    """Measure (or read), print, write, draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--persons", type=int, default=50_000, help="of the middle point")
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--least", type=int, default=ENOUGH, help="person-months of one repeat, at least")
    parser.add_argument("--only", nargs="+", choices=list(DIMENSIONS), default=list(DIMENSIONS), metavar="WHAT")
    parser.add_argument("--json", type=Path, metavar="FILE", default=ROOT / "benchmarks" / "scaling.json")
    parser.add_argument(
        "--figure", type=Path, metavar="FILE", nargs="?", const=ROOT / "docs" / "figures" / "scaling.png"
    )
    parser.add_argument("--measured", type=Path, metavar="FILE", help="figures of an earlier --json; measure nothing")
    parser.add_argument("--patience", type=float, default=0, help="seconds to wait in all until others rest")
    asked = parser.parse_args()
    if asked.measured:
        figures = json.loads(asked.measured.read_text(encoding="utf-8"))
    else:
        figures = measure(asked)
        write(figures, asked.json)
    show(figures)
    if asked.figure:
        draw(figures, asked.figure)


if __name__ == "__main__":
    main()
