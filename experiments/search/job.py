"""The search for a policy: candidates beside the scenario as it is, and fresh luck for those that look best."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from experiments.batch.folder import BatchFolder, Column
from experiments.batch.work import Run
from experiments.engine.branching import Unfinished
from experiments.engine.compile_ahead import compile_ahead
from experiments.engine.draws import Draws
from experiments.engine.executors import Failure, elsewhere
from experiments.engine.job import StoppedError, run_job, side_by_side
from experiments.engine.manifest import code_version, describe_batch, sources, text_as_given
from experiments.engine.pace import SECONDS_TO_START, seconds_of_months, seconds_of_run
from experiments.engine.progress import Progress, in_words
from experiments.engine.run_folder import new_run_folder
from experiments.search.measures import Means, means_of, measured
from experiments.search.order import AS_IT_IS, SearchJob, SearchOutcome
from experiments.search.pareto import spread_out
from experiments.search.past import LazyPast, OpenPast, Past, WholeLives
from experiments.search.proposals import Proposals, optuna_or_explain
from experiments.search.results import Candidate, SearchResults
from model.results import read_table
from model.schedule import month_index
from model.specification import in_force

if TYPE_CHECKING:
    from experiments.search.policy_file import PolicySearch

#: At most so many points of the frontier are run again; of more, those that span it.
MOST_CONFIRMED = 30
#: So many points of the frontier are expected, for the estimate of time.
_USUAL_FRONTIER = 20
CANDIDATES, FRONTIER = "candidates.csv", "frontier.csv"


def run_search(job: SearchJob, progress: Progress, open_past: OpenPast | None = None) -> SearchOutcome:
    """Try every candidate, keep each run as it is finished, confirm the frontier, and write the tables.

    Raises BadRequest, with nothing computed, when the folder cannot be used or Optuna is missing.
    """
    optuna_or_explain()
    manifest, search = manifest_of(job), job.asked
    policies: list[dict[str, float]] = [{}]
    columns = [Column(lever.path, _AtPoints(policies, lever.path, lever.own)) for lever in search.levers]
    texts = search.scenario.to_files() | {"policy.yaml": text_as_given(search.files[0])}
    path = job.out or new_run_folder(search.name, _digest(search.levers, search.since))
    folder = BatchFolder(path, columns).claim(manifest, texts)
    driver = _Driver(job, folder, progress, policies, open_past)
    return run_job(folder, driver, SearchOutcome(path, search.trials, manifest=manifest), progress)


class _AtPoints(Sequence[float]):
    """The value of one lever at every point so far: candidates are added as they are proposed."""

    def __init__(self, policies: list[dict[str, float]], path: str, own: float) -> None:
        self._policies, self._path, self._own = policies, path, own

    def __len__(self) -> int:
        return len(self._policies)

    def __getitem__(self, place: Any) -> Any:
        return float(self._policies[place].get(self._path, self._own))


class _Driver:
    """One driver's work in a folder: candidates are proposed, lived (or read, where their runs are there) and told."""

    def __init__(
        self,
        job: SearchJob,
        folder: BatchFolder,
        progress: Progress,
        policies: list[dict[str, float]],
        open_past: OpenPast | None,
    ) -> None:
        self.search, self.folder, self.progress, self.policies = job.asked, folder, progress, policies
        self.workers = side_by_side(job.workers)
        self.open_past = open_past
        self.means: dict[int, dict[int, Means]] = {}
        self.failures: list[Failure[Run]] = []
        self.tried = 0
        self.results: SearchResults | None = None

    # --- the two stages ---------------------------------------------------------------------------

    def compute(self) -> None:
        """Search and confirm."""
        self.progress.say(announce(self.search, self.workers))
        self.folder.forget_failures()
        if self._searched():
            self._confirm()

    def _searched(self) -> bool:
        """Try every candidate; False where the scenario itself cannot be run."""
        numbers = range(1, self.search.scenario.replications + 1)
        with self._past(numbers, Draws()) as past:
            if not self._lived(AS_IT_IS, numbers, past):
                return False
            self.progress.begin(self.search.trials, 1, "candidates")
            proposals = Proposals(self.search)
            for _ in range(self.search.trials):
                policy = proposals.ask()
                known = policy in self.policies
                if not known:
                    self.policies.append(policy)
                point = self.policies.index(policy) + 1
                good = point in self.means if known else self._lived(point, numbers, past)
                proposals.tell(self._targets(point) if good else None)
                self.tried += 1
                if good:
                    self.progress.on_replication()
                else:
                    self.progress.on_failure()
        self.progress.end()
        return True

    def _confirm(self) -> None:
        """Run the frontier again with fresh seeds: the replications that come after those of the search."""
        searched = self._results([], 0)
        frontier = searched.table[searched.table["frontier"] & (searched.table["point"] != AS_IT_IS)]
        chosen = spread_out(searched.small(frontier), MOST_CONFIRMED)
        points = [int(point) for point in frontier["point"].iloc[chosen]]
        first = self.search.scenario.replications + 1
        numbers = range(first, first + self.search.confirm)
        self.progress.begin(len(points) + 1, 1, "points run again")
        with self._past(numbers, self.search.draws) as past:
            for point in (AS_IT_IS, *points):
                if self._lived(point, numbers, past):
                    self.progress.on_replication()
                else:
                    self.progress.on_failure()
        if any(number in self.means[AS_IT_IS] for number in numbers):
            self.results = self._results(points, len(frontier))

    def _results(self, confirmed: list[int], frontier: int) -> SearchResults:
        candidates = [Candidate(point, self.policies[point - 1], means) for point, means in sorted(self.means.items())]
        return SearchResults(self.search, candidates, confirmed, frontier)

    def _targets(self, point: int) -> list[float]:
        """What a candidate brings, as the study is told it."""
        results = self._results([], 0)
        candidate = Candidate(point, self.policies[point - 1], self.means[point])
        return [float(value) for value in results.differences(candidate, fresh=False).mean()]

    # --- one candidate ----------------------------------------------------------------------------

    def _past(self, numbers: Sequence[int], draws: Draws) -> LazyPast:
        scenario, since = self.search.scenario, self.search.since
        seeds = [scenario.seed + number - 1 for number in numbers]
        lived = draws.from_seed(seeds[0])

        def opened() -> Past:
            if sources() != code_version()["sources"]:
                raise StoppedError("the files of agents/, model/ or data/ were changed while the search ran")
            if self.open_past is not None:
                return self.open_past(scenario, since, seeds, self.workers, lived)
            if elsewhere() is not None:
                return WholeLives(seeds, self.workers, lived)
            from experiments.engine.shared_past import SharedPast

            compile_ahead(self.progress.say)
            return SharedPast(scenario, since, seeds, self.workers, lived)

        return LazyPast(opened)

    def _lived(self, point: int, numbers: Sequence[int], past: LazyPast) -> bool:
        """Whether a point has all these runs, now or before; one that fails leaves the others alone."""
        policy = self.policies[point - 1]
        runs = [Run(point, number, self.search.scenario.seed + number - 1, policy) for number in numbers]
        found = {run.replication: means for run in runs if (means := self._held(run)) is not None}
        if len(found) < len(runs):
            found = self._live(runs, past)
        for run in runs:
            if run.replication in found and not self._has_value(run, found[run.replication]):
                self._fail(Failure(run, "NoValue", "a target, or a factor of a cost, does not exist", stage="months"))
                del found[run.replication]
        whole = len(found) == len(runs)
        if whole or point in self.means:
            self.means.setdefault(point, {}).update(found)
        return whole

    def _live(self, runs: Sequence[Run], past: LazyPast) -> dict[int, Means]:
        """Live the end of a policy in every replication and keep what was finished."""
        try:
            records = past.tried(self.search.reform(self.policies[runs[0].point - 1]))
        except BrokenExecutor:
            for run in runs:
                self._fail(
                    Failure(run, "WorkerDied", "its process died twice (killed, or out of memory)", stage="worker")
                )
            return {}
        found: dict[int, Means] = {}
        for run, record in zip(runs, records, strict=True):
            if isinstance(record, Unfinished):
                self._fail(Failure(run, record.kind, record.message, record.details, "months"))
            else:
                self.folder.keep(run, record)
                found[run.replication] = means_of(record)
        return found

    def _held(self, run: Run) -> Means | None:
        """What a run recorded before, if its file is there and holds this very policy."""
        import pyarrow as pa

        part = self.folder.part(run)
        try:
            table = read_table(part)
        except (OSError, pa.ArrowInvalid):
            return None
        asked = {column.path: column.at_points[run.point - 1] for column in self.folder.columns}
        if any(table[path][0].as_py() != value for path, value in asked.items()):
            return None
        return means_of({name: table[name].to_numpy() for name in in_force().indicator})

    def _has_value(self, run: Run, means: Means) -> bool:
        """Whether every target exists in the end of a run."""
        policy, as_it_is = self.policies[run.point - 1], self.means.get(AS_IT_IS, {}).get(run.replication, means)
        values = (measured(each.name, self.search, policy, means, as_it_is) for each in self.search.targets)
        return all(map(math.isfinite, values))

    def _fail(self, failure: Failure[Run]) -> None:
        self.failures.append(failure)
        self.folder.note_failure(failure)

    # --- the end ----------------------------------------------------------------------------------

    def assemble(self) -> None:
        """The table of all runs."""
        if self.results is not None:
            points = sorted(self.means.items())
            runs = [Run(point, number, 0, {}) for point, found in points for number in sorted(found)]
            self.folder.assemble(runs, lambda *_: None)

    def answer(self, outcome: SearchOutcome) -> SearchOutcome:
        """What was tried, and the frontier once it is confirmed."""
        results = self.results if outcome.whole else None
        return replace(outcome, finished=self.tried, failures=self.failures, results=results)

    def write(self, outcome: SearchOutcome) -> None:
        """The tables of the answer."""
        if outcome.results is not None:
            self.folder.write_frame(CANDIDATES, outcome.results.table)
            self.folder.write_frame(FRONTIER, outcome.results.frontier)


