"""The property market: its readings, identities, levers and targets."""

from __future__ import annotations

import copy
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from agents.developer_columns import CNY_PER_UNIT, HOMES_PER_UNIT
from model.market import Market
from model.mechanisms.property import CONSTANTS
from model.mechanisms.property import month as property_phase
from model.mechanisms.property.market import PropertyMarket, advance_property, open_property_market
from model.scenario.scenario import load_scenario
from model.schedule import monthly
from model.specification import STANDARD

MONTHS = 96
#: Growth of real GDP, per cent (macro_annual.csv gdp_growth_real).
GROWTH = (6.6, 6.0, 2.2, 8.4, 3.0, 5.2, 5.0, 5.0)
INCOME = np.exp(np.cumsum(np.repeat(np.log1p(np.array(GROWTH) / 100) / 12, 12)))
INCOME /= INCOME[0]
CAP = monthly(dict(STANDARD.by_path["property.credit_limit"].default), 0, MONTHS)  # type: ignore[call-overload]
FROM_2022 = np.arange(MONTHS) >= 48
READINGS = ("sales", "starts", "price", "new_price", "activity", "defaults", "foreclosed_listed", "listings_a_year")


def advance(market: PropertyMarket, month: int, cap: float, purchases: float = 0.0, confidence: float = 1.0) -> None:
    advance_property(
        market, month=month, income=float(INCOME[month]), confidence=confidence, credit_limit=cap, purchases=purchases
    )


@cache
def history(
    seed: int, cap: float = 1.0, purchases: float = 0.0, confidence: float = 1.0, **values: float
) -> dict[str, NDArray[np.float64]]:
    """READINGS by month; `cap` scales that of the baseline, purchases and confidence hold from 2022 on."""
    market = open_property_market({f"property.{name}": value for name, value in values.items()}, seed)
    rows = []
    for month in range(MONTHS):
        later = bool(FROM_2022[month])
        advance(market, month, cap * CAP[month], purchases * later, confidence if later else 1.0)
        rows.append([getattr(market, name) for name in READINGS])
    return dict(zip(READINGS, np.array(rows, dtype=float).T, strict=True))


def mean(name: str, months: slice, seeds: int = 8, **change: float) -> float:
    return float(np.mean([history(seed, **change)[name][months].mean() for seed in range(seeds)]))


LAST_YEAR = slice(84, 96)
YEAR_2021 = slice(36, 48)


# --- readings ----------------------------------------------------------------------------------------------------


def test_indices_are_one_in_the_first_month() -> None:
    market = open_property_market({}, 1)
    advance(market, 0, 0.0)
    assert (market.activity, market.sales, market.starts, market.price, market.new_price) == (1, 1, 1, 1, 1)
    assert np.all(market.developer_activity == 1.0)
    assert market.defaults == 0


def test_the_opening_lasts() -> None:
    """Before anything happens the market hardly moves: no jump hides in the opening state."""
    market = open_property_market({}, 1)
    for month in range(3):
        advance(market, month, 0.0)
    for reading in (market.activity, market.sales, market.price, market.new_price):
        assert reading == pytest.approx(1.0, abs=0.02)


def test_display_units() -> None:
    market = open_property_market({}, 1)
    unsold = market.columns.unsold_building + market.columns.unsold_finished
    assert unsold.sum() * HOMES_PER_UNIT == pytest.approx(11 * 1.25e6)
    assert 1e13 < market.columns.debt.sum() * CNY_PER_UNIT < 3e13  # developers owed about 10 to 20 trillion CNY
    assert market.foreclosed_listed == pytest.approx(0.4e6 * 14 / 12)


def test_declared_numbers_lie_in_their_ranges() -> None:
    assert len({parameter.path for parameter in CONSTANTS}) == len(CONSTANTS)
    for parameter in CONSTANTS:
        assert isinstance(parameter.default, int | float)
        assert parameter.low <= parameter.default <= parameter.high
        assert parameter.source
        assert not parameter.dated


# --- identities and luck -----------------------------------------------------------------------------------------

RANGES = st.fixed_dictionaries({p.path: st.floats(p.low, p.high) for p in CONSTANTS if p.path != "property.developers"})


