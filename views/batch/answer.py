"""What a batch looks like: a table for the terminal and the figures that suit its design."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import pandas as pd

from experiments.batch.folder import TABLE
from model.results import read_frame
from model.scenario.problems import value_text
from model.specification import in_force
from views.batch.figures import drawings
from views.figures import PNG_DPI, as_svg
from views.figures.canvas import settings
from views.words import numbers
from views.words.caveats import round_up

if TYPE_CHECKING:
    from experiments.batch.summary import Summary

#: So many points are listed one by one; of larger designs, what each path does.
MOST_POINTS = 24
_NARROWEST, _LONGEST = 60, 30


def draw_batch(summary: Summary, folder: Path) -> list[Path]:
    """Draws the figures of a design into folder/figures, as PNG and SVG; returns the PNG files."""
    target = folder / "figures"
    target.mkdir(exist_ok=True)
    monthly = read_frame(folder / TABLE, ["point", "replication", "month", *summary.outcomes])
    written = []
    with mpl.rc_context(settings(None)):  # type: ignore[arg-type]
        for drawing in drawings(summary):
            figure = drawing.draw(summary, monthly)
            title = figure.get_suptitle()
            path = target / f"{drawing.name}.png"
            figure.savefig(path, dpi=PNG_DPI, metadata={"Software": None, "Title": title})
            path.with_suffix(".svg").write_text(as_svg(figure, drawing.name, title), encoding="utf-8")
            written.append(path)
    return written


def render_batch(summary: Summary, width: int) -> str:
    """Every point with its outcomes, or for a large design what each path does to them."""
    width = max(width, _NARROWEST)
    if len(summary.design) <= MOST_POINTS:
        lines = [f"{summary.name}: mean of the last twelve months, ± 95 % interval", *_points(summary, width)]
    else:
        lines = [f"{summary.name}: {len(summary.design):,} points; mean of the last twelve months"]
    if len(summary.effects):
        lines += ["", "what each path changes from its lowest to its highest value (95 % intervals, paired)"]
        lines += _effects(summary, width)
    if summary.table["flagged"].any():
        needed = summary.table["population_needed"].max()
        settled = f"; a population of {round_up(needed):,} would settle it" if math.isfinite(needed) else ""
        lines += ["", f"* rests on fewer than 100 simulated persons{settled}"]
    return "\n".join(line[:width].rstrip() for line in lines)


def _points(summary: Summary, width: int) -> list[str]:
    by_point = {(int(row["point"]), str(row["indicator"])): row for _, row in summary.table.iterrows()}
    listed = summary.kind == "list" and (len(summary.design.columns) != 1 or any(summary.names))
    left = [["point"] if listed else [_cut(str(path)) for path in summary.design.columns]]
    for name, changes, (_, values) in zip(summary.names, summary.changes, summary.design.iterrows(), strict=True):
        told = name or ", ".join(f"{path}={_shown(value)}" for path, value in changes.items())
        left.append([told or "the scenario as it is"] if listed else [_shown(value) for value in values])
    columns = [[_head(outcome)] for outcome in summary.outcomes]
    for column, outcome in zip(columns, summary.outcomes, strict=True):
        for point in summary.design.index:
            row = by_point.get((int(point), outcome))
            column.append(numbers.MISSING if row is None else _cell(outcome, row))
    return _fitted(left, columns, width)


def _cell(outcome: str, row: pd.Series) -> str:
    mean, half = float(row["mean"]), (float(row["high"]) - float(row["low"])) / 2
    star = "*" if bool(row["flagged"]) else ""
    if not math.isfinite(mean):
        return numbers.MISSING
    if numbers.is_percent(outcome):
        return f"{100 * mean:.2f}" + (f" ±{100 * half:.2f}" if math.isfinite(half) else "") + f" %{star}"
    known = f" ±{numbers.amount(outcome, half)}" if math.isfinite(half) else ""
    return f"{numbers.amount(outcome, mean)}{known}{star}".replace(" million", " m")


def _effects(summary: Summary, width: int) -> list[str]:
    table = summary.effects
    first = table[table["outcome"] == table["outcome"].iloc[0]]
    ranked = first.reindex(first["effect"].abs().sort_values(ascending=False).index)
    terms = list(zip(ranked["path"], ranked["from"], ranked["to"], strict=True))
    left = [[""], *([f"{path} {_shown(start)} -> {_shown(end)}"] for path, start, end in terms)]
    columns = [[_head(outcome)] for outcome in summary.outcomes]
    for column, outcome in zip(columns, summary.outcomes, strict=True):
        rows = table[table["outcome"] == outcome]
        for path, _, end in terms:
            found = rows[(rows["path"] == path) & (rows["to"] == end)]
            column.append(_change(outcome, found.iloc[0]) if len(found) else numbers.MISSING)
    return _fitted(left, columns, width)


def _change(outcome: str, row: pd.Series) -> str:
    effect, low, high = float(row["effect"]), float(row["low"]), float(row["high"])
    places = numbers.decimals(outcome, effect, low, high)
    text, half = numbers.change(outcome, effect, places), (high - low) / 2
    if math.isfinite(half):
        text += f" ±{100 * half:.{places}f}" if numbers.is_percent(outcome) else f" ±{numbers.amount(outcome, half)}"
    return text.replace(" points", " pp").replace(" million", " m")


def _head(outcome: str) -> str:
    return in_force().indicator[outcome].label.replace("Unemployment rate", "unemployment").replace(" rate", "")


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return _cut(value_text(dict(value)) if isinstance(value, Mapping) else str(value))


def _cut(text: str) -> str:
    clean = "".join(letter if letter.isprintable() else "?" for letter in text)
    return clean if len(clean) <= _LONGEST else clean[: _LONGEST - 1] + "…"


def _fitted(left: list[list[str]], columns: list[list[str]], width: int) -> list[str]:
    """What tells the rows apart, then as many columns as there is room for, at least one."""
    room = [max(map(len, column)) for column in zip(*left, strict=True)]
    lines = ["  ".join(f"{cell:<{size}}" for cell, size in zip(row, room, strict=True)) for row in left]
    for place, column in enumerate(columns):
        size = max(map(len, column))
        if len(lines[0]) + 2 + size > width:
            if place:
                break
            lines = [line[: width - size - 2] for line in lines]
        lines = [f"{line}  {cell:>{size}}" for line, cell in zip(lines, column, strict=True)]
    return lines
