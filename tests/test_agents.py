"""Agents as views of rows: classes, properties and sets, on a small market made up by hand."""

from __future__ import annotations

import copy
import pickle
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from agents import (
    AGENT_TYPES,
    Firm,
    GoneError,
    Graduate,
    KVisaHolder,
    OtherFirm,
    Over35Worker,
    Person,
    PropertyDeveloper,
    TechFirm,
    Worker,
    agents_by_type,
    all_agents,
)
from agents.built_in import BUILT_IN
from agents.columns import NEVER, NOBODY, Education, Firms, Flag, People, Status
from agents.decisions import age_profile
from agents.developer_columns import CNY_PER_UNIT, HOMES_PER_UNIT, empty_developers
from agents.people import PERSON_CLASSES
from agents.row_view import Column

POPULATION, FIRMS, MONTH = 600, 30, 100
OCCUPATIONS, SECTORS = ("programmer", "builder", "courier"), ("tech", "property", "services")


class MadeUpMarket(SimpleNamespace):
    """Columns filled at random, with nothing that makes a month."""

    kinds = BUILT_IN

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other


def made_up_market(seed: int = 1) -> MadeUpMarket:
    draw = np.random.default_rng(seed)
    people, firms, developers = People.empty(POPULATION + 50), Firms.empty(FIRMS), empty_developers(10)
    people.count = POPULATION
    rows = slice(0, POPULATION)
    people.identity[rows] = draw.permutation(POPULATION) + 1000
    people.birth[rows] = MONTH - draw.integers(16 * 12, 80 * 12, POPULATION)
    people.birth[0] = MONTH - 35 * 12
    people.since[rows] = MONTH - draw.integers(0, 60, POPULATION)
    people.status[rows] = draw.choice([int(status) for status in Status], POPULATION)
    people.education[rows] = draw.integers(0, 5, POPULATION)
    degree = (people.education >= Education.VOCATIONAL_COLLEGE) & (draw.random(len(people.education)) < 0.6)
    people.graduated[:] = np.where(degree, MONTH - draw.integers(0, 48, len(degree)), NEVER)
    people.flags[rows] = draw.integers(0, 64, POPULATION) & ~np.where(draw.random(POPULATION) < 0.7, Flag.FOREIGN, 0)
    people.occupation[rows] = draw.integers(0, 3, POPULATION)
    works = people.status == Status.EMPLOYED
    people.employer[:] = np.where(works, draw.integers(0, FIRMS, len(works)), NOBODY)
    offered = (people.status == Status.STUDENT) & ((people.flags & Flag.OFFER) != 0)
    people.employer[offered] = 3
    people.pay[rows] = draw.lognormal(8.5, 0.5, POPULATION)
    people.home[rows] = draw.lognormal(6, 1, POPULATION)
    firms.kind[:] = np.repeat([0, 1, 2], 10)
    firms.sector[:] = firms.kind
    firms.developer[:] = np.where(firms.kind == 1, np.arange(FIRMS) - 10, -1)
    firms.headcount[:] = np.bincount(people.employer[works], minlength=FIRMS)
    firms.target[:] = draw.random(FIRMS) * 20
    firms.vacancies[:] = draw.integers(0, 9, FIRMS)
    for name in ("debt", "cash", "unsold_building", "unsold_finished", "starts"):
        getattr(developers, name)[:] = draw.random(10)
    developers.defaulted[2] = 44
    return MadeUpMarket(
        people=people,
        firms=firms,
        developers=developers,
        month=MONTH,
        wage_level=1.3,
        occupation_ids=OCCUPATIONS,
        sector_ids=SECTORS,
        random=random.Random(7),  # noqa: S311 steps=1,
        search_rules=SimpleNamespace(share=0.7, decay=0.01, house_price=1.0, wealth=0.0),
    )


@pytest.fixture
def market() -> MadeUpMarket:
    return made_up_market()


