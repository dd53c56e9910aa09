"""The rules of buyers, lenders and developers, and the compiled month against a slow obvious one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents import developer_decisions as rule
from agents.developer_columns import Developers, empty_developers
from model.mechanisms.property import kernels as kernel
from model.mechanisms.property.kernels import Conditions, Rules
from model.randomness import Purpose, draw_key, uniform

SHARE = st.floats(0.0, 1.0)


# --- rules -------------------------------------------------------------------------------------------------------


def test_lines_crossed_counts_each_line() -> None:
    assert rule.lines_crossed(1.0, 1.0, 10.0, 0.0) == 0
    assert rule.lines_crossed(1.0, 0.1, 10.0, 0.0) == 1  # too little cash
    assert rule.lines_crossed(8.0, 4.0, 10.0, 0.0) == 2  # too much debt, on assets and net of cash on equity
    assert rule.lines_crossed(8.0, 1.0, 10.0, 0.0) == 3


def test_advances_from_buyers_do_not_count_as_assets() -> None:
    assert rule.lines_crossed(6.0, 3.0, 10.0, 0.0) < rule.lines_crossed(6.0, 3.0, 10.0, 4.0)


def test_the_rule_allows_15_10_5_0_per_cent() -> None:
    growth = [rule.loan_growth(lines, 1.0, 0.0, 2.0, False) for lines in range(4)]
    assert growth == pytest.approx([0.15, 0.10, 0.05, 0.0])


@given(st.integers(0, 3), SHARE, SHARE, st.floats(0, 4), SHARE)
def test_lenders_refuse_more_the_tighter_the_cap(
    lines: int, loose: float, tight: float, run: float, alarm: float
) -> None:
    loose, tight = sorted((loose, tight))
    for owned in (False, True):
        less = rule.rollover_refused(lines, loose, 0.6, alarm, run, owned)
        more = rule.rollover_refused(lines, tight, 0.6, alarm, run, owned)
        assert 0.0 <= less <= more <= 1.0
        assert rule.loan_growth(lines, tight, alarm, run, owned) <= rule.loan_growth(lines, loose, alarm, run, owned)
    assert rule.rollover_refused(lines, tight, 0.6, alarm, run, True) <= rule.rollover_refused(
        lines, tight, 0.6, alarm, run, False
    )


@given(SHARE, SHARE, st.floats(0, 6))
def test_trust_falls_with_stalled_homes(few: float, many: float, distrust: float) -> None:
    few, many = sorted((few, many))
    assert rule.presale_trust(0.0, distrust) == 1.0
    assert 0.0 < rule.presale_trust(many, distrust) <= rule.presale_trust(few, distrust)


@given(st.floats(-0.3, 0.3), st.floats(0, 10))
def test_developers_plan_for_less_only_when_prices_are_to_fall(expectation: float, caution: float) -> None:
    planned = rule.outlook(expectation, caution)
    assert 0.0 < planned <= 1.0
    if expectation >= 0.0:
        assert planned == 1.0


def test_starts_equal_sales_when_stock_is_as_wanted() -> None:
    assert rule.desired_starts(2.0, 15.0, 15.0, 15.0, 30.0, 1.0) == 2.0
    assert rule.desired_starts(2.0, 60.0, 60.0, 15.0, 30.0, 1.0) == 0.0


def test_land_is_cut_before_starts() -> None:
    cash = 1.0  # a month of sales
    assert rule.land_bought(1.0, 10.0, 1.0, cash, 1.0) == 0.0
    assert rule.affordable_starts(cash, 1.0, 1.0, 0.5) > 0.0


def test_price_is_steady_in_a_neutral_market() -> None:
    assert rule.price_growth(12.0, 12.0, 0.01, 0.0, 0.5, 0.0, 0.2) == 0.0
    assert rule.price_growth(24.0, 12.0, 0.01, 0.0, 0.5, 0.0, 0.2) < 0.0
    assert rule.price_growth(12.0, 12.0, 0.01, 0.06, 0.5, 0.0, 0.2) == pytest.approx(0.0025)


def test_demand_is_one_at_the_opening() -> None:
    assert rule.housing_demand(1.0, 0.0, 0.07, 0.0, 0.7, 1.0) == 1.0
    assert rule.housing_demand(1.21, 0.0, 0.07, 0.0, 0.7, 1.0) == pytest.approx(1.1)


# --- the compiled month against a slow one ------------------------------------------------------------------------

RULES = Rules(
    stock_closing=30.0, developer_caution=4.5, cash_reserve=1.3, payout=0.25, rollover_strictness=0.6, lender_run=2.5
)


def some_developers(seed: int, count: int) -> Developers:
    """Developers in every kind of trouble."""
    draw = np.random.default_rng(seed)
    columns = empty_developers(count)
    columns.share[:] = draw.dirichlet(np.ones(count))
    columns.state_owned[:] = draw.random(count) < 0.35
    columns.target_leverage[:] = draw.normal(0.9, 0.2, count)
    for name, months in {
        "debt": 14,
        "cash": 4,
        "land": 40,
        "presold": 25,
        "unsold_building": 10,
        "unsold_finished": 6,
        "usual_sales": 2,
    }.items():
        getattr(columns, name)[:] = columns.share * months * draw.random(count)
    columns.luck[:] = draw.normal(0, 0.3, count)
    columns.defaulted[:] = np.where(draw.random(count) < 0.3, draw.integers(20, 50, count), -1)
    return columns


def slow_buyers(c: Developers, now: Conditions) -> list[float]:
    """Homes that each developer's buyers want, one developer at a time."""
    draws = [
        rule.appeal(
            c.unsold_building[i],
            c.unsold_finished[i],
            now.trust,
            now.finished_appeal,
            c.luck[i],
            bool(c.defaulted[i] < 0),
        )
        for i in range(c.share.size)
    ]
    presales = sum(c.unsold_building[i] for i in range(c.share.size) if c.defaulted[i] < 0)
    finished = now.finished_appeal * sum(c.unsold_finished)
    demand = now.demand * (presales * now.trust + finished) / (presales + finished)
    return [demand * draw / sum(draws) for draw in draws]


