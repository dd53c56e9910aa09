"""Which points are tried: trajectories of Morris, matrices of Saltelli, a Latin hypercube, drawn by SALib and SciPy."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.batch.designs import Design, drawn
from experiments.engine.errors import extra_needed
from experiments.sensitivity.ranges import Uncertain
from model.parameters import Value

Floats = NDArray[np.float64]
#: Levels of Morris's grid, as SALib's default and most of the literature have it.
LEVELS = 4


@dataclass(frozen=True)
class Sample:
    """Points in the unit cube; `block` of them in a row belong together and say nothing without one another."""

    uncertain: tuple[Uncertain, ...]
    unit: Floats
    block: int

    @property
    def points(self) -> Floats:
        """The points in the parameters' own units."""
        low = np.array([one.low for one in self.uncertain])
        high = np.array([one.high for one in self.uncertain])
        return np.asarray(low + self.unit * (high - low), np.float64)


def whole_blocks(sample: Sample, values: Floats) -> tuple[Sample, Floats]:
    """The points and values of the blocks in which no run failed: the others say nothing."""
    whole = np.isfinite(values).all(axis=1).reshape(-1, sample.block).all(axis=1)
    rows = np.repeat(whole, sample.block)
    return Sample(sample.uncertain, sample.unit[rows], sample.block), values[rows]


def problem(uncertain: Sequence[Uncertain]) -> dict[str, Any]:
    """What SALib calls a problem, on the unit cube."""
    return {
        "num_vars": len(uncertain), "names": [one.path for one in uncertain], "bounds": [[0.0, 1.0]] * len(uncertain),
    }  # fmt: skip


def morris_sample(uncertain: Sequence[Uncertain], trajectories: int, seed: int) -> Sample:
    """Trajectories through the cube that change one parameter at a time."""
    with extra_needed("analysis", "sensitivity"):
        from SALib.sample import morris
    unit = morris.sample(problem(uncertain), trajectories, num_levels=LEVELS, seed=seed)
    return Sample(tuple(uncertain), np.asarray(unit, np.float64), len(uncertain) + 1)


def saltelli_sample(uncertain: Sequence[Uncertain], size: int, seed: int) -> Sample:
    """Saltelli's extension of a Sobol sequence, for first-order and total indices."""
    with extra_needed("analysis", "sensitivity"):
        from SALib.sample import sobol
    with warnings.catch_warnings():
        # That a length other than a power of two is less balanced is told in docs/sensitivity.md.
        warnings.simplefilter("ignore", UserWarning)
        unit = sobol.sample(problem(uncertain), size, calc_second_order=False, seed=seed)
    return Sample(tuple(uncertain), np.asarray(unit, np.float64), len(uncertain) + 2)


def hypercube(uncertain: Sequence[Uncertain], size: int, seed: int) -> Sample:
    """A Latin hypercube: every parameter evenly, all of them together at random."""
    cube = drawn("lhs", size, {one.path: (0.0, 1.0) for one in uncertain}, seed=seed)
    return Sample(tuple(uncertain), np.array(cube.rows, np.float64), 1)


def as_design(sample: Sample, off: Mapping[str, Value] | None = None) -> Design:
    """The points as a batch runs them; with `off`, each is followed by the same point with these values instead."""
    dated = {one.path: one.since for one in sample.uncertain if one.since is not None}
    own = tuple(one.path for one in sample.uncertain)
    other: dict[str, Value] = {
        path: {"2018-01": value} if path in dated and isinstance(value, int | float) else value
        for path, value in (off or {}).items()
    }
    paths = own + tuple(path for path in other if path not in own)
    rows: list[tuple[Value | None, ...]] = []
    for values in sample.points.tolist():
        point: dict[str, Value] = dict(zip(own, values, strict=True))
        rows.append(tuple(point.get(path) for path in paths))
        if off is not None:
            rows.append(tuple({**point, **other}.get(path) for path in paths))
    return Design("sample", paths, tuple(rows), dated=dated)