@pytest.fixture
def persons(market: MadeUpMarket) -> Any:
    return all_agents(market).select(agent_type=Person)


def class_by_hand(market: MadeUpMarket, row: int) -> type:
    """The contract's words: the first that fits."""
    p = market.people
    months = MONTH - int(p.graduated[row])
    if p.flags[row] & Flag.FOREIGN:
        return KVisaHolder
    if p.education[row] >= Education.VOCATIONAL_COLLEGE and p.graduated[row] != NEVER and months <= 24:
        return Graduate
    return Over35Worker if MONTH - int(p.birth[row]) >= 35 * 12 else Worker


# --- classes --------------------------------------------------------------------------------------------------------


def test_every_class_has_the_members_that_a_slow_loop_finds(market: MadeUpMarket) -> None:
    expected: dict[type, list[int]] = {cls: [] for cls in PERSON_CLASSES}
    for row in range(POPULATION):
        if market.people.status[row] != Status.GONE:
            expected[class_by_hand(market, row)].append(row)
    assert all(expected.values()), "the made-up market has someone of each class"
    for cls, rows in expected.items():
        members = list(agents_by_type(market)[cls])
        assert [member.row for member in members] == rows
        assert all(type(member) is cls for member in members)


def test_everyone_has_exactly_one_class(market: MadeUpMarket) -> None:
    sets = agents_by_type(market)
    ids = [agent.unique_id for cls in sets for agent in sets[cls]]
    assert len(ids) == len(set(ids)) == len(all_agents(market))
    assert sorted(ids) == sorted(all_agents(market).get("unique_id"))


def test_firms_are_of_their_kind(market: MadeUpMarket) -> None:
    for kind, cls in enumerate((TechFirm, PropertyDeveloper, OtherFirm)):
        assert [firm.row for firm in agents_by_type(market)[cls]] == list(range(10 * kind, 10 * kind + 10))


def test_the_boundary_cases_of_the_classes(market: MadeUpMarket) -> None:
    p = market.people
    p.status[:3], p.flags[:3], p.education[:3] = Status.EMPLOYED, 0, Education.BACHELOR
    p.graduated[:3] = NEVER, MONTH - 24, MONTH - 25
    p.birth[:3] = MONTH - 35 * 12, MONTH - 40 * 12, MONTH - 35 * 12 + 1
    assert [type(agent) for agent in all_agents(market)[:3]] == [Over35Worker, Graduate, Worker]


def test_types_without_members_are_there_and_unknown_ones_are_not(market: MadeUpMarket) -> None:
    market.people.flags[:] = 0
    assert len(agents_by_type(market)[KVisaHolder]) == 0
    assert list(agents_by_type(market)) == list(AGENT_TYPES)
    with pytest.raises(KeyError, match="agent_type"):
        agents_by_type(market)[Person]


# --- properties -----------------------------------------------------------------------------------------------------


def test_views_say_what_the_columns_say(market: MadeUpMarket, persons: Any) -> None:
    p = market.people
    for person in persons:
        i = person.row
        status = Status(p.status[i])
        searching = status is Status.STUDENT and bool(p.flags[i] & Flag.SEARCHING_STUDENT)
        assert person.unique_id == p.identity[i]
        assert person.age == (MONTH - int(p.birth[i])) / 12
        assert person.status == status.name.lower()
        assert person.employed is (status is Status.EMPLOYED)
        assert person.unemployed is (status is Status.UNEMPLOYED or searching)
        assert person.in_labour_force is (person.employed or person.unemployed)
        wage = float(p.pay[i]) * 1.3 * age_profile(person.age) if person.employed else 0.0
        assert person.wage == pytest.approx(wage, rel=1e-12)
        assert person.tenure == (MONTH - int(p.since[i]) if person.employed else 0)
        assert person.spell == (MONTH - int(p.since[i]) if status is Status.UNEMPLOYED else 0)
        assert person.education == Education(p.education[i]).name.lower()
        assert person.occupation == OCCUPATIONS[p.occupation[i]]
        assert person.foreign is bool(p.flags[i] & Flag.FOREIGN)
        assert person.graduated == (None if p.graduated[i] == NEVER else int(p.graduated[i]))
        assert person.home_wealth == float(p.home[i]) * 1000
        employer = person.employer
        assert (employer is None) is not person.employed
        if employer is not None:
            assert employer.row == p.employer[i]
            assert person in employer.staff


