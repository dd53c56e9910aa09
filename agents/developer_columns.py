"""Property developers as columns: one array per property, one row per developer.

Homes are counted in months of the market's sales of 2018-01 (one unit = `HOMES_PER_UNIT` homes), money in the price
of one such month of sales (`CNY_PER_UNIT`). A kernel takes the tuple whole and writes into the arrays.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Months = NDArray[np.int32]
Flags = NDArray[np.bool_]

#: Homes that developers sold in a month of 2018: about 15 million a year (property.md; an assumption that 1,717
#: million m2 of property_annual.csv floor_space_sold at 114 m2 a home bears out).
HOMES_PER_UNIT = 1.25e6
#: Price of a home in 2018, CNY: sales value of 2017 (13,370 bn, property_annual.csv) x 1.122 / 15 million homes.
CNY_PER_HOME = 1.0e6
CNY_PER_UNIT = HOMES_PER_UNIT * CNY_PER_HOME
#: `defaulted` of a developer that has not.
SOLVENT = -1


class Developers(NamedTuple):
    """All developers; homes and money in the units above, months as month indices (0 = 2018-01)."""

    share: Floats  # share of the market's sales at the opening: the developer's size and weight
    state_owned: Flags  # owned by the state: banks always refinance it
    target_leverage: Floats  # debt it aims at, share of assets less advances from buyers
    debt: Floats  # money: loans and bonds outstanding
    cash: Floats  # money
    land: Floats  # homes that its land could hold
    presold: Floats  # homes sold but not finished: buyers wait for them
    unsold_building: Floats  # homes under construction that nobody has bought
    unsold_finished: Floats  # homes finished that nobody has bought
    usual_sales: Floats  # homes a month: own sales smoothed over half a year
    sales: Floats  # homes sold this month
    starts: Floats  # homes started this month
    sites: Floats  # homes being worked on
    sites_at_opening: Floats  # the same in the first month
    luck: Floats  # log of its appeal to buyers, an AR(1)
    lines: Floats  # how many of the three red lines it crosses
    defaulted: Months  # month of its default, or SOLVENT


def empty_developers(count: int) -> Developers:
    """Columns for `count` developers, all solvent and all else zero."""
    columns: dict[str, Any] = {name: np.zeros(count) for name in Developers._fields}
    columns["state_owned"] = np.zeros(count, np.bool_)
    columns["defaulted"] = np.full(count, SOLVENT, np.int32)
    return Developers(**columns)
