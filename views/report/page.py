"""The report: one page that holds everything a stranger needs, and asks the network for nothing."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from views.report.cards import Card, cards
from views.templates import rendered
from views.words import wording
from views.words.captions import CAPTIONS, Numbers
from views.words.caveats import caveats, flagged
from views.words.changes import Changed, describe_changes
from views.words.language import phrase
from views.words.scenario_titles import quoted, scenario_title
from views.words.visa_wording import visa

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from views.figures import Drawn
    from views.report.story import Story


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as the page shows it; `wide` and `narrow` are SVG."""

    name: str
    title: str
    wide: Markup
    narrow: Markup
    caption: str
    alternative: str
    table: Numbers


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: sentences, then figures."""

    id: str
    title: str
    sentences: Sequence[str]
    figures: Sequence[Figure]


@dataclass(frozen=True)
class Page:
    """All that the template shows."""

    name: str
    title: str
    span: str
    description: Sequence[str]
    headline: Sequence[str]
    cards: Sequence[Card]
    warnings: Sequence[str]
    asked: Sequence[str]
    changes: Sequence[Changed]
    changed_from: str
    is_baseline: bool
    sections: Sequence[Section]
    caveats: Sequence[str]
    command: str
    version: str
    citation: str
    identity: str
    scenario: str
    manifest: str


#: Sections in order: id, title, sentences, figures. A section with neither is left out.
_SECTIONS: tuple[tuple[str, str, Callable[[Story], list[str]], tuple[str, ...]], ...] = (
    ("reform", phrase("What the reform changes"), wording.reform, ("difference",)),
    ("groups", phrase("Who gains, who loses"), lambda _: [], ("who_gains", "occupations")),
    (
        "youth",
        phrase("Youth unemployment beside the official months"),
        wording.youth,
        ("unemployment_by_age", "youth_season"),
    ),
    ("unemployed", phrase("Who is unemployed"), wording.unemployed, ("beveridge_curve",)),
    (
        "property",
        phrase("Property and technology jobs"),
        wording.property_and_technology,
        ("property", "technology_and_age_35"),
    ),
    ("visa", phrase("The K visa: anger and cause"), visa, ("visa_and_backlash",)),
    ("graph", phrase("The network of jobs"), lambda _: [], ("job_graph",)),
)

METHODS = (
    phrase(
        "Simulated persons, firms and developers meet month by month on a network of occupations. The unemployment "
        "rates are counted among the simulated persons by the statistics bureau's definition: without work, searching, "
        "able to start. Replications have independent random numbers; a comparison gives both scenarios common random "
        "numbers, person by person, so that chance does not drown their difference."
    ),
    phrase(
        "A 95 % interval is about the mean over replications: where the model's mean lies, not where a single month "
        "will fall. It does not tell whether the model's rules are right."
    ),
)


def write_report(story: Story, drawn: Sequence[Drawn], folder: Path, scenario_yaml: str) -> None:
    """Writes folder/report.html."""
    text = rendered(
        "report.html.j2",
        page=page(story, drawn, scenario_yaml),
        say=story.say,
        scenario_title=scenario_title,
        quoted=quoted,
        methods=[story.say(text) for text in METHODS],
    )
    (folder / "report.html").write_text(text, encoding="utf-8")


def page(story: Story, drawn: Sequence[Drawn], scenario_yaml: str) -> Page:
    """Everything the template shows, in words."""
    manifest, readings, say = story.manifest, story.readings, story.say
    by_name = {figure.name: _figure(story, figure) for figure in drawn}
    version = str(manifest.get("project_version", "unknown"))
    identity = str(manifest.get("identity", "without a manifest"))
    name = story.scenario.name
    heading = scenario_title(name, say)
    if story.comparison is not None:
        heading = say("{reform} against {baseline}", reform=heading, baseline=quoted(story.comparison.baseline, say))
    return Page(
        name=name,
        title=heading,
        span=say("{low} to {high}", low=readings.months[0], high=readings.months[-1]),
        description=[say(line) for line in story.scenario.description.splitlines() if line.strip()],
        headline=wording.headline(story),
        cards=cards(story),
        warnings=_warnings(story),
        asked=wording.asked(story),
        changes=describe_changes(story.changes, say),
        changed_from=story.changed_from,
        is_baseline=name == story.changed_from,
        sections=_sections(story, by_name),
        caveats=caveats(story),
        command=command_of(manifest),
        version=version,
        identity=identity,
        scenario=scenario_yaml,
        citation=say(
            "China Labour Lab contributors: China Labour Lab, an agent-based labour market of urban China, version "
            "{version}; scenario {name}, {n} replications of {population} simulated persons; run {identity}.",
            version=version,
            name=name,
            n=len(readings.replications),
            population=f"{story.scenario.population:,}",
            identity=identity[:16],
        ),
        manifest=json.dumps(without_long_lists(manifest), indent=1, ensure_ascii=False, default=str),
    )


def _warnings(story: Story) -> list[str]:
    """What too few simulated persons carry, on either side of a comparison."""
    both = flagged(story.summary, story.say)
    if story.comparison is not None:
        name = scenario_title(story.comparison.baseline, story.say)
        both += [story.say("{name}: {text}", name=name, text=line)
                 for line in flagged(story.comparison.baseline_summary, story.say) if line not in both]  # fmt: skip
    return both


def _figure(story: Story, drawn: Drawn) -> Figure:
    """A drawn figure with its words."""
    caption = CAPTIONS[drawn.name]
    words = caption.alternative(story)
    return Figure(
        drawn.name,
        drawn.title,
        described(drawn.wide, words),
        described(drawn.narrow, words),
        story.say(caption.text),
        words,
        caption.table(story),
    )


def described(svg: str, words: str) -> Markup:
    """The SVG with a description inside, for those who hear it."""
    name = re.search(r'aria-labelledby="([^"]+)-title"', svg)
    prefix = name[1] if name else "figure"
    description = Markup('</title><desc id="{}-words">{}</desc>').format(prefix, words)
    svg = svg.replace(f'aria-labelledby="{prefix}-title"', f'aria-labelledby="{prefix}-title {prefix}-words"', 1)
    return Markup(svg.replace("</title>", description, 1))  # noqa: S704 - matplotlib escapes what it draws


def _sections(story: Story, figures: dict[str, Figure]) -> list[Section]:
    """The sections that have something to say."""
    found = []
    for name, heading, sentences, wanted in _SECTIONS:
        shown = [figures[figure] for figure in wanted if figure in figures]
        if shown:
            found.append(Section(name, story.say(heading), sentences(story), shown))
    return found


def command_of(manifest: Any) -> str:
    """The command as typed in the checkout."""
    command = manifest.get("command", "")
    words = [str(word) for word in command] if isinstance(command, list | tuple) else shlex.split(str(command))
    return shlex.join(words if words[:1] == ["python"] else ["python", *words]) if words else "python run.py"


def without_long_lists(value: Any) -> Any:
    """JSON with lists cut to their first ten entries."""
    if isinstance(value, dict):
        return {key: without_long_lists(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [*value[:10], f"... {len(value)} in all"] if len(value) > 10 else list(value)
    return value