@settings(deadline=None, max_examples=40)
@given(
    RANGES,
    st.integers(0, 2**62),
    st.lists(st.floats(0, 1), min_size=8, max_size=8),
    st.floats(0, 2e7),
    st.floats(0.3, 1.5),
)
def test_every_home_and_yuan_is_accounted_for(
    values: dict[str, float], seed: int, caps: list[float], purchases: float, confidence: float
) -> None:
    market = open_property_market({**values, "property.developers": 60}, seed)
    for month in range(MONTHS):
        advance(market, month, caps[month // 12], purchases * (month % 5 > 2), confidence)
        assert market.largest_violation() < 1e-9
        assert 0.0 <= market.stalled_share <= 1.0
        assert market.price > 0.0
        assert np.isfinite([market.sales, market.starts, market.activity, market.months_of_supply]).all()


def test_a_lost_home_is_found() -> None:
    market = open_property_market({}, 1)
    advance(market, 0, 0.0)
    market.columns.presold[3] -= 1e-4
    advance(market, 1, 0.0)
    assert market.homes_gap() > 1e-6


def test_a_lost_yuan_is_found() -> None:
    market = open_property_market({}, 1)
    market.columns.debt[3] += 1e-4
    advance(market, 0, 0.0)
    assert market.money_gap() > 1e-6


def test_the_seed_alone_decides() -> None:
    history.cache_clear()
    first = history(3)
    history.cache_clear()
    again, other = history(3), history(4)
    for name in READINGS:
        assert np.array_equal(first[name], again[name])
    assert not np.array_equal(first["sales"], other["sales"])


def test_a_copy_goes_on_alike() -> None:
    market = open_property_market({}, 5)
    for month in range(40):
        advance(market, month, float(CAP[month]))
    twin = copy.deepcopy(market)
    for month in range(40, 60):
        advance(market, month, float(CAP[month]))
        advance(twin, month, float(CAP[month]))
    assert (market.sales, market.price, market.defaults) == (twin.sales, twin.price, twin.defaults)


def test_results_do_not_depend_on_the_number_of_developers() -> None:
    """Twenty seeds at 400 and at 1,600 developers: the difference has a standard error of about 1.1 points.

    A bound of 5 points is 4 standard errors beyond the half point by which they do differ: a false alarm in about
    30,000 changes of the random numbers.
    """

    def sales(count: int) -> float:
        return 100 * float(
            np.mean(
                [
                    run["sales"][LAST_YEAR].mean() / run["sales"][YEAR_2021].mean()
                    for run in (history(seed, developers=count) for seed in range(20))
                ]
            )
        )

    assert sales(400) == pytest.approx(sales(1600), abs=5.0)


# --- levers ------------------------------------------------------------------------------------------------------


def test_no_cap_no_default() -> None:
    for seed in range(8):
        assert history(seed, cap=0.0)["defaults"][-1] == 0


@pytest.mark.parametrize(("weak", "strong"), [(0.0, 0.8), (0.8, 0.9), (0.9, 1.0)])
def test_a_tighter_cap_breaks_more_developers(weak: float, strong: float) -> None:
    assert mean("defaults", LAST_YEAR, cap=strong) > mean("defaults", LAST_YEAR, cap=weak)
    for fallen in ("starts", "price", "sales", "activity"):
        assert mean(fallen, LAST_YEAR, cap=strong) < mean(fallen, LAST_YEAR, cap=weak)


@pytest.mark.parametrize(("few", "many"), [(0.0, 5e5), (5e5, 1e6), (1e6, 3e6)])
def test_purchases_hold_the_price(few: float, many: float) -> None:
    assert mean("price", LAST_YEAR, purchases=many) > mean("price", LAST_YEAR, purchases=few)
    assert mean("foreclosed_listed", LAST_YEAR, purchases=many) <= mean("foreclosed_listed", LAST_YEAR, purchases=few)


def test_demand_trend_pulls_sales_down() -> None:
    assert (
        mean("sales", LAST_YEAR, demand_trend=0.0)
        > mean("sales", LAST_YEAR)
        > mean("sales", LAST_YEAR, demand_trend=0.10)
    )


def test_confidence_counts_only_with_a_weight() -> None:
    assert mean("sales", LAST_YEAR, confidence=0.8) == mean("sales", LAST_YEAR)
    assert mean("sales", LAST_YEAR, confidence=0.8, confidence_weight=0.5) < mean("sales", LAST_YEAR)
    assert mean("listings_a_year", LAST_YEAR, confidence=0.8, foreclosure_confidence_weight=1.0) > mean(
        "listings_a_year", LAST_YEAR
    )


# --- targets: regression values of the fit (docs/property.md), not evidence for it ----------------------------------


def test_the_bust_of_2021_to_2025() -> None:
    seeds = 20
    sales = mean("sales", LAST_YEAR, seeds) / mean("sales", YEAR_2021, seeds) - 1
    starts = mean("starts", LAST_YEAR, seeds) / mean("starts", YEAR_2021, seeds) - 1
    price = mean("price", slice(95, 96), seeds) / mean("price", slice(47, 48), seeds) - 1
    broken = mean("defaults", slice(95, 96), seeds) / 400
    first = np.median([np.argmax(history(seed)["defaults"] > 0) for seed in range(seeds)])
    assert sales == pytest.approx(-0.51, abs=0.08)
    assert starts == pytest.approx(-0.70, abs=0.08)
    assert price == pytest.approx(-0.20, abs=0.03)
    assert 0.25 < broken < 0.40
    assert 38 <= first <= 44
    assert mean("listings_a_year", YEAR_2021, seeds) == pytest.approx(0.40e6, abs=0.05e6)
    assert mean("listings_a_year", LAST_YEAR, seeds) == pytest.approx(0.87e6, abs=0.08e6)


def test_jobs_survive_a_dead_market(monkeypatch: pytest.MonkeyPatch) -> None:
    """Extreme property numbers can bring sales and building to nothing; jobs follow their logarithms."""

    def die(homes: PropertyMarket, **_: object) -> None:
        homes.stock = homes.stock._replace(sales=0.0, sites=0.0)

    market = Market(load_scenario("scenarios/baseline.yaml", overrides={"population": 2000, "end": "2018-04"}), 1)
    while market.month < 1:
        market.advance()
    monkeypatch.setattr(property_phase, "advance_property", die)
    market.advance()
    assert np.isfinite(market.groups.target).all()
    assert (market.groups.target >= 0).all()
