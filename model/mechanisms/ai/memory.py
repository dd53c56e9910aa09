"""What the work of machines carries from month to month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.mechanisms.ai import AI
from model.schedule import BURN_IN, FrozenMapping, monthly

if TYPE_CHECKING:
    from model.market import Market

Floats = NDArray[np.float64]


class PostsLeft(NamedTuple):
    """What machines leave of posts."""

    beginners: Floats  # by occupation: share open to beginners
    mix: Floats  # [group, occupation], cumulative
    campus_mix: Floats  # the same of posts on campus
    campus_posts: Floats  # by group, relative to those without machines
    work: Floats  # by group: log of the work that is left to people


@dataclass(slots=True)
class Machines:
    """Tasks that machines do; exposure and what was expected never change."""

    exposure: Floats  # by occupation: share of its tasks that language models can do
    work_by_occupation: Floats  # share of all jobs' work
    expected: Floats  # share of all work by month from the burn-in on that realised output contains: the declared path
    work: Floats  # by group: log of the work that is left to people
    output: float = 0.0  # log of GDP over the realised one, for what machines do beyond what was expected
    share: float = 0.0  # of all work that machines do
    posts: PostsLeft | None = None  # where they do any
    posts_of: tuple[float, bytes] = (0.0, b"")  # adoption and occupations of groups that these follow from


def machines(market: Market) -> Machines:
    """At the opening machines do nothing. An occupation that the table does not know is not exposed."""
    exposure = np.array([market.country.ai_exposure.get(occupation, 0.0) for occupation in market.occupation_ids])
    work = market.exogenous.occupation_jobs / market.exogenous.occupation_jobs.sum()
    declared = market.specification.by_path[AI.parameters[0].path].default
    path = declared if isinstance(declared, FrozenMapping | dict) else {"2018-01": float(str(declared))}
    expected = monthly(path, -BURN_IN, market.last_month + BURN_IN + 1) * (work @ exposure)
    return Machines(exposure, work, expected, np.zeros(len(market.groups)))
