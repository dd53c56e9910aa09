"""To what the parameters are fitted: official months up to 2026-02 and the facts of property and construction.

Each target is declared once, with the size of error that the model may make. Two definitions are never joined: a series
that ends with the old definition has an error process of its own, and so has one that begins with the new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.official_months import LAST_SCORED
from model.country.china import CHINA
from model.schedule import month_index, month_label

Floats = NDArray[np.float64]
Outputs = Mapping[str, Floats]
#: What a run keeps for the fit, from 2018-01 on.
KEPT = (
    "unemployment_rate",
    "unemployment_rate_16_24",
    "unemployment_rate_25_29",
    "unemployment_rate_30_59",
    "unemployment_rate_local_hukou",
    "unemployment_rate_migrant_hukou",
    "labour_force_25_29",
    "labour_force_30_59",
    "employment_developers",
    "employment_construction",
    "home_sales_index",
    "home_starts_index",
    "vacancies",
    "unemployed",
    "job_finding_rate",
    "separation_rate",
)
#: Months that one shock decides and no parameter should chase: covid in 2020 and the lockdowns of 2022.
SHOCK_MONTHS = ("2020-02", "2020-03", "2020-04", "2020-05", "2020-06",
                "2022-03", "2022-04", "2022-05", "2022-06", "2022-11", "2022-12")  # fmt: skip
#: What the model may miss in such a month, in points, on top; how far lockdowns stop openings is fitted.
SHOCK_SD = 1.0
#: How much of a month's miss is left in the next, and how much series share of it: what moves one age moves all.
MEMORY, SHARED = 0.7, 0.5
#: The first months of the 25-29 series are a new survey's start: an error of their own, in points.
STARTING_MONTHS, STARTING_SD = 3, 0.5
#: Error of a published figure in points: it is rounded to 0.1, and some are recollected.
FIGURE_SD = {"high": 0.03, "medium": 0.06, "low": 0.15}


@dataclass(frozen=True, slots=True)
class Series:
    """An official monthly series, and the monthly error (points) with memory that the model may make.

    `stems` are the model's age groups that make up the official one, weighted by their labour force.
    """

    name: str
    group: str
    first: str
    last: str
    discrepancy: float
    stems: tuple[str, ...] = ()

    def of(self, outputs: Outputs) -> Floats:
        """The model's months of this series, in points."""
        if not self.stems:
            rate = outputs["unemployment_rate"]
        elif len(self.stems) == 1:
            rate = outputs[f"unemployment_rate_{self.stems[0]}"]
        else:
            force = np.array([outputs[f"labour_force_{stem}"] for stem in self.stems])
            rates = np.array([outputs[f"unemployment_rate_{stem}"] for stem in self.stems])
            rate = (rates * force).sum(axis=0) / force.sum(axis=0)
        chosen: Floats = 100 * rate[month_index(self.first) : month_index(self.last) + 1]
        return chosen


@dataclass(frozen=True, slots=True)
class Fact:
    """A change between two years that is a target too, with the error (points) that the model may make.

    `metric` is the row of property_annual.csv that holds the levels, `indicator` what the model calls the same thing. A
    census counts `at_end` of a year, in December; other levels are sums or means over it.
    """

    name: str
    metric: str
    indicator: str
    before: int
    after: int
    discrepancy: float
    at_end: bool = False

    @property
    def change(self) -> float:
        """The official change in per cent."""
        levels = CHINA.annual_series("property_annual.csv", self.metric)
        return 100 * (levels[self.after] / levels[self.before] - 1)

    def of(self, outputs: Outputs) -> float:
        """The model's change in per cent between the two years."""
        of_year = slice(11, 12) if self.at_end else slice(0, 12)
        before, after = (
            outputs[self.indicator][month_index(f"{year}-01") :][of_year] for year in (self.before, self.after)
        )
        return float(100 * (after.mean() / before.mean() - 1))


#: All ages and 25-59 before the change say nearly the same, so each counts half.
_COUNTS_HALF = 0.25 * 2**0.5
SERIES = (
    Series("16-24", "16-24_excl_students", CHINA.official.new_definition, LAST_SCORED, 0.40, ("16_24",)),
    Series("25-29", "25-29_excl_students", CHINA.official.new_definition, LAST_SCORED, 0.25, ("25_29",)),
    Series("30-59", "30-59_excl_students", CHINA.official.new_definition, LAST_SCORED, 0.09, ("30_59",)),
    Series("all", "total_urban", CHINA.official.new_definition, LAST_SCORED, 0.10),
    # What the best constant scores, and more: nothing that is fitted moves one beside the other much.
    Series("local hukou", "local_hukou", CHINA.official.new_definition, LAST_SCORED, 0.30, ("local_hukou",)),
    Series("migrant hukou", "migrant_hukou", CHINA.official.new_definition, LAST_SCORED, 0.50, ("migrant_hukou",)),
    Series("all 2018-23", "total_urban", "2018-01", "2023-11", _COUNTS_HALF),
    Series("25-59 2018-23", "25-59", "2018-01", "2023-06", _COUNTS_HALF, ("25_29", "30_59")),
)
#: The change to 2025 is left to judge.
FACTS = (
    Fact("home sales 2021-24", "floor_space_sold", "home_sales_index", 2021, 2024, 8.0),
    Fact("housing starts 2021-24", "new_starts_floor_space", "home_starts_index", 2021, 2024, 8.0),
    Fact(
        "developers' staff 2018-23",
        "employment_property_developers",
        "employment_developers",
        2018,
        2023,
        8.0,
        at_end=True,
    ),
    Fact(
        "construction jobs 2018-23", "employment_construction", "employment_construction", 2018, 2023, 8.0, at_end=True
    ),
)
#: The name under which facts stand beside the series.
FACT_GROUP = "facts"


