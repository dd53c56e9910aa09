"""The policy table for a terminal and for a paper (LaTeX with booktabs)."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from views.terminal.tables import LABEL, NARROWEST, bold, cut, dim

if TYPE_CHECKING:
    from views.compare.table import Cell, Line, Panel, PolicyTable

_GAP = "  "
#: A scenario's name in the head of a column is cut to this.
_NAME = 22
#: So many scenarios fit across a page of a paper.
MOST_ACROSS = 3
_SPECIAL = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", '"': "''", **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}  # fmt: skip


# --- terminal -------------------------------------------------------------------------------------


def as_text(table: PolicyTable, width: int, colour: bool) -> str:
    """The table for a terminal; scenarios that do not fit side by side follow below."""
    width = max(width, NARROWEST)
    lines = [bold(f"less {table.baseline}, common random numbers", colour, width)]
    level = max(len(cut(table.baseline, _NAME)), *(len(line.baseline) for line in _lines(table)))
    rooms = [_room(table, place) for place in range(len(table.scenarios))]
    for block in _fitting(rooms, width - LABEL - len(_GAP) - level):
        names = [f"{cut(table.scenarios[place], _NAME):<{rooms[place]}}" for place in block]
        lines.append(dim(_joined("", f"{cut(table.baseline, _NAME):>{level}}", names, width), colour))
        for panel in table.panels:
            lines.append(bold(panel.title, colour, width))
            for line in panel.lines:
                rows = zip(*(_stacked(line.cells[place], rooms[place]) for place in block), strict=True)
                for label, number, cells in zip((line.short, ""), (line.baseline, ""), rows, strict=True):
                    text = _joined(label, f"{number:>{level}}", cells, width)
                    lines += [text] if text else []
        lines.append("")
    return "\n".join([*lines, *(dim(part, colour) for note in table.notes for part in textwrap.wrap(note, width))])


def _joined(label: str, level: str, cells: Sequence[str], width: int) -> str:
    return _GAP.join([f"{cut(label, LABEL):<{LABEL}}", level, *cells])[:width].rstrip()


def _lines(table: PolicyTable) -> list[Line]:
    return [line for panel in table.panels for line in panel.lines]


def _room(table: PolicyTable, place: int) -> int:
    """How wide the column of one scenario is."""
    widest = max(len(part) for line in _lines(table) for part in _stacked(line.cells[place]))
    return max(widest, min(len(table.scenarios[place]), _NAME))


def _fitting(rooms: Sequence[int], free: int) -> list[list[int]]:
    """The columns that stand side by side, block by block; at least one in each."""
    blocks: list[list[int]] = []
    used = free + 1
    for place, room in enumerate(rooms):
        if used + len(_GAP) + room > free:
            blocks.append([])
            used = 0
        blocks[-1].append(place)
        used += len(_GAP) + room
    return blocks


def _stacked(cell: Cell, room: int = 0) -> tuple[str, str]:
    """The change with the chance of its sign, and below it the interval, so that scenarios stand side by side."""
    upper = cell.change + (f" [{cell.chance}]" if cell.chance else "")
    lower = f"({cell.interval})" if cell.interval else ""
    return f"{upper:<{room}}", f"{lower:<{room}}"


# --- LaTeX ----------------------------------------------------------------------------------------


def as_latex(table: PolicyTable, caption: str) -> str:
    """The table for a paper, a float for each panel; more scenarios than fit across a page become further ones."""
    blocks = [
        list(range(first, min(first + MOST_ACROSS, len(table.scenarios))))
        for first in range(0, len(table.scenarios), MOST_ACROSS)
    ]
    floats = [(panel, block) for panel in table.panels for block in blocks]
    head = "% \\usepackage{booktabs}; names in other scripts than Latin need LuaLaTeX or XeLaTeX and a font for them.\n"
    return head + "\n".join(
        _float(table, panel, block, f"{caption}. {panel.title}", number)
        for number, (panel, block) in enumerate(floats, start=1)
    )


def _float(table: PolicyTable, panel: Panel, block: Sequence[int], caption: str, number: int) -> str:
    heads = " & ".join(["", escape(table.baseline), *(escape(table.scenarios[place]) for place in block)])
    lines = [
        r"\begin{table}[tbp]",
        r"\centering\scriptsize\setlength{\tabcolsep}{3pt}",
        rf"\caption{{{escape(caption)}}}",
        rf"\label{{tab:comparison-{number}}}",
        rf"\begin{{tabular}}{{p{{2.6cm}}r*{{{len(block)}}}{{c}}}}",
        r"\toprule",
        heads + r" \\",
        r"\midrule",
    ]
    for line in panel.lines:
        cells = [line.cells[place] for place in block]
        rows = [[escape(line.label), escape(line.baseline), *(escape(cell.change) for cell in cells)]]
        rows.append(["", "", *(f"({escape(cell.interval)})" if cell.interval else "" for cell in cells)])
        # Braces, since a row that begins with a bracket would be read as an option of the line break before it.
        rows.append(["", "", *(f"{{[{escape(cell.chance)}]}}" if cell.chance else "" for cell in cells)])
        lines += [" & ".join(row) + r" \\" for row in rows if any(row)]
        lines.append(r"\addlinespace")
    lines.pop()
    notes = " ".join(escape(note) for note in table.notes)
    return "\n".join(
        [*lines, r"\bottomrule", r"\end{tabular}", rf"\par\medskip\parbox{{\linewidth}}{{{notes}}}", r"\end{table}", ""]
    )


def escape(text: str) -> str:
    """A text as LaTeX prints it, numbers with a true minus."""
    safe = "".join(_SPECIAL.get(letter, letter) for letter in text if letter.isprintable())
    return re.sub(r"(?<![\w-])-(?=[\d.])", "$-$", safe)
