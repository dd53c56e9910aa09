"""`run.py forecast`: stand at an origin, say what comes; or stand at every origin and say how it went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.engine.compile_ahead import compile_ahead
from experiments.engine.errors import BadRequest
from experiments.engine.executors import Failure, run_tasks
from experiments.engine.job import JobOutcome, run_job, side_by_side
from experiments.engine.job_folder import JobFolder
from experiments.engine.manifest import describe_run
from experiments.engine.progress import Progress
from experiments.engine.run_folder import new_run_folder
from experiments.forecast.campaign import COMMAND, Campaign, stored
from experiments.forecast.evaluation import KNOWN, METHODS_TOLD, REALISED, Evaluation, evaluate, quoted, scores
from experiments.forecast.history import GROUPS, Floats, History
from experiments.forecast.knowledge import FIRST_ORIGIN, LAST_ORIGIN
from experiments.forecast.latest import indicator_of
from experiments.forecast.outlooks import Outlooks
from experiments.forecast.pool import weights_table
from experiments.forecast.record import add_to_record, recorded_scores
from experiments.forecast.simple import LONGEST, analysis_or_explain
from model.schedule import month_index, month_label
from model.specification import Specification, use

if TYPE_CHECKING:
    import pandas as pd

    from experiments.forecast.options import ForecastOrder
    from model.scenario.scenario import Scenario

#: Methods that follow a scenario, first among all.
STRUCTURAL = METHODS_TOLD[:2]
#: The quantiles of forecast.csv, each with its place among the levels.
TOLD = {f"p{level}": level - 1 for level in (10, 25, 50, 75, 90)}


class ForecastFolder(JobFolder):
    """The tables of one forecast or evaluation; what origins say is kept elsewhere, for all calls."""

    what, pieces, assembles_early = "forecast", "runs", False

    def failure_head(self) -> list[str]:
        """Which run, and why."""
        return ["run", "error", "message"]

    def failure_row(self, failure: Failure[Any]) -> list[Any]:
        """One run that gave no result."""
        return [str(failure.task), failure.kind, failure.message]


@dataclass(frozen=True)
class ForecastOutcome(JobOutcome[Any]):
    """What came of it: the table of forecasts, or of scores, and what figures are drawn from."""

    table: pd.DataFrame | None = None
    scores: pd.DataFrame | None = None
    quoted: pd.DataFrame | None = None
    history: History | None = None
    recorded: pd.DataFrame | None = None
    weights: pd.DataFrame | None = None
    counted = "origins are finished"


def run_forecast(order: ForecastOrder, progress: Progress) -> ForecastOutcome:
    """Forecast or evaluate; raises BadRequest, with nothing run, where the origin or the folder cannot be used."""
    analysis_or_explain()
    campaign, history = stored(), History.of(order.published)
    chosen = _origins(order, history)
    if campaign.stale:
        progress.say(f"note: model or data have changed since the campaign of prior runs; {COMMAND} makes it anew")
    manifest = describe_run({order.scenario.name: order.scenario}, list(order.files), list(order.command))
    manifest |= {
        "campaign": campaign.made_from[:16],
        "campaign_of_this_model": not campaign.stale,
        "drivers": told_after(order)[-1],
        "origins": [month_label(month) for month in (chosen[0], chosen[-1])],
    }
    path = order.out or new_run_folder("forecast", campaign.made_from)
    folder = ForecastFolder(path).claim(manifest, {})
    driver = _Driver(order, folder, history, campaign, chosen, progress)
    return run_job(folder, driver, ForecastOutcome(path, len(chosen), manifest=manifest, history=history), progress)


def told_after(order: ForecastOrder) -> list[str]:
    """What is told of the world after the origin, first what is quoted; scores are of one of both."""
    return [REALISED] if order.realised and order.evaluate else [KNOWN, *[REALISED] * order.realised]


def _origins(order: ForecastOrder, history: History) -> list[int]:
    """The origins asked for; raises BadRequest where one cannot be stood at."""
    last = min(history.label, LAST_ORIGIN)
    typed = {"--origin": order.origin, "--from": order.first, "--to": order.last}
    for option, month in typed.items():
        if month is not None and not FIRST_ORIGIN <= month <= last:
            hint = "; --official FILE.csv adds months" if month > history.label else ""
            raise BadRequest(f"{option} is {month}, but must lie between {FIRST_ORIGIN} and {last}, "
                             f"the last official month known{hint}; nothing was run")  # fmt: skip
    if not order.evaluate:
        return [month_index(order.origin or last)]
    # The last month is an origin of which nothing has come.
    first, end = month_index(order.first or FIRST_ORIGIN), min(month_index(order.last or last), history.origin - 1)
    if end < first:
        raise BadRequest(f"from {month_label(first)} to {month_label(end)} there is no origin; nothing was run")
    return list(range(first, end + 1))


class _Driver:
    """One driver's work."""

    def __init__(
        self, order: ForecastOrder, folder: ForecastFolder, history: History, campaign: Campaign, chosen: Sequence[int],
        progress: Progress,
    ) -> None:  # fmt: skip
        self.order, self.folder, self.campaign, self.chosen, self.progress = order, folder, campaign, chosen, progress
        # An origin knows nothing of later months, whatever the data hold; an evaluation may check with them.
        self.history = history if order.evaluate else history.to(chosen[0])
        self.found: dict[str, Evaluation] = {}
        self.shift = np.zeros((len(GROUPS), LONGEST))

    def compute(self) -> None:
        """What all methods say at the origins, and what the scenario changes."""
        workers = side_by_side(self.order.workers)
        for drivers in told_after(self.order):
            realised = drivers == REALISED
            outlooks = Outlooks.of(self.history, self.campaign, workers, self.progress, realised=realised)
            self.progress.say("pooling")
            self.found[drivers] = evaluate(outlooks, self.chosen)
        if not self.order.evaluate:
            self.shift = shift_of(self.order.scenario, self.chosen[0], workers, self.progress)

    def assemble(self) -> None:
        """Nothing lies in pieces."""

    def answer(self, outcome: ForecastOutcome) -> ForecastOutcome:
        """Tables of what was found."""
        import pandas as pd

        if not self.found:
            return outcome
        found = next(iter(self.found.values()))
        table = pd.concat(
            [forecast_table(each, self.order.horizon, drivers, self.shift) for drivers, each in self.found.items()],
            ignore_index=True,
        )
        weights = weights_table(found.outlooks, self.chosen[-1])
        outcome = replace(outcome, finished=len(self.chosen), table=table, weights=weights)
        if self.order.evaluate:
            outcome = replace(outcome, scores=scores(found), quoted=quoted(found))
        if self.order.recorded:
            outcome = replace(outcome, recorded=recorded_scores(self.history))
        return outcome

    def write(self, outcome: ForecastOutcome) -> None:
        """forecast.csv, and of an evaluation forecast_scores.csv."""
        tables = {"forecast": outcome.table, "forecast_scores": outcome.scores, "forecast_quoted": outcome.quoted,
                  "forecast_recorded": outcome.recorded, "forecast_weights": outcome.weights}  # fmt: skip
        for name, table in tables.items():
            if table is not None:
                self.folder.write_frame(f"{name}.csv", table)
        if self.order.record and outcome.table is not None:
            add_to_record(outcome.table, self.campaign)


