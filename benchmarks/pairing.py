"""How many replications shared luck saves: variances of paired and of unpaired differences, for several scenarios.

python benchmarks/pairing.py [SCENARIO.yaml ...] [--persons 20000] [--replications 40] [--workers 1]

A cell says how often scenarios with luck of their own would have to be run for the interval that one pair with shared
luck gives: the variance of both sides over that of their difference, in the last year, over the replications run.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from experiments.compare.job import MainJob, run_main_job  # noqa: E402
from experiments.engine.progress import Progress  # noqa: E402
from model.scenario.scenario import load_scenario  # noqa: E402
from model.specification import in_force  # noqa: E402

#: More than this says no more.
MOST_SHOWN = 1000
SCENARIOS = ("no_k_visa", "k_visa_open", "property_rescue", "tech_layoffs", "protect_over_35", "no_property_slump")
INDICATORS = (
    "unemployment_rate_16_24", "unemployment_rate", "unemployment_rate_over_35", "unemployment_rate_graduates",
    "employment_tech", "employment_construction", "house_price_index",
)  # fmt: skip


def main() -> None:
    """Run the scenarios beside the baseline and print what pairing saved."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", type=Path)
    for name, default in (("persons", 20_000), ("replications", 40), ("workers", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    size = {"population": asked.persons, "replications": asked.replications}
    paths = asked.scenarios or [ROOT / "scenarios" / f"{name}.yaml" for name in SCENARIOS]
    first, *others = (load_scenario(path, size) for path in paths)
    baseline = load_scenario(ROOT / "scenarios" / "baseline.yaml", size)
    with tempfile.TemporaryDirectory() as folder:
        job = MainJob(first, baseline, asked.workers, Path(folder) / "runs", others=tuple(others))
        comparisons = run_main_job(job, Progress(sys.stderr)).comparisons
        year = max(comparisons[0].years["year"])
        print(f"{asked.replications} pairs of {asked.persons:,} persons, means of {year}")
        print(f"{'':<38}" + "".join(f"{each.reform:>19}" for each in comparisons))
        for indicator in INDICATORS:
            cells = []
            for each in comparisons:
                rows = each.years[(each.years["indicator"] == indicator) & (each.years["year"] == year)]
                gain = float(rows["pairing_gain"].iloc[0])
                cells.append(
                    "same" if not math.isfinite(gain) else f"{gain:,.1f}" if gain < MOST_SHOWN else f">{MOST_SHOWN:,}"
                )
            print(f"{in_force().indicator[indicator].label:<38}" + "".join(f"{cell:>19}" for cell in cells))


if __name__ == "__main__":
    main()
