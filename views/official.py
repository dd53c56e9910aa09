"""The bureau's published months, to be set beside the model."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

#: The official group that measures what an indicator measures.
GROUPS = {
    "unemployment_rate_16_24": "16-24_excl_students",
    "unemployment_rate_25_29": "25-29_excl_students",
    "unemployment_rate_30_59": "30-59_excl_students",
    "unemployment_rate": "total_urban",
}
#: Groups of the definition used until 2023-06. They count students, or other ages: shown, never joined.
EARLIER = {"unemployment_rate_16_24": "16-24_incl_students", "unemployment_rate_30_59": "25-59"}
_FILE = Path(__file__).resolve().parent.parent / "data" / "nbs_unemployment_monthly.csv"


@cache
def _all_groups() -> dict[str, dict[str, float]]:
    """Every published rate as a fraction, by group and month."""
    found: dict[str, dict[str, float]] = {}
    with _FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["group"], {})[row["date"]] = float(row["rate_pct"]) / 100
    return found


def published(name: str, *, earlier: bool = False) -> dict[str, float]:
    """Official months of an indicator as fractions; empty when the bureau publishes none."""
    group = (EARLIER if earlier else GROUPS).get(name, "")
    return dict(sorted(_all_groups().get(group, {}).items()))


@dataclass(frozen=True, slots=True)
class Fit:
    """How far the model's mean lies from the official months, in fractions."""

    months: int
    rmse: float
    bias: float


def fit(name: str, means: dict[str, float]) -> Fit | None:
    """Root mean square error and bias over the months both have; nothing when they share none."""
    gaps = [
        means[month] - rate for month, rate in published(name).items() if month in means and math.isfinite(means[month])
    ]
    if not gaps:
        return None
    return Fit(len(gaps), math.sqrt(sum(gap * gap for gap in gaps) / len(gaps)), sum(gaps) / len(gaps))
