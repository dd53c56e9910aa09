"""How near the engine's own rules come to a published model: the automation shock of del Rio-Chanona et al. (2021).

python benchmarks/published_model.py DIR [--persons 1400000] [--seeds 24] [--workers 2] [--runs]

DIR holds the files named in docs/published_model.md. Two minutes on two cores; `--runs` prints every run.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import pandas as pd  # noqa: E402

from experiments.engine.cores import available_cores  # noqa: E402
from experiments.engine.errors import BadRequest  # noqa: E402
from experiments.published_model.reproduction import (  # noqa: E402
    CHANGES,
    SEEDS,
    WORKERS,
    agents_by_seed,
    agents_errors,
    mean_field_errors,
    mean_field_table,
    mean_over_seeds,
)
from experiments.published_model.shock import read_shock  # noqa: E402


def main() -> None:
    """Print the errors of the mean field, then of the agents by group."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--persons", type=int, default=WORKERS)
    parser.add_argument("--seeds", type=int, default=len(SEEDS))
    parser.add_argument("--workers", type=int, default=available_cores())
    parser.add_argument("--runs", action="store_true")
    asked = parser.parse_args()
    try:
        _print(asked)
    except BadRequest as error:
        sys.exit(str(error))


def _print(asked: argparse.Namespace) -> None:
    columns = list(CHANGES)
    errors = mean_field_errors(asked.folder, mean_field_table(asked.folder))
    print(f"mean field, largest error at {len(errors)} chances of automation, points")
    print(errors[columns].abs().max().map("{:.1e}".format).to_string())
    shock, seeds = read_shock(asked.folder), range(1, asked.seeds + 1)
    runs = agents_by_seed(
        shock, asked.persons, seeds, asked.workers, lambda share: print(f"\r{share:4.0%}", end="", file=sys.stderr)
    )
    print("\r", end="", file=sys.stderr)
    if asked.runs:
        _show("runs, points off the mean field", agents_errors(asked.folder, runs))
    _show("agents, standard deviation of one run, points", runs.groupby("group")[columns].std().reset_index())
    table = mean_over_seeds(runs)
    _show("agents, mean over seeds, percent", table)
    _show("agents, points off the mean field", agents_errors(asked.folder, table)[["group", *columns]])


def _show(title: str, table: pd.DataFrame) -> None:
    print(f"\n{title}\n{table.round(3).to_string(index=False)}")


if __name__ == "__main__":
    main()
