"""A country: a folder of tables, and what a modeller declares beside them.

Whatever is particular to one country stands here: which of its sectors plays which role, when its young graduate, what
its statistics bureau publishes. `model.country.china` holds the standing one; a `Specification` says which is meant,
and every scenario carries it, so that another process needs no other word. docs/country.md says how to make one.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from agents.places import ROOT
from model.schedule import FrozenMapping, month_index

if TYPE_CHECKING:
    # numpy takes a tenth of a second to import, and checking a scenario does not need it.
    from model.country.official import OfficialMonths
    from model.country.tables import AgeStructure, Floats, OccupationalStructure, Occupations, Sectors
    from model.parameters import Parameter, Value

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Roles:
    """Which sectors, by id, and which occupations do what mechanisms speak of."""

    technology: str
    #: Developers and estate agents; the occupation `agent` works for agencies, the rest for developers.
    property: str
    agent: str
    construction: str
    #: Where `gig` work is done: occupations taken up freely, no vacancy, income falls as more people do it.
    platforms: str
    #: Government, where public posts are.
    state: str
    gig: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Youth:
    """When people leave school, and with what."""

    #: Ages at graduation from a first degree and the share of each, vocational colleges and bachelors together.
    graduation_ages: tuple[int, ...]
    graduation_shares: tuple[float, ...]
    #: Bachelors among first degrees; vocational colleges have the rest.
    bachelor_share: float
    #: Secondary school among the others; the rest has less.
    secondary_share: float
    #: So many of a birth cohort can study at most.
    most_study: float
    postgraduate_months: int
    #: Months of the year, 0 is January: when classes begin to graduate, and when the posts begin that wait for autumn.
    graduation_month: int
    autumn: int
    #: When campus openings are posted, and when what is left of them lapses.
    campus_months: tuple[int, ...]
    campus_lapses: int
    #: The class whose campus openings are declared, and whose size stays where classes are held constant.
    usual_class: int


@dataclass(frozen=True, slots=True)
class Population:
    """The people when the world begins, and those who come from the countryside."""

    #: Month of the census in population_by_age.csv, `YYYY-MM`.
    census: str
    #: Share of the population that dies in a year, as retirement ages and ages at departure give it.
    yearly_departures: float
    #: Out of the labour force for care, ages 25 to 59: men and women.
    share_home: tuple[float, float]
    #: Without work at the start of the burn-in: a guess that it replaces.
    share_unemployed: float
    #: Ages of migrants: the youngest, and over how many years they are spread evenly.
    youngest_migrant: int
    migrant_years: int


@dataclass(frozen=True, slots=True)
class Retirement:
    """At what age people retire, and the law that delays it step by step."""

    #: Usual ages in years: of women, of women with a degree (and early of men), of men, of who works on.
    ages: tuple[int, int, int, int]
    #: The law holds from this month, `YYYY-MM`: for each of them a month later for every so many, and so many at most.
    delayed_from: str
    every: tuple[int, int, int, int]
    most: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Economy:
    """How the series of growth, pay and holidays are read."""

    #: Growth chains start in January of this year, with output on its trend.
    chain_start: int
    #: Growth of potential output a year: linear between the two years, flat outside.
    potential_years: tuple[float, float]
    potential_growth: tuple[float, float]
    #: A quarter counts as one of lockdown when its months' stopped shares add up to this.
    lockdown_quarter: float
    #: The survey asks about the week of this day: its month ends with it.
    survey_day: int
    #: Days before and after the festival in which people change jobs.
    festival_before: int
    festival_after: int
    #: Months from the end of a quarter, or of a year, until its figure is out; a class is announced before its year.
    quarter_out: int
    survey_out: int
    pay_out: int
    class_out: int
    #: The month for which sectors.csv and occupations.csv give pay, and the share of technology is known, `YYYY-MM`.
    pay_known: str


@dataclass(frozen=True, slots=True)
class Official:
    """What the statistics bureau publishes month by month, and when its definition changed."""

    file: str
    #: From here on the groups that `groups` names hold, before it those of `earlier`; the two are never joined.
    new_definition: str
    #: How the names end that begin with the new definition.
    new_ending: str
    #: The official group that measures what an indicator measures.
    groups: FrozenMapping[str, str]
    #: Groups of the earlier definition. They count students, or other ages: shown, never joined.
    earlier: FrozenMapping[str, str]


@dataclass(frozen=True)
class Country:
    """One country: the folder of its tables (inside the program's, or absolute), and the facts declared beside them."""

    name: str
    folder: str
    roles: Roles
    youth: Youth
    population: Population
    retirement: Retirement
    economy: Economy
    official: Official
    #: How many firms stand for each sector: parameters of the mechanism of demand, one for each sector and agencies.
    firms: tuple[Parameter, ...]
    #: The sector, by id, that each group of gender_hukou.csv's migrant_sector_share belongs to.
    migrant_sectors: FrozenMapping[str, str] = field(default_factory=lambda: FrozenMapping({}))
    #: Values that hold here in place of those that mechanisms declare, by path.
    defaults: FrozenMapping[str, Value] = field(default_factory=lambda: FrozenMapping({}))

    def __reduce__(self) -> tuple[type[Country], tuple[object, ...]]:
        """Another process reads its tables anew: what was read does not travel."""
        return Country, tuple(getattr(self, each.name) for each in fields(self))

    def __hash__(self) -> int:
        return hash(self.folder)

    def __deepcopy__(self, _: object) -> Country:
        """It never changes, so a copy of a market shares it."""
        return self

    @property
    def path(self) -> Path:
        """Where its tables lie."""
        return ROOT / self.folder

    @property
    def fitted_file(self) -> Path:
        """Where the fitted values lie, if anything has been fitted."""
        return self.path / "fitted_parameters.yaml"

    @property
    def moves_file(self) -> Path:
        """The job graph that is shipped: the table of moves between occupations."""
        return self.path / "mobility.csv"

    @cached_property
    def fingerprint(self) -> str:
        """A sha256 of the tables and of all that is declared."""
        content = hashlib.sha256(repr([getattr(self, each.name) for each in fields(self)]).encode())
        for file in sorted(self.path.iterdir()):
            if file.suffix in {".csv", ".yaml"}:
                content.update(file.name.encode() + b"\0" + file.read_bytes())
        return content.hexdigest()

    # --- its tables, read once ---------------------------------------------------------------------------------------

    @cached_property
    def _read(self) -> dict[str, tuple[Row, ...]]:
        return {}

    def rows(self, name: str) -> tuple[Row, ...]:
        """The rows of one file of the folder, each a mapping from column to text."""
        if name not in self._read:
            with (self.path / name).open(encoding="utf-8", newline="") as file:
                self._read[name] = tuple(MappingProxyType(row) for row in csv.DictReader(file))
        return self._read[name]

    def annual_series(self, name: str, metric: str) -> Mapping[int, float]:
        """One metric of a long table (labour_structure, macro_annual, property_annual, tech_annual, visa) by year."""
        rows = (row for row in self.rows(name) if row["metric"] == metric and row["year"])
        return MappingProxyType({int(row["year"]): float(row["value"]) for row in rows})

    @cached_property
    def sector_ids(self) -> tuple[str, ...]:
        """The ids of sectors.csv, in its order."""
        return tuple(row["sector_id"] for row in self.rows("sectors.csv"))

    @cached_property
    def sectors(self) -> Sectors:
        """The sectors, in the order of sectors.csv."""
        from model.country.tables import sectors

        return sectors(self)

    @cached_property
    def occupations(self) -> Occupations:
        """The occupations, in the order of occupations.csv."""
        from model.country.tables import occupations

        return occupations(self)

    @cached_property
    def structure(self) -> OccupationalStructure:
        """The occupations and their shares in each sector's jobs as the data describe them."""
        from model.country.tables import OccupationalStructure, occupation_shares

        return OccupationalStructure(self.occupations, occupation_shares(self))

    @cached_property
    def moves(self) -> Floats:
        """Chance that a job change goes from one occupation to another: [from, to], rows sum to 1 (mobility.csv)."""
        from model.country.tables import moves

        return moves(self)

    @cached_property
    def ai_exposure(self) -> Mapping[str, float]:
        """Share of an occupation's tasks that language models can do, by its id (ai_exposure.csv)."""
        return MappingProxyType({row["occupation_id"]: float(row["exposure"]) for row in self.rows("ai_exposure.csv")})

    @cached_property
    def ages(self) -> AgeStructure:
        """People by age group at the census, in the whole country and in its cities and towns."""
        from model.country.tables import age_structure

        return age_structure(self)

    @cached_property
    def festivals(self) -> tuple[dt.date, ...]:
        """The days around which people change jobs, one a year (spring_festival.csv)."""
        return tuple(dt.date.fromisoformat(row["date"]) for row in self.rows("spring_festival.csv"))

    @cached_property
    def published(self) -> OfficialMonths:
        """The official months that are shipped; empty where there is no such file."""
        from model.country.official import OfficialMonths, read_official

        file = self.path / self.official.file
        return read_official(file, self.official) if file.exists() else OfficialMonths({})

    # --- what is derived from them -----------------------------------------------------------------------------------

    @property
    def chain_month(self) -> int:
        """Month index from which growth is chained: there are no drivers before it."""
        return month_index(f"{self.economy.chain_start}-01")

    @property
    def census_month(self) -> int:
        """Month index of the census."""
        return month_index(self.population.census)

    @property
    def pay_month(self) -> int:
        """Month index for which pay is known."""
        return month_index(self.economy.pay_known)

    @cached_property
    def turned_away_abroad(self) -> float:
        """People a year whom the lottery of the H-1B turns away (visa.csv, fiscal year 2024)."""
        year = 2024
        asked, chosen = (
            self.annual_series("visa.csv", f"h1b_cap_{what}")[year] for what in ("registrations", "selected")
        )
        return asked - chosen
