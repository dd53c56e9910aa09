"""The evidence test of the visa: net native jobs per foreign hire, and youth unemployment on hires.

From the doses of `experiments.validation.visa_doses` follow

- psi, the net native jobs per foreign hire: the change of natives at work (gig work included) from the world without a
  visa, over the K-visa holders at work, both averaged over the year that is read;
- the slope: points of youth unemployment per 100,000 K-visa holders at work;
- whether both are lines through the origin: the mean over seeds of a quadratic term, with its p-value.

Every seed gives an estimate of its own, a line through the origin over its doses; intervals come from the spread of
seeds, so that it does not matter that the doses of a seed share their baseline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.engine.executors import Failure, run_tasks
from experiments.validation.visa_doses import STANDARD, Design, Size, doses_of, without_visa

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from experiments.engine.ensemble import Record
    from experiments.engine.progress import Progress
    from model.scenario.scenario import Scenario

#: Hires to which slopes are scaled.
HIRES = 100_000
#: What one outcome is, and the column of the points it is read from; people are counted in hundred thousands too.
OUTCOMES = (("psi", "native_jobs"), ("slope", "youth"), ("slope_all_ages", "all_ages"))


@dataclass(frozen=True)
class Evidence:
    """What the doses show.

    `points` has a row per seed, complementarity and dose (see `visa_doses.COLUMNS`). `lines` has a row per
    complementarity: psi, slope and that of all ages with 95 % intervals; for each what its `bend` adds to it at the
    largest dose, and the `bend_p` of none. `at_psi` has the slope where psi is -1, 0 and 1.
    """

    design: Design
    points: pd.DataFrame
    lines: pd.DataFrame
    at_psi: pd.DataFrame
    failures: tuple[Failure[int], ...] = ()
    interrupted: bool = False

    @property
    def psi_range(self) -> tuple[float, float]:
        """The lowest and the highest psi of the sweep."""
        return float(self.lines["psi"].min()), float(self.lines["psi"].max())

    @property
    def highest_slope(self) -> float:
        """The upper end of the interval of the steepest slope: what the ceiling has to bear."""
        return float(self.lines["slope_high"].max())

    @property
    def straightness(self) -> float:
        """The p-value that none of the lines of psi and of youth unemployment bends (Bonferroni)."""
        p = self.lines[["psi_bend_p", "slope_bend_p"]].to_numpy()
        return float(min(1.0, np.nanmin(p) * p.size)) if np.isfinite(p).any() else float("nan")

    def slope_at(self, psi: float) -> tuple[float, float, float]:
        """Points of youth unemployment per 100,000 at work where psi is -1, 0 or 1, with its interval."""
        row = self.at_psi[self.at_psi["psi"] == psi].iloc[0]
        return float(row["slope"]), float(row["low"]), float(row["high"])


def measure(
    scenario: Scenario, progress: Progress, size: Size = STANDARD, design: Design | None = None, workers: int = 1
) -> Evidence:
    """Run the doses on `workers` processes and estimate; interrupted, it keeps the seeds that are finished.

    The visa of `scenario` is replaced by the doses; all else, its parameters too, holds.
    """
    design = design or Design()
    seeds = range(int(scenario.seed), int(scenario.seed) + size.seeds)
    found: dict[int, Record] = {}
    failures: list[Failure[int]] = []
    interrupted = False

    def keep(seed: int, record: Record) -> None:
        found[seed] = record
        progress.on_replication()

    progress.begin(size.seeds, 1)
    try:
        live = partial(doses_of, without_visa(scenario, size.population, design), design)
        run_tasks(live, seeds, workers, keep, failures.append)
    except KeyboardInterrupt:
        if len(found) < 2:
            raise
        interrupted = True
    finally:
        progress.end()
    return evidence_of(found, design, tuple(failures), interrupted=interrupted)


def evidence_of(
    records: Mapping[int, Record], design: Design, failures: tuple[Failure[int], ...] = (), *, interrupted: bool = False
) -> Evidence:
    """Lines through the origin, their bends, and slopes at given psi; `records` holds what seeds recorded."""
    import pandas as pd

    if len(records) < 2:
        raise ValueError(f"{len(records)} seeds gave a result; an interval takes two")
    points = pd.concat({seed: pd.DataFrame(records[seed]) for seed in sorted(records)}, names=["seed", "row"])
    points = points.reset_index("seed").reset_index(drop=True)
    by_seed = _lines_by_seed(points)
    return Evidence(design, points, _lines(by_seed), _slopes_at_psi(by_seed), failures, interrupted)


def _lines_by_seed(points: pd.DataFrame) -> pd.DataFrame:
    """Each seed's lines on holders at work and their bends, by complementarity."""
    import pandas as pd

    rows = {}
    for key, cell in points.groupby(["seed", "complementarity"]):
        hires = cell["at_work"].to_numpy() / HIRES
        changes = {name: cell[column].to_numpy() / (HIRES if name == "psi" else 1) for name, column in OUTCOMES}
        rows[key] = {name: line(hires, change) for name, change in changes.items()}
        rows[key] |= {f"{name}_bend": bend(hires, change) for name, change in changes.items()}
    frame = pd.DataFrame.from_dict(rows, orient="index")
    frame.index = pd.MultiIndex.from_tuples(frame.index, names=["replication", "complementarity"])
    return frame


