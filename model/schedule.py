"""Months, and values that change on dates.

A month is an integer: 0 is 2018-01, the first month of the world; burn-in months are negative.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    # numpy takes a tenth of a second to import, and checking a scenario does not need it.
    import numpy as np
    from numpy.typing import NDArray

#: The year whose January is month 0.
FIRST_YEAR = 2018
#: The first month of the world, and the last one a scenario may name.
FIRST_MONTH, LAST_MONTH = "2018-01", "2060-12"
#: The burn-in starts three years before the world's first month; nothing of it is recorded.
BURN_IN = 36
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_K = TypeVar("_K")
_V_co = TypeVar("_V_co", covariant=True)


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
    import numpy as np

    dates = sorted((month_index(label), value) for label, value in dated.items())
    starts = np.array([start for start, _ in dates])
    values = np.array([float(value) for _, value in dates])
    asked = np.arange(first, first + months)
    return values[np.maximum(np.searchsorted(starts, asked, side="right") - 1, 0)]


class FrozenMapping(Mapping[_K, _V_co]):
    """A mapping that nobody can change, so that it can be shared, hashed and sent to other processes."""

    __slots__ = ("_entries",)

    def __init__(self, entries: Mapping[_K, _V_co]) -> None:
        self._entries = dict(entries)

    def __getitem__(self, key: _K) -> _V_co:
        return self._entries[key]

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[_K]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __hash__(self) -> int:
        return hash(frozenset(self._entries.items()))

    def __deepcopy__(self, _: object) -> FrozenMapping[_K, _V_co]:
        """Nobody changes it, so a copy shares it."""
        return self

    def __reduce__(self) -> tuple[type[FrozenMapping[_K, _V_co]], tuple[dict[_K, _V_co]]]:
        return FrozenMapping, (self._entries,)

    def __repr__(self) -> str:
        return repr(self._entries)


def simplest(dated: Mapping[str, float]) -> float | FrozenMapping[str, float]:
    """Dated values in their one canonical form, so that equal schedules compare equal.

    The first date is 2018-01 (the world has no earlier month), a value that does not change is not
    repeated, and a schedule that never changes is a constant.
    """
    kept: dict[str, float] = {}
    held: float | None = None
    for label in sorted(dated):
        value = float(dated[label])
        if label <= FIRST_MONTH or not kept:
            kept = {FIRST_MONTH: value}
        elif value != held:
            kept[label] = value
        held = value
    return kept[FIRST_MONTH] if len(kept) == 1 else FrozenMapping(kept)


def followed_by(
    inherited: float | Mapping[str, float], dated: Mapping[str, float]
) -> float | FrozenMapping[str, float]:
    """What was inherited until the first date of `dated`, then `dated`."""
    earlier = inherited if isinstance(inherited, Mapping) else {FIRST_MONTH: inherited}
    first = min(dated)
    return simplest({**{label: value for label, value in earlier.items() if label < first}, **dated})
