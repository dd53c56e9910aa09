"""How much of unemployment the visa could explain, from a run's own numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from views.report.readings import Readings

if TYPE_CHECKING:
    from views.report.readings import Numbers
    from views.report.story import Story


def with_visa(story: Story) -> Story:
    """The side of a comparison that has K-visa holders: the story itself, or its baseline when only that has them."""
    comparison = story.comparison
    if comparison is None or first_month(story.readings) is not None:
        return story
    baseline = Readings(comparison.baseline_table)
    return story if first_month(baseline) is None else replace(story, readings=baseline)


def held_jobs(readings: Readings) -> Numbers:
    """Jobs that K-visa holders hold, [replication, month]; none while nobody holds a visa."""
    stock = np.nan_to_num(readings.paths("k_visa_stock"))
    rate = readings.paths("unemployment_rate_k_visa")
    return np.asarray(np.where(np.isfinite(rate), stock * (1 - rate), 0.0))


def ceiling_share(readings: Readings) -> Numbers:
    """The most the visa could explain: every job a holder has, taken from somebody unemployed now."""
    return np.asarray(held_jobs(readings) / readings.paths("unemployed"))


def measured_share(readings: Readings) -> Numbers:
    """What the run's own count of jobs says: jobs held less jobs brought, over the unemployed."""
    net = readings.paths("net_native_jobs_per_k_hire")
    return np.asarray(-net * held_jobs(readings) / readings.paths("unemployed"))


def first_month(readings: Readings) -> int | None:
    """The first month with an arrival or a holder in any replication; nothing when there never is one."""
    seen = np.zeros(len(readings.months), dtype=bool)
    for name in ("k_visa_stock", "k_visa_arrivals"):
        seen |= np.nan_to_num(readings.band(name).mean) > 0
    return int(np.argmax(seen)) if seen.any() else None
