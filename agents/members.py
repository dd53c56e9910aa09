"""Rows and the agents they are: codes, classes and views.

A code says which row a member of a set is: a person's row as it is, a firm's as -1 - row (`~row`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.columns import Status
from agents.developers import PropertyDeveloper
from agents.firms import Firm, OtherFirm, TechFirm
from agents.people import PERSON_CLASSES, person_classes
from agents.views import FIRST_FIRM_ID, Market, RowView

Codes = NDArray[np.int32]
#: In the order of `agents.columns.FirmKind`.
FIRM_CLASSES: tuple[type[Firm], ...] = (TechFirm, PropertyDeveloper, OtherFirm)
#: Every class of agents there is; those with no member yet (K-visa holders before the visa) included.
AGENT_TYPES: tuple[type[RowView], ...] = (*PERSON_CLASSES, *FIRM_CLASSES)


def person_codes(market: Market) -> Codes:
    """Everyone in the market; rows not in use are left out."""
    people = market.people
    return np.flatnonzero(people.status[: people.count] != Status.GONE).astype(np.int32)


def firm_codes(market: Market) -> Codes:
    """Every firm."""
    return ~np.arange(len(market.firms), dtype=np.int32)


def staff_codes(market: Market, firm: int) -> Codes:
    """Everyone who works at a firm; students whom it waits for are left out."""
    people = market.people
    here = people.employer[: people.count] == firm
    return np.flatnonzero(here & (people.status[: people.count] == Status.EMPLOYED)).astype(np.int32)


def agent_classes(market: Market, codes: Codes) -> NDArray[np.uint8]:
    """Class of each member, as an index into `AGENT_TYPES`."""
    classes = np.empty(len(codes), np.uint8)
    person = codes >= 0
    classes[person] = person_classes(market, codes[person])
    classes[~person] = market.firms.kind[~codes[~person]] + len(PERSON_CLASSES)
    return classes


def identities(market: Market, codes: Codes) -> NDArray[np.int64]:
    """Unique id of each member."""
    if not len(codes):
        return np.zeros(0, np.int64)
    return np.where(codes >= 0, market.people.identity[np.maximum(codes, 0)], FIRST_FIRM_ID + ~codes.astype(np.int64))


def still_present(market: Market, codes: Codes, known: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which members are still those whose unique ids are `known`, and in the market."""
    present = market.people.status[np.maximum(codes, 0)] != Status.GONE
    result: NDArray[np.bool_] = (codes < 0) | (present & (identities(market, codes) == known))
    return result


def views(market: Market, codes: Codes) -> list[RowView]:
    """The members as agents, each of the class it belongs to this month."""
    rows = np.where(codes >= 0, codes, ~codes).tolist()
    ids, classes = identities(market, codes).tolist(), agent_classes(market, codes).tolist()
    return [AGENT_TYPES[cls](market, row, id_) for cls, row, id_ in zip(classes, rows, ids, strict=True)]


def code_of(agent: RowView) -> int:
    """The code of an agent's row."""
    return ~agent.row if agent.identity >= FIRST_FIRM_ID else agent.row


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
    return np.fromiter(codes, np.int32, len(codes))


def firm_at(market: Market, row: int) -> Firm:
    """The firm of a row."""
    cls: type[Firm] = FIRM_CLASSES[market.firms.kind[row]]
    return cls(market, row, FIRST_FIRM_ID + row)
