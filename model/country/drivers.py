"""What the model takes from outside, month by month: growth, holidays, churn, pay, lockdowns, trends, graduates.

Everything is read from the tables of a country as it was realised and goes on after its last datum by a stated
assumption. A month's value never depends on which months are asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.country.country import Country
from model.country.tables import Floats
from model.schedule import FIRST_YEAR, FrozenMapping, month_index, month_label

#: Where the mean of a calendar year lies, in months after its January.
_MID_YEAR: Final = 5.5


@dataclass(frozen=True, slots=True)
class Drivers:
    """The outside world from month `first` on: every array holds one value a month, `[sector, month]` for trends.

    Month indices are those of `model.schedule`; `row(month)` gives the place of a month in the arrays.
    """

    #: Month index of the first value.
    first: int
    #: Their number.
    months: int
    #: Log deviation of real GDP from its slow trend.
    growth_gap: Floats
    #: Real GDP relative to 2018-01.
    real_gdp: Floats
    #: Share of the economy that a pandemic shutdown stops, 0..1.
    lockdown: Floats
    #: Share of the survey's month that lies in the Spring Festival window, 0..1.
    festival: Floats
    #: Yearly separations in the employers' survey relative to 2021.
    churn: Floats
    #: Mean pay relative to 2018-01.
    wage: Floats
    #: Jobs of each sector relative to 2018-01, in the order of sectors.csv.
    sector_trend: Floats
    #: Graduates by year, million people, extended past the last datum.
    classes: Mapping[int, float]
    #: People of the cities who turn sixteen by year, million.
    turning_sixteen: Mapping[int, float]

    def row(self, month: int) -> int:
        """The place of a month index in the arrays; raises IndexError outside them."""
        place = month - self.first
        if not 0 <= place < self.months:
            raise IndexError(f"month {month} lies outside the drivers, {self.first} to {self.first + self.months - 1}")
        return place

    def graduates(self, year: int) -> float:
        """Graduates of one calendar year, million people."""
        return self.classes[year]


def known_until(word: str) -> str | None:
    """The month that the word of `macro.outside_figures` names, `YYYY-MM`; None for everything known."""
    return None if word == "realised" else word.removeprefix("known_").replace("_", "-")


@lru_cache(maxsize=64)
def load_drivers(
    country: Country,
    first: int,
    months: int,
    *,
    trend_memory: float = 24.0,
    growth_after_data: float | None = None,
    wage_growth_after_data: float | None = None,
    graduates_growth_after_data: float | None = None,
    known_until: str | None = None,
) -> Drivers:
    """The drivers of `months` months from month index `first` on, the start of the chain of growth at the earliest.

    The three `..._after_data` are yearly growth rates (0.05 is 5 %) past the last datum; None goes on with the last
    year's growth. `trend_memory` is the number of months in which the trend of output absorbs a lasting loss.
    With `known_until` (a month `YYYY-MM`) figures that came out later are not read: what was known then goes on with
    its last year's growth.
    """
    horizon = None if known_until is None else month_index(known_until)
    if known_until is not None:
        growth_after_data = wage_growth_after_data = graduates_growth_after_data = None
    if first < country.chain_month or months < 1:
        raise ValueError(f"drivers exist from {month_label(country.chain_month)} (month {country.chain_month}) on")
    asked = np.arange(first, first + months)
    return Drivers(
        first=first,
        months=months,
        growth_gap=_frozen(growth_gap(country, asked, trend_memory, growth_after_data, horizon)),
        real_gdp=_frozen(real_gdp(country, asked, growth_after_data, horizon)),
        lockdown=_frozen(lockdown_share(country, asked)),
        festival=_frozen(np.array([festival_exposure(country, int(month)) for month in asked])),
        churn=_frozen(churn_index(country, asked, horizon)),
        wage=_frozen(wage_index(country, asked, wage_growth_after_data, horizon)),
        sector_trend=_frozen(sector_trend(country, asked)),
        classes=graduates_by_year(
            country, FIRST_YEAR + (first + months) // 12 + 1, graduates_growth_after_data, horizon
        ),
        turning_sixteen=turning_sixteen(country, FIRST_YEAR + (first + months) // 12 + 1),
    )


def _out(year_end: int, delay: int, horizon: int | None) -> bool:
    """Whether a figure was out by the month `horizon`: `year_end` is the last month it speaks of."""
    return horizon is None or year_end + delay <= horizon


def _year_end(year: int) -> int:
    return month_index(f"{year}-12")


def _frozen(values: Floats) -> Floats:
    values.flags.writeable = False
    return values


# --- growth -------------------------------------------------------------------------------------------------------


def growth_gap(
    country: Country,
    asked: NDArray[np.int64],
    trend_memory: float,
    growth_after_data: float | None,
    horizon: int | None = None,
) -> Floats:
    """Log deviation of real GDP from its slow trend, by month (gdp_quarterly.csv, lockdown.csv).

    Growth is published over the same quarter of the year before, so the chained level carries every oddity of a
    quarter on for ever, as if it were a season. The ordinary course is therefore averaged over a year; only the
    shortfall of a quarter of lockdown is kept as it was, and falls on its months in proportion to the share that
    was stopped in each: January 2020 is an ordinary month, February a deep one.
    """
    start = country.chain_month
    # To three quarters past the last month asked for, which the yearly average and the slope look ahead to, and at
    # least over all data, so that a quarter of lockdown always has an ordinary one behind it.
    quarters = max((int(asked[-1]) - start) // 3 + 4, 4 + len(country.rows("gdp_quarterly.csv")))
    shut = lockdown_share(country, np.arange(start, start + 3 * quarters)).reshape(quarters, 3)
    calm, shortfall, hit = _calm_course(country, quarters, growth_after_data, horizon)
    gap = calm - _absorbed(calm, 3 / trend_memory)
    by_month = gap[:, None] + (np.gradient(gap) / 3)[:, None] * np.array([-1.0, 0.0, 1.0])
    by_month[hit] += 3 * shortfall[hit, None] * shut[hit] / shut[hit].sum(axis=1, keepdims=True)
    months: Floats = by_month.ravel()
    return months[asked - start]


def real_gdp(
    country: Country, asked: NDArray[np.int64], growth_after_data: float | None, horizon: int | None = None
) -> Floats:
    """Real GDP relative to 2018-01: quarterly growth chained and averaged over a year, without season or lockdowns."""
    start = country.chain_month
    quarters = (max(int(asked[-1]), 0) - start) // 3 + 4
    calm, _, _ = _calm_course(country, quarters, growth_after_data, horizon)
    level = calm + _potential(country, quarters)
    middles = start + 3 * np.arange(quarters) + 1.0
    relative: Floats = np.exp(np.interp(asked, middles, level) - np.interp(0, middles, level))
    return relative


def _calm_course(
    country: Country, quarters: int, growth_after_data: float | None, horizon: int | None
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Output over potential by quarter without lockdowns, what the lockdowns took, and which quarters they hit."""
    start = country.chain_month
    shut = lockdown_share(country, np.arange(start, start + 3 * quarters)).reshape(quarters, 3)
    hit = shut.sum(axis=1) >= country.economy.lockdown_quarter
    level = _level_over_potential(country, quarters, growth_after_data, horizon)
    places = np.arange(quarters)
    calm = _yearly_average(np.interp(places, places[~hit], level[~hit]))
    return calm, np.where(hit, np.minimum(level - calm, 0.0), 0.0), hit


