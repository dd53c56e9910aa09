"""The market of one replication: its columns, its memory and its month.

`Market` is the engine alone; `model.labour_market.LabourMarket` is the same thing as a `mesa.Model`. Phases in
`model.mechanisms` act on it; `model.month.MONTH` lists their steps in order.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Self

import numpy as np
from numpy.typing import NDArray

from agents.columns import FAR_FUTURE, FIRST_EXTRA_IDENTITY, FIRST_FOREIGN_IDENTITY, NOBODY, FirmKind, People, Vacancies
from model.accounting import check_books
from model.aggregates import Aggregates, Flows, Stocks
from model.cohorts import Entry, Trades, entry_rules, learnt_trades
from model.demand_groups import GIG_SECTOR, DemandGroups, demand_groups
from model.drivers import Drivers, known_until, load_drivers, sector_trend
from model.firm_population import found_firms
from model.job_graph import Reach, reach, read_job_graph
from model.mechanism import loaded
from model.mechanisms.demand.targets import MECHANISM_SECTORS
from model.mechanisms.matching.search import SearchRules, no_applications
from model.mechanisms.property.market import open_property_market
from model.mechanisms.separations.hazards import Hazards, hazard_tables
from model.mechanisms.survey.counting import GRADUATE_MONTHS, Counts, age_profiles
from model.mechanisms.visa.arrivals import VisaState
from model.parameters import Parameter
from model.pieces import Crew
from model.population import people_at_opening, settle
from model.scenario import Scenario
from model.schedule import FIRST_YEAR, month_index, month_label
from model.tables import OccupationalStructure, occupational_structure, sectors

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
#: The burn-in starts three years before the world's first month; nothing of it is recorded.
BURN_IN = 36
#: How far ahead class sizes are needed: who is sixteen in the last month graduates up to nine years later.
YEARS_AHEAD = 9
#: Mid-2023, for which sectors.csv and occupations.csv give pay, and the share of technology is known.
MID_2023 = 66


class Market:
    """One replication: everything that changes from month to month, and the tables the month looks up."""

    #: Room for row lists of a sweep, as long as the columns.
    scratch_rows: Rows
    #: What the survey of the month counted.
    counts: Counts

    def __init__(
        self, scenario: Scenario, seed: int, threads: int = 1, structure: OccupationalStructure | None = None
    ) -> None:
        """Open the market in the steady state of the month before `scenario.start`.

        The world is simulated from 2018-01 whatever `start` is, after a burn-in. `threads` share the sweeps over many
        people and never change a result. `structure` puts other occupations in the place of those of data/; the
        scenario then names a job graph over them.
        """
        self.scenario, self.seed, self.crew = scenario, seed, Crew(threads)
        self.month = -BURN_IN - 1
        self.specification = scenario.specification
        self.month_steps = tuple((step.name, loaded(step.run)) for step in self.specification.month)
        self.indicators = tuple((each.name, loaded(each.read)) for each in self.specification.indicators if each.read)
        self.last_month = month_index(scenario.end)
        self._numbers: dict[str, float] = {}
        self._levers = self._read_levers()
        self.closure = str(scenario.value("parameters.demand_closure"))
        self.structure = structure or occupational_structure()
        self.groups: DemandGroups = demand_groups(self.structure)
        self._load_drivers()
        self._read_tables()
        self._open_books()
        self._found(seed)
        #: What each mechanism remembers from month to month, by its id; see `Mechanism.of`.
        self.memory = {each.id: loaded(each.memory)(self) for each in self.specification.mechanisms if each.memory}
        first_recorded = month_index(scenario.start)
        self.rows: list[dict[str, float]] = []
        self._record_from = first_recorded
        while self.month < first_recorded - 1:
            self.advance()

    # --- what phases ask for ---------------------------------------------------------------------------------------

    def number(self, constant: str | Parameter) -> float:
        """A constant, by its declaration or path; one of `parameters.` by its name alone."""
        name = constant if isinstance(constant, str) else constant.path
        value = self._numbers.get(name)
        if value is None:
            value = self._numbers[name] = self.scenario.number(name)
        return value

    def lever(self, lever: str | Parameter) -> float:
        """A dated value of this month."""
        return float(self._levers[lever if isinstance(lever, str) else lever.path][self.row])

    def group_lever(self, path: str) -> Floats:
        """A per-sector lever of this month for every demand group."""
        values: Floats = self._levers[path][self.groups.sector, self.row]
        return values

    @property
    def row(self) -> int:
        """Place of this month in arrays that start with the burn-in."""
        return self.month + BURN_IN

    @property
    def label(self) -> str:
        """This month and replication, for messages."""
        return f"{self.scenario.name}, seed {self.seed}, {month_label(self.month)}"

    @property
    def empty_rows(self) -> int:
        """Rows that nobody lives in."""
        return len(self._free)

    @property
    def calendar_year(self) -> int:
        """Calendar year of this month."""
        return FIRST_YEAR + self.month // 12

    @property
    def churn(self) -> float:
        """Employers' yearly separations relative to 2021."""
        return float(self.drivers.churn[self.row])

    @property
    def relative_tightness(self) -> float:
        """Tightness relative to the opening, smoothed over a year; 1 where the opening had no posts at all."""
        total = self.aggregates
        return total.tightness / total.tightness_base if self.month >= 0 and total.tightness_base > 0 else 1.0

    @property
    def campus_gap(self) -> float:
        """Jobs filled and posted beyond what firms want, relative to the opening, smoothed over a year."""
        return self.aggregates.gap - self.aggregates.gap_base if self.month >= 0 else 0.0

    @property
    def search_rules(self) -> SearchRules:
        """Numbers of search and ranking this month."""
        return SearchRules(
            self.number("effective_applications"),
            self.number("long_term_search"),
            self.number("reservation_share"),
            self.property.price,
            self.number("wealth_reservation"),
            self.number("reservation_decay"),
            self.number("ranking_strength"),
            self.number("spell_penalty_floor"),
            self.number("age_penalty_floor"),
            self.number("experience_advantage"),
            self.number("subsidy_ranking") * self.lever("hiring.graduate_subsidy"),
            GRADUATE_MONTHS,
        )

    def whole(self, name: str, real_people: float) -> int:
        """Simulated persons for a flow of real ones; what is smaller than a person is carried to the next month."""
        due = self._carried.get(name, 0.0) + real_people / self.people_per_agent
        count = int(due)
        self._carried[name] = due - count
        return count

    def add_people(self, count: int, first: int = 0) -> Rows:
        """Rows for `count` new persons, with identities of the range that starts at `first`; other columns are not set.

        Rows of people who left are used again.
        """
        reused = min(count, len(self._free))
        self.people.reserve(count - reused)
        fresh = np.arange(self.people.count, self.people.count + count - reused)
        rows = np.concatenate([np.array(self._free[len(self._free) - reused :], np.int64), fresh])
        del self._free[len(self._free) - reused :]
        self.people.count += count - reused
        if self.people.capacity > len(self.scratch_rows):
            self.scratch_rows = np.zeros(self.people.capacity, np.int64)
        start = self._next_identity[first]
        self.people.identity[rows] = np.arange(start, start + count)
        self._next_identity[first] = start + count
        return rows

    def free(self, rows: Rows) -> None:
        """Give back the rows of people who are gone."""
        self.people.event[rows] = FAR_FUTURE
        self.people.employer[rows] = NOBODY
        self._free.extend(rows.tolist())

    def record(self, values: dict[str, float]) -> None:
        """Keep the indicators of a month that the scenario records."""
        if self.month >= self._record_from:
            self.rows.append(values)

    def advance(self) -> None:
        """Live through one month."""
        self.month += 1
        for _, happen in self.month_steps:
            happen(self)
        check_books(self)

    def table(self) -> dict[str, NDArray[np.float64] | NDArray[np.int64]]:
        """The months recorded so far: `month` and one array per indicator."""
        months = np.arange(self._record_from, self._record_from + len(self.rows))
        return {"month": months} | {name: np.array([row[name] for row in self.rows]) for name, _ in self.indicators}

    def fork(self, scenario: Scenario | None = None) -> Self:
        """A copy of the market that lives on by itself, from now on under another scenario if one is given.

        Raises ValueError when that scenario differs from this one in a month already lived through, in a number that
        holds for all months, or in its population.
        """
        shared = (
            self.scenario,
            self.structure,
            self.drivers,
            self.entry,
            self.trades,
            self.hazards,
            self.reach,
            self.job_graph,
            self._levers,
            self.group_trend,
            self.gig_trend,
            self.age_profiles,
            self.group_mix,
            self.campus_mix,
        )
        twin = copy.deepcopy(self, {id(part): part for part in shared})
        if scenario is not None and scenario != self.scenario:
            twin.scenario, twin.last_month = scenario, month_index(scenario.end)
            twin._levers = twin._read_levers()  # noqa: SLF001 - the copy is one of us
            self._demand_same_past(twin)
            twin._load_drivers()  # noqa: SLF001
        return twin

    def _demand_same_past(self, other: Market) -> None:
        """Refuse a scenario whose past is not this market's."""
        lived = self.row + 1
        for path, values in self._levers.items():
            if not np.array_equal(values[..., :lived], other._levers[path][..., :lived]):
                raise ValueError(f"{path} differs before {month_label(self.month + 1)}, which is already past")
        for parameter in self.specification.parameters:
            if not parameter.dated and self.scenario.value(parameter.path) != other.scenario.value(parameter.path):
                raise ValueError(f"{parameter.path} differs; it holds for all months, so the past is not shared")
        if (self.scenario.population, self.scenario.start) != (other.scenario.population, other.scenario.start):
            raise ValueError("population or start differs, so the past is not shared")

    # --- opening -----------------------------------------------------------------------------------------------------

    def _read_levers(self) -> dict[str, Floats]:
        """Every dated parameter by month from the burn-in on; per-sector ones as [sector, month]."""
        months = self.last_month + BURN_IN + 1
        levers = {}
        for parameter in self.specification.parameters:
            if not parameter.dated:
                continue
            if parameter.per_sector:
                stem = parameter.path.removesuffix(".SECTOR")
                levers[stem] = np.array(
                    [self.scenario.monthly(f"{stem}.{sector}", -BURN_IN, months) for sector in sectors().ids]
                )
            else:
                levers[parameter.path] = self.scenario.monthly(parameter.path, -BURN_IN, months)
        return levers

    def _load_drivers(self) -> None:
        """The outside world from the burn-in to the last month, and what derives from it alone."""
        self.drivers: Drivers = load_drivers(
            -BURN_IN,
            self.last_month + BURN_IN + 1 + 12 * YEARS_AHEAD,
            trend_memory=self.number("trend_memory"),
            growth_after_data=self.number("macro.growth_after_data"),
            wage_growth_after_data=self.number("macro.wage_growth_after_data"),
            graduates_growth_after_data=self.number("graduates.growth_after_data"),
            known_until=known_until(str(self.scenario.value("macro.outside_figures"))),
        )
        trend = sector_trend(np.arange(-BURN_IN, self.last_month + 1))
        trend[:, :BURN_IN] = 1.0
        self.group_trend = trend[self.groups.sector].copy()
        for sector in MECHANISM_SECTORS:
            self.group_trend[self.groups.sector == sectors().index(sector)] = 1.0
        self.gig_trend = trend[sectors().index(GIG_SECTOR)]

    def _read_tables(self) -> None:
        """Tables of occupations and groups that phases look up."""
        table, groups = self.structure.occupations, self.groups
        self.occupation_ids, self.sector_ids = table.ids, sectors().ids
        self.job_graph = read_job_graph(str(self.scenario.value("parameters.job_graph")), table.ids)
        self.reach: Reach = reach(self.job_graph)
        mid_2023 = float(self.drivers.wage[MID_2023 + BURN_IN])
        self.trades: Trades = learnt_trades(groups, table, mid_2023)
        self.entry: Entry = entry_rules(self.number)
        self.hazards: Hazards = hazard_tables(self.number)
        self.stem, self.k_visa_open = table.stem, table.k_visa_open
        self.cap_share, self.junior_share = table.age_cap_share, table.junior_share
        self.group_mix = np.cumsum(groups.mix, axis=1)
        graduate_mix = groups.mix * (self.trades.level >= 2)
        self.graduate_jobs = graduate_mix.sum(axis=1)
        beginners = graduate_mix * table.junior_share + 1e-12
        self.campus_mix = np.cumsum(beginners / beginners.sum(axis=1, keepdims=True), axis=1)
        openings = (groups.base_jobs * groups.separation) @ groups.mix
        self.usual_openings = np.where(openings > 0, openings / openings.mean(), 1.0)  # gig work has no posts
        self.mean_cap_share = float(openings @ table.age_cap_share / openings.sum())
        self.occupation_jobs = groups.base_jobs @ groups.mix
        self.mean_pay = float(self.occupation_jobs @ self.trades.pay / self.occupation_jobs.sum())
        self.gig_pay = float(groups.gig_mix @ self.trades.pay) * float(groups.pay[groups.index(GIG_SECTOR)])
        self.age_profiles = age_profiles()
        growth = np.log(1 + self.number("technology_reference_growth")) * MID_2023 / 12
        self.technology_share_base = (
            self.number("technology_share_2023") * self.drivers.real_gdp[MID_2023 + BURN_IN] / np.exp(growth)
        )

    def _open_books(self) -> None:
        """Memory of the market as a whole, before anything has happened."""
        count = len(self.occupation_ids)
        self.aggregates, self.stocks, self.flows = Aggregates(), Stocks(), Flows()
        self.visa = VisaState(np.zeros(len(self.groups)))
        self.starters = 0
        self.wage_level = 1.0
        self.closed_at_35, self.beginners_share = self.cap_share.copy(), self.junior_share.copy()
        self.occupation_pay = np.ones(count)
        self.aggregates.posts, self.aggregates.seekers = np.zeros(count), np.zeros(count)
        self.unemployed_by_occupation = np.zeros(count, np.int64)
        self.property_activity = self.agency_activity = 1.0
        self.youth_unemployment = 0.12
        self.starts = np.zeros(4 * count + 1, np.int64)
        self.campus_starts = np.zeros(4 * count + 1, np.int64)
        self._carried: dict[str, float] = {}
        self._free: list[int] = []

    def _found(self, seed: int) -> None:
        """Developers, firms and people at the start of the burn-in."""
        values = {
            parameter.path: self.scenario.number(parameter.path)
            for parameter in self.specification.parameters
            if parameter.path.startswith("property.") and not parameter.dated
        }
        self.property = open_property_market(values, seed)
        self.developers = self.property.columns
        self.firms = found_firms(self.scenario, self.groups, self.developers.share, seed)
        self.firm_activity = np.ones(len(self.firms))
        self.firm_openings = np.zeros(len(self.firms))
        self.group_openings, self.openings_scale = np.zeros(len(self.groups)), np.ones(len(self.groups))
        self.platform_firms = np.flatnonzero(self.firms.group == self.groups.index(GIG_SECTOR))
        self.developer_firms = np.flatnonzero(self.firms.kind == FirmKind.DEVELOPER)
        self.people: People
        self.people_per_agent = people_at_opening(self.scenario, -BURN_IN) / self.scenario.population
        self.people = settle(
            self.scenario.population,
            -BURN_IN,
            self.people_per_agent,
            self.drivers,
            self.groups,
            self.firms,
            self.entry,
            self.trades,
            seed,
        )
        self._next_identity = {
            0: self.people.count,
            FIRST_EXTRA_IDENTITY: FIRST_EXTRA_IDENTITY,
            FIRST_FOREIGN_IDENTITY: FIRST_FOREIGN_IDENTITY,
        }
        self.scratch_rows = np.zeros(self.people.capacity, np.int64)
        self.applications = self.campus_applications = no_applications()
        self.search_odds: Floats = np.zeros((0, 0, 0, 0))
        self.movers = self.seekers = np.zeros(0, np.int64)
        self.asks: Floats = np.zeros(0)
        self.vacancies = Vacancies.empty(max(1000, self.people.count // 50))
        self.campus = Vacancies.empty(max(1000, self.people.count // 50))
        self.stocks.labour_force = int(np.sum(self.people.status[: self.people.count] >= 7))
        self.stocks.gig = max(1, int(self.groups.gig_jobs * 1e6 / self.people_per_agent))
        self.aggregates.labour_force = float(self.stocks.labour_force)


def simulate(
    scenario: Scenario, seed: int, on_month: Callable[[int], None] | None = None, threads: int = 1
) -> dict[str, NDArray[np.float64] | NDArray[np.int64]]:
    """One replication as a table: `month` (month indices) and one array per indicator, NaN for what does not exist yet.

    Pure: the same scenario and seed give the same numbers. `on_month` hears each recorded month's index;
    `threads` share the sweeps over many people.
    Raises `model.accounting.AccountingError` when an identity breaks.
    """
    market = Market(scenario, seed, threads)
    while market.month < market.last_month:
        market.advance()
        if on_month is not None:
            on_month(market.month)
    return market.table()
