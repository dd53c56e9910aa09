"""What `run.py check` judges: everything that the run itself would refuse, with the same words; light to import."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from experiments.engine.errors import BadRequest
from experiments.engine.folder_claim import refuse_other, refuse_unusable
from experiments.engine.options import check_environment, main_parser, read_batch, read_scenarios, try_mechanisms
from experiments.search.options import read_policy_search
from model.paths import shown

if TYPE_CHECKING:
    from pathlib import Path

#: Options that only a scenario has.
_OF_A_SCENARIO = ("against", "json")


def read_check(words: Sequence[str]) -> list[str]:
    """What is good about a scenario, an experiment or a policy file with its options, a line each.

    Raises BadRequest as the verb that runs the file would. Nothing is run, and nothing is written.
    """
    options = main_parser("check", {}).read(words)
    try_mechanisms()
    kind = "scenario"
    if options.scenario is not None:
        from experiments.engine.experiment_reader import kind_of_file

        kind = kind_of_file(options.scenario)
    lines = {"scenario": _scenario, "batch": _batch, "search": _search}[kind](options)
    check_environment()
    return lines


def _scenario(options: argparse.Namespace) -> list[str]:
    scenario, against, files = read_scenarios(options, {})
    if _judged_by_what_it_holds(options.out, "run"):
        from experiments.compare.job import MainJob
        from experiments.engine.manifest import describe_run

        job = MainJob(scenario, against)
        refuse_other(options.out, "run", describe_run(job.named, files, ()))
    return [
        f"{each.name}: good; {each.start} to {each.end}, {each.population:,} simulated people, "
        f"replications: {each.replications}"
        for each in (scenario, against)
        if each is not None
    ]


def _batch(options: argparse.Namespace) -> list[str]:
    _refuse_options_of_a_scenario(options, "batch")
    experiment = read_batch(options.scenario, options)
    if _judged_by_what_it_holds(options.out, "batch"):
        from experiments.batch.job import BatchJob, manifest_of

        refuse_other(options.out, "batch", manifest_of(BatchJob(experiment)))
    return [
        (
            f"{experiment.name}: good; an experiment with {experiment.scenario.name}, {experiment.runs:,} runs "
            f"({len(experiment.design):,} points x {experiment.scenario.replications:,} replications)"
        )
    ]


def _search(options: argparse.Namespace) -> list[str]:
    _refuse_options_of_a_scenario(options, "search")
    search = read_policy_search(options.scenario, options)
    from experiments.search.proposals import optuna_or_explain

    optuna_or_explain()
    if _judged_by_what_it_holds(options.out, "batch"):
        from experiments.search.job import manifest_of
        from experiments.search.order import SearchJob

        refuse_other(options.out, "batch", manifest_of(SearchJob(search)))
    return [
        (
            f"{search.name}: good; a policy search with {search.scenario.name}, {len(search.levers)} levers, "
            f"{len(search.targets)} targets, {search.trials:,} trials"
        )
    ]


def _judged_by_what_it_holds(out: Path | None, what: str) -> bool:
    """Whether the folder named holds something, so that this decides; raises BadRequest for an unusable one."""
    if out is None:
        return False
    refuse_unusable(out, what)
    return out.is_dir() and any(out.iterdir())


def _refuse_options_of_a_scenario(options: argparse.Namespace, verb: str) -> None:
    for name in _OF_A_SCENARIO:
        if getattr(options, name):
            raise BadRequest(
                f"--{name} goes with a scenario; {shown(options.scenario)} is read by 'run.py {verb}'; nothing was run"
            )
