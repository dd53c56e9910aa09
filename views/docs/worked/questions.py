"""The worked experiments: how each one's points are called, and which findings answer its question.

Question and caveat stand in docs/experiments.md, the design in scenarios/experiments/. Nothing here holds a result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from views.docs.worked.findings import Difference, Finding, Levers, Limit, Ranking, Sides, YearByYear
from views.words.difference_wording import YOUTH

if TYPE_CHECKING:
    from views.docs.worked.results import Point, Points, Result

OVER_35, MIDDLE, ALL = "unemployment_rate_over_35", "unemployment_rate_30_59", "unemployment_rate"
GRADUATES, LATE_TWENTIES = "unemployment_rate_graduates", "unemployment_rate_25_29"


@dataclass(frozen=True)
class Question:
    """One worked experiment: the file of its name, the figure that is shown, the words, and the findings."""

    name: str
    figure: str
    #: What a point is called: a pattern of the design's values in order; empty where its points have names.
    phrase: str
    #: The point that others are held against: values that replace a point's own, or its place in a list.
    reference: Point
    findings: Sequence[Finding]
    #: The year that is told; None: the last.
    told: int | None = None
    #: Other words for some points, by the value of the design's first path.
    called: Mapping[float, str] = field(default_factory=dict)

    def year(self, result: Result) -> int:
        """The year that differences are told of."""
        return self.told or result.years[-1]

    def number(self, result: Points, point: Point) -> int:
        """The number of a point in the design."""
        return result.number(point, self.reference if isinstance(self.reference, Mapping) else {})

    def pair(self, result: Points, point: Point, against: Point | None = None) -> tuple[int, int]:
        """A point and what it is held against: the reference, with the point's values where that has none."""
        number = self.number(result, point)
        if against is not None:
            return number, self.number(result, against)
        return number, self.against(result, number)

    def against(self, result: Points, number: int) -> int:
        """What a point is held against."""
        if isinstance(self.reference, int):
            return self.reference
        return result.number({**result.values(number), **self.reference}, {})

    def words(self, result: Points, number: int) -> str:
        """What sentences call a point."""
        if result.names[number - 1]:
            return result.names[number - 1]
        values = list(result.values(number).values())
        named = self.called.get(values[0]) if isinstance(values[0], int | float) else None
        return named or self.phrase.format(*values).replace("%", " %")


QUOTA, POSTS = "visa.annual_quota", "visa.complementarity"
GROWTH, ELASTICITY = "technology.output_growth", "technology.jobs_elasticity"
CLASSES = "graduates.cohort_scale"

