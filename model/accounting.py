"""The books: identities that hold every month, or the run stops.

People: everyone is employed, unemployed or inactive, and firms' staff adds up to the employed. Jobs: filled posts
by group add up. Vacancies: every open post belongs to a firm. Mechanisms close books of their own: homes and money of
the property market, the visa's quota.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

if TYPE_CHECKING:
    from model.market import Market


class AccountingError(RuntimeError):
    """An identity of the model broke: a defect of the model, never of the user's input."""


def check_books(market: Market) -> None:
    """Raise `AccountingError` naming the identity that does not hold this month."""
    stocks, groups, people, posts = market.stocks, market.groups, market.people, market.vacancies
    staff, least_staff = summed(market.firms.headcount)
    vacancies, fewest_vacancies = summed(groups.vacancies)
    _equal(market, "firms' staff and people employed", staff, stocks.employed)
    jobs, _ = summed(groups.employed)
    _equal(market, "jobs by group, gig work and people employed", jobs + stocks.gig, stocks.employed)
    listed = open_posts(posts.firm, posts.count)
    _equal(market, "open posts by group and the list of vacancies", vacancies, listed)
    everyone = stocks.labour_force + stocks.inactive + stocks.searching_students + market.empty_rows
    _equal(market, "people by status and rows in use", everyone, people.count)
    _equal(
        market,
        "employed and unemployed, and the labour force",
        stocks.employed + stocks.unemployed,
        stocks.labour_force,
    )
    if min(least_staff, fewest_vacancies) < 0:
        raise AccountingError(f"{market.label}: a firm has negative staff or vacancies")
    for close in market.books:
        close(market)


@njit(cache=True, nogil=True)
def summed(counts: NDArray[Any]) -> tuple[int, int]:
    """The sum of counts, and the least of them."""
    total = least = 0
    for place in range(len(counts)):
        total += counts[place]
        least = min(least, counts[place])
    return total, least


@njit(cache=True, nogil=True)
def open_posts(firm: NDArray[np.int32], count: int) -> int:
    """How many of the first posts in a list are open: who has filled one strikes its firm."""
    listed = 0
    for place in range(count):
        listed += firm[place] >= 0
    return listed


def _equal(market: Market, what: str, left: int, right: int) -> None:
    if left != right:
        raise AccountingError(f"{market.label}: {what} differ: {left} and {right}")
