"""The books: identities that hold every month, or the run stops.

People: everyone is employed, unemployed or inactive, and firms' staff adds up to the employed. Jobs: filled posts
by group add up. Vacancies: every open post belongs to a firm. Mechanisms close books of their own: homes and money of
the property market, the visa's quota.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from model.market import Market


class AccountingError(RuntimeError):
    """An identity of the model broke: a defect of the model, never of the user's input."""


def check_books(market: Market) -> None:
    """Raise `AccountingError` naming the identity that does not hold this month."""
    stocks, groups, people = market.stocks, market.groups, market.people
    _equal(market, "firms' staff and people employed", int(market.firms.headcount.sum()), stocks.employed)
    _equal(
        market, "jobs by group, gig work and people employed", int(groups.employed.sum()) + stocks.gig, stocks.employed
    )
    vacancies = int(groups.vacancies.sum())
    listed = int(np.count_nonzero(market.vacancies.firm[: market.vacancies.count] >= 0))
    _equal(market, "open posts by group and the list of vacancies", vacancies, listed)
    everyone = stocks.labour_force + stocks.inactive + stocks.searching_students + market.empty_rows
    _equal(market, "people by status and rows in use", everyone, people.count)
    _equal(
        market,
        "employed and unemployed, and the labour force",
        stocks.employed + stocks.unemployed,
        stocks.labour_force,
    )
    if min(market.firms.headcount.min(), groups.vacancies.min()) < 0:
        raise AccountingError(f"{market.label}: a firm has negative staff or vacancies")
    for close in market.books:
        close(market)


def _equal(market: Market, what: str, left: int, right: int) -> None:
    if left != right:
        raise AccountingError(f"{market.label}: {what} differ: {left} and {right}")
