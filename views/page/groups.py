"""Who gains, who loses on the page: differences by group of people, and by occupation and year, when asked for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from experiments.compare.comparison import luck_alone
from experiments.compare.groups import group_differences, yearly_frame
from views.page.answers import plain
from views.words.groups import by_occupation, group_name, occupation_title, of_year
from views.words.language import Speech

if TYPE_CHECKING:
    import pandas as pd

    from views.page.laboratory import Laboratory
    from views.page.runs import Run

PAY = "median_wage"


async def who_gains(laboratory: Laboratory, run: Run) -> dict[str, Any]:
    """The differences of a question from the pairs there are; who is not counted yet is when it is first asked."""
    pairs = sorted(laboratory.records_of(run.scenario).keys() & set(laboratory.ready))
    if not pairs:
        raise HTTPException(404, "nothing is changed, or nothing computed yet")
    await asyncio.wrap_future(laboratory.count(run.scenario, pairs))
    return await run_in_threadpool(told, laboratory, run, pairs)


def told(laboratory: Laboratory, run: Run, pairs: list[int]) -> dict[str, Any]:
    """As the page draws it: groups of the last year, those who gain most first, and occupations by year."""
    first, say = int(laboratory.today[:4]), Speech(run.language)
    draws = laboratory.draws_of(pairs)
    reform, baseline = (yearly_frame(side, pairs, laboratory.baseline_scenario, first)
                        for side in (laboratory.records_of(run.scenario), laboratory.baseline_groups))  # fmt: skip
    found = _held(group_differences(reform, baseline, laboratory.people_per_agent, draws), draws, run)
    year = int(found["year"].max())
    work, pay = of_year(found, year), of_year(found, year, PAY).set_index(["dimension", "group"])
    who = [
        {"label": group_name(row, say), "flagged": bool(row["flagged"]), "work": _effect(row),
         "pay": _effect(paid, float(paid["baseline"]))}
        for _, row in work.iterrows()
        for paid in [pay.reindex([(row["dimension"], row["group"])]).iloc[0]]  # missing where nobody of them works
    ]  # fmt: skip
    jobs = by_occupation(found)
    occupations = [
        {"label": occupation_title(str(name), say), "flagged": bool(rows["flagged"].any()),
         "cells": {int(row["year"]): _effect(row) for _, row in rows.iterrows()}}
        for name, rows in jobs.groupby("group", sort=False)
    ]  # fmt: skip
    years = sorted({int(each) for each in jobs["year"]})
    return {"seeds": len(pairs), "year": year, "who": who, "years": years, "occupations": occupations}


def _held(found: pd.DataFrame, draws: int, run: Run) -> pd.DataFrame:
    return luck_alone(found, draws, "difference") if run.luck_alone else found


def _effect(row: pd.Series, unit: float = 1.0) -> dict[str, float | None]:
    """The level without the reform, the difference and its interval, the last three in a unit."""
    return {"baseline": plain(float(row["baseline"]))} | {
        end: plain(float(row[end]) / unit) for end in ("difference", "low", "high")
    }
