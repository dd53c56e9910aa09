"""Answer the worked experiments and write docs/experiments.md and its figures.

    python -m views.docs.worked                     # a quarter of an hour on two cores
    python -m views.docs.worked --only visa_quota   # one experiment (repeatable)

What is missing is run under runs/worked as `python run.py batch` runs it; interrupted, the same command goes on.
A batch of another version of the program is never mixed in; its folder has another name.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from agents.places import ROOT
from experiments.engine.errors import BadRequest
from experiments.engine.manifest import code_version
from model.results import write_whole
from views.docs.marked_page import between_marks, status_of
from views.docs.worked.page import DOCS, FIGURES, keep_figure, section
from views.docs.worked.questions import QUESTIONS, Question
from views.docs.worked.results import Result

if TYPE_CHECKING:
    from experiments.batch.experiment_file import Experiment

COMMAND = "views.docs.worked"
EXPERIMENTS = ROOT / "scenarios" / "experiments"


def read_words(words: Sequence[str]) -> argparse.Namespace:
    """The options; which questions are asked among them."""
    parser = argparse.ArgumentParser(
        prog=f"python -m {COMMAND}", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [question.name for question in QUESTIONS]
    parser.add_argument("--only", action="append", choices=names, metavar="NAME", help=f"one of {', '.join(names)}")
    parser.add_argument("--population", type=int, metavar="N", help="simulated persons, for a quick look")
    parser.add_argument("--replications", type=int, metavar="N", help="replications, for a quick look")
    parser.add_argument("--workers", type=int, metavar="N", help="processes; default: all cores")
    parser.add_argument("--page", type=Path, default=DOCS, help="the page to write; default: docs/experiments.md")
    return parser.parse_args(words)


def answer(question: Question, options: argparse.Namespace) -> str:
    """Run what is missing of one experiment, keep its figure, and return its part of the page."""
    from experiments.batch.experiment_file import read_experiment
    from experiments.batch.job import BatchJob, run_batch
    from experiments.engine.progress import Progress
    from views.batch.answer import draw_batch

    sizes = {name: value for name in ("population", "replications") if (value := getattr(options, name)) is not None}
    experiment = read_experiment(EXPERIMENTS / f"{question.name}.yaml", sizes)
    folder = ROOT / "runs" / "worked" / f"{question.name}-{_identity(experiment)}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    outcome = run_batch(BatchJob(experiment, options.workers, folder, (COMMAND,)), Progress(sys.stderr))
    if outcome.summary is None or outcome.status:
        raise BadRequest("\n".join(outcome.accidents(folder.relative_to(ROOT).as_posix())) or "no run was finished")
    draw_batch(outcome.summary, folder)
    kept = options.page.parent / FIGURES.relative_to(DOCS.parent)
    keep_figure(folder / "figures" / f"{question.figure}.png", kept / f"{question.name}.png")
    typed = "".join(f" --{name} {value}" for name, value in sizes.items())
    return section(question, Result(experiment, outcome.summary, folder), typed)


def _identity(experiment: Experiment) -> str:
    """Eight letters that differ whenever design, scenario, replications or program do."""
    facts = [experiment.design.digest, experiment.scenario.digest, code_version()]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:8]


def main(words: Sequence[str]) -> int:
    """Answer the questions one by one; each is in the page as soon as it is answered."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    options = read_words(words)
    return status_of(lambda: refresh(options))


def refresh(options: argparse.Namespace) -> None:
    """Answer those that are asked for."""
    for question in QUESTIONS:
        if options.only and question.name not in options.only:
            continue
        print(question.name, file=sys.stderr, flush=True)
        written = answer(question, options)
        text = between_marks(options.page.read_text(encoding="utf-8"), question.name, written, COMMAND)
        write_whole(options.page, text.encode())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