def slow_sale(c: Developers, i: int, wanted: float, now: Conditions) -> None:
    trusted = c.unsold_building[i] * now.trust if c.defaulted[i] < 0 else 0.0
    finished = c.unsold_finished[i] * now.finished_appeal
    if trusted + finished == 0.0:
        wanted = 0.0
        trusted = 1.0
    presales = min(c.unsold_building[i], wanted * trusted / (trusted + finished))
    handed_over = min(c.unsold_finished[i], wanted * finished / (trusted + finished))
    bought = now.bought_share * (c.unsold_finished[i] - handed_over)
    c.unsold_building[i] -= presales
    c.presold[i] += presales
    c.unsold_finished[i] -= handed_over + bought
    c.sales[i] = presales + handed_over
    c.usual_sales[i] = 5 / 6 * c.usual_sales[i] + 1 / 6 * c.sales[i]
    c.cash[i] += now.price * (0.88 * c.sales[i] + 0.8 * bought)


def slow_sound_month(c: Developers, i: int, now: Conditions) -> None:
    c.sites[i] = c.presold[i] + c.unsold_building[i]
    c.cash[i] -= 0.40 * c.sites[i] / 30 + 0.07 / 12 * c.debt[i]
    c.unsold_finished[i] += c.unsold_building[i] / 30
    c.unsold_building[i] *= 29 / 30
    c.presold[i] *= 29 / 30
    advances = 0.75 * now.price * c.presold[i]
    assets = c.cash[i] + 0.3 * now.price * c.land[i] + 0.5 * (c.presold[i] + c.unsold_building[i])
    assets += 0.7 * c.unsold_finished[i]
    owned = bool(c.state_owned[i])
    lines = rule.lines_crossed(c.debt[i], c.cash[i], assets, advances)
    refused = c.debt[i] / 30 * rule.rollover_refused(lines, now.credit_limit, 0.6, now.alarm, 2.5, owned)
    growth = rule.loan_growth(lines, now.credit_limit, now.alarm, 2.5, owned)
    loans = rule.new_loans(c.debt[i], c.target_leverage[i], assets - advances, growth)
    c.lines[i] = lines
    c.debt[i] += loans - refused
    c.cash[i] += loans - refused
    own_months = (c.unsold_building[i] + c.unsold_finished[i]) / max(c.usual_sales[i], 1e-12)
    planned = math.exp(4.5 * min(0.0, now.expectation))
    c.starts[i] = min(
        rule.desired_starts(c.usual_sales[i], own_months, now.market_months, now.wanted_months, 30.0, planned),
        rule.affordable_starts(c.cash[i], now.price, c.usual_sales[i], 1.3),
        c.land[i],
    )
    land = rule.land_bought(c.starts[i], c.land[i], c.usual_sales[i], c.cash[i], now.price)
    c.cash[i] -= 0.3 * now.price * land
    c.cash[i] -= rule.dividend(c.cash[i], now.price, c.usual_sales[i], 0.25)
    c.land[i] += land - c.starts[i]
    c.unsold_building[i] += c.starts[i]
    sold = rule.emergency_land(c.cash[i], c.land[i], now.price)
    c.land[i] -= sold
    c.cash[i] += 0.15 * now.price * sold
    if c.cash[i] < -1e-12:
        c.defaulted[i] = now.month
        c.debt[i] -= c.cash[i]
        c.cash[i] = 0.0


