"""The replications of a scenario: the same question asked of differently lucky worlds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from experiments.engine.branching import Family, Unfinished, families, live, worth_sharing
from experiments.engine.compile_ahead import compile_ahead
from experiments.engine.executors import Failure, elsewhere, load_engine, run_tasks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from experiments.engine.draws import Draws
    from model.scenario.scenario import Scenario

#: Month by month, what one replication recorded: `month` and one array per indicator.
Record = Mapping[str, "NDArray[Any]"]
#: `simulate(scenario, seed, on_month)`: pure, so that only the scenario and the seed decide the record.
Simulate = Callable[["Scenario", int, Callable[[int], None] | None], Record]


@dataclass(frozen=True)
class Replication:
    """One world to compute: a scenario, the name it goes by in the table, its number (from 1) and its seed."""

    scenario: Scenario
    name: str
    number: int

    @property
    def seed(self) -> int:
        """The seed that, given as `rng=`, reproduces this replication; the scenario's own for the first.

        It depends on the number alone, so the same replication of a reform and its baseline share their luck.
        """
        return int(self.scenario.seed) + self.number - 1

    def __str__(self) -> str:
        return f"replication {self.number} of {self.name} (seed {self.seed})"


def replications_of(scenarios: Mapping[str, Scenario], draws: Draws | None = None) -> list[Replication]:
    """The replications of one or several scenarios, by number first: an interrupted comparison is left with pairs.

    Those of a number live at the same draw of the fitted parameters, where there are `draws`.
    """
    most = max(scenario.replications for scenario in scenarios.values())
    return [
        Replication(draws.hold_in(scenario, number) if draws else scenario, name, number)
        for number in range(1, most + 1)
        for name, scenario in scenarios.items()
        if number <= scenario.replications
    ]


def run_ensemble(
    replications: Sequence[Replication],
    workers: int,
    keep: Callable[[Replication, Record], Any],
    give_up: Callable[[Failure[Replication]], Any],
    on_month: Callable[[int], None] | None = None,
    simulate: Simulate | None = None,
    say: Callable[[str], object] = lambda _: None,
    *,
    together: bool = False,
    by_group: bool = False,
    needed_next: str = "",
) -> None:
    """Compute replications on `workers` processes: each goes to `keep` when it is done, to `give_up` when it failed.

    `on_month` hears of every simulated month, where the computing happens in this process (one worker, or one
    replication); `say` is told when kernels have to be compiled first, which one process does for all. `together`:
    scenarios of one seed live the past they share once, and come back at once; the numbers are the same. With
    `by_group` people are counted by group too. `needed_next`: see `run_tasks`.
    """
    there = elsewhere()
    workers = workers if there is None else there.workers
    if simulate is None and there is None:
        compile_ahead(say)
    if simulate is None and together and (kin := families(replications)) and worth_sharing(kin, workers):
        replications = _live_together(kin, workers, keep, give_up, on_month, by_group, needed_next)
        if not replications:
            return
    # Cores that are left when there are fewer replications share the sweeps of each.
    threads = max(1, workers // max(1, len(replications))) if there is None else 1
    workers = max(1, min(workers, len(replications)))
    work = partial(_replicate, simulate, on_month if workers == 1 and there is None else None, threads, by_group)
    run_tasks(work, replications, workers, keep, give_up, needed_next=needed_next)


def _live_together(
    kin: Sequence[Family],
    workers: int,
    keep: Callable[[Replication, Record], Any],
    give_up: Callable[[Failure[Replication]], Any],
    on_month: Callable[[int], None] | None,
    by_group: bool,
    needed_next: str,
) -> list[Replication]:
    """Compute scenarios that share their past family by family.

    Returns the members of families whose process died: the one that killed it must not take the others along.
    """
    apart: list[Replication] = []

    def receive(family: Family, found: Sequence[Record | Unfinished]) -> None:
        for member, record in zip(family.members, found, strict=True):
            if isinstance(record, Unfinished):
                give_up(Failure(member, record.kind, record.message, record.details))
            else:
                keep(member, record)

    def lose(failure: Failure[Family]) -> None:
        apart.extend(failure.task.members)

    told = on_month if workers == 1 and elsewhere() is None else None
    run_tasks(partial(_family, told, by_group), kin, workers, receive, lose, needed_next=needed_next)
    return apart


def _family(on_month: Callable[[int], None] | None, by_group: bool, family: Family) -> list[Record | Unfinished]:
    load_engine()
    return live(family, 1, on_month, by_group=by_group)


def _replicate(
    simulate: Simulate | None, on_month: Callable[[int], None] | None, threads: int, by_group: bool, task: Replication
) -> Record:
    if simulate is None:
        load_engine()
        from model.market import simulate as market

        return market(task.scenario, task.seed, on_month, threads, by_group=by_group)
    return simulate(task.scenario, task.seed, on_month)
