"""Why, for a scenario of one's own: every world of its waterfall, lived turn by turn with word of how far it is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool

from experiments.engine.manifest import project_version
from experiments.explain.job import Question
from views.page.streams import Waiting, event
from views.page.waterfall import kindred, shared_out, worths_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from experiments.engine.branching import Family
    from views.page.laboratory import Laboratory
    from views.page.runs import Run


async def waterfall(request: Request, laboratory: Laboratory, run: Run) -> AsyncIterator[str]:
    """Progress, then the waterfall."""
    waiting = Waiting(request, laboratory)
    question = Question(run.scenario)
    numbers = laboratory.size.batches[0]
    await waiting.for_replications(numbers)
    worlds = {question.worlds[place].digest: question.worlds[place] for place in set(question.point_of)}
    worths = {name: worth for name, worth in laboratory.worths.items() if name[0] in worlds}
    at_once = laboratory.size.workers
    kin = kindred(list(worlds.values()), laboratory.today, numbers)
    # One family a process is a short piece: others are answered between two of them.
    pieces = [kin[start : start + at_once] for start in range(0, len(kin), at_once)]
    left = [piece for piece in pieces if not worths.keys() >= _names(piece)]
    began = time.monotonic()
    for turn, piece in enumerate(left):
        yield event("progress", _progress(len(pieces) - len(left), turn, len(pieces), time.monotonic() - began))
        lived = await waiting.for_work(laboratory.live_families(piece, turn))
        for family, records in zip(piece, lived, strict=True):
            found = worths_of(question, family, records)
            worths |= found
            laboratory.keep_worths(found)
    shares = await run_in_threadpool(shared_out, question, worths, numbers)
    yield event("answer", {"final": True, **shares.told(run.language, _made_here())})


def _names(piece: list[Family]) -> set[tuple[str, int]]:
    """What the worths of a piece are kept under."""
    return {(member.name, member.number) for family in piece for member in family.members}


def _progress(known: int, done: int, of: int, spent: float) -> dict[str, Any]:
    """How far it is; the seconds left once there is a pace to tell them by."""
    left = spent / done * (of - known - done) if done else None
    return {"done": known + done, "of": of, "seconds_left": None if left is None else round(left, 1)}


def _made_here() -> dict[str, Any]:
    return {"version": project_version(), "command": "", "current": True}
