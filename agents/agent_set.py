"""Mesa agent sets over columns: who is in them is an array of rows; agents are made only when somebody looks.

Every set is a snapshot of who belonged to it when it was asked for. Those who leave the market drop out of it, as in
Mesa; those who change class stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from agents.group_by import ColumnGroupBy
from agents.kinds import Codes, code_of, codes_of
from agents.mesa_compatibility import AgentSet
from agents.row_view import Market, RowView
from agents.set_columns import ColumnReading

Function = Callable[..., Any]
#: Views made at a time while a set is walked through.
CHUNK = 4096


class ColumnSet(ColumnReading, AgentSet):  # type: ignore[misc]  # mesa has no types
    """An ordered set of agents, of one kind or several.

    A code per member says which row (see `agents.kinds`). What the model hands out (`fixed`) cannot be added to or
    removed from; what you select from it can.
    """

    def __init__(self, market: Market, codes: NDArray[Any], random: Any = None, *, fixed: bool = False) -> None:
        # Not calling AgentSet.__init__: it would fill a dictionary of weak references with agents.
        self.model = market
        self.random = market.random if random is None else random
        self._fixed = fixed
        self._take(np.asarray(codes, np.int64))

    # --- members ----------------------------------------------------------------------------------------------------

    @property
    def _agents(self) -> Any:
        # Any method of Mesa's that this class forgot to replace would end here instead of giving a wrong answer.
        raise NotImplementedError("this operation of mesa.AgentSet does not work on columns; use to_list()")

    @property
    def codes(self) -> Codes:
        """Codes of the members who are still in the market."""
        if self._month != self.model.month:
            self._take(self._codes[self.model.kinds.still_present(self.model, self._codes, self._identities)])
        return self._codes

    def _take(self, codes: Codes) -> None:
        self._codes, self._identities = codes, self.model.kinds.identities(self.model, codes)
        self._month: int = self.model.month
        self._lookup: NDArray[np.bool_] | None = None

    def _holds(self, codes: Codes) -> NDArray[np.bool_]:
        """Which of these codes are members."""
        members = self.codes
        length, positions = self.model.kinds.positions(self.model, codes)
        if self._lookup is None or len(self._lookup) != length:
            self._lookup = np.zeros(length, np.bool_)
            self._lookup[self.model.kinds.positions(self.model, members)[1]] = True
        held: NDArray[np.bool_] = self._lookup[positions]
        return held

    def pick(self, which: Any) -> ColumnSet:
        """The members that a mask or an array of positions picks, in the set's order; no agent is made.

        With `column` it is the fast way to select: `people.pick(people.column("age") < 25)`.
        """
        return ColumnSet(self.model, self.codes[which], self.random)

    def _keep(self, which: NDArray[Any], *, inplace: bool) -> ColumnSet:
        if not inplace:
            return self.pick(which)
        self._take(self.codes[which])
        return self

    def classes(self) -> NDArray[np.uint8]:
        """Class of each member, as an index into the market's `kinds.types`."""
        indices: NDArray[np.uint8] = self.model.kinds.classes(self.model, self.codes)
        return indices

    def to_list(self) -> list[Any]:
        """The members as agents."""
        return list(self)

    def copy(self) -> ColumnSet:
        """A set of your own with the same members."""
        return self.pick(np.arange(len(self)))

    __copy__ = copy

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_lookup": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        # The market itself may not be there yet: a set that it holds comes back before it.
        self.__dict__.update(state)

    def __deepcopy__(self, memo: dict[int, Any]) -> ColumnSet:
        """A set over the same market, or over its twin when the whole model is being copied."""
        twin, model = object.__new__(type(self)), memo.get(id(self.model), self.model)
        random = self.random if model is self.model else deepcopy(self.random, memo)
        twin.__setstate__(self.__getstate__() | {"model": model, "random": random})
        return twin

    def __len__(self) -> int:
        return len(self.codes)

    def __iter__(self) -> Iterator[Any]:
        codes = self.codes
        for start in range(0, len(codes), CHUNK):
            chunk = codes[start : start + CHUNK]
            yield from self.model.kinds.views(self.model, chunk)

    def __contains__(self, agent: object) -> bool:
        if not isinstance(agent, RowView) or agent.model is not self.model or agent.gone:
            return False
        return bool(self._holds(np.array([code_of(agent)]))[0])

    @overload
    def __getitem__(self, item: int) -> Any: ...

    @overload
    def __getitem__(self, item: slice) -> list[Any]: ...

    def __getitem__(self, item: int | slice) -> Any:
        if isinstance(item, slice):
            return self.model.kinds.views(self.model, self.codes[item])
        return self.model.kinds.views(self.model, self.codes[[item]])[0]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self)} agents>"

    # --- selecting and ordering -------------------------------------------------------------------------------------

    def select(
        self,
        filter_func: Callable[[Any], bool] | None = None,
        at_most: float = float("inf"),
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> ColumnSet:
        """Members for which `filter_func` is true, of a class, at most so many (a float up to 1.0 is a share)."""
        if not isinstance(at_most, int) and at_most <= 1.0:
            at_most = int(len(self) * at_most)
        at_most = max(0, at_most)
        if agent_type is None:
            positions = np.arange(len(self))
        else:
            fits = np.array([issubclass(cls, agent_type) for cls in self.model.kinds.types])
            positions = np.flatnonzero(fits[self.classes()])
        if filter_func is not None:
            positions = self._passing(filter_func, positions, at_most)
        return self._keep(positions[: len(positions) if at_most == float("inf") else int(at_most)], inplace=inplace)

    def _passing(self, test: Callable[[Any], bool], positions: NDArray[Any], at_most: float) -> NDArray[Any]:
        """Positions whose agents pass; stops asking when it has enough."""
        passing: list[int] = []
        for position, agent in zip(positions.tolist(), self.pick(positions), strict=True):
            if len(passing) >= at_most:
                break
            if test(agent):
                passing.append(position)
        return np.array(passing, np.int64)

    def shuffle(self, inplace: bool = False) -> ColumnSet:
        """The members in random order, by the model's `random`, which the simulation never uses."""
        return self._keep(self._shuffled(), inplace=inplace)

    def _shuffled(self) -> NDArray[Any]:
        order = list(range(len(self)))
        self.random.shuffle(order)
        return np.array(order, np.int64)

    def sort(self, key: Callable[[Any], Any] | str, ascending: bool = False, inplace: bool = False) -> ColumnSet:
        """The members sorted by a property or a function of the agent; equal ones keep their order."""
        keys = self.get(key) if isinstance(key, str) else [key(agent) for agent in self]
        order = sorted(range(len(keys)), key=keys.__getitem__, reverse=not ascending)
        return self._keep(np.array(order, np.int64), inplace=inplace)

    # --- asking every member ----------------------------------------------------------------------------------------

    def do(self, method: str | Function, *args: Any, **kwargs: Any) -> ColumnSet:
        """Call a method, or a function of the agent, for every member; return the set."""
        self.map(method, *args, **kwargs)
        return self

    def shuffle_do(self, method: str | Function, *args: Any, **kwargs: Any) -> ColumnSet:
        """The same as `do`, in random order."""
        self.shuffle().map(method, *args, **kwargs)
        return self

    def map(self, method: str | Function, *args: Any, **kwargs: Any) -> list[Any]:
        """Call a method, or a function of the agent, for every member; return the results."""
        if isinstance(method, str):
            return [getattr(agent, method)(*args, **kwargs) for agent in self]
        return [method(agent, *args, **kwargs) for agent in self]

    # --- groups -----------------------------------------------------------------------------------------------------

    def groupby(self, by: Function | str, result_type: str = "agentset") -> ColumnGroupBy:
        """Members grouped by a property or a function of the agent, in order of first appearance."""
        keys = self.get(by) if isinstance(by, str) else [by(agent) for agent in self]
        positions: dict[Any, list[int]] = {}
        for position, key in enumerate(keys):
            positions.setdefault(key, []).append(position)
        groups: dict[Any, Any] = {key: self.pick(np.array(where)) for key, where in positions.items()}
        if result_type != "agentset":
            groups = {key: group.to_list() for key, group in groups.items()}
        return ColumnGroupBy(groups)

    # --- changing members, and set algebra --------------------------------------------------------------------------

    def add(self, agent: RowView) -> None:
        """Add an agent to a set of your own; raises TypeError when the model decides who belongs."""
        self._refuse_if_fixed()
        agent.check_present()
        self._take(self._united(codes_of(self.model, [agent])))

    def discard(self, agent: RowView) -> None:
        """Remove an agent from a set of your own if it is there; raises TypeError when the model decides."""
        self._refuse_if_fixed()
        if agent in self:
            self._take(self.codes[self.codes != code_of(agent)])

    def remove(self, agent: RowView) -> None:
        """Remove an agent from a set of your own; raises KeyError when it is not there."""
        self._refuse_if_fixed()
        if agent not in self:
            raise KeyError(agent)
        self.discard(agent)

    def _refuse_if_fixed(self) -> None:
        if self._fixed:
            raise TypeError("the model decides who is in this set; select() from it to get a set of your own")

    def _update(self, agents: Iterable[RowView]) -> ColumnSet:
        self._take(codes_of(self.model, agents))
        return self

    def _from_iterable(self, agents: Iterable[RowView]) -> ColumnSet:
        # What collections.abc.Set builds the results of the remaining operators with.
        return ColumnSet(self.model, codes_of(self.model, agents), self.random)

    def _like(self, other: Any) -> ColumnSet:
        return other if isinstance(other, ColumnSet) and other.model is self.model else self._from_iterable(other)

    def _united(self, codes: Codes) -> Codes:
        return np.concatenate([self.codes, codes[~self._holds(codes)]])

    def __or__(self, other: Any) -> ColumnSet:
        return ColumnSet(self.model, self._united(self._like(other).codes), self.random)

    def __and__(self, other: Any) -> ColumnSet:
        return self.pick(self._like(other)._holds(self.codes))

    def __sub__(self, other: Any) -> ColumnSet:
        return self.pick(~self._like(other)._holds(self.codes))

    def __xor__(self, other: Any) -> ColumnSet:
        other = self._like(other)
        return ColumnSet(self.model, (self - other)._united((other - self).codes), self.random)


# --- what the model hands out ---------------------------------------------------------------------------------------


def all_agents(market: Market) -> ColumnSet:
    """Everyone, as `market.agents`: persons, then firms, then kinds of one's own."""
    return ColumnSet(market, market.kinds.everyone(market), fixed=True)


class AgentsByType(Mapping[type, Any]):
    """Agents by class, as `market.agents_by_type`: a set is made when it is asked for, always of the present month."""

    def __init__(self, market: Market) -> None:
        self._market = market

    def __getitem__(self, agent_type: type) -> Any:
        codes = self._market.kinds.of_class(self._market, agent_type)
        if codes is not None:
            return ColumnSet(self._market, codes, fixed=True)
        if agent_type in self._registered():
            return self._registered()[agent_type]
        raise KeyError(
            f"{agent_type!r} is not a class of agents with members of its own; "
            f"use agents.select(agent_type=...) for a base class"
        )

    def __iter__(self) -> Iterator[type]:
        return iter((*self._market.kinds.types, *self._registered()))

    def __len__(self) -> int:
        return len(self._market.kinds.types) + len(self._registered())

    def _registered(self) -> Mapping[type, Any]:
        """Agents of classes of your own, which Mesa registers in the ordinary way."""
        registered: Mapping[type, Any] = getattr(self._market, "_agents_by_type", {})
        return registered


def agents_by_type(market: Market) -> AgentsByType:
    """Agents by class, as `market.agents_by_type`."""
    return AgentsByType(market)
