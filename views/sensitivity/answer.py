"""What a sensitivity analysis looks like: tables with what is told apart from luck, boxes in words, and the figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure

from experiments.sensitivity.job import PARTS
from model.paths import shown
from model.specification import in_force
from views.batch.sheet import short_number
from views.figures import PNG_DPI, as_svg
from views.figures.canvas import settings
from views.figures.difference import scale_of
from views.sensitivity.discovery import draw_discovery
from views.sensitivity.figure import draw_indices, draw_screening
from views.words import numbers

if TYPE_CHECKING:
    from experiments.sensitivity.discovery import Box, Discovery, Limit
    from experiments.sensitivity.job import SensitivityOutcome
    from experiments.sensitivity.question import Question

#: So many parameters are printed; the tables in the folder have all.
MOST_ROWS = 15
#: Below so many simulated persons an effect is said to rest on few.
FEW = 100


def subject(question: Question, outcome: str) -> str:
    """What is read, in words."""
    what = f"{in_force().indicator[outcome].label}, mean of the 12 months to {question.scenario.end}"
    return what if question.cause is None else f"Effect of '{question.cause.name}': {what}"


def render(found: SensitivityOutcome) -> str:
    """The printed tables with how to read them."""
    lines: list[str] = []
    for outcome in found.question.outcomes if found.discovery is None else ():
        lines += ["", subject(found.question, outcome)]
        if found.screening is not None:
            lines += _screening(found.screening[found.screening["outcome"] == outcome], outcome)
        if found.indices is not None:
            lines += _indices(found.indices[found.indices["outcome"] == outcome], found, outcome)
    if found.discovery is not None:
        lines += ["", *discovery_words(found.question, found.discovery)]
    lines += [*_notes(found), "", f"folder  {shown(found.folder)}"]
    return "\n".join(lines).lstrip("\n")


def unit_of(outcome: str, largest: float) -> tuple[float, str]:
    """The factor and unit in which differences of an outcome are told."""
    factor, measure = scale_of(outcome, largest)
    return factor, "points" if measure == "%" else measure


def _screening(table: pd.DataFrame, outcome: str) -> list[str]:
    factor, measure = unit_of(outcome, float(table["mu_star"].max()))
    shown = table.head(MOST_ROWS)
    rows = [["screening (Morris)", "range", f"mu* ({measure})", "95 % interval", "mu", "sigma", "luck", ""]]
    for row in shown.to_dict("records"):
        values = {name: factor * float(row[name]) for name in ("mu_star", "mu_star_low", "mu_star_high", "mu", "sigma")}
        rows.append(
            [
                str(row["path"]),
                f"{short_number(float(row['low']))} to {short_number(float(row['high']))}",
                f"{values['mu_star']:.2f}",
                f"{values['mu_star_low']:.2f} to {values['mu_star_high']:.2f}",
                numbers.signed(values["mu"], 2),
                f"{values['sigma']:.2f}",
                _or_missing(factor * float(row["luck"])),
                _told_apart(row),
            ]
        )
    idle = int((table["mu_star"] == 0).sum())
    more = f"{int(table['beyond_luck'].sum())} of {len(table)} parameters do more than luck alone would show"
    more += f"; {idle} do nothing at all in this scenario" if idle else ""
    return [*aligned(rows), more]


def _indices(table: pd.DataFrame, found: SensitivityOutcome, outcome: str) -> list[str]:
    rows = [["shares of variance (Sobol)", "first order", "95 % interval", "total", "95 % interval", "luck", ""]]
    for row in table.to_dict("records"):
        cells = [str(row["path"])]
        for name in ("first", "total"):
            cells += [f"{row[name]:.2f}", f"{row[f'{name}_low']:.2f} to {row[f'{name}_high']:.2f}"]
        told = "" if row["beyond_luck"] or not math.isfinite(row["luck"]) else "within luck"
        rows.append([*cells, _or_missing(float(row["luck"])), told])
    spread = found.spreads[outcome]
    factor, measure = unit_of(outcome, spread.sd)
    level = numbers.amount(outcome, spread.mean) if found.question.cause is None else f"{factor * spread.mean:+.2f}"
    words = (
        f"over these parameters the outcome has mean {level} and standard deviation {factor * spread.sd:.2f} {measure}"
    )
    if math.isfinite(spread.luck_of_one_run):
        words += f"; of the variance of a single run {100 * spread.luck_of_one_run:.0f} % is luck"
    return ["", *aligned(rows), words]


def _told_apart(row: Mapping[Hashable, Any]) -> str:
    if row["mu_star"] == 0:
        return "nothing"
    return "" if row["beyond_luck"] or not math.isfinite(row["luck"]) else "within luck"


def _or_missing(value: float) -> str:
    return f"{value:.2f}" if math.isfinite(value) else numbers.MISSING


def aligned(rows: list[list[str]]) -> list[str]:
    """Rows of a table: the first two columns flush left, numbers flush right."""
    room = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            f"{cell:<{size}}" if place == 0 else f"{cell:>{size}}"
            for place, (cell, size) in enumerate(zip(row, room, strict=True))
        ).rstrip()
        for row in rows
    ]


# --- discovery ------------------------------------------------------------------------------------


def discovery_words(question: Question, found: Discovery) -> list[str]:
    """Under which assumptions the effect is large, in sentences; that it never is, where it never is."""
    outcome = question.outcomes[0]
    factor, measure = unit_of(outcome, float(abs(found.effect).max()))
    cause = "the K visa" if question.cause is None or "visa" in question.cause.name else f"'{question.cause.name}'"
    count, reached = len(found.effect), int(found.reached.sum())
    does = "raises" if found.threshold > 0 else "lowers"
    label = in_force().indicator[outcome].label
    label = label[0].lower() + label[1:]
    claim = f"{cause} {does} the {label} by {factor * abs(found.threshold):.2g} {measure} or more"
    low, middle, high = (factor * float(pd.Series(found.effect).quantile(share)) for share in (0.05, 0.5, 0.95))
    spread = (
        f"Over {count:,} sampled assumptions the effect is {middle:+.2f} {measure} (median; 90 % of them from "
        f"{low:+.2f} to {high:+.2f}, the largest {factor * found.effect.max():+.2f}, "
        f"the smallest {factor * found.effect.min():+.2f})."
    )
    lines = [subject(question, outcome), spread]
    if not reached:
        lines.append(
            f"Under none of {count:,} sampled assumptions does it reach the threshold: in none of them {claim}."
        )
    else:
        lines.append(f"{claim[0].upper()}{claim[1:]} in {reached:,} of them ({100 * reached / count:.0f} %).")
    if found.by_luck >= 0.5:
        lines.append(
            f"Luck alone would bring about {found.by_luck:.0f} of {count:,} there if the effect were nothing; its "
            f"standard deviation is {factor * found.luck_sd:.2f}, of which {factor * found.shared_sd:.2f} moves "
            "all samples together. Take more people or replications before believing them."
        )
    if reached and not found.boxes:
        lines.append(
            "No box is found: nowhere are there five of them, half of the samples and a twentieth of all, "
            "behind a few limits. Those that reach it share no simple assumption, or are too few to show one."
        )
    lines += [_box_words(number, box) for number, box in enumerate(found.boxes, 1)]
    return lines


def _box_words(number: int, box: Box) -> str:
    limits = " and ".join(f"{limit_words(limit)} (quasi-p {_chance(limit.quasi_p)})" for limit in box.limits)
    return (
        f"Box {number}: {limits}. {box.samples:,} samples are inside; {100 * box.density:.0f} % of them reach the "
        f"threshold (density), {100 * box.coverage:.0f} % of all that do are among them (coverage)."
    )


def limit_words(limit: Limit) -> str:
    """One side of a box in words."""
    declared = in_force().declaration(limit.path)
    label = limit.path if declared is None else f"{declared.label} ({limit.path})"
    return f"{label} {'above' if limit.above else 'below'} {short_number(limit.value)}"


def _chance(value: float) -> str:
    return "below 0.0001" if value < 1e-4 else f"{value:.2g}"


def _notes(found: SensitivityOutcome) -> list[str]:
    """What limits the answer."""
    notes = []
    for stage, (kept, asked) in found.parts.items():
        if kept < asked:
            notes.append(
                f"{stage}: {asked - kept:,} of {asked:,} {PARTS[stage]}s need a run that failed and are left out; "
                f"see {stage}/failures.csv. What fails is not spread evenly: these assumptions are not judged."
            )
    if found.holders is not None and found.holders < FEW:
        notes.append(
            f"* rests on {found.holders:.0f} simulated K-visa holders on average; --population has more of them"
        )
    if found.question.scenario.replications < 2:
        notes.append("one replication: luck is not told apart; take --replications 2 or more")
    return ["", *notes] if notes else []


# --- figures --------------------------------------------------------------------------------------


def drawings(found: SensitivityOutcome) -> dict[str, Callable[[], Figure]]:
    """The figures that suit what was found, by the names of their files."""
    drawn: dict[str, Callable[[], Figure]] = {}
    for place, outcome in enumerate(found.question.outcomes if found.discovery is None else ()):
        title = subject(found.question, outcome)
        ending = f"_{outcome}" if place else ""
        if found.screening is not None:
            table = found.screening[found.screening["outcome"] == outcome]
            drawn[f"screening{ending}"] = lambda table=table, name=outcome, title=title: draw_screening(  # type: ignore[misc]
                table, title, *unit_of(name, float(table["mu_star"].max()))
            )
        if found.indices is not None:
            table = found.indices[found.indices["outcome"] == outcome]
            drawn[f"indices{ending}"] = lambda table=table, title=title: draw_indices(table, title)  # type: ignore[misc]
    if (discovery := found.discovery) is not None:
        name = found.question.outcomes[0]
        factor, measure = unit_of(name, float(abs(discovery.effect).max()))
        drawn["discovery"] = lambda: draw_discovery(discovery, subject(found.question, name), factor, measure)
    return drawn


def draw_sensitivity(found: SensitivityOutcome) -> list[Path]:
    """Draws what was found into folder/figures, as PNG and SVG; returns the PNG files."""
    target = found.folder / "figures"
    target.mkdir(exist_ok=True)
    with mpl.rc_context(settings(None)):  # type: ignore[arg-type]
        return [_save(draw(), name, target) for name, draw in drawings(found).items()]


def _save(figure: Figure, name: str, folder: Path) -> Path:
    title = figure.get_suptitle().replace("\n", " ")
    path = folder / f"{name}.png"
    figure.savefig(path, dpi=PNG_DPI, metadata={"Software": None, "Title": title})
    path.with_suffix(".svg").write_text(as_svg(figure, name, title), encoding="utf-8")
    return path
