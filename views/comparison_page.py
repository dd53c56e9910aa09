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
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from model.results import write_whole
from model.specification import in_force
from views import numbers
from views.caveats import GENERAL, flagged, own_mechanisms
from views.changes import Changed, describe_changes
from views.difference_wording import compared, difference_sentence, name_of
from views.figures import save
from views.figures.canvas import settings
from views.figures.comparison import Subject, draw_by_month, draw_effects
from views.policy_formats import as_latex
from views.policy_table import PolicyTable
from views.report import command_of, described, typeset, without_long_lists

if TYPE_CHECKING:
    from experiments.comparison import Comparison
    from model.scenario import Scenario

_HERE = Path(__file__).resolve().parent
PAGE, TABLE, LATEX = "report.html", "policy_table.csv", "policy_table.tex"


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
) -> None:
    """Writes the table (CSV, LaTeX), folder/figures and folder/report.html.

    `scenarios` holds every scenario under its name in the tables, the baseline last.
    """
    write_whole(folder / TABLE, table.rows.to_csv(index=False, lineterminator="\n").encode())
    write_whole(folder / LATEX, as_latex(table, caption(table)).encode())
    subject = Subject.of(comparisons, table.year, indicators)
    (folder / "figures").mkdir(exist_ok=True)
    environment = Environment(loader=FileSystemLoader(_HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["figures"] = typeset
    text = environment.get_template("comparison_page.html.j2").render(
        table=table,
        sentences=sentences(subject),
        warnings=_warnings(comparisons),
        figures=_figures(subject, folder / "figures"),
        asked=_asked(scenarios),
        caveats=[*_pairing(subject), *own_mechanisms(), *GENERAL],
        command=command_of(manifest),
        version=manifest.get("project_version", "unknown"),
        identity=manifest.get("identity", "unknown"),
        size=_size(scenarios, comparisons),
        manifest=json.dumps(without_long_lists(dict(manifest)), indent=1, ensure_ascii=False, default=str),
        css=Markup((_HERE / "report.css").read_text(encoding="utf-8")),  # noqa: S704 - our own file
    )
    write_whole(folder / PAGE, text.encode())


def caption(table: PolicyTable) -> str:
    """What stands over the table in a paper."""
    return f"What each scenario changes against {table.baseline}"


def sentences(subject: Subject) -> list[str]:
    """One sentence for each scenario on the first indicator."""
    indicator = subject.indicators[0]
    rows = ((each, compared(each, indicator, subject.year)) for each in subject.comparisons)
    return [difference_sentence(indicator, row, each.reform, each.baseline) for each, row in rows if row is not None]


def _figures(subject: Subject, folder: Path) -> list[PageFigure]:
    effects = (
        f"Every scenario less the baseline in {subject.year}, pair by pair with the same luck. A bar is the 95 % "
        "interval of the mean difference; a hollow dot says that the interval covers zero."
    )
    months = (
        f"{in_force().indicator[subject.indicators[0]].label}: every scenario less the baseline, month by month, on "
        "one scale. The line is the mean difference, the band its 95 % interval."
    )
    drawings = (("effects_by_scenario", draw_effects, effects), ("difference_by_month", draw_by_month, months))
    found = []
    with mpl.rc_context(settings(None)):  # type: ignore[arg-type]
        for name, draw, text in drawings:
            drawn = save(name, partial(draw, subject), folder)
            words = _in_words(subject, subject.indicators if draw is draw_effects else subject.indicators[:1])
            found.append(
                PageFigure(drawn.title, described(drawn.wide, words), described(drawn.narrow, words), text, words)
            )
    return found


def _in_words(subject: Subject, indicators: Sequence[str]) -> str:
    """The differences of the year, for those who cannot see them."""
    told = []
    for indicator in indicators:
        for each in subject.comparisons:
            row = subject.row(each, indicator)
            if row is not None:
                difference, low, high = (float(row[name]) for name in ("difference", "low", "high"))
                change, interval = numbers.change_with_interval(indicator, difference, low, high)
                told.append(f"{each.reform}, {name_of(indicator)}: {change}" + (f" ({interval})" if interval else ""))
    return f"In {subject.year}: {'; '.join(told)}."


def _asked(scenarios: Mapping[str, Scenario]) -> list[Asked]:
    *reforms, (_, baseline) = scenarios.items()
    return [
        Asked(name, scenario.description, describe_changes(list(scenario.changes_from(baseline))))
        for name, scenario in reforms
    ]


def _warnings(comparisons: Sequence[Comparison]) -> list[str]:
    """What too few simulated persons carry, on either side."""
    sides = [(comparisons[0].baseline, comparisons[0].baseline_summary)]
    sides += [(each.reform, each.reform_summary) for each in comparisons]
    return [f"{name}: {line}" for name, summary in sides for line in flagged(summary)]


def _pairing(subject: Subject) -> list[str]:
    """How often scenarios with luck of their own would have to be run for the same intervals."""
    indicator = subject.indicators[0]
    gains = [float(row["pairing_gain"]) for each in subject.comparisons
             if (row := subject.row(each, indicator)) is not None and math.isfinite(row["pairing_gain"])]  # fmt: skip
    if not gains:
        return []
    least, most = (f"{gain:,.0f}" if gain >= 10 else f"{gain:.1f}" for gain in (min(gains), max(gains)))
    times = least if least == most else f"{least} to {most}"
    told = (
        f"Shared luck saves work: for the same interval of {name_of(indicator)} in {subject.year}, scenarios with luck "
        f"of their own would have to be run {times} times as often (the ratio of variances in these runs)."
    )
    return [told]


def _size(scenarios: Mapping[str, Scenario], comparisons: Sequence[Comparison]) -> str:
    baseline = list(scenarios.values())[-1]
    pairs = int(comparisons[0].years["replications"].max())
    return f"{pairs} pair{'s' if pairs != 1 else ''} of runs, {baseline.population:,} simulated persons each"
