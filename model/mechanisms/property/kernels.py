"""A month of all property developers in compiled code: loops around the rules of `agents.developer_decisions`.

Kernels take columns and numbers only. Each step writes its flows into `ledger`, from which the identities of homes
and money are checked.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from agents.developer_columns import Developers, Floats
from agents.developer_decisions import (
    ADVANCE,
    FIRE_SALE,
    LAND_COST,
    affordable_starts,
    appeal,
    book_assets,
    desired_starts,
    dividend,
    emergency_land,
    land_bought,
    lines_crossed,
    loan_growth,
    new_loans,
    outlook,
    rollover_refused,
)
from model.randomness import uniform

#: Months to build a home, and to repay a loan that lenders stop renewing.
BUILDING_MONTHS = 30.0
LOAN_MONTHS = 30.0
#: Cost of building a home, and of overhead and tax, share of the opening price and of revenue (assumption).
BUILDING_COST, OVERHEAD = 0.40, 0.12
#: Interest a year (assumption near the average coupon of developers' bonds before 2021).
INTEREST = 0.07
#: Price of a finished home that the government buys, share of the price of a new home (assumption).
PURCHASE_DISCOUNT = 0.80
#: Share of its presold homes that the "guaranteed delivery" drive finishes a month for a developer in default.
GUARANTEED_DELIVERY = 0.02
#: Share of a defaulted developer's stock that goes to the courts (finished) or is taken over (unfinished) a month.
WINDING_UP = 1.0 / 48.0
#: Persistence and standard deviation of a developer's luck with buyers (assumption).
LUCK_PERSISTENCE, LUCK_SPREAD = 0.90, 0.30

#: How long a failure alarms lenders, months.
MONTHS_OF_ALARM = 12
#: Cash short by less than this is rounding, not a default.
ROUNDING = 1e-12

# Entries of the ledger: flows since the opening, homes and then money.
STARTED, DELIVERED, BOUGHT, COURTS, RESTRUCTURED, REVENUE, BORROWED, REPAID, ARREARS, SPENT, LAND_SOLD = range(11)
LEDGER_ENTRIES = 11


class Rules(NamedTuple):
    """The structural numbers of the property block that developers and lenders act on (`model.mechanisms.property`)."""

    stock_closing: float
    developer_caution: float
    cash_reserve: float
    payout: float
    rollover_strictness: float
    lender_run: float


class Conditions(NamedTuple):
    """What all developers face this month."""

    month: int
    price: float  # of a new home, 1 in 2018-01
    demand: float  # homes that buyers would buy if they trusted presales
    trust: float  # in presales, 0 to 1
    finished_appeal: float  # of a finished home relative to a trusted presale
    wanted_months: float  # of stock in usual times
    market_months: float  # of sales in all stock of new homes
    expectation: float  # price growth a year that all expect
    credit_limit: float
    alarm: float  # of lenders, 0 to 1
    bought_share: float  # of finished unsold homes that the government buys


class Stock(NamedTuple):
    """Sums over developers at the end of a month."""

    unsold_building: float
    unsold_finished: float
    presold: float
    stalled: float  # presold homes of developers in default
    sites: float
    sales: float
    starts: float
    failed_lately: float  # share of the market that failed within a year
    failed: int
    cash: float
    debt: float
    least: float  # the smallest holding of any developer: never below 0


@njit(cache=True, nogil=True)
def take_stock(columns: Developers, month: int) -> Stock:
    """Add up the developers."""
    stalled = failed_lately = unsold_building = unsold_finished = presold = sites = sales = starts = cash = debt = 0.0
    failed, least = 0, np.inf
    for i in range(columns.share.size):
        unsold_building += columns.unsold_building[i]
        unsold_finished += columns.unsold_finished[i]
        presold += columns.presold[i]
        sites += columns.sites[i]
        sales += columns.sales[i]
        starts += columns.starts[i]
        cash += columns.cash[i]
        debt += columns.debt[i]
        homes = min(columns.presold[i], columns.unsold_building[i], columns.unsold_finished[i])
        least = min(least, homes, columns.land[i], columns.debt[i], columns.cash[i])
        if columns.defaulted[i] >= 0:
            failed += 1
            stalled += columns.presold[i]
            if month - columns.defaulted[i] < MONTHS_OF_ALARM:
                failed_lately += columns.share[i]
    return Stock(
        unsold_building=unsold_building,
        unsold_finished=unsold_finished,
        presold=presold,
        stalled=stalled,
        sites=sites,
        sales=sales,
        starts=starts,
        failed_lately=failed_lately,
        failed=failed,
        cash=cash,
        debt=debt,
        least=least,
    )


@njit(cache=True)
def draw_luck(columns: Developers, key: Any) -> None:
    """Each developer's luck with buyers moves on."""
    spread = LUCK_SPREAD * math.sqrt(12.0 * (1.0 - LUCK_PERSISTENCE**2))
    for i in range(columns.share.size):
        shock = spread * (uniform(key, i) - 0.5)
        columns.luck[i] = LUCK_PERSISTENCE * columns.luck[i] + shock


