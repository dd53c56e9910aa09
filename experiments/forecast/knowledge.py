"""What was known of the world outside in a month: the country with the tables that were out then."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cache

from experiments.calibration.job import OUTSIDE, STEADY, unfitted_baseline
from model.country.china import CHINA
from model.country.country import Country, Row
from model.scenario.scenario import Scenario
from model.schedule import FrozenMapping, month_index, month_label
from model.specification import Specification

#: Origins that can be stood at, and the months that runs live to: a year past the last origin.
FIRST_ORIGIN, LAST_ORIGIN, LAST_MONTH = "2018-12", "2026-12", "2027-12"
#: The longest a forecast looks ahead, in months.
LONGEST = 12
_CHURN = "annual_separation_rate_all"


@dataclass(frozen=True)
class CountryAsKnown(Country):
    """A country without the lockdowns and the surveys of churn that came after a month.

    Growth, pay and classes are cut off by the drivers themselves. Before the first survey was out its churn is taken
    for usual: relative to itself it is 1, so that nothing of it is known.
    """

    origin: str = LAST_MONTH

    __hash__ = Country.__hash__

    def rows(self, name: str) -> tuple[Row, ...]:
        """The rows of one file that were out."""
        rows = super().rows(name)
        if name == "lockdown.csv":
            return tuple(row for row in rows if row["month"] <= self.origin)
        if name == "labour_structure.csv":
            first = min(row["year"] for row in rows if row["metric"] == _CHURN)
            return tuple(row for row in rows if row["metric"] != _CHURN or row["year"] == first or self._out(row))
        return rows

    def _out(self, row: Row) -> bool:
        return month_index(f"{row['year']}-12") + CHINA.economy.survey_out <= month_index(self.origin)


@cache
def known_country(origin: str) -> CountryAsKnown:
    """The country as it was known in a month; its tables say what was out, so nothing waits for its survey again."""
    told = {each.name: getattr(CHINA, each.name) for each in fields(CHINA)}
    return CountryAsKnown(**{**told, "economy": replace(CHINA.economy, survey_out=-(10**6))}, origin=origin)


@cache
def base() -> Scenario:
    """The baseline without what a fit chose, to the last month a forecast can speak of."""
    return unfitted_baseline().with_values({"end": LAST_MONTH, **STEADY})


def word(origin: str) -> str:
    """The word of `macro.outside_figures` for any origin; scenario files may name a few."""
    return f"known_{origin.replace('-', '_')}"


def as_known(origin: str) -> Scenario:
    """The baseline that is told only what was out by the origin, to the last month told from it."""
    end = month_label(min(month_index(origin) + LONGEST + 3, month_index(LAST_MONTH)))
    values = FrozenMapping({**base().values, OUTSIDE: word(origin)})
    return replace(base(), values=values, end=end, specification=Specification(country=known_country(origin)))


@cache
def origins() -> list[str]:
    """Every origin, in order."""
    return [month_label(month) for month in range(month_index(FIRST_ORIGIN), month_index(LAST_ORIGIN) + 1)]
