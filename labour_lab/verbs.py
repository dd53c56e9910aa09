"""The verbs of the command line as functions: each asks as one would type, and gives back what it finds."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Unpack

from agents.places import ROOT
from experiments.engine.errors import BadRequest
from experiments.engine.options import (
    batch_parser,
    check_environment,
    existing_scenario,
    main_parser,
    read_batch,
    read_scenarios,
    tell_notes,
)
from labour_lab.answers import Batch, Explanation, Forecast, Search, Sensitivity
from labour_lab.desk import Asked, Desk, Options, desk, files_of, shipped_or_typed, verb
from labour_lab.results import MONTHLY, Compared, Run
from model.paths import shown, typed_path
from model.scenario.scenario import Scenario, default_scenario, load_scenario

PathLike = str | os.PathLike[str]
BASELINE, EXPERIMENTS = "baseline", "experiments"


def scenarios() -> list[str]:
    """The names of the scenarios that are shipped."""
    return sorted(path.stem for path in (ROOT / "scenarios").glob("*.yaml"))


def scenario(
    name: Asked | None = BASELINE, overrides: Mapping[str, Any] | None = None, *,
    mechanisms: Sequence[PathLike] | PathLike = (),
) -> Scenario:  # fmt: skip
    """A scenario by its shipped name or its path, with some values replaced; None begins from the defaults alone.

    Values are numbers or dated: `{"visa.annual_quota": {"2025-10": 500_000}}`. With `mechanisms` (Python files) it also
    has what these declare.
    """
    with desk({"mechanisms": mechanisms}) as here:
        main_parser("", {}).read(here.words())
        if isinstance(name, Scenario):
            if not mechanisms:
                return name.with_values(overrides or {})
            name = here.scenario(name)
        if name is None:
            return default_scenario().with_values(overrides or {})
        found = load_scenario(existing_scenario(Path(here.scenario(name)), {}), overrides or {})
        tell_notes(found)
        return found


@verb
def run(
    scenario: Asked = BASELINE, *, against: Asked | None = None, draws: int | None = None, **options: Unpack[Options]
) -> Run:
    """Run the replications of a scenario, alone or `against` another with the same luck."""
    from experiments.compare.job import MainJob, run_main_job

    with desk(options) as here:
        first, other = here.scenario(scenario), None if against is None else here.scenario(against)
        words = [first, *here.words(against=other, draws=draws)]
        read = main_parser("", {}).read(words)
        found, compared, files = read_scenarios(read, {})
        check_environment()
        job = MainJob(found, compared, read.workers, read.out, tuple(files), ("run.py", *words), draws=read.draws)
        outcome = run_main_job(job, here.progress)
        accidents = here.judge(outcome, answered=outcome.table is not None)
        return Run(job, here.files(), accidents, interrupted=outcome.interrupted)


@verb
def compare(
    scenarios: Asked | Iterable[Asked], against: Asked = BASELINE, *,
    indicators: Sequence[str] = (), year: int | None = None, draws: int | None = None, **options: Unpack[Options],
) -> Compared:  # fmt: skip
    """Run any number of scenarios beside one baseline, whose size, months and seed hold for all."""
    from experiments.compare.job import run_main_job
    from experiments.compare.options import read_compare

    with desk(options) as here:
        several = [scenarios] if isinstance(scenarios, Scenario | str | os.PathLike) else list(scenarios)
        paths, base = [here.scenario(each) for each in several], here.scenario(against)
        order = read_compare(
            [*paths, *here.words(against=base, indicator=list(indicators), year=year, draws=draws)], {}
        )
        check_environment()
        outcome = run_main_job(order.job, here.progress)
        accidents = here.judge(outcome, answered=bool(outcome.comparisons))
        return Compared(
            order.job, here.files(), accidents,
            indicators=order.indicators, year=order.year, interrupted=outcome.interrupted,
        )  # fmt: skip


@verb
def batch(
    scenario: Asked, *, grid: Mapping[str, Sequence[Any]] | None = None,
    list: Sequence[Mapping[str, Any]] | None = None,  # noqa: A002 - as an experiment file calls it
    sample: Mapping[str, Any] | None = None, since: str | None = None, outcomes: Sequence[str] = (),
    name: str | None = None, **options: Unpack[Options],
) -> Batch:  # fmt: skip
    """Run every variation of a scenario: a `grid`, a `list` or a `sample`, as an experiment file writes them.

    `since` is the month from which points differ. Without a design, `scenario` names an experiment file.
    """
    from experiments.batch.job import BatchJob, run_batch

    with desk(options) as here:
        design = {"grid": grid, "list": list, "sample": sample, "from": since, "outcomes": outcomes or None}
        given = {key: held for key, held in design.items() if held is not None}
        if given:
            base = here.scenario(scenario)
            given["name"] = name or f"{Path(base).stem} batch"
            experiment = here.file("experiment.yaml", {**given, "scenario": base})
        else:
            experiment = here.scenario(scenario, EXPERIMENTS)
        words = [experiment, *here.words()]
        read = batch_parser().read(words)
        asked = read_batch(read.experiment, read)
        check_environment()
        job = BatchJob(asked, read.workers, read.out, ("run.py", "batch", *words))
        outcome = run_batch(job, here.progress)
        accidents = here.judge(outcome, answered=outcome.summary is not None)
        assert outcome.summary is not None  # noqa: S101 - judged
        return Batch(outcome.summary, here.files(), accidents)


@verb
def explain(
    scenario: Asked = BASELINE,
    *,
    against: Asked | None = None,
    since: str | None = None,
    draws: int | None = None,
    **options: Unpack[Options],
) -> Explanation:
    """Share youth unemployment out among its causes, or with `since` its rise from that month on."""
    from experiments.explain.job import explain as share_out
    from experiments.explain.options import read_explain

    with desk(options) as here:
        first, other = here.scenario(scenario), None if against is None else here.scenario(against)
        job, _ = read_explain([first, *here.words(against=other, since=since, draws=draws)], {})
        check_environment()
        outcome = share_out(job, here.progress)
        accidents = here.judge(outcome, answered=outcome.attribution is not None)
        assert outcome.attribution is not None  # noqa: S101 - judged
        return Explanation(outcome.attribution, here.files(), accidents, interrupted=outcome.interrupted)


@verb
def sensitivity(
    scenario: Asked = BASELINE, *, paths: Sequence[str] = (), outcomes: Sequence[str] = (),
    effect_of: str | None = None, trajectories: int | None = None, most: int | None = None,
    samples: int | None = None, fitted: bool = False, discover: bool = False, threshold: float | None = None,
    **options: Unpack[Options],
) -> Sensitivity:  # fmt: skip
    """Say which uncertain parameters matter: those whose path matches one of `paths`, or all."""
    from experiments.sensitivity.job import run_sensitivity
    from experiments.sensitivity.options import read_sensitivity

    with desk(options) as here:
        first = here.scenario(scenario)
        own = {
            "parameters": [*paths], "outcome": [*outcomes], "effect_of": effect_of, "trajectories": trajectories,
            "most": most, "samples": samples, "fitted": fitted, "discover": discover, "threshold": threshold,
        }  # fmt: skip
        job, _ = read_sensitivity([first, *here.words(**own)], {})
        check_environment()
        outcome = run_sensitivity(job, here.progress)
        stopped = any(stage.interrupted for stage in outcome.stages.values())
        accidents = here.told(outcome.accidents(shown), answered=outcome.answered, stopped=stopped)
        return Sensitivity(outcome, here.files(), accidents)


@verb
def search(policy: PathLike | Mapping[str, Any], *, trials: int | None = None, **options: Unpack[Options]) -> Search:
    """Search for policies that nothing beats: a policy file, its shipped name, or what it says as a mapping."""
    from experiments.search.job import run_search
    from experiments.search.options import read_search

    with desk(options) as here:
        job, _ = read_search([_policy(policy, here), *here.words(trials=trials)])
        check_environment()
        outcome = run_search(job, here.progress)
        accidents = here.judge(outcome, answered=outcome.results is not None)
        assert outcome.results is not None  # noqa: S101 - judged
        return Search(outcome.results, here.files(), accidents)


def _policy(policy: PathLike | Mapping[str, Any], here: Desk) -> str:
    if not isinstance(policy, Mapping):
        return str(shipped_or_typed(policy, EXPERIMENTS))
    return here.file("policy.yaml", {**policy, "scenario": here.scenario(policy.get("scenario", BASELINE))})


@verb
def forecast(
    scenario: Asked | None = None, *, horizon: int | None = None, origin: str | None = None,
    official: PathLike | None = None, realised: bool = False, evaluate: bool = False,
    recorded: bool = False, first: str | None = None, last: str | None = None, **options: Unpack[Options],
) -> Forecast:  # fmt: skip
    """Say what the official rates will be in the months after `origin`, or with `evaluate` how forecasts have fared.

    `official` is a file of further official months; `first` and `last` are the origins that are evaluated; `recorded`
    scores what is on record too.
    """
    from experiments.forecast.job import run_forecast
    from experiments.forecast.options import read_forecast

    with desk(options) as here:
        named = [] if scenario is None else [here.scenario(scenario)]
        own = {
            "horizon": horizon, "origin": origin, "official": None if official is None else os.fspath(official),
            "realised": realised, "evaluate": evaluate, "recorded": recorded, "from": first, "to": last,
        }  # fmt: skip
        order = read_forecast([*named, *here.words(**own)], {})
        check_environment()
        outcome = run_forecast(order, here.progress)
        accidents = here.judge(outcome, answered=outcome.table is not None and outcome.history is not None)
        return Forecast(outcome, here.files(), accidents)


def load(folder: PathLike, *, mechanisms: Sequence[PathLike] | PathLike = ()) -> Run | Compared:
    """The result of a run or a comparison that `save`, or the command line, has left in a folder.

    Tables are read when they are asked for. The other verbs read their folder when it is given as `out=` again.
    """
    from experiments.compare.job import MainJob

    path = typed_path(os.fspath(folder))
    with desk({"mechanisms": mechanisms}) as here:
        main_parser("", {}).read(here.words())
        files = files_of(path)
        if MONTHLY not in files:
            raise BadRequest(
                f"{shown(path)} holds no run and no comparison; a batch, an explanation and the like are read by the "
                "same call with out= and this folder"
            )
        several = sorted((name for name in files if name.startswith("scenario_") and name.endswith(".yaml")),
                         key=lambda name: int(name.removeprefix("scenario_").removesuffix(".yaml")))  # fmt: skip
        first, *others = (load_scenario(path / name) for name in ("scenario.yaml", *several))
        against = load_scenario(path / "against.yaml") if "against.yaml" in files else None
        lived = json.loads(files["manifest.json"].read_bytes()).get("draws", {}) if "manifest.json" in files else {}
        job = MainJob(first, against, others=tuple(others), draws=len({str(draw) for draw in lived.values()}))
        return Compared(job, files) if "policy_table.csv" in files else Run(job, files)
