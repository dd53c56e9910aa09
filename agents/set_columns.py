"""Reading a property of many agents at once, from the columns, without making the agents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from agents.kinds import Codes, rows_of
from agents.row_view import Column, Market, UniqueId

Function = Callable[..., Any]
_MISSING = object()
#: Built-in functions and their twins on columns.
_ON_COLUMNS: dict[Any, Callable[[Any], Any]] = {sum: np.sum, min: np.min, max: np.max, len: len}


class ColumnReading:
    """What an agent set knows of its members' properties; `agents.agent_set.ColumnSet` adds who they are."""

    model: Any

    @property
    def codes(self) -> Codes:
        """Codes of the members (see `agents.kinds`)."""
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
        codes, kinds = self.codes, self.model.kinds
        present = kinds.among(codes)
        column = _shared(name, [cls for kind in present for cls in kind.classes])
        if column is None and len(present) <= 1:
            classes = np.flatnonzero(np.bincount(kinds.classes(self.model, codes)))
            # Nobody at all has every column.
            alone = [kinds.types[cls] for cls in classes] or [cls for cls in kinds.types if _shared(name, [cls])][:1]
            column = _shared(name, alone)
        if isinstance(column, UniqueId):
            return column, kinds.identities(self.model, codes)
        return None if column is None or len(present) > 1 else (column, rows_of(codes))

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


def _shared(name: str, classes: Sequence[type]) -> Column[Any] | None:
    """The column of this name that all of these classes have, None where they do not share one."""
    found = [getattr(cls, name, None) for cls in classes]
    return found[0] if found and isinstance(found[0], Column) and all(each is found[0] for each in found) else None


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
