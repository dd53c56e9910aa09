"""Two bands for any scenario: what is uncertain because parameters are, and what is luck of a simulated world.

Every draw of the parameters that fits about equally well lives through the same seeds, so that the two can be
told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm  # type: ignore[import-untyped]

from experiments.calibration.options import CalibrationOrder
from experiments.calibration.targets import SERIES
from experiments.engine.compile_ahead import compile_ahead
from experiments.engine.errors import BadRequest
from experiments.engine.executors import Failure, run_tasks
from experiments.engine.job import side_by_side
from experiments.engine.options import tell_notes
from experiments.engine.progress import Progress
from model.country.china import CHINA
from model.results import write_whole
from model.scenario.fitted import fitted_content, read_fitted
from model.scenario.scenario import Scenario, load_scenario
from model.schedule import month_label
from model.specification import in_force

Floats = NDArray[np.float64]
LEVEL = 0.80
#: What the model itself may miss of a published rate, as a fraction: the discrepancy of the newest series of each.
DISCREPANCY = {
    f"unemployment_rate_{one.stems[0]}" if one.stems else "unemployment_rate": one.discrepancy / 100
    for one in SERIES[:4]
}


#: Seeds that each draw lives through when none are asked for.
SEEDS = 5
SHOWN = (*DISCREPANCY, "unemployment_rate_graduates", "employment_construction", "house_price_index")


def stored_draws(content: Mapping[str, Any]) -> list[dict[str, float]]:
    """The draws that a file of fitted values holds, values by path."""
    paths = list(content.get("parameters", {}))
    return [dict(zip(paths, row, strict=True)) for row in content.get("draws", [])]


def write_bands(order: CalibrationOrder, progress: Progress) -> pd.DataFrame:
    """Bands of a scenario file over the draws of the folder's fit (or of the one in force), kept as bands.csv.

    What the scenario itself says of a fitted parameter stands. Raises BadRequest where nothing is fitted.
    """
    fitted = order.folder / CHINA.fitted_file.name
    content = read_fitted(fitted) if fitted.exists() else fitted_content(CHINA)
    if not content or order.bands is None:
        raise BadRequest("nothing is fitted yet: run 'run.py calibrate' first")
    scenario = load_scenario(
        order.bands, overrides={} if order.population is None else {"population": order.population}
    )
    tell_notes(scenario)
    own = {name for name in content["parameters"] if scenario.value(name) != in_force().by_path[name].default}
    draws = [{name: value for name, value in draw.items() if name not in own} for draw in stored_draws(content)]
    seeds = range(scenario.seed, scenario.seed + (order.replications or SEEDS))
    workers = side_by_side(order.workers)
    people = f"{scenario.population:,} simulated people"
    progress.say(f"{len(draws)} draws of the parameters, {len(seeds)} seeds each, {people}, workers: {workers}")
    compile_ahead(progress.say)
    table = parameter_bands(scenario, draws, seeds, SHOWN, workers, progress)
    order.folder.mkdir(parents=True, exist_ok=True)
    write_whole(
        order.folder / "bands.csv", table.to_csv(index=False, lineterminator="\n", float_format="%.6g").encode()
    )
    return table


@dataclass(frozen=True)
class _World:
    """One draw of the parameters living through one seed."""

    draw: int
    scenario: Scenario
    seed: int


def _live(indicators: Sequence[str], world: _World) -> dict[str, Floats]:
    from model.market import simulate

    record = simulate(world.scenario, world.seed)
    return {name: np.asarray(record[name], np.float64) for name in ("month", *indicators)}


def parameter_bands(
    scenario: Scenario,
    draws: Sequence[Mapping[str, float]],
    seeds: Sequence[int],
    indicators: Sequence[str],
    workers: int,
    progress: Progress,
    live: Callable[[Sequence[str], Any], dict[str, Floats]] = _live,
) -> pd.DataFrame:
    """Run every draw with every seed; one row per indicator and month with mean and 80 % bands.

    `parameter_*` is what draws make beyond luck, `replication_*` one simulated world's luck, `predictive_*`
    parameters and what the model itself may miss of a published rate (missing for what is not published).
    """
    worlds = [_World(number, scenario.with_values(draw), seed) for number, draw in enumerate(draws) for seed in seeds]
    records: dict[tuple[int, int], dict[str, Floats]] = {}

    def keep(world: _World, record: dict[str, Floats]) -> None:
        records[world.draw, world.seed] = record
        progress.on_replication()

    def give_up(failure: Failure[_World]) -> None:
        raise RuntimeError(f"draw {failure.task.draw}, seed {failure.task.seed}: {failure.kind}: {failure.message}")

    progress.begin(len(worlds), 1, "runs")
    run_tasks(partial(live, tuple(indicators)), worlds, min(workers, len(worlds)), keep, give_up)
    progress.end()
    months = [month_label(int(month)) for month in next(iter(records.values()))["month"]]
    frames = []
    for name in indicators:
        values = np.array([[records[draw, seed][name] for seed in seeds] for draw in range(len(draws))])
        frames.append(_bands(name, months, values))
    return pd.concat(frames, ignore_index=True)


def _bands(name: str, months: list[str], values: Floats) -> pd.DataFrame:
    """Bands of one indicator from its values [draw, seed, month]."""
    reach = float(norm.ppf((1 + LEVEL) / 2))
    mean = values.mean(axis=(0, 1))
    luck = values.var(axis=1, ddof=1).mean(axis=0) if values.shape[1] > 1 else np.full(len(mean), np.nan)
    # Means of draws still hold the luck of their few seeds; it is taken out.
    between = np.maximum(values.mean(axis=1).var(axis=0, ddof=1) - np.nan_to_num(luck) / values.shape[1], 0.0)
    missed = DISCREPANCY.get(name, np.nan) ** 2
    frame = {"indicator": name, "month": months, "mean": mean}
    for kind, variance in (("parameter", between), ("replication", luck), ("predictive", between + missed)):
        frame |= {f"{kind}_low": mean - reach * np.sqrt(variance), f"{kind}_high": mean + reach * np.sqrt(variance)}
    return pd.DataFrame(frame)
