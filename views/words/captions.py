"""The words around each figure: what it shows, what it says to those who cannot see it, and its numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from model.specification import in_force
from views.report.blame import ceiling_share, first_month, with_visa
from views.report.official import published
from views.terminal.tables import last_full_year
from views.words import numbers
from views.words.difference_wording import compared, name_of
from views.words.groups import RATE, by_occupation, group_name, occupation_title, of_year
from views.words.language import Speech, phrase
from views.words.visa_wording import NOBODY
from views.words.wording import last_year

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from views.report.story import Story

YOUTH = "unemployment_rate_16_24"
BY_AGE = (YOUTH, "unemployment_rate_25_29", "unemployment_rate_30_59", "unemployment_rate")
PROPERTY = ("house_price_index", "home_sales_index", "home_starts_index", "developer_defaults", "foreclosed_homes")
TECHNOLOGY = (
    "employment_tech",
    "employment_construction",
    "employment_developers",
    "technology_share_of_gdp",
    "property_share_of_gdp",
    "unemployment_rate_over_35",
)
VISA = ("k_visa_stock", "k_visa_arrivals", "perceived_visa_share", "backlash")


@dataclass(frozen=True, slots=True)
class Numbers:
    """A small table of texts: heads of columns, then rows."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands around one figure."""

    text: str
    alternative: Callable[[Story], str]
    table: Callable[[Story], Numbers]


def trace(story: Story, indicator: str) -> str:
    """One series in words: where it starts, where it ends, where it is highest."""
    band = story.readings.band(indicator)
    say, years = story.say, (story.readings.full_years[0], last_year(story))
    label = say.label(in_force().indicator[indicator])
    if not band.exists:
        return say("{label}: nothing in this run.", label=label)
    highest = int(np.nanargmax(band.mean))
    start, end = (numbers.amount(indicator, story.readings.estimate(indicator, year).mean, say) for year in years)
    told: dict[str, object] = {
        "label": label, "first": years[0], "start": start, "last": years[1], "end": end,
        "month": story.readings.months[highest], "peak": numbers.amount(indicator, float(band.mean[highest]), say),
    }  # fmt: skip
    if years[0] == years[1]:
        return say("{label}: {end} in {last}; highest in {month} at {peak}.", **told)
    return say("{label}: {start} in {first} and {end} in {last}; highest in {month} at {peak}.", **told)


def traces(*indicators: str) -> Callable[[Story], str]:
    """Several series in words."""
    return lambda story: story.say.joined(trace(story, indicator) for indicator in indicators)


def by_year(*indicators: str) -> Callable[[Story], Numbers]:
    """Yearly means of several indicators."""

    def table(story: Story) -> Numbers:
        years = story.readings.years
        rows = [
            [
                str(year),
                *(numbers.amount(name, story.readings.estimate(name, year).mean, story.say) for name in indicators),
            ]
            for year in years
        ]
        heads = [story.say("Year"), *(story.say.label(in_force().indicator[name]) for name in indicators)]
        return Numbers(heads, rows)

    return table


def season_table(story: Story) -> Numbers:
    """Every official month of the young inside the run, beside the model."""
    means = dict(zip(story.readings.months, story.readings.band(YOUTH).mean.tolist(), strict=True))
    shared = {month: rate for month, rate in published(YOUTH).items() if month in means}
    chosen = list(shared) or list(means)[-12:]
    say = story.say
    return Numbers(
        [say("Month"), say("Model"), say("Official")],
        [
            [month, numbers.amount(YOUTH, means[month], say), numbers.amount(YOUTH, shared.get(month, math.nan), say)]
            for month in chosen
        ],
    )


def season_words(story: Story) -> str:
    """Trough and peak of the latest year."""
    year = last_year(story)
    band = story.readings.band(YOUTH).mean
    months = [
        (float(value), month)
        for value, month in zip(band, story.readings.months, strict=True)
        if month.startswith(str(year)) and math.isfinite(value)
    ]
    if not months:
        return story.say("No month of youth unemployment in this run.")
    low, high = min(months), max(months)
    return story.say(
        "In {year} the model's youth rate is lowest in {first} at {low} and highest in {last} at {high}.",
        year=year, first=low[1], low=numbers.amount(YOUTH, low[0], story.say),
        last=high[1], high=numbers.amount(YOUTH, high[0], story.say),
    )  # fmt: skip


def visa_words(story: Story) -> str:
    """The visa's series in words, the ceiling included."""
    story = with_visa(story)
    if first_month(story.readings) is None:
        return story.say(NOBODY)
    most = float(np.nanmax(ceiling_share(story.readings).mean(axis=0)))
    ceiling = story.say(
        "The ceiling never exceeds {share} of the unemployed.", share=numbers.percent(most, story.say, 2)
    )
    return story.say.joined([traces(*VISA)(story), ceiling])


