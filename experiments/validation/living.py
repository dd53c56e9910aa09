"""All lives of a validation on all workers at once, and what each experiment makes of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from experiments.engine.executors import Failure, run_tasks
from experiments.validation.catalogue import experiment
from experiments.validation.evidence import Life, TooFewError

if TYPE_CHECKING:
    from experiments.engine.ensemble import Record
    from experiments.engine.progress import Progress


class Living:
    """Lives to be lived, and those that were."""

    def __init__(self, lives: Sequence[Life], on_life: Callable[[Life, Record], None]) -> None:
        """Prepare for some lives; `on_life` is given each that is finished."""
        self.lives, self._on_life = list(lives), on_life
        self._found: dict[Life, Record] = {}
        self.failures: list[Failure[Life]] = []

    @property
    def finished(self) -> int:
        """How many were lived."""
        return len(self._found)

    def run(self, workers: int, progress: Progress) -> None:
        """Live them."""

        def keep(life: Life, record: Record) -> None:
            self._found[life] = record
            self._on_life(life, record)
            progress.on_replication()

        def give_up(failure: Failure[Life]) -> None:
            self.failures.append(failure)
            progress.on_failure()

        run_tasks(live_one, self.lives, workers, keep, give_up)

    def evidence(self) -> dict[str, Any]:
        """What each experiment shows of which no life is missing, failed ones aside."""
        found = {}
        lost = {failure.task for failure in self.failures}
        for name in dict.fromkeys(life.experiment for life in self.lives):
            asked = [life for life in self.lives if life.experiment == name and life not in lost]
            if asked and all(life in self._found for life in asked):
                # In the order asked for, so that the order in which they finished changes no sum.
                with contextlib.suppress(TooFewError):
                    found[name] = experiment(name).gather([(life, self._found[life]) for life in asked])
        return found


def live_one(life: Life) -> Record:
    """In a worker: live one life as its experiment says."""
    return experiment(life.experiment).live(life)
