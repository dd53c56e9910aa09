"""Nothing that is not finite reaches compiled code: the market says what is not, and where it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from model.accounting import AccountingError
from model.country.china import CHINA
from model.finite import NotFiniteError, demand_finite
from model.job_graph.graph import Reach, job_graph, moves_between, reach
from model.market import Market
from model.mechanisms.property import PROPERTY
from model.mechanisms.wages import WAGES
from model.mechanisms.wealth import WEALTH
from model.scenario.scenario import load_scenario

SCENARIO = load_scenario("scenarios/baseline.yaml", {"population": 1000, "end": "2018-03"})
WRONG = [np.nan, np.inf, -np.inf]


@pytest.mark.parametrize("value", WRONG)
def test_the_first_number_that_is_not_finite_is_named(value: float) -> None:
    table = np.ones((3, 4))
    demand_finite("here", table=table, number=1.0)
    table[1, 2] = value
    with pytest.raises(NotFiniteError, match="here: pay of cooks is not a finite number at 1, 2"):
        demand_finite("here", fine=np.zeros(2), pay_of_cooks=table)
    with pytest.raises(NotFiniteError, match="here: number is not a finite number"):
        demand_finite("here", number=value)


def test_infinities_that_cancel_out_are_found() -> None:
    with pytest.raises(NotFiniteError), np.errstate(invalid="ignore"):
        demand_finite("here", both=np.array([np.inf, -np.inf]))


@pytest.mark.parametrize("value", [*WRONG, 0.0])
def test_a_graph_made_in_python_is_judged_before_it_is_used(value: float) -> None:
    """Weights that are not finite, or that all are 0, never become chances."""
    ids = CHINA.structure.occupations.ids
    graph = job_graph(moves_between("", CHINA.structure, CHINA), ids)
    for target in graph["cook"]:
        graph["cook"][target]["weight"] = value
    with pytest.raises(NotFiniteError, match="the job graph: ease"), np.errstate(all="ignore"):
        reach(graph)


def test_arrays_of_a_graph_have_to_be_chances_to_go_somewhere() -> None:
    one, ways = np.ones((1, 1)), np.zeros((1, 1), np.int64)
    Reach(ways, one, np.ones(1, np.int64))
    with pytest.raises(ValueError, match="do not add up to 1"):
        Reach(ways, one / 2, np.ones(1, np.int64))
    with pytest.raises(ValueError, match="an occupation that is not there"):
        Reach(ways + 1, one, np.ones(1, np.int64))


@pytest.mark.parametrize("value", WRONG)
def test_a_structure_made_in_python_is_judged_before_it_is_used(value: float) -> None:
    known = CHINA.structure
    shares = known.shares.copy()
    shares[3, 5] = value
    with pytest.raises(NotFiniteError, match="shares is not a finite number at 3, 5"), np.errstate(invalid="ignore"):
        replace(known, shares=shares)
    with pytest.raises(ValueError, match="'astronaut'"):
        Market(SCENARIO, 1, structure=replace(known, moves=(("cook", "astronaut", 1.0),)))


def spoil_offers(market: Market) -> None:
    WAGES.of(market).by_occupation[7] = np.nan


def spoil_target(market: Market) -> None:
    market.groups.posting[2] = np.inf


def spoil_layoffs(market: Market) -> None:
    market.groups.layoff_weight[1] = np.nan


def spoil_confidence(market: Market) -> None:
    WEALTH.of(market).confidence = np.nan


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (spoil_offers, "what firms want is not a finite number at 0"),
        (spoil_target, "openings carried over is not a finite number at 2"),
        (spoil_layoffs, "weights is not a finite number at 1"),
        (spoil_confidence, "confidence is not a finite number"),
    ],
)
def test_a_month_that_made_such_a_number_ends_with_its_name(spoil: Callable[[Market], None], words: str) -> None:
    market = Market(SCENARIO, 1)
    spoil(market)
    with pytest.raises(NotFiniteError, match=f"baseline, seed 1, 2018-01: {words}"):
        market.advance()


@pytest.mark.parametrize("entry", [0, 5, 9])
def test_books_with_a_number_that_is_none_do_not_add_up(entry: int) -> None:
    market = Market(SCENARIO, 1)
    market.advance()
    PROPERTY.of(market).ledger[entry] = np.nan
    with pytest.raises(AccountingError, match="do not add up"):
        market.books[0](market)
