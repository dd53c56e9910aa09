"""Sentences on the K visa: how many come, how much it can explain, and how angry people are at it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from views.report.blame import ceiling_share, first_month, held_jobs, measured_share, with_visa
from views.report.readings import Band, Estimate
from views.words import numbers
from views.words.difference_wording import YOUTH, compared
from views.words.language import Speech, phrase
from views.words.scenario_titles import quoted

if TYPE_CHECKING:
    from views.report.readings import Numbers
    from views.report.story import Story

NOBODY = phrase("Nobody holds a K visa in the months of this run.")
#: Where a scenario says how many come, what they bring, and what anger does to the visa; nothing else is moved there.
_OF_THE_VISA = ("visa.", "parameters.visa_", "parameters.backlash_", "policy_feedback.")


def _last_year_mean(story: Story, paths: Numbers) -> Estimate:
    """The mean over the last full year, with its interval."""
    chosen = story.readings.year == story.readings.full_years[-1]
    return Estimate.of(
        np.array([path[np.isfinite(path)].mean() if np.isfinite(path).any() else np.nan for path in paths[:, chosen]])
    )


def in_short(story: Story) -> str:
    """One sentence: the most that the visa can explain, and the index of anger at it."""
    if first_month(story.readings) is None:
        return story.say(NOBODY)
    year = story.readings.full_years[-1]
    blamed = story.readings.estimate("perceived_visa_share", year).mean
    most = _last_year_mean(story, ceiling_share(story.readings)).mean
    return blame_sentence(year, blamed, most, story.say)


def blame_sentence(year: int, blamed: float, most: float, say: Speech) -> str:
    """The most that the visa can explain in a year, and the illustrative index of anger at it."""
    return say(
        "Even if every job that a K-visa holder has in {year} were taken from somebody, it would be {most} of the "
        "unemployed; the index of anger at the visa, an illustration without data behind it, stands at {blamed}.",
        year=year, blamed=numbers.index(blamed), most=numbers.percent(most, say, 2),
    )  # fmt: skip


def blamed_and_measured(story: Story) -> list[str]:
    """The paired difference beside the index of anger, when the visa is what differs; nothing otherwise."""
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
    places, say = numbers.decimals(YOUTH, difference, low, high), story.say
    told: dict[str, object] = {
        "holders": numbers.change("k_visa_stock", float(holders["difference"]), say=say), "year": year,
        "effect": numbers.change(YOUTH, difference, places, say), "most": numbers.percent(largest, say),
        "interval": numbers.interval(YOUTH, low, high, places, say), "blamed": numbers.index(blamed),
    }  # fmt: skip
    if low <= 0 <= high:
        return [
            say(
                "What the pair of runs, with {holders} holders, measures of youth unemployment in {year} cannot be "
                "told from nothing (95 % interval {interval} points, at most {most} of it); the index of anger at the "
                "visa stands at {blamed} where it is open.",
                **told,
            )
        ]
    return [
        say(
            "The pair of runs, with {holders} holders, measures {effect} of youth unemployment in {year} (95 % "
            "interval {interval}), at most {most} of it; the index of anger at the visa stands at {blamed} where it is "
            "open.",
            **told,
        )
    ]


def visa(story: Story) -> list[str]:
    """Holders, jobs, blame at its height, the ceiling, and what the run's own count of jobs says."""
    side, measured = with_visa(story), blamed_and_measured(story)
    said = measured + _on_one_side(side)
    if side is not story and story.comparison is not None:
        reform, baseline = (quoted(name, story.say) for name in (story.comparison.reform, story.comparison.baseline))
        told = story.say(
            "Nobody holds a K visa under {reform}; figure and numbers are those of {baseline}.",
            reform=reform, baseline=baseline,
        )  # fmt: skip
        return [told, *said]
    return said


def _on_one_side(story: Story) -> list[str]:
    """The visa in one run."""
    readings, say = story.readings, story.say
    if first_month(readings) is None:
        return [
            say(NOBODY),
            say("Without holders there is nothing the visa could explain; anger, where there is any, is fear."),
        ]
    year = readings.full_years[-1]
    stock, held = readings.estimate("k_visa_stock", year).mean, _last_year_mean(story, held_jobs(readings)).mean
    told: dict[str, object] = {"year": year, "stock": numbers.count(stock, say), "held": numbers.count(held, say)}
    if held > 0:
        jobs = numbers.count(readings.estimate("employed", year).mean / held, say)
        sentences = [
            say(
                "In {year} an average of {stock} people hold a K visa and {held} of them have a job, one in {jobs} "
                "jobs.",
                jobs=jobs, **told,
            )
        ]  # fmt: skip
    else:
        sentences = [say("In {year} an average of {stock} people hold a K visa and none of them has a job.", **told)]
    blame = readings.band("perceived_visa_share").mean
    if np.nanmax(blame) > 0:
        month, most = readings.months[int(np.nanargmax(blame))], numbers.index(float(np.nanmax(blame)))
        told = {"month": month, "most": most}
        sentences.append(say("The index of anger at the visa peaks in {month}, at {most}.", **told))
    sentences += [in_short(story), _measured(story)]
    suspended = Band.of(readings.paths("k_visa_suspended")).mean
    if np.nansum(suspended) > 0:
        share = numbers.percent(float(np.nanmean(suspended[readings.year == year])), say, 0)
        told = {"month": readings.months[int(np.argmax(suspended > 0))], "share": share, "year": year}
        sentences.append(
            say("Backlash suspends the visa: first in {month}, and in {share} of the months of {year}.", **told)
        )
    return sentences


def _measured(story: Story) -> str:
    """What jobs held less jobs brought say, or why they say nothing yet."""
    say = story.say
    share = _last_year_mean(story, measured_share(story.readings))
    size = numbers.percent(abs(share.mean), say, 2)
    if not np.isfinite(share.mean):
        found = say("The run has too few hires on the visa to measure what they bring.")
    elif not share.certain:
        found = say("What the run measures, jobs held less jobs brought, is too close to call.")
    elif share.mean > 0:
        found = say(
            "Measured as jobs held less jobs brought, the visa takes more jobs than it brings, by {size} of the number "
            "of unemployed.",
            size=size,
        )
    else:
        found = say(
            "Measured as jobs held less jobs brought, the visa brings more jobs than it takes, by {size} of the number "
            "of unemployed.",
            size=size,
        )
    caution = say("This counts posts inside the firms; the paired run without the visa is the full answer.")
    return say.joined([found, caution])
