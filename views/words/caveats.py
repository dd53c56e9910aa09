"""What a reader must know before using the numbers: too few persons, too few replications, assumptions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from model.scenario.limits import beyond_knowledge
from model.scenario.scenario import Scenario
from model.specification import in_force
from views.report.readings import ENOUGH_FOR_PERCENTILES
from views.words.changes import label
from views.words.difference_wording import what_intervals_hold
from views.words.language import ENGLISH, Speech, phrase

if TYPE_CHECKING:
    import pandas as pd

    from views.report.story import Story

GENERAL = (
    phrase(
        "This is a model, not a forecast: it answers what would differ if one thing were otherwise better than how "
        "high a rate will be."
    ),
    phrase(
        "After their last published figure, growth, property and graduates go on as in their last twelve months: an "
        "assumption."
    ),
    phrase(
        "How many jobs there are in the long run follows the labour force by assumption (a declared switch). Much of "
        "what drives slow change is not identified by the published months."
    ),
    phrase(
        "No visa quota and no number of K visas issued is published: quota, diversion and jobs brought are "
        "assumptions with a range."
    ),
    phrase(
        "The official series before 2023-07 counts students in school and other age groups. It is shown hollow and "
        "never joined to the later one. The total of all ages counts searching students throughout."
    ),
)


def flagged(summary: pd.DataFrame, say: Speech = ENGLISH) -> list[str]:
    """One sentence per group that is fewer than 100 simulated persons, with the population that settles it."""
    declared = in_force().indicator
    rows = summary[summary["flagged"].astype(bool) & (summary["simulated_persons"] > 0) & summary["mean"].notna()]
    bases = rows["indicator"].map(lambda name: declared[name].base if name in declared else name)
    sentences = []
    for _, group in rows.groupby(bases, sort=False):
        labels = [say.label(declared[name]) if name in declared else name for name in dict.fromkeys(group["indicator"])]
        years = sorted(int(year) for year in group["year"].unique())
        fewest, most = (f"{end:.0f}" for end in (group["simulated_persons"].min(), group["simulated_persons"].max()))
        told: dict[str, object] = {
            "what": say.listed(labels), "count": _range(fewest, most, say),
            "years": _range(str(years[0]), str(years[-1]), say),
        }  # fmt: skip
        sentences.append(say(
            "{what}: only {count} simulated persons in {years}, fewer than the 100 asked for{settled}.",
            settled=_settled(group, years[-1], say), **told,
        ))  # fmt: skip
    return sentences


def _range(low: str, high: str, say: Speech) -> str:
    return low if low == high else say("{low} to {high}", low=low, high=high)


def _settled(group: pd.DataFrame, last: int, say: Speech) -> str:
    """The population that would settle the last year, and the one that would settle every year."""
    ends = group[group["year"] == last]["population_needed"].max(), group["population_needed"].max()
    if not all(math.isfinite(end) for end in ends):
        return ""
    now, ever = (round_up(float(end)) for end in ends)
    if ever > now:
        told = {"now": f"{now:,}", "year": last, "ever": f"{ever:,}"}
        return say("; a population of {now} would settle {year} ({ever} every year)", **told)
    return say("; a population of {now} would settle {year}", now=f"{now:,}", year=last)


def round_up(value: float) -> int:
    """A population rounded up to two figures."""
    step = 10 ** max(0, len(str(int(value))) - 2)
    return int(-(-value // step) * step)


def own_mechanisms(say: Speech = ENGLISH) -> list[str]:
    """What stands beside the built-in mechanisms, where somebody added some."""
    return [
        say(
            "With a mechanism of one's own: {title} ({file}, sha256 {digest}). {text}",
            title=(say.language == "zh" and each.title_zh) or each.title,
            text=each.text,
            file=each.origin.name if each.origin else each.id,
            digest=each.fingerprint[:12],
        )
        for each in in_force().own
    ]


def beyond(scenario: object, say: Speech = ENGLISH) -> list[str]:
    """Where the scenario leaves what the model can say."""
    if not isinstance(scenario, Scenario):
        return []
    return [
        say(
            "{what} is {value}, outside {low} to {high}: beyond all that the model has been held against. Read the "
            "answer as arithmetic of its rules.",
            what=label(each.path, say),
            value=f"{each.value:g}",
            low=f"{each.parameter.known[0]:g}",
            high=f"{each.parameter.known[1]:g}",
        )
        for each in beyond_knowledge(scenario)
        if each.parameter.known is not None
    ]


def caveats(story: Story) -> list[str]:
    """Everything to know before using this run's numbers, the most pressing first."""
    replications, say = len(story.readings.replications), story.say
    found = []
    if replications == 1:
        found.append(say("One replication is an anecdote: no interval can be given. Ask for at least ten."))
    elif replications < ENOUGH_FOR_PERCENTILES:
        found.append(
            say("With {n} replications the intervals are wide and bands show the whole range.", n=replications)
        )
    return (
        found
        + own_mechanisms(say)
        + beyond(story.scenario, say)
        + flagged(story.summary, say)
        + what_intervals_hold(story.comparison.draws if story.comparison else 0, say)
        + [say(each) for each in GENERAL]
    )
