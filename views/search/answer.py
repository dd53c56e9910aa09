"""What a policy search looks like: the frontier as a table, plain sentences, and figures."""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl

from experiments.search.measures import PRICE, SPENDING
from experiments.search.order import AS_IT_IS
from model.results import SEEDS_OF_A_DRAW
from views.batch.sheet import label as path_label
from views.batch.sheet import short_number
from views.figures import save
from views.figures.canvas import settings
from views.search.figure import draw_frontier, draw_levers
from views.words.caveats import round_up
from views.words.difference_wording import what_intervals_hold
from views.words.policy_words import change, interval, label, policy_in_words, scale, short, subject

if TYPE_CHECKING:
    import pandas as pd

    from experiments.search.policy_file import PolicySearch
    from experiments.search.results import SearchResults

_NARROWEST, _LEVER = 60, 20


def draw_search(results: SearchResults, folder: Path) -> None:
    """Draws the figures into folder/figures, as PNG and SVG."""
    target = folder / "figures"
    target.mkdir(exist_ok=True)
    with mpl.rc_context(settings(None)):  # type: ignore[arg-type]
        for name, draw in (("frontier", draw_frontier), ("levers", draw_levers)):
            save(name, partial(draw, results), target)


def render_search(results: SearchResults, width: int) -> str:
    """The frontier, point by point, then what it says in sentences."""
    search, width = results.search, max(width, _NARROWEST)
    lines = [
        f"{search.name}: the frontier, each point run again with {search.confirm} fresh seeds",
        "changes against the scenario as it is; 95 % interval in brackets, below it what the search had seen",
        "",
    ]
    lines += _table(results, width)
    return "\n".join([*(line[:width].rstrip() for line in lines), "", *sentences(results)])


def _table(results: SearchResults, width: int) -> list[str]:
    search, rows = results.search, [row for _, row in results.frontier.iterrows()]
    columns: list[list[str]] = [
        ["", *(part for row in rows for part in (_name(row), "" if row["stays"] else "beaten"))]
    ]
    for lever in search.levers:
        head = path_label(lever.path, _LEVER)
        columns.append([head, *(part for row in rows for part in (short_number(float(row[lever.path])), ""))])
    for target in search.targets:
        factor, unit = scale(target.name, float(results.frontier[target.name].abs().max()))
        cells = [part for row in rows for part in _target(row, target.name, factor)]
        columns.append([f"{label(target.name)}, {unit}".rstrip(", "), *cells])
    rooms = [max(map(len, column)) for column in columns]
    # Levers before targets, unless there is no room for both: what a policy brings matters more than what it is.
    levers = range(1, len(search.levers) + 1)
    shown = list(range(len(columns)))
    for place in reversed(levers):
        if sum(rooms[each] + 2 for each in shown) - 2 > width:
            shown.remove(place)
    lines = []
    for number, line in enumerate(zip(*(columns[place] for place in shown), strict=True)):
        text = "  ".join(f"{cell:<{rooms[place]}}" for place, cell in zip(shown, line, strict=True)).rstrip()
        if number % 2 == 1 or number == 0 or text:
            lines.append(text)
    left_out = len(columns) - len(shown)
    if left_out:
        lines.append(f"({left_out} lever{'s' if left_out > 1 else ''} left out for want of room; frontier.csv has all)")
    return lines


def _name(row: pd.Series) -> str:
    return "as it is" if row["point"] == AS_IT_IS else f"point {int(row['point'])}"


def _target(row: pd.Series, name: str, factor: float) -> tuple[str, str]:
    """The confirmed change with its interval, and below it what was seen while searching."""
    if row["point"] == AS_IT_IS:
        return "0", ""
    found, low, high, seen = (factor * float(row[f"{name}{end}"]) for end in ("", "_low", "_high", "_searched"))
    span = f" ({short(name, low)} to {short(name, high)})" if math.isfinite(low) else ""
    return short(name, found) + span, short(name, seen)


# --- sentences ------------------------------------------------------------------------------------


def sentences(results: SearchResults) -> list[str]:
    """What was found, in plain words, made by rules from the numbers."""
    search, frontier = results.search, results.frontier
    policies = frontier[frontier["point"] != AS_IT_IS]
    stay = int(policies["stays"].sum())
    tried, found = len(results.table) - 1, results.searched_frontier
    few = "" if len(policies) == found else f" {len(policies)} of them, which span all,"
    first = (
        f"Of {tried} policies tried {found} were beaten by no other;{few or ' they'} were run again with "
        f"{search.confirm} fresh seeds each, and {stay} still are not."
    )
    held = what_intervals_hold(min(len(search.draws), search.confirm // SEEDS_OF_A_DRAW))
    told = [first, *_flattery(results), *_choices(results), *held]
    for name, needed in results.too_few.items():
        settled = f"; a population of {round_up(needed):,} would settle it" if needed else ""
        told.append(f"{label(name)} rests on fewer than 100 simulated persons{settled}.")
    return told


def _flattery(results: SearchResults) -> list[str]:
    """The winner's curse: how much of what the search saw was luck."""
    told = [
        f"{subject(name)} {change(name, abs(flattered)).lstrip('+')} {'better' if flattered > 0 else 'worse'}"
        for name, flattered in results.optimism.items()
        if name != SPENDING and math.isfinite(flattered)
    ]
    if not told:
        return []
    lucky = " and ".join(told)
    return [f"Fresh seeds say how much was luck (the winner's curse): on average the search had seen {lucky}."]


def _choices(results: SearchResults) -> list[str]:
    """The strongest policy for each target but spending, and the cheapest that surely helps the first."""
    search = results.search
    good = results.frontier[results.frontier["stays"] & (results.frontier["point"] != AS_IT_IS)]
    told = []
    for target in search.targets:
        if target.name == SPENDING or good.empty:
            continue
        best = good.sort_values(target.name, ascending=not target.maximise).iloc[0]
        told.append(f"Most for {subject(target.name)}: {_told(search, best, target.name)}.")
    first = search.targets[0]
    if SPENDING in good and first.name != SPENDING:
        sure = good[good[f"{first.name}_low"] > 0] if first.maximise else good[good[f"{first.name}_high"] < 0]
        if sure.empty:
            told.append(f"No policy that stays on the frontier surely helps {subject(first.name)}.")
        else:
            cheapest = sure.sort_values(SPENDING).iloc[0]
            told.append(f"Cheapest that surely helps {subject(first.name)}: {_told(search, cheapest, first.name)}.")
    priced = good[good[PRICE] > 0] if PRICE in good else good.head(0)
    if not priced.empty:
        ends = dict.fromkeys(f"{float(f'{price:.2g}'):,.0f}" for price in (priced[PRICE].min(), priced[PRICE].max()))
        told.append(f"A jobless person of 16-24 less costs {' to '.join(ends)} yuan a year on the frontier.")
    return told


def _told(search: PolicySearch, row: pd.Series, name: str) -> str:
    """A point of the frontier: its effect, what it costs, what it moves."""
    span = interval(name, float(row[f"{name}_low"]), float(row[f"{name}_high"]))
    cost = f" for {change(SPENDING, float(row[SPENDING])).lstrip('+')}" if SPENDING in row else ""
    moved = policy_in_words(search, {lever.path: float(row[lever.path]) for lever in search.levers})
    return f"point {int(row['point'])}, {change(name, float(row[name]))} ({span}){cost} [{moved}]"
