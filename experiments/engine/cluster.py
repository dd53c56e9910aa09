"""Runs sent to the workers of a Dask scheduler: the same runs, the same numbers, other machines.

Results come back to the driver, which alone writes files: workers need the program and no shared folder.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any, TypeVar

from experiments.engine.errors import OWN, BadRequest, extra_needed
from experiments.engine.executors import Computed, compute
from experiments.engine.manifest import code_version

Task = TypeVar("Task")
Result = TypeVar("Result")
#: Seconds that the scheduler has to answer, and between two looks at how many workers there are.
_PATIENCE, _LOOK_AGAIN = 10, 5.0


def version_there() -> dict[str, str]:
    """On a worker: the program it holds."""
    return code_version()


def compute_there(version: Mapping[str, str], work: Callable[[Task], Result], task: Task) -> Computed[Result]:
    """On a worker: one run, unless the worker came late and holds another program than the driver."""
    own = code_version()
    other = [name for name, value in version.items() if own.get(name) != value]
    if other:
        return Computed(error=("OtherVersion", f"a worker holds another program ({', '.join(other)} differ)", ""))
    return compute(work, task)


class DaskCluster:
    """The workers of a scheduler that runs already; they come and go as they like."""

    def __init__(self, address: str) -> None:
        """Connect, and refuse workers that hold another program. Raises BadRequest with what is wrong."""
        with extra_needed("cluster", "--cluster"):
            from distributed import Client
        # Every lost connection would be told twice: here in one sentence, and by Dask in thirty lines.
        for name in [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            connect: Any = Client
            self._client = connect(address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise BadRequest(
                f"no Dask scheduler answers at {address} ({type(error).__name__}); "
                "start one with 'dask scheduler', or leave --cluster out to compute here"
            ) from None
        self._executor = self._client.get_executor(pure=False)
        self._version = dict(code_version())
        self._counted, self._threads = -_LOOK_AGAIN, 0
        try:
            self._refuse_others()
        except BaseException:
            self.stop()
            raise

    def _refuse_others(self) -> None:
        """Ask every worker that is there for its program."""
        try:
            answers: Mapping[str, Mapping[str, str]] = self._client.run(version_there)
        except ModuleNotFoundError as error:
            if (error.name or "").split(".")[0] not in OWN:
                raise
            raise BadRequest(
                "the workers do not find the program; start each in a checkout of it, or with the checkout in "
                "PYTHONPATH; nothing was run"
            ) from None
        for worker, version in answers.items():
            other = [name for name, value in code_version().items() if version.get(name) != value]
            if other:
                raise BadRequest(
                    f"worker {worker} holds another program or version ({', '.join(other)} differ); "
                    "update it and start it again; nothing was run"
                )

    @property
    def workers(self) -> int:
        """How many runs are computed side by side at present; at least one, for workers still to come."""
        now = time.monotonic()
        if now - self._counted > _LOOK_AGAIN:
            self._counted = now
            with contextlib.suppress(OSError, TimeoutError):  # a lost scheduler is told by the runs it had
                self._threads = sum(self._client.nthreads().values())
        return max(1, self._threads)

    @property
    def ahead(self) -> int:
        """Two runs for each worker, so that none waits for the driver."""
        return 2 * self.workers

    def submit(self, work: Callable[[Task], Result], task: Task) -> Future[Computed[Result]]:
        """Send one run. Dask itself sends it elsewhere when its worker dies."""
        future: Future[Computed[Result]] = self._executor.submit(compute_there, self._version, work, task)
        return future

    def stop(self) -> None:
        """Call back what is not finished and let go of the scheduler, which goes on."""
        with contextlib.suppress(Exception):
            self._executor.shutdown(wait=False)
        with contextlib.suppress(Exception):
            self._client.close(timeout=2)