def _potential(country: Country, quarters: int) -> Floats:
    """Log of potential output since the start of the chain, by quarter."""
    years = country.economy.chain_start + (np.arange(quarters) + 0.5) / 4
    return np.cumsum(np.log1p(np.interp(years, country.economy.potential_years, country.economy.potential_growth)) / 4)


def _level_over_potential(
    country: Country, quarters: int, growth_after_data: float | None, horizon: int | None
) -> Floats:
    """Log of output over a path that grows with potential, by quarter; the first year lies on the path."""
    growth = _quarterly_growth(country, quarters, growth_after_data, horizon)
    potential = _potential(country, quarters)
    level = potential.copy()
    for quarter in range(4, quarters):
        level[quarter] = level[quarter - 4] + np.log1p(growth[quarter])
    return level - potential


def _yearly_average(values: Floats) -> Floats:
    """The mean of a year around each quarter (weights 1 2 2 2 1), which no fixed season survives."""
    padded = np.pad(values, 2, mode="edge")
    return np.convolve(padded, np.array([1.0, 2.0, 2.0, 2.0, 1.0]) / 8, mode="valid")


def _absorbed(calm: Floats, speed: float) -> Floats:
    """How much of a lasting deviation the trend has taken in, by quarter: one-sided, `speed` of the rest each."""
    taken = np.zeros_like(calm)
    for quarter in range(1, len(calm)):
        taken[quarter] = taken[quarter - 1] + speed * (calm[quarter - 1] - taken[quarter - 1])
    return taken


def _quarterly_growth(country: Country, quarters: int, growth_after_data: float | None, horizon: int | None) -> Floats:
    """Growth on the year before by quarter of the chain; the first year holds NaN, which nothing reads."""
    rows = enumerate(country.rows("gdp_quarterly.csv"))
    # Growth is known from the second year of the chain on; a quarter's last month is its third.
    first = country.chain_month + 12
    out = [row for place, row in rows if _out(first + 3 * place + 2, country.economy.quarter_out, horizon)]
    read = [float(row["growth_real_yoy_pct"]) / 100 for row in out]
    growth = np.full(quarters, read[-1] if growth_after_data is None else growth_after_data)
    growth[:4] = np.nan
    known = min(len(read), quarters - 4)
    growth[4 : 4 + known] = read[:known]
    return growth


def lockdown_share(country: Country, asked: NDArray[np.int64]) -> Floats:
    """Share of the economy that a pandemic shutdown stops, by month; 0 in other months (lockdown.csv)."""
    shares = {month_index(row["month"]): float(row["share_stopped"]) for row in country.rows("lockdown.csv")}
    return np.array([shares.get(int(month), 0.0) for month in asked])


