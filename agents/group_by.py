"""Groups of agents, as `agents.groupby` returns them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from agents.mesa_compatibility import AgentSet, GroupBy


class ColumnGroupBy(GroupBy):  # type: ignore[misc]  # mesa has no types
    """Groups by key; `map`, `do` and `count` are Mesa's, `agg` reads columns."""

    def agg(self, attr_name: str, func: Callable[..., Any] | Iterable[Callable[..., Any]]) -> dict[Any, Any]:
        """One or more functions of a property over each group, by key."""
        functions = func if callable(func) else list(func)
        return {key: _aggregate(group, attr_name, functions) for key, group in self.groups.items()}


def _aggregate(group: Any, name: str, func: Any) -> Any:
    if isinstance(group, AgentSet):
        return group.agg(name, func)
    values = [getattr(agent, name) for agent in group]
    return func(values) if callable(func) else [f(values) for f in func]
