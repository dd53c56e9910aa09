"""What may be typed after `run.py explain`; light to import."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from experiments.engine.options import COMMON, OF_A_SCENARIO, Parser, path_argument, read_scenarios

if TYPE_CHECKING:
    from experiments.explain.job import ExplainJob

#: Some five minutes on two cores in the baseline, where half of the combinations coincide.
POPULATION, REPLICATIONS = 50_000, 12


def read_explain(words: Sequence[str], verbs: Mapping[str, str]) -> tuple[ExplainJob, argparse.Namespace]:
    """Read the command line of `run.py explain`; raises BadRequest."""
    parser = Parser(
        "explain",
        "How much of youth unemployment each cause brings: Shapley values over every combination of "
        "causes; see docs/explain.md.",
    ).take("scenario")
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
    options = parser.take("--draws", *OF_A_SCENARIO, *COMMON).read(words)
    # The scenario's own size times the combinations would take hours.
    options.population = POPULATION if options.population is None else options.population
    options.replications = REPLICATIONS if options.replications is None else options.replications
    scenario, against, files = read_scenarios(options, verbs)
    from experiments.engine.draws import draws_for
    from experiments.explain.job import ExplainJob, Question

    command = ("run.py", "explain", *words)
    draws = draws_for(scenario, scenario.replications, options.draws)
    question = Question(scenario, against, options.since, draws)
    return ExplainJob(question, options.workers, options.out, command, tuple(files)), options


def month(text: str) -> str:
    """A month as scenarios write it."""
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a month such as 2019-12")
    return text
