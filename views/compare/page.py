"""The page of a comparison of several scenarios: sentences, the table of a policy paper, figures, what was changed."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from markupsafe import Markup

from model.results import write_whole
from model.specification import in_force
from views.compare.formats import as_latex
from views.compare.table import PolicyTable, policy_table
from views.figures import drawn_in, save, spoken
from views.figures.comparison import Subject, draw_by_month, draw_effects
from views.report.page import command_of, described, without_long_lists
from views.templates import rendered
from views.words import numbers
from views.words.caveats import GENERAL, flagged, own_mechanisms
from views.words.changes import Changed, describe_changes
from views.words.difference_wording import compared, difference_sentence, name_of
from views.words.language import ENGLISH, Language, Speech, phrase
from views.words.scenario_titles import quoted, scenario_title

if TYPE_CHECKING:
    from experiments.compare.comparison import Comparison
    from model.scenario.scenario import Scenario

PAGE, TABLE, LATEX = "report.html", "policy_table.csv", "policy_table.tex"
METHODS = phrase(
    "Replications have independent random numbers, scenarios common ones, person by person, so that chance does not "
    "drown a difference. A 95 % interval is Student's, of the mean difference over pairs. The chance that a sign is "
    "right reads the same distribution as what is believed of the true difference. Neither tells whether the model's "
    "rules are right."
)


@dataclass(frozen=True, slots=True)
class PageFigure:
    """A figure with its caption and the same in words."""

    title: str
    wide: Markup
    narrow: Markup
    caption: str
    words: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What one scenario asks, and what it changes in the baseline."""

    name: str
    description: str
    changes: Sequence[Changed]


def present_comparisons(
    folder: Path,
    comparisons: Sequence[Comparison],
    table: PolicyTable,
    scenarios: Mapping[str, Scenario],
    manifest: Mapping[str, Any],
    indicators: Sequence[str] = (),
    language: Language = "en",
) -> None:
    """Writes the table (CSV, LaTeX), folder/figures and folder/report.html; those two in a language.

    `scenarios` holds every scenario under its name in the tables, the baseline last.
    """
    write_whole(folder / TABLE, table.rows.to_csv(index=False, lineterminator="\n").encode())
    write_whole(folder / LATEX, as_latex(table, caption(table)).encode())
    say = Speech(language)
    subject = Subject.of(comparisons, table.year, indicators)
    told = policy_table(comparisons, indicators, table.year, say)
    (folder / "figures").mkdir(exist_ok=True)
    text = rendered(
        "comparison_page.html.j2",
        say=say,
        quoted=quoted,
        scenario_title=scenario_title,
        METHODS=METHODS,
        table=told,
        heading=say.several(
            "{n} scenario against {baseline}",
            "{n} scenarios against {baseline}",
            len(comparisons),
            baseline=quoted(table.baseline, say),
        ),
        sentences=sentences(subject, say),
        warnings=_warnings(comparisons, say),
        figures=_figures(subject, folder / "figures", say),
        asked=_asked(scenarios, say),
        caveats=[*_pairing(subject, say), *own_mechanisms(say), *(say(each) for each in GENERAL)],
        command=command_of(manifest),
        version=manifest.get("project_version", "unknown"),
        identity=manifest.get("identity", "unknown"),
        size=_size(scenarios, comparisons, say),
        manifest=json.dumps(without_long_lists(dict(manifest)), indent=1, ensure_ascii=False, default=str),
    )
    write_whole(folder / PAGE, text.encode())


def caption(table: PolicyTable) -> str:
    """What stands over the table in a paper."""
    return f"What each scenario changes against {table.baseline}"


def sentences(subject: Subject, say: Speech = ENGLISH) -> list[str]:
    """One sentence for each scenario on the first indicator."""
    indicator = subject.indicators[0]
    rows = ((each, compared(each, indicator, subject.year)) for each in subject.comparisons)
    return [
        difference_sentence(indicator, row, quoted(each.reform, say), quoted(each.baseline, say), say)
        for each, row in rows
        if row is not None
    ]


