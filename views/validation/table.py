"""A validation as tables for the terminal: what passes, what fails and by how much."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.validation.job import ValidationOutcome

_RED, _GREEN, _BOLD, _DIM, _END = "\033[31m", "\033[32m", "\033[1m", "\033[2m", "\033[0m"
PASSED, FAILED = "pass", "fail"
NARROWEST = 72
#: Kinds of checks in words, the ones that count first.
KINDS = {
    "test": "real tests",
    "fitted": "fits",
    "coded in": "rules that are coded in",
    "arithmetic": "that follow by arithmetic",
    "software": "reproductions of another program",
}
#: Units that would only repeat what the check's name says.
_SILENT = {"elasticity", "ratio", "points squared"}


def render_validation(outcome: ValidationOutcome, width: int, colour: bool) -> str:
    """The checks with their sources, and what is wrong with those that fail."""
    width = max(width, NARROWEST)
    table = outcome.table
    parts = [_checks(table, width, colour)]
    if len(table):
        parts.append(_failing(table, width, colour))
    if outcome.not_asked:
        parts.append(_styled(outcome.not_asked, _DIM, colour))
    if outcome.unjudged:
        names = ", ".join(check.name for check in outcome.unjudged)
        parts.append("\n".join(textwrap.wrap(f"not judged, because their runs were not finished: {names}", width)))
    return "\n\n".join(part for part in parts if part)


def amount(value: float, unit: str) -> str:
    """A value with its unit, at the decimals that its target needs."""
    if not math.isfinite(value):
        return "none"
    small = 0 < abs(value) < 0.005
    places = 1 if unit == "%" else 1 - math.floor(math.log10(abs(value))) if small else 3 if abs(value) < 1 else 2
    text = f"{value:.{min(places, 8)}f}"
    return text if unit in _SILENT else f"{text} {'pp' if unit == 'points' else unit}"


def _checks(table: pd.DataFrame, width: int, colour: bool) -> str:
    """One line per check; sources are numbered and listed below."""
    sources = list(dict.fromkeys(table["source"]))
    rows = [
        (str(row["check"]), str(row["target"]), amount(float(row["value"]), str(row["unit"])),
         PASSED if row["passed"] else FAILED, f"[{sources.index(row['source']) + 1}]")
        for _, row in table.iterrows()
    ]  # fmt: skip
    heads = ("check", "target", "value", "", "source")
    room = [max([len(head), *(len(row[place]) for row in rows)]) for place, head in enumerate(heads)]
    lines = [*(_styled(line, _BOLD, colour) for line in textwrap.wrap(count(table), width)), ""]
    lines.append(_styled(_line(heads, room, width), _BOLD, colour))
    for row in rows:
        line = _line(row, room, width)
        place = sum(room[:3]) + 6
        mark = _styled(row[3], _GREEN if row[3] == PASSED else _RED, colour)
        lines.append(line[:place] + mark + line[place + 4 :])
    for number, source in enumerate(sources, start=1):
        text = textwrap.wrap(f"[{number}] {source}", width, subsequent_indent="    ")
        lines += [_styled(line, _DIM, colour) for line in text]
    return "\n".join(lines)


def count(table: pd.DataFrame) -> str:
    """How many real tests there are and how many pass, apart from what could hardly fail."""
    told = []
    for kind, words in KINDS.items():
        rows = table[table["kind"] == kind]
        if len(rows):
            told.append(f"{int(rows['passed'].sum())} of {len(rows)} {words}")
    return "pass: " + "; ".join(told)


def _line(cells: Sequence[str], room: Sequence[int], width: int) -> str:
    """Cells in their columns: texts to the left, values to the right."""
    check, target, value, mark, source = cells
    line = f"{check:<{room[0]}}  {target:<{room[1]}}  {value:>{room[2]}}  {mark:<{room[3]}}  {source}"
    return line if len(line) <= width else line[: width - 1] + "…"


def _failing(table: pd.DataFrame, width: int, colour: bool) -> str:
    """What each failing check asks and found."""
    lines = []
    for _, row in table[~table["passed"].astype(bool)].iterrows():
        found = f"{row['asks']}: {amount(float(row['value']), str(row['unit']))}, wanted {row['target']}"
        note = f" ({row['note']})" if row["note"] else ""
        lines += textwrap.wrap(f"- {found}{note}", width, subsequent_indent="  ")
    return "\n".join([_styled("what fails", _BOLD, colour), *lines]) if lines else ""


def _styled(text: str, style: str, colour: bool) -> str:
    """Text in a style, where there are colours."""
    return f"{style}{text}{_END}" if colour else text
