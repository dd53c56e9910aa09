"""Whose jobs move together: the sectors, with estate agencies split from developers.

Developers' staff follows their building sites, agents' jobs follow sales, so the sector in that role is two groups of
demand. Everything else is one group a sector. A group's mix of occupations comes from sector_occupation.csv.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from model.country.country import Country
from model.country.tables import OccupationalStructure, Sectors

Floats = NDArray[np.float64]


@dataclass(slots=True)
class DemandGroups:
    """The groups of demand and what they employ; counts are simulated persons."""

    names: tuple[str, ...]  # sectors, with developers for property, and agencies
    sector: NDArray[np.int64]  # row of sectors.csv
    base_jobs: Floats  # million, mid-2019, ordinary jobs (gig work left out)
    mix: Floats  # [group, occupation], rows sum to 1: occupations of ordinary jobs
    consumption: Floats  # elasticity of target jobs on consumption
    property: Floats  # on property activity
    technology: Floats  # on technology's output
    separation: Floats  # yearly separations relative to the mean over jobs
    pay: Floats  # pay relative to the occupation's mean
    gig_jobs: float  # million, 2019
    gig_mix: Floats  # occupations of gig work
    tech: int  # row of technology
    developers: int  # row of developers
    agencies: int  # row of estate agencies
    builders: int  # row of construction and building materials
    platforms: int  # row of where gig work is done
    state: int  # row of government
    employed: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))  # ordinary jobs filled
    vacancies: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))  # open posts
    target: Floats = field(default_factory=lambda: np.zeros(0))  # jobs wanted
    posting: Floats = field(default_factory=lambda: np.zeros(0))  # openings due but smaller than one person so far
    campus_posting: Floats = field(default_factory=lambda: np.zeros(0))  # the same on campus
    posted: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))  # openings posted so far
    campus_posted: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))  # the same on campus
    layoff_weight: Floats = field(default_factory=lambda: np.zeros(0))  # mean weight in layoffs of last month's staff

    def __len__(self) -> int:
        """Number of groups."""
        return len(self.names)

    def index(self, name: str) -> int:
        """Row of a group by name."""
        return self.names.index(name)


def demand_groups(country: Country, structure: OccupationalStructure | None = None) -> DemandGroups:
    """The groups of demand, nobody employed yet: by default with the occupations that the data describe."""
    structure, roles = structure or country.structure, country.roles
    table, ids, shares = country.sectors, structure.occupations.ids, structure.shares
    agents, gigs = ids.index(roles.agent), [ids.index(name) for name in roles.gig]
    developers, platforms = table.index(roles.property), table.index(roles.platforms)
    names = (*("developers" if name == roles.property else name for name in table.ids), "agencies")
    sector = np.array([*range(len(table.ids)), developers])
    jobs = table.employment_2019[sector].copy()
    mix = shares[sector].copy()

    agency_share = mix[developers, agents]
    jobs[developers] *= 1 - agency_share
    jobs[-1] *= agency_share
    mix[developers, agents] = 0.0
    mix[-1] = 0.0
    mix[-1, agents] = 1.0

    gig_mix = np.zeros(len(ids))
    gig_mix[gigs] = mix[platforms, gigs]
    gig_jobs = float(jobs[platforms] * gig_mix.sum())
    jobs[platforms] -= gig_jobs
    mix[platforms, gigs] = 0.0
    mix /= mix.sum(axis=1, keepdims=True)

    separation = table.separation_annual.value[sector]
    groups = DemandGroups(
        names=names,
        sector=sector,
        base_jobs=jobs,
        mix=mix,
        consumption=table.exposure_consumption.value[sector],
        property=table.exposure_property.value[sector],
        technology=table.exposure_tech.value[sector],
        separation=separation / float(np.average(separation, weights=jobs)),
        pay=_relative_pay(table, sector, mix, structure.occupations.wage),
        gig_jobs=gig_jobs,
        gig_mix=gig_mix / gig_mix.sum(),
        tech=table.index(roles.technology),
        developers=developers,
        agencies=len(names) - 1,
        builders=table.index(roles.construction),
        platforms=platforms,
        state=table.index(roles.state),
    )
    for name in ("employed", "vacancies", "posted", "campus_posted"):
        setattr(groups, name, np.zeros(len(groups), np.int64))
    for name in ("target", "posting", "campus_posting"):
        setattr(groups, name, np.zeros(len(groups)))
    groups.layoff_weight = np.ones(len(groups))
    return groups


def _relative_pay(table: Sectors, sector: NDArray[np.int64], mix: Floats, wage: Floats) -> Floats:
    """A sector's pay over what its mix of occupations implies (0.89 to 1.15 in the data)."""
    implied: Floats = mix @ wage
    return table.wage[sector] / implied
