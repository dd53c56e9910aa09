"""A policy search as it was asked for, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from experiments.batch.work import Broken, Run
    from experiments.search.policy_file import PolicySearch
    from experiments.search.results import SearchResults

#: So many failed runs are named one by one.
MOST_LISTED = 10
#: The first point is the scenario as it is, with which all others are compared.
AS_IT_IS = 1


class SearchStoppedError(Exception):
    """Going on would mix results of two programs; what is finished is kept."""


@dataclass(frozen=True)
class SearchJob:
    """What the user asked for, and where to put the result."""

    search: PolicySearch
    workers: int | None = None
    out: Path | None = None
    command: tuple[str, ...] = ()


@dataclass(frozen=True)
class SearchOutcome:
    """What came of it; `tried` candidates of those asked for have had their turn.

    `stopped` says why a search ended early, other than by an interrupt or a full disk.
    """

    folder: Path
    asked: int
    tried: int = 0
    failures: Mapping[Run, Broken] = field(default_factory=dict)
    results: SearchResults | None = None
    interrupted: bool = False
    disk_full: bool = False
    stopped: str = ""

    @property
    def whole(self) -> bool:
        """Whether everything has had its turn."""
        return not (self.interrupted or self.disk_full or self.stopped)

    @property
    def status(self) -> int:
        """The exit status: 0 done, 3 the scenario itself broke its accounts, 4 some runs failed, 130 interrupted."""
        if self.interrupted:
            return 130
        if self.disk_full or self.stopped:
            return 4 if self.tried else 2
        if not self.failures:
            return 0
        broken = any(run.point == AS_IT_IS and each.kind == "AccountingError" for run, each in self.failures.items())
        return 3 if broken and self.results is None else 4

    def accidents(self, folder: str) -> list[str]:
        """What went wrong, what is kept and what to do, in one line each; `folder` as the user would type it."""
        told = [
            f"{'the scenario as it is' if run.point == AS_IT_IS else f'point {run.point}'}, replication "
            f"{run.replication} (seed {run.seed}) failed ({broken.stage}): {broken.kind}: {broken.message}"
            for run, broken in self.failures.items()
        ]
        if len(told) > MOST_LISTED:
            told[MOST_LISTED:] = [f"... and {len(told) - MOST_LISTED} more, in {folder}/failures.csv"]
        if self.failures and self.results is None and self.whole:
            told.append("nothing can be compared with a scenario that does not run")
        elif self.failures:
            told.append(f"{len(self.failures):,} runs failed; see {folder}/failures.csv")
        kept = f"{self.tried:,} of {self.asked:,} candidates are tried"
        goes_on = f" and kept; the same command with --out {folder} goes on from there" if self.tried else ""
        if self.disk_full:
            told.append(f"no space left on the disk of {folder}: {kept}{goes_on}")
        if self.stopped:
            told.append(f"{self.stopped}; {kept}{goes_on}")
        if self.interrupted:
            told.append(f"interrupted: {kept}{goes_on}")
        return told
