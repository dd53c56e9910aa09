"""What graduates do half a year after their degree, and how the young with one stand beside those without."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agents.columns import Education, Status
from experiments.validation.checks import Check, Verdict, between, near
from experiments.validation.evidence import Experiment, Floats, Life, Lives, Plan, until
from model.country.china import CHINA
from model.schedule import month_index

if TYPE_CHECKING:
    from experiments.engine.ensemble import Record
    from model.market import Market

NAME = "first half year"
SHARE = 0.2
#: Half a year after the summer in which a class graduates: December.
HALF_YEAR = 11
DOING = ("employed", "studying", "waiting for an exam", "unemployed")
_STATUS = {Status.EMPLOYED: 0, Status.POSTGRADUATE: 1, Status.EXAM_QUEUE: 2, Status.UNEMPLOYED: 3}
#: Months whose rates the bureau's spokesmen compared.
RATED = ("2019-07", "2020-07", "2021-06", "2025-07")
FILE = "graduate_status.csv"


@dataclass(frozen=True)
class FirstHalfYear:
    """`doing` [class from 2018, what]: shares of new bachelors; `rates` [month rated, who]: unemployment.

    Who: people of 20 to 24 with a tertiary degree, people of 16 to 24 with one, without one, all of them.
    """

    doing: Floats
    rates: Floats

    def rate(self, month: str, who: int) -> float:
        """Unemployment in per cent."""
        return float(100 * self.rates[RATED.index(month), who])


def _lives(plan: Plan) -> list[Life]:
    scenario = until(plan, "2025-12")
    return [Life(NAME, "", scenario, scenario.seed + k) for k in range(plan.replications(SHARE))]


def _live(life: Life) -> Record:
    from model.market import Market

    market, doing, rates = Market(life.scenario, life.seed), [], []
    rated = [month_index(month) for month in RATED]
    while market.month < market.last_month:
        market.advance()
        if market.month >= 0 and market.month % 12 == HALF_YEAR:
            doing.append(_what_bachelors_do(market))
        if market.month in rated:
            rates.append(_jobless(market))
    return {"doing": np.array(doing), "rates": np.array(rates)}


def _what_bachelors_do(market: Market) -> NDArray[np.int64]:
    """This summer's bachelors by what they do now; those at home count as without work."""
    people, rows = market.people, slice(0, market.people.count)
    new = (people.graduated[rows] > market.month - 12) & (people.education[rows] == Education.BACHELOR)
    found = [_STATUS.get(Status(status), 3) for status in people.status[rows][new]]
    return np.bincount(found, minlength=len(DOING))


def _jobless(market: Market) -> NDArray[np.int64]:
    """Unemployed and labour force: 20 to 24 with a degree, 16 to 24 with one, without one, all."""
    people, rows = market.people, slice(0, market.people.count)
    age, status = (market.month - people.birth[rows]) // 12, people.status[rows]
    degree = people.education[rows] >= Education.VOCATIONAL_COLLEGE
    young = (age >= 16) & (age < 25) & ((status == Status.UNEMPLOYED) | (status == Status.EMPLOYED))
    groups = (young & degree & (age >= 20), young & degree, young & ~degree, young)
    return np.array([[(who & (status == Status.UNEMPLOYED)).sum(), who.sum()] for who in groups])


def _gather(lives: Lives) -> FirstHalfYear:
    doing, rates = (np.sum([record[name] for _, record in lives], axis=0) for name in ("doing", "rates"))
    return FirstHalfYear(doing / doing.sum(axis=1, keepdims=True), rates[..., 0] / np.maximum(1, rates[..., 1]))


FIRST_HALF_YEAR = Experiment(NAME, "what graduates do half a year after their degree", _lives, _live, _gather)


def _settled(found: FirstHalfYear) -> Verdict:
    first, last = 100 * found.doing[0], 100 * found.doing[-1]
    told = CHINA.annual_series(FILE, "mycos_bachelor_employment_rate")
    note = (
        "; ".join(f"{what} {then:.0f} % of the class of 2018, {now:.0f} % of that of 2025"
                  for what, then, now in zip(DOING, first, last, strict=True))
        + f"; MyCOS {told[2017]:.1f} % (its own sample of who answers; studying, freelance and part-time included)"
    )  # fmt: skip
    return between(85.0, first[:2].sum(), 95.0, note)


def _slump_of_2020(found: FirstHalfYear) -> Verdict:
    before, then = found.rate("2019-07", 0), found.rate("2020-07", 0)
    target = CHINA.annual_series(FILE, "unemployment_20_24_tertiary_july_change")[2020]
    return near(target, 1.5, then - before, f"{before:.1f} to {then:.1f} %")


def _degree_and_none(found: FirstHalfYear) -> Verdict:
    young = {month: [found.rate(month, who) for who in (1, 2)] for month in ("2021-06", "2025-07")}
    note = "; ".join(
        f"{month}: with a degree {rates[0]:.1f} %, without {rates[1]:.1f} %" for month, rates in young.items()
    )
    above = found.rate("2021-06", 0) - found.rate("2021-06", 3)
    return Verdict(above, above > 0, note)


BUREAU = "statistics bureau's spokesmen (data/graduate_status.csv)"
HALF_YEAR_CHECKS: tuple[Check, ...] = (
    Check("graduate_half_year", "bachelors of 2018 at work or studying half a year after their degree", "85 to 95 %",
          "%", "MyCOS: 91.8 % of the class of 2016, 91.6 % of 2017 (data/graduate_status.csv)", "test",
          FIRST_HALF_YEAR, _settled),
    Check("graduates_of_2020", "unemployment at 20 to 24 with a college degree, July 2020 less July 2019",
          "3.3 ± 1.5 points", "points", BUREAU, "test", FIRST_HALF_YEAR, _slump_of_2020),
    Check("degree_and_none", "unemployment at 20 to 24 with a college degree less that of all of 16 to 24, June 2021",
          "higher (above 0); size reported", "points", BUREAU, "test", FIRST_HALF_YEAR, _degree_and_none),
)  # fmt: skip
