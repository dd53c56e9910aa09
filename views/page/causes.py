"""Why, for a scenario of one's own: every world of its waterfall, lived turn by turn with word of how far it is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool

from experiments.attribution import Question
from experiments.manifest import project_version
from views.page.streams import Waiting, event
from views.page.waterfall import shared_out, worth_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from views.page.laboratory import Laboratory
    from views.page.runs import Run


async def waterfall(request: Request, laboratory: Laboratory, run: Run) -> AsyncIterator[str]:
    """Progress, then the waterfall."""
    waiting = Waiting(request)
    question = Question(run.scenario)
    numbers = laboratory.size.batches[0]
    async for beat in waiting.for_replications(laboratory, numbers):
        yield beat
    worlds = {question.coalitions[place].digest: question.coalitions[place] for place in set(question.point_of)}
    known = laboratory.worths
    left = [digest for digest in worlds if any((digest, number) not in known for number in numbers)]
    done, began = len(worlds) - len(left), time.monotonic()
    yield event("progress", {"done": done, "of": len(worlds), "seconds_left": None})
    for turn, digest in enumerate(left):
        records = await waiting.for_work(laboratory.live(worlds[digest], numbers, turn))
        known |= {(digest, number): worth_of(question, record) for number, record in records.items()}
        seconds = (time.monotonic() - began) / (turn + 1) * (len(left) - turn - 1)
        yield event("progress", {"done": done + turn + 1, "of": len(worlds), "seconds_left": round(seconds, 1)})
    found = await run_in_threadpool(shared_out, question, known, numbers)
    yield event("answer", {"final": True, **found.told(run.language, _made_here())})


def _made_here() -> dict[str, Any]:
    return {"version": project_version(), "command": "", "current": True}
