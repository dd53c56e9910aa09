"""Where runs are computed: this process, or a pool of processes that survives the death of any of them.

The driver is written against `concurrent.futures`, so an existing cluster engine can take the pool's place.
"""

from __future__ import annotations

import atexit
import gc
import os
import signal
import traceback
import warnings
from collections import deque
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from multiprocessing import current_process
from textwrap import shorten
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar, cast

from experiments.engine.cores import available_cores
from experiments.engine.interrupts import held_back
from experiments.engine.streams import complain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Task = TypeVar("Task")
Result = TypeVar("Result")

#: How often a run is tried when the process that computed it dies; the last try is made alone.
TRIES = 3
#: What workers find in their environment: one thread for each, and no modules of the folder the user works in. loky
#: takes 300 MB more than at the start for a leak and replaces the process; here they are kernels, markets and figures.
WORKER_ENVIRONMENT = {"NUMBA_NUM_THREADS": "1", "PYTHONSAFEPATH": "1", "LOKY_MAX_MEMORY_LEAK_SIZE": "1e15"}
#: How long an idle worker is kept, in seconds: a new one must load and warm up everything again.
_IDLE_SECONDS = 600
#: So much is told of why there are no processes.
_TOLD = 100


@dataclass(frozen=True)
class Failure(Generic[Task]):
    """A run that gave no result: what went wrong, in one line, and the traceback for whoever looks further."""

    task: Task
    kind: str
    message: str
    details: str = ""
    #: How far the run came, where that is known.
    stage: str = ""


@dataclass(frozen=True)
class Computed(Generic[Result]):
    """What a worker sends back. Errors travel as text: not every exception survives the way between processes."""

    result: Result | None = None
    error: tuple[str, str, str] | None = None


def compute(work: Callable[[Task], Result], task: Task) -> Computed[Result]:
    """Compute one run where it was sent; an error is an answer too."""
    try:
        return Computed(work(task))
    except Exception as error:  # noqa: BLE001 - whatever a run raises is its result
        return Computed(error=(type(error).__name__, str(error), traceback.format_exc()))


@cache
def load_engine() -> None:
    """Load the market, late: workers need it, the command line does not.

    In a worker it stays for good, so that the garbage collector, which loky calls after runs, need not look at it.
    """
    import model.market
    import model.opening.founding  # noqa: F401 - which loads the mechanisms

    if current_process().name != "MainProcess":
        gc.freeze()


class Here(Executor):
    """This process in the place of a pool: what is submitted is computed at once; an interrupt is not kept."""

    def submit(self, work: Callable[..., Any], /, *words: Any, **options: Any) -> Future[Any]:
        """Compute now."""
        future: Future[Any] = Future()
        try:
            future.set_result(work(*words, **options))
        except Exception as error:  # noqa: BLE001 - whoever asks for the result gets it
            future.set_exception(error)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False, kill_workers: bool = False) -> None:
        """Nothing runs between two calls."""


def started(make: Callable[[], Executor], count: int = 1) -> list[Any]:
    """So many pools whose processes answer, or this process alone where none can be had, which is said.

    No shared memory for semaphores (/dev/shm), a limit on processes, a sandbox: there is always a way in which a
    process cannot be had that a look beforehand would miss. So the first answer decides.
    """
    pools: list[Any] = []
    try:
        with held_back(signal.SIGINT), _own_modules():
            pools.extend(make() for _ in range(count))
            greetings = [pool.submit(int) for pool in pools]
        for greeting in greetings:
            greeting.result()
    except (ImportError, OSError, RuntimeError, MemoryError) as error:
        for pool in pools:
            pool.shutdown(wait=False, kill_workers=True)
        told = "they die at once" if isinstance(error, BrokenExecutor) else getattr(error, "strerror", "") or str(error)
        complain(f"no further processes can be had here ({shorten(told, _TOLD)}): going on with one worker")
        return [Here()]
    return pools


@contextmanager
def _own_modules() -> Iterator[None]:
    """Within the block, what loky starts beside the workers takes no modules from the working folder either."""
    before = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONSAFEPATH"]
        else:
            os.environ["PYTHONSAFEPATH"] = before


