"""Scenarios that share their past live it once: each branches off in the first month in which it differs.

Ten reforms of 2025 beside their baseline have seven years in common. A branch records the same numbers as a whole life
of its own, so that nobody but the clock can tell.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.scenario.scenario import BEFORE
from model.schedule import month_index

if TYPE_CHECKING:
    from experiments.engine.ensemble import Record, Replication
    from model.market import Market
    from model.scenario.scenario import Scenario


@dataclass(frozen=True)
class Family:
    """Replications of several scenarios that share a seed; the others branch off the last."""

    members: tuple[Replication, ...]


@dataclass(frozen=True)
class Unfinished:
    """A member without a result: what went wrong, as text, since not every error survives between processes."""

    kind: str
    message: str
    details: str

    @classmethod
    def of(cls, error: Exception) -> Unfinished:
        """What an error says; called where it is caught."""
        return cls(type(error).__name__, str(error), traceback.format_exc())


def families(replications: Sequence[Replication]) -> list[Family]:
    """Replications of one seed together, in the order in which the first of each stands."""
    found: dict[int, list[Replication]] = {}
    for replication in replications:
        found.setdefault(replication.seed, []).append(replication)
    return [Family(tuple(members)) for members in found.values()]


def histories(worlds: Sequence[Scenario], parts: str) -> list[list[Scenario]]:
    """Scenarios by what they are before a month, in the order in which the first of each stands."""
    found: list[list[Scenario]] = []
    for world in worlds:
        shared = (history for history in found if history[0].first_difference(world) >= month_index(parts))
        history = next(shared, None)
        if history is None:
            found.append([world])
        else:
            history.append(world)
    return found


def worth_sharing(kin: Sequence[Family], workers: int) -> bool:
    """Whether families are sooner done whole; with fewer families than cores, scenarios side by side are."""
    return len(kin) >= workers and any(len(family.members) > 1 for family in kin)


def months_to_live(family: Family) -> int:
    """How many months a family simulates in all."""
    *branches, trunk = (member.scenario for member in family.members)
    end = month_index(trunk.end) + 1
    first = month_index(trunk.start)
    parting = [parting_month(branch, trunk) for branch in branches]
    return end + sum(end if month is None or month < first else end - month for month in parting)


def parting_month(branch: Scenario, trunk: Scenario) -> int | None:
    """The first month (0 is 2018-01) in which a scenario differs from another; None when they share no past.

    Scenarios that never differ part after their last month.
    """
    month = trunk.first_difference(branch)
    return None if month == BEFORE else month


def live(
    family: Family, threads: int = 1, on_month: Callable[[int], None] | None = None, *, by_group: bool = False
) -> list[Record | Unfinished]:
    """What each member of a family records; what goes wrong in one leaves the others alone."""
    *branches, trunk = family.members
    parting = {place: parting_month(branch.scenario, trunk.scenario) for place, branch in enumerate(branches)}
    grown = _Tree(family, parting, threads, on_month, by_group).grow()
    for place, member in enumerate(family.members):
        if place not in grown:  # it shares no past, or parts before the first month recorded
            grown[place] = _Tree(Family((member,)), {}, threads, on_month, by_group).grow()[0]
    return [grown[place] for place in range(len(family.members))]


class _Tree:
    """One trunk with its branches."""

    def __init__(
        self,
        family: Family,
        parting: dict[int, int | None],
        threads: int,
        on_month: Callable[[int], None] | None,
        by_group: bool,
    ) -> None:
        self.family, self.threads, self.on_month, self.by_group = family, threads, on_month, by_group
        #: The month in which each branch leaves; what parts before the first month recorded lives by itself.
        self.parting = {
            place: month
            for place, month in parting.items()
            if month is not None and month >= month_index(family.members[-1].scenario.start)
        }
        self.grown: dict[int, Record | Unfinished] = {}

    def grow(self) -> dict[int, Record | Unfinished]:
        """The record of the trunk and of every branch that could leave it, by place in the family."""
        from model.market import Market  # late: workers load the market, the command line does not

        trunk = len(self.family.members) - 1
        try:
            first = self.family.members[trunk]
            market = Market(first.scenario, first.seed, self.threads, by_group=self.by_group)
            self._advance(market)
            self.grown[trunk] = market.table()
        except Exception as error:  # noqa: BLE001 - whatever a run raises is its result
            self.grown[trunk] = Unfinished.of(error)
        # Branches that were still to leave would have lived through the same.
        return self.grown | {place: self.grown[trunk] for place in self.parting if place not in self.grown}

    def _advance(self, market: Market) -> None:
        while market.month < market.last_month:
            for place in [place for place, month in self.parting.items() if month == market.month + 1]:
                self.grown[place] = self._branch(market, place)
            market.advance()
            if self.on_month is not None:
                self.on_month(market.month)

    def _branch(self, trunk: Market, place: int) -> Record | Unfinished:
        try:
            market = trunk.fork(self.family.members[place].scenario)
            while market.month < market.last_month:
                market.advance()
            return market.table()
        except Exception as error:  # noqa: BLE001 - whatever a run raises is its result
            return Unfinished.of(error)
