"""What may be typed after `run.py compare`; light to import."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from experiments.engine.errors import BadRequest
from experiments.engine.options import (
    BASELINE,
    COMMON,
    FRAME,
    OF_A_SCENARIO,
    Parser,
    as_typed,
    changes_of,
    existing_indicator,
    existing_scenario,
    path_argument,
    tell_notes,
    told_as_typed,
)
from model.paths import shown

if TYPE_CHECKING:
    from experiments.compare.job import MainJob
    from model.scenario.scenario import Scenario

#: More scenarios than this are a design: a batch.
MOST_SCENARIOS = 24


@dataclass(frozen=True)
class CompareOrder:
    """What the user asked for: the job, and what its table shows (nothing named: what is usual)."""

    job: MainJob
    indicators: tuple[str, ...]
    year: int | None
    quiet: bool
    language: Literal["en", "zh"]


def compare_parser() -> Parser:
    """The options of `run.py compare`."""
    parser = Parser(
        "compare",
        "Run any number of scenarios beside one baseline, with common random numbers: paired differences "
        "with 95 % intervals and the chance that the sign is right, per year and at the peak; see docs/compare.md.",
    )
    parser.add_argument("scenarios", nargs="+", type=path_argument, metavar="SCENARIO.yaml", help="what is compared")
    parser.add_argument(
        "--against", type=path_argument, metavar="BASE.yaml", default=BASELINE,
        help="what they are compared with (default: the baseline); its size, months and seed hold for all",
    )  # fmt: skip
    parser.add_argument(
        "--indicator", action="append", default=[], metavar="NAME", dest="indicators",
        help="a row of the table (repeatable; default: the usual ones)",
    )  # fmt: skip
    parser.add_argument("--year", type=int, metavar="YYYY", help="year of the table (default: the last full one)")
    return parser.take("--language", "--draws", *OF_A_SCENARIO, *COMMON)


def read_compare(words: Sequence[str], verbs: Mapping[str, str]) -> CompareOrder:
    """The job asked for; raises BadRequest with everything that is wrong, and nothing run."""
    options = compare_parser().read(words)
    indicators = tuple(existing_indicator("--indicator", name).name for name in dict.fromkeys(options.indicators))
    if len(options.scenarios) > MOST_SCENARIOS:
        raise BadRequest(
            f"{len(options.scenarios)} scenarios are named, at most {MOST_SCENARIOS} fit into a table; "
            "a batch runs as many as you like (docs/batch.md)"
        )
    paths = [existing_scenario(path, verbs) for path in (*options.scenarios, options.against)]
    reforms, against = _loaded(paths, options)
    _refuse_twice(paths, [*reforms, against])
    _check_year(options.year, against)
    tell_notes(*reforms, against)
    files = dict.fromkeys(file for each in (*reforms, against) for file in each.files)
    from experiments.compare.job import MainJob

    command = ("run.py", "compare", *words)
    job = MainJob(
        reforms[0], against, options.workers, options.out, tuple(files), command, tuple(reforms[1:]), options.draws
    )
    return CompareOrder(job, indicators, options.year, options.quiet, options.language)


def _loaded(paths: Sequence[Path], options: argparse.Namespace) -> tuple[list[Scenario], Scenario]:
    """Every scenario with the options applied, and the baseline; what is wrong with any of them is told at once."""
    from model.scenario.scenario import ScenarioError, load_scenario

    problems = []
    changes = changes_of(options)
    loaded = []
    for path in paths:
        try:
            loaded.append(load_scenario(path, overrides=changes, settings=options.assignments))
        except ScenarioError as error:
            problems += [problem for problem in error.problems if problem not in problems]
    if problems:
        raise BadRequest(as_typed(ScenarioError(problems)))
    *reforms, against = loaded
    frame = {name: getattr(against, name) for name in FRAME}
    with told_as_typed():
        return [reform.with_values(frame) for reform in reforms], against


def _refuse_twice(paths: Sequence[Path], scenarios: Sequence[Scenario]) -> None:
    """The same world twice would be run for nothing."""
    first: dict[str, Path] = {}
    *reforms, base = zip(paths, scenarios, strict=True)
    for path, scenario in (base, *reforms):
        other = first.setdefault(scenario.digest, path)
        if other is not path:
            same = (
                "is given twice" if other == path and other is not base[0] else f"asks for the same as {shown(other)}"
            )
            raise BadRequest(f"{shown(path)} {same}; nothing was run")


def _check_year(year: int | None, scenario: Scenario) -> None:
    first, last = int(scenario.start[:4]), int(scenario.end[:4])
    if year is not None and not first <= year <= last:
        raise BadRequest(f"--year {year}: only {first} to {last} are recorded; nothing was run")