def graph_words(story: Story) -> str:
    """The biggest occupations in words."""
    from views.figures.job_graph import jobs, moves, named_graph

    say, table = story.say, jobs().sort_values("million_jobs", ascending=False)
    biggest = [
        say("{title} ({jobs})", title=_title(row, say), jobs=numbers.count(1e6 * jobs_held, say))
        for row, jobs_held in zip(table.head(5).itertuples(), table["million_jobs"].tolist(), strict=False)
    ]
    return say(
        "A network of {occupations} occupations and their {moves} likeliest moves. The biggest: {biggest}.",
        occupations=len(table), moves=moves(named_graph(story)).number_of_edges(), biggest=say.listed(biggest),
    )  # fmt: skip


def _title(row: Any, say: Speech) -> str:
    """What an occupation is called."""
    return str(row.title_zh if say.language == "zh" else row.title)


def graph_table(story: Story) -> Numbers:
    """Occupations by jobs."""
    from views.figures.job_graph import group_of, jobs

    say, table = story.say, jobs().sort_values("million_jobs", ascending=False)
    return Numbers(
        [say("Occupation"), say("Group"), say("Jobs in 2023, million")],
        [
            [_title(row, say), say(group_of(str(row.main_sector))[0]), f"{row.million_jobs:.1f}"]
            for row in table.itertuples()
        ],
    )


def difference_words(story: Story) -> str:
    """The paired differences of the last full year in words."""
    comparison, say = story.comparison, story.say
    if comparison is None:
        return ""
    from views.figures.difference import chosen

    parts = []
    for name in chosen(comparison):
        row = compared(comparison, name, last_year(story))
        if row is not None:
            size = numbers.change(name, float(row["difference"]), say=say)
            span = numbers.interval(name, float(row["low"]), float(row["high"]), say=say)
            parts.append(say("{what} {size} ({interval})", what=name_of(name, say), size=size, interval=span))
    return say("Reform less baseline in {year}: {parts}.", year=last_year(story), parts=say("; ").join(parts))


def who_gains_words(story: Story) -> str:
    """Who gains most and who loses most in the last full year."""
    rows = _groups(story)
    if rows.empty:
        return ""
    told = [f"{group_name(row, story.say)} {numbers.change(RATE, float(row['difference']), say=story.say)}"
            for _, row in rows.iloc[[0, -1]].iterrows()]  # fmt: skip
    return story.say("Change of the share in work: most {most}, least {least}.", most=told[0], least=told[1])


def who_gains_table(story: Story) -> Numbers:
    """The paired differences of the last full year, group by group."""
    say, rows = story.say, []
    for _, row in _groups(story).iterrows():
        difference, low, high = (float(row[column]) for column in ("difference", "low", "high"))
        levels = [numbers.amount(RATE, float(row[side]), say) for side in ("baseline", "reform")]
        change, span = numbers.change_with_interval(RATE, difference, low, high, say=say)
        rows.append([group_name(row, say), *levels, change, span])
    heads = [say("Share in work"), say("Baseline"), say("Reform"), say("Difference"), say("95 % interval")]
    return Numbers(heads, rows)


def _groups(story: Story) -> pd.DataFrame:
    comparison = story.comparison
    assert comparison is not None  # noqa: S101 - the figure is drawn of comparisons only
    assert comparison.groups is not None  # noqa: S101 - and where there are groups
    return of_year(comparison.groups, last_full_year(comparison))


def occupations_words(story: Story) -> str:
    """In how many occupations unemployment rises or falls for sure in the last year, and where most."""
    rows, say = _occupations(story), story.say
    rows = rows[rows["year"] == rows["year"].max()]
    if rows.empty:
        return ""
    up, down = int((rows["low"] > 0).sum()), int((rows["high"] < 0).sum())
    told = [f"{occupation_title(str(row['group']), say)} {numbers.change(RATE, float(row['difference']), say=say)}"
            for _, row in rows.iloc[[0, -1]].iterrows()]  # fmt: skip
    return say(
        "In {year} unemployment is surely higher in {up} and surely lower in {down} of {all} occupations: most "
        "{most}, least {least}.",
        year=int(rows["year"].iloc[0]), up=up, down=down, all=len(rows), most=told[0], least=told[1],
    )  # fmt: skip


