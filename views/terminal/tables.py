"""Tables for the terminal: a run in years, a comparison in one."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING

from model.specification import in_force
from views.words import numbers
from views.words.caveats import flagged, round_up
from views.words.difference_wording import TOO_CLOSE, certainty, what_intervals_hold
from views.words.groups import RATE, group_name, of_year
from views.words.language import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from experiments.compare.comparison import Comparison
    from views.report.story import Asked

#: What is shown, with the words of the first column.
ROWS = (
    ("unemployment_rate_16_24", "unemployment 16-24"),
    ("unemployment_rate_25_29", "             25-29"),
    ("unemployment_rate_30_59", "             30-59"),
    ("unemployment_rate_over_35", "             35 and over"),
    ("unemployment_rate", "             all ages"),
    ("unemployment_rate_graduates", "recent graduates"),
    ("labour_force", "labour force"),
    ("vacancy_rate", "vacancy rate"),
    ("employment_tech", "technology jobs"),
    ("employment_construction", "construction jobs"),
    ("house_price_index", "house prices"),
    ("home_starts_index", "housing starts"),
    ("k_visa_stock", "K-visa holders"),
    ("perceived_visa_share", "index of anger"),
)
#: Below them, under a line of their own: how work, pay and consumption are shared.
SHARED = (
    ("unemployment_rate_women", "unemployment of women"),
    ("underemployment_share", "less work than wanted"),
    ("low_pay_share", "below a living wage"),
    ("consumption_least_housing", "consumption, few homes"),
    ("consumption_most_housing", "            many homes"),
)
#: Both, in the order of the table.
TOLD = (*ROWS, *SHARED)
LABEL = 25
#: So many groups are named that gain, and that lose.
_MOST_GROUPS = 4
NARROWEST = 60
_YEARS_WANTED = (2021, 2024)
_BOLD, _DIM, _END = "\033[1m", "\033[2m", "\033[0m"


def render_summary(summary: pd.DataFrame, scenario: Asked, width: int, colour: bool) -> str:
    """A run in a few chosen years: mean and half-width of the 95 % interval, flagged numbers marked."""
    width = max(width, NARROWEST)
    years = _years(summary, (width - LABEL) // 16)
    lines = [
        bold(f"{scenario.name}: means of each year, ± 95 % interval", colour, width),
        dim(" " * LABEL + "".join(f"{year:>16}" for year in years), colour),
    ]
    marked = False
    rows = {(str(row["indicator"]), int(row["year"])): row for _, row in summary.iterrows()}
    for indicator, words in TOLD:
        if indicator == SHARED[0][0]:
            lines.append(dim("who fares how", colour))
        cells = [_cell(rows.get((indicator, year)), indicator) for year in years]
        if all(cell.strip() in ("", numbers.MISSING) for cell in cells):
            continue
        marked = marked or any("*" in cell for cell in cells)
        lines.append(f"{words:<{LABEL}}" + "".join(f"{cell:>16}" for cell in cells))
    lines.append(dim("house prices, starts and consumption: 2018-01 = 100", colour))
    if (summary["replications"] <= 1).all():
        lines.append(dim("one replication is an anecdote: no interval can be given", colour))
    if marked:
        shown = summary[summary["year"].isin(years) & summary["indicator"].isin([name for name, _ in TOLD])]
        lines += _notes([f"* {sentence}" for sentence in flagged(shown)], width, colour)
    return "\n".join(lines)


def _years(summary: pd.DataFrame, most: int) -> list[int]:
    """The first and last year and, as far as there is room, 2021 and 2024."""
    there = sorted(int(year) for year in summary["year"].unique())
    wanted = [there[-1], there[0], *(year for year in reversed(_YEARS_WANTED) if year in there)]
    kept = sorted(dict.fromkeys(wanted))
    if len(kept) > max(most, 1):
        kept = sorted(list(dict.fromkeys(wanted))[: max(most, 1)])
    return kept


def _cell(row: pd.Series | None, indicator: str) -> str:
    """`16.4 ±0.2 %`, with a star when too few simulated persons carry it."""
    if row is None:
        return numbers.MISSING
    mean, half = float(row["mean"]), (float(row["high"]) - float(row["low"])) / 2
    if not math.isfinite(mean):
        return numbers.MISSING
    star = "*" if bool(row["flagged"]) and float(row["simulated_persons"]) > 0 else " "
    return _with_half(indicator, mean, half) + star


def _with_half(indicator: str, mean: float, half: float) -> str:
    """A level and the half-width of its interval in one unit."""
    known = math.isfinite(half)
    if numbers.is_percent(indicator):
        return f"{100 * mean:.1f} ±{100 * half:.1f} %" if known else f"{100 * mean:.1f} %"
    if in_force().indicator[indicator].kind == "count" and abs(mean) >= 999_500:
        places = 0 if abs(mean) >= 99_950_000 and half >= 50_000 else 1
        return f"{mean / 1e6:.{places}f} ±{half / 1e6:.1f} m" if known else f"{mean / 1e6:.{places}f} m"
    text = numbers.amount(indicator, mean)
    return f"{text} ±{numbers.amount(indicator, half)}" if known else text


def render_comparison(comparison: Comparison, width: int, colour: bool) -> str:
    """A reform beside its baseline in the last full year: both means, the paired change, and how sure its sign is."""
    width = max(width, NARROWEST)
    year = last_full_year(comparison)
    known = comparison.years[(comparison.years["year"] == year) & comparison.years["difference"].notna()]
    rows = {str(row["indicator"]): row for _, row in known.iterrows()}
    shown = [_comparison_cells(rows[indicator], indicator, words) for indicator, words in TOLD if indicator in rows]
    heads = (f"in {year}", cut(comparison.baseline, 12), cut(comparison.reform, 12), "change (95 % interval)", "")
    room = [max(len(row[place]) for row in [heads, *shown]) for place in range(5)]
    words_fit = sum(room) + 8 <= width
    lines = [bold(f"{comparison.reform} less {comparison.baseline}, common random numbers", colour, width)]
    for number, row in enumerate([heads, *shown]):
        cells = [f"{row[0]:<{room[0]}}", f"{row[1]:>{room[1]}}", f"{row[2]:>{room[2]}}", f"{row[3]:<{room[3]}}"]
        line = "  ".join([*cells, row[4]] if words_fit else cells).rstrip()
        lines.append(dim(line[:width], colour) if number == 0 else line[:width])
    lines += _comparison_notes(comparison, year, width, colour)
    return "\n".join([*lines, *_who_gains(comparison, year, width, colour)])


def _who_gains(comparison: Comparison, year: int, width: int, colour: bool) -> list[str]:
    """The groups whose share in work surely rises or falls, a few on either side."""
    if comparison.groups is None:
        return []
    rows = of_year(comparison.groups, year)
    lines = [bold(f"who gains, who loses in {year}: share in work, 95 % interval", colour, width)]
    sides = (rows[rows["low"] > 0].head(_MOST_GROUPS), rows[rows["high"] < 0].tail(_MOST_GROUPS))
    for _, row in (each for side in sides for each in side.iterrows()):
        difference, low, high = (float(row[name]) for name in ("difference", "low", "high"))
        change, span = numbers.change_with_interval(RATE, difference, low, high)
        lines.append(f"{group_name(row, ENGLISH):<24}{change}{'*' if row['flagged'] else ''} ({span})"[:width])
    return lines if len(lines) > 1 else [*lines, *_notes(["no group's change can be told from chance"], width, colour)]


def last_full_year(comparison: Comparison) -> int:
    """The last year in which both runs have twelve months, or the last."""
    years = comparison.reform_table["month"].str.slice(0, 4)
    months = comparison.reform_table["month"].groupby(years).nunique()
    full = [int(year) for year, number in months.items() if number == 12]  # type: ignore[call-overload]
    there = sorted(int(year) for year in comparison.years["year"].unique())
    return max([year for year in there if year in full] or there)


def _comparison_cells(row: pd.Series, indicator: str, words: str) -> tuple[str, str, str, str, str]:
    """Label, baseline, reform, change with interval, words of certainty."""
    difference, low, high = (float(row[column]) for column in ("difference", "low", "high"))
    sides = [float(row["baseline"]), float(row["reform"])]
    star = "*" if bool(row["flagged"]) else ""
    surely = certainty(indicator, difference, low, high, float(row["chance_sign_right"]))
    doubt = "?" if surely == TOO_CLOSE else ""
    levels = [numbers.amount(indicator, side).replace(" million", " m") for side in sides]
    text, span = numbers.change_with_interval(indicator, difference, low, high, max(map(abs, sides)))
    return words, *levels, text + star + doubt + (f" ({span})" if span else ""), surely  # type: ignore[return-value]


def _comparison_notes(comparison: Comparison, year: int, width: int, colour: bool) -> list[str]:
    """How many pairs, and what too few simulated persons carry."""
    replications = int(comparison.years["replications"].max())
    notes = [
        f"{replications} pairs of replications"
        if replications > 1
        else "one pair is an anecdote: no interval can be given",
        f"? {TOO_CLOSE}: the interval covers zero",
        *what_intervals_hold(comparison.draws),
    ]
    rows = comparison.years[
        (comparison.years["year"] == year)
        & comparison.years["flagged"].astype(bool)
        & comparison.years["indicator"].isin([name for name, _ in TOLD])
    ]
    needed = rows["population_needed"].max()
    if len(rows) and math.isfinite(needed):
        notes.append(
            f"* rests on fewer than 100 simulated persons; a population of {round_up(needed):,} would settle it"
        )
    return [line for note in notes for line in _notes([note], width, colour)]


def _notes(sentences: Sequence[str], width: int, colour: bool) -> list[str]:
    """Sentences under a table, folded to its width."""
    return [dim(line, colour) for sentence in sentences for line in textwrap.wrap(sentence, width)]


def cut(text: str, most: int) -> str:
    """A name cut to a column; control characters never reach the terminal."""
    clean = "".join(letter if letter.isprintable() else "?" for letter in text)
    return clean if len(clean) <= most else clean[: most - 1] + "…"


def bold(text: str, colour: bool, width: int) -> str:
    """A heading."""
    return f"{_BOLD}{cut(text, width)}{_END}" if colour else cut(text, width)


def dim(text: str, colour: bool) -> str:
    """A quieter line."""
    return f"{_DIM}{text}{_END}" if colour else text
