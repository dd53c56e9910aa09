"""The page of a forecast: the answer in words, the fan, every month, what the pool rests on; one file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.forecast.evaluation import REALISED
from model.results import write_whole
from views.forecast.answer import METHODS, WORDS, hindsight_words, month_rows, quoted_rows, sentence
from views.forecast.figure import draw_forecast
from views.report.page import command_of, described, without_long_lists
from views.templates import rendered

if TYPE_CHECKING:
    import pandas as pd

    from experiments.forecast.history import History
    from experiments.forecast.job import ForecastOutcome

PAGE = "forecast.html"


def present_forecast(outcome: ForecastOutcome, table: pd.DataFrame, history: History) -> Path:
    """Writes folder/figures/forecast.png and .svg and folder/forecast.html; returns the page."""
    drawn, rows = draw_forecast(table, history, outcome.folder), quoted_rows(table)
    sentences = [sentence(rows, history, group) for group in WORDS if (rows["group"] == group).any()]
    words = "; ".join(sentences)
    head, *months = month_rows(table)
    text = rendered(
        "forecast_page.html.j2",
        origin=str(rows["origin"].iloc[0]),
        sentences=sentences,
        hindsight=month_rows(table, REALISED)[1:],
        hindsight_words=hindsight_words(str(rows["origin"].iloc[0])),
        stale=not outcome.manifest["campaign_of_this_model"],
        wide=described(drawn.wide, words),
        narrow=described(drawn.narrow, words),
        head=head,
        months=months,
        weights=weight_rows(outcome.weights),
        methods=list(METHODS.values())[1:],
        command=command_of(outcome.manifest),
        version=outcome.manifest.get("project_version", "unknown"),
        manifest=json.dumps(without_long_lists(outcome.manifest), indent=1, ensure_ascii=False, default=str),
    )
    page = outcome.folder / PAGE
    write_whole(page, text.encode())
    return page


def weight_rows(weights: pd.DataFrame | None) -> list[list[str]]:
    """What each method weighs in the pool, in per cent."""
    if weights is None:
        return []
    methods = list(METHODS)[1:]
    return [
        [f"{WORDS[row['group']]}, {row['horizons']} months", *(f"{100 * row[name]:.0f} %" for name in methods)]
        for _, row in weights.iterrows()
    ]
