"""The part of docs/experiments.md that a finished batch writes: answer, table, figure, command."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from PIL import Image

from agents.places import ROOT
from experiments.engine.manifest import code_version, project_version
from model.specification import in_force
from views.batch.sheet import ends_words, label, value_words, varied
from views.words import numbers

if TYPE_CHECKING:
    from views.docs.worked.questions import Question
    from views.docs.worked.results import Result

DOCS = ROOT / "docs" / "experiments.md"
FIGURES = ROOT / "docs" / "figures" / "experiments"
#: So many colours keep lines and bands apart and the file small.
_COLOURS = 96
_MOST_OUTCOMES = 4


def section(question: Question, result: Result, options: str = "") -> str:
    """Everything between the marks of one experiment. `options` are those that the batch was run with."""
    answer = " ".join(finding.sentence(question, result) for finding in question.findings)
    picture = f"![{result.summary.name}: {question.figure.replace('_', ' ')}](figures/experiments/{question.name}.png)"
    told = ["", f"**Answer.** {answer}", "", *table(question, result)]
    return "\n".join([*told, "", picture, "", provenance(result, options), ""])


def provenance(result: Result, options: str) -> str:
    """The command that repeats the answer, and what it was made from."""
    scenario = result.experiment.scenario
    command = f"python run.py batch {result.experiment.files[0].relative_to(ROOT).as_posix()}{options}"
    return (
        f"`{command}`: {len(result.summary.design)} points, {scenario.population:,} persons, "
        f"{result.replications} replications, to {scenario.end}; version {project_version()}, "
        f"sources {code_version()['sources'][:8]}."
    )


# --- the table ------------------------------------------------------------------------------------


def table(question: Question, result: Result) -> list[str]:
    """The differences from the reference with their intervals, in the form that suits the design."""
    if result.kind == "sample":
        return _levers(result)
    if len(varied(result.summary)) == 2 and result.kind == "grid":
        return _crossed(question, result)
    return _points(question, result)


def _points(question: Question, result: Result) -> list[str]:
    """A row for each point: the reference's level, and what every other point changes."""
    year, outcomes = question.year(result), result.summary.outcomes[:_MOST_OUTCOMES]
    lines = _head([f"{year}", *(in_force().indicator[outcome].label for outcome in outcomes)])
    for point in result.summary.design.index:
        other = question.against(result, int(point))
        cells = []
        for outcome in outcomes:
            row = result.difference(int(point), other, outcome, year)
            own = numbers.amount(outcome, float(row["reform"]))
            cells.append(own if point == other else _cell(outcome, row))
        lines.append(_row([question.words(result, int(point)), *cells]))
    return lines


def _crossed(question: Question, result: Result) -> list[str]:
    """The first outcome over two paths: rows and columns are their values."""
    down, across = varied(result.summary)
    design, year, outcome = result.summary.design, question.year(result), result.summary.outcomes[0]
    columns = sorted(set(design[across]))
    lines = _head([f"{label(down)} ↓ {label(across)} →", *(value_words(column) for column in columns)])
    for value in sorted(set(design[down])):
        cells = []
        for column in columns:
            point = result.number({down: value, across: column}, {})
            other = question.against(result, point)
            row = result.difference(point, other, outcome, year)
            cells.append(numbers.amount(outcome, float(row["reform"])) if point == other else _cell(outcome, row))
        lines.append(_row([value_words(value), *cells]))
    told = in_force().indicator[outcome].label.lower()
    return [*lines, "", f"*{told[:1].upper()}{told[1:]} in {year}: difference from the cell that shows a level.*"]


def _levers(result: Result) -> list[str]:
    """What each path of a sample changes from its lowest to its highest value."""
    effects = result.summary.effects
    outcomes = [outcome for outcome in result.summary.outcomes if (effects["outcome"] == outcome).any()][:3]
    first = effects[effects["outcome"] == outcomes[0]]
    ranked = first.reindex(first["effect"].abs().sort_values(ascending=False).index)
    lines = _head(["last twelve months", *(in_force().indicator[outcome].label for outcome in outcomes)])
    for _, lever in ranked.iterrows():
        rows = [effects[(effects["path"] == lever["path"]) & (effects["outcome"] == outcome)] for outcome in outcomes]
        cells = [
            _cell(outcome, rows_of_one.iloc[0].rename({"effect": "difference"}))
            for outcome, rows_of_one in zip(outcomes, rows, strict=True)
        ]
        span = " → ".join(ends_words(lever["from"], lever["to"]))
        lines.append(_row([f"{label(str(lever['path']))} {span}", *cells]))
    return lines


def _cell(outcome: str, row: pd.Series) -> str:
    level = float(row.get("baseline", 0.0))
    difference, low, high = (float(row[name]) for name in ("difference", "low", "high"))
    size, span = numbers.change_with_interval(outcome, difference, low, high, level)
    return f"{size} ({span})" if span else size


def _head(cells: list[str]) -> list[str]:
    return [_row(cells), "|---" * len(cells) + "|"]


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


# --- the figure -----------------------------------------------------------------------------------


def keep_figure(drawn: Path, kept: Path) -> None:
    """Copy a figure, in as many colours as it needs: a third of the size."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(drawn) as picture:
        small = picture.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
        held = io.BytesIO()
        small.save(held, "PNG", optimize=True)
    kept.write_bytes(held.getvalue())
