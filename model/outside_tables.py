"""Tables in CSV that somebody else made: Excel in any language, Gephi, pandas; every cell knows where it stands.

The delimiter is the one the header has, encodings are those of `model.outside_files`, names of columns may differ in
case and in spaces around them. Everything wrong is told at once; what is not read is named.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from model.scenario.problems import Place, Problem, nearest, quoted

_DELIMITERS = ",;\t|"
_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"[-+]?[0-9]*,[0-9]+([eE][-+]?[0-9]+)?")
_MOST_NAMED = 8
#: A file with more mistakes than this is another kind of file; reading stops.
MOST_PROBLEMS = 1000
#: What spreadsheets and programs call a number that is none.
_NO_NUMBERS = {"nan", "inf", "infinity", "-inf", "-infinity", "+inf", "+infinity"}


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place of a table, without the spaces around it."""

    text: str
    place: Place


@dataclass(slots=True)
class OutsideTable:
    """The rows of a table as cells by column, and what was found beside them."""

    rows: list[Mapping[str, Cell]] = field(default_factory=list)
    #: Columns that nobody asked for, as they are written.
    ignored: list[str] = field(default_factory=list)
    delimiter: str = ","


class TableReader:
    """Reads one text; everything wrong is added to `problems`, and reading goes on."""

    def __init__(self, text: str, file: str, problems: list[Problem]) -> None:
        self.file, self.problems = file, problems
        self.lines = io.StringIO(text, newline="").readlines()
        first = re.fullmatch(r"sep=(.)\s*", self.lines[0]) if self.lines else None
        #: Excel's own first line that names the delimiter.
        self.skipped = 1 if first else 0
        header = next((line for line in self.lines[self.skipped :] if line.strip()), "")
        self.delimiter = first[1] if first else max(_DELIMITERS, key=header.count)
        self.first_line = header.strip()

    def read(self, needed: Sequence[str], optional: Sequence[str], most: int, hint: str = "") -> OutsideTable:
        """The table; `hint` goes behind the problem of a column that is missing. No rows where one is missing."""
        table = OutsideTable(delimiter=self.delimiter)
        rows = self._rows()
        start, header = next(rows, (1 + self.skipped, []))
        if not header:
            self.problems.append(Problem(self.file, 1, 1, f"the file is empty; expected columns {', '.join(needed)}"))
            return table
        places = self._columns(start, header, needed, optional, hint)
        table.ignored = [name.strip() for at, name in enumerate(header) if at not in places.values() and name.strip()]
        if not set(needed) <= set(places):
            return table
        found = len(self.problems)
        nameless: dict[int, None] = {}
        for line, cells in rows:
            nameless |= dict.fromkeys(
                at for at, name in enumerate(header[: len(cells)]) if not name.strip() and cells[at].strip()
            )
            if len(table.rows) >= most:
                self._say(line, f"more than {most:,} rows; the rest was not read")
                break
            if len(self.problems) - found >= MOST_PROBLEMS:
                break
            self._row(line, cells, header, places, table)
        table.ignored += [f"column {at + 1} (without a name)" for at in nameless]
        return table

    def _row(
        self, line: int, cells: list[str], header: list[str], places: Mapping[str, int], table: OutsideTable
    ) -> None:
        if len(cells) <= max(places.values()) or any(cell.strip() for cell in cells[len(header) :]):
            counted = "1 cell stands" if len(cells) == 1 else f"{len(cells)} cells stand"
            self._say(line, f"{counted} here, but the header has {len(header)} columns")
            return
        table.rows.append({name: Cell(cells[at].strip(), self._place(line, at)) for name, at in places.items()})

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Every row that holds anything, with the line it begins on."""
        reader = csv.reader(self.lines[self.skipped :], delimiter=self.delimiter, strict=True)
        line = 1 + self.skipped
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield line, cells
                line = reader.line_num + 1 + self.skipped
        except csv.Error as error:
            reason = "a quoted text has no end" if "end of data" in str(error) else str(error)
            self._say(line, f"this is not CSV: {reason}")

    def _columns(
        self, line: int, header: list[str], needed: Sequence[str], optional: Sequence[str], hint: str
    ) -> dict[str, int]:
        """Where the columns asked for stand."""
        plain = [name.strip().casefold() for name in header]
        places: dict[str, int] = {}
        for name in (*needed, *optional):
            at = [place for place, written in enumerate(plain) if written == name]
            if at:
                places[name] = at[0]
            if len(at) > 1:
                self.problems.append(Problem(*self._place(line, at[1]), f"the column '{name}' is there twice"))
        missing = [name for name in needed if name not in places]
        if missing:
            told = ", ".join(f"'{name}'" for name in missing)
            near = nearest(missing[0], [name for name, at in zip(header, plain, strict=True) if at not in places])
            meant = f"\n    rename {quoted(near.strip())} if it is meant" if near and near.strip() else hint
            there = ", ".join(quoted(name.strip()) for name in header[:_MOST_NAMED])
            more = ", ..." if len(header) > _MOST_NAMED else ""
            self._say(line, f"there is no column {told}; the first line has {there}{more}{meant}")
        return places

    def _say(self, line: int, message: str) -> None:
        self.problems.append(Problem(self.file, line, 1, message))

    def _place(self, line: int, at: int) -> Place:
        """Where the cell number `at` (from 0) of the row that begins on a line stands."""
        column, cell, quotes = 1, 0, False
        for number in range(line, len(self.lines) + 1):
            written = self.lines[number - 1]
            if '"' not in written and not quotes:
                before = written.split(self.delimiter)[: at - cell]
                return Place(self.file, number, 1 + sum(len(each) + 1 for each in before))
            for column, character in enumerate(written, start=1):
                if cell == at:
                    return Place(self.file, number, column)
                quotes ^= character == '"'
                cell += character == self.delimiter and not quotes
            if cell == at:
                return Place(self.file, number, len(written))
        return Place(self.file, line, column)


def decimal_commas(cells: Sequence[Cell], delimiter: str) -> bool:
    """Whether numbers have decimal commas, as a European spreadsheet writes them beside semicolons or tabs."""
    return delimiter != "," and any("," in cell.text for cell in cells) and not any("." in cell.text for cell in cells)


def number_in(text: str, *, commas: bool = False) -> float | str:
    """The finite number a text is, or what is wrong with it; `commas` are decimal ones."""
    if commas and _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    if _NUMBER.fullmatch(text):
        value = float(text)
        return value if abs(value) < float("inf") else f"{quoted(text)}, which is larger than any number can be"
    if not text:
        return "empty"
    if text.lower() in _NO_NUMBERS:
        return f"{quoted(text)}, which is not a finite number"
    advice = ""
    if percent := re.fullmatch(r"([0-9.]+) ?%", text):
        advice = f"; leave the percent sign out: {percent[1]}"
    elif _DECIMAL_COMMA.fullmatch(text):
        advice = f"; write {text.replace(',', '.')} with a point"
    return f"{quoted(text)}, which is not a number{advice}"


def named(names: Sequence[str]) -> str:
    """Names in one line, the first few of many."""
    shown = ", ".join(quoted(name)[1:-1] for name in names[:_MOST_NAMED])
    return shown + (f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else "")
