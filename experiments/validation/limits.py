"""Absurd questions: every lever and every uncertain parameter at its ends. A sane model gives sane answers.

What an economist expects of each is written down before it is asked: signs by group, bounds, and where the number of
people must not move. The answers are arithmetic of the rules far outside what the model was held against; what is
tested is that nothing breaks and nothing turns round.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from experiments.validation.checks import Check, Verdict, at_most
from experiments.validation.evidence import Experiment, Life, Lives, Plan, TooFewError, until
from model.schedule import month_index
from model.specification import in_force

if TYPE_CHECKING:
    from experiments.engine.ensemble import Record

NAME = "limits"
BASELINE = "baseline"
PERSONS, SEEDS = 50_000, 2
LAST, MONTHS_READ = "2027-12", 12
#: From when levers stand at their ends.
SINCE = "2020-01"
YOUTH, PRIME, ALL = "unemployment_rate_16_24", "unemployment_rate_30_59", "unemployment_rate"
MIDDLE, OVER_35, GRADUATES = "unemployment_rate_25_29", "unemployment_rate_over_35", "unemployment_rate_graduates"
RATES = (YOUTH, MIDDLE, PRIME, OVER_35, ALL)
#: Most of a group that can be without work before the answer is no longer one.
MOST_UNEMPLOYED = 0.97
#: Differences of a rate smaller than this, in points, are luck of two pairs of 50,000 persons: four standard errors.
LUCK = {YOUTH: 1.4, MIDDLE: 1.0, PRIME: 0.3, OVER_35: 0.3, ALL: 0.3, GRADUATES: 2.5}
READ = (*RATES, GRADUATES, "labour_force", "employed", "unemployed", "inactive", "hires", "layoffs", "vacancies",
        "employment_tech", "employment_developers", "gdp_index", "house_price_index", "home_starts_index",
        "k_visa_stock", "median_wage", "cost_youth_subsidy", "cost_public_posts", "cost_postgraduate_places",
        "cost_insurance_refund", "cost_retirement_delay")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """A value at its end, what must come of it, and why.

    `up` and `down` name indicators that may not move the other way; `still` those that may not move beyond luck. They
    are read in the last year, `at_once` in the first after the lever has moved: later pay and firms' closures answer
    too. Where `moves_people` the number of people may change.
    """

    name: str
    asked: Mapping[str, object]
    reason: str
    up: tuple[str, ...] = ()
    down: tuple[str, ...] = ()
    still: tuple[str, ...] = ()
    at_once: bool = False
    moves_people: bool = False


def _since(value: float, before: float) -> dict[str, float]:
    return {"2018-01": before, SINCE: value}


QUESTIONS: tuple[Question, ...] = (
    Question("no visa", {"visa.annual_quota": 0.0}, "a few thousand people cannot be seen among 500 million",
             still=RATES, moves_people=True),
    Question("five million visas a year, nobody brings a job", {
        "visa.annual_quota": _since(5_000_000, 0), "parameters.visa_applicants": 1_000_000.0,
        "visa.complementarity": _since(-3.0, 0.4)},
        "they take jobs and their employers close others", up=(YOUTH, ALL, "k_visa_stock"), moves_people=True),
    Question("nobody hires", {"hiring.openings_scale.all": _since(0, 1)}, "jobs end and none is filled",
             up=RATES, down=("hires", "employed")),
    Question("three times the posts", {"hiring.openings_scale.all": _since(3, 1)}, "posts find people sooner",
             up=("vacancies", "employed"), down=RATES, at_once=True),
    Question("three times the posts for long", {"hiring.openings_scale.all": _since(3, 1)},
             "pay rises where posts are many, so no more jobs are wanted; who is new to the market finds one sooner",
             up=("vacancies", "hires"), down=(YOUTH, ALL)),
    Question("no age limit", {"hiring.over_35_cap_share": _since(0, 0.28)}, "all posts are open to the old",
             up=(YOUTH,), down=(OVER_35,)),
    Question("every post closed at 35", {"hiring.over_35_cap_share": _since(1, 0.28)},
             "the old find nothing, the young compete among themselves", up=(OVER_35, PRIME), down=(YOUTH,)),
    Question("every advert for one gender", {"hiring.one_gender_share": _since(1, 0.2)},
             "half the posts are closed to everybody", up=(ALL,)),
    Question("no advert for one gender", {"hiring.one_gender_share": _since(0, 0.2)}, "more is open to everybody",
             down=(ALL,)),
    Question("graduates for nothing", {"hiring.graduate_subsidy": _since(1, 0)}, "employers prefer who costs little",
             down=(GRADUATES,)),
    Question("a hundred thousand yuan per young hire", {"hiring.youth_subsidy": _since(100_000, 0),
                                                       "parameters.youth_subsidy_take_up": 1.0},
             "who is paid for is hired, others less", up=(PRIME, "cost_youth_subsidy"), down=(YOUTH, GRADUATES)),
    Question("five million public posts a year", {"hiring.public_posts": _since(5_000_000, 0)},
             "the state takes half of every class and pays for it", up=("employed", "cost_public_posts"),
             down=(YOUTH, GRADUATES, ALL)),
    Question("nobody studies on", {"graduates.postgraduate_share": _since(0, 0.096)}, "they search years earlier",
             up=(GRADUATES, "labour_force"), down=("cost_postgraduate_places",)),
    Question("everybody studies on", {"graduates.postgraduate_share": _since(1, 0.096)},
             "each class comes three years later: fewer people in the market", up=("cost_postgraduate_places",),
             down=(YOUTH, "labour_force")),
    Question("no premium is refunded", {"layoffs.insurance_refund": _since(0, 0.54)},
             "nothing holds back who would lay off a little", up=("layoffs",), down=("cost_insurance_refund",)),
    Question("all premiums are refunded", {"layoffs.insurance_refund": _since(1, 0.54)},
             "firms that would lay off a little keep their staff", up=("cost_insurance_refund",), down=("layoffs",)),
    Question("half the staff laid off each month", {"layoffs.extra_rate.all": _since(0.5, 0)},
             "jobs are cut and not reopened at once", up=RATES, down=("employed",)),
    Question("a wave of layoffs two years ago",
             {"layoffs.extra_rate.all": {"2018-01": 0, "2025-01": 0.05, "2026-01": 0}},
             "a wave leaves nobody better off until it has faded", up=RATES),
    Question("layoffs spare the old", {"layoffs.over_35_odds": _since(0.2, 1.5)}, "others are picked", down=(OVER_35,)),
    Question("layoffs pick the old", {"layoffs.over_35_odds": _since(10, 1.5)}, "ten times the odds", up=(OVER_35,)),
    Question("no layoff allowed", {"layoffs.protection": _since(1, 0)},
             "protected jobs are not opened to others: the young pay", up=(YOUTH,), down=("layoffs", "hires", PRIME)),
    Question("technology shrinks by half a year", {"technology.output_growth": _since(-0.5, 0.1)},
             "fewer of its jobs", down=("employment_tech",), up=(ALL,)),
    Question("technology doubles every year", {"technology.output_growth": _since(1, 0.1)}, "more of its jobs",
             up=("employment_tech",)),
    Question("technology's output without jobs", {"technology.jobs_elasticity": _since(-1, 0.7)}, "fewer of its jobs",
             down=("employment_tech",)),
    Question("machines do nothing", {"technology.ai_adoption": 0.0}, "the first job is not taken",
             down=(YOUTH, GRADUATES)),
    Question("machines do every exposed task", {"technology.ai_adoption": _since(1, 0)},
             "beginners find no post, a third of all work is gone at once, output is higher",
             up=(*RATES, GRADUATES, "gdp_index"), down=("hires", "employed")),
    Question("no cap on developers' debt", {"property.credit_limit": 0.0},
             "no defaults: more is built, output is higher, fewer are without work",
             up=("home_starts_index", "employment_developers", "gdp_index"), down=(ALL, YOUTH)),
    Question("a full cap for ever", {"property.credit_limit": _since(1, 0)},
             "more defaults: less is built; what is left of developers years later is nearly the baseline's",
             up=(ALL,), down=("home_starts_index", "gdp_index"), at_once=True),
    Question("the state buys twenty million homes a year", {"property.government_purchases": _since(20_000_000, 0)},
             "a buyer without limit holds the price", up=("house_price_index",)),
    Question("nobody graduates", {"graduates.cohort_scale": 0.0},
             "the same people are in the market from their teens, without a degree", up=("labour_force",)),
    Question("five times the class", {"graduates.cohort_scale": 5.0},
             "all who can study do: fewer are in the market, more of the young look for a graduate's job",
             up=(YOUTH,), down=("labour_force",)),
    Question("nobody retires later", {"retirement.delay_pace": 0.0}, "the old leave as they did before the law of 2025",
             down=("labour_force",)),
    Question("retirement three times as fast", {"retirement.delay_pace": 3.0},
             "the old stay longer, and jobs follow the labour force only in part", up=("labour_force", ALL)),
    Question("nobody comes from the countryside", {"parameters.migrants": _since(0, 7.2)}, "fewer people, fewer jobs",
             down=("labour_force", "employed"), moves_people=True),
    Question("thirty million come a year", {"parameters.migrants": _since(30, 7.2)},
             "more people and more jobs, jobs later", up=("labour_force", "employed", ALL), moves_people=True),
    Question("output falls by a fifth a year", {"macro.growth_after_data": -0.2}, "demand for labour falls with output",
             up=(YOUTH, ALL), down=("gdp_index",)),
    Question("output grows by a fifth a year", {"macro.growth_after_data": 0.2}, "demand for labour rises with output",
             up=("gdp_index",), down=(YOUTH, ALL)),
    Question("no posts and no layoffs", {"hiring.openings_scale.all": _since(0, 1), "layoffs.protection": _since(1, 0)},
             "jobs still end by themselves", up=RATES),
    Question("all laid off, all posts", {"layoffs.extra_rate.all": _since(0.5, 0),
                                         "hiring.openings_scale.all": _since(3, 1)},
             "posts alone do not bring back jobs that were cut", up=(ALL,)),
    Question("no cap and a buyer without limit", {"property.credit_limit": 0.0,
                                                  "property.government_purchases": _since(20_000_000, 0)},
             "both hold the market", up=("house_price_index", "gdp_index")),
    Question("large classes and no age limit",
             {"graduates.cohort_scale": 5.0, "hiring.over_35_cap_share": _since(0, 0.28)},
             "more young with a degree, and the old compete with them", up=(YOUTH,)),
)  # fmt: skip


def parameters_at_their_ends() -> tuple[Question, ...]:
    """Every uncertain parameter of the rules at both ends of its range: nothing breaks, no rate is impossible."""
    reason = "a parameter of the rules within its declared range"
    return tuple(
        Question(f"{one.path} at {end:g}", {one.path: end}, reason, moves_people=one.path.endswith("migrants"))
        for one in in_force().parameters
        if one.uncertain and not one.dated and not one.choices and not one.switch and not one.names_file
        for end in (one.low, one.high)
    )


@dataclass(frozen=True)
class Limits:
    """What came of every question: `table` has a row for each thing expected of one."""

    table: pd.DataFrame

    @property
    def broken(self) -> pd.DataFrame:
        """Rows that are not as expected."""
        return self.table[~self.table["held"]]


def _lives(plan: Plan) -> list[Life]:
    base = until(plan, LAST, population=PERSONS)
    worlds: list[tuple[str, Mapping[str, object], int]] = [(BASELINE, {}, SEEDS)]
    worlds += [(each.name, each.asked, SEEDS) for each in QUESTIONS]
    worlds += [(each.name, each.asked, 1) for each in parameters_at_their_ends()]
    return [
        Life(NAME, name, base.with_values(values), seed)
        for name, values, seeds in worlds
        for seed in range(base.seed, base.seed + seeds)
    ]


def _live(life: Life) -> Record:
    from model.market import simulate

    found = simulate(life.scenario, life.seed)
    first = month_index(SINCE)
    years = [slice(first, first + MONTHS_READ), slice(-MONTHS_READ, None)]
    told = {name: [found[name][year] for year in years] for name in READ}
    return {name: np.array([year[~np.isnan(year)].sum() / MONTHS_READ for year in both]) for name, both in told.items()}


def _gather(lives: Lives) -> Limits:
    told: dict[str, dict[int, Record]] = {}
    for life, record in lives:
        told.setdefault(life.arm, {})[life.seed] = record
    if BASELINE not in told:
        raise TooFewError
    rows = [row for each in (*QUESTIONS, *parameters_at_their_ends()) for row in _answers(each, told)]
    return Limits(pd.DataFrame(rows, columns=["question", "indicator", "expected", "change", "held", "reason"]))


def _answers(question: Question, told: Mapping[str, Mapping[int, Record]]) -> list[dict[str, Any]]:
    """What is expected of a question, and whether it held."""
    base, found = told[BASELINE], told.get(question.name, {})
    seeds = [seed for seed in found if seed in base]
    if not seeds:
        return [_row(question, "the run", "ends", np.nan, held=False)]

    year = 0 if question.at_once else 1

    def change(name: str) -> float:
        return float(np.mean([found[seed][name][year] - base[seed][name][year] for seed in seeds]))

    rows = []
    for names, sign, word in (
        (question.up, 1, "not below"),
        (question.down, -1, "not above"),
        (question.still, 0, "still"),
    ):
        for name in names:
            moved = change(name) * (100 if name in LUCK else 1)
            luck = LUCK.get(name, 0.0)
            held = abs(moved) <= luck if sign == 0 else sign * moved >= -luck
            rows.append(_row(question, name, word, moved, held=bool(held)))
    worst = max(float(found[seed][name][1]) for seed in seeds for name in RATES)
    rows.append(
        _row(question, "every rate", f"at most {MOST_UNEMPLOYED:.0%}", 100 * worst, held=worst <= MOST_UNEMPLOYED)
    )
    if not question.moves_people:
        everyone = np.mean([base[seed]["labour_force"][year] + base[seed]["inactive"][year] for seed in seeds])
        share = (change("labour_force") + change("inactive")) / everyone
        rows.append(_row(question, "people", "still", 100 * share, held=abs(share) < 2e-3))
    return rows


def _row(question: Question, indicator: str, expected: str, change: float, *, held: bool) -> dict[str, Any]:
    return {"question": question.name, "indicator": indicator, "expected": expected, "change": change, "held": held,
            "reason": question.reason}  # fmt: skip


def _sane(found: Limits) -> Verdict:
    broken = found.broken
    told = "; ".join(f"{row.question}: {row.indicator} {row.expected}, moved by {row.change:.3g}"
                     for row in broken.head(6).itertuples())  # fmt: skip
    asked = found.table["question"].nunique()
    note = f"{asked} questions, {len(found.table)} expectations (limits.csv)" + (f"; not held: {told}" if told else "")
    return at_most(0, float(len(broken)), note)


LIMITS = Experiment(NAME, "every lever and uncertain parameter at its ends", _lives, _live, _gather)
LIMIT_CHECKS: tuple[Check, ...] = (
    Check("limits", "absurd questions answered against an economist's expectation", "none (0)", "expectations broken",
          "signs and bounds written down beside each question (experiments/validation/limits.py)", "test",
          LIMITS, _sane),
)  # fmt: skip
