"""The labour market as a Mesa model: what users of Mesa create, step and look at."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd

from agents.agent_set import ColumnSet, agents_by_type, all_agents
from agents.mesa_compatibility import Agent, DataCollector, Model, count_ids_on
from model.market import Market, simulate
from model.mechanisms.property import PROPERTY
from model.mesa_runs import SEEDS, checked_seed, iteration_of_batch_run, note_in_batch_run, tell_what_batch_run_drops
from model.scenario.scenario import Scenario

if TYPE_CHECKING:
    from agents.developer_columns import Developers
    from agents.kinds import Kinds
    from model.handover import SearchRules

__all__ = ["LabourMarket", "simulate"]


class LabourMarket(Market, Model):  # type: ignore[misc]
    """The urban labour market of China, one month a step.

    The market opens in the steady state of the month before the scenario's `start`; each `step` adds one row of
    indicators to `datacollector`. `rng` is the seed of the replication (default: the scenario's): the same scenario
    and seed give the same market. Agents are views of rows, made when somebody looks.
    """

    #: Mesa 3.5 makes `scenario` a property that writes into it; ours is frozen and belongs to the market.
    scenario = None  # type: ignore[assignment]

    def __init__(self, scenario: Scenario, rng: Any = None, *, seed: Any = None, **kwargs: Any) -> None:
        """Open the market of a scenario.

        `rng`, or `seed` as Mesa used to call it: a whole number from 0 to 2**63 - 1 is the seed of the replication; of
        anything else that Mesa makes a generator of, that generator draws it. What else is given by name replaces a
        value of the scenario: `population=5000`, `**{"visa.annual_quota": 0}`.
        Raises TypeError or ValueError for what is no scenario or no seed, and ScenarioError for values, as a file does.
        """
        if not isinstance(scenario, Scenario):
            raise TypeError(_not_a_scenario(scenario))
        if rng is not None and seed is not None:
            raise ValueError("rng and seed are two names of one thing: give one of them")
        # Settings are judged anew: `dataclasses.replace` takes any.
        settings = {name: getattr(scenario, name) for name in ("population", "start", "end", "seed")}
        asked_for = scenario.with_values(settings | kwargs)
        scenario = asked_for if kwargs else scenario
        asked = seed if rng is None else rng
        if asked is None:
            tell_what_batch_run_drops(scenario)
            # Replications of a scenario count on from its seed; iterations of a batch are the same ones.
            asked = scenario.seed + iteration_of_batch_run()
        asked = checked_seed(asked)
        Model.__init__(self, rng=asked)
        drawn = not isinstance(asked, int) or asked >= SEEDS
        Market.__init__(self, scenario, int(self.rng.integers(SEEDS, dtype=np.uint64)) if drawn else asked)
        self.datacollector = RecordedIndicators(self)
        note_in_batch_run(self.seed)

    def step(self) -> None:
        """Live through one month; `running` turns false after the scenario's last month.

        Raises NoMoreMonthsError, and changes nothing, when there is no month left to live.
        """
        self.running = False  # and stays so if the month breaks off
        self.advance()
        self.running = self.month < self.last_month

    def _wrapped_step(self) -> None:
        """Refuse a step that cannot be before Mesa counts it."""
        self.demand_months(1)
        super()._wrapped_step()

    def _advance_time(self, until: float) -> None:
        """Refuse the months up to a time, as Mesa 3.5 counts it, when the scenario does not have them all."""
        self.demand_months(math.floor(until) - math.floor(self.time))
        super()._advance_time(until)

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Live on from a state, with agents of a user's own if there are any."""
        super().__setstate__(state)
        count_ids_on(self)

    def fork(self, scenario: Scenario | None = None) -> Self:
        """A copy of the market that lives on by itself, from now on under another scenario if one is given."""
        twin = super().fork(scenario)
        if scenario is not None:
            twin.running = twin.month < twin.last_month
        return twin

    @property
    def search_rules(self) -> SearchRules:
        """Numbers of search and ranking this month, by which views of persons say what they ask for."""
        from model.mechanisms.matching.search import search_rules

        return search_rules(self)

    @property
    def kinds(self) -> Kinds:
        """The kinds of agents: persons, firms and those that mechanisms of one's own bring."""
        return self.specification.kinds

    @property
    def developers(self) -> Developers:
        """The columns of property developers, of which their views read."""
        return PROPERTY.of(self).columns

    @property
    def agents(self) -> ColumnSet:
        """Everyone in the market: people, firms and those of other kinds."""
        return all_agents(self)

    @property
    def agents_by_type(self) -> Mapping[type[Agent], ColumnSet]:
        """Everyone by class: `market.agents_by_type[Graduate]`."""
        return agents_by_type(self)

    @property
    def agent_types(self) -> list[type[Agent]]:
        """The classes of agents in the market."""
        return list(self.agents_by_type)

    def remove_all_agents(self) -> None:
        """Raise: the model decides who is in the market."""
        raise TypeError("agents cannot be removed: the model decides who enters and leaves")


def _not_a_scenario(given: object) -> str:
    """What to do with something that was given for a scenario."""
    if isinstance(given, str | bytes | os.PathLike):
        path = os.fsdecode(given)
        return f"LabourMarket takes a scenario, not the path of one: LabourMarket(load_scenario({path!r}))"
    if isinstance(given, Mapping):
        return "LabourMarket takes a scenario, not a mapping: LabourMarket(load_scenario(path, overrides=mapping))"
    return f"LabourMarket takes a scenario as load_scenario(path) reads it, not {type(given).__name__} {given!r:.60}"


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

    def collect(self, model: Model) -> None:
        """Nothing to do: the market records each month as it closes."""

    def get_model_vars_dataframe(self) -> pd.DataFrame:
        """The indicators so far: one row per step, one column per indicator."""
        return pd.DataFrame(self.model_vars, columns=list(self.model_reporters))
