"""The kinds of agents that every market has: persons and firms."""

from __future__ import annotations

from agents.developers import PropertyDeveloper
from agents.firms import OtherFirm, TechFirm
from agents.kinds import Kind, Kinds
from agents.people import PERSON_CLASSES, is_present, person_classes

PERSONS = Kind(
    "persons",
    PERSON_CLASSES,
    table=lambda market: market.people,
    class_of=person_classes,
    identity=lambda market, rows: market.people.identity[rows],
    present=is_present,
)
FIRMS = Kind(
    "firms",
    (TechFirm, PropertyDeveloper, OtherFirm),  # in the order of `agents.columns.FirmKind`
    table=lambda market: market.firms,
    class_of=lambda market, rows: market.firms.kind[rows],
)
#: The kinds of a market without any of one's own.
BUILT_IN = Kinds(PERSONS, FIRMS)
#: Their classes.
AGENT_TYPES = BUILT_IN.types