@njit(cache=True)
def draw_buyers(columns: Developers, now: Conditions, draw: Floats) -> float:
    """How many of the market's buyers each developer draws; returns homes sold to one unit of draw.

    Buyers who shun presales do not all find a finished home: demand falls to what trust leaves of the offer.
    """
    drawn = trusted = offered = 0.0
    for i in range(columns.share.size):
        sound = columns.defaulted[i] < 0
        building, finished = columns.unsold_building[i], columns.unsold_finished[i]
        draw[i] = appeal(building, finished, now.trust, now.finished_appeal, columns.luck[i], sound)
        drawn += draw[i]
        presales = building if sound else 0.0
        offered += presales + now.finished_appeal * finished
        trusted += presales * now.trust + now.finished_appeal * finished
    return now.demand * trusted / max(offered, ROUNDING) / max(drawn, ROUNDING)


@njit(cache=True)
def sell(columns: Developers, now: Conditions, draw: Floats, ledger: Floats) -> None:
    """Sell to buyers, unfinished homes and finished ones, and finished ones to the government."""
    buyers = draw_buyers(columns, now, draw)
    handed_over = bought = revenue = 0.0
    for i in range(columns.share.size):
        building, finished = columns.unsold_building[i], columns.unsold_finished[i]
        trusted = building * now.trust if columns.defaulted[i] < 0 else 0.0
        wanted = buyers * draw[i] / max(trusted + now.finished_appeal * finished, ROUNDING)
        presales = min(building, wanted * trusted)
        from_finished = min(finished, wanted * now.finished_appeal * finished)
        to_government = now.bought_share * (finished - from_finished)
        sales = presales + from_finished
        takings = now.price * (sales * (1.0 - OVERHEAD) + PURCHASE_DISCOUNT * to_government)
        columns.unsold_building[i] -= presales
        columns.presold[i] += presales
        columns.unsold_finished[i] -= from_finished + to_government
        columns.sales[i] = sales
        columns.usual_sales[i] += (sales - columns.usual_sales[i]) / 6.0
        columns.cash[i] += takings
        handed_over += from_finished
        bought += to_government
        revenue += takings
    ledger[DELIVERED] += handed_over
    ledger[BOUGHT] += bought
    ledger[REVENUE] += revenue


@njit(cache=True)
def build(columns: Developers, ledger: Floats) -> None:
    """Sound developers work on their sites and pay for it, with interest on their debt."""
    delivered = spent = 0.0
    for i in range(columns.share.size):
        if columns.defaulted[i] >= 0:
            continue
        columns.sites[i] = columns.presold[i] + columns.unsold_building[i]
        to_buyers = columns.presold[i] / BUILDING_MONTHS
        to_stock = columns.unsold_building[i] / BUILDING_MONTHS
        cost = BUILDING_COST * (to_buyers + to_stock) + INTEREST / 12.0 * columns.debt[i]
        columns.presold[i] -= to_buyers
        columns.unsold_building[i] -= to_stock
        columns.unsold_finished[i] += to_stock
        columns.cash[i] -= cost
        delivered += to_buyers
        spent += cost
    ledger[DELIVERED] += delivered
    ledger[SPENT] += spent


