"""The job graph with fewer and with more ways out: does a better connected one leave fewer people without work?

The chance to change occupation stays the same in all of them; only the number of places it leads to differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.validation.evidence import Experiment, Floats, Life, Lives, Plan, mean_interval, paired, until
from model.country.china import CHINA

if TYPE_CHECKING:
    from experiments.engine.ensemble import Record

NAME = "job graph"
FEW, SHIPPED, MORE = "four ways out", "shipped", "two steps in one"
#: How many of its likeliest moves an occupation keeps in the sparse graph.
KEPT = 4
LAST = "2022-12"
SHARE = 0.3


@dataclass(frozen=True)
class Connectivity:
    """Unemployment of all ages in percent by graph, one value per replication, and mean ways out of an occupation."""

    unemployment: Mapping[str, Floats]
    ways_out: Mapping[str, float]

    def change(self, graph: str, against: str) -> tuple[float, float]:
        """Points of unemployment that one graph has over another, paired, and half of the 95 % interval."""
        return mean_interval(self.unemployment[graph] - self.unemployment[against])


def graphs() -> dict[str, Floats]:
    """The three graphs: rows sum to 1, and the chance to stay in an occupation is the same in all."""
    shipped = np.array(CHINA.moves, np.float64)
    stay = np.diag(np.diag(shipped))
    out = shipped - stay
    chance = out.sum(axis=1, keepdims=True)
    kept = np.where(out >= -np.sort(-out, axis=1)[:, [KEPT - 1]], out, 0.0)
    far = (out / chance) @ (out / chance)
    np.fill_diagonal(far, 0.0)
    both = out / chance + far / far.sum(axis=1, keepdims=True)
    return {
        FEW: stay + chance * kept / kept.sum(axis=1, keepdims=True),
        SHIPPED: shipped,
        MORE: stay + chance * both / both.sum(axis=1, keepdims=True),
    }


def write_graph(path: Path, weights: Floats) -> None:
    """Write a graph as the CSV edge list that `parameters.job_graph` takes."""
    names = CHINA.occupations.ids
    lines = [f"{names[i]},{names[j]},{weights[i, j]:.8f}" for i, j in np.argwhere(weights > 0)]
    path.write_text("source,target,weight\n" + "\n".join(lines) + "\n", encoding="utf-8")


def _lives(plan: Plan) -> list[Life]:
    folder = plan.folder / "graphs"
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for name, weights in graphs().items():
        path = folder / f"{name.replace(' ', '_')}.csv"
        write_graph(path, weights)
        scenario = until(plan, LAST, **{"parameters.job_graph": str(path)})
        seeds = range(scenario.seed, scenario.seed + plan.replications(SHARE))
        found += [Life(NAME, name, scenario, seed) for seed in seeds]
    return found


def _live(life: Life) -> Record:
    from model.market import simulate

    return {"unemployment": 100 * simulate(life.scenario, life.seed)["unemployment_rate"].mean(keepdims=True)}


def _gather(lives: Lives) -> Connectivity:
    known = graphs()
    pairs = sorted(paired(lives, tuple(known)), key=lambda found: found[0].seed)
    return Connectivity(
        {name: np.array([record["unemployment"][0] for life, record in pairs if life.arm == name]) for name in known},
        {name: float((weights > 0).sum(axis=1).mean()) - 1 for name, weights in known.items()},
    )


CONNECTIVITY = Experiment(NAME, "job graphs with fewer and with more ways out", _lives, _live, _gather)
