"""Evidence made by hand: a world in which every check passes, and for each check one in which it fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.official_months import official_months
from experiments.published_model.reproduction import CHANGES
from experiments.published_model.reproduction import GROUPS as GROUPS_OF_JOBS
from experiments.validation.ai import FirstJobs
from experiments.validation.catalogue import CHECKS
from experiments.validation.connectivity import FEW, MORE, SHIPPED, Connectivity
from experiments.validation.demand_cycle import MONTHS, DemandCycle
from experiments.validation.evidence import Ensemble
from experiments.validation.first_half_year import RATED, FirstHalfYear
from experiments.validation.graduates import FOLLOWED, Scar
from experiments.validation.histories import LONGEST_SPELL, LONGEST_TENURE, Hazards
from experiments.validation.limits import Limits
from experiments.validation.published import PUBLISHED_CHECKS, Reproduction
from experiments.validation.visa import DESIGN
from experiments.validation.visa_doses import COLUMNS
from experiments.validation.visa_evidence import Evidence, evidence_of
from model.country.china import CHINA
from model.schedule import month_index, month_label
from model.specification import in_force

GROUPS = CHINA.official.groups

ALL_MONTHS = tuple(month_label(month) for month in range(month_index("2026-12") + 1))
ALL_CHECKS = CHECKS + PUBLISHED_CHECKS
YOUTH = "unemployment_rate_16_24"


def by_year(values: Mapping[int, float], otherwise: float) -> np.ndarray:
    """A series that holds one value a year."""
    return np.array([values.get(int(month[:4]), otherwise) for month in ALL_MONTHS])


def ensemble(**changed: np.ndarray) -> Ensemble:
    """Two replications on either side of the official months, with property and staff as published."""
    means = {indicator.name: np.ones(len(ALL_MONTHS)) for indicator in in_force().indicators}
    for name in GROUPS:
        official = official_months(name)
        means[name] = np.array([official.get(month, 5.0) for month in ALL_MONTHS]) / 100
    means |= {
        "home_sales_index": by_year({2021: 100, 2025: 49}, 90),
        "home_starts_index": by_year({2021: 100, 2025: 30}, 90),
        "employment_developers": by_year({2018: 3.7e6}, 2.7e6),
        "employment_construction": by_year({2018: 50e6}, 44e6),
        "employment_tech": np.full(len(ALL_MONTHS), 14e6),
        "technology_share_of_gdp": by_year({2026: 0.182}, 0.15),
        "property_share_of_gdp": by_year({2019: 0.30}, 0.2),
        "women_share_of_employment": by_year({}, 0.425),
    }
    means |= changed
    return Ensemble(ALL_MONTHS, {name: np.array([0.999 * mean, 1.001 * mean]) for name, mean in means.items()})


def shifted(name: str, points: float) -> Ensemble:
    """The good world with one unemployment rate some points higher in every month."""
    return ensemble(**{name: ensemble().mean(name) + points / 100})


def wobbling(name: str, points: float) -> Ensemble:
    """The good world with one rate too high and too low by turns: no bias, no shape."""
    return ensemble(**{name: ensemble().mean(name) + points / 100 * (-1.0) ** np.arange(len(ALL_MONTHS))})


def at(name: str, month: str, rate: float) -> Ensemble:
    """The good world with one month changed."""
    values = ensemble().mean(name).copy()
    values[ALL_MONTHS.index(month)] = rate / 100
    return ensemble(**{name: values})


def cycle(slope: float = -0.8, finding: float = 0.4, lead: float = 0.4) -> DemandCycle:
    """A wave: vacancies move by `slope` per unemployment and run ahead of it by `lead` radians."""
    phase = 2 * np.pi * np.arange(MONTHS) / MONTHS
    unemployed = -0.2 * np.sin(phase)
    vacant = slope * -0.2 * np.sin(phase + lead)
    tightness = vacant - unemployed
    still = {"unemployment_rate": 0.05, "vacancy_rate": 0.02, "tightness": 0.4, "job_finding_rate": 0.2}
    swings = (unemployed, vacant, tightness, finding * tightness)
    months = tuple(month_label(month) for month in range(MONTHS))
    calm = {name: np.full((2, MONTHS), value) for name, value in still.items()}
    moved = {name: calm[name] * np.exp(swing) for name, swing in zip(still, swings, strict=True)}
    return DemandCycle(Ensemble(months, calm), Ensemble(months, moved))


def hazards(new: float = 0.05, settled: float = 0.01, fresh: float = 0.3, stale: float = 0.15) -> Hazards:
    """Jobs and spells with two chances each, of 10,000 persons at each length."""
    tenure = np.where(np.arange(LONGEST_TENURE + 1) < 12, new, settled)
    spell = np.where(np.arange(LONGEST_SPELL + 1) < 6, fresh, stale)
    many = 10_000.0
    return Hazards(np.full(tenure.shape, many), many * tenure, np.full(spell.shape, many), many * spell)


def scar(first: float = -0.09, fifth: float = -0.045) -> Scar:
    """A slump of five points; pay goes in a line from the first to where it is in the fifth year."""
    course = np.interp((np.arange(FOLLOWED) + 0.5) / 12, [0, 4.5, 6], [first, fifth, fifth])
    twice = np.array([[0.999], [1.001]])
    return Scar(
        first_pay=first * twice[:, 0],
        pay=course * twice,
        earnings=np.array([-0.1, -0.1]),
        youth=np.full((2, month_index("2025-09") + 1), 5.0),
    )


def connectivity(few: float = 6.0, more: float = 5.0) -> Connectivity:
    """Unemployment under three graphs."""
    rates = {FEW: few, SHIPPED: 5.0, MORE: more}
    spread = {FEW: 0.02, SHIPPED: 0.01, MORE: 0.03}
    return Connectivity(
        {name: rates[name] + spread[name] * np.array([-1.0, 0.0, 1.0]) for name in rates},
        {FEW: 4.0, SHIPPED: 12.0, MORE: 34.0},
    )


def visa(per_job: float = -0.05, at_none: float = 0.0, bend: float = 0.0) -> Evidence:
    """Seeds whose youth unemployment is a line in hires, so many points per 100,000 for each net native job."""
    records = {}
    for seed in range(1, 9):
        rows = []
        for complementarity in (-3.0, -1.0, 1.0, 3.0):
            psi = 0.5 * complementarity + 0.01 * (seed % 3)
            for dose in (5e5, 1e6, 1.5e6):
                hires = dose / 1e5
                luck = 0.001 * (seed % 2 - 0.5) * hires
                youth = (at_none + per_job * psi) * hires * (1 + bend * hires + luck)
                rows.append((complementarity, dose, dose, psi * dose * (1 + luck), youth, 0.0))
        records[seed] = dict(zip(COLUMNS, np.array(rows).T, strict=True))
    return evidence_of(records, DESIGN)


def published(mean_field: float = 1e-7, agents: float = 0.2) -> Reproduction:
    """A reproduction that is off by so many points in one place each."""
    chances = np.array([0.0, 0.5, 0.99])
    changes = {name: np.array([-3.0, -1.7, 18.6]) for name in CHANGES}
    fields = pd.DataFrame({"auto_prob_average": chances, **changes})
    off = fields.assign(**{name: [0.0, -mean_field, 0.0] for name in CHANGES})
    runs = {f"{name}_standard_error": 0.1 for name in CHANGES}
    groups = pd.DataFrame({"group": GROUPS_OF_JOBS, **changes, **runs, "workers": 1_400_000, "seeds": 24})
    missed = groups.assign(**{name: [agents, 0.0, -0.1] for name in CHANGES})
    return Reproduction(Path("nowhere"), fields, off, groups, missed)


def limits(*, held: bool = True) -> Limits:
    """What came of one absurd question."""
    row = {"question": "nobody hires", "indicator": "hires", "expected": "not above", "change": -1.0, "held": held}
    return Limits(pd.DataFrame([{**row, "reason": "jobs end and none is filled"}]))


def half_year(*, settled: float = 0.9, rise: float = 0.03, degree: float = 0.02) -> FirstHalfYear:
    """Bachelors of 2018 at work, the rise of July 2020 among graduates, and what a degree adds to unemployment."""
    doing = np.tile([settled - 0.1, 0.1, 0.0, 1 - settled], (8, 1))
    before = [0.14, 0.14, 0.14 - degree, 0.14 - degree]
    rates = np.array([np.array(before) + (rise if month == "2020-07" else 0) for month in RATED])
    return FirstHalfYear(doing, rates)


def first_jobs(*, old: float = -0.01, hires: float = -0.3, separations: float = -0.1) -> FirstJobs:
    """A tenth of young jobs lost in the most exposed fifth, through hires."""
    return FirstJobs(np.array([[-0.03, 0.0], [-0.1, old]]), np.array([hires, separations]))


GOOD: dict[str, Any] = {
    "ensemble": ensemble(),
    "demand cycle": cycle(),
    "histories": hazards(),
    "graduates": scar(),
    "first half year": half_year(),
    "job graph": connectivity(),
    "visa": visa(),
    "ai": first_jobs(),
    "limits": limits(),
    "published model": published(),
}
#: By check: evidence that must fail it.
BAD: dict[str, Callable[[], Any]] = {
    "fit_16_24": lambda: shifted(YOUTH, 0.45),
    "fit_25_29": lambda: shifted("unemployment_rate_25_29", -0.3),
    "fit_30_59": lambda: shifted("unemployment_rate_30_59", 0.1),
    "fit_all": lambda: shifted("unemployment_rate", 0.12),
    "fit_all_from_2018": lambda: shifted("unemployment_rate", 0.3),
    "level_local_hukou": lambda: shifted("unemployment_rate_local_hukou", 0.25),
    "level_migrant_hukou": lambda: shifted("unemployment_rate_migrant_hukou", -0.6),
    "level_agricultural_hukou": lambda: shifted("unemployment_rate_migrant_agricultural_hukou", 0.6),
    "shape_16_24": lambda: wobbling(YOUTH, 0.5),
    "shape_25_29": lambda: wobbling("unemployment_rate_25_29", 0.3),
    "shape_30_59": lambda: wobbling("unemployment_rate_30_59", 0.1),
    "shape_all": lambda: wobbling("unemployment_rate", 0.12),
    "june_to_august_2024": lambda: at(YOUTH, "2024-06", 14.5),
    "august_to_november_2024": lambda: at(YOUTH, "2024-11", 15.0),
    "beveridge_slope": lambda: cycle(slope=-1.6),
    "beveridge_loop": lambda: cycle(lead=-0.4),
    "job_finding_on_tightness": lambda: cycle(finding=0.7),
    "separation_by_tenure": lambda: hazards(settled=0.06),
    "job_finding_by_spell": lambda: hazards(stale=0.31),
    "graduate_first_pay": lambda: scar(first=-0.03),
    "graduate_scar_fades": lambda: scar(fifth=-0.09),
    "graduate_half_year": lambda: half_year(settled=0.75),
    "graduates_of_2020": lambda: half_year(rise=0.01),
    "degree_and_none": lambda: half_year(degree=-0.01),
    "connected_job_graph": lambda: connectivity(few=5.01),
    "visa_psi_minus_1": lambda: visa(per_job=-0.2),
    "visa_psi_0": lambda: visa(at_none=0.03),
    "visa_psi_plus_1": lambda: visa(per_job=0.05),
    "visa_ceiling": lambda: visa(per_job=-0.25),
    "visa_linear": lambda: visa(bend=0.02),
    "ai_young_and_old": lambda: first_jobs(old=-0.08),
    "ai_hiring": lambda: first_jobs(hires=-0.02, separations=0.1),
    "limits": lambda: limits(held=False),
    "published_mean_field": lambda: published(mean_field=2e-5),
    "published_agents": lambda: published(agents=-0.6),
    "home_sales_2025": lambda: ensemble(home_sales_index=by_year({2021: 100, 2025: 60}, 90)),
    "home_starts_2025": lambda: ensemble(home_starts_index=by_year({2021: 100, 2025: 40}, 90)),
    "developers_staff_2023": lambda: ensemble(employment_developers=by_year({2018: 3.0e6}, 2.9e6)),
    "construction_staff_2023": lambda: ensemble(employment_construction=by_year({2018: 50e6}, 49e6)),
    "technology_share_2026": lambda: ensemble(technology_share_of_gdp=by_year({2026: 0.16}, 0.15)),
    "women_at_work": lambda: ensemble(women_share_of_employment=by_year({2023: 0.45}, 0.425)),
    "property_share_at_peak": lambda: ensemble(property_share_of_gdp=by_year({2019: 0.34}, 0.2)),
    "jobs_per_yuan": lambda: ensemble(employment_tech=np.full(len(ALL_MONTHS), 50e6)),
}


def verdict(name: str, evidence: Any) -> Any:
    """What a check says of some evidence."""
    return next(check for check in ALL_CHECKS if check.name == name).judge(evidence)
