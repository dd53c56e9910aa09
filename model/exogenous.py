"""What a market takes as given: levers and drivers by month, occupations and their graph, numbers that never change.

A month reads it and never writes it, so that copies of a market share it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from model.country.cohorts import Entry, Trades
from model.country.drivers import Drivers
from model.country.registers import Registers
from model.country.tables import OccupationalStructure
from model.finite import demand_finite_parts
from model.job_graph.graph import Reach

if TYPE_CHECKING:
    from model.mechanisms.separations.hazards import Hazards

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Exogenous:
    """What a market takes as given. Arrays by month begin with the burn-in."""

    levers: Mapping[str, Floats]  # every dated parameter by month; per-sector ones as [sector, month]
    drivers: Drivers  # the outside world
    group_trend: Floats  # [group, month] jobs relative to 2018-01, where no mechanism moves them
    gig_trend: Floats  # the same of gig work
    structure: OccupationalStructure
    job_graph: nx.DiGraph[str]
    reach: Reach  # the job graph as arrays
    trades: Trades  # what people learn
    arrivals: Trades  # what those learn who come from the countryside
    entry: Entry  # numbers that rule who enters, returns and retires
    class_sizes: Mapping[int, float]  # graduates by year, million
    sixteen: Floats  # people of the cities who turn sixteen, by month to the end of the last year
    degrees: Floats  # share of them who will take a first degree
    homecomings: NDArray[np.int64]  # months after the Spring Festivals, at last one that never comes
    registers: Registers  # shares of gender and hukou
    hazards: Hazards  # tables of separations
    stem: NDArray[np.bool_]  # by occupation
    k_visa_open: NDArray[np.bool_]  # by occupation
    cap_share: Floats  # by occupation: posts closed at 35 in the data
    opening_weight: Floats  # by occupation: share of usual openings
    junior_share: Floats  # by occupation: posts open to beginners in the data
    group_mix: Floats  # [group, occupation], cumulative
    campus_mix: Floats  # the same of posts on campus
    asks_degree: NDArray[np.bool_]  # by occupation
    graduate_jobs: Floats  # share of each group's jobs that ask for a degree
    usual_openings: Floats  # by occupation, relative to the mean
    occupation_jobs: Floats  # by occupation, million
    mean_pay: float  # CNY a month at the wage level of 2018-01
    gig_pay: float  # the same of gig work
    sector_ids: tuple[str, ...]
    age_profiles: Floats  # pay by whole years of age, relative to the mean over a job's staff
    technology_share_base: float  # of GDP in 2018-01

    def __post_init__(self) -> None:
        demand_finite_parts("exogenous", self)

    def __deepcopy__(self, _: object) -> Exogenous:
        """Nobody changes it, so a copy of a market shares it."""
        return self
