"""A Mesa agent as a view of one row: made when somebody looks, holding nothing of its own.

A property is declared once, as a `Column`: the view reads it for its row, an agent set for all its rows at once.
Views skip `mesa.Agent.__init__`, so nobody is registered: a million persons cost no objects, and a model that is
dropped is freed (registration in Mesa 3.3 keeps every model alive for good).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from numbers import Real
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from agents.columns import Firms, People
from agents.developer_columns import Developers
from agents.mesa_compatibility import Agent

if TYPE_CHECKING:
    from agents.kinds import Kinds

Value = TypeVar("Value")
#: One row or many: numpy arithmetic serves both.
Rows = NDArray[np.integer[Any]] | int
#: The lower bits of a code are a row, those of a unique id what tells the agents of a kind apart; the others the kind.
KIND_BITS = 32
ROW = (1 << KIND_BITS) - 1
#: More than anybody earns or owns.
LARGEST_AMOUNT = 1e12


class Market(Protocol):
    """What views need to see of the model."""

    @property
    def kinds(self) -> Kinds:
        """Kinds of agents."""

    @property
    def people(self) -> People:
        """Columns of persons."""

    @property
    def firms(self) -> Firms:
        """Columns of firms."""

    @property
    def developers(self) -> Developers:
        """Columns of property developers."""

    @property
    def month(self) -> int:
        """Index of the month last simulated; 0 is 2018-01."""

    @property
    def wage_level(self) -> float:
        """Wages relative to 2018-01."""

    @property
    def occupation_ids(self) -> tuple[str, ...]:
        """Occupations, nodes of the job graph in order."""

    @property
    def sector_ids(self) -> tuple[str, ...]:
        """Sectors in order."""

    @property
    def random(self) -> Any:
        """Mesa's generator; only for looking (shuffles), never for the simulation."""


class GoneError(LookupError):
    """Somebody held on to a person who has left the market since."""


class Column(Generic[Value]):
    """A property of an agent, declared once for one agent and for all.

    `read(market, rows)` gives plain numbers for one row or many; `decode(market, numbers)` turns a list of them into
    what users see (words, other agents). `write(market, rows, value)` exists where setting is safe.
    """

    def __init__(
        self,
        meaning: str,
        read: Callable[[Any, Any], Any],
        decode: Callable[[Any, list[Any]], list[Any]] | None = None,
        write: Callable[[Any, Any, Any], None] | None = None,
    ) -> None:
        self.__doc__ = meaning
        self.read, self.decode, self.write = read, decode, write
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, agent: None, owner: type) -> Self: ...

    @overload
    def __get__(self, agent: RowView, owner: type) -> Value: ...

    def __get__(self, agent: RowView | None, owner: type) -> Self | Value:
        """The value in the agent's row; the declaration itself when asked of the class."""
        if agent is None:
            return self
        agent.check_present()
        number = np.asarray(self.read(agent.model, agent.row)).item()
        value: Value = number if self.decode is None else self.decode(agent.model, [number])[0]
        return value

    def __set__(self, agent: RowView, value: Value) -> None:
        """Write the value where that is safe; raise AttributeError where the model decides it."""
        agent.check_present()
        self.write_rows(agent.model, agent.row, value)

    def write_rows(self, market: Market, rows: Rows, value: Any) -> None:
        """Write one value into many rows."""
        if self.write is None:
            raise AttributeError(
                f"{self.name!r} is decided by the model and cannot be set. Change it through the scenario, or set one "
                f"of the properties that nothing else is counted from (docs/mesa.md)."
            )
        self.write(market, rows, value)

    def values(self, market: Market, rows: NDArray[Any]) -> list[Value]:
        """The values of many rows as users see them."""
        numbers: list[Any] = self.read(market, rows).tolist()
        return numbers if self.decode is None else self.decode(market, numbers)


class UniqueId(Column[int]):
    """The id that tells an agent from all others of its model; it stays with one who is gone. Of many: see `Kinds`."""

    def __init__(self) -> None:
        super().__init__("Tells the agent from all others of its market; is never given twice.", lambda _, ids: ids)

    @overload
    def __get__(self, agent: None, owner: type) -> Self: ...

    @overload
    def __get__(self, agent: RowView, owner: type) -> int: ...

    def __get__(self, agent: RowView | None, owner: type) -> Self | int:
        """The id that the view was made with, whoever has the row now."""
        return self if agent is None else agent.identity