def forecast_table(found: Evaluation, horizon: int, drivers: str, shift: Floats) -> pd.DataFrame:
    """The rows of forecast.csv, in fractions; a method that is silent has none."""
    import pandas as pd

    said = found.said[..., :horizon, :] / 100
    said[:, : len(STRUCTURAL)] += shift[:, :horizon, None]
    return pd.DataFrame(
        {
            "origin": month_label(origin), "month": month_label(origin + 1 + ahead), "horizon": ahead + 1,
            "group": group, "method": method, "mean": cell.mean(), **{name: cell[at] for name, at in TOLD.items()},
            "drivers": drivers,
        }
        for row, origin in enumerate(found.origins) for place, group in enumerate(GROUPS)
        for number, method in enumerate(METHODS_TOLD) for ahead in range(horizon)
        if not np.isnan((cell := said[row, number, place, ahead])[0])
    )  # fmt: skip


# --- what a scenario changes -----------------------------------------------------------------------------------------


def shift_of(scenario: Scenario, origin: int, workers: int, progress: Progress) -> Floats:
    """By how much paired runs say that a scenario moves the rates after an origin, in fractions: [group, horizon]."""
    end = month_label(origin + LONGEST)
    mine = scenario.with_values({"start": "2018-01", "end": end})
    with use(Specification(country=mine.specification.country)):
        from experiments.engine.options import BASELINE
        from model.scenario.scenario import load_scenario

        frame = {"start": "2018-01", "end": end, "population": mine.population, "seed": mine.seed}
        baseline = load_scenario(BASELINE, overrides=frame)
    if mine.first_difference(baseline) > origin + LONGEST and not mine.specification.own:
        return np.zeros((len(GROUPS), LONGEST))
    compile_ahead(progress.say)
    seeds = range(mine.seed, mine.seed + mine.replications)
    pairs = [(mine, seed) for seed in seeds] + [(baseline, seed) for seed in seeds]
    found: dict[int, Floats] = {}

    def keep(number: int, rates: Floats) -> None:
        found[number] = rates
        progress.on_replication()

    progress.begin(len(pairs), 1, "paired runs")
    try:
        run_tasks(partial(_rates, pairs, origin), list(range(len(pairs))), min(workers, len(pairs)), keep, _give_up)
    finally:
        progress.end()
    mean = [np.mean([found[number] for number in numbers], axis=0)
            for numbers in (range(len(seeds)), range(len(seeds), len(pairs)))]  # fmt: skip
    shift: Floats = mean[0] - mean[1]
    return shift


def _rates(pairs: Sequence[tuple[Scenario, int]], origin: int, number: int) -> Floats:
    from model.market import simulate

    scenario, seed = pairs[number]
    record = simulate(scenario, seed)
    ahead = slice(origin + 1, origin + 1 + LONGEST)
    return np.array([record[indicator_of(group)][ahead] for group in GROUPS], np.float64)


def _give_up(failure: Failure[int]) -> None:
    raise BadRequest(f"a run of the scenario failed: {failure.kind}: {failure.message}")