# --- the calendar -------------------------------------------------------------------------------------------------


def festival_exposure(country: Country, month: int) -> float:
    """Share of a survey month's days that lie in the window around the festival (spring_festival.csv)."""
    last = _survey_date(country, month)
    day = _survey_date(country, month - 1) + dt.timedelta(days=1)
    inside = 0
    length = (last - day).days + 1
    for festival in country.festivals:
        start = max(day, festival - dt.timedelta(days=country.economy.festival_before))
        end = min(last, festival + dt.timedelta(days=country.economy.festival_after))
        inside += max(0, (end - start).days + 1)
    return inside / length


def _survey_date(country: Country, month: int) -> dt.date:
    year, index = divmod(month, 12)
    return dt.date(FIRST_YEAR + year, index + 1, country.economy.survey_day)


# --- jobs and pay -------------------------------------------------------------------------------------------------


def _mid_year(year: int) -> float:
    return (year - FIRST_YEAR) * 12 + _MID_YEAR


def churn_index(country: Country, asked: NDArray[np.int64], horizon: int | None = None) -> Floats:
    """Yearly separations in the employers' survey relative to 2021 (labour_structure.csv annual_separation_rate_all).

    Each year's rate stands at mid-year, log-linear between; flat before mid-2021 and after the last survey.
    """
    rates = country.annual_series("labour_structure.csv", "annual_separation_rate_all")
    years = sorted(year for year in rates if _out(_year_end(year), country.economy.survey_out, horizon))
    logs = np.log([rates[year] / rates[years[0]] for year in years])
    index: Floats = np.exp(np.interp(asked, [_mid_year(year) for year in years], logs))
    return index


def wage_index(
    country: Country, asked: NDArray[np.int64], growth_after_data: float | None, horizon: int | None = None
) -> Floats:
    """Mean urban pay relative to 2018-01 (wage_growth.csv: non-private and private units together).

    Each year's mean stands at mid-year, log-linear between. Before the first the first year's growth holds, after
    the last the growth asked for or else the last year's.
    """
    rows = [
        row
        for row in country.rows("wage_growth.csv")
        if _out(_year_end(int(row["year"])), country.economy.pay_out, horizon)
    ]
    middles = np.array([_mid_year(int(row["year"])) for row in rows])
    logs = np.log([float(row["index_2018"]) for row in rows])
    first_slope = (logs[1] - logs[0]) / 12
    last_slope = (logs[-1] - logs[-2]) / 12 if growth_after_data is None else np.log1p(growth_after_data) / 12

    def path(months: Floats) -> Floats:
        inside = np.interp(months, middles, logs)
        before = np.minimum(months - middles[0], 0) * first_slope
        after = np.maximum(months - middles[-1], 0) * last_slope
        logs_by_month: Floats = inside + before + after
        return logs_by_month

    index: Floats = np.exp(path(asked.astype(np.float64)) - path(np.zeros(1)))
    return index


def sector_trend(country: Country, asked: NDArray[np.int64]) -> Floats:
    """Jobs of each sector relative to 2018-01: [sector, month] (sectors.csv employment 2019 and 2023).

    Log-linear through the middles of 2019 and 2023, carried back to 2018-01 and on to 2023-12, flat outside.
    """
    table = country.sectors
    slope = np.log(table.employment_2023 / table.employment_2019) / (_mid_year(2023) - _mid_year(2019))
    relative: Floats = np.exp(np.outer(slope, np.clip(asked, month_index("2018-01"), month_index("2023-12"))))
    return relative


def graduates_by_year(
    country: Country, last_year: int, growth_after_data: float | None, horizon: int | None = None
) -> Mapping[int, float]:
    """Graduates by year, million people, up to `last_year` (graduates_annual.csv).

    Years before the first datum hold its value; years after the last grow as asked or else as in the last year.
    """
    classes = {int(row["year"]): float(row["graduates_million"]) for row in country.rows("graduates_annual.csv")}
    read = {year: size for year, size in classes.items() if _out(_year_end(year), country.economy.class_out, horizon)}
    first, last = min(read), max(read)
    growth = read[last] / read[last - 1] - 1 if growth_after_data is None else growth_after_data
    early = dict.fromkeys(range(country.economy.chain_start, first), read[first])
    late = {year: read[last] * (1 + growth) ** (year - last) for year in range(last + 1, last_year + 1)}
    return FrozenMapping(early | read | late)


def turning_sixteen(country: Country, last_year: int) -> Mapping[int, float]:
    """People of the cities who turn sixteen by year, million, up to `last_year` (young_cohorts.csv); flat outside it.

    How many of them study follows the classes, how many they are does not.
    """
    read = {int(row["year"]): float(row["turning_sixteen_million"]) for row in country.rows("young_cohorts.csv")}
    first, last = min(read), max(read)
    return FrozenMapping(
        {year: read[min(max(year, first), last)] for year in range(country.economy.chain_start, last_year + 1)}
    )
