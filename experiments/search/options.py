"""What may be typed after `run.py search`; light to import."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from experiments.engine.options import (
    COMMON,
    MOST_DRAWS,
    OF_A_SCENARIO,
    Parser,
    changes_of,
    existing_experiment,
    path_argument,
    tell_notes,
    told_as_typed,
)

if TYPE_CHECKING:
    from pathlib import Path

    from experiments.search.order import SearchJob
    from experiments.search.policy_file import PolicySearch


def search_parser() -> Parser:
    """The options of `run.py search`."""
    parser = Parser(
        "search",
        "Search for policies that nothing beats: levers with bounds and costs, several targets, each point "
        "of the frontier run again with fresh seeds; see docs/policy-search.md.",
    )
    parser.add_argument("policy", type=path_argument, metavar="POLICY.yaml", help="a scenario, levers and targets")
    parser.add_argument("--trials", type=trials, metavar="N", help="how many candidates are tried")
    return parser.take("--draws", *OF_A_SCENARIO, *COMMON)


def trials(text: str) -> int:
    """A number of candidates that makes sense."""
    from experiments.search.policy_file import TRIALS

    number = int(text) if text.isdecimal() else 0
    if not TRIALS.low <= number <= TRIALS.high:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of trials from {TRIALS.low:g} to {TRIALS.high:,g}")
    return number


def read_search(words: Sequence[str]) -> tuple[SearchJob, argparse.Namespace]:
    """The search asked for, options applied; raises BadRequest with everything that is wrong, and nothing run."""
    options = search_parser().read(words)
    search = read_policy_search(options.policy, options)
    from experiments.engine.draws import FEWEST, draws_for
    from experiments.search.order import SearchJob
    from model.results import SEEDS_OF_A_DRAW

    if options.trials is not None:
        search = replace(search, trials=options.trials)
    if options.draws is not None or search.confirm >= FEWEST:
        # So many whatever `confirm` is: a larger one adds fresh seeds, and those there are stay what they were.
        search = replace(search, draws=draws_for(search.scenario, SEEDS_OF_A_DRAW * MOST_DRAWS, options.draws))
    return SearchJob(search, options.workers, options.out, ("run.py", "search", *words)), options


def read_policy_search(policy: Path, options: argparse.Namespace) -> PolicySearch:
    """What a policy file asks for, with the options that change values; raises BadRequest."""
    path = existing_experiment(policy, "policy")
    from experiments.search.policy_file import read_policy

    with told_as_typed():
        search = read_policy(path, changes_of(options), options.assignments)
    tell_notes(search.scenario)
    return search
