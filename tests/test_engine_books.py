"""The books hold whatever a scenario asks for, and a book that is made wrong stops the run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from engine_cases import busy_market, scenario
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.columns import FirmKind, Flag, Status
from model.accounting import AccountingError, check_books
from model.market import Market
from model.mechanisms.property import PROPERTY
from model.parameters import Parameter
from model.specification import in_force

#: Structural numbers are drawn too, but for the number of firms, which would only cost time.
DRAWN = [
    p for p in in_force().parameters
    if not isinstance(p.default, str) and "firms_" not in p.path and p.path != "property.developers"
]  # fmt: skip


def a_value(parameter: Parameter) -> st.SearchStrategy[object]:
    """Any value within the declared bounds, the bounds themselves included."""
    if parameter.switch:
        return st.booleans()
    if parameter.whole:
        return st.integers(int(parameter.low), int(parameter.high))
    inside = st.floats(parameter.low, parameter.high, allow_subnormal=False)
    return st.one_of(st.just(float(parameter.low)), st.just(float(parameter.high)), inside)


@st.composite
def overrides(draw: st.DrawFn) -> dict[str, object]:
    """Some levers and structural numbers at any value; some levers change during the run."""
    chosen = draw(st.lists(st.sampled_from(in_force().levers), min_size=3, max_size=8, unique_by=lambda p: p.path))
    chosen += draw(st.lists(st.sampled_from(DRAWN), max_size=6, unique_by=lambda p: p.path))
    values: dict[str, object] = {}
    for parameter in chosen:
        path = parameter.path.replace(".SECTOR", draw(st.sampled_from([".all", ".tech", ".manufacturing"])))
        value = draw(a_value(parameter))
        if parameter.takes_dates and draw(st.booleans()):
            value = {"2018-01": value, draw(st.sampled_from(["2018-02", "2018-07"])): draw(a_value(parameter))}
        values[path] = value
    return values


def recount(market: Market) -> None:
    """Count everything anew, from persons and posts alone."""
    p, n, firms = market.people, market.people.count, market.firms
    works = p.status[:n] == Status.EMPLOYED
    assert (p.employer[:n][works] >= 0).all()
    assert np.array_equal(np.bincount(p.employer[:n][works], minlength=len(firms)), firms.headcount)
    ordinary = works & ((p.flags[:n] & Flag.GIG) == 0)
    groups = np.bincount(firms.group[p.employer[:n][ordinary]], minlength=len(market.groups))
    assert np.array_equal(groups, market.groups.employed)
    open_posts = market.vacancies.firm[: market.vacancies.count]
    open_posts = open_posts[open_posts >= 0]
    assert np.array_equal(np.bincount(open_posts, minlength=len(firms)), firms.vacancies)
    assert np.array_equal(np.bincount(firms.group[open_posts], minlength=len(market.groups)), market.groups.vacancies)
    living = p.status[:n] != Status.GONE
    assert len(np.unique(p.identity[:n][living])) == living.sum(), "two persons with one identity"
    assert sorted(market._free) == np.flatnonzero(~living).tolist()
    idle = ~works & ((p.flags[:n] & Flag.OFFER) == 0)
    assert (p.employer[:n][idle] == -1).all(), "somebody without a job or an offer has an employer"
    assert (p.since[:n][living] <= market.month).all()
    settled = living & (p.since[:n] < market.month)  # who arrived this month may be due for retirement at once
    assert (p.event[:n][settled] > market.month).all(), "a dated change was missed"
    assert (p.pay[:n][living] > 0).all()
    assert np.isfinite(p.pay[:n]).all()


@settings(max_examples=25)
@given(values=overrides(), population=st.integers(1500, 4000), seed=st.integers(0, 2**63 - 1))
def test_the_books_hold_in_any_scenario(values: dict[str, object], population: int, seed: int) -> None:
    """Any values within the declared bounds: identities hold each month, and a recount agrees at the end."""
    market = Market(scenario(population, "2018-12", values), seed)
    while market.month < market.last_month:
        market.advance()
    recount(market)
    table = market.table()
    employed, unemployed = table["employed"], table["unemployed"]
    np.testing.assert_allclose(employed + unemployed, table["labour_force"], rtol=1e-12)
    for name, values_ in table.items():
        if name.startswith("unemployment_rate") or name.endswith("_share"):
            known = values_[np.isfinite(values_)]
            assert ((known >= 0) & (known <= 1)).all(), name


def test_the_busiest_market_recounts_every_month() -> None:
    """All levers pulled: the recount from persons agrees with the books in each of 21 months."""
    market, most = busy_market(3000), 0
    while market.month < market.last_month:
        market.advance()
        recount(market)
        most = max(most, market.stocks.foreign)
    assert most > 0


def _lose_a_job(market: Market) -> None:
    market.firms.headcount[np.argmax(market.firms.headcount)] -= 1


def _find_a_job(market: Market) -> None:
    market.groups.employed[0] += 1


def _forget_a_post(market: Market) -> None:
    market.groups.vacancies[np.argmax(market.groups.vacancies)] -= 1


def _double_a_post(market: Market) -> None:
    open_posts = market.vacancies.firm[: market.vacancies.count]
    open_posts[np.argmax(open_posts >= 0)] = -1


def _miscount_the_unemployed(market: Market) -> None:
    market.stocks.unemployed += 1


def _lose_a_person(market: Market) -> None:
    market.stocks.inactive -= 1


def _negative_staff(market: Market) -> None:
    market.firms.headcount[0] = -1
    market.firms.headcount[1] += market.stocks.employed - market.firms.headcount.sum()


def _too_many_arrivals(market: Market) -> None:
    market.flows.k_visa_arrivals = 10**6


BREAKS: dict[Callable[[Market], None], str] = {
    _lose_a_job: "firms' staff and people employed differ",
    _find_a_job: "jobs by group, gig work and people employed differ",
    _forget_a_post: "open posts by group and the list of vacancies differ",
    _double_a_post: "open posts by group and the list of vacancies differ",
    _miscount_the_unemployed: "employed and unemployed, and the labour force differ",
    _lose_a_person: "people by status and rows in use differ",
    _negative_staff: "negative staff",
    _too_many_arrivals: "more K-visa arrivals than the quota",
}


@pytest.mark.parametrize("broken", BREAKS, ids=lambda f: f.__name__)
def test_a_broken_book_stops_the_run(broken: Callable[[Market], None]) -> None:
    """Each identity notices one person, post or home too many, names itself, and says where it happened."""
    market = busy_market(1500, end="2018-03")
    market.advance()
    check_books(market)
    broken(market)
    with pytest.raises(AccountingError, match=BREAKS[broken]) as error:
        check_books(market)
    assert "baseline, seed 3, 2018-01" in str(error.value)


def test_homes_from_nowhere_stop_the_run() -> None:
    """Homes are balanced against the month's flows, so what appears between two months is found in the next."""
    market = busy_market(1500, end="2018-12")
    market.advance()
    PROPERTY.of(market).columns.unsold_finished[0] += 1e-3
    with pytest.raises(AccountingError, match="homes or developers' money do not add up"):
        market.advance()


def test_a_phase_that_miscounts_is_caught_in_the_month_it_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    """The books are closed every month of a run, not only when somebody asks."""
    market = busy_market(1500, end="2018-12")
    market.advance()
    month = market.month

    def miscount(*, headcount: Any, **_: Any) -> None:
        headcount[0] += 1

    monkeypatch.setattr("model.mechanisms.matching.hiring.fill_posts", miscount)
    with pytest.raises(AccountingError):
        market.advance()
    assert market.month == month + 1


def test_the_firms_of_a_market_are_of_all_kinds() -> None:
    """The recount above covers technology firms, developers and others."""
    assert set(busy_market(1500, end="2018-01").firms.kind.tolist()) == {int(kind) for kind in FirmKind}
