"""Plain sentences made by rules from the numbers.

A change is only called higher or lower when its 95 % interval leaves zero out; otherwise it is too close to call.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from views.report.official import fit, published
from views.report.readings import Estimate
from views.words import numbers
from views.words.difference_wording import YOUTH, compared, difference_sentence
from views.words.scenario_titles import quoted
from views.words.visa_wording import blamed_and_measured, in_short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from views.report.readings import Readings
    from views.report.story import Story
    from views.words.language import Speech

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
    return _differences(story, REFORM_SHOWN)


def _differences(story: Story, indicators: Sequence[str]) -> list[str]:
    """A sentence per indicator that both sides of the comparison have."""
    comparison, say = story.comparison, story.say
    if comparison is None:
        return []
    names = quoted(comparison.reform, say), quoted(comparison.baseline, say)
    rows = ((name, compared(comparison, name, last_year(story))) for name in indicators)
    return [difference_sentence(name, row, *names, say) for name, row in rows if row is not None]


def headline(story: Story) -> list[str]:
    """Two sentences that sum the run up."""
    if story.comparison is not None:
        blame = blamed_and_measured(story)
        return [*_differences(story, (YOUTH,) if blame else (YOUTH, "unemployment_rate_over_35")), *blame]
    year, say = last_year(story), story.say
    level = story.readings.estimate(YOUTH, year)
    old = story.readings.estimate("unemployment_rate_30_59", year)
    first = say(
        "In {year} an average of {rate} of people aged 16 to 24 are unemployed in this run ({doubt}), {times} times "
        "the rate of those aged 30 to 59.",
        year=year, rate=numbers.amount(YOUTH, level.mean, say), doubt=_doubt(YOUTH, level, say),
        times=f"{level.mean / old.mean:.1f}",
    )  # fmt: skip
    return [first, in_short(story)]


def _doubt(indicator: str, estimate: Estimate, say: Speech) -> str:
    """The interval of a level, or why there is none."""
    if not math.isfinite(estimate.low):
        return say("one replication, so no interval")
    return say("95 % interval {between}", between=numbers.level_interval(indicator, estimate.low, estimate.high, say))


def asked(story: Story) -> list[str]:
    """What was asked, and how big the answer is."""
    readings, scenario, say = story.readings, story.scenario, story.say
    persons = float(np.nanmean(readings.paths("labour_force")[:, 0] + readings.paths("inactive")[:, 0]))
    one = persons / scenario.population if scenario.population else math.nan
    return [
        say.several(
            "The model follows {population} simulated persons aged 16 and over from {first} to {last}, in {n} "
            "replication. Each person stands for about {people} people of urban China.",
            "The model follows {population} simulated persons aged 16 and over from {first} to {last}, in {n} "
            "replications with independent random numbers. Each person stands for about {people} people of urban "
            "China.",
            len(readings.replications),
            population=f"{scenario.population:,}", first=readings.months[0], last=readings.months[-1],
            people=numbers.count(one, say),
        )
    ]  # fmt: skip


def youth(story: Story) -> list[str]:
    """The youth rate against the official months: level, season, and distance to people over 30."""
    readings, say = story.readings, story.say
    found = fit(YOUTH, dict(zip(readings.months, readings.band(YOUTH).mean.tolist(), strict=True)))
    if found is None:
        sentences = [
            say("The run covers none of the months for which an official youth rate (students left out) is at hand.")
        ]
    else:
        side = say("above") if found.bias > 0 else say("below")
        sentences = [
            say(
                "Over the {n} official months inside the run the model's youth rate lies {rmse} points away (root mean "
                "square error, n = {n}), on average {bias} points {side} them.",
                n=found.months, rmse=f"{100 * found.rmse:.1f}", bias=f"{abs(100 * found.bias):.1f}", side=side,
            )
        ]  # fmt: skip
    official, year = published(YOUTH), _season_year(readings)
    if year is not None:
        june, august = f"{year}-06", f"{year}-08"
        told = {"year": year, "rise": _moves(readings.at(YOUTH, august) - readings.at(YOUTH, june), say)}
        if june in official and august in official:
            told["official"] = _moves(official[august] - official[june], say)
            sentences.append(
                say("From June to August {year} the rate moves by {rise}; officially by {official}.", **told)
            )
        else:
            sentences.append(say("From June to August {year} the rate moves by {rise}.", **told))
    return sentences


def _moves(rise: float, say: Speech) -> str:
    return numbers.change(YOUTH, rise, say=say)


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
    say = story.say
    return [
        say(
            "In {year} {people} people are unemployed, {rate} of the labour force.",
            year=year, people=numbers.count(means["unemployed"], say),
            rate=numbers.amount("unemployment_rate", means["unemployment_rate"], say),
        ),
        say(
            "Of them {young} are 16 to 24 and out of school and {older} are 35 or over; {long} have searched for a "
            "year or more.",
            young=numbers.percent(young, say, 0), older=numbers.percent(older, say, 0),
            long=numbers.amount("long_term_unemployment_share", means["long_term_unemployment_share"], say),
        ),
        say(
            "Among recent graduates {rate} of those in the labour force have no job.",
            rate=numbers.amount(YOUTH, means["unemployment_rate_graduates"], say),
        ),
    ]  # fmt: skip


def between(story: Story, indicator: str, first: int, last: int) -> Estimate:
    """The change of an indicator between two years, replication by replication."""
    return Estimate.of(story.readings.yearly(indicator, last) - story.readings.yearly(indicator, first))


def property_and_technology(story: Story) -> list[str]:
    """Homes, and whether technology makes up for the jobs that property loses."""
    first, last, say = story.readings.full_years[0], last_year(story), story.say
    if first == last:
        return [
            say(
                "The run holds one year only ({year}), so nothing can be said of how property and technology change.",
                year=last,
            )
        ]
    level = story.readings.estimate("house_price_index", first).mean
    price = between(story, "house_price_index", first, last)
    values = {"first": first, "last": last, "change": f"{100 * price.mean / level:+.0f}"}
    sentences = [
        say("From {first} to {last} the price of existing homes changes by {change} %.", **values)
        if price.certain
        else say(
            "From {first} to {last} the price of existing homes changes by {change} %, which is too close to call.",
            **values,
        )
    ]
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
    sentences.append(
        say(
            "Jobs at developers and in construction: {property}; in technology: {technology}.",
            property=_moved(lost, say), technology=_moved(gained, say),
        )
    )  # fmt: skip
    if lost.certain and lost.mean < 0 and gained.certain and gained.mean > 0:
        share = numbers.percent(gained.mean / -lost.mean, say, 0)
        sentences.append(
            say("Technology's new jobs are {share} of those that property and construction lost.", share=share)
        )
    return sentences


def _moved(jobs: Estimate, say: Speech) -> str:
    """Jobs gained or lost, with the interval."""
    size = numbers.change("employed", jobs.mean, say=say)
    if not math.isfinite(jobs.low):
        return say("{size} (one replication)", size=size)
    span = numbers.interval("employed", jobs.low, jobs.high, say=say)
    if not jobs.certain:
        return say("{size}, too close to call (95 % interval {interval})", size=size, interval=span)
    return say("{size} (95 % interval {interval})", size=size, interval=span)
