"""Where policies are tried: replications that lived up to the month in which a policy begins, and go on under each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from experiments.engine.branching import Unfinished
from experiments.engine.executors import Failure, run_tasks

if TYPE_CHECKING:
    from experiments.engine.draws import AtDraws
    from experiments.engine.ensemble import Record
    from model.scenario.scenario import Scenario


class Past(Protocol):
    """What a search asks of `experiments.engine.shared_past.SharedPast`."""

    def tried(self, reform: Scenario) -> list[Record | Unfinished]:
        """What each replication records under a policy, where one that fails is a result too."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class WholeLives:
    """A past that is lived anew with every policy: workers of a cluster keep nothing between two calls."""

    def __init__(self, seeds: Sequence[int], workers: int, lived: AtDraws) -> None:
        """Prepare for these replications."""
        self.seeds, self.workers, self.lived = list(seeds), workers, lived

    def tried(self, reform: Scenario) -> list[Record | Unfinished]:
        """What each replication records under a policy, where one that fails is a result too."""
        found: dict[int, Record | Unfinished] = {}

        def give_up(failure: Failure[int]) -> None:
            found[failure.task] = Unfinished(failure.kind, failure.message, failure.details)

        run_tasks(partial(_live, reform, self.lived), self.seeds, self.workers, found.__setitem__, give_up)
        return [found[seed] for seed in self.seeds]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """There is nothing to close."""


def _live(reform: Scenario, lived: AtDraws, seed: int) -> Record:
    """In a worker: one life from the start."""
    from model.market import simulate  # late: workers load the market, the driver does not

    return simulate(lived(reform, seed), seed)


#: The scenario, the month in which policies begin, the seeds, the number of processes, the draws at which seeds live.
OpenPast = Callable[["Scenario", str, Sequence[int], int, "AtDraws"], Past]


class LazyPast:
    """A past that is lived when the first candidate needs it: a finished search that is given again needs none."""

    def __init__(self, open_past: Callable[[], Past]) -> None:
        """Prepare to call `open_past`."""
        self._open = open_past
        self._past: Past | None = None

    def tried(self, reform: Scenario) -> list[Record | Unfinished]:
        """What each replication records under a policy."""
        if self._past is None:
            self._past = self._open()
        return self._past.tried(reform)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._past is not None:
            self._past.__exit__(kind, error, trace)
