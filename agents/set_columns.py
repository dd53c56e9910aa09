"""Reading a property of many agents at once, from the columns, without making the agents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from agents.developers import PropertyDeveloper
from agents.firms import Firm
from agents.members import FIRM_CLASSES, Codes
from agents.people import Person
from agents.views import Column, Market, RowView

Function = Callable[..., Any]
_MISSING = object()
#: Built-in functions and their twins on columns.
_ON_COLUMNS: dict[Any, Callable[[Any], Any]] = {sum: np.sum, min: np.min, max: np.max, len: len}


class ColumnReading:
    """What an agent set knows of its members' properties; `agents.agent_set.ColumnSet` adds who they are."""

    model: Any

    @property
    def codes(self) -> Codes:
        """Codes of the members (see `agents.members`)."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[Any]:
        raise NotImplementedError

    def get(
        self,
        attr_names: str | list[str],
        handle_missing: Literal["error", "default"] = "error",
        default_value: Any = None,
    ) -> list[Any]:
        """One property of every member, or a list of several for each; read from columns where there is one."""
        if handle_missing not in ("error", "default"):
            raise ValueError(f"handle_missing is 'error' or 'default', not {handle_missing!r}")
        default = _MISSING if handle_missing == "error" else default_value
        if isinstance(attr_names, str):
            return self._values(attr_names, default)
        columns = [self._values(name, default) for name in attr_names]
        return [list(values) for values in zip(*columns, strict=True)] if columns else [[] for _ in self.codes]

    def _values(self, name: str, default: Any) -> list[Any]:
        declared = self._declared(name)
        if declared is not None:
            column, rows = declared
            return column.values(self.model, rows)
        if default is _MISSING:
            return [getattr(agent, name) for agent in self]
        return [getattr(agent, name, default) for agent in self]

    def _declared(self, name: str) -> tuple[Column[Any], Codes] | None:
        """The column that all members have by this name, and their rows in it; None when there is no such."""
        codes = self.codes
        person = codes >= 0
        if person.any() and not person.all():
            return None
        owners: list[type[RowView]] = [Person] if person.any() else self._firm_owners(codes)
        for owner in owners:
            column = getattr(owner, name, None)
            if isinstance(column, Column):
                return column, codes if person.any() else ~codes
        return None

    def _firm_owners(self, codes: Codes) -> list[type[RowView]]:
        """Where to look for a column that all these firms have; nobody at all has every column."""
        if not len(codes):
            return [Person, PropertyDeveloper]
        kinds = np.unique(self.model.firms.kind[~codes])
        return [FIRM_CLASSES[kinds[0]] if len(kinds) == 1 else Firm]

    def column(self, name: str) -> NDArray[Any]:
        """A property of all members as an array, in the set's order; words stay words.

        Raises AttributeError when it is not a column of all members.
        """
        declared = self._declared(name)
        if declared is None:
            raise AttributeError(
                f"{name!r} is not a column of every agent in the set; use get(), or select one class first"
            )
        column, rows = declared
        if column.decode is None:
            return _numbers(column, self.model, rows)
        return np.array(column.values(self.model, rows))

    def agg(self, attribute: str, func: Function | Iterable[Function]) -> Any:
        """One or more functions of a property over all members; sums, means and the like run on the column."""
        declared = self._declared(attribute)
        if declared is None or declared[0].decode is not None:
            values: Any = self.get(attribute)
        else:
            values = _numbers(declared[0], self.model, declared[1])
        functions = [func] if callable(func) else list(func)
        results = [_apply(function, values) for function in functions]
        return results[0] if callable(func) else results

    def set(self, attr_name: str, value: Any) -> Self:
        """Set a property of every member to one value, where it is safe to set; raises AttributeError elsewhere."""
        declared = self._declared(attr_name)
        if declared is None:
            for agent in self:
                setattr(agent, attr_name, value)
        else:
            column, rows = declared
            column.write_rows(self.model, rows, value)
        return self


def _numbers(column: Column[Any], market: Market, rows: Codes) -> NDArray[Any]:
    """A column of numbers, wide enough to calculate with."""
    numbers = np.asarray(column.read(market, rows))
    wide = {"i": np.int64, "u": np.int64, "f": np.float64}.get(numbers.dtype.kind)
    return numbers if wide is None else numbers.astype(wide)


def _apply(function: Function, values: Any) -> Any:
    """A function of many values: on the array where it understands arrays, else on a list as in Mesa."""
    if not isinstance(values, np.ndarray):
        return function(values)
    twin = _ON_COLUMNS.get(function)
    if twin is not None and (len(values) or function in (sum, len)):
        result = twin(values)
        return result.item() if isinstance(result, np.generic) else result
    module = getattr(function, "__module__", None) or ""
    if isinstance(function, np.ufunc) or module.split(".")[0] == "numpy":
        return function(values)
    return function(values.tolist())