def test_values_are_plain_python(persons: Any) -> None:
    expected = {"age": float, "employed": bool, "tenure": int, "status": str, "unique_id": int, "pay": float}
    assert {name: type(getattr(persons[0], name)) for name in expected} == expected


def test_a_student_with_an_offer_is_not_yet_staff(persons: Any) -> None:
    waiting = [person for person in persons if person.offer_from is not None]
    assert waiting
    assert all(person.employer is None and person not in person.offer_from.staff for person in waiting)


def test_seekers_ask_for_a_share_of_their_last_pay(persons: Any) -> None:
    for person in persons.pick(persons.column("spell") > 0):
        share = 0.7 if person.home_wealth > 0 else 0.7 * 0.8  # who owns no home asks for a fifth less
        assert person.reservation_pay == pytest.approx(share * person.pay * np.exp(-0.01 * person.spell))
    assert {p.reservation_pay for p in persons if p.status == "retired"} == {0.0}


def test_firms_say_what_the_columns_say(market: MadeUpMarket) -> None:
    for firm in all_agents(market).select(agent_type=Firm):
        i = firm.row
        assert (firm.headcount, firm.vacancies) == (market.firms.headcount[i], market.firms.vacancies[i])
        assert (firm.target, firm.sector) == (market.firms.target[i], SECTORS[market.firms.sector[i]])
        assert firm.unique_id == 2**32 + i
        assert len(firm.staff) == firm.headcount
        assert all(person.employer == firm for person in firm.staff)


def test_developers_speak_cny_and_homes(market: MadeUpMarket) -> None:
    own = market.developers
    for k, firm in enumerate(agents_by_type(market)[PropertyDeveloper]):
        assert firm.debt == own.debt[k] * CNY_PER_UNIT
        assert firm.cash == own.cash[k] * CNY_PER_UNIT
        assert firm.unsold_homes == (own.unsold_building[k] + own.unsold_finished[k]) * HOMES_PER_UNIT
        assert firm.starts == own.starts[k] * HOMES_PER_UNIT
        assert (firm.defaulted, firm.default_month) == ((True, 44) if k == 2 else (False, None))
    with pytest.raises(AttributeError):
        _ = agents_by_type(market)[TechFirm][0].debt


def test_views_of_the_same_agent_are_equal(persons: Any) -> None:
    other = made_up_market()
    assert persons[3] == persons[3]
    assert len({persons[3], persons[3], persons[4]}) == 2
    assert persons[3] != all_agents(other)[3]
    assert persons[0].employer is None or persons[0] != persons[0].employer


# --- people who are gone --------------------------------------------------------------------------------------------


def test_a_view_does_not_become_somebody_else(market: MadeUpMarket, persons: Any) -> None:
    person = persons[0]
    assert not person.gone
    market.people.identity[person.row] = 99_999
    assert person.gone
    assert person.unique_id != 99_999
    with pytest.raises(GoneError, match="has left the market"):
        _ = person.age
    with pytest.raises(GoneError):
        person.pay = 1
    assert person not in persons
    assert "gone" in repr(person)


def test_those_who_leave_drop_out_of_a_set_that_is_kept(market: MadeUpMarket, persons: Any) -> None:
    first, second, before = persons[0], persons[1], len(persons)
    market.people.status[first.row] = Status.GONE
    market.people.identity[second.row] = 99_999
    market.month += 1
    assert len(persons) == before - 2
    assert 99_999 not in persons.get("unique_id")
    assert len(all_agents(market).select(agent_type=Person)) == before - 1


