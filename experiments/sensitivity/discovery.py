"""Scenario discovery: the assumptions under which an effect reaches a threshold, as boxes found by PRIM."""

from __future__ import annotations

import logging
import math
import warnings
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from experiments.engine.errors import extra_needed
from experiments.sensitivity.samples import Floats, Sample

#: A box has to hold this share of all samples, and this share of its samples has to reach the threshold.
LEAST_MASS, LEAST_DENSITY = 0.05, 0.5
#: Fewer samples that reach it make no pattern.
LEAST_CASES = 5
#: A limit of a box that luck alone would draw with this chance or more is taken off.
SIGNIFICANT = 0.05
MOST_BOXES = 3


@dataclass(frozen=True)
class Limit:
    """One side of a box: a parameter above (or below) a value; `quasi_p` is the chance of such a side by luck."""

    path: str
    above: bool
    value: float
    quasi_p: float


@dataclass(frozen=True)
class Box:
    """Assumptions under which the threshold is mostly reached.

    `density`: of the samples inside, how many reach it; `coverage`: of all samples that reach it, how many are inside.
    """

    limits: tuple[Limit, ...]
    samples: int
    coverage: float
    density: float


@dataclass(frozen=True)
class Discovery:
    """What was found: the effect at every sample (mean over replications), and the boxes."""

    sample: Sample
    effect: Floats
    threshold: float
    boxes: tuple[Box, ...]
    #: Standard deviation of the effect at a sample that is luck; missing for one replication.
    luck_sd: float
    #: Its part that all samples share, since they have the same seeds: it moves them together.
    shared_sd: float

    @property
    def reached(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Where the effect reaches the threshold: at or beyond it, on its side of nothing."""
        return self.effect >= self.threshold if self.threshold > 0 else self.effect <= self.threshold

    @property
    def by_luck(self) -> float:
        """How many samples would reach the threshold by luck if the effect were nothing everywhere."""
        if not self.luck_sd > 0:
            return 0.0 if self.luck_sd == 0 else math.nan
        return len(self.effect) * 0.5 * math.erfc(abs(self.threshold) / self.luck_sd / math.sqrt(2))


def discover(sample: Sample, effects: Floats, threshold: float) -> Discovery:
    """Boxes in which the effect reaches the threshold; `effects` has a row per sample and a column per replication."""
    samples, replications = effects.shape
    luck = shared = math.nan
    if replications > 1:
        luck = math.sqrt(float(effects.var(axis=1, ddof=1).mean()) / replications)
        own = effects - effects.mean(axis=1, keepdims=True) - effects.mean(axis=0) + effects.mean()
        alone = float((own**2).sum()) / (max(samples - 1, 1) * (replications - 1) * replications)
        shared = math.sqrt(max(luck**2 - alone, 0.0))
    found = Discovery(sample, effects.mean(axis=1), threshold, (), luck, shared)
    assumed = pd.DataFrame(sample.points, columns=[one.path for one in sample.uncertain])
    return replace(found, boxes=prim_boxes(assumed, found.reached))


def prim_boxes(assumed: pd.DataFrame, reached: Any) -> tuple[Box, ...]:
    """Boxes one after the other, each in what the ones before it left; none where no box is dense enough."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of ema-workbench about its own parts and its way with pandas
        return tuple(_boxes(assumed, reached))


def _boxes(assumed: pd.DataFrame, reached: Any) -> list[Box]:
    with extra_needed("discovery", "sensitivity --discover"):
        from ema_workbench.analysis.prim import Prim
    logging.getLogger("EMA").setLevel(logging.ERROR)
    cases = np.asarray(reached, np.int64)
    if not cases.any() or cases.all():
        return []
    boxes: list[Box] = []
    prim = Prim(assumed, cases, threshold=LEAST_DENSITY, mass_min=LEAST_MASS)
    while len(boxes) < MOST_BOXES:
        box = prim.find_box()
        found = None if box is None else _settled(box)
        if found is None or not found.limits or found.density < LEAST_DENSITY:
            break
        boxes.append(found)
    return boxes


def _settled(box: Any) -> Box | None:
    """Of the boxes on PRIM's way the one with the best balance of coverage and density, without limits by luck."""
    way = box.peeling_trajectory
    balance = 2 * way["coverage"] * way["density"] / (way["coverage"] + way["density"])
    good = balance.where((way["density"] >= LEAST_DENSITY) & (way["k"] >= LEAST_CASES))
    if good.isna().all():
        return None
    box.select(int(good.idxmax()))
    while weak := _weakest(box):
        _open(box, *weak)
    row = box.peeling_trajectory.iloc[box._cur_box]  # noqa: SLF001 - ema-workbench has no other name for it
    return Box(_limits(box), int(row["n"]), float(row["coverage"]), float(row["density"]))


def _quasi_p(box: Any) -> dict[str, list[float]]:
    """For each limited parameter the quasi-p value of its lower and upper limit; -1 where it has none."""
    found: dict[str, list[float]] = box.qp[box._cur_box]  # noqa: SLF001
    return found


def _weakest(box: Any) -> tuple[str, int] | None:
    """The parameter and side (0 lower, 1 upper) whose limit is likeliest luck; None when none is."""
    sides = {(path, side): chance for path, both in _quasi_p(box).items() for side, chance in enumerate(both)}
    place = max(sides, key=lambda each: sides[each], default=None)
    return place if place is not None and sides[place] >= SIGNIFICANT else None


def _open(box: Any, path: str, side: int) -> None:
    """Take one limit off; the box grows by what it kept out."""
    limits = box.box_lim.copy()
    limits.loc[side, path] = box.prim.box_init.loc[side, path]
    there = box.prim.x.loc[box.prim.yi_remaining]
    inside = ((there >= limits.loc[0]) & (there <= limits.loc[1])).all(axis=1)
    box.update(limits, box.prim.yi_remaining[inside.to_numpy()])


def _limits(box: Any) -> tuple[Limit, ...]:
    limits = []
    for path, sides in _quasi_p(box).items():
        ends = box.box_lim[path].tolist()
        limits += [
            Limit(path, side == 0, float(ends[side]), float(chance)) for side, chance in enumerate(sides) if chance >= 0
        ]
    return tuple(sorted(limits, key=lambda limit: limit.quasi_p))
