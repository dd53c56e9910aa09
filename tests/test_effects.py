"""What raising each lever of the contract does: the sign of its effect, other things equal.

Each row compares twelve pairs of runs with the same luck. A mean difference counts when it is 5.5 standard errors from
zero on the promised side: a lever without effect passes in fewer than one of 10,000 choices of seeds (Student's t, 11
degrees of freedom). When written every row stood at 9 or more, so that a sound model fails as rarely.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pytest
from engine_cases import Table, branch, scenario, window
from numpy.typing import NDArray

from model.country.china import CHINA
from model.specification import STANDARD

PAIRS, PERSONS, CERTAIN = 12, 10_000, 5.5
RAISED = "2018-07"
#: A visa that many want and get.
OPEN_VISA = {"visa.annual_quota": 2_000_000, "parameters.visa_applicants": 1_000_000}
ALONG = {"visa.annual_quota": 5_000_000}
#: Every employer asks for the payment.
ALL_ASK = {"parameters.youth_subsidy_take_up": 1.0}
AT_FIRST, THEN, LATER = ("2018-07", "2018-12"), ("2019-01", "2020-12"), ("2020-01", "2021-12")
#: Two years after the law of 2025.
IN_FORCE = ("2026-07", "2026-12")
#: Who is sixteen when classes begin to grow graduates six years later.
CLASSES_LATER = ("2022-07", "2024-06")


class Effect(NamedTuple):
    """A lever raised in RAISED, what is read, and whether that rises (1) or falls (-1)."""

    lever: str
    low: float | bool
    high: float | bool
    reading: str  # an indicator, or `a / b` for the ratio of two
    sign: int
    months: tuple[str, str] = THEN
    given: Mapping[str, object] = {}  # holds in both runs

    def __str__(self) -> str:
        """The name of the row."""
        return f"{self.lever}: {self.reading} {'up' if self.sign > 0 else 'down'}"

    def runs(self, *, raised: bool, seed: int) -> Table:
        value: object = self.high if raised else self.low
        if raised and not isinstance(value, bool):
            value = {"2018-01": self.low, RAISED: self.high}
        end = max("2020-12", self.months[1])
        plain, asked = (scenario(PERSONS, end, {**self.given, self.lever: each}) for each in (self.low, value))
        return branch(asked, seed, plain, RAISED)

    def read(self, table: Table) -> float:
        first, *second = (window(table, name, *self.months) for name in self.reading.split(" / "))
        return first / second[0] if second else first


EFFECTS = (
    Effect("visa.annual_quota", 0, 500_000, "k_visa_stock", 1),
    Effect("visa.annual_quota", 0, 500_000, "backlash", 1),
    Effect("visa.h1b_diversion", 0, 1, "k_visa_stock", 1, given=ALONG),
    Effect("visa.complementarity", -3, 3, "unemployment_rate", -1, LATER, OPEN_VISA),
    Effect("visa.complementarity", -0.5, 2, "net_native_jobs_per_k_hire", 1, LATER, OPEN_VISA),
    Effect("hiring.openings_scale.all", 1, 1.3, "unemployment_rate", -1),
    Effect("hiring.openings_scale.tech", 1, 3, "employment_tech", 1),
    Effect("hiring.over_35_cap_share", 0.28, 0.7, "unemployment_rate_over_35", 1),
    Effect("hiring.over_35_cap_share", 0.28, 0.7, "unemployment_rate_16_24", -1),
    Effect("hiring.over_35_cap_share", 0.28, 0.7, "unemployment_rate_25_29", -1),
    Effect("hiring.one_gender_share", 0, 1, "unemployment_rate_women / unemployment_rate_men", 1),
    Effect("hiring.graduate_subsidy", 0, 0.5, "unemployment_rate_graduates", -1),
    Effect("hiring.youth_subsidy", 0, 100_000, "unemployment_rate_16_24", -1, given=ALL_ASK),
    Effect("hiring.youth_subsidy", 0, 100_000, "cost_youth_subsidy", 1),
    Effect("hiring.public_posts", 0, 1_000_000, "unemployment_rate_graduates", -1, LATER),
    Effect("hiring.public_posts", 0, 1_000_000, "cost_public_posts", 1, LATER),
    Effect("graduates.postgraduate_share", 0, 0.6, "unemployment_rate_16_24", -1),
    Effect("graduates.postgraduate_share", 0.05, 0.4, "cost_postgraduate_places", 1),
    Effect("layoffs.insurance_refund", 0, 1, "layoffs", -1, ("2019-01", "2022-12")),
    Effect("layoffs.insurance_refund", 0, 1, "cost_insurance_refund", 1),
    Effect("layoffs.extra_rate.all", 0, 0.02, "unemployment_rate", 1),
    Effect("layoffs.extra_rate.all", 0, 0.02, "unemployment_rate_over_35", 1, LATER),
    Effect("layoffs.extra_rate.all", 0, 0.02, "unemployment_rate_over_35 / unemployment_rate_16_24", 1, LATER),
    Effect("layoffs.extra_rate.tech", 0, 0.05, "employment_tech", -1),
    Effect("layoffs.extra_rate.tech", 0, 0.05, "unemployment_rate", 1),
    Effect("layoffs.over_35_odds", 1, 5, "layoffs_over_35", 1),
    Effect("layoffs.over_35_odds", 1, 5, "unemployment_rate_over_35", 1, given={"layoffs.extra_rate.all": 0.01}),
    Effect("layoffs.protection", 0, 0.8, "layoffs", -1, AT_FIRST),
    Effect("technology.output_growth", 0.1, 0.3, "employment_tech", 1),
    Effect("technology.output_growth", 0.1, 0.3, "technology_share_of_gdp", 1),
    Effect("technology.jobs_elasticity", 0.7, 1.5, "employment_tech", 1),
    Effect("technology.extra_layoffs", 0, 0.05, "employment_tech", -1),
    Effect("technology.ai_adoption", 0, 0.4, "unemployment_rate_16_24", 1),
    Effect("technology.ai_adoption", 0, 0.4, "unemployment_rate_graduates", 1),
    Effect("technology.ai_adoption", 0, 0.4, "unemployment_rate_16_24 / unemployment_rate_over_35", 1),
    Effect("property.credit_limit", 0, 1, "developer_defaults", 1),
    Effect("property.credit_limit", 0, 1, "home_starts_index", -1),
    Effect("property.credit_limit", 0, 1, "employment_construction", -1, LATER),
    Effect("property.credit_limit", 0, 1, "unemployment_rate", 1, LATER),
    Effect("property.government_purchases", 0, 2_000_000, "house_price_index", 1),
    Effect("graduates.cohort_scale", 0.7, 1.3, "unemployment_rate_16_24", 1, CLASSES_LATER),
    Effect("retirement.delay_pace", 0, 3, "labour_force", 1, IN_FORCE),
    Effect("retirement.delay_pace", 0, 3, "cost_retirement_delay", -1, IN_FORCE),
    Effect("policy_feedback.enabled", False, True, "k_visa_suspended", 1, given=OPEN_VISA),
    Effect("policy_feedback.enabled", False, True, "k_visa_stock", -1, given=OPEN_VISA),
)


def differences(effect: Effect) -> NDArray[np.float64]:
    """What raising the lever does, pair by pair."""
    pairs = [(effect.read(effect.runs(raised=True, seed=seed)), effect.read(effect.runs(raised=False, seed=seed)))
             for seed in range(PAIRS)]  # fmt: skip
    return np.array([raised - plain for raised, plain in pairs])


def certainty(values: NDArray[np.float64]) -> float:
    """Mean in standard errors; without any spread the sign alone, far from zero."""
    error = values.std(ddof=1) / np.sqrt(len(values))
    mean = float(values.mean())
    return mean / error if error > 1e-12 * abs(mean) else float(np.sign(mean)) * 1e6


@pytest.mark.parametrize("effect", EFFECTS, ids=str)
def test_raising_a_lever_does_what_the_contract_says(effect: Effect) -> None:
    values = differences(effect)
    assert effect.sign * certainty(values) > CERTAIN, (
        f"{effect}: mean {values.mean():+.4g}, {certainty(values):+.1f} standard errors"
    )


def test_every_lever_is_in_the_table() -> None:
    """A lever without a row here is a lever that nobody has seen move anything."""
    shown = {effect.lever for effect in EFFECTS}
    missing = [p.path for p in STANDARD.levers if not shown & set(p.concrete_paths(CHINA.sector_ids))]
    assert missing == []


@pytest.mark.parametrize("complementarity", [0.0, 1.0])
def test_half_a_million_k_visas_a_year_move_youth_unemployment_little(complementarity: float) -> None:
    """Less than 3 points either way after three years, even when hires bring no jobs; 4 standard errors inside."""
    given = {"parameters.visa_applicants": 1_000_000, "visa.complementarity": complementarity}
    effect = Effect("visa.annual_quota", 0, 500_000, "unemployment_rate_16_24", 1, LATER, given)
    values = differences(effect)
    stock = window(effect.runs(raised=True, seed=0), "k_visa_stock", *LATER)
    assert stock > 500_000, "they came"
    assert abs(values.mean()) + 4 * values.std(ddof=1) / np.sqrt(PAIRS) < 0.03


def test_what_is_protected_is_not_opened_to_others() -> None:
    """The gap stays: while layoffs are forbidden firms open fewer posts than they would."""
    during = Effect("layoffs.protection", 0, 1, "hires", -1, (RAISED, "2019-12"))
    assert certainty(differences(during)) < -CERTAIN