QUESTIONS: tuple[Question, ...] = (
    Question(
        "visa_quota", "response", "a quota of {0:,.0f} a year", {QUOTA: 0},
        (
            Difference(YOUTH, {QUOTA: 500_000}),
            Difference("perceived_visa_share", {QUOTA: 500_000}),
        ),
        called={0: "a closed visa"},
    ),
    Question(
        "when_the_visa_helps", "heat_map", "a quota of {1:,.0f} a year and {0:g} posts per hire", {QUOTA: 0},
        (
            Limit(
                YOUTH, [{POSTS: posts, QUOTA: 500_000} for posts in (-3, -1, 1, 2.75, 4.5)],
                "a closed visa and with a quota of 500,000 a year", "{0:g}", "posts per hire",
            ),
            Difference(YOUTH, {POSTS: 4.5, QUOTA: 500_000}),
        ),
    ),
    Question(
        "quota_and_graduates", "heat_map", "a quota of {0:,.0f} a year and classes {1:g} times their size",
        {QUOTA: 100_000, CLASSES: 1},
        (
            Difference(YOUTH, {QUOTA: 500_000}, against={QUOTA: 0}),
            Difference(YOUTH, {CLASSES: 1.2}),
        ),
    ),
    Question(
        "graduates_the_market_takes", "response", "a class {0:g} times as large", {CLASSES: 1},
        (
            Limit(
                YOUTH, [{CLASSES: size} for size in (1.05, 1.1, 1.2, 1.5)], "classes of the official size", "{0:g}",
                "times that size", limit=1,
            ),
            Difference(GRADUATES, {CLASSES: 1.2}),
        ),
        called={1: "a class of the official size"},
    ),
    Question(
        "graduate_subsidy", "response", "a subsidy of {0:.0%} of the wage", {"hiring.graduate_subsidy": 0},
        (
            Difference(GRADUATES, {"hiring.graduate_subsidy": 0.3}),
            Sides((YOUTH, LATE_TWENTIES, MIDDLE, OVER_35, ALL), {"hiring.graduate_subsidy": 0.3}),
        ),
        called={0: "no subsidy"},
    ),
    Question(
        "end_of_35_line", "response", "a line in {0:.0%} of vacancies", {"hiring.over_35_cap_share": 0.28},
        (
            Difference(OVER_35, {"hiring.over_35_cap_share": 0}),
            Sides((YOUTH, LATE_TWENTIES, ALL), {"hiring.over_35_cap_share": 0}),
        ),
        called={0: "no line at 35"},
    ),
    Question(
        "tech_layoffs_at_35", "by_month",
        "", 1,
        (Difference(OVER_35, 4, year=2026), YearByYear(OVER_35, 4, since=2026)),
        told=2026,
    ),
    Question(
        "protected_jobs", "by_month", "a ban on {0:.0%} of layoffs", {"layoffs.protection": 0},
        (
            YearByYear(ALL, {"layoffs.protection": 0.5}, since=2026),
            Sides((YOUTH, OVER_35, "hires", "layoffs"), {"layoffs.protection": 0.5}),
        ),
        called={0: "no ban"},
    ),
    Question(
        "jobless_tech_growth", "heat_map", "growth of {0:.0%} with an elasticity of jobs of {1:g}",
        {GROWTH: 0.12, ELASTICITY: 0.3},
        (
            Difference(YOUTH, {ELASTICITY: 1}, against={ELASTICITY: 0}),
            Difference(YOUTH, {GROWTH: 0.2, ELASTICITY: 0}, against={GROWTH: 0, ELASTICITY: 0}),
        ),
    ),
    Question(
        "hiring_freeze_by_sector", "points",
        "", 1,
        (Ranking(YOUTH), Ranking(OVER_35)),
        told=2026,
    ),
    Question(
        "foreclosed_homes", "response", "a purchase of {0:,.0f} homes a year", {"property.government_purchases": 0},
        (
            Difference("house_price_index", {"property.government_purchases": 1_000_000}),
            Sides((ALL, YOUTH, "employment_construction"), {"property.government_purchases": 1_000_000}),
        ),
        called={0: "no purchase"},
    ),
    Question(
        "credit_limit", "response", "a credit limit of {0:g}", {"property.credit_limit": 0.3},
        (
            Limit(
                "employment_construction", [{"property.credit_limit": limit} for limit in (0, 0.5, 0.75, 1)],
                "a limit of 0.3", "{0:g}", "of the three red lines",
            ),
            Difference(ALL, {"property.credit_limit": 1}),
        ),
    ),
    Question(
        "ai_or_visa", "points", "", 1,
        (
            Sides((GRADUATES, YOUTH, OVER_35), 4),
            Sides((GRADUATES, YOUTH, OVER_35), 6),
            Ranking(GRADUATES),
        ),
    ),
    Question(
        "programme_of_july_2025", "points", "", 1,
        (
            Difference(YOUTH, 4),
            Difference("cost_youth_subsidy", 2),
            Difference("cost_insurance_refund", 3),
            Sides((YOUTH, GRADUATES, "layoffs", "hires"), 5),
        ),
    ),
    Question(
        "what_moves_youth_unemployment", "effects", "a point of the sample", 1, (Levers(YOUTH), Levers(OVER_35)),
    ),
)  # fmt: skip
