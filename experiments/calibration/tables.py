"""The tables that a calibration leaves in its folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from experiments.calibration.free_parameters import Floats, Space
from experiments.calibration.scores import score
from experiments.calibration.targets import FACT_GROUP
from model.results import write_whole

if TYPE_CHECKING:
    from experiments.calibration.campaign import Calibration
    from experiments.calibration.job import Outcome

LEVEL = 0.80


def write_tables(outcome: Outcome, folder: Path) -> None:
    """Write every table as CSV."""
    found = outcome.calibration
    _write(folder, "scores", pd.DataFrame([_fields(one) for one in score(found.targets, found.confirmed)]))
    _write(folder, "scores_told_less", pd.DataFrame([_fields(one) for one in outcome.frozen]))
    _write(folder, "months", months(found))
    _write(folder, "profiles", _profiles(outcome))
    _write(folder, "held_out", _held(outcome))
    _write(folder, "combinations", pd.DataFrame([{"left": one.left} | one.loadings for one in outcome.directions]))
    if outcome.recovery is not None:
        _write(folder, "recovery", _recovery(outcome))
    if outcome.ablations:
        rows = [{"without": one.words, "loss": one.loss, **_fields(s)} for one in outcome.ablations for s in one.scores]
        _write(folder, "ablation", pd.DataFrame(rows))


def months(found: Calibration) -> pd.DataFrame:
    """Every target beside the model: the agents' mean, and bands of parameters alone and with what the model misses.

    Both bands are centred on the draws' surface, moved to the agents' mean.
    """
    targets = found.targets
    drawn = found.emulator(found.draws) - found.emulated + found.confirmed
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    missed = np.random.default_rng(0).standard_normal((4000, len(targets))) * _discrepancy(found)
    wide = drawn[np.arange(4000) % len(drawn)] + missed
    wide_low, wide_high = np.quantile(wide, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return pd.DataFrame(
        {
            "group": targets.group,
            "month": targets.label,
            "official": targets.official,
            "model": found.confirmed,
            "parameter_low": low,
            "parameter_high": high,
            "predictive_low": wide_low,
            "predictive_high": wide_high,
            "shock": targets.shock,
        }
    )


def _discrepancy(found: Calibration) -> Any:
    """What the model may miss of each target by itself: without the extra of months that one shock decides."""
    sizes = {one.name: one.discrepancy for one in found.targets.series}
    facts = iter(fact.discrepancy for fact in found.targets.facts)
    return np.array([next(facts) if group == FACT_GROUP else sizes[group] for group in found.targets.group])


def _profiles(outcome: Outcome) -> pd.DataFrame:
    rows = []
    for place in outcome.calibration.space.moved:
        parameter = outcome.calibration.space.free[place]
        held, losses = outcome.profiles[parameter.name]
        values = at_place(outcome.calibration.space, held, place)
        rows += [(parameter.path, value, loss) for value, loss in zip(values, losses, strict=True)]
    return pd.DataFrame(rows, columns=["parameter", "value", "loss"])


def at_place(space: Space, coordinates: Floats, place: int) -> Floats:
    """Values of one parameter at coordinates of the box."""
    box = np.zeros((len(coordinates), len(space)))
    box[:, place] = coordinates
    values: Floats = space.to_values(box)[:, place]
    return values


def _held(outcome: Outcome) -> pd.DataFrame:
    frames = [
        pd.DataFrame(
            {
                "group": one.group, "last_seen": one.last_seen, "month": one.months, "official": one.official,
                "mean": one.mean, "low": one.low, "high": one.high, "parameter_low": one.parameter_low,
                "parameter_high": one.parameter_high, "year_before": one.year_before, "told_less": one.told_less,
            }
        )
        for one in outcome.held
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def _recovery(outcome: Outcome) -> pd.DataFrame:
    found = outcome.recovery
    if found is None:
        return pd.DataFrame()
    rows = [
        (trial + 1, parameter.path, found.true[trial, place], found.recovered[trial, place],
         found.low[trial, place], found.high[trial, place], found.ranks[trial, place])
        for trial in range(len(found.true))
        for place, parameter in enumerate(found.moved)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["trial", "parameter", "true", "recovered", "low", "high", "rank"])


def _fields(one: Any) -> Mapping[str, Any]:
    return {name: getattr(one, name) for name in one.__slots__}


def _write(folder: Path, name: str, table: pd.DataFrame) -> None:
    write_whole(folder / f"{name}.csv", table.to_csv(index=False, lineterminator="\n", float_format="%.6g").encode())
