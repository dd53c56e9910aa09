"""Banks: a kind of agents of one's own, beside persons and firms, that lend to developers what savers bring.

A bank may lend developers a share of its deposits, `banks.developer_cap`; one above it calls in a twelfth of the excess
each month, as far as its developers have cash. At 1, the default, no bank is above it.

    python run.py --with examples/own_agents.py --set 'banks.developer_cap={2018-01: 1, 2021-01: 0.2}'
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.columns import Status
from agents.developer_columns import CNY_PER_UNIT, SOLVENT
from agents.kinds import Kind
from agents.row_view import Column, RowView
from model.market import Market
from model.mechanism import Indicator, Mechanism, Step
from model.mechanisms.property import PROPERTY
from model.mechanisms.property.kernels import REPAID
from model.parameters import constant, lever

Floats = NDArray[np.float64]

CAP = lever(
    "banks.developer_cap", "Cap on loans to developers", "share of deposits", 1.0, (0, 1), label_zh="房企贷款上限",
    source="lever; shares of property loans have been capped by class of bank since 2021-01 (recollection)",
)  # fmt: skip
SAVING = constant("banks.saving", "share of wages", 0.1, (0.0, 0.3), "Wages brought to banks.", "assumption")
#: Banks of the state and of cities; deposits at the opening per loan to developers (assumptions).
STATE, CITY, DEPOSITS_PER_LOAN = 6, 24, 4.0


@dataclass
class Banks:
    """The columns: one row per bank."""

    of_developer: NDArray[np.int64]  # by developer: the row of its bank
    deposits: Floats  # CNY
    loans: Floats  # to developers, CNY
    bad: Floats  # of them, to those in default

    def __len__(self) -> int:
        return len(self.deposits)


def open_banks(market: Market) -> Banks:
    """Developers share themselves out; each bank has the deposits that its loans need."""
    developers = PROPERTY.of(market).columns
    of_developer = np.arange(len(developers.debt)) % (STATE + CITY)
    loans = np.bincount(of_developer, developers.debt) * CNY_PER_UNIT
    return Banks(of_developer, loans * DEPOSITS_PER_LOAN, loans, np.zeros(len(loans)))


def lend(market: Market) -> None:
    """Wages bring deposits; banks above the cap call loans in, and developers pay from their cash."""
    if market.month < 0:
        return
    banks, homes, people = BANKING.of(market), PROPERTY.of(market), market.people
    wages = people.pay[: people.count][people.status[: people.count] == Status.EMPLOYED].sum(dtype=np.float64)
    saved = market.number(SAVING) * wages * market.wage_level * market.people_per_agent
    banks.deposits += saved * banks.deposits / banks.deposits.sum()
    debt, cash = homes.columns.debt, homes.columns.cash
    called = np.maximum(banks.loans - market.lever(CAP) * banks.deposits, 0) / 12
    asked = np.divide(called, banks.loans, out=np.zeros(len(banks)), where=banks.loans > 0)[banks.of_developer]
    repaid = np.minimum(asked * debt, np.maximum(cash, 0))
    debt -= repaid
    cash -= repaid
    homes.ledger[REPAID] += repaid.sum()
    banks.loans = np.bincount(banks.of_developer, debt) * CNY_PER_UNIT
    banks.bad = np.bincount(banks.of_developer, debt * (homes.columns.defaulted != SOLVENT)) * CNY_PER_UNIT


def banks_of(market: Market) -> Banks:
    """The banks of a market."""
    return BANKING.of(market)


def of_bank(name: str) -> Any:
    """What reads a column."""
    return lambda market, rows: getattr(banks_of(market), name)[rows]


class Bank(RowView):
    """Takes deposits and lends to developers."""

    __slots__ = ()
    deposits: Column[float] = Column("CNY.", of_bank("deposits"))
    loans: Column[float] = Column("To developers, CNY.", of_bank("loans"))
    bad_loans: Column[float] = Column("To developers in default, CNY.", of_bank("bad"))


class StateBank(Bank):
    """A bank of the central state."""

    __slots__ = ()


class CityBank(Bank):
    """A bank of a city or province."""

    __slots__ = ()


BANKS = Kind("banks", (StateBank, CityBank), table=banks_of, class_of=lambda _market, rows: rows >= STATE)


def bad_share(market: Market) -> float:
    """Share of loans to developers that are lent to those in default."""
    banks = BANKING.of(market)
    return float(banks.bad.sum() / banks.loans.sum())


BANKING: Mechanism[Banks] = Mechanism(
    "banking",
    "Banks",
    "Banks take deposits out of wages and lend to developers up to a share of them.",
    parameters=(CAP, SAVING),
    memory=open_banks,
    steps=(Step("lend", lend, "Banks take deposits and call in what they lend above the cap.", before="property"),),
    indicators=(
        Indicator(
            "bad_loan_share",
            "Bad loans to developers",
            "房企不良贷款率",
            "share",
            "share",
            "Loans to developers in default, of all loans to developers",
            read=bad_share,
        ),
    ),
    kinds=(BANKS,),
)
