"""Which bytes of people's columns a month reads and writes, phase by phase: found by watching it, not by reading it.

Every compiled kernel that is handed watched columns runs as plain Python over columns that note the rows looked at, so
what is counted follows the code by itself. Memory moves in lines of 64 bytes: a column of which one row in ten is
read moves whole all the same, and that is how it is counted. A line written to counts twice, since it comes in and goes
back. Lists that a phase makes for itself (who searches, open posts) are left out: another program might need none.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numba.core.registry import CPUDispatcher
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray

from agents.columns import FirmArrays, PeopleArrays
from benchmarks.stopwatch import month_told
from model.market import Market

#: Bytes that memory moves at once.
LINE = 64
#: Marked rows by column.
Marks = dict[str, NDArray[np.bool_]]


@dataclass
class Ledger:
    """What was seen of one table: rows read and written lately, and how many elements ever were looked at, by phase."""

    rows: int
    sizes: dict[str, int]  # bytes of an element, by column
    read: Marks = field(default_factory=dict)
    written: Marks = field(default_factory=dict)
    phase: str = ""
    looks: Counter[str] = field(default_factory=Counter)

    def note(self, marks: Marks, column: str, rows: Any) -> None:
        """Rows of a column that were looked at, one or many."""
        if column not in marks:
            marks[column] = np.zeros(self.rows, np.bool_)
        marks[column][rows] = True
        self.looks[self.phase] += int(np.size(rows))

    def turn_page(self, phase: str) -> tuple[Marks, Marks]:
        """What was read and written so far; from now on it is noted for another phase."""
        page = self.read, self.written
        self.phase, self.read, self.written = phase, {}, {}
        return page

    def moved(self, read: Marks, written: Marks) -> dict[str, int]:
        """Bytes of whole lines by column: those looked at once, those written to twice."""
        nothing = np.zeros(self.rows, np.bool_)
        found = {}
        for name in {**read, **written}:
            changed = written.get(name, nothing)
            seen = read.get(name, nothing) | changed
            found[name] = LINE * (lines(seen, self.sizes[name]) + lines(changed, self.sizes[name]))
        return found


def lines(marks: NDArray[np.bool_], size: int) -> int:
    """How many lines of memory hold a marked row of a column whose elements have `size` bytes."""
    return len(np.unique(np.flatnonzero(marks) * size // LINE))


class WatchedColumn(NDArrayOperatorsMixin):
    """A column that behaves as its array does and tells the ledger which rows were read and written."""

    def __init__(self, name: str, values: NDArray[Any], rows: NDArray[np.int64], ledger: Ledger) -> None:
        self.name, self.values, self.rows, self.ledger = name, values, rows, ledger
        self.dtype, self.nbytes = values.dtype, values.nbytes

    def __len__(self) -> int:
        return len(self.values)

    def __getattr__(self, name: str) -> Any:
        """Methods of arrays, such as `sum`, look at all of it; NumPy's own questions go unanswered."""
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(np.asarray(self), name)

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice):
            return WatchedColumn(self.name, self.values[key], self.rows[key], self.ledger)
        self.ledger.note(self.ledger.read, self.name, self.rows[key])
        found = self.values[key]
        # Whole numbers as Python's, which do not overflow where compiled code has wide ones.
        return found.item() if np.ndim(found) == 0 else found

    def __setitem__(self, key: Any, value: Any) -> None:
        self.ledger.note(self.ledger.written, self.name, self.rows[key])
        self.values[key] = value

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        self.ledger.note(self.ledger.read, self.name, self.rows)
        return np.array(self.values, dtype, copy=copy)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, out: tuple[Any, ...] = (), **options: Any) -> Any:
        plain = (np.asarray(value) if isinstance(value, WatchedColumn) else value for value in inputs)
        result = getattr(ufunc, method)(*plain, **options)
        if not out:
            return result
        out[0][:] = result
        return out[0]


def watch(table: Any, names: tuple[str, ...]) -> Ledger:
    """Put watched columns in the place of a table's own."""
    length = len(getattr(table, names[0]))
    ledger = Ledger(length, {name: getattr(table, name).dtype.itemsize for name in names})
    for name in names:
        setattr(table, name, WatchedColumn(name, getattr(table, name), np.arange(length), ledger))
    return ledger


@dataclass(frozen=True)
class Touched:
    """What months touch; bytes, per person and month, are whole lines of people's columns."""

    persons: int
    months: int
    once: float  # every line once a month, however many phases look at it
    by_phase: float  # every line once in every phase: what moves when columns do not fit the cache
    phases: dict[str, float]  # each phase by itself
    columns: dict[str, float]  # each column, brought in once a month
    people_looks: dict[str, float]  # elements of people's columns looked at per person and month, by phase
    firm_looks: dict[str, float]  # elements of firms' columns per month


def touched(market: Market, months: int) -> Touched:
    """Watch a market live through `months`; it is used up."""
    people, alive = market.people, 0
    people.reserve(people.capacity)  # no growing on the way: that would copy every column
    seen, firms = watch(people, PeopleArrays._fields), watch(market.firms, FirmArrays._fields)
    phases: Counter[str] = Counter()
    columns: Counter[str] = Counter()
    month: tuple[Marks, Marks] = {}, {}

    def begin(phase: str) -> None:
        seen.turn_page(phase)
        firms.turn_page(phase)

    def end(phase: str) -> None:
        page = seen.turn_page("")
        phases[phase] += sum(seen.moved(*page).values())
        for kept, marks in zip(month, page, strict=True):
            for name, found in marks.items():
                kept[name] = kept.get(name, False) | found

    with uncompiled(), month_told(market, begin, end):
        for _ in range(months):
            month = {}, {}
            market.advance()
            columns.update(seen.moved(*month))
            alive += people.count - market.empty_rows

    def each(counts: Counter[str], among: int = alive) -> dict[str, float]:
        return {name: count / among for name, count in counts.items() if count and name}

    once, by_phase = columns.total() / alive, phases.total() / alive
    looks = each(seen.looks), each(firms.looks, months)
    return Touched(people.count, months, once, by_phase, each(phases), each(columns), *looks)


class Uncompiled(CPUDispatcher):  # type: ignore[misc]
    """A compiled function that runs as the Python it was compiled from where an argument is watched."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Call it, compiled if that is possible."""
        if any(map(is_watched, (*arguments, *named.values()))):
            return self.py_func(*arguments, **named)
        return super().__call__(*arguments, **named)


@contextmanager
def uncompiled() -> Iterator[None]:
    """Within the block the compiled functions of agents and model accept watched columns."""
    known = {
        id(kernel): kernel
        for module in list(sys.modules.values())
        if getattr(module, "__name__", "").split(".")[0] in {"agents", "model"}
        for kernel in vars(module).values()
        if type(kernel) is CPUDispatcher
    }
    for kernel in known.values():
        kernel.__class__ = Uncompiled
    try:
        yield
    finally:
        for kernel in known.values():
            kernel.__class__ = CPUDispatcher


def is_watched(argument: Any) -> bool:
    """Whether an argument is a watched column or a tuple that holds one."""
    return isinstance(argument, WatchedColumn) or (isinstance(argument, tuple) and any(map(is_watched, argument)))
