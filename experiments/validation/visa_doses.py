"""Doses of foreign hires: worlds that differ in how many come on a K visa and in what their employers answer.

Each seed lives one past without a visa; from `opens` on it goes on without one, and beside that in worlds where the
visa brings a dose of people, at several complementarities. All share their luck.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.schedule import month_index

if TYPE_CHECKING:
    from experiments.engine.ensemble import Record
    from model.market import Market
    from model.scenario.scenario import Scenario

#: The largest quota that a scenario may set, people a year.
LARGEST_QUOTA = 5_000_000
#: What a seed records for each dose at each complementarity, in this order.
COLUMNS = ("complementarity", "dose", "at_work", "native_jobs", "youth", "all_ages")


@dataclass(frozen=True)
class Design:
    """When people come, when the outcome is read, how many come, and what complementarities are swept.

    A full year is read, so that no season is left in it; it begins nine months after the last arrival, when the posts
    that hires bring have come too.
    """

    opens: str = "2025-10"
    closes: str = "2027-10"
    read_from: str = "2028-07"
    read_to: str = "2029-06"
    doses: tuple[float, ...] = (500_000, 1_000_000, 1_500_000, 2_000_000)
    complementarities: tuple[float, ...] = (-6.0, -3.0, 0.0, 2.25, 4.5)

    @property
    def years_open(self) -> float:
        """How long people come."""
        return (month_index(self.closes) - month_index(self.opens)) / 12


@dataclass(frozen=True)
class Size:
    """How much is simulated; precision goes with one over the root of `population` times `seeds`."""

    population: int = 50_000
    seeds: int = 48


#: About a minute on two free cores: slopes to about 0.01 points, psi to about 0.03.
STANDARD = Size()


def without_visa(scenario: Scenario, population: int, design: Design) -> Scenario:
    """The world that all doses are compared with: the visa shut, and as many abroad who would come as can be set.

    Who would come does not depend on pay or anger here, so that a dose is the same at every complementarity.
    """
    return scenario.with_values(
        {
            "population": population,
            "start": "2018-01",
            "end": design.read_to,
            "visa.annual_quota": 0,
            "visa.h1b_diversion": {"2018-01": 0, design.opens: 1},
            "visa.complementarity": 1,
            "policy_feedback.enabled": False,
            "parameters.visa_applicants": 1_000_000,
            "parameters.visa_pay_elasticity": 0,
            "parameters.visa_backlash_deterrence": 0,
        }
    )


def with_dose(baseline: Scenario, design: Design, dose: float, complementarity: float) -> Scenario:
    """The world in which `dose` people come between `opens` and `closes`."""
    applying = baseline.number("visa_applicants") + baseline.specification.country.turned_away_abroad
    quota = quota_for(dose / design.years_open, applying)
    return baseline.with_values(
        {
            "visa.annual_quota": {"2018-01": 0, design.opens: quota, design.closes: 0},
            "visa.complementarity": {"2018-01": 1, design.opens: complementarity},
        }
    )


def quota_for(arrivals: float, applying: float) -> float:
    """The quota under which so many of those who apply arrive in a year (`model.mechanisms.visa.arrivals.admitted`)."""
    from scipy.optimize import brentq  # type: ignore[import-untyped]

    from model.mechanisms.visa.arrivals import admitted

    most = admitted(LARGEST_QUOTA, applying)
    if not 0 < arrivals < most:
        raise ValueError(f"{arrivals:,.0f} arrivals a year: between 0 and {most:,.0f} can be had of {applying:,.0f}")
    return float(brentq(lambda quota: admitted(quota, applying) - arrivals, arrivals, LARGEST_QUOTA))


def doses_of(baseline: Scenario, design: Design, seed: int) -> Record:
    """One seed: a past lived once, then every dose at every complementarity, less the world without a visa.

    One array per column of `COLUMNS`: `at_work` are K-visa holders, `native_jobs` (people), `youth` and `all_ages`
    (points of unemployment) are changes from the world without a visa.
    """
    from model.market import Market

    past = Market(baseline, seed)
    while past.month < month_index(design.opens) - 1:
        past.advance()
    alone = _year_read(past, baseline, design)
    rows = []
    for complementarity in design.complementarities:
        for dose in design.doses:
            found = _year_read(past, with_dose(baseline, design, dose, complementarity), design)
            rows.append((complementarity, dose, found[0], *(found[1:] - alone[1:])))
    return dict(zip(COLUMNS, np.array(rows).T, strict=True))


def _year_read(past: Market, scenario: Scenario, design: Design) -> NDArray[np.float64]:
    """Live on under a scenario and average the year that is read: the last four of `COLUMNS`, as levels."""
    market = past.fork(scenario)
    while market.month < market.last_month:
        market.advance()
    table = market.table()
    read = (table["month"] >= month_index(design.read_from)) & (table["month"] <= month_index(design.read_to))
    year = {name: values[read] for name, values in table.items()}
    at_work = year["k_visa_stock"] * (1 - np.nan_to_num(year["unemployment_rate_k_visa"]))
    native_jobs = year["employed"] - at_work
    rates = 100 * year["unemployment_rate_16_24"], 100 * year["unemployment_rate"]
    means: NDArray[np.float64] = np.array([at_work, native_jobs, *rates]).mean(axis=1)
    return means
