"""The figures of a run: each is drawn wide for files and pages, and narrow for telephones."""

from __future__ import annotations

import contextlib
import io
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from html import escape
from pathlib import Path

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.figure import Figure

from experiments.engine.executors import made_here
from experiments.engine.manifest import project_version
from model.specification import Specification, in_force, use
from views.figures import (
    beveridge,
    difference,
    homes,
    job_graph,
    occupations,
    technology,
    unemployment,
    visa,
    who_gains,
)
from views.figures.canvas import NARROW, WIDE, Layout, settings
from views.figures.palette import QUIET
from views.report.story import Story
from views.terminal.console import ignore_missing_glyphs
from views.words.language import ENGLISH, Speech

PNG_DPI = 160
#: Fonts with Chinese characters, the first one found is used.
CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Zen Hei",
)
#: What a browser falls back on; Verdana is as wide as the font the labels were laid out in.
_STACK = "DejaVu Sans, Verdana, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"


@dataclass(frozen=True, slots=True)
class Drawing:
    """One figure: the name of its files and how it is drawn."""

    name: str
    draw: Callable[[Story, Layout], Figure]


DRAWINGS: tuple[Drawing, ...] = (
    Drawing("unemployment_by_age", unemployment.draw_by_age),
    Drawing("youth_season", unemployment.draw_season),
    Drawing("property", homes.draw),
    Drawing("technology_and_age_35", technology.draw),
    Drawing("visa_and_backlash", visa.draw),
    Drawing("beveridge_curve", beveridge.draw),
    Drawing("job_graph", job_graph.draw),
)
DIFFERENCE = Drawing("difference", difference.draw)
BY_GROUP = Drawing("who_gains", who_gains.draw), Drawing("occupations", occupations.draw)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure as it goes into a page: SVG for wide and for narrow screens."""

    name: str
    title: str
    wide: str
    narrow: str


def drawings(story: Story) -> tuple[Drawing, ...]:
    """The figures of a story: with a comparison, its difference comes first, then who gains and loses by it."""
    if story.comparison is None:
        return DRAWINGS
    return (DIFFERENCE, *(BY_GROUP if story.comparison.groups is not None else ()), *DRAWINGS)


@cache
def chinese_font() -> str | None:
    """The first installed font with Chinese characters."""
    known = font_manager.fontManager
    found = next((font for font in CHINESE_FONTS if font in {each.name for each in known.ttflist}), None)
    if found is None:  # matplotlib keeps a list of fonts, which may be older than the fonts
        for path in font_manager.findSystemFonts():
            if re.search(r"CJK|SourceHanSans|msyh|PingFang|wqy", Path(path).name):
                with contextlib.suppress(OSError, RuntimeError):
                    known.addfont(path)
        found = next((font for font in CHINESE_FONTS if font in {each.name for each in known.ttflist}), None)
    return found


def spoken(say: Speech) -> Speech:
    """The language figures can be drawn in: Chinese only where a font for it is installed."""
    return say if chinese_font() is not None else ENGLISH


def drawn_in(say: Speech) -> dict[str, object]:
    """The settings of matplotlib for figures in a language."""
    return settings(chinese_font() if say.language == "zh" else None)


def draw_all(story: Story, folder: Path, workers: int | None = 1) -> list[Drawn]:
    """Draws every figure, on so many processes, writes folder/NAME.png and .svg, and returns what a page shows."""
    folder.mkdir(parents=True, exist_ok=True)
    story = replace(story, say=spoken(story.say))
    last_first = drawings(story)[::-1]  # the job graph, which takes longest
    return made_here(partial(_saved, in_force(), story, folder), last_first, workers)[::-1]


def _saved(specification: Specification, story: Story, folder: Path, drawing: Drawing) -> Drawn:
    """Draws one figure, perhaps in a process that knows only what it is handed."""
    with use(specification), warnings.catch_warnings(), mpl.rc_context(drawn_in(story.say)):  # type: ignore[arg-type]
        ignore_missing_glyphs()
        return save(drawing.name, partial(drawing.draw, story), folder)


def save(name: str, draw: Callable[[Layout], Figure], folder: Path) -> Drawn:
    """One figure in all its forms: writes folder/NAME.png and .svg, and returns what a page shows."""
    figure = draw(WIDE)
    title = figure.get_suptitle()
    wide, tall = figure.get_size_inches()
    source = f"China Labour Lab {project_version()}"
    figure.text(1 - 0.06 / wide, 0.04 / tall, source, ha="right", va="bottom", fontsize=6.5, color=QUIET)
    figure.savefig(folder / f"{name}.png", dpi=PNG_DPI, metadata={"Software": None, "Title": title})
    wide = as_svg(figure, f"{name}-wide", title)
    (folder / f"{name}.svg").write_text(wide, encoding="utf-8")
    return Drawn(name, title, wide, as_svg(draw(NARROW), f"{name}-narrow", title))


def as_svg(figure: Figure, prefix: str, title: str) -> str:
    """The figure as SVG: titled, its ids made unique by a prefix, without a fixed size or foreign declarations."""
    written = io.StringIO()
    figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = written.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="', f'id="{prefix}-', text)
    text = re.sub(r'(xlink:href="#|url\(#)', rf"\g<1>{prefix}-", text)
    text = re.sub(r"font-family: ?[^;\"]+", f"font-family: {_STACK}", text)
    text = re.sub(r"(font: (?:[\w.]+ )*[\d.]+px )[^;\"]+", rf"\g<1>{_STACK}", text)
    opening = re.match(r"<svg[^>]*>", text)
    if opening is None:
        raise ValueError("matplotlib wrote no SVG")
    head = re.sub(r'\s(?:width|height)="[^"]*pt"', "", opening[0])
    head = head.replace("<svg ", f'<svg role="img" aria-labelledby="{prefix}-title" ', 1)
    return f'{head}\n <title id="{prefix}-title">{escape(title)}</title>{text[opening.end() :]}'
