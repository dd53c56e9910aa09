"""The labour market as a Mesa model: what users of Mesa create, step and look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import mesa
import pandas as pd
from mesa.datacollection import DataCollector

from model.market import Market, simulate
from model.mechanisms.property import PROPERTY

if TYPE_CHECKING:
    from mesa import Agent
    from mesa.agent import AgentSet

    from agents.developer_columns import Developers
    from model.mechanisms.matching.search import SearchRules
    from model.scenario import Scenario

__all__ = ["LabourMarket", "simulate"]


class LabourMarket(Market, mesa.Model):  # type: ignore[misc]
    """The urban labour market of China, one month a step.

    The market opens in the steady state of the month before the scenario's `start`; each `step` adds one row of
    indicators to `datacollector`. `rng` is the seed of the replication (default: the scenario's): the same scenario
    and seed give the same market. Agents are views of rows, made when somebody looks.
    """

    #: Mesa 3.5 makes `scenario` a property that writes into it; ours is frozen and belongs to the market.
    scenario = None  # type: ignore[assignment]

    def __init__(self, scenario: Scenario, rng: int | None = None) -> None:
        """Open the market of a scenario."""
        seed = scenario.seed if rng is None else int(rng)
        mesa.Model.__init__(self, rng=seed)
        Market.__init__(self, scenario, seed)
        self.datacollector = RecordedIndicators(self)

    def step(self) -> None:
        """Live through one month; `running` turns false after the scenario's last month."""
        self.advance()
        self.running = self.month < self.last_month

    @property
    def search_rules(self) -> SearchRules:
        """Numbers of search and ranking this month, by which views of persons say what they ask for."""
        from model.mechanisms.matching.search import search_rules

        return search_rules(self)

    @property
    def developers(self) -> Developers:
        """The columns of property developers, of which their views read."""
        return PROPERTY.of(self).columns

    @property
    def agents(self) -> AgentSet:
        """Everyone in the market: people and firms."""
        from agents.agent_set import all_agents

        return all_agents(self)

    @property
    def agents_by_type(self) -> Mapping[type[Agent], AgentSet]:
        """People and firms by class: `market.agents_by_type[Graduate]`."""
        from agents.agent_set import agents_by_type

        return agents_by_type(self)

    @property
    def agent_types(self) -> list[type[Agent]]:
        """The classes of agents in the market."""
        return list(self.agents_by_type)


class RecordedIndicators(DataCollector):  # type: ignore[misc]
    """Mesa's data collector over what the market records itself: every indicator, one row per step."""

    def __init__(self, market: LabourMarket) -> None:
        """Offer the indicators of a market under Mesa's names."""
        super().__init__()
        self._market = market
        declared = market.specification.indicator
        self.model_reporters = {name: indicator.definition for name, indicator in declared.items()}

    @property
    def model_vars(self) -> dict[str, list[Any]]:
        """Values so far by indicator."""
        return {name: [row[name] for row in self._market.rows] for name in self.model_reporters}

    @model_vars.setter
    def model_vars(self, value: dict[str, list[Any]]) -> None:
        """Mesa's constructor sets an empty one; the market keeps its own."""

    @property
    def _collection_steps(self) -> list[int]:
        """The steps that have a row, as `mesa.batch_run` of Mesa 3.5 asks."""
        return list(range(1, len(self._market.rows) + 1))

    @_collection_steps.setter
    def _collection_steps(self, value: list[int]) -> None:
        """Mesa's constructor sets an empty one; the market keeps its own."""

    def collect(self, model: mesa.Model) -> None:
        """Nothing to do: the market records each month as it closes."""

    def get_model_vars_dataframe(self) -> pd.DataFrame:
        """The indicators so far: one row per step, one column per indicator."""
        return pd.DataFrame(self.model_vars, columns=list(self.model_reporters))
