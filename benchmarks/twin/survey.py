"""The survey of the twin's month: everyone is asked once, as the bureau does."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from agents.columns import FEMALE, NEVER, Status
from model.handover import Stocks
from model.mechanisms.survey.counting import GRADUATE_MONTHS, SURVEY_GROUPS, Counts, registered, remember

from .people import EMPLOYED, STUDENT, THIRTY_FIVE, UNEMPLOYED

if TYPE_CHECKING:
    from .market import MesaMarket


def take_survey(model: MesaMarket) -> dict[str, float]:  # noqa: C901, PLR0912 - one pass over everybody counts everything
    """Every indicator of the month, under the engine's names."""
    labour_force, unemployed = dict.fromkeys(SURVEY_GROUPS, 0), dict.fromkeys(SURVEY_GROUPS, 0)
    by_occupation = [0] * len(model.stem)
    civil = np.zeros((len(Status) + 1, 2 * FEMALE), np.int64)
    stocks = Stocks()
    wages: list[float] = []
    starting: list[float] = []
    month, profile = model.month, model.age_profile
    for person in model.people:
        status, age = person.status, month - person.birth
        civil[status, person.civil] += 1
        if status is not EMPLOYED and status is not UNEMPLOYED:
            if status is STUDENT and person.searching_student:
                stocks.searching_students += 1
                civil[EMPLOYED + 1, person.civil] += 1
            else:
                stocks.inactive += 1
            continue
        graduate = person.graduated != NEVER and month - person.graduated <= GRADUATE_MONTHS and age < THIRTY_FIVE
        groups = ["all"]
        if age < 720:
            groups.append("16_24" if age < 300 else ("25_29" if age < 360 else "30_59"))
        if age >= THIRTY_FIVE:
            groups.append("over_35")
        if graduate:
            groups.append("graduates")
        if person.foreign:
            groups.append("k_visa")
        for name in groups:
            labour_force[name] += 1
        if status is UNEMPLOYED:
            for name in groups:
                unemployed[name] += 1
            by_occupation[person.occupation] += 1
            stocks.long_term += month - person.since >= 12
        else:
            wage = person.pay * profile[min(age // 12, 99)]
            wages.append(wage)
            if graduate and month - person.since < 12:
                starting.append(wage)
            stocks.gig += person.gig
            stocks.foreign_employed += person.foreign
    stocks.labour_force, stocks.unemployed = labour_force["all"], unemployed["all"]
    stocks.employed, stocks.foreign = stocks.labour_force - stocks.unemployed, labour_force["k_visa"]
    stocks.by_group = {name: (labour_force[name], unemployed[name]) for name in SURVEY_GROUPS}
    stocks.by_group |= registered(civil)
    return _reported(model, stocks, by_occupation, wages, starting)


def _reported(
    model: MesaMarket, stocks: Stocks, by_occupation: list[int], wages: list[float], starting: list[float]
) -> dict[str, float]:
    """What the engine derives from a survey; the medians are exact, where the engine has a histogram."""
    economy = model.economy
    economy.stocks = stocks
    nothing = Counts.nothing(len(by_occupation))
    economy.counts = nothing._replace(by_occupation=np.array(by_occupation))
    remember(economy)
    return {name: read(economy) for name, read in economy.indicators} | {
        "median_wage": median(wages) * economy.wage_level,
        "median_starting_wage_graduates": median(starting) * economy.wage_level if starting else float("nan"),
        "gig_workers": stocks.gig * economy.people_per_agent,
    }
