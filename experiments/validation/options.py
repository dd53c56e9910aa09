"""What may be typed after `run.py validate`; light to import."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from experiments.engine.errors import BadRequest
from experiments.engine.options import COMMON, STATUS, Parser, check_environment, path_argument, read_scenarios

if TYPE_CHECKING:
    from experiments.validation.job import ValidationJob


def validation_parser() -> Parser:
    """The options of `run.py validate`."""
    parser = Parser(
        "validate",
        "Score the model against official months up to 2026-02, stylised facts and a published model; "
        "print what passes and what fails, write tables, figures and a page.",
        STATUS.replace("0 done", "0 done, whatever passes (with --strict 1 when a check fails)"),
    ).take("scenario")
    parser.add_argument(
        "--only", action="append", default=[], metavar="CHECK",
        help="judge this check alone (repeatable); a name that is none lists them all",
    )  # fmt: skip
    parser.add_argument("--strict", action="store_true", help="exit status 1 when a check fails")
    parser.add_argument(
        "--published",
        type=path_argument,
        metavar="DIR",
        help="also reproduce the published model whose files lie in this folder",
    )
    parser.add_argument(
        "--later", type=path_argument, metavar="FILE.csv",
        help="also score months after 2026-02, which nothing was fitted to: date, group, rate_pct, as in "
        "data/nbs_unemployment_monthly.csv",
    )  # fmt: skip
    parser.take("--set", "--seed", *COMMON)
    parser.set_defaults(against=None, start=None, end=None)
    return parser


def read_validation(words: Sequence[str], verbs: Mapping[str, str]) -> tuple[ValidationJob, argparse.Namespace]:
    """The job asked for and the options as typed; raises BadRequest, with nothing run."""
    options = validation_parser().read(words)
    scenario, _, files = read_scenarios(options, verbs)
    if options.published and not options.published.is_dir():
        raise BadRequest(f"--published {options.published}: there is no such folder")
    check_environment()
    from experiments.official_months import read_later
    from experiments.validation.job import ValidationJob
    from experiments.validation.published import check_files

    if options.published:
        check_files(options.published)
        files += sorted(options.published.glob("*.csv"))
    later = read_later(options.later) if options.later else {}
    files += [options.later] if options.later else []
    job = ValidationJob(
        scenario,
        tuple(options.only),
        later,
        options.published,
        options.workers,
        options.out,
        tuple(files),
        ("run.py", "validate", *words),
    )
    return job, options
