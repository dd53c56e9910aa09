"""The rules for one person or firm by hand: values worked out on paper, and compiled equal to plain Python."""

from __future__ import annotations

import inspect
import math

import pytest
from engine_slow_loops import rule

from agents import decisions

#: Rule, arguments, and what comes out.
BY_HAND: list[tuple[str, tuple[float, ...], float]] = [
    ("age_in_years", (18, -402), 35.0),
    ("age_profile", (35.0,), 1 / 0.94),
    ("age_profile", (60.0,), 1 / 0.94),
    ("age_profile", (22.0,), math.exp(-0.45) / 0.94),
    ("age_profile", (16.0,), math.exp(-0.45) / 0.94),
    ("current_wage", (9400.0, 40.0, 1.1), 11_000.0),
    ("reservation_pay", (10_000.0, 0, 0.8, 0.01), 8000.0),
    ("reservation_pay", (10_000.0, 100, 0.8, 0.01), 8000.0 / math.e),
    ("asked_share", (0.8, decisions.USUAL_HOME, 1.0, 0.1), 0.8),
    ("asked_share", (0.8, 0.0, 1.0, 0.1), 0.64),
    ("asked_share", (0.8, 1e9, 1.0, 0.3), 1.0),
    ("tenure_hazard", (0.0, 0.01, 0.04), 0.04),
    ("tenure_hazard", (12.0, 0.01, 0.04), 0.01 + 0.03 / math.e),
    ("young_multiplier", (20.0, 2.3), 2.3),
    ("young_multiplier", (25.0, 2.3), 2.3),
    ("young_multiplier", (28.0, 2.3), 1.65),
    ("young_multiplier", (31.0, 2.3), 1.0),
    ("layoff_weight", (34.99, 0.0, 3.0), 2.0),
    ("layoff_weight", (35.0, 0.0, 3.0), 6.0),
    ("application_chance", (11, 0.6, 0.5), 0.6),
    ("application_chance", (12, 0.6, 0.5), 0.3),
    ("spell_penalty", (0, 0.55), 1.0),
    ("spell_penalty", (4, 0.5), 0.75),
    ("spell_penalty", (8, 0.55), 0.55),
    ("spell_penalty", (40, 0.55), 0.55),
    ("age_penalty", (33.0, 0.85), 1.0),
    ("age_penalty", (35.5, 0.8), 0.9),
    ("age_penalty", (50.0, 0.85), 0.85),
    ("applicant_fit", (3, 3, True), 1.0),
    ("applicant_fit", (4, 1, True), 1.0),
    ("applicant_fit", (1, 3, True), 0.25),
    ("applicant_fit", (2, 3, False), 0.4),
    ("ranking_score", (0.5, 1 / math.e, 1.0), -2.0),
    ("ranking_score", (0.5, 1 / math.e, 0.0), -1.0),
    ("ranking_score", (0.5, 1 / math.e, 2.0), -4.0),
    ("reviewed_pay", (5000.0, 6000.0, 0.1), 5100.0),
    ("gig_chance", (5000.0, 5000.0, 0.06), 0.06),
    ("gig_chance", (9000.0, 5000.0, 0.06), 0.06),
    ("gig_chance", (2500.0, 5000.0, 0.06), 0.015),
    ("discouragement", (6, 0.03), 0.0),
    ("discouragement", (9, 0.03), 0.015),
    ("discouragement", (30, 0.03), 0.03),
    ("month_of_return", (500, 10, 36.0, 0.5), 35),  # 36 ln 2 = 24.95
    ("month_of_return", (20, 10, 36.0, 0.5), 20),
    ("festivals_at_home", (1.0, 0.01), 0),
    ("festivals_at_home", (0.5, 0.3), 1),  # ln 0.3 / ln 0.5 = 1.74
    ("retirement_group", (True, False, 0.95, 0.2, 0.1), 0),
    ("retirement_group", (True, True, 0.3, 0.2, 0.1), 1),
    ("retirement_group", (False, True, 0.3, 0.2, 0.1), 2),
    ("retirement_group", (False, False, 0.95, 0.2, 0.1), 1),
    ("retirement_group", (True, False, 0.1, 0.2, 0.1), 3),
    ("retirement_delay", (0.0, 4.0, 36), 0),
    ("retirement_delay", (1.0, 4.0, 36), 1),
    ("retirement_delay", (40 * 0.1, 4.0, 36), 1),
    ("retirement_delay", (5.0, 4.0, 36), 2),
    ("retirement_delay", (3.0, 2.0, 60), 2),
    ("retirement_delay", (1000.0, 4.0, 36), 36),
    ("looks_elsewhere", (0.0, 25.0, 0.02), 0.06),
    ("looks_elsewhere", (0.0, 40.0, 0.02), 0.04),
    ("looks_elsewhere", (1e9, 70.0, 0.02), 0.005),
    ("closed_at_35", (1.0, 0.6), 1.0),
    ("closed_at_35", (0.5, 1.4), 0.6),
    ("closed_at_35", (0.0, 1.4), 0.0),
    ("layoff_rate", (0.1, 0.02, 0.3, 0.01, 0.0), 0.98 * 0.03 + 0.01),
    ("layoff_rate", (0.1, 0.02, 0.3, 0.01, 0.25), 0.75 * (0.98 * 0.03 + 0.01)),
    ("layoffs_for_refund", (0.004, 0.005, 0.01), 0.004),
    ("layoffs_for_refund", (0.014, 0.005, 0.01), 0.005),
    ("layoffs_for_refund", (0.016, 0.005, 0.01), 0.016),
    ("layoffs_for_refund", (0.006, 0.005, 0.0), 0.006),
    ("openings_rate", (-0.1, 0.02, 0.3), 0.02 + 0.98 * 0.03),
]


@pytest.mark.parametrize(("name", "arguments", "expected"), BY_HAND)
def test_a_rule_by_hand(name: str, arguments: tuple[float, ...], expected: float) -> None:
    """What the rule says on paper, compiled and as plain Python."""
    assert rule(name)(*arguments) == pytest.approx(expected, rel=1e-12, abs=1e-15)
    assert getattr(decisions, name)(*arguments) == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_every_rule_is_checked_by_hand() -> None:
    """A new rule gets a line above."""
    rules = {name for name, value in vars(decisions).items() if inspect.isfunction(getattr(value, "py_func", None))}
    assert rules == {name for name, _, _ in BY_HAND}
