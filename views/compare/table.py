"""The table a policy paper prints: indicators down, scenarios across, each cell a paired difference with its doubt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from model.specification import in_force
from views.terminal.tables import ROWS, last_full_year
from views.words import numbers
from views.words.caveats import round_up
from views.words.difference_wording import SAME, YOUTH, certainty, what_intervals_hold
from views.words.groups import GROUPS, RATE, group_name, of_year
from views.words.language import ENGLISH, Speech, phrase

if TYPE_CHECKING:
    from experiments.compare.comparison import Comparison

#: Whose highest month is shown where nothing is asked for.
PEAKS = (YOUTH, "unemployment_rate", "unemployment_rate_over_35", "unemployment_rate_graduates")
#: From this chance on it is told with a decimal, and from the next on as more than that.
_NEARLY_SURE, _SURE = 0.99, 0.9995


@dataclass(frozen=True, slots=True)
class Cell:
    """What one scenario changes: the difference, its interval, and the chance that the sign is right."""

    change: str
    interval: str = ""
    chance: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator: its level in the baseline and what each scenario changes; `short` is its label in a terminal."""

    label: str
    short: str
    baseline: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """Lines under one title."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PolicyTable:
    """The whole table; `rows` holds the numbers behind it, unrounded."""

    baseline: str
    scenarios: tuple[str, ...]
    year: int
    panels: tuple[Panel, ...]
    notes: tuple[str, ...]
    rows: pd.DataFrame


def policy_table(
    comparisons: Sequence[Comparison], indicators: Sequence[str] = (), year: int | None = None, say: Speech = ENGLISH
) -> PolicyTable:
    """The table of several scenarios against their one baseline: a year, the headline by year, and peaks."""
    year = last_full_year(comparisons[0]) if year is None else year
    shown = list(indicators) or [name for name, _ in ROWS]
    headline = indicators[0] if indicators else YOUTH
    first = int(comparisons[0].since[:4])
    yearly = pd.concat([each.years.assign(scenario=each.reform) for each in comparisons], ignore_index=True)
    peaks = pd.concat([each.peaks.assign(scenario=each.reform) for each in comparisons], ignore_index=True)
    label = say.label(in_force().indicator[headline])
    parts = {
        say("In {year}", year=year): (
            yearly[(yearly["year"] == year) & yearly["indicator"].isin(shown)],
            "indicator",
            shown,
        ),
        say("{label}, by year", label=label): (
            yearly[(yearly["year"] >= first) & (yearly["indicator"] == headline)],
            "year",
            sorted(set(yearly["year"][yearly["year"] >= first])),
        ),
        say("At the peak since {month}", month=comparisons[0].since): (
            peaks[peaks["indicator"].isin(indicators or PEAKS)],
            "indicator",
            list(indicators or PEAKS),
        ),
    }
    names = tuple(each.reform for each in comparisons)
    panels = tuple(_panel(title, *part, names, say) for title, part in parts.items())
    rows = pd.concat([rows.assign(panel=title) for title, (rows, _, _) in parts.items()], ignore_index=True)
    order = ["panel", "scenario", "indicator", "year"]
    rows = rows[order + [name for name in rows.columns if name not in order]]
    panels = (*panels, _who_gains(comparisons, year, say))
    filled = tuple(panel for panel in panels if panel.lines)
    notes = _notes(rows, comparisons[0].draws, say)
    return PolicyTable(comparisons[0].baseline, names, year, filled, notes, rows)


def _panel(
    title: str, rows: pd.DataFrame, key: str, wanted: Sequence[object], names: Sequence[str], say: Speech
) -> Panel:
    """One line for each indicator or year in which some scenario can be compared."""
    words = dict(ROWS)
    lines = []
    for value in wanted:
        found = {
            str(row["scenario"]): row for _, row in rows[(rows[key] == value) & rows["difference"].notna()].iterrows()
        }
        if not found:
            continue
        first = next(iter(found.values()))
        indicator = str(first["indicator"])
        label = str(value) if key == "year" else say.label(in_force().indicator[indicator])
        short = label if key == "year" else words.get(indicator, label)
        cells = tuple(_cell(found[name], say) if name in found else Cell(say(numbers.MISSING)) for name in names)
        level = numbers.amount(indicator, float(first["baseline"]), say).replace(" million", " m")
        lines.append(Line(label, short, level, cells))
    return Panel(title, tuple(lines))


def _who_gains(comparisons: Sequence[Comparison], year: int, say: Speech) -> Panel:
    """The share in work by group of people; no lines where people were not counted by group."""
    title = say("Who gains, who loses: share in work in {year}", year=year)
    found: dict[tuple[str, str], list[pd.Series]] = {key: [] for key in GROUPS}
    for each in comparisons:
        if each.groups is not None:
            rows = of_year(each.groups, year).assign(indicator=RATE)
            for _, row in rows.iterrows():
                found[row["dimension"], row["group"]].append(row)
    told = []
    for group in found.values():
        if len(group) == len(comparisons):
            name, level = group_name(group[0], say), numbers.amount(RATE, float(group[0]["baseline"]), say)
            told.append(Line(name, name, level, tuple(_cell(row, say) for row in group)))
    return Panel(title, tuple(told))


def _cell(row: pd.Series, say: Speech) -> Cell:
    indicator = str(row["indicator"])
    difference, low, high = (float(row[name]) for name in ("difference", "low", "high"))
    if certainty(indicator, difference, low, high) == SAME:
        return Cell(say("same"))
    level = max(abs(float(row[side])) for side in ("baseline", "reform"))
    change, interval = numbers.change_with_interval(indicator, difference, low, high, level, say)
    if numbers.negligible(indicator, difference, low, high):
        return Cell(change)
    star = "*" if row.get("flagged") == 1 else ""  # peaks have no flag
    return Cell(change + star, interval, chance_in_words(float(row["chance_sign_right"]), say))


def chance_in_words(chance: float, say: Speech = ENGLISH) -> str:
    """The chance that a sign is right: `97 %`, `99.3 %`, `>99.9 %`; nothing where it cannot be told."""
    if not math.isfinite(chance):
        return ""
    if chance >= _SURE:
        return say(">{share}", share=numbers.percent(0.999, say))
    return numbers.percent(chance, say, 1 if chance >= _NEARLY_SURE else 0)


def _notes(rows: pd.DataFrame, draws: int, say: Speech) -> tuple[str, ...]:
    """How to read it, over how many pairs, and what too few simulated persons carry."""
    pairs = int(rows["replications"].max())
    told = [say("Scenario less baseline. Peak: each run's own highest month.")]
    if pairs < 2:
        told.append(say("One pair of runs is an anecdote: no interval can be given."))
    else:
        told.append(
            say(
                "{n} pairs of runs with common random numbers: the 95 % interval of the mean difference in round "
                "brackets, the chance that its sign is right in square ones.",
                n=pairs,
            )
        )
    told += what_intervals_hold(draws, say)
    flagged = rows[rows["flagged"] == 1]
    needed = flagged["population_needed"].max()
    if len(flagged):
        text = phrase("* rests on fewer than 100 simulated persons.")
        if math.isfinite(needed):
            text = phrase("* rests on fewer than 100 simulated persons; a population of {needed} would settle it.")
        told.append(say(text, needed=f"{round_up(needed):,}" if math.isfinite(needed) else ""))
    return tuple(told)
