"""Matching: posts, applications and hires on the job graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanism import Indicator, Mechanism, Step, later
from model.parameters import Parameter, constant

if TYPE_CHECKING:
    from model.mechanisms.matching.memory import Tightness

PARAMETERS = (
    constant("parameters.effective_applications", "chance per round", 0.5, (0.3, 1.0),
             "Chance that a seeker gets an effective application out.",
             "model.md starting values: 0.5 a month in a prototype without occupations"),
    constant("parameters.long_term_search", "ratio", 0.6, (0.3, 1.0),
             "The same after a year without work, relative.",
             "model.md starting values"),
    constant("parameters.gig_search", "ratio", 0.3, (0.0, 1.0),
             "The same in gig work, relative.",
             "model.md starting values"),
    constant("parameters.job_to_job_search", "chance per month", 0.015, (0.0, 0.05),
             "The same in a job, at about four years of tenure and 40 years of age in usual times.",
             "evidence.md 5: one employed in a hundred"),
    constant("parameters.job_to_job_tightness", "elasticity", 1.2, (0.0, 1.5),
             "How search on the job rises with tightness.",
             "assumption: it rises with it (Eeckhout and Lindenlaub 2019, recollection)"),
    constant("parameters.applications", "per month", 2, (1, 10),
             "Rounds of applications a seeker can send in a month.",
             "assumption; dRC 2021: one, its Canadian successor ten", uncertain=False),
    Parameter("parameters.job_graph", "Job graph", "file", "", 0, 0,
              "Another job graph over the same occupations: CSV (source, target, weight), GraphML or GEXF.",
              "empty: mobility.csv, as data/README.md derives it", dated=False),
    constant("parameters.wage_attraction", "power", 1.0, (0.0, 2.0),
             "How pay draws applications (beta).",
             "evidence.md 5: 1"),
    constant("parameters.reservation_share", "share of last pay", 0.8, (0.5, 1.0),
             "Reservation pay at the start of a spell.",
             "assumption"),
    constant("parameters.reservation_decay", "per month", 0.01, (0.0, 0.03),
             "How reservation pay falls with the spell.",
             "evidence.md 5; about -12 % in a year, as agreed pay in 2022"),
    constant("parameters.ranking_strength", "ratio", 1.0, (0.0, 3.0),
             "How much quality decides between applicants; 0 is the urn-ball draw.",
             "assumption"),
    constant("parameters.spell_penalty_floor", "ratio", 0.55, (0.3, 1.0),
             "Employers' discount after eight months without work.",
             "Kroft et al. 2013 (recollection: about -45 %)"),
    constant("parameters.age_penalty_floor", "ratio", 0.85, (0.5, 1.0),
             "Employers' discount at 38.",
             "assumption (evidence.md 5)"),
    constant("parameters.experience_first", "share", 0.872, (0.0, 1.0),
             "Vacancies that rank experience first.",
             "model.md starting values; not identified"),
    constant("parameters.experience_advantage", "ratio", 5.0, (1.0, 10.0),
             "Odds of the experienced at such a vacancy.",
             "assumption"),
)

INDICATORS = (
    Indicator("vacancies", "Vacancies", "职位空缺", "jobs", "count",
              "Posts open on an average day: those left at the end of the month and half of those filled in it"),
    Indicator("vacancy_rate", "Vacancy rate", "空缺率", "share of posts", "rate", "Vacancies / (vacancies + employed)"),
    Indicator("tightness", "Labour-market tightness", "市场紧张度", "vacancies per unemployed", "ratio",
              "Vacancies / unemployed"),
    Indicator("hires", "Hires", "招聘人数", "people per month", "count", "People who took a job this month"),
    Indicator("job_finding_rate", "Job-finding rate", "求职成功率", "share of unemployed per month", "rate",
              "Hires out of unemployment / unemployed at the start of search", base="unemployed"),
)

MATCHING: Mechanism[Tightness] = Mechanism(
    "matching",
    "Matching",
    "Firms post vacancies in occupations; seekers apply along the job graph to posts that pay what they ask; "
    "each post takes the best of its applicants.",
    parameters=PARAMETERS,
    memory=later("model.mechanisms.matching.memory:tightness"),
    steps=(
        Step("post", later("model.mechanisms.matching.posts:post"),
             "Firms post vacancies in occupations, some closed at 35, some open to beginners."),
        Step("search", later("model.mechanisms.matching.search:search"),
             "Seekers apply to reachable vacancies that pay what they ask."),
        Step("hire", later("model.mechanisms.matching.hiring:hire"), "Each vacancy takes the best of its applicants."),
    ),
    indicators=INDICATORS,
    home=__name__,
    title_zh="匹配",
)
