"""How long a moved lever takes: 8 replications of 20,000 persons live 84 months anew from a shared past.

python benchmarks/lever.py [--persons 20000] [--seeds 8] [--months 84] [--workers 2] [--repeats 5]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from experiments.engine.shared_past import SharedPast  # noqa: E402
from model.scenario.scenario import load_scenario  # noqa: E402
from model.schedule import month_index, month_label  # noqa: E402

TARGET = 0.2


def main() -> None:
    """Print the time of the past and of each repeated future."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("persons", 20_000), ("seeds", 8), ("months", 84), ("workers", 2), ("repeats", 5)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    scenario = load_scenario(ROOT / "scenarios" / "baseline.yaml", {"population": asked.persons})
    parts = month_label(month_index(scenario.end) + 1 - asked.months)
    began = time.perf_counter()
    with SharedPast(scenario, parts, range(1, asked.seeds + 1), asked.workers) as past:
        print(f"past until {parts}: {time.perf_counter() - began:.2f} s, compiling or loading kernels included")
        spent = []
        for repeat in range(asked.repeats):
            reform = scenario.with_values({"layoffs.extra_rate.tech": {parts: 0.001 * (repeat + 1)}})
            began = time.perf_counter()
            past.futures(reform)
            spent.append(time.perf_counter() - began)
    print(f"{asked.seeds} replications x {asked.persons:,} persons x {asked.months} months, {asked.workers} processes")
    print(f"median {statistics.median(spent):.3f} s, fastest {min(spent):.3f} s   (target {TARGET} s)")


if __name__ == "__main__":
    main()
