"""What became of a policy search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.batch.work import Run
from experiments.engine.job import JobOutcome, Order
from experiments.search.policy_file import PolicySearch

if TYPE_CHECKING:
    from experiments.engine.executors import Failure
    from experiments.search.results import SearchResults

#: The first point is the scenario as it is, with which all others are compared.
AS_IT_IS = 1
SearchJob = Order[PolicySearch]


@dataclass(frozen=True)
class SearchOutcome(JobOutcome[Run]):
    """What came of a search; what is asked for and finished are candidates."""

    results: SearchResults | None = None
    counted = "candidates are tried"

    @property
    def hopeless(self) -> bool:
        """Whether the scenario itself broke its accounts."""
        broken = (each.task.point == AS_IT_IS and each.kind == "AccountingError" for each in self.failures)
        return self.results is None and any(broken)

    @property
    def facts(self) -> dict[str, Any]:
        """How many candidates were tried."""
        return {"candidates_tried": self.finished, "runs_failed": len(self.failures)}

    def told(self, failure: Failure[Run]) -> str:
        """One failure in a line."""
        return super().told(failure).replace(f"point {AS_IT_IS},", "the scenario as it is,")

    def all_failures(self, folder: str) -> str:
        """How many runs failed, or that the first did."""
        if self.results is None and self.whole:
            return "nothing can be compared with a scenario that does not run"
        return f"{len(self.failures):,} runs failed; see {folder}/failures.csv"
