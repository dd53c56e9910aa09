"""Many runs on a cluster, from Python: which quota of the visa, and in which labour market.

    python examples/cluster_run.py OUT --cluster tcp://HOST:8786
    python examples/cluster_run.py OUT                       # on this machine

Every finished run lies in OUT at once. Stopped by Ctrl-C, a full disk or a lost scheduler, the same command goes on.
How a scheduler is started, by hand, under Slurm or Kubernetes: docs/batch.md.
"""

import argparse
from pathlib import Path

import labour_lab as lab

DESIGN = {"visa.annual_quota": [0, 100_000, 500_000], "hiring.openings_scale.all": [0.9, 1.0]}


def effects(out: Path, cluster: str | None, population: int, replications: int, *, since: str, end: str) -> lab.Batch:
    """Run the design, or what is missing of it, and say what each of its paths changes."""
    return lab.batch(
        "baseline", grid=DESIGN, since=since, end=end, out=out, cluster=cluster,
        population=population, replications=replications, name="quota and openings",
    )  # fmt: skip


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--cluster", metavar="tcp://HOST:PORT")
    parser.add_argument("--population", type=int, default=100_000)
    parser.add_argument("--replications", type=int, default=50)
    parser.add_argument("--since", default="2026-01")
    parser.add_argument("--end", default="2027-12")
    asked = parser.parse_args()
    try:
        found = effects(
            asked.out, asked.cluster, asked.population, asked.replications, since=asked.since, end=asked.end
        )
    except (lab.LabError, lab.Interrupted) as error:
        print(error)
        return 1
    print(found.effects.to_string(index=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
