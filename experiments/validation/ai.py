"""Whom machines cost a job, and how: the young or their older colleagues, through hiring or through layoffs.

Ratios are judged, not levels: a level could be had from any adoption. Levels under the adoption that is declared are
told beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agents.columns import Flag, Status
from experiments.validation.checks import Check, Verdict, at_most
from experiments.validation.evidence import Experiment, Floats, Life, Lives, Plan, paired, records_of, until
from model.country.china import CHINA
from model.schedule import month_index

if TYPE_CHECKING:
    from experiments.engine.ensemble import Record
    from model.market import Market

NAME = "ai"
SHARE = 0.15
NONE, DECLARED, MANY = "none", "declared", "many"
#: Adoption of each arm; the last is large enough to be told from luck, and ratios do not depend on it.
ARMS: dict[str, dict[str, object]] = {
    NONE: {"technology.ai_adoption": 0.0},
    DECLARED: {},
    MANY: {"technology.ai_adoption": {"2018-01": 0, "2023-01": 0.2}},
}
SINCE, LAST = month_index("2023-01"), month_index("2025-09")
#: Share of jobs in the most exposed occupations, as the published comparison of fifths has them.
MOST_EXPOSED = 0.2
YOUNG, OLD = (22 * 12, 26 * 12), (35 * 12, 60 * 12)


@dataclass(frozen=True)
class FirstJobs:
    """Logs of employment against the arm without machines, most exposed occupations less the others, and flows.

    `jobs` [arm: declared, many; who: 22 to 25, 35 to 59]; `flows` [hires, separations] of the young in the most exposed
    occupations since 2023, as changes over all their jobs.
    """

    jobs: Floats
    flows: Floats


def _lives(plan: Plan) -> list[Life]:
    scenario = until(plan, "2025-09")
    return [
        Life(NAME, arm, scenario.with_values(values), scenario.seed + k)
        for arm, values in ARMS.items()
        for k in range(plan.replications(SHARE))
    ]


def most_exposed(market: Market) -> NDArray[np.bool_]:
    """By occupation: among those with the highest exposure that hold a fifth of jobs."""
    exposure = np.array([market.country.ai_exposure.get(each, 0.0) for each in market.occupation_ids])
    order = np.argsort(-exposure, kind="stable")
    before = np.cumsum(market.exogenous.occupation_jobs[order]) - market.exogenous.occupation_jobs[order]
    found = np.zeros(len(order), np.bool_)
    found[order[before < MOST_EXPOSED * market.exogenous.occupation_jobs.sum()]] = True
    return found


def _live(life: Life) -> Record:
    from model.market import Market

    market = Market(life.scenario, life.seed)
    market.live(SINCE - 1)
    exposed, jobs, flows = most_exposed(market), np.zeros((2, 2)), np.zeros(2)
    before = _young_staff(market, exposed)
    while market.month < LAST:
        market.advance()
        now = _young_staff(market, exposed)
        flows += len(np.setdiff1d(now, before)), len(np.setdiff1d(before, now))
        before = now
        if market.month > LAST - 12:
            jobs += _jobs(market, exposed)
    return {"jobs": jobs / 12, "flows": flows}


def _staff(market: Market) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Who has an ordinary job, and everybody's age in months."""
    people, rows = market.people, slice(0, market.people.count)
    at_work = (people.status[rows] == Status.EMPLOYED) & (people.flags[rows] & Flag.GIG == 0)
    return at_work, market.month - people.birth[rows].astype(np.int64)


def _jobs(market: Market, exposed: NDArray[np.bool_]) -> Floats:
    """Jobs by age, the young first, and by occupation, the most exposed first."""
    at_work, age = _staff(market)
    here = exposed[market.people.occupation[: market.people.count]]
    return np.array(
        [
            [(at_work & (age >= low) & (age < high) & (here == which)).sum() for which in (True, False)]
            for low, high in (YOUNG, OLD)
        ],
        np.float64,
    )


def _young_staff(market: Market, exposed: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The young in the most exposed occupations and their firms, as one number each."""
    people, (at_work, age) = market.people, _staff(market)
    rows = np.flatnonzero(at_work & (age >= YOUNG[0]) & (age < YOUNG[1]) & exposed[people.occupation[: people.count]])
    return people.identity[rows].astype(np.int64) * len(market.firms) + people.employer[rows]


def _gather(lives: Lives) -> FirstJobs:
    lives = paired(lives, tuple(ARMS))
    jobs = {arm: np.sum([record["jobs"] for record in records_of(lives, arm)], axis=0) for arm in ARMS}
    flows = {arm: np.sum([record["flows"] for record in records_of(lives, arm)], axis=0) for arm in ARMS}
    change = {arm: np.log(np.maximum(1.0, jobs[arm])) - np.log(np.maximum(1.0, jobs[NONE])) for arm in (DECLARED, MANY)}
    relative = np.array([change[arm][:, 0] - change[arm][:, 1] for arm in (DECLARED, MANY)])
    return FirstJobs(relative, (flows[MANY] - flows[NONE]) / max(1.0, jobs[NONE][0, 0]))


AI_AT_WORK = Experiment(NAME, "whom machines cost a job", _lives, _live, _gather)


def _published() -> float:
    """Published change of employment at 22 to 25 in the most exposed occupations, per cent."""
    metric = "us_employment_22_25_most_exposed_relative_change"
    return next(float(row["value"]) for row in CHINA.rows("ai_facts.csv") if row["metric"] == metric)


def _young_and_old(found: FirstJobs) -> Verdict:
    young, old = found.jobs[1]
    told = [f"{first:+.1f} % at 22 to 25, {then:+.1f} % at 35 to 59" for first, then in 100 * np.expm1(found.jobs)]
    note = f"adoption as declared: {told[0]} (United States {_published():+.0f} % and none); of a fifth: {told[1]}"
    return at_most(0.5, float(old / young) if young < 0 else float("nan"), note)


def _hiring_and_separations(found: FirstJobs) -> Verdict:
    hires, separations = 100 * found.flows
    lost = separations - hires
    share = -hires / lost if lost > 0 else float("nan")
    note = f"of their jobs, in all since 2023: hires {hires:+.1f} %, separations {separations:+.1f} %"
    return Verdict(share, bool(share >= 0.5), note)


AI_SOURCE = "Brynjolfsson, Chandar and Chen 2025, on secondary pages (data/ai_facts.csv)"
AI_CHECKS: tuple[Check, ...] = (
    Check("ai_young_and_old", "jobs lost to machines in the most exposed fifth at 35 to 59, over those at 22 to 25",
          "at most 0.5; levels told", "ratio", AI_SOURCE, "coded in", AI_AT_WORK, _young_and_old),
    Check("ai_hiring", "share of young jobs lost to machines that fewer hires account for, the rest more separations",
          "at least 0.5", "ratio", AI_SOURCE, "coded in", AI_AT_WORK, _hiring_and_separations),
)  # fmt: skip
