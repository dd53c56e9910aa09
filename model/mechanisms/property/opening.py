"""The developers as they stand at the opening of 2018-01: drawn sizes, owners and leverage, the rest in proportion."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from agents.developer_columns import Developers, empty_developers
from agents.developer_decisions import ADVANCE, book_assets
from model.mechanisms.property.kernels import BUILDING_MONTHS
from model.randomness import Purpose, draw_key, uniforms

#: Months of sales in unsold homes, unfinished and finished (assumption; the bureau counted 4.2 months of finished ones
#: at the end of 2017, property_annual.csv unsold_inventory_year_end over floor_space_sold).
OPENING_BUILDING, OPENING_FINISHED = 7.0, 4.0
#: Months of sales that land could hold, and cash (assumption).
OPENING_LAND, OPENING_CASH = 36.0, 3.0
#: Chance that a developer is owned by the state, and how much less debt it then aims at (assumption).
STATE_OWNED, STATE_OWNED_CAUTION = 0.35, 0.10
#: Spread of sizes (of logs) and of the debt aimed at (assumption).
SIZE_SPREAD, LEVERAGE_SPREAD = 1.0, 0.13


def opening_developers(count: int, leverage: float, seed: int) -> Developers:
    """Developers of drawn size, owner and leverage, each with the same stock relative to its sales."""
    columns = empty_developers(count)
    normal = NormalDist().inv_cdf
    size, owner, debt = (
        uniforms(draw_key(seed, Purpose.PROPERTY_START, month), np.arange(count)) for month in range(3)
    )
    columns.share[:] = [math.exp(SIZE_SPREAD * normal(luck)) for luck in size.tolist()]
    columns.state_owned[:] = owner < STATE_OWNED
    columns.target_leverage[:] = [leverage + LEVERAGE_SPREAD * normal(luck) for luck in debt.tolist()]
    columns.share[:] /= columns.share.sum()
    columns.target_leverage[:] -= STATE_OWNED_CAUTION * columns.state_owned
    np.clip(columns.target_leverage, 0.2, 1.2, out=columns.target_leverage)
    share = columns.share
    columns.usual_sales[:] = columns.sales[:] = columns.starts[:] = share
    columns.cash[:] = OPENING_CASH * share
    columns.land[:] = OPENING_LAND * share
    columns.unsold_building[:] = OPENING_BUILDING * share
    columns.unsold_finished[:] = OPENING_FINISHED * share
    columns.presold[:] = (BUILDING_MONTHS - OPENING_BUILDING) * share
    columns.sites[:] = columns.sites_at_opening[:] = BUILDING_MONTHS * share
    for i in range(count):
        assets = book_assets(columns.cash[i], columns.land[i], 1.0, columns.sites[i], columns.unsold_finished[i])
        columns.debt[i] = columns.target_leverage[i] * (assets - ADVANCE * columns.presold[i])
    return columns
