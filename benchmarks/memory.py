"""How the memory of the main job grows with months and with replications: it should not.

    python benchmarks/memory.py [--months 12 48 96 144 192 240] [--persons 200000]
                                [--replications 2 4 8 16 32 64 128 256] [--ensemble-persons 5000] [--workers 2]
                                [--repeats 3] [--json benchmarks/memory.json] [--figure docs/figures/memory.png]
                                [--measured FILE]

Runs `run.py` as anybody would, in a process of its own, and looks every few milliseconds how much memory it and its
workers have resident (/proc; pages that processes share count in each). The most is told apart for the computing and
for the drawing of figures after it. A line through the peaks gives bytes per month or per replication. Points take
turns in random order.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from benchmarks.fit import Line, Spread  # noqa: E402
from benchmarks.machine import describe, heading, tell, write  # noqa: E402
from model.schedule import month_label  # noqa: E402

BASELINE = ROOT / "scenarios" / "baseline.yaml"
#: What the main job says on stderr when the computing is over.
DRAWING = "drawing figures"
EVERY_SECONDS = 0.01
#: What memory might grow with, and whose memory that is (with one worker, run.py computes by itself).
GROWING = {"months": ("computing", "drawing"), "replications": ("driver", "computing", "drawing")}
#: What these are called.
WORDS = {"driver": "run.py alone, computing", "computing": "all, computing", "drawing": "all, drawing figures"}
PAGE = os.sysconf("SC_PAGE_SIZE")


# --- one run --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Peak:
    """The most memory a run had resident, in bytes."""

    driver: float  # run.py itself, its workers left out, while it computes
    computing: float  # workers included
    drawing: float
    seconds: float


def peak_of(options: Sequence[str], environment: dict[str, str] | None = None) -> Peak:
    """Run `run.py` on the baseline with some options and watch its memory. Raises RuntimeError when it fails."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(ROOT / "run.py"), str(BASELINE), *options, "--out", str(Path(folder) / "out")]
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **(environment or {})},
        )
        said: list[str] = []
        listener = threading.Thread(target=lambda: said.extend(process.stderr or ()))
        listener.start()
        driver = computing = drawing = 0
        while process.poll() is None:
            if any(DRAWING in line for line in said):
                drawing = max(drawing, resident(process.pid))
            else:
                driver = max(driver, _resident_alone(process.pid))
                computing = max(computing, resident(process.pid))
            time.sleep(EVERY_SECONDS)
        listener.join()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {''.join(said)}")
    return Peak(driver, computing, drawing, time.perf_counter() - began)


def resident(root: int) -> int:
    """Bytes resident of a process and of all that it started."""
    return sum(_resident_alone(process) for process in family(root))


def family(root: int) -> set[int]:
    """A process and its descendants."""
    parents = {int(entry.name): _parent(entry) for entry in Path("/proc").iterdir() if entry.name.isdecimal()}
    found, fresh = {root}, {root}
    while fresh:
        fresh = {process for process, parent in parents.items() if parent in fresh} - found
        found |= fresh
    return found


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError):  # gone meanwhile
        return 0


