"""`run.py forecast`: reads what was typed, lets it be done, tells the answer."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from experiments.engine.options import check_environment
from experiments.engine.streams import complain
from experiments.forecast.options import read_forecast
from model.paths import shown
from views.terminal.console import drawn, tell


def answer_forecast(words: Sequence[str], verbs: Mapping[str, str]) -> int:
    """Forecast or evaluate; print the answer, draw it; returns the exit status."""
    order = read_forecast(words, verbs)
    check_environment()
    from experiments.engine.progress import Progress
    from experiments.forecast.job import run_forecast

    outcome = run_forecast(order, Progress(sys.stderr, quiet=order.quiet))
    for line in outcome.accidents(shown(outcome.folder)):
        complain(line)
    table, history = outcome.table, outcome.history
    if table is None or history is None:
        return outcome.status
    from views.forecast.answer import render_evaluation, render_forecast, render_recorded
    from views.forecast.page import PAGE, present_forecast

    lost = 0
    if outcome.quoted is not None:
        tell(render_evaluation(outcome.quoted, outcome.manifest["origins"], outcome.manifest["drivers"]))
    else:
        tell(render_forecast(table, history))
        lost = drawn(lambda: present_forecast(outcome, table, history), outcome.folder, "the page")
    if outcome.recorded is not None:
        tell(render_recorded(outcome.recorded))
    if not (lost or order.quiet):
        drawing = "" if order.evaluate else f"\nreport  {shown(outcome.folder / PAGE)}"
        tell(f"\nfolder  {shown(outcome.folder)}{drawing}")
    return lost or outcome.status
