"""What if, at once: a past that is lived once, and futures that are lived anew whenever a lever moves.

The page and the experiments call the same class. Each core has one process that keeps its share of the markets, opened
up to the month in which scenarios part; a moved lever forks them and lives only the rest. Processes and not threads: at
a page's size the kernels of a month are so short that passing Python's lock around eats what the second core brings
(`python benchmarks/lever.py` measures the processes).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Future
from itertools import count
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from experiments.engine.branching import Family, Unfinished, live
from experiments.engine.draws import AtDraws
from experiments.engine.executors import WORKER_ENVIRONMENT, handed, load_engine, started
from model.schedule import month_index, month_label

if TYPE_CHECKING:
    from experiments.engine.ensemble import Record
    from model.market import Market
    from model.scenario.scenario import Scenario

    #: What makes of a record with its counts by group what is kept of it.
    Count = Callable[[Record, Scenario], Record]

Found = TypeVar("Found")
#: The markets this process keeps, by the past they belong to, by seed and by the last month they have lived through.
_KEPT: dict[tuple[int, int, int], Market] = {}
_PASTS = count()
_AT_BEST = AtDraws()


class PastLostError(Exception):
    """The process that kept a past was replaced by another behind our back."""


class SharedPast:
    """Replications of a scenario that share their past and are ready to go on under any reform of the future.

    `parts` is the first month (`YYYY-MM`) in which reforms may differ, or several of them: a market is kept before
    each. `seeds` are the replications, `lived` says at which draw of the parameters each lives. The processes live as
    long as the object: use it in a `with`, or call `close`. Calls are made one after the other.
    """

    def __init__(
        self, scenario: Scenario, parts: str | Sequence[str], seeds: Sequence[int], workers: int = 1,
        lived: AtDraws = _AT_BEST,
    ) -> None:  # fmt: skip
        """Live through the past once, on `workers` processes side by side."""
        self.scenario, self.seeds, self._lived = scenario, list[int](), lived
        self._months = sorted({month_index(each) - 1 for each in ([parts] if isinstance(parts, str) else parts)})
        self._past = next(_PASTS)
        self._processes = started(self._process, max(1, min(workers, len(seeds))))
        try:
            self.more(seeds)
        except BaseException:  # Ctrl-C too: nobody could close what was never handed out
            self.close(at_once=True)
            raise

    def more(self, seeds: Sequence[int]) -> None:
        """Let further replications live through the past, beside those there are."""
        shares = self._shares(seeds, len(self.seeds))
        self.seeds += seeds
        for future in [self._live(worker, share) for worker, share in enumerate(shares)]:
            future.result()

    def parting(self, reform: Scenario) -> str | None:
        """The latest month kept in which a reform can part from the scenario; None when it reaches further back."""
        first = self.scenario.first_difference(reform)
        place = bisect_right(self._months, first - 1)
        return month_label(self._months[place - 1] + 1) if place else None

    def futures(
        self,
        reform: Scenario | None = None,
        seeds: Sequence[int] | None = None,
        *,
        whole: bool = False,
        count: Count | None = None,
    ) -> list[Record]:
        """What each replication records under a reform, past included, in the order of the seeds (default: of all).

        With `count` people are counted by group from the parting month on, and it makes of the record what is kept.

        The same numbers as living the reform from the start. Raises ValueError when the reform changes the past,
        unless `whole` lets it live from the start. A process that died is replaced, and its replications live again.
        """
        asked = self.seeds if seeds is None else list(seeds)
        parts = None if reform is None else self.parting(reform)
        month = self._months[-1 if reform is None else 0] if parts is None else month_index(parts) - 1
        alone = whole and reform is not None and parts is None
        shares = [[seed for seed in self._share(worker) if seed in asked] for worker in self._places]
        sent = [
            self._send(worker, _live, share, reform, self._lived, count)
            if alone
            else self._send(worker, _go_on, self._past, share, month, reform, self._lived, count)
            for worker, share in zip(self._places, shares, strict=True)
        ]
        found: dict[int, Record] = {}
        for worker, answer in enumerate(sent):
            try:
                found |= answer.result()
            except (BrokenExecutor, PastLostError):
                self._revive(worker)
                words = (self._past, shares[worker], month, reform, self._lived, count)
                found |= self._send(worker, _go_on, *words).result()
        return [found[seed] for seed in asked]

    def tried(self, reform: Scenario) -> list[Record | Unfinished]:
        """What each replication records under a reform, where one that fails is a result too."""
        month = self._months[-1]

        def send_to(worker: int) -> Future[dict[int, Record | Unfinished]]:
            return self._send(worker, _try_on, self._past, self._share(worker), month, reform, self._lived)

        sent = [send_to(worker) for worker in self._places]
        found: dict[int, Record | Unfinished] = {}
        for worker, answer in zip(self._places, sent, strict=True):
            try:
                found |= answer.result()
            except (BrokenExecutor, PastLostError):
                self._revive(worker)
                found |= send_to(worker).result()
        return [found[seed] for seed in self.seeds]

    def other_pasts(self, kin: Sequence[Family]) -> list[list[Record | Unfinished]]:
        """What the members of families record whose past is not the one kept: see `branching.live`."""
        sent = [self._send(place % len(self._processes), live, family) for place, family in enumerate(kin)]
        return [answer.result() for answer in sent]

    def close(self, at_once: bool = False) -> None:
        """End the processes, `at_once` whatever they are doing."""
        for process in self._processes:
            process.shutdown(wait=True, kill_workers=at_once)
        for key in [key for key in list(_KEPT) if key[0] == self._past]:  # where there is no other process
            del _KEPT[key]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(at_once=kind is not None)

    def _shares(self, seeds: Sequence[int], before: int) -> list[list[int]]:
        """Which of some seeds each process takes, when so many came `before` them."""
        count = len(self._processes)
        return [[seed for place, seed in enumerate(seeds, before) if place % count == worker]
                for worker in range(count)]  # fmt: skip

    def _share(self, worker: int) -> list[int]:
        """The seeds of one process."""
        return self._shares(self.seeds, 0)[worker]

    @property
    def _places(self) -> range:
        return range(len(self._processes))

    def _live(self, worker: int, seeds: Sequence[int]) -> Future[None]:
        return self._send(worker, _live_until, self._past, self.scenario, seeds, self._months, self._lived)

    def _revive(self, worker: int) -> None:
        """Put another process in the place of a dead one and let its replications live again."""
        self._processes[worker] = started(self._process)[0]
        self._live(worker, self._share(worker)).result()

    def _send(self, worker: int, work: Callable[..., Found], *words: object) -> Future[Found]:
        """Ask one process."""
        return handed(self._processes[worker], work, *words)

    @staticmethod
    def _process() -> Any:
        from loky import ProcessPoolExecutor

        return ProcessPoolExecutor(max_workers=1, env=WORKER_ENVIRONMENT)


def _live_until(past: int, scenario: Scenario, seeds: Sequence[int], months: Sequence[int], lived: AtDraws) -> None:
    """In a worker: open the markets, live through the shared past and keep them in each of the months."""
    load_engine()
    from model.market import Market

    for seed in seeds:
        market = Market(lived(scenario, seed), seed)
        for month in months:
            while market.month < month:
                market.advance()
            _KEPT[past, seed, month] = market if month == months[-1] else market.fork()


def _go_on(
    past: int, seeds: Sequence[int], month: int, reform: Scenario | None, lived: AtDraws, count: Count | None = None
) -> dict[int, Record]:
    """In a worker: fork each market as it is after a month, and live the rest."""
    records: dict[int, Record] = {}
    for seed in seeds:
        if (past, seed, month) not in _KEPT:
            raise PastLostError
        market = _KEPT[past, seed, month].fork(None if reform is None else lived(reform, seed))
        if count is not None:
            market.count_by_group()
        while market.month < market.last_month:
            market.advance()
        records[seed] = market.table() if count is None else count(market.table(), market.scenario)
    return records


def _live(seeds: Sequence[int], reform: Scenario, lived: AtDraws, count: Count | None) -> dict[int, Record]:
    """In a worker: live a scenario from the start."""
    from model.market import simulate

    if count is None:
        return {seed: simulate(lived(reform, seed), seed) for seed in seeds}
    return {seed: count(simulate(lived(reform, seed), seed, by_group=True), lived(reform, seed)) for seed in seeds}


def _try_on(
    past: int, seeds: Sequence[int], month: int, reform: Scenario, lived: AtDraws
) -> dict[int, Record | Unfinished]:
    """In a worker: go on seed by seed, whatever one of them raises."""
    found: dict[int, Record | Unfinished] = {}
    for seed in seeds:
        try:
            found |= _go_on(past, [seed], month, reform, lived)
        except PastLostError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a run raises is its result
            found[seed] = Unfinished.of(error)
    return found
