"""Separations: jobs that end by themselves, by choice or by layoff."""

from __future__ import annotations

from model.mechanism import Indicator, Mechanism, Step, later
from model.parameters import constant, lever

PARAMETERS = (
    lever("layoffs.extra_rate.SECTOR", "Extra layoffs", "share per month", 0.0, (0, 0.5),
          "lever; 0 unless a scenario sets it",
          meaning="Layoffs beyond what firms would make.", label_zh="额外裁员率", known=(0.0, 0.03)),
    lever("layoffs.protection", "Layoffs firms must forgo", "share", 0.0, (0, 1),
          "lever; 0 unless a scenario sets it",
          meaning="Share of layoffs firms are made to forgo that month; the gap between jobs and target stays.",
          label_zh="裁员保护"),
    constant("parameters.separation_settled", "share per month", 0.0063, (0.005, 0.012),
             "Chance that a settled job ends by itself.",
             "model.md starting values (prototype fit to months to 2025-06)"),
    constant("parameters.separation_new", "share per month", 0.0333, (0.03, 0.05),
             "The same in the first month of a job.",
             "the fit of version 0.1, which could not tell it from separation_settled (a ridge); held since"),
    constant("parameters.young_separation_multiplier", "ratio", 2.4, (1.5, 4.0),
             "Multiplies the hazard to age 25, fading to 1 at 31.",
             "model.md starting values"),
    constant("parameters.festival_separations", "share", 0.41, (0.1, 0.8),
             "Extra hazard in the window from 45 days before to 20 days after Spring Festival.",
             "model.md starting values: .40 to .50 in a prototype without vacancies"),
    constant("parameters.festival_replacement", "share", 0.55, (0.0, 1.5),
             "Posts opened a month later per job that the festival is expected to end: the hiring season after it.",
             "assumption; without it the festival's leavers stay unemployed into May, against the official months"),
    constant("parameters.churn_power", "power", 1.0, (0.0, 1.0),
             "How hazards follow the employers' survey of yearly separations (18.8 % in 2021, 14.8 % in 2025).",
             "assumption: one for one, as the survey says; not identified by the series"),
    constant("parameters.quits_tightness_elasticity", "elasticity", 0.1, (0.0, 0.4),
             "How separations that people choose rise with tightness.",
             "assumption"),
)

INDICATORS = (
    Indicator("layoffs", "Layoffs", "裁员人数", "people per month", "count", "Separations chosen by firms"),
    Indicator("layoffs_over_35", "Layoffs, 35 and over", "35岁以上裁员", "people per month", "count",
              "Layoffs of people aged 35 and over"),
    Indicator("quits", "Quits and contract ends", "离职人数", "people per month", "count",
              "Separations that are not layoffs, moves from job to job included"),
    Indicator("separation_rate", "Separation rate", "离职率", "share of employed per month", "rate",
              "Layoffs and quits / employed"),
)

SEPARATIONS: Mechanism[None] = Mechanism(
    "separations",
    "Separations",
    "Jobs end by themselves, by choice or because a firm cuts them; hazards fall with tenure and age and rise "
    "before Spring Festival.",
    parameters=PARAMETERS,
    steps=(
        Step("separate", later("model.mechanisms.separations.hazards:separate"), "Jobs end by themselves, by choice or by layoff."),
    ),
    indicators=INDICATORS,
    home=__name__,
    title_zh="离职",
)