def _resident_alone(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


# --- all runs -------------------------------------------------------------------------------------------------------


def months_options(months: int, persons: int) -> list[str]:
    """One replication that ends so many months after 2018-01 began."""
    size = ["--population", str(persons), "--replications", "1", "--workers", "1"]
    return [*size, "--end", month_label(months - 1)]


def replications_options(replications: int, persons: int, workers: int) -> list[str]:
    """Many small replications, ten years each."""
    return ["--population", str(persons), "--replications", str(replications), "--workers", str(workers)]


def measure(
    months: list[int], persons: int, replications: list[int], ensemble_persons: int, workers: int, repeats: int
) -> dict[str, Any]:
    """Every figure that this benchmark writes."""
    machine = describe()
    points = [("months", count, months_options(count, persons)) for count in months]
    points += [
        ("replications", count, replications_options(count, ensemble_persons, workers)) for count in replications
    ]
    found: dict[tuple[str, int], list[Peak]] = {(name, count): [] for name, count, _ in points}
    luck = np.random.default_rng(1)
    for number in range(repeats):
        for place in luck.permutation(len(points)).tolist():
            name, count, options = points[place]
            found[name, count].append(peak_of(options))
            tell(f"repeat {number + 1} of {repeats}: {count} {name}, {found[name, count][-1].computing / 1e6:.0f} MB")
    return {
        "machine": machine,
        "repeats": repeats,
        "persons": {"months": persons, "replications": ensemble_persons},
        "workers": {"months": 1, "replications": workers},
        "months": _growth(months, [found["months", count] for count in months]),
        "replications": _growth(replications, [found["replications", count] for count in replications]),
    }


def _growth(counts: list[int], runs: list[list[Peak]]) -> dict[str, Any]:
    """Peaks by count, and bytes per one more."""
    figures: dict[str, Any] = {"x": counts, "seconds": [float(np.median([p.seconds for p in peaks])) for peaks in runs]}
    for what in WORDS:
        spreads = [Spread.of([getattr(peak, what) for peak in peaks]) for peaks in runs]
        line = asdict(Line.through(counts, [spread.median for spread in spreads])) if len(counts) > 1 else None
        figures[what] = {"bytes": [asdict(spread) for spread in spreads], "line": line}
    return figures


def show(figures: dict[str, Any]) -> None:
    """The figures as tables."""
    print(heading(figures))
    print(f"most memory resident, MB; median of {figures['repeats']} runs (quartiles)")
    for name, parts in GROWING.items():
        found = figures[name]
        print(f"\n{name}: {figures['persons'][name]:,} persons, workers: {figures['workers'][name]}")
        print(f"{name:>14}{''.join(f'{WORDS[what]:>28}' for what in parts)}{'seconds':>9}")
        for place, count in enumerate(found["x"]):
            spreads = [Spread(**found[what]["bytes"][place]) for what in parts]
            cells = "".join(f"{spread.shown(1e-6):>28}" for spread in spreads)
            print(f"{count:>14}{cells}{found['seconds'][place]:>9.1f}")
        for what in parts:
            if found[what]["line"]:
                line = Line(**found[what]["line"])
                each = f"{line.slope / 1e3:,.1f} ± {line.slope_error / 1e3:,.1f} kB per {name[:-1]}"
                print(f"  {WORDS[what]}: {line.intercept / 1e6:,.0f} MB + {each}")


def draw(figures: dict[str, Any], file: Path) -> None:
    """Peaks against months and against replications, with their lines."""
    import matplotlib as mpl

    mpl.use("Agg")
    from views.figures.canvas import Layout, settings, sheet, unit, value_axis
    from views.figures.palette import MARKS, QUIET, text_colour

    layout = Layout("wide", 9.6, 2, 2.5, 0.25)
    with mpl.rc_context(settings(None)):
        titles = [f"{figures['persons'][name]:,} persons" for name in GROWING]
        figure, panels = sheet(layout, "Memory of the main job", titles)
        for axes, (name, parts) in zip(panels, GROWING.items(), strict=True):
            found = figures[name]
            x = np.array(found["x"], float)
            for row, what in enumerate(parts):
                mark = MARKS[list(WORDS).index(what)]
                spreads = [Spread(**spread) for spread in found[what]["bytes"]]
                middle = np.array([spread.median for spread in spreads]) / 1e6
                low, high = (np.array([getattr(s, end) for s in spreads]) / 1e6 for end in ("low", "high"))
                axes.errorbar(
                    x, middle, (middle - low, high - middle), fmt=mark.marker, color=mark.colour, markersize=5
                )
                if found[what]["line"]:
                    line, ends = Line(**found[what]["line"]), np.array([0, x.max()])
                    axes.plot(ends, (line.intercept + line.slope * ends) / 1e6, color=mark.colour, linestyle=mark.dash)
                    said = f"{WORDS[what]}: {line.slope / 1e3:,.1f} kB per {name[:-1]}".replace("-", "\N{MINUS SIGN}")
                    spot = (0.04, 0.05 + 0.09 * (len(parts) - 1 - row))
                    colour = text_colour(mark.colour)
                    axes.text(*spot, said, transform=axes.transAxes, fontsize=layout.text - 1, color=colour)
            axes.set_xlim(0, x.max() * 1.05)
            axes.margins(y=0.15)
            value_axis(axes)
            unit(axes, "MB resident at most", layout)
            axes.set_xlabel(name, fontsize=layout.text - 1, color=QUIET)
        file.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(file, dpi=150)
    tell(f"figure in {file}")


def main() -> None:
    """Measure (or read), print, write, draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--months", type=int, nargs="+", default=[12, 48, 96, 144, 192, 240])
    parser.add_argument("--persons", type=int, default=200_000)
    parser.add_argument("--replications", type=int, nargs="+", default=[2, 4, 8, 16, 32, 64, 128, 256])
    parser.add_argument("--ensemble-persons", type=int, default=5_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", type=Path, metavar="FILE", default=ROOT / "benchmarks" / "memory.json")
    parser.add_argument(
        "--figure", type=Path, metavar="FILE", nargs="?", const=ROOT / "docs" / "figures" / "memory.png"
    )
    parser.add_argument("--measured", type=Path, metavar="FILE", help="figures of an earlier --json; measure nothing")
    asked = parser.parse_args()
    if asked.measured:
        figures = json.loads(asked.measured.read_text(encoding="utf-8"))
    else:
        sizes = asked.months, asked.persons, asked.replications, asked.ensemble_persons
        figures = measure(*sizes, asked.workers, asked.repeats)
        write(figures, asked.json)
    show(figures)
    if asked.figure:
        draw(figures, asked.figure)


if __name__ == "__main__":
    main()
