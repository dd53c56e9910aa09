"""What a policy search found: every candidate, the frontier, and how much of its shine fresh luck takes away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.search.measures import JOBLESS_YOUTH, PRICE, SPENDING, Means, base_of, measured
from experiments.search.order import AS_IT_IS
from experiments.search.pareto import not_dominated
from model.results import ENOUGH_PERSONS, mean_intervals, people_per_agent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from experiments.search.policy_file import PolicySearch


@dataclass(frozen=True)
class Candidate:
    """One policy: the value of every lever and, by replication, what its runs recorded in the end."""

    point: int
    policy: Mapping[str, float]
    means: Mapping[int, Means]


@dataclass(frozen=True)
class SearchResults:
    """Every candidate that ran, the scenario as it is first, and the points that were run again with fresh luck."""

    search: PolicySearch
    candidates: Sequence[Candidate]
    confirmed: Sequence[int]
    #: The frontier while searching, of which `confirmed` are the points that span it.
    searched_frontier: int

    @property
    def as_it_is(self) -> Candidate:
        """The scenario without a policy."""
        return self.candidates[0]

    def differences(self, candidate: Candidate, *, fresh: bool) -> pd.DataFrame:
        """What a policy changes: a row per replication (searched or fresh), a column per target, in natural units."""
        limit = self.search.scenario.replications
        numbers = [
            number for number in sorted(candidate.means) if number in self.as_it_is.means and (number > limit) == fresh
        ]
        names = [target.name for target in self.search.targets]
        rows = [
            [
                measured(name, self.search, candidate.policy, candidate.means[number], self.as_it_is.means[number])
                - measured(name, self.search, {}, *2 * [self.as_it_is.means[number]])
                for name in names
            ]
            for number in numbers
        ]
        # Fresh ones are counted from 1, as they take turns at draws of the parameters.
        counted = [number - limit if fresh else number for number in numbers]
        index = pd.MultiIndex.from_product([counted, [candidate.point]], names=["replication", "point"])
        return pd.DataFrame(rows, index=index, columns=names, dtype=float)

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per candidate: `point`, its levers, its targets while searching, whether it was on the frontier."""
        rows = []
        for each in self.candidates:
            means = self.differences(each, fresh=False).mean()
            levers: dict[str, float] = {
                lever.path: each.policy.get(lever.path, lever.own) for lever in self.search.levers
            }
            rows.append({"point": each.point, **levers, **{str(name): float(value) for name, value in means.items()}})
        found = pd.DataFrame(rows)
        found["frontier"] = not_dominated(self.small(found))
        return found

    @cached_property
    def frontier(self) -> pd.DataFrame:
        """The points run again: levers, and each target as it was searched and as fresh luck confirms it.

        Of a target there are `TARGET` (the mean over fresh replications), `TARGET_low`, `TARGET_high` (its 95 %
        interval) and `TARGET_searched`. Intervals hold parameters too where fresh replications live at draws of them.
        `stays`: nothing else that was run again beats it, the scenario as it is
        included, which is a row of zeros. Where spending and the jobless young are targets, what each
        of them less costs a year is told too, missing where they may not be fewer.
        """
        chosen = [each for each in self.candidates if each.point in {AS_IT_IS, *self.confirmed}]
        fresh = [frame for each in chosen if len(frame := self.differences(each, fresh=True))]
        found = mean_intervals(pd.concat(fresh), "point", len(self.search.draws))
        searched = self.table.set_index("point")
        points = sorted(set(found["point"]))
        rows = searched.loc[points, [lever.path for lever in self.search.levers]].reset_index()
        for target in self.search.targets:
            own = found[found["indicator"] == target.name].set_index("point").loc[points]
            for end, column in (("", "mean"), ("_low", "low"), ("_high", "high")):
                rows[target.name + end] = own[column].to_numpy()
            rows[f"{target.name}_searched"] = searched.loc[points, target.name].to_numpy()
            rows["replications"] = own["replications"].to_numpy()
        rows["stays"] = not_dominated(self.small(rows))
        if {SPENDING, JOBLESS_YOUTH} <= set(rows):  # where they surely are fewer
            rows[PRICE] = (-rows[SPENDING] / rows[JOBLESS_YOUTH]).where(rows[f"{JOBLESS_YOUTH}_high"] < 0)
        first = self.search.targets[-1].name if SPENDING not in rows else SPENDING
        return rows.sort_values([first, "point"], ignore_index=True)

    @cached_property
    def optimism(self) -> dict[str, float]:
        """By how much each target looked better while searching than fresh luck confirms, on average (winner's curse).

        Above zero it looked better; the scenario as it is does not count.
        """
        found = self.frontier[self.frontier["point"] != AS_IT_IS]
        return {
            target.name: float((found[f"{target.name}_searched"] - found[target.name]).mean())
            * (1 if target.maximise else -1)
            for target in self.search.targets
        }

    @cached_property
    def too_few(self) -> dict[str, int]:
        """Targets that rest on too few simulated persons, each with the population that would settle it."""
        scenario = self.search.scenario
        each = people_per_agent(scenario.population, scenario)
        found = {}
        for target in self.search.targets:
            if target.name == SPENDING:
                continue
            people = np.mean([means[base_of(target.name)] for means in self.as_it_is.means.values()])
            if people / each < ENOUGH_PERSONS:
                needed = scenario.population * ENOUGH_PERSONS * each / people if people > 0 else 0
                found[target.name] = int(np.ceil(needed))
        return found

    def small(self, table: pd.DataFrame) -> NDArray[np.float64]:
        """The targets of a table turned so that small is good."""
        signs = [-1.0 if target.maximise else 1.0 for target in self.search.targets]
        return table[[target.name for target in self.search.targets]].to_numpy(np.float64) * signs
