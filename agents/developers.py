"""Property developers as Mesa agents: firms that borrow, start homes and may default."""

from __future__ import annotations

from typing import Any

from agents.developer_columns import CNY_PER_UNIT, HOMES_PER_UNIT, SOLVENT
from agents.firms import Firm
from agents.row_view import Column


def _own(name: str, scale: float | None = None) -> Any:
    """A `read` of a developer's column, in the unit that `scale` gives."""

    def read(market: Any, rows: Any) -> Any:
        values = getattr(market.developers, name)[market.firms.developer[rows]]
        return values if scale is None else values * scale

    return read


def _unsold(market: Any, rows: Any) -> Any:
    developers, own = market.developers, market.firms.developer[rows]
    return (developers.unsold_building[own] + developers.unsold_finished[own]) * HOMES_PER_UNIT


class PropertyDeveloper(Firm):
    """A firm that buys land, sells homes before they are built and lives on credit. Homes are real homes."""

    __slots__ = ()

    debt: Column[float] = Column("Loans and bonds, CNY.", _own("debt", CNY_PER_UNIT))
    cash: Column[float] = Column("CNY.", _own("cash", CNY_PER_UNIT))
    unsold_homes: Column[float] = Column("Homes for sale, finished or under construction.", _unsold)
    presold_homes: Column[float] = Column("Homes sold and not finished.", _own("presold", HOMES_PER_UNIT))
    starts: Column[float] = Column("Homes started this month.", _own("starts", HOMES_PER_UNIT))
    sales: Column[float] = Column("Homes sold this month.", _own("sales", HOMES_PER_UNIT))
    red_lines: Column[float] = Column("How many of the three red lines it crosses.", _own("lines"))
    state_owned: Column[bool] = Column("Owned by the state.", _own("state_owned"))
    defaulted: Column[bool] = Column(
        "Whether it has defaulted.", lambda market, rows: _own("defaulted")(market, rows) != SOLVENT
    )
    default_month: Column[int | None] = Column(
        "Month index of its default (0 is 2018-01); None while solvent.",
        _own("defaulted"),
        lambda _, months: [None if month == SOLVENT else month for month in months],
    )