@njit(cache=True)
def borrow(columns: Developers, now: Conditions, rules: Rules, ledger: Floats) -> None:
    """Sound developers face their lenders, who renew or not, and lend anew or not."""
    borrowed = repaid = 0.0
    for i in range(columns.share.size):
        if columns.defaulted[i] >= 0:
            continue
        debt, owned = columns.debt[i], columns.state_owned[i]
        advances = ADVANCE * now.price * columns.presold[i]
        building = columns.presold[i] + columns.unsold_building[i]
        assets = book_assets(columns.cash[i], columns.land[i], now.price, building, columns.unsold_finished[i])
        lines = lines_crossed(debt, columns.cash[i], assets, advances)
        refused = (
            rollover_refused(lines, now.credit_limit, rules.rollover_strictness, now.alarm, rules.lender_run, owned)
            * debt
            / LOAN_MONTHS
        )
        growth = loan_growth(lines, now.credit_limit, now.alarm, rules.lender_run, owned)
        loans = new_loans(debt, columns.target_leverage[i], assets - advances, growth)
        columns.lines[i] = lines
        columns.debt[i] += loans - refused
        columns.cash[i] += loans - refused
        borrowed += loans
        repaid += refused
    ledger[BORROWED] += borrowed
    ledger[REPAID] += repaid


@njit(cache=True)
def start(columns: Developers, now: Conditions, rules: Rules, ledger: Floats) -> None:
    """Sound developers start homes, buy land and pay their owners, as cash allows."""
    planned = outlook(now.expectation, rules.developer_caution)
    started = spent = 0.0
    for i in range(columns.share.size):
        columns.starts[i] = 0.0
        if columns.defaulted[i] >= 0:
            continue
        usual, cash, land = columns.usual_sales[i], columns.cash[i], columns.land[i]
        own_months = (columns.unsold_building[i] + columns.unsold_finished[i]) / max(usual, ROUNDING)
        desired = desired_starts(usual, own_months, now.market_months, now.wanted_months, rules.stock_closing, planned)
        starts = min(desired, affordable_starts(cash, now.price, usual, rules.cash_reserve), land)
        bought = land_bought(starts, land, usual, cash, now.price)
        outlay = LAND_COST * now.price * bought
        outlay += dividend(cash - outlay, now.price, usual, rules.payout)
        columns.land[i] += bought - starts
        columns.unsold_building[i] += starts
        columns.starts[i] = starts
        columns.cash[i] -= outlay
        started += starts
        spent += outlay
    ledger[STARTED] += started
    ledger[SPENT] += spent


@njit(cache=True)
def fail(columns: Developers, now: Conditions, ledger: Floats) -> None:
    """Sell land when cash is short; a developer still short defaults, and its unpaid bills become debt."""
    for i in range(columns.share.size):
        if columns.cash[i] >= 0.0:
            continue
        sold = emergency_land(columns.cash[i], columns.land[i], now.price)
        proceeds = FIRE_SALE * LAND_COST * now.price * sold
        shortfall = -columns.cash[i] - proceeds
        columns.land[i] -= sold
        columns.cash[i] += proceeds
        ledger[LAND_SOLD] += proceeds
        if shortfall > ROUNDING:
            columns.defaulted[i] = now.month
            columns.debt[i] += shortfall
            columns.cash[i] += shortfall
            ledger[ARREARS] += shortfall


@njit(cache=True)
def wind_up(columns: Developers, ledger: Floats) -> None:
    """Developers in default: sites stand still but for guaranteed delivery, stock goes, takings repay debt."""
    delivered = courts = restructured = repaid = 0.0
    for i in range(columns.share.size):
        if columns.defaulted[i] < 0:
            continue
        to_buyers = GUARANTEED_DELIVERY * columns.presold[i]
        to_courts = WINDING_UP * columns.unsold_finished[i]
        taken_over = WINDING_UP * columns.unsold_building[i]
        to_lenders = min(columns.cash[i], columns.debt[i])
        columns.presold[i] -= to_buyers
        columns.unsold_finished[i] -= to_courts
        columns.unsold_building[i] -= taken_over
        columns.sites[i] = to_buyers * BUILDING_MONTHS
        columns.debt[i] -= to_lenders
        columns.cash[i] -= to_lenders
        delivered += to_buyers
        courts += to_courts
        restructured += taken_over
        repaid += to_lenders
    ledger[DELIVERED] += delivered
    ledger[COURTS] += courts
    ledger[RESTRUCTURED] += restructured
    ledger[REPAID] += repaid


@njit(cache=True, nogil=True)
def developers_month(columns: Developers, now: Conditions, rules: Rules, key: Any, ledger: Floats) -> Stock:
    """A month of all developers: sell, build, face lenders, start, fail, wind up."""
    draw_luck(columns, key)
    sell(columns, now, np.empty(columns.share.size), ledger)
    build(columns, ledger)
    wind_up(columns, ledger)
    borrow(columns, now, rules, ledger)
    start(columns, now, rules, ledger)
    fail(columns, now, ledger)
    return take_stock(columns, now.month)
