"""The report: one page that holds everything a stranger needs, and asks the network for nothing."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from views import wording
from views.captions import CAPTIONS, Numbers
from views.cards import Card, cards
from views.caveats import caveats, flagged
from views.changes import Changed, describe_changes
from views.visa_wording import visa

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from views.figures import Drawn
    from views.story import Story

_HERE = Path(__file__).resolve().parent
_MINUS, _NO_BREAK = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"


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
    ("reform", "What the reform changes", wording.reform, ("difference",)),
    ("youth", "Youth unemployment beside the official months", wording.youth, ("unemployment_by_age", "youth_season")),
    ("unemployed", "Who is unemployed", wording.unemployed, ("beveridge_curve",)),
    (
        "property",
        "Property and technology jobs",
        wording.property_and_technology,
        ("property", "technology_and_age_35"),
    ),
    ("visa", "The K visa: blame and cause", visa, ("visa_and_backlash",)),
    ("graph", "The network of jobs", lambda _: [], ("job_graph",)),
)


def write_report(story: Story, drawn: Sequence[Drawn], folder: Path, scenario_yaml: str) -> None:
    """Writes folder/report.html."""
    environment = Environment(loader=FileSystemLoader(_HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["figures"] = typeset
    css = Markup((_HERE / "report.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
    text = environment.get_template("report.html.j2").render(page=page(story, drawn, scenario_yaml), css=css)
    (folder / "report.html").write_text(text, encoding="utf-8")


def typeset(text: str) -> str:
    """Numbers as print sets them: a true minus, and no line break between a number and its unit."""
    text = re.sub(r"(^|[\s(])-(?=\d)", rf"\g<1>{_MINUS}", text)
    return re.sub(r"(?<=\d) (?=%|million\b|points?\b|yuan\b)", _NO_BREAK, text)


def page(story: Story, drawn: Sequence[Drawn], scenario_yaml: str) -> Page:
    """Everything the template shows, in words."""
    manifest, readings = story.manifest, story.readings
    by_name = {figure.name: _figure(story, figure) for figure in drawn}
    version = str(manifest.get("project_version", "unknown"))
    identity = str(manifest.get("identity", "without a manifest"))
    name = story.scenario.name
    title = as_title(name)
    if story.comparison is not None:
        title += f" against {as_title(story.comparison.baseline, first=False)}"
    return Page(
        name=name,
        title=title,
        span=f"{readings.months[0]} to {readings.months[-1]}",
        description=[line for line in story.scenario.description.splitlines() if line.strip()],
        headline=wording.headline(story),
        cards=cards(story),
        warnings=_warnings(story),
        asked=wording.asked(story),
        changes=describe_changes(story.changes),
        changed_from=story.changed_from,
        is_baseline=name == story.changed_from,
        sections=_sections(story, by_name),
        caveats=caveats(story),
        command=command_of(manifest),
        version=version,
        identity=identity,
        scenario=scenario_yaml,
        citation=(
            f"China Labour Lab contributors: China Labour Lab, an agent-based labour market of urban China, version "
            f"{version}; scenario {name}, {len(readings.replications)} replications of "
            f"{story.scenario.population:,} simulated persons; run {identity[:16]}."
        ),
        manifest=json.dumps(without_long_lists(manifest), indent=1, ensure_ascii=False, default=str),
    )


def as_title(name: str, *, first: bool = True) -> str:
    """A scenario's name as people write it: `graduate_surge` is "Graduate surge"."""
    if not re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", name):
        return name
    words = name.replace("_", " ").replace("k visa", "K visa").replace("h1b", "H-1B")
    return words[:1].upper() + words[1:] if first else words


def _warnings(story: Story) -> list[str]:
    """What too few simulated persons carry, on either side of a comparison."""
    both = flagged(story.summary)
    if story.comparison is not None:
        both += [f"{story.comparison.baseline}: {line}" for line in flagged(story.comparison.baseline_summary)
                 if line not in both]  # fmt: skip
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
        caption.text,
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
    for name, title, sentences, wanted in _SECTIONS:
        shown = [figures[figure] for figure in wanted if figure in figures]
        if shown:
            found.append(Section(name, title, sentences(story), shown))
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
