"""Sentences on the K visa: how many come, what it is blamed for, and how much it can explain."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from views import numbers
from views.blame import ceiling_share, first_month, held_jobs, measured_share, with_visa
from views.difference_wording import YOUTH, compared
from views.readings import Band, Estimate

if TYPE_CHECKING:
    from views.readings import Numbers
    from views.story import Story

NOBODY = "Nobody holds a K visa in the months of this run."
#: Where a scenario says how many come, what they bring, and what anger does to the visa; nothing else is moved there.
_OF_THE_VISA = ("visa.", "parameters.visa_", "parameters.backlash_", "policy_feedback.")


def _last_year_mean(story: Story, paths: Numbers) -> Estimate:
    """The mean over the last full year, with its interval."""
    chosen = story.readings.year == story.readings.full_years[-1]
    return Estimate.of(
        np.array([path[np.isfinite(path)].mean() if np.isfinite(path).any() else np.nan for path in paths[:, chosen]])
    )


def in_short(story: Story) -> str:
    """One sentence: blame against the most that can be true."""
    if first_month(story.readings) is None:
        return NOBODY
    year = story.readings.full_years[-1]
    blamed = story.readings.estimate("perceived_visa_share", year).mean
    most = _last_year_mean(story, ceiling_share(story.readings)).mean
    return (
        f"The public puts {100 * blamed:.1f} % of the blame for unemployment on the K visa in {year}; even if every "
        f"job a holder has were taken from somebody, it would be {100 * most:.1f} % of the unemployed."
    )


def blamed_and_measured(story: Story) -> list[str]:
    """Blame beside the paired difference, when the visa is what differs; nothing otherwise."""
    comparison, side = story.comparison, with_visa(story)
    year = story.readings.full_years[-1]
    holders, young = (None if comparison is None else compared(comparison, name, year)
                      for name in ("k_visa_stock", YOUTH))  # fmt: skip
    if holders is None or young is None or holders["difference"] == 0 or not math.isfinite(young["low"]):
        return []
    if not all(path.startswith(_OF_THE_VISA) for path, _, _ in story.changes):
        return []  # what else was changed would be put on the visa
    blamed = side.readings.estimate("perceived_visa_share", year).mean
    difference, low, high = (float(young[column]) for column in ("difference", "low", "high"))
    largest = max(abs(low), abs(high)) / side.readings.estimate(YOUTH, year).mean
    places = numbers.decimals(YOUTH, difference, low, high)
    return [
        (
            f"Where the visa is open, the public puts {100 * blamed:.1f} % of the blame for unemployment in {year} "
            f"on it; the pair of runs, with {numbers.change('k_visa_stock', float(holders['difference']))} holders, "
            f"measures {numbers.change(YOUTH, difference, places)} of youth unemployment (95 % interval "
            f"{numbers.interval(YOUTH, low, high, places)}), at most {100 * largest:.1f} % of it."
        )
    ]


def visa(story: Story) -> list[str]:
    """Holders, jobs, blame at its height, the ceiling, and what the run's own count of jobs says."""
    side, measured = with_visa(story), blamed_and_measured(story)
    said = measured + _on_one_side(side)
    if side is not story and story.comparison is not None:
        names = story.comparison.reform, story.comparison.baseline
        return ["Nobody holds a K visa under {}; figure and numbers are of {}.".format(*names), *said]
    return said


def _on_one_side(story: Story) -> list[str]:
    """The visa in one run."""
    readings = story.readings
    if first_month(readings) is None:
        return [NOBODY, "Without holders there is nothing the visa could explain; blame, where there is any, is fear."]
    year = readings.full_years[-1]
    stock, held = readings.estimate("k_visa_stock", year).mean, _last_year_mean(story, held_jobs(readings)).mean
    sentences = [
        (
            f"In {year} an average of {numbers.count(stock)} people hold a K visa and {numbers.count(held)} of them "
            f"have a job, one in {_one_in(readings.estimate('employed', year).mean, held)} jobs."
        )
    ]
    blame = readings.band("perceived_visa_share").mean
    if np.nanmax(blame) > 0:
        sentences.append(
            f"Blame peaks in {readings.months[int(np.nanargmax(blame))]}, when the public puts "
            f"{100 * np.nanmax(blame):.1f} % of it on the visa."
        )
    sentences += [in_short(story), _measured(story)]
    suspended = Band.of(readings.paths("k_visa_suspended")).mean
    if np.nansum(suspended) > 0:
        sentences.append(
            f"Backlash suspends the visa: first in {readings.months[int(np.argmax(suspended > 0))]}, and in "
            f"{100 * np.nanmean(suspended[readings.year == year]):.0f} % of the months of {year}."
        )
    return sentences


def _one_in(jobs: float, held: float) -> str:
    """How rare a job held on the visa is."""
    return f"{numbers.count(jobs / held)}" if held > 0 else "none of the"


def _measured(story: Story) -> str:
    """What jobs held less jobs brought say, or why they say nothing yet."""
    share = _last_year_mean(story, measured_share(story.readings))
    caution = "This counts posts inside the firms; the paired run without the visa is the full answer"
    if not np.isfinite(share.mean):
        return f"The run has too few hires on the visa to measure what they bring. {caution}."
    if not share.certain:
        return f"What the run measures, jobs held less jobs brought, is too close to call. {caution}."
    words = "takes more jobs than it brings" if share.mean > 0 else "brings more jobs than it takes"
    return (
        f"Measured as jobs held less jobs brought, the visa {words}, by {100 * abs(share.mean):.2f} % of the number "
        f"of unemployed. {caution}."
    )