def send(pool: Executor, work: Callable[..., Result], *words: Any) -> Future[Result]:
    """Give work to a pool.

    Ctrl-C reaches every process of a terminal. Workers inherit the blocked signal and leave it to us.
    """
    with nullcontext() if isinstance(pool, Here) else held_back(signal.SIGINT):
        return pool.submit(work, *words)


def handed(pool: Executor, work: Callable[..., Result], *words: Any) -> Future[Result]:
    """Give work to a pool; one that is known to be dead answers as one that dies on the way does."""
    try:
        return send(pool, work, *words)
    except BrokenExecutor as error:
        answer: Future[Result] = Future()
        answer.set_exception(error)
        return answer


class Place(Protocol):
    """Where runs are computed."""

    @property
    def workers(self) -> int:
        """How many runs are computed side by side."""

    @property
    def ahead(self) -> int:
        """How many runs to hand over before the first of them is back."""

    def submit(self, work: Callable[[Task], Result], task: Task) -> Future[Computed[Result]]:
        """Hand over one run."""

    def stop(self) -> None:
        """Give up what is being computed."""


class LocalProcesses:
    """A pool of processes on this machine, rebuilt when one of them dies; this process where there can be no pool."""

    #: How many processes were asked for last: to ask for another number waits for what they are doing.
    latest: ClassVar[int] = 0

    def __init__(self, workers: int) -> None:
        """Prepare for `workers` processes; they start with the first run."""
        self.workers = LocalProcesses.latest = workers
        self._pool: Any = None

    @property
    def ahead(self) -> int:
        """One run for each process and one in hand."""
        return 1 if isinstance(self._pool, Here) else self.workers + 1

    def submit(self, work: Callable[[Task], Result], task: Task) -> Future[Computed[Result]]:
        """Send one run to a process that is free, starting the pool when there is none (or it broke)."""
        return send(self.pool(), compute, work, task)

    def pool(self) -> Any:
        """The processes that there are, or this one alone."""
        if self._pool is None:
            self._pool = started(self._processes)[0]
        elif not isinstance(self._pool, Here):
            self._pool = self._processes()
        return self._pool

    def _processes(self) -> Any:
        """The pool of this process, the same as before unless it broke."""
        from loky import get_reusable_executor

        with held_back(signal.SIGINT):
            pool = get_reusable_executor(self.workers, timeout=_IDLE_SECONDS, env=WORKER_ENVIRONMENT)
        atexit.unregister(_end_at_once)
        atexit.register(_end_at_once, pool)
        return pool

    def load(self, module: str) -> None:
        """Have a process import a module as soon as it is free; nothing is waited for."""
        if self._pool is not None and not isinstance(self._pool, Here):
            handed(self._pool, import_module, module)

    def stop(self) -> None:
        """End the processes at once, whatever they are doing."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, kill_workers=True)


class ThisProcess:
    """One worker: each run is computed at once, here; a pool would only cost time."""

    workers = ahead = 1

    def submit(self, work: Callable[[Task], Result], task: Task) -> Future[Computed[Result]]:
        """Compute one run now; its error is kept in the future, an interrupt is not."""
        return Here().submit(compute, work, task)

    def stop(self) -> None:
        """Nothing runs between two calls."""


def _end_at_once(pool: Any) -> None:
    """End processes that have nothing more to do when this one ends: left to themselves they tidy up for a second."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a system without pgrep, on which loky ends the processes all the same
        pool.shutdown(wait=True, kill_workers=True)


def made_here(work: Callable[[Task], Result], tasks: Sequence[Task], workers: int | None) -> list[Result]:
    """What small pieces of work give, in their order, from the processes on this machine that computed the runs.

    Without a number of `workers` there is one per core. Errors are raised as they were; what a process that dies
    leaves undone is done in this one.
    """
    workers = workers or available_cores()
    if workers == 1 or len(tasks) == 1:
        return [work(task) for task in tasks]
    pool = LocalProcesses(LocalProcesses.latest or workers).pool()
    try:
        answers = [(task, handed(pool, work, task)) for task in tasks]
        return [work(task) if isinstance(answer.exception(), BrokenExecutor) else answer.result()
                for task, answer in answers]  # fmt: skip
    except BaseException:
        pool.shutdown(wait=True, kill_workers=True)
        raise


#: Where this process has its runs computed when not on this machine; `--cluster` sets it.
_ELSEWHERE: list[Place] = []


