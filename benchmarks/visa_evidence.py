"""Print what doses of K-visa hires do to native jobs and youth unemployment, and draw it.

    python benchmarks/visa_evidence.py [--population 50000] [--seeds 48] [--workers 2] [--figure FILE.png]

Two minutes on two cores; see docs/visa.md for what is measured.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from experiments.engine.progress import Progress  # noqa: E402
from experiments.validation.visa_doses import STANDARD, Size  # noqa: E402
from experiments.validation.visa_evidence import Evidence, measure  # noqa: E402
from model.scenario.scenario import load_scenario  # noqa: E402


def by_complementarity(evidence: Evidence) -> list[str]:
    """A line per complementarity, as Markdown."""
    rows = [
        "| posts per hire | ψ | bend (p) | points per 100,000, 16-24 | bend (p) | points per 100,000, all ages |",
        "|---|---|---|---|---|---|",
    ]
    for _, row in evidence.lines.iterrows():
        cells = [f"{row['complementarity']:+g}"]
        for name, digits in (("psi", 2), ("slope", 3), ("slope_all_ages", 4)):
            cells.append(with_interval(row[name], row[f"{name}_low"], row[f"{name}_high"], digits))
            if name != "slope_all_ages":
                cells.append(f"{row[f'{name}_bend']:+.{digits}f} ({row[f'{name}_bend_p']:.2g})")
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def by_psi(evidence: Evidence) -> list[str]:
    """The slope where psi is -1, 0 and 1, as Markdown."""
    rows = ["| ψ | at posts per hire | points per 100,000, 16-24 |", "|---|---|---|"]
    for _, row in evidence.at_psi.iterrows():
        slope = with_interval(row["slope"], row["low"], row["high"], 3)
        rows.append(f"| {row['psi']:+g} | {row['complementarity']:+.2f} | {slope} |")
    return rows


def with_interval(mean: float, low: float, high: float, digits: int) -> str:
    """A number and its interval."""
    return f"{mean:+.{digits}f} ({low:+.{digits}f} to {high:+.{digits}f})"


def draw(evidence: Evidence, file: Path) -> None:
    """Write the figure."""
    import matplotlib as mpl

    from views.figures import PNG_DPI
    from views.figures.canvas import WIDE, settings
    from views.validation.visa_evidence import draw as drawn
    from views.words.language import Speech

    with mpl.rc_context(settings(None)):
        drawn(evidence, Speech(), WIDE).savefig(file, dpi=PNG_DPI, metadata={"Software": None})


def main() -> None:
    """Run the doses, print the tables, draw the figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("population", STANDARD.population), ("seeds", STANDARD.seeds), ("workers", 2)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--figure", type=Path, help="where to draw, PNG or SVG")
    asked = parser.parse_args()
    began, scenario = time.perf_counter(), load_scenario(ROOT / "scenarios" / "baseline.yaml")
    size = Size(asked.population, asked.seeds)
    evidence = measure(scenario, Progress(sys.stderr), size, workers=asked.workers)
    if asked.figure:
        draw(evidence, asked.figure)
    print(f"{size.seeds} seeds x {size.population:,} persons, {time.perf_counter() - began:.0f} s")
    for lines in (by_complementarity(evidence), by_psi(evidence)):
        print("\n" + "\n".join(lines))
    print(f"\nsteepest slope, upper end: {evidence.highest_slope:+.3f} (ceiling 0.3)")
    print(f"p-value of no bend anywhere: {evidence.straightness:.2g}")


if __name__ == "__main__":
    main()
