"""Plain sentences made by rules from the numbers.

A change is only called higher or lower when its 95 % interval leaves zero out; otherwise it is too close to call.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from views import numbers
from views.difference_wording import TOO_CLOSE, YOUTH, compared, difference_sentence
from views.official import fit, published
from views.readings import Estimate
from views.visa_wording import blamed_and_measured, in_short

if TYPE_CHECKING:
    from views.readings import Readings
    from views.story import Story

REFORM_SHOWN = (
    YOUTH,
    "unemployment_rate_over_35",
    "unemployment_rate_30_59",
    "unemployment_rate",
    "employment_tech",
    "house_price_index",
)


def last_year(story: Story) -> int:
    """The last year with all its months."""
    return story.readings.full_years[-1]


def reform(story: Story) -> list[str]:
    """One sentence per headline indicator of the comparison; none without one."""
    comparison = story.comparison
    if comparison is None:
        return []
    rows = ((name, compared(comparison, name, last_year(story))) for name in REFORM_SHOWN)
    return [
        difference_sentence(name, row, comparison.reform, comparison.baseline) for name, row in rows if row is not None
    ]


def headline(story: Story) -> list[str]:
    """Two sentences that sum the run up."""
    year = last_year(story)
    if story.comparison is not None:
        blame = blamed_and_measured(story)
        names = story.comparison.reform, story.comparison.baseline
        rows = (
            (indicator, compared(story.comparison, indicator, year))
            for indicator in ((YOUTH,) if blame else (YOUTH, "unemployment_rate_over_35"))
        )
        return [*(difference_sentence(indicator, row, *names) for indicator, row in rows if row is not None), *blame]
    level = story.readings.estimate(YOUTH, year)
    old = story.readings.estimate("unemployment_rate_30_59", year)
    first = (
        f"In {year} an average of {numbers.amount(YOUTH, level.mean)} of people aged 16 to 24 are unemployed in "
        f"this run{_span(YOUTH, level)}, {level.mean / old.mean:.1f} times the rate of those aged 30 to 59."
    )
    return [first, in_short(story)]


def _span(indicator: str, estimate: Estimate) -> str:
    """The interval of a level in brackets; nothing for one replication."""
    if not math.isfinite(estimate.low):
        return " (one replication, so no interval)"
    return f" (95 % interval {numbers.level_interval(indicator, estimate.low, estimate.high)})"


def asked(story: Story) -> list[str]:
    """What was asked, and how big the answer is."""
    readings, scenario = story.readings, story.scenario
    persons = float(np.nanmean(readings.paths("labour_force")[:, 0] + readings.paths("inactive")[:, 0]))
    times = len(readings.replications)
    one = persons / scenario.population if scenario.population else math.nan
    return [
        (
            f"The model follows {scenario.population:,} simulated persons aged 16 and over from {readings.months[0]} "
            f"to {readings.months[-1]}, {times} time{'s' if times != 1 else ''} with different luck. "
            f"Each stands for about {numbers.count(one)} people of urban China."
        )
    ]


def youth(story: Story) -> list[str]:
    """The youth rate against the official months: level, season, and distance to people over 30."""
    readings = story.readings
    found = fit(YOUTH, dict(zip(readings.months, readings.band(YOUTH).mean.tolist(), strict=True)))
    if found is None:
        sentences = [
            "The run covers none of the months for which an official youth rate (students left out) is at hand."
        ]
    else:
        side = "above" if found.bias > 0 else "below"
        sentences = [
            (
                f"Over the {found.months} official months inside the run the model's youth rate lies "
                f"{100 * found.rmse:.1f} points away (root mean square error, n = {found.months}), "
                f"on average {abs(100 * found.bias):.1f} points {side} them."
            )
        ]
    official, year = published(YOUTH), _season_year(readings)
    if year is not None:
        june, august = f"{year}-06", f"{year}-08"
        rise = readings.at(YOUTH, august) - readings.at(YOUTH, june)
        sentence = f"From June to August {year} the rate moves by {numbers.change(YOUTH, rise)}"
        if june in official and august in official:
            sentence += f"; officially by {numbers.change(YOUTH, official[august] - official[june])}"
        sentences.append(sentence + ".")
    return sentences


def _season_year(readings: Readings) -> int | None:
    """The latest year whose June and August are both in the run, official ones first."""
    years = [year for year in readings.years if f"{year}-06" in readings.months and f"{year}-08" in readings.months]
    with_official = [year for year in years if f"{year}-06" in published(YOUTH) and f"{year}-08" in published(YOUTH)]
    if not years:
        return None
    return with_official[-1] if with_official else years[-1]


def unemployed(story: Story) -> list[str]:
    """Who is unemployed in the last full year."""
    year, readings = last_year(story), story.readings
    means = {
        name: readings.estimate(name, year).mean
        for name in (
            "unemployed",
            "unemployment_rate",
            "unemployment_rate_over_35",
            "unemployment_rate_graduates",
            "long_term_unemployment_share",
            "labour_force_over_35",
            "labour_force_16_24",
            YOUTH,
        )
    }
    young = means["labour_force_16_24"] * means[YOUTH] / means["unemployed"]
    older = means["labour_force_over_35"] * means["unemployment_rate_over_35"] / means["unemployed"]
    return [
        (
            f"In {year} {numbers.count(means['unemployed'])} people are unemployed, "
            f"{numbers.amount('unemployment_rate', means['unemployment_rate'])} of the labour force."
        ),
        (
            f"Of them {100 * young:.0f} % are 16 to 24 and out of school and {100 * older:.0f} % are 35 or over; "
            f"{numbers.amount('long_term_unemployment_share', means['long_term_unemployment_share'])} have searched "
            "for a year or more."
        ),
        (
            f"Among recent graduates {numbers.amount(YOUTH, means['unemployment_rate_graduates'])} of those in the "
            "labour force have no job."
        ),
    ]


def between(story: Story, indicator: str, first: int, last: int) -> Estimate:
    """The change of an indicator between two years, replication by replication."""
    return Estimate.of(story.readings.yearly(indicator, last) - story.readings.yearly(indicator, first))


def property_and_technology(story: Story) -> list[str]:
    """Homes, and whether technology makes up for the jobs that property loses."""
    first, last = story.readings.full_years[0], last_year(story)
    if first == last:
        return [f"The run holds one year only ({last}), so nothing can be said of how property and technology change."]
    sentences = []
    level = story.readings.estimate("house_price_index", first).mean
    price = between(story, "house_price_index", first, last)
    sentences.append(
        f"From {first} to {last} the price of existing homes changes by {100 * price.mean / level:+.0f} %"
        f"{'' if price.certain else f', which is {TOO_CLOSE}'}."
    )
    lost = Estimate.of(
        np.sum(
            [
                story.readings.yearly(name, last) - story.readings.yearly(name, first)
                for name in ("employment_developers", "employment_construction")
            ],
            axis=0,
        )
    )
    gained = between(story, "employment_tech", first, last)
    sentences.append(f"Developers and construction {_moved(lost, several=True)}; technology {_moved(gained)}.")
    if lost.certain and lost.mean < 0 and gained.certain and gained.mean > 0:
        sentences.append(
            f"Technology's new jobs are {100 * gained.mean / -lost.mean:.0f} % of those that property and "
            "construction lost."
        )
    return sentences


def _moved(jobs: Estimate, *, several: bool = False) -> str:
    """Jobs gained or lost, with the interval."""
    end = "" if several else "s"
    if not math.isfinite(jobs.low):
        return f"change{end} by {numbers.change('employed', jobs.mean)} jobs (one replication)"
    span = f"(95 % interval {numbers.interval('employed', jobs.low, jobs.high)})"
    if not jobs.certain:
        return f"change{end} by {numbers.change('employed', jobs.mean)} jobs, {TOO_CLOSE} {span}"
    return f"{'gain' if jobs.mean > 0 else 'lose'}{end} {numbers.count(abs(jobs.mean))} jobs {span}"