# --- setting --------------------------------------------------------------------------------------------------------


def test_what_nothing_is_counted_from_can_be_set(market: MadeUpMarket, persons: Any) -> None:
    person = persons[0]
    person.pay, person.home_wealth, person.education, person.stem = 5000.0, 2e6, "master", True
    assert (person.pay, person.home_wealth, person.education, person.stem) == (5000.0, 2e6, "master", True)
    person.stem = False
    assert person.stem is False
    persons.set("pay", 4000.0)
    assert set(persons.get("pay")) == {4000.0}
    firm = agents_by_type(market)[TechFirm][0]
    firm.age_rule = 0.0
    assert market.firms.age_rule[0] == 0.0


@pytest.mark.parametrize("name", ["wage", "employed", "age", "status", "unique_id", "occupation"])
def test_what_the_model_decides_cannot_be_set(persons: Any, name: str) -> None:
    with pytest.raises(AttributeError, match="decided by the model"):
        setattr(persons[0], name, 1)
    with pytest.raises(AttributeError, match="decided by the model"):
        persons.set(name, 1)


def test_nothing_is_lost_quietly(persons: Any) -> None:
    with pytest.raises(AttributeError, match="unique_id"):
        persons[0].mood = "good"
    with pytest.raises(AttributeError):
        persons[0].pos = (1, 2)
    with pytest.raises(ValueError, match="pay"):
        persons[0].pay = -1
    with pytest.raises(ValueError, match="bachelor"):
        persons[0].education = "doctor"


def test_what_columns_cannot_do_raises(persons: Any) -> None:
    with pytest.raises(TypeError, match="enters and leaves"):
        persons[0].remove()
    with pytest.raises(TypeError, match=r"market\.step"):
        persons.do("step")
    with pytest.raises(TypeError, match="made by the model"):
        Graduate.create_agents(None, 3)
    with pytest.raises(NotImplementedError, match="to_list"):
        _ = persons._agents


# --- sets: fast paths against slow ones -----------------------------------------------------------------------------


def columns_of(*owners: type) -> list[str]:
    return sorted({name for owner in owners for name in dir(owner) if isinstance(getattr(owner, name), Column)})


@pytest.mark.parametrize("owner", [Person, Firm, PropertyDeveloper])
def test_columns_equal_views(market: MadeUpMarket, owner: type) -> None:
    members = all_agents(market).select(agent_type=owner)
    names = columns_of(owner)
    assert len(names) >= 8
    slow = {name: [getattr(agent, name) for agent in members] for name in names}
    for name in names:
        assert members.get(name) == slow[name]
        assert members.get("unique_id") == [agent.unique_id for agent in members]
    assert members.get(names) == [list(values) for values in zip(*slow.values(), strict=True)]


@pytest.mark.parametrize("name", ["wage", "age", "employed", "tenure", "pay", "unique_id"])
def test_aggregates_equal_those_of_views(persons: Any, name: str) -> None:
    slow = [getattr(person, name) for person in persons]
    functions = [sum, min, max, len, np.mean, np.std, np.median, lambda values: sorted(values)[:3]]
    for function, value in zip(functions, persons.agg(name, functions), strict=True):
        assert value == pytest.approx(function(slow), rel=1e-12)
        assert persons.agg(name, function) == pytest.approx(function(slow), rel=1e-12)
    assert type(persons.agg("employed", sum)) is int


def test_words_aggregate_too(persons: Any) -> None:
    assert persons.agg("occupation", Counter) == Counter(person.occupation for person in persons)


def test_aggregates_of_nobody(persons: Any) -> None:
    nobody = persons.select(lambda _: False)
    assert (nobody.agg("wage", sum), nobody.agg("debt", len), nobody.get(["age", "wage"])) == (0, 0, [])
    assert list(nobody.column("debt")) == []
    with pytest.raises(ValueError, match="empty"):
        nobody.agg("wage", min)


