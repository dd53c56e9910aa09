"""The state of one replication: its columns, its books and what mechanisms remember. It knows no mechanism.

`Market` is the engine alone; `model.labour_market.LabourMarket` is the same thing as a `mesa.Model`. `model.opening`
founds it, the steps of `model.month.MONTH` act on it.
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from agents.columns import FAR_FUTURE, NOBODY, Firms, People, PeopleArrays, Vacancies
from model.accounting import check_books
from model.country.demand_groups import DemandGroups
from model.exogenous import Exogenous
from model.handover import Flows, JobSearch, Plan, Stocks
from model.mechanism import loaded
from model.parameters import Parameter
from model.pieces import Crew, people_in
from model.scenario.scenario import Scenario
from model.schedule import BURN_IN, FIRST_YEAR, FrozenMapping, month_index, month_label

if TYPE_CHECKING:
    from model.country.country import Country
    from model.country.tables import OccupationalStructure
    from model.mechanisms.survey.by_group import GroupBook
    from model.mechanisms.survey.counting import Counts

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
OnMonth = Callable[[int], None]


#: The counts by group in a market's table: [month, group, measure].
BY_GROUP = "by_group"


class NoMoreMonthsError(RuntimeError):
    """The market cannot live another month: its scenario is over, or a month broke off halfway."""


class Market:
    """One replication: everything that changes from month to month, and what the month takes as given."""

    #: What never changes: levers and drivers, occupations, rules.
    exogenous: Exogenous
    #: The columns: people, firms, groups of demand, posts on offer and campus posts.
    people: People
    firms: Firms
    groups: DemandGroups
    vacancies: Vacancies
    campus: Vacancies
    #: What steps leave for later ones.
    plan: Plan
    job_search: JobSearch
    flows: Flows
    #: The survey of the month as it is published, and all that it counted.
    stocks: Stocks
    counts: Counts
    #: The survey by group, if it was asked for.
    by_group: GroupBook | None
    #: What each mechanism remembers from month to month, by its id; see `Mechanism.of`.
    memory: dict[str, Any]
    #: Real people per simulated one, and mean pay relative to 2018-01.
    people_per_agent: float
    wage_level: float
    #: Room for row lists of a sweep, as long as the columns.
    scratch_rows: Rows
    #: First new identity of each range of them.
    next_identity: dict[int, int]

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        threads: int = 1,
        structure: OccupationalStructure | None = None,
        on_month: OnMonth | None = None,
        *,
        by_group: bool = False,
    ) -> None:
        """Open the market in the steady state of the month before `scenario.start`.

        The world is simulated from 2018-01 whatever `start` is, after a burn-in. `threads` share the sweeps over many
        people and never change a result. `structure` puts other occupations, and the moves between them, in the place
        of those of its country. `on_month` hears of every month from 2018-01 on that is lived here. With `by_group`
        people are counted by group too.
        """
        from model.opening.founding import found  # which loads the mechanisms: the state knows none

        self.scenario, self.seed, self.crew = scenario, seed, Crew(threads)
        self.specification = scenario.specification
        self.month, self.last_month = -BURN_IN - 1, month_index(scenario.end)
        self._within_month = False
        self.rows: list[FrozenMapping[str, float]] = []
        self._record_from = month_index(scenario.start)
        self._numbers: dict[str, float] = {}
        self._carried: dict[str, float] = {}
        self._free: list[int] = []
        self._load_functions()
        self.by_group = None
        found(self, structure, by_group)
        self.live(self._record_from - 1, on_month)

    def _load_functions(self) -> None:
        """The steps of a month, the readings and the closing of books, as functions."""
        self.month_steps = tuple((step.name, loaded(step.run)) for step in self.specification.month)
        self.indicators = tuple((each.name, loaded(each.read)) for each in self.specification.indicators if each.read)
        self.books = tuple(loaded(each.books) for each in self.specification.mechanisms if each.books)

    # --- what steps ask for ---------------------------------------------------------------------------------

    def number(self, constant: str | Parameter) -> float:
        """A constant, by its declaration or path; one of `parameters.` by its name alone."""
        name = constant if isinstance(constant, str) else constant.path
        value = self._numbers.get(name)
        if value is None:
            value = self._numbers[name] = self.scenario.number(name)
        return value

    def lever(self, lever: str | Parameter) -> float:
        """A dated value of this month."""
        path = lever if isinstance(lever, str) else lever.path
        return float(self.exogenous.levers[path][self.row])

    def group_lever(self, path: str) -> Floats:
        """A per-sector lever of this month for every demand group."""
        values: Floats = self.exogenous.levers[path][:, self.row][self.groups.sector]
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
        return float(self.exogenous.drivers.churn[self.row])

    @property
    def job_graph(self) -> Any:
        """The occupations and how easily people move between them: a `networkx.DiGraph`."""
        return self.exogenous.job_graph

    @property
    def country(self) -> Country:
        """The country whose labour market this is."""
        return self.specification.country

    @property
    def occupation_ids(self) -> tuple[str, ...]:
        """The occupations, in the order of their rows."""
        return self.exogenous.structure.occupations.ids

    @property
    def sector_ids(self) -> tuple[str, ...]:
        """The sectors, in the order of their rows."""
        return self.exogenous.sector_ids

    def rows_found(self, find: Callable[[PeopleArrays, int, Rows], int]) -> Rows:
        """The rows, in order, that a kernel finds among everybody: it is given the month and writes them."""
        people = self.people.arrays()

        def find_in(piece: slice) -> Rows:
            found = self.scratch_rows[piece]
            count = find(people_in(people, piece), self.month, found)
            rows: Rows = found[:count] + piece.start
            return rows

        return np.concatenate(self.crew.sweep(self.people.count, find_in))

    # --- people come and go ---------------------------------------------------------------------------------

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
        fresh = range(self.people.count, self.people.count + count - reused)
        rows = np.array([*self._free[len(self._free) - reused :], *fresh], np.int64)
        del self._free[len(self._free) - reused :]
        self.people.count += count - reused
        if self.people.capacity > len(self.scratch_rows):
            self.scratch_rows = np.zeros(self.people.capacity, np.int64)
        start = self.next_identity[first]
        self.people.identity[rows] = np.arange(start, start + count, dtype=np.uint32)
        self.next_identity[first] = start + count
        return rows

    def free(self, rows: Rows) -> None:
        """Give back the rows of people who are gone."""
        self.people.event[rows] = FAR_FUTURE
        self.people.employer[rows] = NOBODY
        self._free.extend(rows.tolist())

    # --- months ---------------------------------------------------------------------------------------------

    def advance(self) -> None:
        """Live through one month; raises NoMoreMonthsError, and changes nothing, when there is none to live."""
        self.demand_months(1)
        self._within_month = True
        self.month += 1
        for _, happen in self.month_steps:
            happen(self)
        check_books(self)
        self._within_month = False

    def demand_months(self, months: int) -> None:
        """Raise NoMoreMonthsError when the market cannot live so many more months."""
        if self._within_month:
            broken = f"{month_label(self.month)} broke off halfway, so this market cannot go on"
            raise NoMoreMonthsError(f"{broken}; open it anew, or go on from a copy made before")
        if self.month + months > self.last_month:
            over = f"the scenario {self.scenario.name!r} ends in {self.scenario.end}, {self.last_month - self.month}"
            raise NoMoreMonthsError(f"{over} months from here; a later 'end' makes it longer")

    def live(self, until: int, on_month: OnMonth | None = None) -> None:
        """Live through the months up to `until`; `on_month` hears of each from 2018-01 on."""
        while self.month < until:
            self.advance()
            if on_month is not None and self.month >= 0:
                on_month(self.month)

    def count_by_group(self) -> None:
        """Count people by group from the next month on."""
        from model.mechanisms.survey.by_group import GroupBook

        self.by_group = GroupBook(self)

    @property
    def records(self) -> bool:
        """Whether this month is one that the scenario records."""
        return self.month >= self._record_from

    def record(self, values: dict[str, float]) -> None:
        """Keep the indicators of a month that the scenario records."""
        if self.records:
            self.rows.append(FrozenMapping(values))

    def table(self) -> dict[str, NDArray[np.float64] | NDArray[np.int64]]:
        """The months recorded so far: `month` and one array per indicator; `by_group` where that is counted."""
        months = np.arange(self._record_from, self._record_from + len(self.rows))
        columns = {name: np.array([row[name] for row in self.rows]) for name, _ in self.indicators}
        groups = {} if self.by_group is None else {BY_GROUP: self.by_group.table()}
        return {"month": months} | columns | groups

    # --- copies ---------------------------------------------------------------------------------------------

    def fork(self, scenario: Scenario | None = None) -> Self:
        """A copy of the market that lives on by itself, from now on under another scenario if one is given.

        Raises ValueError when that scenario differs from this one in a month already lived through, in a number that
        holds for all months, or in its population.
        """
        twin = copy.deepcopy(self)
        if scenario is not None and scenario != self.scenario:
            from model.opening.given import with_same_past

            twin.scenario, twin.last_month = scenario, month_index(scenario.end)
            twin.exogenous = with_same_past(self.exogenous, scenario)
            self._demand_same_past(twin)
        return twin

    def _demand_same_past(self, other: Market) -> None:
        """Refuse a scenario whose past is not this market's."""
        lived = self.row + 1
        for path, values in self.exogenous.levers.items():
            if not np.array_equal(values[..., :lived], other.exogenous.levers[path][..., :lived]):
                raise ValueError(f"{path} differs before {month_label(self.month + 1)}, which is already past")
        for parameter in self.specification.parameters:
            if parameter.lead:
                reach = max(0, self.month + 1 + parameter.lead)
                mine, theirs = (each.monthly(parameter.path, 0, reach) for each in (self.scenario, other.scenario))
                if (mine != theirs).any():
                    until = month_label(reach)
                    raise ValueError(f"{parameter.path} differs before {until} and acts ahead, on what is already past")
            if not parameter.dated and self.scenario.value(parameter.path) != other.scenario.value(parameter.path):
                raise ValueError(f"{parameter.path} differs; it holds for all months, so the past is not shared")
        if (self.scenario.population, self.scenario.start) != (other.scenario.population, other.scenario.start):
            raise ValueError("population or start differs, so the past is not shared")

    def __copy__(self) -> Self:
        """A whole copy: half of one would share its people with this market."""
        return copy.deepcopy(self)

    def __getstate__(self) -> dict[str, Any]:
        """All but functions, which the specification gives again."""
        functions = {"month_steps", "indicators", "books"}
        return {name: value for name, value in vars(self).items() if name not in functions}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._load_functions()

    def __reduce_ex__(self, protocol: Any) -> str | tuple[Any, ...]:
        """The state as `pickle` stores it; the two oldest protocols, which know no slots, wrap a later one."""
        return super().__reduce_ex__(protocol) if protocol >= 2 else (pickle.loads, (pickle.dumps(self, 2),))


def simulate(
    scenario: Scenario, seed: int, on_month: OnMonth | None = None, threads: int = 1, *, by_group: bool = False
) -> dict[str, NDArray[np.float64] | NDArray[np.int64]]:
    """One replication as a table: `month` (month indices) and one array per indicator, NaN for what does not exist yet.

    Pure: the same scenario and seed give the same numbers. `on_month` hears each month from 2018-01 on, recorded or
    not; `threads` share the sweeps over many people; `by_group` adds the counts by group.
    Raises `model.accounting.AccountingError` when an identity breaks.
    """
    market = Market(scenario, seed, threads, on_month=on_month, by_group=by_group)
    market.live(market.last_month, on_month)
    return market.table()
