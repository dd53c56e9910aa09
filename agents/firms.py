"""The firms of the market as Mesa agents; property developers have a file of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from agents.views import FIRST_FIRM_ID, Column, Market, Rows, RowView, UniqueId, amount

if TYPE_CHECKING:
    from agents.agent_set import ColumnSet


def _set_positive(name: str) -> Any:
    """A `write` for a number that must be finite and positive."""

    def write(market: Market, rows: Rows, value: Any) -> None:
        getattr(market.firms, name)[rows] = amount(value, name)

    return write


class Firm(RowView):
    """An employer: it wants a number of jobs, posts vacancies and lays off. Counts are of simulated persons."""

    __slots__ = ()

    unique_id = UniqueId(
        "2**32 and up, so that no firm has a person's id.", lambda _, rows: np.asarray(rows, np.int64) + FIRST_FIRM_ID
    )
    headcount: Column[int] = Column("Persons employed.", lambda market, rows: market.firms.headcount[rows])
    target: Column[float] = Column("Jobs the firm wants.", lambda market, rows: market.firms.target[rows])
    vacancies: Column[int] = Column("Open posts.", lambda market, rows: market.firms.vacancies[rows])
    sector: Column[str] = Column(
        "Sector id.",
        lambda market, rows: market.firms.sector[rows],
        lambda market, codes: [market.sector_ids[code] for code in codes],
    )
    size: Column[float] = Column(
        "Share of the jobs of its group of firms.", lambda market, rows: market.firms.size[rows]
    )
    layoff_rate: Column[float] = Column(
        "Share of staff laid off this month.", lambda market, rows: market.firms.layoff_rate[rows]
    )
    age_rule: Column[float] = Column(
        "How strictly it closes vacancies at 35, relative to the occupation's share. Settable.",
        lambda market, rows: market.firms.age_rule[rows],
        write=_set_positive("age_rule"),
    )

    @property
    def staff(self) -> ColumnSet:
        """Everyone who works here."""
        from agents.agent_set import ColumnSet
        from agents.members import staff_codes

        return ColumnSet(self.model, staff_codes(self.model, self.row), fixed=True)


class TechFirm(Firm):
    """A firm of the technology sector."""

    __slots__ = ()


class OtherFirm(Firm):
    """A firm that is neither in technology nor a property developer."""

    __slots__ = ()
