"""The statistics bureau's surveyed urban unemployment, month by month: the one reader of the official series.

The file that is shipped and any file of further months are read alike and held to the same standard. The definition
changed: some groups stop before that month, others start with it (`Official`). The two are never joined.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from model.country.country import Official
from model.outside_files import UnreadableError, decoded, read_content
from model.outside_tables import Cell, OutsideTable, TableReader, decimal_commas, named, number_in
from model.paths import shown
from model.scenario.problems import Problem, ScenarioError, did_you_mean, quoted
from model.scenario.values import month_hint
from model.schedule import FIRST_MONTH, LAST_MONTH, month_index

CONFIDENCE: Final = ("high", "medium", "low")
_COLUMNS, _OPTIONAL = ("date", "group", "rate_pct"), ("confidence", "source_url", "note")
_WHAT, _FORM = "a table of official months", f"CSV with {','.join(_COLUMNS)}"
_LARGEST, _MOST_ROWS = 10_000_000, 100_000


class Rate(NamedTuple):
    """One published rate, and how sure its source is."""

    percent: float
    confidence: str = CONFIDENCE[-1]


@dataclass(frozen=True, slots=True)
class OfficialMonths:
    """Published rates by group and month, months in order; `notes` say what of the file is not used."""

    groups: Mapping[str, Mapping[str, Rate]]
    notes: tuple[str, ...] = ()

    def percents(self, group: str, first: str = FIRST_MONTH, last: str = LAST_MONTH) -> dict[str, float]:
        """The rates of a group from `first` to `last`, both included, in percent."""
        return {month: rate.percent for month, rate in self.groups.get(group, {}).items() if first <= month <= last}

    def until(self, last: str) -> OfficialMonths:
        """What was published of the months to `last`, that one included."""
        kept = {name: {month: rate for month, rate in months.items() if month <= last}
                for name, months in self.groups.items()}  # fmt: skip
        return OfficialMonths(_in_order(kept), self.notes)

    def with_months(self, added: OfficialMonths) -> OfficialMonths:
        """These months and those of another file, which replace those that both have."""
        names = dict.fromkeys([*self.groups, *added.groups])
        joined = {name: {**self.groups.get(name, {}), **added.groups.get(name, {})} for name in names}
        return OfficialMonths(_in_order(joined), (*self.notes, *added.notes))


def read_official(path: Path, official: Official) -> OfficialMonths:
    """The official months of a file with the columns date, group and rate_pct, in percent.

    Raises ScenarioError with everything that is wrong with it.
    """
    file, problems = shown(path), list[Problem]()
    try:
        text = decoded(read_content(path, _LARGEST, _WHAT, _FORM), _WHAT, _FORM)
    except UnreadableError as error:
        raise ScenarioError([Problem(file, None, None, str(error))]) from None
    table = TableReader(text, file, problems).read(_COLUMNS, _OPTIONAL, _MOST_ROWS, f"\n    {_WHAT} is {_FORM}")
    if not table.rows and not problems:
        problems.append(Problem(file, None, None, "there are no months in this file"))
    groups = _Checker(table, problems, official).groups()
    if problems:
        raise ScenarioError(problems)
    ignored = (f"{file}: columns that are not used: {named(table.ignored)}",) if table.ignored else ()
    return OfficialMonths(_in_order(groups), ignored)


def _in_order(groups: Mapping[str, Mapping[str, Rate]]) -> Mapping[str, Mapping[str, Rate]]:
    return MappingProxyType({name: MappingProxyType(dict(sorted(months.items()))) for name, months in groups.items()})


class _Checker:
    """Judges every cell of a table; everything wrong is added to `problems`."""

    def __init__(self, table: OutsideTable, problems: list[Problem], official: Official) -> None:
        self.table, self.problems, self.official = table, problems, official
        self.commas = decimal_commas([row["rate_pct"] for row in table.rows], table.delimiter)
        self.known = dict.fromkeys([*official.groups.values(), *official.earlier.values()])
        #: Groups of one definition only; the others hold whenever.
        old = set(official.earlier.values())
        self.dated = {name for name in self.known if name in old or name.endswith(official.new_ending)}
        self.found: dict[str, dict[str, Rate]] = {}
        self.lines: dict[tuple[str, str], int | None] = {}

    def groups(self) -> dict[str, dict[str, Rate]]:
        """The rates by group and month, as far as they can be read."""
        for row in self.table.rows:
            before = len(self.problems)
            month, group = self._month(row["date"]), self._group(row["group"])
            rate = self._rate(row["rate_pct"])
            confidence = self._confidence(row.get("confidence"))
            if len(self.problems) == before:
                self._keep(row["date"], month, group, Rate(rate, confidence))
        return self.found

    def _keep(self, cell: Cell, month: str, group: str, rate: Rate) -> None:
        changed = self.official.new_definition
        begins, new = group.endswith(self.official.new_ending), month >= changed
        if group in self.dated and begins != new:
            told = f"begins in {changed}" if begins else f"ends before {changed}"
            self._say(cell, f"'{group}' {told}, when the bureau's definition changed; {month} has other groups")
            return
        if (group, month) in self.lines:
            self._say(cell, f"{month} of '{group}' is there already (line {self.lines[group, month]})")
            return
        self.lines[group, month] = cell.place.line
        self.found.setdefault(group, {})[month] = rate

    def _say(self, cell: Cell, message: str) -> None:
        self.problems.append(Problem(*cell.place, message))

    def _month(self, cell: Cell) -> str:
        try:
            month_index(cell.text)
        except ValueError:
            self._say(cell, f"expected a month YYYY-MM, found {quoted(cell.text)}{month_hint(cell.text)}")
        else:
            if not FIRST_MONTH <= cell.text <= LAST_MONTH:
                self._say(cell, f"{cell.text} must lie between {FIRST_MONTH} and {LAST_MONTH}")
        return cell.text

    def _group(self, cell: Cell) -> str:
        if cell.text not in self.known:
            # 16_24, as indicators and forecasts write it.
            hint = did_you_mean(cell.text.replace("_", "-"), self.known)
            self._say(cell, f"there is no group {quoted(cell.text)}{hint}")
        return cell.text

    def _rate(self, cell: Cell) -> float:
        number = number_in(cell.text, commas=self.commas)
        if isinstance(number, str):
            self._say(cell, f"expected a rate in percent, found {number}")
            return 0.0
        if not 0 <= number <= 100:
            self._say(cell, f"the rate is {cell.text}, but must lie between 0 and 100 percent")
        elif 0 < number < 1:
            self._say(cell, f"the rate is {cell.text}; rates are in percent, so write {round(100 * number, 10):g}")
        return number

    def _confidence(self, cell: Cell | None) -> str:
        if cell is None or not cell.text:
            return Rate(0.0).confidence
        if cell.text not in CONFIDENCE:
            hint = did_you_mean(cell.text, dict.fromkeys(CONFIDENCE))
            self._say(cell, f"confidence is {quoted(cell.text)}; it is {', '.join(CONFIDENCE)} or empty{hint}")
        return cell.text