@dataclass(frozen=True)
class Targets:
    """Every target in one vector, with the covariance of what model and figures may miss.

    `group` and `month` (an index; the year's end for a fact) say what each entry is; `shock` marks months that one
    shock decides, `starting` the first months of a new survey.
    """

    series: tuple[Series, ...]
    facts: tuple[Fact, ...]
    group: tuple[str, ...]
    label: tuple[str, ...]
    month: NDArray[np.int64]
    shock: NDArray[np.bool_]
    starting: NDArray[np.bool_]
    official: Floats
    covariance: Floats

    def __len__(self) -> int:
        return len(self.official)

    @property
    def groups(self) -> list[str]:
        """Names of the groups, in order."""
        return list(dict.fromkeys(self.group))

    def of(self, outputs: Outputs) -> Floats:
        """The same vector as the model gives it."""
        monthly = [one.of(outputs) for one in self.series]
        return np.concatenate([*monthly, [fact.of(outputs) for fact in self.facts]])

    @property
    def positive(self) -> NDArray[np.bool_]:
        """Which entries are rates, always above zero."""
        return np.array([group != FACT_GROUP for group in self.group])

    def rows(self, group: str) -> NDArray[np.int64]:
        """Where the entries of a group stand."""
        return np.flatnonzero(np.array(self.group) == group)

    def until(self, month: str) -> NDArray[np.int64]:
        """Entries known by a month: what a fit that has not seen the later ones may use."""
        return np.flatnonzero(self.month <= month_index(month))


def official_targets(series: Sequence[Series] = SERIES, facts: Sequence[Fact] = FACTS) -> Targets:
    """The targets as data/ has them."""
    published = CHINA.published.until(LAST_SCORED).groups
    groups: list[str] = []
    labels: list[str] = []
    values: list[float] = []
    figure_sd: list[float] = []
    for one in series:
        for number in range(month_index(one.first), month_index(one.last) + 1):
            value, confidence = published[one.group][month_label(number)]
            groups.append(one.name)
            labels.append(month_label(number))
            values.append(value)
            figure_sd.append(FIGURE_SD[confidence])
    for fact in facts:
        groups.append(FACT_GROUP)
        labels.append(fact.name)
        values.append(fact.change)
        figure_sd.append(0.0)
    months = [month_index(label) for label in labels[: -len(facts) or None]]
    months += [month_index(f"{fact.after}-12") for fact in facts]
    month = np.array(months, np.int64)
    shock = np.array([label in SHOCK_MONTHS for label in labels])
    new = CHINA.official.new_definition
    starting = np.isin(groups, [one.name for one in series if one.first == new and one.stems == ("25_29",)])
    starting &= month < month_index(new) + STARTING_MONTHS
    covariance = np.diag(
        np.square(figure_sd) + np.where(shock, SHOCK_SD**2, 0.0) + np.where(starting, STARTING_SD**2, 0)
    )
    _add_discrepancy(covariance, np.array(groups), month, series, facts)
    return Targets(
        tuple(series), tuple(facts), tuple(groups), tuple(labels), month, shock, starting, np.array(values), covariance
    )


def _add_discrepancy(
    covariance: Floats,
    groups: NDArray[np.str_],
    month: NDArray[np.int64],
    series: Sequence[Series],
    facts: Sequence[Fact],
) -> None:
    """Add what the model itself may miss: with memory (AR(1)), shared in part between series, by itself for a fact."""
    of, new = [np.flatnonzero(groups == one.name) for one in series], CHINA.official.new_definition
    for one, rows in zip(series, of, strict=True):
        for other, columns in zip(series, of, strict=True):
            apart = np.abs(month[rows, None] - month[None, columns])
            same_definition = (one.first >= new) == (other.first >= new)
            shared = 1.0 if one is other else SHARED if same_definition else 0.0
            covariance[np.ix_(rows, columns)] += shared * one.discrepancy * other.discrepancy * MEMORY**apart
    for row, fact in zip(np.flatnonzero(groups == FACT_GROUP), facts, strict=True):
        covariance[row, row] += fact.discrepancy**2
