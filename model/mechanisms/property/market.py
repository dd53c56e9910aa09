"""The property market of one run: its state in 2018-01, and what happens to it in a month.

Demand meets the stock of developers, whose starts, loans and defaults follow (`kernels.py` beside this file); the price
of existing homes follows supply, expectations and income; falling prices and failed developers bring foreclosures. See
docs/property.md for the equations.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import numpy as np
from numpy.typing import NDArray

from agents.developer_columns import HOMES_PER_UNIT, Developers
from agents.developer_decisions import foreclosure_filings, housing_demand, presale_trust, price_growth
from model.mechanisms.property import CONSTANTS
from model.mechanisms.property.kernels import (
    ARREARS,
    BORROWED,
    BOUGHT,
    COURTS,
    DELIVERED,
    LAND_SOLD,
    LEDGER_ENTRIES,
    REPAID,
    RESTRUCTURED,
    REVENUE,
    SPENT,
    STARTED,
    Conditions,
    Rules,
    Stock,
    developers_month,
    take_stock,
)
from model.mechanisms.property.opening import opening_developers
from model.randomness import Purpose, draw_key
from model.schedule import month_index

Floats = NDArray[np.float64]

#: Months of sales in stock that developers want in usual times (assumption).
WANTED_MONTHS = 15.0
#: Appeal of a finished unsold home relative to a trusted presale: with it presales are 0.78 of sales at the opening.
FINISHED_APPEAL = 0.5
#: Expected growth of prices a year at the opening, which is also the usual one (assumption near the data of 2018).
USUAL_EXPECTATION = 0.06
#: Growth of real income a year before the opening (macro_annual.csv gdp_growth_real).
OPENING_INCOME_GROWTH = 0.066
#: Share of foreclosed listings that leave the list in a month, sold or withdrawn (assumption).
LISTING_EXIT = 1.0 / 14.0
#: New homes' official price: pass-through of the existing homes' price and drift a year (fit to 2021-25: guidance
#: prices and a better mix hold it up).
NEW_PRICE_PASS, NEW_PRICE_DRIFT = 0.85, 0.02
#: Failures within a year, as a share of the market, that alarm lenders in full.
FULL_ALARM = 0.10
#: Month from which underlying demand falls.
_DECLINE_FROM = month_index("2021-01")


@dataclass
class PropertyMarket:
    """State of the property market in one run; homes and money in the units of `agents.developer_columns`."""

    columns: Developers  # the developers themselves
    seed: int  # luck of this replication
    settings: dict[str, float]  # structural numbers by bare name
    rules: Rules  # those that developers and lenders act on
    stock: Stock  # sums over developers at the end of last month
    opening_homes: float  # homes, cash and debt at the opening, for the identities
    opening_cash: float  # money
    opening_debt: float  # money
    listed: float  # foreclosed homes for sale, in units of homes
    listed_in: float  # all that were ever listed
    ledger: Floats = field(default_factory=lambda: np.zeros(LEDGER_ENTRIES))  # flows since the opening
    existing_price: float = 1.0  # of an existing home
    peak_price: float = 1.0  # its highest so far
    falls: list[float] = field(default_factory=lambda: [0.0] * 12)  # fall from the peak, the last 12 months
    price_of_new: float = 1.0  # of a new home
    expectation: float = USUAL_EXPECTATION  # growth of prices a year that all expect
    feared: float = 0.0  # share of presold homes that buyers believe stalled
    income: float = 1.0  # real, relative to 2018-01
    income_growth: float = OPENING_INCOME_GROWTH  # a year, averaged over a year
    listings_a_year: float = 0.0  # flow of new listings, homes a year
    bought_listings: float = 0.0  # listings bought by the government so far
    left_listings: float = 0.0  # listings sold or withdrawn so far
    history: Floats = field(default_factory=lambda: np.ones(0))  # homes sold and started, by month, as they were
    output: float = 0.0  # log of GDP over the realised one, for what the simulated property adds to it
    #: Price, new price, sales, starts and sites of the first month advanced, which are the 1 of every index.
    base: tuple[float, float, float, float, float] | None = None

    # --- readings ------------------------------------------------------------------------------------------------

    def _index(self, value: float, position: int) -> float:
        return 1.0 if self.base is None else value / self.base[position]

    @property
    def price(self) -> float:
        """Price of existing homes, 1 in the first month."""
        return self._index(self.existing_price, 0)

    @property
    def new_price(self) -> float:
        """Price of new homes as the bureau reports it, 1 in the first month."""
        return self._index(self.price_of_new, 1)

    @property
    def sales(self) -> float:
        """New homes sold by developers, 1 in the first month."""
        return self._index(self.stock.sales, 2)

    @property
    def starts(self) -> float:
        """Homes started, 1 in the first month."""
        return self._index(self.stock.starts, 3)

    @property
    def activity(self) -> float:
        """Building work: homes being worked on, 1 in the first month."""
        return self._index(self.stock.sites, 4)

    @property
    def stalled_share(self) -> float:
        """Share of presold unfinished homes whose developer is in default."""
        return self.stock.stalled / max(self.stock.presold, 1e-12)

    @property
    def foreclosed_listed(self) -> float:
        """Foreclosed homes for sale now."""
        return self.listed * HOMES_PER_UNIT

    @property
    def defaults(self) -> int:
        """Developers that have defaulted so far."""
        return int(self.stock.failed)

    @property
    def developer_activity(self) -> Floats:
        """Homes each developer works on, relative to its own first month."""
        return self.columns.sites / self.columns.sites_at_opening

    @property
    def months_of_supply(self) -> float:
        """Months of sales in unsold new homes, those of developers in default too, and foreclosed listings twice."""
        unsold = self.stock.unsold_building + self.stock.unsold_finished
        return (unsold + 2.0 * self.listed) / max(self.stock.sales, 1e-9)

    # --- identities ----------------------------------------------------------------------------------------------

    def homes_gap(self) -> float:
        """Homes that the books cannot place, share of those at the opening.

        Every home there was or was started is presold, unsold, delivered, bought, with the courts or restructured;
        and every foreclosed home listed is for sale, bought or gone.
        """
        ledger, stock = self.ledger.tolist(), self.stock
        placed = stock.presold + stock.unsold_building + stock.unsold_finished
        gone = ledger[DELIVERED] + ledger[BOUGHT] + ledger[COURTS] + ledger[RESTRUCTURED]
        homes = self.opening_homes + ledger[STARTED] - placed - gone
        listings = self.listed_in - self.listed - self.left_listings - self.bought_listings
        # Of all that was ever listed: in a flood of foreclosures these are many more than there were homes.
        return _largest(abs(homes / self.opening_homes), abs(listings / max(self.opening_homes, self.listed_in)))

    def money_gap(self) -> float:
        """Cash or debt that the books cannot explain, share of debt at the opening."""
        ledger = self.ledger.tolist()
        cash = self.opening_cash + ledger[REVENUE] + ledger[BORROWED] + ledger[ARREARS] + ledger[LAND_SOLD]
        cash -= ledger[REPAID] + ledger[SPENT] + self.stock.cash
        debt = self.opening_debt + ledger[BORROWED] + ledger[ARREARS] - ledger[REPAID] - self.stock.debt
        return _largest(abs(cash), abs(debt)) / self.opening_debt

    def largest_violation(self) -> float:
        """The larger gap of the two identities; above 1e-9 something leaks."""
        return _largest(self.homes_gap(), self.money_gap(), -self.stock.least)


def _largest(*numbers: float) -> float:
    """The largest; NaN if one is no number, which max() passes over."""
    return math.nan if any(map(math.isnan, numbers)) else max(numbers)


def property_settings(values: Mapping[str, float]) -> dict[str, float]:
    """The structural numbers by bare name: declared defaults, replaced by `property.NAME` where given."""
    settings: dict[str, float] = {}
    for parameter in CONSTANTS:
        value = values.get(parameter.path, cast("float", parameter.default))
        settings[parameter.path.removeprefix("property.")] = float(value)
    return settings


def open_property_market(scenario_values: Mapping[str, float], seed: int) -> PropertyMarket:
    """The market as it stands at the opening of 2018-01: stock near what developers want, no default.

    `scenario_values` gives `property.NAME` parameters; those left out take their defaults.
    """
    settings = property_settings(scenario_values)
    columns = opening_developers(int(settings["developers"]), settings["target_leverage"], seed)
    stock = take_stock(columns, 0)
    listed = settings["foreclosure_usual"] * 1e6 / 12.0 / LISTING_EXIT / HOMES_PER_UNIT
    return PropertyMarket(
        columns=columns,
        seed=seed,
        settings=settings,
        rules=Rules(**{name: settings[name] for name in Rules._fields}),
        stock=stock,
        opening_homes=stock.presold + stock.unsold_building + stock.unsold_finished,
        opening_cash=stock.cash,
        opening_debt=stock.debt,
        listed=listed,
        listed_in=listed,
    )


def advance_property(
    market: PropertyMarket, *, month: int, income: float, confidence: float, credit_limit: float, purchases: float
) -> None:
    """One month: buyers, developers and lenders act, then prices, expectations and foreclosures follow.

    `income` is real and relative to 2018-01; `confidence` 1 in normal times; `credit_limit` 0 to 1; `purchases` in
    homes a year.
    """
    forgotten = market.feared + (market.stalled_share - market.feared) / market.settings["trust_regained"]
    market.feared = max(market.stalled_share, forgotten)
    bought_listings, bought_share = _share_out_purchases(market, purchases)
    conditions = _conditions(market, month, income, confidence, credit_limit, bought_share)
    courts_before = market.ledger[COURTS]
    key = draw_key(market.seed, Purpose.PROPERTY_SALES, month)
    market.stock = developers_month(market.columns, conditions, market.rules, key, market.ledger)
    _list_foreclosures(market, float(market.ledger[COURTS] - courts_before), bought_listings, confidence)
    _move_price(market, income)
    if market.base is None:
        market.columns.sites_at_opening[:] = market.columns.sites
        stock = market.stock
        market.base = (market.existing_price, market.price_of_new, stock.sales, stock.starts, stock.sites)


def _share_out_purchases(market: PropertyMarket, purchases: float) -> tuple[float, float]:
    """Government purchases of a month: homes from the foreclosed listings first, then a share of finished homes."""
    wanted = purchases / 12.0 / HOMES_PER_UNIT
    from_listings = min(wanted, market.listed)
    share = min(1.0, (wanted - from_listings) / max(market.stock.unsold_finished, 1e-12))
    return from_listings, share


def _conditions(
    market: PropertyMarket, month: int, income: float, confidence: float, credit_limit: float, bought_share: float
) -> Conditions:
    """What developers face this month, from last month's outcome and this month's levers."""
    settings, stock = market.settings, market.stock
    gap = market.expectation - USUAL_EXPECTATION
    demand = housing_demand(
        income,
        max(0.0, (month - _DECLINE_FROM) / 12.0),
        settings["demand_trend"],
        gap,
        settings["expectation_response"],
        confidence ** settings["confidence_weight"],
    )
    return Conditions(
        month=month,
        price=market.price_of_new,
        demand=demand,
        trust=presale_trust(market.feared, settings["presale_distrust"]),
        finished_appeal=FINISHED_APPEAL,
        wanted_months=WANTED_MONTHS,
        market_months=(stock.unsold_building + stock.unsold_finished) / max(stock.sales, 1e-9),
        expectation=market.expectation,
        credit_limit=credit_limit,
        alarm=min(1.0, stock.failed_lately / FULL_ALARM),
        bought_share=bought_share,
    )


def _list_foreclosures(market: PropertyMarket, courts: float, bought: float, confidence: float) -> None:
    """Foreclosed homes come onto the list, from households and from developers in default, and leave it."""
    settings = market.settings
    filed = (
        foreclosure_filings(
            settings["foreclosure_usual"],
            settings["foreclosure_response"],
            market.falls[0],
            confidence,
            settings["foreclosure_confidence_weight"],
        )
        * 1e6
        / HOMES_PER_UNIT
    )
    left = LISTING_EXIT * (market.listed - bought)
    market.listed += filed + courts - left - bought
    market.listed_in += filed + courts
    market.left_listings += left
    market.bought_listings += bought
    market.listings_a_year = 12.0 * (filed + courts) * HOMES_PER_UNIT


def _move_price(market: PropertyMarket, income: float) -> None:
    """Prices move with supply, expectations and income; expectations follow prices."""
    settings = market.settings
    growth = 12.0 * math.log(income / market.income)
    market.income = income
    market.income_growth += (growth - market.income_growth) / 12.0
    change = price_growth(
        market.months_of_supply,
        settings["neutral_months"],
        settings["supply_response"],
        market.expectation,
        settings["price_momentum"],
        market.income_growth,
        settings["income_anchor"],
    )
    market.existing_price *= math.exp(change)
    market.price_of_new *= math.exp(NEW_PRICE_PASS * change + NEW_PRICE_DRIFT / 12.0)
    market.peak_price = max(market.peak_price, market.existing_price)
    market.falls = [*market.falls[1:], 1.0 - market.existing_price / market.peak_price]
    market.expectation += (12.0 * change - market.expectation) / settings["expectation_memory"]
