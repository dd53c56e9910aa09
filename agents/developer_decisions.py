"""How buyers, lenders and property developers decide: small pure rules of numbers, written once.

The kernel of the month calls a rule for every developer, a Mesa view for its own. Units as in
`agents.developer_columns`; rates per month unless said otherwise.
"""

from __future__ import annotations

import math

from numba import njit

#: The three red lines of August 2020: debt over assets less advances; debt less cash over equity; short debt over cash.
LINE_LEVERAGE = 0.70
LINE_NET_GEARING = 1.0
#: Share of debt that falls due within a year, against which the third line sets cash.
SHORT_DEBT = 1.0 / 3.0
#: Growth of debt a year that the rule allows with no line crossed, and what each line takes off it (15/10/5/0 %).
LOAN_GROWTH_GREEN, LOAN_GROWTH_PER_LINE = 0.15, 0.05
#: Book value of a home by its state, share of its price at the opening; and share of a presold home's price paid.
BOOK_LAND, BOOK_BUILDING, BOOK_FINISHED, ADVANCE = 0.3, 0.5, 0.7, 0.75

#: Land for a home, share of the home's price; what a forced sale of land brings; cash that a start takes (assumption).
LAND_COST, FIRE_SALE, START_CASH = 0.30, 0.50, 0.15


# --- buyers -----------------------------------------------------------------------------------------------------


@njit(cache=True)
def presale_trust(stalled_share: float, distrust: float) -> float:
    """How readily buyers pay for an unfinished home, 0 to 1: it falls with the share of presold homes that stalled."""
    return math.exp(-distrust * stalled_share)


@njit(cache=True)
def housing_demand(
    income: float, trend_years: float, decline: float, expectation_gap: float, response: float, confidence: float
) -> float:
    """New homes that buyers would buy in a month if they trusted presales, relative to 2018-01.

    `income` real, relative to 2018-01, with elasticity 0.5; underlying demand falls by `decline` a year from 2021
    on; `expectation_gap` is expected price growth a year less its usual level; `confidence` multiplies.
    """
    return math.sqrt(income) * math.exp(response * expectation_gap - decline * trend_years) * confidence


@njit(cache=True)
def appeal(building: float, finished: float, trust: float, finished_appeal: float, luck: float, sound: bool) -> float:
    """How many buyers a developer draws: by its homes for sale, fewer when these are unfinished and not trusted.

    A developer in default sells only what is finished, and at 0.3 of the pace (assumption).
    """
    if sound:
        return (building * trust + finished * finished_appeal) * math.exp(luck)
    return 0.3 * finished * finished_appeal * math.exp(luck)


# --- lenders ----------------------------------------------------------------------------------------------------


@njit(cache=True)
def book_assets(cash: float, land: float, price: float, building: float, finished: float) -> float:
    """A developer's assets at book value; `building` counts all its unfinished homes, presold or not."""
    return cash + BOOK_LAND * price * land + BOOK_BUILDING * building + BOOK_FINISHED * finished


@njit(cache=True)
def lines_crossed(debt: float, cash: float, assets: float, advances: float) -> int:
    """How many of the three red lines a developer crosses, 0 to 3 (the rule of the central bank, August 2020)."""
    crossed = 0
    if debt > LINE_LEVERAGE * (assets - advances):
        crossed += 1
    if debt - cash > LINE_NET_GEARING * (assets - advances - debt):
        crossed += 1
    if cash < SHORT_DEBT * debt:
        crossed += 1
    return crossed


@njit(cache=True)
def rollover_refused(
    lines: float, credit_limit: float, strictness: float, alarm: float, run: float, state_owned: bool
) -> float:
    """Share of debt falling due that lenders do not renew.

    The cap works through the lines crossed; after failures (`alarm`, 0 to 1) lenders run from whoever crosses one.
    State-owned developers feel 0.3 of the cap and no run (assumption).
    """
    if state_owned:
        return min(1.0, 0.3 * credit_limit * strictness * lines / 3.0)
    return min(1.0, (credit_limit * strictness + run * alarm) * lines / 3.0)


