"""Where policies are tried: replications that lived up to the month in which a policy begins, and go on under each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from experiments.branching import Unfinished

if TYPE_CHECKING:
    from experiments.ensemble import Record
    from model.scenario import Scenario


class Past(Protocol):
    """What a search asks of `experiments.shared_past.SharedPast`."""

    def tried(self, reform: Scenario) -> list[Record | Unfinished]:
        """What each replication records under a policy, where one that fails is a result too."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


#: The scenario, the month in which policies begin, the seeds and the number of processes.
OpenPast = Callable[["Scenario", str, Sequence[int], int], Past]


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