def _figures(subject: Subject, folder: Path, say: Speech) -> list[PageFigure]:
    effects = say(
        "Every scenario less the baseline in {year}, pair by pair with common random numbers. A bar is the 95 % "
        "interval of the mean difference; a hollow dot says that the interval covers zero.",
        year=subject.year,
    )
    months = say(
        "{label}: every scenario less the baseline, month by month, on one scale. The line is the mean difference, the "
        "band its 95 % interval.",
        label=say.label(in_force().indicator[subject.indicators[0]]),
    )
    drawings = (("effects_by_scenario", draw_effects, effects), ("difference_by_month", draw_by_month, months))
    found = []
    drawn_words = spoken(say)
    with mpl.rc_context(drawn_in(drawn_words)):  # type: ignore[arg-type]
        for name, draw, text in drawings:
            drawn = save(name, partial(draw, subject, drawn_words), folder)
            words = _in_words(subject, subject.indicators if draw is draw_effects else subject.indicators[:1], say)
            found.append(
                PageFigure(drawn.title, described(drawn.wide, words), described(drawn.narrow, words), text, words)
            )
    return found


def _in_words(subject: Subject, indicators: Sequence[str], say: Speech) -> str:
    """The differences of the year, for those who cannot see them."""
    told = []
    for indicator in indicators:
        for each in subject.comparisons:
            row = subject.row(each, indicator)
            if row is not None:
                difference, low, high = (float(row[name]) for name in ("difference", "low", "high"))
                change, interval = numbers.change_with_interval(indicator, difference, low, high, say=say)
                size = say("{size} ({interval})", size=change, interval=interval) if interval else change
                scenario, what = quoted(each.reform, say), name_of(indicator, say)
                told.append(say("{scenario}, {what}: {size}", scenario=scenario, what=what, size=size))
    return say("In {year}: {parts}.", year=subject.year, parts=say("; ").join(told))


def _asked(scenarios: Mapping[str, Scenario], say: Speech) -> list[Asked]:
    *reforms, (_, baseline) = scenarios.items()
    return [
        Asked(name, scenario.description, describe_changes(list(scenario.changes_from(baseline)), say))
        for name, scenario in reforms
    ]


def _warnings(comparisons: Sequence[Comparison], say: Speech) -> list[str]:
    """What too few simulated persons carry, on either side."""
    sides = [(comparisons[0].baseline, comparisons[0].baseline_summary)]
    sides += [(each.reform, each.reform_summary) for each in comparisons]
    return [
        say("{name}: {text}", name=scenario_title(name, say), text=line)
        for name, summary in sides
        for line in flagged(summary, say)
    ]


def _pairing(subject: Subject, say: Speech) -> list[str]:
    """How often scenarios with independent random numbers would have to be run for the same intervals."""
    indicator = subject.indicators[0]
    gains = [float(row["pairing_gain"]) for each in subject.comparisons
             if (row := subject.row(each, indicator)) is not None and math.isfinite(row["pairing_gain"])]  # fmt: skip
    if not gains:
        return []
    least, most = (f"{gain:,.0f}" if gain >= 10 else f"{gain:.1f}" for gain in (min(gains), max(gains)))
    return [
        say(
            "Common random numbers save work: for the same interval of {what} in {year}, scenarios with independent "
            "random numbers would have to be run {times} times as often (the ratio of variances in these runs).",
            what=name_of(indicator, say), year=subject.year,
            times=least if least == most else say("{low} to {high}", low=least, high=most),
        )
    ]  # fmt: skip


def _size(scenarios: Mapping[str, Scenario], comparisons: Sequence[Comparison], say: Speech) -> str:
    baseline = list(scenarios.values())[-1]
    pairs = int(comparisons[0].years["replications"].max())
    return say.several(
        "{n} pair of runs, {population} simulated persons each",
        "{n} pairs of runs, {population} simulated persons each",
        pairs, population=f"{baseline.population:,}",
    )  # fmt: skip
