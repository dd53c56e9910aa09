"""Kinds of agents: what shows the rows of a table as agents, and which classes they have.

Persons and firms are the two built-in kinds (`agents.built_in`); a mechanism may bring more. Agent sets, ids, views and
copies ask the kinds of a market only, so a third kind needs nothing but its declaration.

A code tells which row a member of a set is: the place of its kind among the market's, times 2**32, and the row. A
unique id is made the same way of what tells the agents of one kind apart, so no two agents of a market share one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.row_view import KIND_BITS, ROW, Column, Market, RowView, UniqueId

Codes = NDArray[np.int64]
#: What a kind says of many of its rows.
OfRows = Callable[[Any, NDArray[Any]], NDArray[Any]]


def _zeros(_: Any, rows: NDArray[Any]) -> NDArray[np.uint8]:
    return np.zeros(len(rows), np.uint8)


def _rows_themselves(_: Any, rows: NDArray[Any]) -> NDArray[Any]:
    return rows


@dataclass(frozen=True, eq=False, slots=True)
class Kind:
    """A kind of agents: where its columns lie, and how a row is told to be an agent of which class.

    `table` finds its columns in a market; their length is the number of rows, in use or not. `class_of(market, rows)`
    gives each row's class as an index into `classes` (default: the first), `identity` what tells it from others of its
    kind, from 0 to 2**32 - 1 (default: the row, where rows are never given to somebody else), `present` whether there
    is anybody in the row (default: always). A table may grow; a row is never taken away.
    """

    id: str
    classes: tuple[type[RowView], ...]
    table: Callable[[Any], Sized]
    class_of: OfRows = _zeros
    identity: OfRows = _rows_themselves
    present: OfRows | None = None

    def __post_init__(self) -> None:
        """Raise TypeError where the classes are no classes of agents."""
        given: Any = self.classes
        if not isinstance(given, tuple) or not given:
            raise TypeError(f"classes of the kind {self.id!r} are a tuple of one or more, not {given!r:.60}")
        for cls in given:
            if not isinstance(cls, type) or not issubclass(cls, RowView):
                raise TypeError(f"classes of the kind {self.id!r} are classes of RowView, not {cls!r:.60}")

    def rows(self, market: Market) -> NDArray[np.int64]:
        """The rows that somebody is in."""
        rows = np.arange(len(self.table(market)))
        return rows if self.present is None else rows[self.present(market, rows)]

    def try_out(self, market: Any) -> None:
        """Read every column of every agent, so that a mistake shows before anybody looks."""
        rows = self.rows(market)
        classes, identities = np.asarray(self.class_of(market, rows)), np.asarray(self.identity(market, rows))
        if np.any(classes >= len(self.classes)):
            raise IndexError(f"class_of gives class {classes.max()}, of {len(self.classes)} counted from 0")
        if len(np.unique(identities)) < len(rows) or np.any((identities < 0) | (identities > ROW)):
            raise ValueError("identity has to tell agents apart, by whole numbers from 0 to 2**32 - 1")
        for place, cls in enumerate(self.classes):
            own = rows[classes == place]
            for name, column in columns_of(cls).items():
                if np.shape(column.read(market, own)) != own.shape:
                    raise ValueError(f"the column {name!r} does not give one value for each of {len(own)} rows")
                column.values(market, own)

    def holds(self, market: Market, rows: Any, identities: Any) -> Any:
        """Whether those of some identities are in these rows still; one row or many."""
        same = self.identity(market, rows) == identities
        return same if self.present is None else same & self.present(market, rows)


class Kinds(Mapping[str, Kind]):
    """The kinds of agents of a market by id, in the order of its agents."""

    def __init__(self, *kinds: Kind) -> None:
        self.kinds = kinds
        #: Every class of agents there is; those with no member yet (K-visa holders before the visa) included.
        self.types: tuple[type[RowView], ...] = tuple(cls for kind in kinds for cls in kind.classes)
        self._places = {kind.id: place for place, kind in enumerate(kinds)}
        self._by_class = {cls: kind for kind in kinds for cls in kind.classes}
        #: Where the classes of each kind begin in `types`.
        self._first_type = np.cumsum([0, *(len(kind.classes) for kind in kinds)])

    def __getitem__(self, id_: str) -> Kind:
        return self.kinds[self._places[id_]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self.kinds)

    def first_code(self, id_: str) -> int:
        """The code of row 0 of a kind, which is also the first of its unique ids."""
        return self._places[id_] << KIND_BITS

    def codes(self, market: Market, id_: str) -> Codes:
        """Everyone of a kind who is in the market."""
        return self[id_].rows(market) + self.first_code(id_)

    def everyone(self, market: Market) -> Codes:
        """Everyone in the market, kind by kind."""
        return np.concatenate([self.codes(market, id_) for id_ in self])

    def of_class(self, market: Market, agent_type: type) -> Codes | None:
        """Everyone of a class, None where no kind has that class."""
        kind = self._by_class.get(agent_type)
        if kind is None:
            return None
        codes = self.codes(market, kind.id)
        chosen: Codes = codes[self.classes(market, codes) == self.types.index(agent_type)]
        return chosen

    def among(self, codes: Codes) -> tuple[Kind, ...]:
        """The kinds that codes are of."""
        if not len(codes):
            return ()
        first, last = int(codes.min()) >> KIND_BITS, int(codes.max()) >> KIND_BITS
        if last - first <= 1:
            return self.kinds[first : last + 1]
        return tuple(self.kinds[place] for place in np.unique(codes >> KIND_BITS))

    def classes(self, market: Market, codes: Codes) -> NDArray[np.uint8]:
        """Class of each member, as an index into `types`."""
        out = np.empty(len(codes), np.uint8)
        for place, here, rows in self._by_kind(codes):
            out[here] = self.kinds[place].class_of(market, rows) + self._first_type[place]
        return out

    def identities(self, market: Market, codes: Codes) -> NDArray[np.int64]:
        """Unique id of each member."""
        out = np.empty(len(codes), np.int64)
        for place, here, rows in self._by_kind(codes):
            out[here] = self.kinds[place].identity(market, rows)
            out[here] += place << KIND_BITS
        return out

    def still_present(self, market: Market, codes: Codes, known: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which members are still those whose unique ids are `known`, and in the market."""
        out = np.empty(len(codes), np.bool_)
        for place, here, rows in self._by_kind(codes):
            out[here] = self.kinds[place].holds(market, rows, known[here] & ROW)
        return out

    def _by_kind(self, codes: Codes) -> Iterator[tuple[int, Any, NDArray[np.int64]]]:
        """The place of each kind among the codes, where its members are in them, and their rows."""
        kinds = self.among(codes)
        for kind in kinds:
            place = self._places[kind.id]
            here = slice(None) if len(kinds) == 1 else codes >> KIND_BITS == place
            yield place, here, rows_of(codes[here])

    def views(self, market: Market, codes: Codes) -> list[Any]:
        """The members as agents, each of the class it belongs to this month."""
        rows = rows_of(codes).tolist()
        ids, classes = self.identities(market, codes).tolist(), self.classes(market, codes).tolist()
        return [self.types[cls](market, row, id_) for cls, row, id_ in zip(classes, rows, ids, strict=True)]

    def positions(self, market: Market, codes: Codes) -> tuple[int, NDArray[np.int64]]:
        """Codes as places in one long array of all rows, and how long it has to be."""
        starts = np.cumsum([0, *(len(kind.table(market)) for kind in self.kinds)])
        return int(starts[-1]), starts[codes >> KIND_BITS] + rows_of(codes)


def columns_of(cls: type[RowView]) -> dict[str, Column[Any]]:
    """The columns of a class by name, without the unique id that all have."""
    held = {name: getattr(cls, name) for name in dir(cls) if isinstance(getattr(cls, name, None), Column)}
    return {name: column for name, column in held.items() if not isinstance(column, UniqueId)}


def rows_of(codes: Codes) -> NDArray[np.int64]:
    """The rows of members, each in the table of its kind."""
    rows: NDArray[np.int64] = codes & ROW
    return rows


def code_of(agent: RowView) -> int:
    """The code of an agent's row."""
    return agent.identity >> KIND_BITS << KIND_BITS | agent.row


def codes_of(market: Market, agents: Iterable[Any]) -> Codes:
    """Codes of agents of this market, each once, in order; those who have left are passed over.

    Raises TypeError for anything that is not an agent of this market.
    """
    codes: dict[int, None] = {}
    for agent in agents:
        if not isinstance(agent, RowView) or agent.model is not market:
            raise TypeError(f"only agents of the same market can be in this set, not {agent!r}")
        if not agent.gone:
            codes[code_of(agent)] = None
    return np.fromiter(codes, np.int64, len(codes))
