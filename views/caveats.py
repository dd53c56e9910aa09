"""What a reader must know before using the numbers: too few persons, too few replications, assumptions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from model.specification import in_force
from views.readings import ENOUGH_FOR_PERCENTILES

if TYPE_CHECKING:
    import pandas as pd

    from views.story import Story

GENERAL = (
    (
        "This is a model, not a forecast: it answers what would differ if one thing were otherwise, better than how "
        "high a rate will be."
    ),
    (
        "After their last published figure, growth, property and graduates go on as in their last twelve months: an "
        "assumption."
    ),
    (
        "How many jobs there are in the long run follows the labour force by assumption (a declared switch). Much of "
        "what drives slow change is not identified by the published months."
    ),
    (
        "No visa quota and no number of K visas issued is published: quota, diversion and jobs brought are "
        "assumptions with a range."
    ),
    (
        "The official series before 2023-07 counts students in school and other age groups. It is shown hollow and "
        "never joined to the later one. The total of all ages counts searching students throughout."
    ),
)


def flagged(summary: pd.DataFrame) -> list[str]:
    """One sentence per group that is fewer than 100 simulated persons, with the population that settles it."""
    rows = summary[summary["flagged"].astype(bool) & (summary["simulated_persons"] > 0) & summary["mean"].notna()]
    bases = rows["indicator"].map(
        lambda name: in_force().indicator[name].base if name in in_force().indicator else name
    )
    sentences = []
    for _, group in rows.groupby(bases, sort=False):
        labels = [
            in_force().indicator[name].label if name in in_force().indicator else name
            for name in dict.fromkeys(group["indicator"])
        ]
        years = sorted(int(year) for year in group["year"].unique())
        when = str(years[0]) if len(years) == 1 else f"{years[0]} to {years[-1]}"
        fewest, most = group["simulated_persons"].min(), group["simulated_persons"].max()
        count = f"{fewest:.0f}" if round(fewest) == round(most) else f"{fewest:.0f} to {most:.0f}"
        sentences.append(
            f"{', '.join(labels)}: only {count} simulated persons in {when}, fewer than the 100 asked "
            f"for{_settled(group, years[-1])}."
        )
    return sentences


def _settled(group: pd.DataFrame, last: int) -> str:
    """The population that would settle the last year, and the one that would settle every year."""
    ends = group[group["year"] == last]["population_needed"].max(), group["population_needed"].max()
    if not all(math.isfinite(end) for end in ends):
        return ""
    now, ever = (round_up(float(end)) for end in ends)
    every = f" ({ever:,} every year)" if ever > now else ""
    return f"; a population of {now:,} would settle {last}{every}"


def round_up(value: float) -> int:
    """A population rounded up to two figures."""
    step = 10 ** max(0, len(str(int(value))) - 2)
    return int(-(-value // step) * step)


def own_mechanisms() -> list[str]:
    """What stands beside the built-in mechanisms, where somebody added some."""
    return [
        f"With a mechanism of one's own: {each.title} ({each.origin.name if each.origin else each.id}, "
        f"sha256 {each.fingerprint[:12]}). {each.text}"
        for each in in_force().own
    ]


def caveats(story: Story) -> list[str]:
    """Everything to know before using this run's numbers, the most pressing first."""
    replications = len(story.readings.replications)
    found = []
    if replications == 1:
        found.append("One replication is an anecdote: no interval can be given. Ask for at least ten.")
    elif replications < ENOUGH_FOR_PERCENTILES:
        found.append(f"With {replications} replications the intervals are wide and bands show the whole range.")
    return found + own_mechanisms() + flagged(story.summary) + list(GENERAL)
