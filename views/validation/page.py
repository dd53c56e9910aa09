"""The page of a validation: what passes, what fails, and the figures behind it, in one file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from model.results import write_whole
from views.report.page import command_of, described, without_long_lists
from views.templates import rendered
from views.validation.figures import draw_validation
from views.validation.table import FAILED, PASSED, amount

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from experiments.validation.job import ValidationOutcome

PAGE = "validation.html"
#: What a reader should know of the two kinds of checks.
KINDS = {
    "fitted": "parameters were chosen with this in view: it describes, it does not prove",
    "test": "nothing was fitted to this, and the rules do not say it",
    "coded in": "a rule of the model says so; passing shows that the rule works",
    "arithmetic": "follows from what is assumed",
    "software": "reproduces the numbers of another program",
}


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check as the page shows it."""

    name: str
    asks: str
    target: str
    value: str
    mark: str
    kind: str
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class PageFigure:
    """A figure with its caption and, for those who cannot see it, what its checks found."""

    title: str
    wide: Markup
    narrow: Markup
    caption: str


def present_validation(outcome: ValidationOutcome) -> Path:
    """Writes folder/figures/*.png and *.svg and folder/validation.html; returns the page."""
    rows = check_rows(outcome.table)
    figures = [
        PageFigure(drawn.title, described(drawn.wide, words), described(drawn.narrow, words), figure.caption)
        for figure, drawn in draw_validation(outcome, outcome.folder / "figures")
        if (words := _words(figure.checks, rows))
    ]
    text = rendered(
        "validation_page.html.j2",
        rows=rows,
        passed=sum(row.mark == PASSED for row in rows),
        failing=[row for row in rows if row.mark == FAILED],
        unjudged=[check.name for check in outcome.unjudged],
        figures=figures,
        kinds=KINDS,
        scenario=scenario_in_words(outcome.manifest),
        command=command_of(outcome.manifest),
        version=outcome.manifest.get("project_version", "unknown"),
        identity=outcome.manifest.get("identity", "unknown"),
        manifest=json.dumps(without_long_lists(outcome.manifest), indent=1, ensure_ascii=False, default=str),
    )
    page = outcome.folder / PAGE
    write_whole(page, text.encode())
    return page


def check_rows(table: pd.DataFrame) -> list[CheckRow]:
    """The rows of validation.csv in words."""
    return [
        CheckRow(
            str(row["check"]),
            str(row["asks"]),
            str(row["target"]),
            amount(float(row["value"]), str(row["unit"])),
            PASSED if row["passed"] else FAILED,
            str(row["kind"]),
            str(row["note"]),
            str(row["source"]),
        )
        for _, row in table.iterrows()
    ]


def _words(prefixes: tuple[str, ...], rows: Sequence[CheckRow]) -> str:
    """What a figure shows, as its checks found it."""
    found = [f"{row.asks}: {row.value}, wanted {row.target}" for row in rows if row.name.startswith(prefixes)]
    return "; ".join(found) or "The checks of this figure were not asked for"


def scenario_in_words(manifest: Mapping[str, Any]) -> str:
    """Which scenario was judged, and how large."""
    for name, facts in manifest.get("scenarios", {}).items():
        return f"{name}: {facts['replications']} replications of {facts['population']:,} simulated persons"
    return ""
