"""The files of a question: made from its replications, figures and reports by a process of their own."""

from __future__ import annotations

import asyncio
import re
import shlex
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from experiments.engine.executors import WORKER_ENVIRONMENT, send, started
from views.page.facts import command
from views.page.takeaway import FIGURE, NoFigure, Parcel, figure, report

if TYPE_CHECKING:
    from views.page.laboratory import Laboratory, Records
    from views.page.runs import Run

#: Drawings that may wait for one another; the next visitor is asked to come back.
_MOST_WAITING = 8
#: The drawing process ends when nobody has asked for so long, in seconds.
_IDLE = 60
KINDS = {
    "scenario.yaml": "application/yaml",
    "table.csv": "text/csv; charset=utf-8",
    "table.parquet": "application/vnd.apache.parquet",
    "figure.png": "image/png",
    "figure.svg": "image/svg+xml",
    "report.html": "text/html; charset=utf-8",
}


class Draughtsman:
    """Draws in a process of its own, one drawing after the other, so that the page stays alive."""

    def __init__(self) -> None:
        self._process: Any = None
        self._waiting = 0
        self._lock = threading.Lock()

    async def draw(self, work: Callable[[], bytes]) -> bytes:
        """What the work gives; raises HTTPException when too many wait."""
        if self._waiting >= _MOST_WAITING:
            raise HTTPException(503, "too many figures are being drawn; try again in a moment", {"retry-after": "10"})
        self._waiting += 1
        try:
            found: bytes = await asyncio.wrap_future(await run_in_threadpool(self._hand_over, work))
        except BrokenExecutor:
            self._process = None
            raise HTTPException(503, "drawing broke off; try again", {"retry-after": "1"}) from None
        else:
            return found
        finally:
            self._waiting -= 1

    def _hand_over(self, work: Callable[[], bytes]) -> Future[bytes]:
        """Give the work to the process, which is started first; where there is none, it is done here and now."""
        with self._lock:
            if self._process is None:
                self._process = started(self._pool)[0]
            return send(self._process, work)

    @staticmethod
    def _pool() -> Any:
        from loky import ProcessPoolExecutor

        return ProcessPoolExecutor(max_workers=1, timeout=_IDLE, env=WORKER_ENVIRONMENT)

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.shutdown(wait=True, kill_workers=True)


async def parcel_of(laboratory: Laboratory, run: Run) -> Parcel:
    """The question with the replications there are; forgotten ones are lived again."""
    baseline = laboratory.baseline_scenario
    alone = not run.scenario.changes_from(baseline)
    records = laboratory.baseline if alone else laboratory.records_of(run.scenario)
    first = laboratory.size.batches[0]
    if not set(first) <= set(records):
        if not set(first) <= set(laboratory.ready):
            raise HTTPException(
                503, "the baseline is still being computed; try again in a moment", {"retry-after": "5"}
            )
        lived: Records = await asyncio.wrap_future(laboratory.live(run.scenario, first, 0))
        records |= lived
    pairs = records.keys() & laboratory.baseline.keys()
    words = tuple(shlex.split(command(run, laboratory.draws, len(pairs)))[1:])
    sides = records, laboratory.baseline
    return Parcel.of(run.scenario, baseline, sides, words, run.language, laboratory.draws_of(pairs))


async def download(laboratory: Laboratory, draughtsman: Draughtsman, run: Run, file: str, name: str) -> Response:
    """One of the files of a question."""
    if file not in KINDS:
        raise HTTPException(404, f"there is no such file; there are {', '.join(KINDS)}")
    parcel = await parcel_of(laboratory, run)
    if file == "scenario.yaml":
        content = parcel.reform.to_yaml().encode()
    elif file == "table.csv":
        content = await run_in_threadpool(parcel.csv)
    elif file == "table.parquet":
        content = await run_in_threadpool(parcel.parquet)
    elif file == "report.html":
        content = await draughtsman.draw(partial(report, parcel))
    else:
        try:
            content = await draughtsman.draw(partial(figure, parcel, file.rpartition(".")[2], name or FIGURE))
        except NoFigure:
            raise HTTPException(404, "there is no figure of that name") from None
    stem = re.sub(r"[^a-z0-9]+", "_", (run.preset or "scenario").lower()).strip("_") or "scenario"
    headers = {"content-disposition": f'attachment; filename="{stem}-{file}"', "cache-control": "no-store"}
    return Response(content, media_type=KINDS[file], headers=headers)
