"""Lives drawn in advance: what young people study and until when, and that one person's life is nobody else's."""

from __future__ import annotations

from bisect import bisect_left
from types import SimpleNamespace

import numpy as np
import pytest
from engine_cases import busy_market, scenario
from engine_slow_loops import rule, slow_asks, slow_departure, slow_retirement, slow_uniform

from agents.columns import NEVER, Education, Flag, People, Status
from agents.people import Person
from model.country.cohorts import Entry, departure_months, draw_cohort, entry_rules, retirement_months
from model.labour_market import LabourMarket
from model.randomness import FOR_GOOD, Purpose, draw_key
from model.schedule import month_index

#: The last month that a scenario may name.
LAST = month_index("2060-12")


def rules() -> Entry:
    return entry_rules(scenario(2000, "2060-12"))


def slow_life(identity: int, birth: int, tertiary: float, month: int, entry: Entry, seed: int) -> SimpleNamespace:
    """What one young person will study, until when, and whether that lies in the past."""
    luck = [slow_uniform(int(draw_key(seed, Purpose.ENTRY, FOR_GOOD + k)), identity) for k in range(6)]
    who = SimpleNamespace(degree=luck[0] < tertiary, trade=luck[4])
    if who.degree:
        ages = [
            age
            for age, share in zip(entry.graduation_ages, entry.graduation_shares, strict=True)
            for _ in range(round(share * 100))
        ]
        season = "July" if luck[2] < entry.july else "September" if luck[2] >= 1 - entry.september else "August"
        born_in = birth - birth % 12
        who.event = born_in + 12 * ages[int(luck[1] * 100)] + {"July": 6, "August": 7, "September": 8}[season]
        who.education = Education.BACHELOR if luck[3] < entry.bachelor_share else Education.VOCATIONAL_COLLEGE
    else:
        who.event = birth + 12 * 16 + 1 + int(luck[1] * 12 * (entry.young_by - 16))
        who.education = Education.SECONDARY if luck[3] < entry.secondary_share else Education.NONE
    who.studies = who.event > month
    who.searches = who.degree and luck[5] < entry.searching_students
    return who


def test_a_cohort_lives_as_each_person_would_alone() -> None:
    """`draw_cohort` for thousands equals the plan of each person by itself: school, degree, trade, dates."""
    market, entry, month, count = busy_market(1500, end="2018-01"), rules(), 30, 3000
    people = People.empty(count)
    people.count = count
    draw = np.random.default_rng(4)
    people.identity[:] = draw.permutation(count) + 5000
    people.birth[:] = month - draw.integers(16 * 12, 25 * 12, count)
    tertiary = draw.random(count)
    draw_cohort(people, np.arange(count), tertiary, month, entry, market.exogenous.trades, seed=8)
    for i in range(count):
        who = slow_life(int(people.identity[i]), int(people.birth[i]), tertiary[i], month, entry, 8)
        assert people.event[i] == who.event
        assert people.education[i] == who.education
        assert people.status[i] == (Status.STUDENT if who.studies else Status.GONE)
        assert people.graduated[i] == (who.event if who.degree and not who.studies else NEVER)
        assert bool(people.flags[i] & Flag.SEARCHING_STUDENT) == who.searches
        trade = min(bisect_left(market.exogenous.trades.cumulative[who.education].tolist(), who.trade), 10**6)
        assert people.occupation[i] == trade
        assert bool(people.flags[i] & Flag.STEM) == bool(market.exogenous.trades.stem[trade])
    assert len(set(people.occupation.tolist())) > 10


def test_retirement_and_departure_of_many_are_those_of_one() -> None:
    """Dates of many equal the rule for one; the phased rise of the retirement age reaches those due from 2025 on."""
    entry, key, draw = rules(), draw_key(2, Purpose.RETIREMENT, 0), np.random.default_rng(1)
    people = People.empty(500)
    people.identity[:], people.birth[:] = draw.integers(0, 2**32, 500), draw.integers(-900, -100, 500)
    people.civil[:], people.education[:] = draw.integers(0, 7, 500), draw.integers(0, 5, 500)
    identity, birth = people.identity, people.birth
    retires = retirement_months(key, people.arrays(), 500, LAST, entry)
    departs = departure_months(key, identity, birth, 20)
    for i in range(500):
        who = SimpleNamespace(
            **{name: int(getattr(people, name)[i]) for name in ("identity", "birth", "civil", "education")}
        )
        assert retires[i] == slow_retirement(int(key), who, LAST, entry)
        assert departs[i] == slow_departure(int(key), who, 20)
    assert ((retires - birth) / 12 >= 50).all()
    assert ((retires - birth) / 12 < 69).all()


def test_a_person_asks_through_a_view_for_what_the_search_demands() -> None:
    """The Mesa view's reservation pay is the bar that the compiled search sets for the same person."""
    market = LabourMarket(scenario(2000, "2018-03"), rng=3)
    market.step()
    search, p = market.search_rules, market.people
    bars = {}
    for row in np.flatnonzero(p.status[: p.count] == Status.UNEMPLOYED).tolist():
        who = SimpleNamespace(**{name: getattr(p, name)[row].item() for name in ("pay", "home", "since", "identity")})
        bars[who.identity] = slow_asks(who, market.month - who.since, search)
    seekers = [agent for agent in market.agents.select(lambda a: isinstance(a, Person)) if agent.unique_id in bars]
    assert len(seekers) == len(bars) > 20
    for agent in seekers:
        assert agent.reservation_pay == pytest.approx(bars[agent.unique_id], rel=1e-6)


def test_wages_of_views_are_the_rule_for_one() -> None:
    """A view's wage is pay times the wage level times the age profile; the reading for all is the same numbers."""
    market = LabourMarket(scenario(1500, "2018-02"), rng=3)
    market.step()
    persons = market.agents.select(lambda a: isinstance(a, Person) and a.employed)
    for agent in list(persons)[::10]:
        expected = agent.pay * market.wage_level * rule("age_profile")(agent.age)
        assert agent.wage == pytest.approx(expected, rel=1e-9)
    median = market.table()["median_wage"][-1]
    assert np.median([agent.wage for agent in persons]) == pytest.approx(median, rel=1 / 64 + 0.01)