def test_mixed_sets_read_what_all_have(market: MadeUpMarket) -> None:
    everyone = all_agents(market)
    assert everyone.get("unique_id") == [agent.unique_id for agent in everyone]
    with pytest.raises(AttributeError):
        everyone.get("headcount")
    assert everyone.get("headcount", "default", -1)[0] == -1
    assert sum(everyone.get("headcount", handle_missing="default", default_value=0)) == market.firms.headcount.sum()
    with pytest.raises(ValueError, match="handle_missing"):
        everyone.get("age", "whatever")
    with pytest.raises(AttributeError, match="not a column"):
        everyone.column("age")


@pytest.mark.parametrize("by", ["status", "employed", "employer", "occupation", "tenure", lambda one: one.age // 10])
def test_groups_equal_those_of_a_slow_loop(persons: Any, by: Any) -> None:
    groups = persons.groupby(by)
    slow: dict[Any, list[Any]] = {}
    for person in persons:
        slow.setdefault(getattr(person, by) if isinstance(by, str) else by(person), []).append(person)
    assert [(key, list(group)) for key, group in groups] == list(slow.items())
    assert groups.count() == {key: len(members) for key, members in slow.items()}
    lists = persons.groupby(by, result_type="list")
    assert lists.groups == slow
    wages = {key: pytest.approx(np.mean([p.wage for p in members])) for key, members in slow.items()}
    assert groups.agg("wage", np.mean) == lists.agg("wage", np.mean) == wages
    assert groups.map(len) == groups.count() == lists.map(len)
    assert groups.map("agg", "wage", len) == groups.count()
    assert groups.do(lambda group: group.sort("age", inplace=True)) is groups
    assert groups.agg("wage", [len, max])[next(iter(slow))][0] == len(next(iter(slow.values())))


def test_select(persons: Any) -> None:
    everyone = list(persons)
    rich = [person for person in everyone if person.wage > 5000]
    assert list(persons.select(lambda p: p.wage > 5000)) == rich
    assert list(persons.pick(persons.column("wage") > 5000)) == rich
    assert list(persons.select(lambda p: p.wage > 5000, at_most=3)) == rich[:3]
    assert list(persons.select(at_most=0.1)) == everyone[: len(everyone) // 10]
    assert list(persons.select(agent_type=Worker, at_most=2)) == [p for p in everyone if type(p) is Worker][:2]
    assert list(persons.select()) == everyone
    own = persons.select()
    assert own is not persons
    assert own.select(lambda p: p.wage > 5000, inplace=True) is own
    assert list(own) == rich
    asked = []
    persons.select(lambda p: asked.append(p) or True, at_most=2)  # type: ignore[func-returns-value]
    assert len(asked) == 2


@pytest.mark.parametrize("key", ["wage", "status", "employed", lambda person: -person.age])
@pytest.mark.parametrize("ascending", [True, False])
def test_sort(persons: Any, key: Any, ascending: bool) -> None:
    read = key if callable(key) else lambda person: getattr(person, key)
    expected = sorted(persons, key=read, reverse=not ascending)
    assert list(persons.sort(key, ascending=ascending)) == expected
    own = persons.copy()
    assert own.sort(key, ascending=ascending, inplace=True) is own
    assert list(own) == expected


def test_shuffles_are_those_of_the_models_random(market: MadeUpMarket, persons: Any) -> None:
    expected = list(persons)
    random.Random(7).shuffle(expected)  # noqa: S311
    assert list(persons.shuffle()) == expected
    market.random.seed(7)
    met: list[Any] = []
    persons.shuffle_do(met.append)
    assert met == expected
    market.random.seed(7)
    own = persons.copy()
    assert own.shuffle(inplace=True) is own
    assert list(own) == expected


def test_do_and_map(persons: Any) -> None:
    def taxed(person: Person, rate: float, least: float = 0.0) -> float:
        return max(least, person.wage * rate)

    assert persons.map(taxed, 0.1, least=5) == [taxed(person, 0.1, 5) for person in persons]
    met: list[Any] = []
    assert persons.do(met.append) is persons
    assert met == list(persons)
    assert persons.map("__repr__")[0] == repr(persons[0])


def test_positions_and_membership(market: MadeUpMarket, persons: Any) -> None:
    everyone = list(persons)
    assert (persons[0], persons[-1], persons[5:8]) == (everyone[0], everyone[-1], everyone[5:8])
    assert persons.to_list() == everyone
    assert list(reversed(persons)) == everyone[::-1]
    assert persons.index(everyone[7]) == 7
    assert persons.count(everyone[7]) == 1
    with pytest.raises(IndexError):
        persons[len(everyone)]
    graduates = agents_by_type(market)[Graduate]
    assert all((person in graduates) is (type(person) is Graduate) for person in everyone)
    assert agents_by_type(market)[TechFirm][0] not in persons
    assert "anybody" not in persons


def test_set_algebra(market: MadeUpMarket, persons: Any) -> None:
    young, poor = persons.pick(persons.column("age") < 40), persons.pick(persons.column("wage") < 3000)
    a, b = set(young), set(poor)
    assert set(young | poor) == a | b
    assert list(young | poor)[: len(young)] == list(young)
    assert set(young & poor) == a & b
    assert set(young - poor) == a - b
    assert set(young ^ poor) == a ^ b
    assert set(young & list(poor)) == a & b
    assert (young & poor) <= young
    assert young == young.shuffle()
    assert young != poor
    assert not (young - poor).isdisjoint(young)
    firms = agents_by_type(market)[TechFirm]
    assert len(young | firms) == len(young) + 10
    with pytest.raises(TypeError, match="same market"):
        _ = young | all_agents(made_up_market())


def test_only_your_own_sets_can_be_changed(market: MadeUpMarket) -> None:
    graduates = agents_by_type(market)[Graduate]
    someone, worker = graduates[0], agents_by_type(market)[Worker][0]
    for change in (graduates.add, graduates.discard, graduates.remove):
        with pytest.raises(TypeError, match="the model decides"):
            change(someone)
    own = graduates.select()
    own.add(worker)
    own.add(worker)
    assert len(own) == len(graduates) + 1
    assert worker in own
    own.discard(worker)
    own.discard(worker)
    own.remove(someone)
    assert len(own) == len(graduates) - 1
    with pytest.raises(KeyError):
        own.remove(someone)


def test_sets_and_views_copy_and_pickle(market: MadeUpMarket, persons: Any) -> None:
    assert copy.deepcopy(persons[0]) == persons[0], "a data collector's copy is the same agent"
    assert list(copy.deepcopy(persons)) == list(copy.copy(persons)) == list(persons)
    twin, graduates, one = copy.deepcopy([market, agents_by_type(market)[Graduate], persons[0]])
    assert one.model is twin
    assert list(graduates) == list(agents_by_type(twin)[Graduate])
    back = pickle.loads(pickle.dumps(persons))  # noqa: S301  # our own bytes
    assert back.get(["unique_id", "age"]) == persons.get(["unique_id", "age"])


# --- imports --------------------------------------------------------------------------------------------------------


def test_columns_load_neither_mesa_nor_numba() -> None:
    code = "import sys, agents.columns; sys.exit(int('mesa' in sys.modules or 'numba' in sys.modules))"
    root = Path(__file__).resolve().parent.parent
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


def test_unknown_names_are_refused() -> None:
    import agents

    assert {"Graduate", "TechFirm"} <= set(dir(agents))
    with pytest.raises(AttributeError, match="Gradaute"):
        _ = agents.Gradaute
