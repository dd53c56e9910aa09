"""The command line of the laboratory: reads what was typed, calls one function per verb, imports the rest late."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

if sys.flags.safe_path:  # asked for with -P, -I or PYTHONSAFEPATH: Python has left out the program's own folder
    sys.path.insert(0, str(Path(__file__).resolve().parent))

from experiments.engine.errors import BadRequest
from experiments.engine.interrupts import endings_interrupt
from experiments.engine.options import (
    Parser,
    batch_parser,
    check_environment,
    leave_cluster,
    main_parser,
    read_batch,
    read_scenarios,
)  # fmt: skip
from experiments.engine.streams import complain, open_streams
from model.paths import shown
from model.scenario.fitted import FittedFileError
from model.scenario.problems import ScenarioError
from views.terminal.console import (
    BAD_INPUT,
    DONE,
    INCOMPLETE,
    INTERNAL_ERROR,
    INTERRUPTED,
    drawn,
    ignore_missing_glyphs,
    printed,
    screen,
    tell,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from experiments.compare.job import Outcome
    from model.scenario.scenario import Scenario

OLDEST_PYTHON = (3, 11)
#: Matplotlib's configuration: nothing but its defaults.
FIGURES_CONFIGURED = Path(__file__).resolve().parent / "views" / "figures" / "matplotlibrc"
#: Set to anything, this shows the traceback of an internal error instead of writing it to a file.
SHOW_TRACEBACK = "RUN_TRACEBACK"


# --- the main job ---------------------------------------------------------------------------------


def run_scenario(words: Sequence[str]) -> int:
    """Run a scenario, perhaps against another; print the table, write the run folder."""
    options = main_parser("", summaries()).read(words)
    scenario, against, files = read_scenarios(options, summaries())
    check_environment()
    from experiments.compare.job import MainJob, run_main_job
    from experiments.engine.progress import Progress

    progress = Progress(sys.stderr, quiet=options.quiet)
    job = MainJob(scenario, against, options.workers, options.out, tuple(files), ("run.py", *words), (), options.draws,
                  shown_by="views.report.presentation")  # fmt: skip
    outcome = run_main_job(job, progress)
    for line in outcome.accidents(shown(outcome.folder)):
        complain(line)
    print_outcome(options, scenario, outcome)
    if outcome.interrupted or outcome.disk_full or outcome.table is None or outcome.summary is None:
        return outcome.status
    from views.report.presentation import present

    progress.say("drawing figures and report")
    told = (outcome.folder, outcome.table, outcome.summary, scenario, outcome.manifest, outcome.comparison)
    lost = drawn(lambda: present(*told, options.language, options.workers), outcome.folder, "figures and report")
    if not (lost or options.json or options.quiet):
        tell(f"report  {shown(outcome.folder / 'report.html')}")
    return lost or outcome.status


def print_outcome(options: argparse.Namespace, scenario: Scenario, outcome: Outcome) -> None:
    """The table of the run, for a person or (--json) for a program."""
    if options.json:
        from views.terminal.json_summary import json_summary

        tell(json_summary(scenario.name, outcome, shown(outcome.folder)))
        return
    if outcome.summary is None:
        return
    from views.terminal.tables import render_comparison, render_summary

    width, colour = screen()
    if outcome.comparison is None:
        tell(render_summary(outcome.summary, scenario, width, colour=colour))
    else:
        tell(render_comparison(outcome.comparison, width, colour=colour))
    if not options.quiet:
        tell(f"folder  {shown(outcome.folder)}")


def check(words: Sequence[str]) -> int:
    """Judge what a verb would be given, and run nothing: what is called good here starts."""
    from experiments.checking import read_check

    for line in read_check(words):
        tell(line)
    return DONE


def schema(words: Sequence[str]) -> int:
    """Print the JSON Schema of a scenario, which editors use to complete and check it."""
    Parser("schema", str(schema.__doc__), "", runs_worlds=False).read(words)
    from model.scenario.schema import json_schema

    tell(json.dumps(json_schema(), indent=2, ensure_ascii=False))
    return DONE


def calibrate(words: Sequence[str]) -> int:
    """Fit the free parameters to the official months up to 2026-02."""
    from experiments.calibration.options import read_calibration

    order = read_calibration(words)
    check_environment()
    from experiments.calibration.job import run_calibration
    from experiments.engine.progress import Progress
    from views.calibration.answer import render_calibration

    progress = Progress(sys.stderr, quiet=order.quiet)
    if order.bands is not None:
        from views.calibration.answer import answer_with_bands

        tell(answer_with_bands(order, progress))
        return DONE
    outcome = run_calibration(order, progress)
    for line in outcome.accidents(shown(outcome.folder)):
        complain(line)
    if outcome.found is None:
        return outcome.status
    tell(render_calibration(outcome.found))
    from views.calibration.figures import draw_calibration

    found = outcome.found
    return drawn(lambda: draw_calibration(found), outcome.folder) or outcome.status


def batch(words: Sequence[str]) -> int:
    """Run every variation of a scenario that an experiment file asks for."""
    options = batch_parser().read(words)
    experiment = read_batch(options.experiment, options)
    check_environment()
    from experiments.batch.job import BatchJob, announce, run_batch
    from experiments.engine.progress import Progress

    job = BatchJob(experiment, options.workers, options.out, ("run.py", "batch", *words))
    if options.dry_run:
        tell(announce(job))
        return DONE
    outcome = run_batch(job, Progress(sys.stderr, quiet=options.quiet))
    for line in outcome.accidents(shown(outcome.folder)):
        complain(line)
    if outcome.summary is None:
        return outcome.status
    from views.batch.answer import draw_batch, render_batch

    tell(render_batch(outcome.summary, screen()[0]))
    summary = outcome.summary
    lost = drawn(lambda: draw_batch(summary, outcome.folder), outcome.folder)
    if not (lost or options.quiet):
        tell(f"folder  {shown(outcome.folder)}")
    return lost or outcome.status


def compare(words: Sequence[str]) -> int:
    """Run several scenarios beside one baseline; print the table of paired differences, write it in every form."""
    from experiments.compare.options import read_compare

    order = read_compare(words, summaries())
    check_environment()
    from experiments.compare.job import run_main_job
    from experiments.engine.progress import Progress

    progress = Progress(sys.stderr, quiet=order.quiet)
    outcome = run_main_job(order.job, progress)
    for line in outcome.accidents(shown(outcome.folder)):
        complain(line)
    if not outcome.comparisons:
        return outcome.status
    from views.compare.formats import as_text
    from views.compare.page import PAGE, present_comparisons
    from views.compare.table import policy_table

    table = policy_table(outcome.comparisons, order.indicators, order.year)
    width, colour = screen()
    tell(as_text(table, width, colour))
    if outcome.interrupted or outcome.disk_full:
        return outcome.status
    progress.say("drawing figures and report")
    told = (outcome.folder, outcome.comparisons, table, order.job.named, outcome.manifest, order.indicators)
    lost = drawn(lambda: present_comparisons(*told, order.language), outcome.folder, "figures and report")
    if not (lost or order.quiet):
        tell(f"\nfolder  {shown(outcome.folder)}\nreport  {shown(outcome.folder / PAGE)}")
    return lost or outcome.status


def validate(words: Sequence[str]) -> int:
    """Score the model against official months, stylised facts and a published model."""
    from experiments.validation.options import read_validation

    job, options = read_validation(words, summaries())
    from experiments.engine.progress import Progress
    from experiments.validation.job import run_validation
    from views.validation.table import render_validation

    progress = Progress(sys.stderr, quiet=options.quiet)
    outcome = run_validation(job, progress)
    for line in outcome.accidents(shown(outcome.folder)):
        complain(line)
    if not outcome.verdicts:
        complain("no check could be judged")
        return outcome.status or INCOMPLETE
    tell(render_validation(outcome, *screen()))
    from views.validation.page import PAGE, present_validation

    progress.say("drawing figures and page")
    lost = drawn(lambda: present_validation(outcome), outcome.folder, "figures and page")
    if not (lost or options.quiet):
        tell(f"\nfolder  {shown(outcome.folder)}\npage    {shown(outcome.folder / PAGE)}")
    return lost or outcome.status or (1 if options.strict and not outcome.all_passed else DONE)


def explain(words: Sequence[str]) -> int:
    """Share youth unemployment out among its causes; print the table, draw the waterfall."""
    from experiments.explain.options import read_explain

    job, options = read_explain(words, summaries())
    check_environment()
    from experiments.engine.progress import Progress
    from experiments.explain.job import explain as share_out
    from views.explain.answer import FIGURE, draw_attribution, render

    outcome = share_out(job, Progress(sys.stderr, quiet=options.quiet))
    for line in outcome.accidents(shown(outcome.folder)):
        complain(line)
    if outcome.attribution is None:
        return outcome.status
    tell(render(outcome.attribution))
    attribution = outcome.attribution
    lost = drawn(lambda: draw_attribution(attribution, outcome.folder), outcome.folder, "the figure")
    if not (lost or options.quiet):
        tell(f"\nfolder  {shown(outcome.folder)}\nfigure  {shown(outcome.folder / FIGURE)}")
    return lost or outcome.status


def forecast(words: Sequence[str]) -> int:
    """Say what the official rates will be, or how earlier forecasts have fared."""
    from views.forecast.command import answer_forecast

    return answer_forecast(words, summaries())


def search(words: Sequence[str]) -> int:
    """Search for policies that nothing beats; print the frontier, each point confirmed with fresh seeds."""
    from experiments.search.options import read_search

    job, options = read_search(words)
    check_environment()
    from experiments.engine.progress import Progress
    from experiments.search.job import run_search

    outcome = run_search(job, Progress(sys.stderr, quiet=options.quiet))
    for line in outcome.accidents(shown(outcome.folder)):
        complain(line)
    if (results := outcome.results) is None:
        return outcome.status
    from views.search.answer import draw_search, render_search

    tell(render_search(results, screen()[0]))
    lost = drawn(lambda: draw_search(results, outcome.folder), outcome.folder)
    if not (lost or options.quiet):
        tell(f"\nfolder  {shown(outcome.folder)}")
    return lost or outcome.status


def view(words: Sequence[str]) -> int:
    """Serve the browser page on this machine."""
    from views.page.command import read_view, serve

    options = read_view(words)
    check_environment()
    return serve(options, summaries())


def sensitivity(words: Sequence[str]) -> int:
    """Say which uncertain parameters matter, or under which assumptions an effect is large."""
    from experiments.sensitivity.options import read_sensitivity

    job, options = read_sensitivity(words, summaries())
    check_environment()
    from experiments.engine.progress import Progress
    from experiments.sensitivity.job import run_sensitivity, said_beforehand
    from views.sensitivity.answer import draw_sensitivity, render

    if options.dry_run:
        tell(said_beforehand(job))
        return DONE
    outcome = run_sensitivity(job, Progress(sys.stderr, quiet=options.quiet))
    for line in outcome.accidents(shown):
        complain(line)
    if outcome.answered:
        tell(render(outcome))
        return drawn(lambda: draw_sensitivity(outcome), outcome.folder) or outcome.status
    return outcome.status


#: The verbs: what each calls, and what it does in a few words.
VERBS: dict[str, tuple[Callable[[Sequence[str]], int], str]] = {
    "batch": (batch, "run many variations of a scenario: a grid, a list, a sample"),
    "calibrate": (calibrate, "fit the free parameters to the official months, print the fit"),
    "check": (check, "validate a scenario, an experiment or a policy file and its options, run nothing"),
    "compare": (compare, "run any number of scenarios against one baseline, print paired differences"),
    "explain": (explain, "share youth unemployment out among its causes, with intervals"),
    "forecast": (forecast, "say what the official unemployment rates will be, with bands that hold"),
    "schema": (schema, "print the JSON Schema of a scenario"),
    "search": (search, "search for policies nothing beats: levers with costs, several targets"),
    "sensitivity": (sensitivity, "say which uncertain parameters matter, and under which assumptions"),
    "validate": (validate, "score the model against official data and stylised facts, print pass or fail"),
    "view": (view, "serve the browser page on this machine: move a lever, see the future"),
}


def summaries() -> dict[str, str]:
    """What each verb does, for --help."""
    return {verb: summary for verb, (_, summary) in VERBS.items()}


def main(words: Sequence[str] | None = None) -> int:
    """Do what the command line says, or `words` in its place; returns the exit status."""
    # Before NumPy is loaded: matrices are small here, and several threads would only spin beside one that works.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Figures are drawn as without a configuration or screen of the user's, here and in every process started here.
    os.environ |= {"MATPLOTLIBRC": str(FIGURES_CONFIGURED), "MPLBACKEND": "agg"}
    ignore_missing_glyphs()
    open_streams()
    return printed(attempt(sys.argv[1:] if words is None else words))


def attempt(words: Sequence[str]) -> int:
    """Do what the command line says, whatever happens; returns the exit status."""
    try:
        with endings_interrupt():
            return dispatch(words)
    except (BadRequest, FittedFileError, ScenarioError) as error:
        complain(str(error))
        return BAD_INPUT
    except SystemExit:  # argparse has printed its help
        return DONE
    except KeyboardInterrupt as error:
        complain(f"{str(error) or 'interrupted'}; nothing had been finished")
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last resort, so that nobody is shown a traceback unasked
        return internal_error(error)
    finally:
        leave_cluster()


def dispatch(words: Sequence[str]) -> int:
    """Call the verb, or the main job where there is none."""
    if sys.version_info < OLDEST_PYTHON:
        raise BadRequest("Python 3.11 or newer is needed; this is " + sys.version.split()[0])
    if words and words[0] in VERBS:
        return VERBS[words[0]][0](words[1:])
    return run_scenario(words)


def internal_error(error: Exception) -> int:
    """Own up to a mistake of the program, and keep the traceback for whoever mends it."""
    if os.environ.get(SHOW_TRACEBACK):
        traceback.print_exc()
        return INTERNAL_ERROR
    complain(f"a mistake in the program, not in what you typed: {type(error).__name__}: {error}")
    with contextlib.suppress(OSError):  # a full disk, perhaps
        import tempfile

        handle, name = tempfile.mkstemp(prefix="run-error-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(traceback.format_exc())
        complain(f"details: {name}")
    return INTERNAL_ERROR


if __name__ == "__main__":
    sys.exit(main())
