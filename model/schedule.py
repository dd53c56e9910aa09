"""Months, and values that change on dates.

A month is an integer: 0 is 2018-01, the first month of the world; burn-in months are negative.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

#: The year whose January is month 0.
FIRST_YEAR = 2018
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def month_index(label: str) -> int:
    """The month that a text `YYYY-MM` names; 2018-01 is 0.

    Raises ValueError when the text is not an existing month.
    """
    found = _MONTH.fullmatch(label)
    if found is None:
        raise ValueError(f"{label!r} is not a month; write YYYY-MM, for example 2025-10")
    return (int(found[1]) - FIRST_YEAR) * 12 + int(found[2]) - 1


def month_label(month: int) -> str:
    """The text `YYYY-MM` of a month index."""
    year, index = divmod(month, 12)
    return f"{FIRST_YEAR + year:04d}-{index + 1:02d}"


def monthly(dated: Mapping[str, float], first: int, months: int) -> NDArray[np.float64]:
    """Dated values as one value a month: each holds until the next date, the first also before it.

    Returns `months` values from month `first` on.
    """
    dates = sorted((month_index(label), value) for label, value in dated.items())
    starts = np.array([start for start, _ in dates])
    values = np.array([float(value) for _, value in dates])
    asked = np.arange(first, first + months)
    return values[np.maximum(np.searchsorted(starts, asked, side="right") - 1, 0)]
