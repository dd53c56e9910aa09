"""What if, at once: a past that is lived once, and futures that are lived anew whenever a lever moves.

The page and the experiments call the same class. Each core has one process that keeps its share of the markets, opened
up to the month in which scenarios part; a moved lever forks them and lives only the rest. Processes and not threads: at
a page's size the kernels of a month are so short that passing Python's lock around eats what the second core brings
(`python benchmarks/lever.py` measures the processes).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import BrokenExecutor, Future
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from model.schedule import month_index

if TYPE_CHECKING:
    from experiments.ensemble import Record
    from model.market import Market
    from model.scenario import Scenario

#: The markets this process keeps, by seed, each in the last month of the shared past.
_KEPT: dict[int, Market] = {}


class SharedPast:
    """Replications of a scenario that share their past and are ready to go on under any reform of the future.

    `parts` is the first month (`YYYY-MM`) in which reforms may differ; `seeds` are the replications. The processes live
    as long as the object: use it in a `with`, or call `close`.
    """

    def __init__(self, scenario: Scenario, parts: str, seeds: Sequence[int], workers: int = 1) -> None:
        """Live through the past once, on `workers` processes side by side."""
        self.scenario, self.seeds, self._month = scenario, list(seeds), month_index(parts) - 1
        count = max(1, min(workers, len(self.seeds)))
        self._shares = [self.seeds[worker::count] for worker in range(count)]
        self._processes: list[Any] = [self._process() for _ in self._shares]
        for future in [self._live(worker) for worker in range(count)]:
            future.result()

    def futures(self, reform: Scenario | None = None) -> list[Record]:
        """What each replication records under a reform, past included, in the order of the seeds.

        The same numbers as living the reform from the start. Raises ValueError when the reform changes the past. A
        process that died is replaced, and its replications live again.
        """
        asked = [process.submit(_go_on, share, reform) for process, share in self._paired()]
        found: dict[int, Record] = {}
        for worker, answer in enumerate(asked):
            try:
                found |= answer.result()
            except BrokenExecutor:
                self._processes[worker] = self._process()
                self._live(worker).result()
                found |= self._processes[worker].submit(_go_on, self._shares[worker], reform).result()
        return [found[seed] for seed in self.seeds]

    def close(self) -> None:
        """End the processes."""
        for process in self._processes:
            process.shutdown(wait=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _paired(self) -> list[tuple[Any, list[int]]]:
        return list(zip(self._processes, self._shares, strict=True))

    def _live(self, worker: int) -> Future[None]:
        started: Future[None] = self._processes[worker].submit(
            _live_until, self.scenario, self._shares[worker], self._month
        )
        return started

    @staticmethod
    def _process() -> Any:
        from loky import ProcessPoolExecutor

        return ProcessPoolExecutor(max_workers=1, env={"NUMBA_NUM_THREADS": "1"})


def _live_until(scenario: Scenario, seeds: Sequence[int], month: int) -> None:
    """In a worker: open the markets and live through the shared past."""
    from model.market import Market

    _KEPT.clear()
    for seed in seeds:
        market = Market(scenario, seed)
        while market.month < month:
            market.advance()
        _KEPT[seed] = market


def _go_on(seeds: Sequence[int], reform: Scenario | None) -> dict[int, Record]:
    """In a worker: fork each market and live the rest."""
    records: dict[int, Record] = {}
    for seed in seeds:
        market = _KEPT[seed].fork(reform)
        while market.month < market.last_month:
            market.advance()
        records[seed] = market.table()
    return records
