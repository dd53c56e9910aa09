"""The official months: level, shape and season of unemployment by age."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from experiments.official_months import LAST_SCORED, official_months
from experiments.validation.checks import Check, Verdict, at_most, near
from experiments.validation.ensemble_runs import ENSEMBLE
from experiments.validation.evidence import Ensemble, Floats
from model.country.china import CHINA
from model.results import rms
from model.schedule import month_index, month_label

YOUTH, TWENTIES, ADULTS, ALL = (
    "unemployment_rate_16_24",
    "unemployment_rate_25_29",
    "unemployment_rate_30_59",
    "unemployment_rate",
)
#: Indicator, short name, words, and the tolerated root mean square error in points.
SERIES = (
    (YOUTH, "16_24", "ages 16-24", 0.40),
    (TWENTIES, "25_29", "ages 25-29", 0.25),
    (ADULTS, "30_59", "ages 30-59", 0.09),
    (ALL, "all", "all ages", 0.10),
)
#: The same by hukou; the tolerances are about what the best constant scores.
BY_HUKOU = (
    ("unemployment_rate_local_hukou", "local_hukou", "local hukou", 0.20),
    ("unemployment_rate_migrant_hukou", "migrant_hukou", "migrant hukou", 0.50),
    ("unemployment_rate_migrant_agricultural_hukou", "agricultural_hukou", "migrant agricultural hukou", 0.55),
)
LONG_TOLERANCE = 0.25
BUREAU = "National Bureau of Statistics, surveyed urban unemployment (data/nbs_unemployment_monthly.csv)"


def gaps(ensemble: Ensemble, indicator: str, official: Mapping[str, float]) -> Floats:
    """The model's mean less the official rate in points, month by month."""
    return np.array([100 * ensemble.at(indicator, month) - rate for month, rate in official.items()])


def _level(indicator: str, first: str, tolerance: float, ensemble: Ensemble) -> Verdict:
    official = official_months(indicator, first)
    gap = gaps(ensemble, indicator, official)
    rates = np.array(list(official.values()))
    chosen = [ensemble.months.index(month) for month in official]
    noise = 100 * float(np.sqrt(np.mean(np.square(ensemble.noise(indicator)[chosen]))))
    note = (
        f"{len(gap)} months, mean error {gap.mean():+.2f}; the best constant scores {rates.std():.2f}; "
        f"sampling noise of the model's mean {noise:.2f}"
    )
    return at_most(tolerance, rms(gap), note)


def _shape(indicator: str, tolerance: float, ensemble: Ensemble) -> Verdict:
    gap = gaps(ensemble, indicator, official_months(indicator, CHINA.official.new_definition))
    return at_most(tolerance, float(gap.std()), f"{len(gap)} months, their mean error of {gap.mean():+.2f} taken out")


def _step(first: str, last: str, tolerance: float, ensemble: Ensemble) -> Verdict:
    official = official_months(YOUTH)
    found = 100 * (ensemble.at(YOUTH, last) - ensemble.at(YOUTH, first))
    start, end = (100 * ensemble.at(YOUTH, month) for month in (first, last))
    note = f"model {start:.1f} to {end:.1f} %, official {official[first]} to {official[last]} %"
    return near(round(official[last] - official[first], 1), tolerance, found, note)


def _span(first: str) -> str:
    return f"{first} to {LAST_SCORED}"


def _series_checks() -> list[Check]:
    span = _span(CHINA.official.new_definition)
    level = [
        Check(f"fit_{name}", f"unemployment, {words}, {span}: root mean square error", f"at most {most} points",
              "points", BUREAU, "fitted", ENSEMBLE, partial(_level, indicator, CHINA.official.new_definition, most))
        for indicator, name, words, most in SERIES
    ]  # fmt: skip
    long = Check(
        "fit_all_from_2018", f"unemployment, all ages, {_span('2018-01')}: root mean square error",
        f"at most {LONG_TOLERANCE} points", "points", BUREAU, "fitted", ENSEMBLE,
        partial(_level, ALL, "2018-01", LONG_TOLERANCE),
    )  # fmt: skip
    shape = [
        Check(f"shape_{name}", f"unemployment, {words}, {span}: standard deviation of the errors (bias taken out)",
              f"at most {most} points", "points", BUREAU, "fitted", ENSEMBLE, partial(_shape, indicator, most))
        for indicator, name, words, most in SERIES
    ]  # fmt: skip
    hukou = [
        Check(f"level_{name}", f"unemployment, {words}, 2021-01 to {LAST_SCORED}: root mean square error",
              f"at most {most} points", "points", BUREAU, "test", ENSEMBLE, partial(_level, indicator, "2021-01", most))
        for indicator, name, words, most in BY_HUKOU
    ]  # fmt: skip
    return [*level, long, *shape, *hukou]


def _season_check(name: str, words: str, first: str, last: str, tolerance: float) -> Check:
    official = official_months(YOUTH)
    return Check(
        name, f"youth unemployment, {words}: change", f"{official[last] - official[first]:+.1f} ± {tolerance} points",
        "points", BUREAU, "fitted", ENSEMBLE, partial(_step, first, last, tolerance),
    )  # fmt: skip


SERIES_CHECKS: tuple[Check, ...] = (
    *_series_checks(),
    _season_check("june_to_august_2024", "June to August 2024", "2024-06", "2024-08", 1.0),
    _season_check("august_to_november_2024", "August to November 2024", "2024-08", "2024-11", 0.8),
)

# --- months that nobody fitted ------------------------------------------------------------------------------------


def later_checks(later: Mapping[str, Mapping[str, float]]) -> list[Check]:
    """Checks on months after scoring ends, given by whoever has them: better than the same month a year before."""
    return [
        Check(f"later_{name}", f"unemployment, {words}, {min(later[indicator])} to {max(later[indicator])}: "
              "root mean square error relative to that of the same month a year before", "below 1", "ratio",
              "months given with --later; nothing was fitted to them", "test", ENSEMBLE,
              _against_a_year_before(indicator, later[indicator]))
        for indicator, name, words, _ in (*SERIES, *BY_HUKOU)
        if indicator in later
    ]  # fmt: skip


def _against_a_year_before(indicator: str, later: Mapping[str, float]) -> Callable[[Ensemble], Verdict]:
    def judge(ensemble: Ensemble) -> Verdict:
        known = official_months(indicator) | dict(later)
        before = {month: known.get(month_label(month_index(month) - 12)) for month in later}
        scored = {month: rate for month, rate in later.items() if before[month] is not None}
        if not scored:
            return Verdict(np.nan, passed=False, note="no month has an official one a year before")
        naive = rms(np.array([(before[month] or 0.0) - rate for month, rate in scored.items()]))
        own = rms(gaps(ensemble, indicator, scored))
        value = own / naive if naive > 0 else np.inf
        return Verdict(value, value < 1, f"{len(scored)} months: model {own:.2f} points, a year before {naive:.2f}")

    return judge
