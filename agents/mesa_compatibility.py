"""What this project takes from Mesa, where versions 3.3 and 3.5 differ or importing it does more than it should."""

from __future__ import annotations

import itertools
import multiprocessing

_start_method = multiprocessing.get_start_method(allow_none=True)

from mesa import Agent, Model  # noqa: E402
from mesa.agent import AgentSet  # noqa: E402
from mesa.datacollection import DataCollector  # noqa: E402

try:  # mesa 3.5 gave agent sets a module of their own
    from mesa.agentset import GroupBy
except ModuleNotFoundError:
    from mesa.agent import GroupBy

# Mesa 3.3 makes "spawn" the start method of the whole process. Whoever imports a model has not asked for that: in a
# notebook a pool of one's own would no longer find the notebook's functions.
multiprocessing.set_start_method(_start_method, force=True)

__all__ = ["Agent", "AgentSet", "DataCollector", "GroupBy", "Model"]


def count_ids_on(model: Model) -> None:
    """Let a copied model go on with the ids of agents: Mesa 3.3 keeps the next one outside of the model."""
    counters = getattr(Agent, "_ids", None)
    agents = vars(model).get("_agents")
    if counters is not None and agents:
        counters[model] = itertools.count(1 + max(getattr(agent, "unique_id", 0) for agent in agents))
