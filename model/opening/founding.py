"""The market before the burn-in: developers, firms, people, and memories of a past that has not begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.columns import FIRST_FOREIGN_IDENTITY, Vacancies
from model.country.demand_groups import demand_groups
from model.country.tables import OccupationalStructure
from model.handover import Flows, JobSearch, Plan, Stocks
from model.mechanism import loaded
from model.mechanisms.property import PROPERTY
from model.mechanisms.survey.by_group import GroupBook
from model.opening.firms import found_firms
from model.opening.given import exogenous_of
from model.opening.people import people_at_opening, settle
from model.schedule import BURN_IN

if TYPE_CHECKING:
    from model.market import Market

#: Room for posts at first: at least so many, or one for so many people.
FEWEST_POSTS, PEOPLE_PER_POST = 1000, 50


def found(market: Market, structure: OccupationalStructure | None, by_group: bool = False) -> None:
    """Found the market: what it takes as given, then everything that lives in it."""
    country = market.scenario.specification.country
    structure = structure or country.structure
    groups = market.groups = demand_groups(country, structure)
    given = market.exogenous = exogenous_of(market.scenario, structure, groups)
    memories = {each.id: loaded(each.memory) for each in market.specification.mechanisms if each.memory}
    # Developers are firms too: how large each is belongs to the property market.
    market.memory = {PROPERTY.id: memories.pop(PROPERTY.id)(market)}
    firms = market.firms = found_firms(market.scenario, groups, PROPERTY.of(market).columns.share, market.seed)
    market.wage_level = 1.0
    _settle_people(market)
    market.plan = Plan(
        closed_at_35=given.cap_share.copy(),
        beginners=given.junior_share.copy(),
        mix=given.group_mix,
        campus_mix=given.campus_mix,
        campus_posts=np.ones(len(groups)),
        firm_activity=np.ones(len(firms)),
        firm_openings=np.zeros(len(firms)),
        group_openings=np.zeros(len(groups)),
        openings_scale=np.ones(len(groups)),
    )
    market.job_search, market.flows = JobSearch(), Flows()
    occupations = len(structure.occupations.ids)
    room = max(FEWEST_POSTS, market.people.count // PEOPLE_PER_POST)
    market.vacancies, market.campus = Vacancies.empty(room, occupations), Vacancies.empty(room, occupations)
    market.memory |= {name: open_memory(market) for name, open_memory in memories.items()}
    market.by_group = GroupBook(market) if by_group else None


def _settle_people(market: Market) -> None:
    """The people at the start of the burn-in, and what the first month knows of them."""
    scenario, given = market.scenario, market.exogenous
    market.people_per_agent = people_at_opening(scenario, -BURN_IN) / scenario.population
    market.people = settle(
        scenario=scenario,
        start=-BURN_IN,
        people_per_agent=market.people_per_agent,
        drivers=given.drivers,
        groups=market.groups,
        firms=market.firms,
        entry=given.entry,
        trades=given.trades,
        registers=given.registers,
        seed=market.seed,
    )
    market.next_identity = {0: market.people.count, FIRST_FOREIGN_IDENTITY: FIRST_FOREIGN_IDENTITY}
    market.scratch_rows = np.zeros(market.people.capacity, np.int64)
    market.stocks = Stocks(
        labour_force=int(np.sum(market.people.status[: market.people.count] >= 7)),
        gig=max(1, int(market.groups.gig_jobs * 1e6 / market.people_per_agent)),
    )