def announce(search: PolicySearch, workers: int) -> str:
    """How many candidates are tried and about how long that takes, before any of them is."""
    people, since = search.scenario.population, month_index(search.since)
    replications, end = search.scenario.replications, month_index(search.scenario.end) + 1
    past = seconds_of_run(people, since)
    future = seconds_of_months(people, end - since)

    def side_by_side(runs: int) -> int:
        """Replications are shared out, candidates come one after the other."""
        return -(-runs // max(1, min(workers, runs)))

    trying = side_by_side(replications) * (past + search.trials * future)
    again = side_by_side(search.confirm) * (past + _USUAL_FRONTIER * future)
    return (
        f"{search.trials:,} candidates x {replications} replications from {search.since} on: about "
        f"{in_words(SECONDS_TO_START + trying)}; then the frontier x {search.confirm} fresh replications: about "
        f"{in_words(again)} for {_USUAL_FRONTIER} points"
    )


def manifest_of(job: SearchJob) -> dict[str, Any]:
    """What the search is made from."""
    search = job.asked
    ranges = [(each.path, each.low, each.high) for each in search.levers]
    decisive = {
        "the levers, their ranges or 'from'": _digest(ranges, search.since),
        "the costs": _digest([each.cost for each in search.levers]),
        "the targets": _digest(search.targets),
        "the method or seed of the search": [search.method, search.seed],
        "the scenario, 'set' or the replications": search.scenario.digest,
        "the draws of the fitted parameters": _digest(search.draws),
    }
    asked = {
        "name": search.name, "since": search.since, "trials": search.trials, "confirm": search.confirm,
        "levers": [{"path": each.path, "range": [each.low, each.high], "own": each.own,
                    "cost": None if each.cost is None else vars(each.cost)} for each in search.levers],
        "targets": {each.name: "maximise" if each.maximise else "minimise" for each in search.targets},
        "draws": search.draws.told(search.confirm),
    }  # fmt: skip
    described = describe_batch(search.scenario, search.files, job.command, decisive, optuna=version("optuna"))
    return {"search": asked, **described}


def _digest(*facts: object) -> str:
    return hashlib.sha256(repr(facts).encode()).hexdigest()