def words(names: Mapping[int, str]) -> Callable[[Any, list[int]], list[str]]:
    """A `decode` that looks numbers up in a fixed table."""
    return lambda _, numbers: [names[number] for number in numbers]


def amount(value: Any, what: str, unit: str = "") -> float:
    """A number that is to be set, from 0 up and small enough for every column; raises ValueError for anything else."""
    if not isinstance(value, Real) or not 0 <= float(value) <= LARGEST_AMOUNT:
        of = f"of {unit} " if unit else ""
        raise ValueError(f"{what} must be a number {of}from 0 to {LARGEST_AMOUNT:.0e}, not {value!r}")
    return float(value)


class RowView(Agent):  # type: ignore[misc]  # mesa has no types
    """An agent of the market: a Mesa agent that reads its row when asked.

    Two views of the same agent are equal, whenever and however they were made. Attributes of your own cannot be
    stored on a view, which may be gone the next moment; keep them in a dict by `unique_id`.
    """

    __slots__ = ("identity", "model", "row")
    model: Any
    row: int
    identity: int
    #: Mesa's place in a space: nobody here stands anywhere.
    pos = None

    def __init__(self, model: Any, row: int = -1, identity: int = -1) -> None:
        # Not calling Agent.__init__ is the point: see the top of this file.
        if row < 0:  # Graduate(market), as Mesa makes agents
            self.create_agents()
        _store(self, "model", model)
        _store(self, "row", row)
        _store(self, "identity", identity)

    unique_id = UniqueId()

    @property
    def gone(self) -> bool:
        """Whether the agent has left the market since this view was made."""
        kind = self.model.kinds.kinds[self.identity >> KIND_BITS]
        return not kind.holds(self.model, self.row, self.identity & ROW)

    def check_present(self) -> None:
        """Raise GoneError when the row now belongs to somebody else or to nobody."""
        if self.gone:
            raise GoneError(
                f"{type(self).__name__} {self.identity} has left the market (month index {self.model.month}); "
                f"test `gone` before reading somebody you held on to"
            )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RowView) and self.identity == other.identity and self.model is other.model

    def __hash__(self) -> int:
        return hash((id(self.model), self.identity))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.identity}{' (gone)' if self.gone else ''}>"

    def __setattr__(self, name: str, value: Any) -> None:
        """Set a property that is safe to set; anything else would be lost with the view, so it raises."""
        column = getattr(type(self), name, None)
        if not isinstance(column, Column):
            raise AttributeError(  # noqa: TRY004  # what setting an unknown attribute raises
                f"cannot set {name!r}: a {type(self).__name__} is a view of one row and keeps nothing of its own; "
                f"store it in a dict by unique_id"
            )
        column.__set__(self, value)

    def __delattr__(self, name: str) -> None:
        """Raise: a view has nothing of its own to delete."""
        raise AttributeError(f"cannot delete {name!r}: a {type(self).__name__} is a view of one row of the market")

    def __reduce__(self) -> tuple[Any, tuple[Any, type[RowView], int, int]]:
        # The market first: it brings the file that a class of one's own is defined in.
        return _view, (self.model, type(self), self.row, self.identity)

    def __deepcopy__(self, memo: dict[int, Any]) -> RowView:
        """The same agent, or its twin when the whole model is being copied (a data collector copies what it keeps)."""
        return type(self)(memo.get(id(self.model), self.model), self.row, self.identity)

    # --- what Mesa offers and columns cannot do ----------------------------------------------------------------------

    @classmethod
    def create_agents(cls, *_: Any, **__: Any) -> Any:
        """Raise: the model decides who is in the market."""
        raise TypeError(f"{cls.__name__} agents are made by the model: set population or a lever in the scenario")

    def remove(self) -> None:
        """Raise: the model decides who is in the market."""
        raise TypeError(f"a {type(self).__name__} cannot be removed: the model decides who enters and leaves")

    def step(self) -> None:
        """Raise: agents act in the phases of a month, all at once."""
        raise TypeError("agents act in the phases of a month: call market.step(), not step() on agents")

    advance = step


def _view(model: Any, cls: type[RowView], row: int, identity: int) -> RowView:
    return cls(model, row, identity)


_store = object.__setattr__