def compute_at(place: Place | None) -> None:
    """From now on have every run computed at a place, or on this machine again."""
    for left in _ELSEWHERE:
        left.stop()
    _ELSEWHERE[:] = [] if place is None else [place]


def elsewhere() -> Place | None:
    """Where runs are computed when not on this machine."""
    return _ELSEWHERE[-1] if _ELSEWHERE else None


class ComputingLostError(KeyboardInterrupt):
    """The place where runs are computed is gone: an interrupt from outside, after which finished runs are kept too."""


def run_tasks(
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    workers: int,
    keep: Callable[[Task, Result], Any],
    give_up: Callable[[Failure[Task]], Any],
    place: Place | None = None,
    *,
    needed_next: str = "",
) -> None:
    """Compute every task on `workers` processes and hand each result to `keep` as soon as it is there.

    `needed_next` names a module that is imported when the last task has been handed over, here and in a process that
    has nothing left to do.

    `place` computes somewhere else instead; by default that is where `compute_at` says. There too a scheduler that is
    lost is an interrupt: what is finished is kept.

    A task that raises goes to `give_up` and the others go on. A task whose process dies is tried again, the last
    time with nothing beside it, so that it cannot take innocent neighbours down with it. Whatever `keep` raises (a
    full disk), and an interrupt, ends the work at once.
    """
    asked, place = place, place or elsewhere() or (LocalProcesses(workers) if workers > 1 else ThisProcess())
    try:
        _Driver(work, place, keep, give_up).run(tasks, needed_next)
    except CancelledError:
        place.stop()
        if asked is not None:
            raise
        raise ComputingLostError("the scheduler of the cluster was lost") from None
    except BaseException:
        place.stop()
        raise


class _Driver(Generic[Task, Result]):
    """The queue of one call of `run_tasks`."""

    def __init__(
        self,
        work: Callable[[Task], Result],
        place: Place,
        keep: Callable[[Task, Result], Any],
        give_up: Callable[[Failure[Task]], Any],
    ) -> None:
        self.work, self.place, self.keep, self.give_up = work, place, keep, give_up
        self.waiting: deque[tuple[Task, int]] = deque()
        self.suspects: deque[tuple[Task, int]] = deque()
        self.running: dict[Future[Computed[Result]], tuple[Task, int]] = {}

    def run(self, tasks: Sequence[Task], needed_next: str) -> None:
        self.waiting.extend((task, 1) for task in tasks)
        while self.waiting or self.suspects or self.running:
            self._fill()
            if needed_next and not self.waiting:
                self._load(needed_next)
                needed_next = ""
            finished, _ = wait(self.running, return_when=FIRST_COMPLETED)
            for future in finished:
                self._receive(future)

    def _load(self, module: str) -> None:
        if isinstance(self.place, LocalProcesses):
            self.place.load(module)
        with suppress(ImportError):  # whoever needs it will say so
            import_module(module)

    def _fill(self) -> None:
        """Keep every worker busy with one run in hand; suspects run alone, after all others."""
        while self.waiting and len(self.running) < self.place.ahead:
            self._send(*self.waiting.popleft())
        if self.suspects and not self.running:
            self._send(*self.suspects.popleft())

    def _send(self, task: Task, attempt: int) -> None:
        try:
            future = self.place.submit(self.work, task)
        except BrokenExecutor:  # the pool broke since the last look; the next call builds a new one
            future = self.place.submit(self.work, task)
        self.running[future] = (task, attempt)

    def _receive(self, future: Future[Computed[Result]]) -> None:
        task, attempt = self.running.pop(future)
        error = future.exception()
        if error is None:
            self._take(task, future.result())
        elif not isinstance(error, BrokenExecutor):
            details = "".join(traceback.format_exception(error))
            self.give_up(Failure(task, type(error).__name__, str(error), details))
        elif attempt < TRIES:
            (self.suspects if attempt + 1 == TRIES else self.waiting).append((task, attempt + 1))
        else:
            message = f"its process died {TRIES} times (killed, or out of memory)"
            self.give_up(Failure(task, "WorkerDied", message))

    def _take(self, task: Task, attempt: Computed[Result]) -> None:
        if attempt.error is None:
            self.keep(task, cast("Result", attempt.result))
        else:
            self.give_up(Failure(task, *attempt.error))