def occupations_table(story: Story) -> Numbers:
    """The paired difference of every occupation, year by year."""
    say, rows = story.say, []
    for _, row in _occupations(story).iterrows():
        difference, low, high = (float(row[column]) for column in ("difference", "low", "high"))
        change, span = numbers.change_with_interval(RATE, difference, low, high, say=say)
        level = numbers.amount(RATE, float(row["baseline"]), say)
        rows.append([occupation_title(str(row["group"]), say), str(int(row["year"])), level, change, span])
    return Numbers([say("Occupation"), say("Year"), say("Baseline"), say("Difference"), say("95 % interval")], rows)


def _occupations(story: Story) -> pd.DataFrame:
    comparison = story.comparison
    assert comparison is not None  # noqa: S101 - the figure is drawn of comparisons only
    assert comparison.groups is not None  # noqa: S101 - and where there are groups
    return by_occupation(comparison.groups)


def difference_table(story: Story) -> Numbers:
    """Every year's paired difference of what the figure shows."""
    comparison, say = story.comparison, story.say
    if comparison is None:
        return Numbers([], [])
    from views.figures.difference import chosen

    rows = []
    for name in chosen(comparison):
        for _, row in comparison.years[comparison.years["indicator"] == name].iterrows():
            values = [float(row[column]) for column in ("baseline", "reform", "difference", "low", "high")]
            rows.append(
                [
                    say.label(in_force().indicator[name]),
                    str(int(row["year"])),
                    numbers.amount(name, values[0], say),
                    numbers.amount(name, values[1], say),
                    numbers.change(name, values[2], say=say),
                    numbers.interval(name, values[3], values[4], say=say),
                ]
            )
    heads = [say("Indicator"), say("Year"), say("Baseline"), say("Reform"), say("Difference"), say("95 % interval")]
    return Numbers(heads, rows)


CAPTIONS: dict[str, Caption] = {
    "difference": Caption(
        phrase(
            "Left: both runs. Right: reform less baseline, pair by pair with common random numbers, with the 95 % "
            "interval of the mean. Where the interval covers zero the sign is too close to call."
        ),
        difference_words,
        difference_table,
    ),
    "who_gains": Caption(
        phrase(
            "Reform less baseline by group of people, pair by pair with common random numbers; lines are 95 % "
            "intervals of the mean, hollow bars have an interval that covers zero. A person is in several groups: by "
            "age, education, gender and hukou. A star marks fewer than 100 simulated persons."
        ),
        who_gains_words,
        who_gains_table,
    ),
    "occupations": Caption(
        phrase(
            "Unemployment of those whose last job was in an occupation, reform less baseline: orange where it rises, "
            "blue where it falls. A number stands where the 95 % interval leaves zero out; a star marks fewer than 100 "
            "simulated persons."
        ),
        occupations_words,
        occupations_table,
    ),
    "unemployment_by_age": Caption(
        phrase(
            "The model's mean, its band over replications and three single replications, beside the statistics "
            "bureau's months. Hollow dots follow an earlier definition (students counted; ages 25-59 in the third "
            "panel) and cannot be compared with the model. The upright axes do not start at zero."
        ),
        traces(*BY_AGE),
        by_year(*BY_AGE),
    ),
    "youth_season": Caption(
        phrase(
            "Youth unemployment falls to June and jumps in July and August, when a new class looks for work. Pale "
            "lines are early years."
        ),
        season_words,
        season_table,
    ),
    "property": Caption(
        phrase(
            "Prices, sales and starts are indices; defaults count the developers in the simulation; foreclosed homes "
            "are those listed for sale."
        ),
        traces(*PROPERTY),
        by_year(*PROPERTY),
    ),
    "technology_and_age_35": Caption(
        phrase(
            "Technology's share of the economy and of jobs against property's; layoffs and unemployment on either "
            "side of the age of 35."
        ),
        traces(*TECHNOLOGY),
        by_year(*TECHNOLOGY),
    ),
    "visa_and_backlash": Caption(
        phrase(
            "What the visa can explain. The ceiling supposes that every job a K-visa holder has was taken from "
            "somebody who is now unemployed; 'measured' counts jobs held less jobs brought. Both as a share of the "
            "unemployed."
        ),
        visa_words,
        lambda story: by_year(*VISA)(with_visa(story)),
    ),
    "beveridge_curve": Caption(
        phrase(
            "Unemployment against vacancies. China publishes no vacancy rate, so this curve cannot be checked directly."
        ),
        traces("unemployment_rate", "vacancy_rate"),
        by_year("unemployment_rate", "vacancy_rate", "tightness"),
    ),
    "job_graph": Caption(
        phrase(
            "People look for work in their own occupation and one step away. Sizes are jobs in 2023, shapes and "
            "colours the sector with most of them; only the likeliest moves are drawn. It is an input, the same in "
            "every run."
        ),
        graph_words,
        graph_table,
    ),
}
