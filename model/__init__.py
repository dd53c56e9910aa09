"""How a month unfolds: the market itself.

`LabourMarket` and `load_scenario` are imported when first used, so that checking a scenario stays quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.labour_market import LabourMarket as LabourMarket
    from model.scenario.scenario import Scenario as Scenario
    from model.scenario.scenario import load_scenario as load_scenario

__all__ = ["LabourMarket", "Scenario", "load_scenario"]


def __getattr__(name: str) -> Any:
    """Import the public names on first use."""
    if name == "LabourMarket":
        from model.labour_market import LabourMarket

        return LabourMarket
    if name in {"Scenario", "load_scenario"}:
        import model.scenario.scenario

        return getattr(model.scenario.scenario, name)
    raise AttributeError(f"module 'model' has no attribute {name!r}")
