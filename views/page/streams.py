"""Answers as they come: a stream of events that narrows the interval while somebody listens, and stops with them."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool

from views.page.facts import told

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from concurrent.futures import Future

    from starlette.requests import Request

    from views.page.laboratory import Laboratory
    from views.page.runs import Run

#: How often it is looked whether anybody still listens, in seconds.
_LOOK = 0.1
#: After so many silent seconds a stream says that it lives: servers in between cut off what is silent for a minute.
BEAT = 10.0


class Gone(Exception):  # noqa: N818 - nothing is wrong: nobody listens any more
    """The visitor has closed the page or asked something else."""


class Waiting:
    """Waits for something to come, as long as the visitor listens."""

    def __init__(self, request: Request, laboratory: Laboratory) -> None:
        self._request, self._laboratory = request, laboratory

    async def for_work(self, work: Future[Any]) -> Any:
        """What a piece of work brings; it is cancelled when the visitor goes before its turn."""
        waiting = asyncio.wrap_future(work)
        try:
            while True:
                done, _ = await asyncio.wait([waiting], timeout=_LOOK)
                if waiting.cancelled():
                    raise Gone  # the server ends
                if done:
                    return waiting.result()
                await self.look()
        finally:
            waiting.cancel()

    async def for_replications(self, batch: list[int], *, is_baseline: bool = False) -> None:
        """Wait until the past of a batch is lived (its baseline, where that is asked)."""
        laboratory = self._laboratory
        while not set(batch) <= set(laboratory.baseline if is_baseline else laboratory.ready):
            if laboratory.failed is not None:
                raise laboratory.failed
            await self.look()
            await asyncio.sleep(_LOOK)

    async def look(self) -> None:
        """Raises Gone when nobody listens any more, or the server ends."""
        if self._laboratory.closing or await self._request.is_disconnected():
            raise Gone


def event(kind: str, content: object) -> str:
    """One server-sent event."""
    return f"event: {kind}\ndata: {json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(',', ':'))}\n\n"


async def beating(events: AsyncIterator[str], beat: float = BEAT) -> AsyncIterator[str]:
    """Events as they come, and a line that browsers skip at the beginning and whenever none came for a while."""
    yield ": here\n\n"
    coming: asyncio.Future[str] | None = None
    try:
        while True:
            coming = coming or asyncio.ensure_future(anext(events))
            done, _ = await asyncio.wait([coming], timeout=beat)
            if not done:
                yield ": still computing\n\n"
                continue
            try:
                found = coming.result()
            except StopAsyncIteration:
                return
            coming = None
            yield found
    finally:
        if coming is not None and not coming.done():
            coming.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await coming


async def answers(request: Request, laboratory: Laboratory, run: Run) -> AsyncIterator[str]:
    """The answer from the first replications, then from more and more."""
    waiting = Waiting(request, laboratory)
    is_baseline = not run.scenario.changes_from(laboratory.baseline_scenario)
    records = laboratory.baseline if is_baseline else laboratory.records_of(run.scenario)
    batches = laboratory.batches()
    # What others have asked before is known at once, all of it.
    known = sum(set(batch) <= records.keys() and set(batch) <= laboratory.baseline.keys() for batch in batches)
    for turn, batch in enumerate(batches):
        await waiting.look()
        if turn >= known:
            await waiting.for_replications(batch, is_baseline=is_baseline)
            missing = [number for number in batch if number not in records]
            for piece in laboratory.pieces(run.scenario, missing):
                records |= await waiting.for_work(laboratory.live(run.scenario, piece, turn))
        if turn + 1 >= known:
            final = turn + 1 == len(batches)
            yield event("answer", await run_in_threadpool(told, laboratory, run, records, final=final))
