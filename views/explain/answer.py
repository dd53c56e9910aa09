"""What an attribution looks like: a table, two sentences, anger beside cause, and the figure."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl

from views.explain.figure import EVERY_OFF, closure, draw, measure, off_words
from views.figures import PNG_DPI, as_svg
from views.figures.canvas import settings
from views.words import cause_wording, numbers
from views.words.difference_wording import what_intervals_hold

if TYPE_CHECKING:
    from experiments.explain.job import Attribution

FIGURE = Path("figures/attribution.png")


def subject(found: Attribution) -> str:
    """What is explained, in words."""
    question = found.question
    what = "Youth unemployment (16-24) in the 12 months to " + question.scenario.end
    if question.since is not None:
        years = f"from the 12 months to {question.since} to those to {question.scenario.end}"
        what = f"Rise of youth unemployment (16-24) {years}"
    other = f"with {EVERY_OFF}" if question.against is None else f"as in {question.against.name}"
    return f"{what}: {question.scenario.name} against the same months {other}"


def render(found: Attribution) -> str:
    """The printed table with its sentences."""
    columns = (found.table[name].tolist() for name in ("cause", "effect_pp", "low_pp", "high_pp"))
    rows = list(zip(*columns, strict=True))
    total = rows[-1][1]
    wide = max(len(row[0]) for row in rows)
    lines = [subject(found), "", f"{'cause':<{wide}}  {'points':>7}  {'95 % interval':>16}  {'share':>6}"]
    for name, effect, low, high in rows:
        between = f"{low:+.2f} to {high:+.2f}" if math.isfinite(low) else numbers.MISSING
        share = f"{100 * effect / total + 0.0:.0f} %" if total else numbers.MISSING
        lines.append(f"{name:<{wide}}  {numbers.signed(effect, 2):>7}  {between:>16}  {share:>6}")
    before = f"{measure(found)}: {found.all_off:.2f} {off_words(found, 'with ')}, {found.all_on:.2f} with all causes on"
    count = len(found.worth)
    lines += ["", f"{before}; {count} replication{'s' * (count > 1)}, common random numbers in every combination"]
    held = what_intervals_hold(len(found.question.draws))
    return "\n".join([*lines, closure(found), *held, "", *sentences(found)])


def sentences(found: Attribution) -> list[str]:
    """The answer in sentences."""
    times = {cause.name: cause.times for cause in found.question.causes}
    rows: Any = [{**row, "times": times.get(row["cause"], 1.0)} for row in found.table.to_dict("records")]
    return cause_wording.sentences(rows, found.blame, len(found.worth))


def draw_attribution(found: Attribution, folder: Path) -> Path:
    """Draws the waterfall into folder/figures, as PNG and SVG; returns the PNG file."""
    path = folder / FIGURE
    path.parent.mkdir(exist_ok=True)
    with mpl.rc_context(settings(None)):  # type: ignore[arg-type]
        figure = draw(found, subject(found))
        title = figure.get_suptitle()
        figure.savefig(path, dpi=PNG_DPI, metadata={"Software": None, "Title": title})
        path.with_suffix(".svg").write_text(as_svg(figure, "attribution", title), encoding="utf-8")
    return path
