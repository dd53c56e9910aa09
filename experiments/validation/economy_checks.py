"""Property, technology and their jobs."""

from __future__ import annotations

from functools import partial

from experiments.validation.checks import Check, Verdict, between, near
from experiments.validation.ensemble_runs import ENSEMBLE
from experiments.validation.evidence import Ensemble

#: Where the ratio of jobs to output is taken: the last year with nothing but data behind it.
LATEST_YEAR = 2024
#: The economic censuses count at the end of these months.
CENSUSES = ("2018-12", "2023-12")
TOLERANCE = 8.0
CENSUS = "economic censuses of 2018 and 2023 (data/labour_structure.csv, data/README.md)"
LEVELS = "ratio of published levels of floor space (data/property_annual.csv); comparable growth chained gives less"


def _years(name: str, target: float, ensemble: Ensemble) -> Verdict:
    change = 100 * (ensemble.year(name, 2025) / ensemble.year(name, 2021) - 1)
    return near(target, TOLERANCE, change)


def _staff(name: str, target: float, ensemble: Ensemble) -> Verdict:
    before, after = (ensemble.at(name, month) for month in CENSUSES)
    return near(target, TOLERANCE, 100 * (after / before - 1), f"{before / 1e6:.1f} to {after / 1e6:.1f} million")


def _technology_share(ensemble: Ensemble) -> Verdict:
    return between(17.5, 100 * ensemble.year("technology_share_of_gdp", 2026), 19.0,
                   "follows from the growth that a scenario gives technology")  # fmt: skip


def _property_share(ensemble: Ensemble) -> Verdict:
    years = sorted({int(month[:4]) for month in ensemble.months})
    shares = {year: 100 * ensemble.year("property_share_of_gdp", year) for year in years}
    peak = max(shares, key=lambda year: shares[year])
    last = years[-1]
    return between(22.0, shares[peak], 32.0, f"in {peak}; {shares[last]:.0f} % in {last}")


def _women_at_work(ensemble: Ensemble) -> Verdict:
    rural, everybody = (ensemble.year(f"labour_force{group}", 2024) for group in ("_migrant_agricultural_hukou", ""))
    note = f"rural migrants {100 * rural / everybody:.1f} % of the labour force in 2024, counted 27.9 %"
    return between(41.8, 100 * ensemble.year("women_share_of_employment", 2023), 43.4, note)


def _jobs_per_yuan(ensemble: Ensemble) -> Verdict:
    def year(name: str) -> float:
        return ensemble.year(name, LATEST_YEAR)

    technology = year("employment_tech") / year("technology_share_of_gdp")
    property_jobs = year("employment_developers") + year("employment_construction")
    building = property_jobs / year("property_share_of_gdp")
    note = (
        f"{technology / 1e8:.1f} against {building / 1e8:.1f} million jobs per per cent of GDP in {LATEST_YEAR}; "
        "estate agents and what property touches beyond building left out of the jobs, not of the output"
    )
    return Verdict(100 * (technology / building - 1), technology < building, note)


ECONOMY_CHECKS: tuple[Check, ...] = (
    Check("home_sales_2025", "home sales, 2025 against 2021", "-51 ± 8 %", "%", LEVELS, "fitted", ENSEMBLE,
          partial(_years, "home_sales_index", -51.0)),
    Check("home_starts_2025", "housing starts, 2025 against 2021", "-70 ± 8 %", "%", LEVELS, "fitted", ENSEMBLE,
          partial(_years, "home_starts_index", -70.0)),
    Check("developers_staff_2023", "developers' staff, end of 2018 to end of 2023", "-27 ± 8 %", "%", CENSUS, "fitted",
          ENSEMBLE, partial(_staff, "employment_developers", -27.0)),
    Check("construction_staff_2023", "construction staff, end of 2018 to end of 2023", "-12 ± 8 %", "%", CENSUS,
          "fitted", ENSEMBLE, partial(_staff, "employment_construction", -12.0)),
    Check("technology_share_2026", "technology's share of GDP in 2026", "just over 18 % (17.5 to 19)", "%",
          "the column (Bloomberg Opinion 2025); Bloomberg Economics: nearly 19 % (data/tech_annual.csv)", "fitted",
          ENSEMBLE, _technology_share),
    Check("women_at_work", "women's share of those at work in 2023", "41.8 to 43.4 %", "%",
          "economic census; all who work in town and country (data/gender_hukou.csv)", "test", ENSEMBLE,
          _women_at_work),
    Check("property_share_at_peak", "share of GDP of property and all it touches, highest year",
          "up to 32 % (22 to 32)", "%", "the column; Rogoff-Yang 29 % (data/property_annual.csv)", "fitted", ENSEMBLE,
          _property_share),
    Check("jobs_per_yuan", "jobs per yuan of output: technology relative to building", "lower (below 0); size reported",
          "%", "the column: technology grows and hires little", "test", ENSEMBLE, _jobs_per_yuan),
)  # fmt: skip