def line(hires: NDArray[np.float64], change: NDArray[np.float64]) -> float:
    """Slope of the line through the origin, by least squares."""
    return float(hires @ change / (hires @ hires))


def bend(hires: NDArray[np.float64], change: NDArray[np.float64]) -> float:
    """What a quadratic term adds to the slope at the most hires: 0 on a line; missing with a single dose."""
    if len(hires) < 2:
        return float("nan")
    terms = np.column_stack([hires, hires**2])
    return float(np.linalg.lstsq(terms, change, rcond=None)[0][1] * hires.max())


def _lines(by_seed: pd.DataFrame) -> pd.DataFrame:
    """One row per complementarity, with intervals over seeds and the tests of a bend."""
    import pandas as pd
    from scipy.special import stdtr  # type: ignore[import-untyped]

    from model.results import mean_intervals

    table = mean_intervals(by_seed, "complementarity").set_index("indicator")
    columns: dict[str, Any] = {"complementarity": np.unique(by_seed.index.get_level_values("complementarity"))}
    for name, _ in OUTCOMES:
        own, bent = table.loc[[name]], table.loc[[f"{name}_bend"]]
        columns |= {name: own["mean"], f"{name}_low": own["low"], f"{name}_high": own["high"]}
        t = np.abs(bent["mean"] / bent["error"])
        columns |= {f"{name}_bend": bent["mean"], f"{name}_bend_p": 2 * stdtr(bent["replications"] - 1, -t)}
    return pd.DataFrame({name: np.asarray(values, np.float64) for name, values in columns.items()})


def _slopes_at_psi(by_seed: pd.DataFrame, wanted: Sequence[float] = (-1.0, 0.0, 1.0)) -> pd.DataFrame:
    """The slope where psi takes given values: linear between the swept complementarities; missing beyond them."""
    import pandas as pd

    from model.results import mean_intervals

    psi = by_seed["psi"].groupby("complementarity").mean()
    swept = psi.index.to_numpy(dtype=np.float64)
    slopes = by_seed["slope"].reset_index().pivot_table("slope", "replication", "complementarity")
    rising = bool((np.diff(psi.to_numpy()) > 0).all())  # few persons may leave it to luck
    rows: list[Mapping[str, float]] = []
    for value in wanted:
        if not (rising and psi.min() <= value <= psi.max()):
            rows.append(dict.fromkeys(("complementarity", "slope", "low", "high"), float("nan")) | {"psi": value})
            continue
        place = float(np.interp(value, psi.to_numpy(), swept))
        there = [float(np.interp(place, swept, row)) for row in slopes.to_numpy()]
        index = pd.MultiIndex.from_product([slopes.index, [value]], names=["replication", "psi"])
        found = mean_intervals(pd.DataFrame({"slope": there}, index=index), "psi").iloc[0]
        rows.append(
            {"psi": value, "complementarity": place, "slope": found["mean"], "low": found["low"], "high": found["high"]}
        )
    return pd.DataFrame(rows)
