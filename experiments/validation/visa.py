"""The visa against the evidence: what 100,000 foreign hires do to youth unemployment.

The doses and the estimates are those of `visa_evidence`; here each seed is a life beside the others.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from experiments.validation.checks import Check, Verdict, at_most, between
from experiments.validation.evidence import Experiment, Life, Lives, Plan, TooFewError
from experiments.validation.visa_doses import STANDARD, Design, doses_of, without_visa
from experiments.validation.visa_evidence import Evidence, evidence_of

if TYPE_CHECKING:
    from experiments.engine.ensemble import Record

NAME = "visa"
DESIGN = Design()
#: The size of the ensemble for which the evidence is measured at its standard size; it grows and shrinks with that.
USUAL_REPLICATIONS, USUAL_POPULATION = 20, 200_000
FEWEST_PERSONS = 1_000
#: Below this chance of no bend anywhere the lines are not called straight.
LEAST_CHANCE = 0.01
STUDIES = (
    "Doran-Gelber-Isen; Mahajan et al. 2024; Kerr-Lincoln 2010; Peri-Shih-Sparber 2015: net native jobs per hire (psi) "
    "from -1.5 to +1; points by arithmetic (docs/visa.md)"
)


def _lives(plan: Plan) -> list[Life]:
    population = max(FEWEST_PERSONS, STANDARD.population * plan.scenario.population // USUAL_POPULATION)
    scenario = without_visa(plan.scenario, population, DESIGN)
    seeds = max(2, STANDARD.seeds * plan.scenario.replications // USUAL_REPLICATIONS)
    return [Life(NAME, "", scenario, scenario.seed + k) for k in range(seeds)]


def _live(life: Life) -> Record:
    return doses_of(life.scenario, DESIGN, life.seed)


def _gather(lives: Lives) -> Evidence:
    if len(lives) < 2:
        raise TooFewError
    return evidence_of({life.seed: record for life, record in lives}, DESIGN)


VISA = Experiment(NAME, "doses of foreign hires", _lives, _live, _gather)


def _slope(psi: float, low: float, high: float, evidence: Evidence) -> Verdict:
    slope, lower, upper = evidence.slope_at(psi)
    first, last = evidence.psi_range
    return between(
        low, slope, high, f"{lower:+.3f} to {upper:+.3f}; the sweep covers psi from {first:.1f} to {last:.1f}"
    )


def _ceiling(evidence: Evidence) -> Verdict:
    return at_most(0.3, evidence.highest_slope, "upper end of the interval of the steepest line of the sweep")


def _straight(evidence: Evidence) -> Verdict:
    chance = evidence.straightness
    return Verdict(chance, chance >= LEAST_CHANCE, "chance of bends as large as found if there were none (Bonferroni)")


def _at_psi(name: str, psi: float, low: float, high: float, target: str) -> Check:
    return Check(
        name, f"youth unemployment per 100,000 hires where each hire makes {psi:+.0f} net native jobs", target,
        "points", STUDIES, "arithmetic", VISA, partial(_slope, psi, low, high),
    )  # fmt: skip


VISA_CHECKS: tuple[Check, ...] = (
    _at_psi("visa_psi_minus_1", -1.0, 0.02, 0.1, "+0.02 to +0.1 points"),
    _at_psi("visa_psi_0", 0.0, -0.02, 0.02, "none (within 0.02 points)"),
    _at_psi("visa_psi_plus_1", 1.0, -0.1, -0.02, "-0.02 to -0.1 points"),
    Check("visa_ceiling", "the most that 100,000 hires do to youth unemployment", "at most 0.3 points", "points",
          "each hire one job less, all of it borne by the young (docs/visa.md)", "arithmetic", VISA, _ceiling),
    Check("visa_linear", "youth unemployment and native jobs in hires: chance that the lines are straight",
          f"at least {LEAST_CHANCE}", "ratio", "arithmetic: twice the hires do twice as much (docs/visa.md)",
          "arithmetic", VISA, _straight),
)  # fmt: skip
