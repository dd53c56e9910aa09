"""The firms of the market as Mesa agents; property developers have a file of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agents.people import at_work_in
from agents.row_view import Column, Market, Rows, RowView, amount

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

        rows = at_work_in(self.model, self.row)
        return ColumnSet(self.model, rows + self.model.kinds.first_code("persons"), fixed=True)


class TechFirm(Firm):
    """A firm of the technology sector."""

    __slots__ = ()


class OtherFirm(Firm):
    """A firm that is neither in technology nor a property developer."""

    __slots__ = ()