def slow_dead_month(c: Developers, i: int) -> None:
    c.starts[i] = 0.0
    c.sites[i] = 0.02 * 30 * c.presold[i]
    c.presold[i] *= 0.98
    c.unsold_finished[i] *= 47 / 48
    c.unsold_building[i] *= 47 / 48
    repaid = min(c.cash[i], c.debt[i])
    c.debt[i] -= repaid
    c.cash[i] -= repaid


@settings(deadline=None, max_examples=40)
@given(
    st.integers(0, 10_000),
    st.integers(1, 30),
    SHARE,
    SHARE,
    st.floats(0.3, 1.0),
    st.floats(-0.15, 0.1),
    st.floats(0.0, 0.5),
)
def test_the_compiled_month_is_the_slow_month(
    seed: int, count: int, cap: float, alarm: float, trust: float, expectation: float, bought_share: float
) -> None:
    columns = some_developers(seed, count)
    expected = Developers(*(column.copy() for column in columns))
    now = Conditions(
        month=60,
        price=0.9,
        demand=0.8,
        trust=trust,
        finished_appeal=0.5,
        wanted_months=15.0,
        market_months=17.0,
        expectation=expectation,
        credit_limit=cap,
        alarm=alarm,
        bought_share=bought_share,
    )
    key = draw_key(seed, Purpose.PROPERTY_SALES, 60)
    stock = kernel.developers_month(columns, now, RULES, key, np.zeros(kernel.LEDGER_ENTRIES))

    spread = 0.30 * math.sqrt(12 * (1 - 0.9**2))
    for i in range(count):
        expected.luck[i] = 0.9 * expected.luck[i] + spread * (uniform(key, i) - 0.5)
    for i, wanted in enumerate(slow_buyers(expected, now)):
        slow_sale(expected, i, wanted, now)
    for i in range(count):
        if expected.defaulted[i] >= 0:
            slow_dead_month(expected, i)
        else:
            slow_sound_month(expected, i, now)

    for name in Developers._fields:
        np.testing.assert_allclose(getattr(columns, name), getattr(expected, name), rtol=1e-9, atol=1e-12, err_msg=name)
    assert stock.failed == int((expected.defaulted >= 0).sum())
    assert stock.stalled == pytest.approx(expected.presold[expected.defaulted >= 0].sum())
    assert stock.failed_lately == pytest.approx(expected.share[expected.defaulted > 48].sum())
