"""The official rates as they are forecast, for the page's first picture: now, and a year ago."""

from __future__ import annotations

from typing import Any

from experiments.forecast.latest import FAN, indicator_of, latest


def fans() -> list[dict[str, Any]]:
    """One fan an origin, the latest first: its months and, by indicator, quantiles in fractions."""
    rows = latest()
    if rows is None:
        return []
    found = []
    for origin, said in sorted(rows.groupby("origin"), reverse=True):
        groups = {indicator_of(str(group)): some for group, some in said.groupby("group", sort=False)}
        months = list(dict.fromkeys(said["month"]))
        levels = {name: {level: list(some[level]) for level in FAN} for name, some in groups.items()}
        found.append({"origin": origin, "months": months, "groups": levels})
    return found
