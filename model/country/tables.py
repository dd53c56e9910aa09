"""The tables of a country: sectors, occupations, moves and ages, as arrays.

Numbers come as arrays in the order of the file; every array is read-only. A blank cell is NaN.
Where a figure comes from stands beside it in its file (`source`, `confidence`, `note`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from model.finite import demand_finite

if TYPE_CHECKING:
    from model.country.country import Country, Row

Floats = NDArray[np.float64]

#: So many occupations fit the one byte that a person's row keeps of its occupation.
MOST_OCCUPATIONS: Final = 256

#: The eight skills of an occupation, in the order of the columns of `Occupations.skills`.
SKILLS: Final = ("analytical", "it", "engineering", "manual", "social", "care", "management", "creative")


def frozen(values: Iterable[float]) -> Floats:
    """Numbers as an array that nobody can change by accident."""
    array = np.array(list(values), dtype=np.float64)
    array.flags.writeable = False
    return array


def _numbers(rows: Iterable[Row], column: str) -> Floats:
    return frozen(float(row[column]) if row[column] else np.nan for row in rows)


def _flags(rows: Iterable[Row], column: str) -> NDArray[np.bool_]:
    array = np.array([row[column] == "1" for row in rows], dtype=np.bool_)
    array.flags.writeable = False
    return array


def _texts(rows: Iterable[Row], column: str) -> tuple[str, ...]:
    return tuple(row[column] for row in rows)


@dataclass(frozen=True, slots=True)
class Ranged:
    """An uncertain column: its value with the low and high end of its plausible range."""

    value: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Sectors:
    """The sectors of urban work (sectors.csv; a source per value in sectors_sources.csv)."""

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    titles_zh: tuple[str, ...]
    #: Jobs, million people.
    employment_2019: Floats
    employment_2023: Floats
    #: Mean pay in 2023, CNY a year.
    wage: Floats
    #: Elasticities of target jobs to real consumption, property activity and technology output.
    exposure_consumption: Ranged
    exposure_property: Ranged
    exposure_tech: Ranged
    #: Share of jobs that end in a year, from surveys of firms.
    separation_annual: Ranged
    firms_thousand: Floats
    #: Tail exponent of the sizes of firms.
    firm_size_pareto: Floats
    self_employed_share: Floats
    #: Share of staff under 35 in 2020; NaN where none was found.
    share_under_35: Floats

    def index(self, sector: str) -> int:
        """The row of a sector id; raises ValueError when there is none."""
        return self.ids.index(sector)


@dataclass(frozen=True, slots=True)
class Occupations:
    """The occupations, nodes of the job graph (occupations.csv)."""

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    titles_zh: tuple[str, ...]
    #: ISCO-08 minor group.
    isco08: tuple[str, ...]
    #: Least education asked: none, secondary, vocational_college, bachelor or master (as spelt in the file).
    education: tuple[str, ...]
    stem: NDArray[np.bool_]
    #: Whether a K-visa holder may enter it directly.
    k_visa_open: NDArray[np.bool_]
    #: Mean pay in 2023, CNY a year.
    wage: Floats
    #: Share of vacancies closed to people aged 35 and over.
    age_cap_share: Floats
    #: Share of vacancies open to people without experience.
    junior_share: Floats
    #: Need for each of SKILLS, 0..1; one row per occupation.
    skills: Floats

    def index(self, occupation: str) -> int:
        """The row of an occupation id; raises ValueError when there is none."""
        return self.ids.index(occupation)


@dataclass(frozen=True, slots=True)
class OccupationalStructure:
    """The occupations and how the jobs of each sector divide among them: what a market is told about work."""

    occupations: Occupations
    #: Share of each occupation in each sector's jobs: [sector, occupation], rows sum to 1.
    shares: Floats
    #: Ways from one occupation to another with their weights; none are those of mobility.csv.
    moves: tuple[tuple[str, str, float], ...] = ()

    def __post_init__(self) -> None:
        table = self.occupations
        demand_finite("the occupational structure", shares=self.shares, wage=table.wage, skills=table.skills,
                      age_cap_share=table.age_cap_share, junior_share=table.junior_share)  # fmt: skip
        if len(self.occupations.ids) > MOST_OCCUPATIONS:
            raise ValueError(f"{len(self.occupations.ids)} occupations; a person's column holds {MOST_OCCUPATIONS}")


@dataclass(frozen=True, slots=True)
class AgeStructure:
    """People by age group at the census, million (population_by_age.csv)."""

    age_low: NDArray[np.int64]
    #: Last age of the group, inclusive; 100 for the open group.
    age_high: NDArray[np.int64]
    population: Floats
    urban: Floats


def _ranged(rows: Iterable[Row], column: str) -> Ranged:
    rows = tuple(rows)
    return Ranged(_numbers(rows, column), _numbers(rows, f"{column}_low"), _numbers(rows, f"{column}_high"))


def sectors(country: Country) -> Sectors:
    """The sectors, in the order of sectors.csv."""
    rows = country.rows("sectors.csv")
    return Sectors(
        ids=_texts(rows, "sector_id"),
        titles=_texts(rows, "title"),
        titles_zh=_texts(rows, "title_zh"),
        employment_2019=_numbers(rows, "employment_2019_million"),
        employment_2023=_numbers(rows, "employment_2023_million"),
        wage=_numbers(rows, "wage_mean_cny_2023"),
        exposure_consumption=_ranged(rows, "exposure_consumption"),
        exposure_property=_ranged(rows, "exposure_property"),
        exposure_tech=_ranged(rows, "exposure_tech"),
        separation_annual=_ranged(rows, "separation_annual"),
        firms_thousand=_numbers(rows, "firms_thousand_2023"),
        firm_size_pareto=_numbers(rows, "firm_size_pareto"),
        self_employed_share=_numbers(rows, "self_employed_share"),
        share_under_35=_numbers(rows, "share_under_35_2020"),
    )


def occupations(country: Country) -> Occupations:
    """The occupations, in the order of occupations.csv."""
    rows = country.rows("occupations.csv")
    skills = np.column_stack([_numbers(rows, f"skill_{skill}") for skill in SKILLS])
    skills.flags.writeable = False
    return Occupations(
        ids=_texts(rows, "id"),
        titles=_texts(rows, "title"),
        titles_zh=_texts(rows, "title_zh"),
        isco08=_texts(rows, "isco08"),
        education=_texts(rows, "education"),
        stem=_flags(rows, "stem"),
        k_visa_open=_flags(rows, "k_visa_open"),
        wage=_numbers(rows, "wage_mean_cny_2023"),
        age_cap_share=_numbers(rows, "age_cap_share"),
        junior_share=_numbers(rows, "junior_share"),
        skills=skills,
    )


def occupation_shares(country: Country) -> Floats:
    """Share of each occupation in each sector's jobs: [sector, occupation], rows sum to 1 (sector_occupation.csv)."""
    by_sector, by_occupation = country.sectors, country.occupations
    shares = np.zeros((len(by_sector.ids), len(by_occupation.ids)))
    for row in country.rows("sector_occupation.csv"):
        shares[by_sector.index(row["sector_id"]), by_occupation.index(row["occupation_id"])] = float(row["share"])
    shares /= shares.sum(axis=1, keepdims=True)
    shares.flags.writeable = False
    return shares


def moves(country: Country) -> Floats:
    """Chance that a job change goes from one occupation to another: [from, to], rows sum to 1 (mobility.csv)."""
    known = country.occupations
    chances = np.zeros((len(known.ids), len(known.ids)))
    for row in country.rows("mobility.csv"):
        chances[known.index(row["source"]), known.index(row["target"])] = float(row["weight"])
    chances /= chances.sum(axis=1, keepdims=True)
    chances.flags.writeable = False
    return chances


def age_structure(country: Country) -> AgeStructure:
    """People by age group at the census, in the whole country and in its cities and towns."""
    rows = country.rows("population_by_age.csv")
    return AgeStructure(
        age_low=np.array([int(row["age_low"]) for row in rows]),
        age_high=np.array([int(row["age_high"]) for row in rows]),
        population=_numbers(rows, "population_million"),
        urban=_numbers(rows, "urban_million"),
    )
