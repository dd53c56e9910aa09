"""How much wider the intervals of the worked answers become by what is not known of the fitted parameters.

    python -m views.docs.worked.wider                    # some minutes on two idle cores
    python -m views.docs.worked.wider --draws 4 --population 10000   # a quick look

The headline points of the worked experiments live beside what they are held against, twice: at the best values of the
parameters, and at draws of the fit, two replications at each, as many in all. Runs lie under runs/worked; interrupted,
the same command goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agents.places import runs_folder
from experiments.engine.errors import BadRequest
from experiments.engine.manifest import code_version, project_version
from model.results import SEEDS_OF_A_DRAW, write_whole, yearly_means
from model.schedule import month_index
from views.docs.marked_page import between_marks, status_of
from views.docs.worked.__main__ import EXPERIMENTS
from views.docs.worked.findings import change_and_interval
from views.docs.worked.page import DOCS
from views.docs.worked.questions import CLASSES, QUESTIONS, QUOTA
from views.docs.worked.results import Point, Points
from views.words.difference_wording import YOUTH

if TYPE_CHECKING:
    import pandas as pd

    from experiments.engine.ensemble import Simulate
    from experiments.engine.progress import Progress
    from model.scenario.scenario import Scenario

COMMAND = "views.docs.worked.wider"
#: The point of each question that is its headline.
HEADLINES: dict[str, Point] = {
    "visa_quota": {QUOTA: 500_000},
    "end_of_35_line": {"hiring.over_35_cap_share": 0},
    "protected_jobs": {"layoffs.protection": 0.5},
    "credit_limit": {"property.credit_limit": 1},
    "graduates_the_market_takes": {CLASSES: 1.2},
    "ai_or_visa": 4,
    "programme_of_july_2025": 2,
    "graduate_subsidy": {"hiring.graduate_subsidy": 0.3},
}
POPULATION, DRAWS, YEAR = 60_000, 16, 2027
FRAME = {"start": "2024-01", "end": f"{YEAR}-12", "seed": 1}


@dataclass(frozen=True)
class Headline:
    """A point of a worked experiment, what it is held against, and the scenario that both vary."""

    words: str
    reform: Scenario
    against: Scenario
    base: Scenario


def headlines(population: int, draws: int) -> Iterator[Headline]:
    """The headlines at a size, all over the same months and seeds."""
    from experiments.batch.experiment_file import read_experiment

    frame = {**FRAME, "population": population, "replications": draws * SEEDS_OF_A_DRAW}
    for question in QUESTIONS:
        if question.name in HEADLINES:
            points = Points(read_experiment(EXPERIMENTS / f"{question.name}.yaml", frame))
            base, design = points.experiment.scenario, points.experiment.design
            pair = question.pair(points, HEADLINES[question.name])
            sides = [base.with_values(design.overrides(number)) for number in pair]
            same = [base if side.first_difference(base) > month_index(base.end) else side for side in sides]
            yield Headline(", against ".join(question.words(points, number) for number in pair), same[0], same[1], base)


def differences(
    asked: Sequence[Headline], draws: int, workers: int | None, progress: Progress, simulate: Simulate | None = None
) -> list[pd.Series]:
    """What each headline does to youth unemployment, at `draws` of the fit (0: at its best values)."""
    from experiments.compare.comparison import paired
    from experiments.compare.job import MainJob, run_main_job
    from experiments.engine.draws import draws_for

    found: dict[str, pd.Series] = {}
    for base in {each.base.digest: each.base for each in asked}.values():
        own = [each for each in asked if each.base.digest == base.digest]
        worlds = {side.digest: side for each in own for side in (each.reform, each.against)}
        worlds.pop(base.digest, None)
        first, *others = worlds.values()
        lived = draws_for(base, base.replications, draws).told(base.replications)
        facts = [*worlds, base.digest, lived, code_version()]
        out = (
            runs_folder()
            / "worked"
            / f"wider-{hashlib.sha256(json.dumps(facts, default=dict).encode()).hexdigest()[:8]}"
        )
        out.parent.mkdir(parents=True, exist_ok=True)
        job = MainJob(first, base, workers, out, (), (COMMAND,), tuple(others), draws, by_group=False)
        if draws and not job.spread:
            raise BadRequest("no fit with draws is adopted, so that nothing is known of how far parameters spread")
        outcome = run_main_job(job, progress, simulate)
        if outcome.interrupted:
            raise KeyboardInterrupt
        if outcome.status or len(outcome.comparisons) < len(worlds):
            raise BadRequest("\n".join(outcome.accidents(out.name)) or "no run was finished")
        tables = [each.reform_table for each in outcome.comparisons] + [outcome.comparisons[0].baseline_table]
        means = dict(zip([*worlds, base.digest], (yearly_means(table, [YOUTH]) for table in tables), strict=True))
        for each in own:
            rows = paired(means[each.reform.digest], means[each.against.digest], "year", len(job.spread))
            found[each.words] = rows[rows["year"] == YEAR].iloc[0]
    return [found[each.words] for each in asked]


def table(asked: Sequence[Headline], luck: Sequence[pd.Series], both: Sequence[pd.Series]) -> str:
    """A row for each headline: the effect and both intervals, and how many times as wide the second is."""
    lines = [
        f"| youth unemployment in {YEAR} | by luck alone | by luck and parameters | times as wide |",
        "|---|---|---|---|",
    ]
    for each, *rows in zip(asked, luck, both, strict=True):
        cells = ["{} ({})".format(*change_and_interval(YOUTH, row)) for row in rows]
        one, other = (float(row["high"] - row["low"]) for row in rows)
        lines.append(f"| {each.words} | {' | '.join(cells)} | {other / one:.1f} |")
    return "\n".join(lines)


def refresh(options: argparse.Namespace, progress: Progress, simulate: Simulate | None = None) -> None:
    """Run what is missing, and write the table into the page."""
    asked = list(headlines(options.population, options.draws))
    luck, both = (differences(asked, draws, options.workers, progress, simulate) for draws in (0, options.draws))
    told = (
        f"`python -m {COMMAND}`: 95 % intervals of the mean over {asked[0].base.replications} pairs of runs of "
        f"{options.population:,} persons, at the best values and at {options.draws} draws of the fit; version "
        f"{project_version()}, sources {code_version()['sources'][:8]}."
    )
    text = between_marks(options.page.read_text("utf-8"), "wider", f"{table(asked, luck, both)}\n\n{told}", COMMAND)
    write_whole(options.page, text.encode())


def read_words(words: Sequence[str]) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(
        prog=f"python -m {COMMAND}", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--population", type=int, default=POPULATION, metavar="N", help="simulated persons")
    parser.add_argument("--draws", type=int, default=DRAWS, metavar="N", help="draws of the fit, two runs at each")
    parser.add_argument("--workers", type=int, metavar="N", help="processes; default: all cores")
    parser.add_argument("--page", type=Path, default=DOCS, help="the page to write; default: docs/experiments.md")
    return parser.parse_args(words)


def main(words: Sequence[str]) -> int:
    """Refresh the table of the page."""
    from experiments.engine.progress import Progress

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    options = read_words(words)
    return status_of(lambda: refresh(options, Progress(sys.stderr)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
