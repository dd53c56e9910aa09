"""What may be typed after `run.py explain`; light to import."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from experiments.engine.options import Parser, add_common_options, add_scenario_options, path_argument, read_scenarios

if TYPE_CHECKING:
    from experiments.explain.job import ExplainJob

#: Some five minutes on two cores in the baseline, where half of the combinations coincide.
POPULATION, REPLICATIONS = 50_000, 12


def read_explain(words: Sequence[str], verbs: Mapping[str, str]) -> tuple[ExplainJob, argparse.Namespace]:
    """Read the command line of `run.py explain`; raises BadRequest."""
    parser = Parser(
        prog="run.py explain",
        description="How much of youth unemployment each cause brings: Shapley values over every combination of "
        "causes; see docs/explain.md.",
        epilog="exit status: 0 done, 2 bad input and nothing run, 4 some runs failed, 130 interrupted;\n"
        "the same command with --out and the same folder computes what is missing",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "scenario", nargs="?", type=path_argument, metavar="SCENARIO.yaml", help="default: the baseline"
    )
    parser.add_argument(
        "--against",
        type=path_argument,
        metavar="OTHER.yaml",
        help="off means as in this scenario, not the declared values",
    )
    parser.add_argument(
        "--since", type=month, metavar="YYYY-MM",
        help="explain the rise from the year up to this month to the last year, not the level of the last year",
    )  # fmt: skip
    add_scenario_options(parser)
    add_common_options(parser)
    options = parser.read(words)
    # The scenario's own size times the combinations would take hours.
    options.population = POPULATION if options.population is None else options.population
    options.replications = REPLICATIONS if options.replications is None else options.replications
    scenario, against, files = read_scenarios(options, verbs)
    from experiments.explain.job import ExplainJob, Question

    command = ("run.py", "explain", *words)
    return ExplainJob(
        Question(scenario, against, options.since), options.workers, options.out, command, tuple(files)
    ), options


def month(text: str) -> str:
    """A month as scenarios write it."""
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a month such as 2019-12")
    return text
