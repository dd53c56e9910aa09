"""Which figures a validation has: what each shows, of which experiment, and the checks it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure

from views.figures import Drawn, save
from views.figures.canvas import Layout, settings
from views.validation import visa_evidence
from views.validation.economy import draw_property
from views.validation.market import draw_graphs, draw_hazards, draw_loop, draw_scar
from views.validation.published import draw_published
from views.validation.series import draw_fit, draw_season
from views.words.language import Speech

if TYPE_CHECKING:
    from experiments.validation.job import ValidationOutcome


@dataclass(frozen=True, slots=True)
class ValidationFigure:
    """One figure: its files' name, whose evidence it draws, its caption, and how names of its checks begin."""

    name: str
    evidence: str
    draw: Callable[[Any, Layout], Figure]
    caption: str
    checks: tuple[str, ...]


def _draw_visa(evidence: Any, layout: Layout) -> Figure:
    return visa_evidence.draw(evidence, Speech(), layout)


FIGURES: tuple[ValidationFigure, ...] = (
    ValidationFigure(
        "validation_fit", "ensemble", draw_fit,
        "Surveyed urban unemployment and the model's mean; the band holds 95 % of the replications.", ("fit_",),
    ),
    ValidationFigure(
        "validation_season", "ensemble", draw_season,
        "The same months with the mean of each line taken out, so that only the course through the year is left.",
        ("shape_", "june_", "august_"),
    ),
    ValidationFigure(
        "validation_beveridge", "demand cycle", draw_loop,
        "What one wave of demand (target jobs 2 % up, then 2 % down, over eight years) does to unemployment and "
        "vacancies. Each replication is compared with itself without the wave, so season and history cancel.",
        ("beveridge_", "job_finding_on"),
    ),
    ValidationFigure(
        "validation_hazards", "histories", draw_hazards,
        "Counted person by person from July 2022 to June 2025; gig work is no job here, retirement no end. "
        "Bands are 95 %.",
        ("separation_by", "job_finding_by"),
    ),
    ValidationFigure(
        "validation_scar", "graduates", draw_scar,
        "The class of 2019 with a slump and without, person by person: first pay, and the pay of those who have a job "
        "in both. Means of five months; the band is the 95 % interval over replications.", ("graduate_",),
    ),
    ValidationFigure(
        "validation_job_graph", "job graph", draw_graphs,
        "The chance to change occupation is the same in all three; what differs is how many places it leads to. Bars "
        "are 95 % intervals of the paired difference.", ("connected_",),
    ),
    ValidationFigure(
        "validation_visa", "visa", _draw_visa,
        "Doses of foreign hires, each world beside the same one without a visa. Left: net native jobs per hire against "
        "the posts that employers answer with. Right: youth unemployment against hires at work.", ("visa_",),
    ),
    ValidationFigure(
        "validation_property", "ensemble", draw_property,
        "Sales and starts are ratios of published levels of floor space; staff is counted by the economic censuses.",
        ("home_", "developers_", "construction_"),
    ),
    ValidationFigure(
        "validation_published", "published model", draw_published,
        "The automation shock of del Rio-Chanona et al. (2021) with the engine's rules of age, firms and ranking "
        "switched off. Left: the mean field and the article's values. Right: agents; bars are 95 % intervals.",
        ("published_",),
    ),
)  # fmt: skip


def draw_validation(outcome: ValidationOutcome, folder: Path) -> list[tuple[ValidationFigure, Drawn]]:
    """Draws the figures of every experiment that was finished: writes folder/NAME.png and .svg."""
    folder.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(settings(None)):  # type: ignore[arg-type]
        return [
            (figure, save(figure.name, partial(figure.draw, outcome.evidence[figure.evidence]), folder))
            for figure in FIGURES
            if figure.evidence in outcome.evidence
        ]
