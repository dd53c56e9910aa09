"""The few names of Mesa that moved between the versions this model runs on (3.3 and 3.5)."""

from __future__ import annotations

from mesa import Agent
from mesa.agent import AgentSet

try:  # mesa 3.5 gave agent sets a module of their own
    from mesa.agentset import GroupBy
except ModuleNotFoundError:
    from mesa.agent import GroupBy

__all__ = ["Agent", "AgentSet", "GroupBy"]