@njit(cache=True)
def loan_growth(lines: float, credit_limit: float, alarm: float, run: float, state_owned: bool) -> float:
    """Growth of debt a year that lenders offer: 25 % in free times, 15/10/5/0 % under the full rule."""
    cap = 0.3 * credit_limit if state_owned else credit_limit
    offered = (1.0 - cap) * 0.25 + cap * max(0.0, LOAN_GROWTH_GREEN - LOAN_GROWTH_PER_LINE * lines)
    if state_owned:
        return offered
    return offered * (1.0 - min(1.0, run * alarm * lines / 3.0))


@njit(cache=True)
def new_loans(debt: float, target_leverage: float, net_assets: float, growth: float) -> float:
    """Money borrowed this month: what lenders offer, but never beyond the debt the developer aims at."""
    return max(0.0, min(debt * growth / 12.0, target_leverage * net_assets - debt))


# --- developers -------------------------------------------------------------------------------------------------


@njit(cache=True)
def outlook(expectation: float, caution: float) -> float:
    """How much of their usual business developers plan for, 0 to 1: less when they expect prices to fall."""
    return math.exp(caution * min(0.0, expectation))


@njit(cache=True)
def desired_starts(
    usual_sales: float, own_months: float, market_months: float, wanted: float, closing_months: float, planned: float
) -> float:
    """Homes a developer wants to start: the sales it plans for, and part of the gap between wanted and actual stock.

    It looks at its own stock and at the market's, half each; `planned` is its outlook, which scales both the sales
    and the months of sales (`wanted` in usual times) that it prepares for.
    """
    gap = wanted * planned - 0.5 * (own_months + market_months)
    return usual_sales * planned * max(0.0, 1.0 + gap / closing_months)


@njit(cache=True)
def affordable_starts(cash: float, price: float, usual_sales: float, reserve: float) -> float:
    """Homes a developer can start with its cash beyond a reserve, in months of sales; each start needs some at once."""
    return max(0.0, cash - reserve * price * usual_sales) / START_CASH


@njit(cache=True)
def land_bought(starts: float, land: float, usual_sales: float, cash: float, price: float) -> float:
    """Land bought, in homes: what starts use and a step towards three years of sales; the first thing cut.

    Only cash beyond a month of sales goes into land.
    """
    wanted = max(0.0, starts + (36.0 * usual_sales - land) / 24.0)
    return min(wanted, max(0.0, cash - price * usual_sales) / (LAND_COST * price))


@njit(cache=True)
def dividend(cash: float, price: float, usual_sales: float, payout: float) -> float:
    """Money paid to owners: a part of cash beyond three months of sales."""
    return payout * max(0.0, cash - 3.0 * price * usual_sales)


@njit(cache=True)
def emergency_land(cash: float, land: float, price: float) -> float:
    """Land that a developer short of cash sells this month, in homes: at most 2 %, at half its price."""
    if cash >= 0.0:
        return 0.0
    return min(0.02 * land, -cash / (FIRE_SALE * LAND_COST * price))


# --- prices and courts ------------------------------------------------------------------------------------------


@njit(cache=True)
def price_growth(
    months_of_supply: float,
    neutral: float,
    supply_response: float,
    expectation: float,
    momentum: float,
    income_growth: float,
    anchor: float,
) -> float:
    """Log growth of the price of existing homes in a month.

    It falls when the months of supply exceed the neutral number, follows expected growth a year, and leans on the
    growth of income a year.
    """
    pressure = supply_response * math.log(neutral / max(0.01, months_of_supply))
    return pressure + (momentum * expectation + anchor * income_growth) / 12.0


@njit(cache=True)
def foreclosure_filings(usual: float, response: float, fall: float, confidence: float, weight: float) -> float:
    """Homes that courts list in a month because households fail to pay.

    `usual` in normal times and `response` per unit of the price fall from its peak, both homes a year.
    """
    return float((usual + response * max(0.0, fall)) / 12.0 * confidence**-weight)
