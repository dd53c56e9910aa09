"""A past lived once: a fork goes on exactly as a market that lived all of it by itself."""

from __future__ import annotations

import numpy as np
import pytest
from engine_cases import run, same, scenario

from model.market import Market
from model.schedule import month_index

END, PERSONS = "2019-12", 2500
#: Reforms from 2019-01 on, each through another part of the market.
REFORMS: list[dict[str, object]] = [
    {"visa.annual_quota": {"2019-01": 3_000_000}, "visa.h1b_diversion": {"2019-01": 1}},
    {"layoffs.extra_rate.all": {"2019-01": 0.03}},
    {"property.credit_limit": {"2019-01": 1}, "property.government_purchases": {"2019-06": 5_000_000}},
    {"hiring.openings_scale.tech": {"2019-02": 0}},
]


@pytest.fixture(scope="module")
def past() -> Market:
    """A market at the end of 2018."""
    market = Market(scenario(PERSONS, END), 6)
    while market.month < month_index("2018-12"):
        market.advance()
    return market


def lived(market: Market) -> Market:
    while market.month < market.last_month:
        market.advance()
    return market


@pytest.mark.parametrize("reform", REFORMS, ids=lambda reform: next(iter(reform)))
def test_a_fork_equals_a_whole_life(past: Market, reform: dict[str, object]) -> None:
    """Every month, the shared past included, has equal bytes; the reform does something."""
    asked = scenario(PERSONS, END, reform)
    forked = lived(past.fork(asked)).table()
    assert same(run(asked, 6), forked)
    assert not same(run(scenario(PERSONS, END), 6), forked)


def test_forks_leave_the_past_alone(past: Market) -> None:
    """Whatever forks do, the market that they left goes on as if nobody had."""
    before = past.people.status.copy(), past.firms.headcount.copy(), len(past.rows)
    lived(past.fork(scenario(PERSONS, END, REFORMS[1])))
    assert np.array_equal(before[0], past.people.status)
    assert np.array_equal(before[1], past.firms.headcount)
    assert before[2] == len(past.rows)
    assert same(run(scenario(PERSONS, END), 6), lived(past.fork()).table())


def test_copies_share_what_never_changes(past: Market) -> None:
    """The months recorded so far, which nobody can write to, and what a moved scenario gives."""
    reformed, again = (past.fork(scenario(PERSONS, END, REFORMS[1])) for _ in range(2))
    assert reformed.exogenous is again.exogenous is not past.exogenous
    assert all(mine is theirs for mine, theirs in zip(again.rows, past.rows, strict=True))
    with pytest.raises(TypeError):
        past.rows[0]["employed"] = 0.0  # type: ignore[index]


@pytest.mark.parametrize(
    "changed",
    [{"layoffs.protection": {"2018-12": 0.5}}, {"parameters.slack": 0.01}, {"population": 3000}, {"start": "2018-02"}],
)
def test_another_past_is_refused(past: Market, changed: dict[str, object]) -> None:
    """A scenario that differs in a month already lived, or in a number of all months, cannot share the past."""
    with pytest.raises(ValueError, match="past"):
        past.fork(scenario(PERSONS, END).with_values(changed))
