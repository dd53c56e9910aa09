"""Who is in the market, and how each one decides.

`from agents import Graduate` works; importing a part such as `agents.columns` does not load Mesa.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from agents.compiled_cache import use_cache_of_this_source

if TYPE_CHECKING:
    from agents.agent_set import ColumnSet, agents_by_type, all_agents
    from agents.built_in import AGENT_TYPES
    from agents.developers import PropertyDeveloper
    from agents.firms import Firm, OtherFirm, TechFirm
    from agents.people import Graduate, KVisaHolder, Over35Worker, Person, Worker
    from agents.row_view import GoneError

_HOMES = {
    "ColumnSet": "agent_set",
    "agents_by_type": "agent_set",
    "all_agents": "agent_set",
    "AGENT_TYPES": "built_in",
    "Person": "people",
    "Graduate": "people",
    "Over35Worker": "people",
    "KVisaHolder": "people",
    "Worker": "people",
    "Firm": "firms",
    "TechFirm": "firms",
    "OtherFirm": "firms",
    "PropertyDeveloper": "developers",
    "GoneError": "row_view",
}

# Before the first kernel is defined, whoever imports it.
use_cache_of_this_source()

__all__ = [
    "AGENT_TYPES",
    "ColumnSet",
    "Firm",
    "GoneError",
    "Graduate",
    "KVisaHolder",
    "OtherFirm",
    "Over35Worker",
    "Person",
    "PropertyDeveloper",
    "TechFirm",
    "Worker",
    "agents_by_type",
    "all_agents",
]


def __getattr__(name: str) -> Any:
    """Import the file that holds a name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'agents' has no attribute {name!r}")
    return getattr(import_module(f"agents.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
