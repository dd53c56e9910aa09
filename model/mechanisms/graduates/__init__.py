"""Graduates: classes, campus openings, further study and the wait for exams."""

from __future__ import annotations

from model.mechanism import Cause, Indicator, Mechanism, Step, later
from model.parameters import constant, lever

#: Who graduates in July of a year turned sixteen up to eight years and a half before it, in months.
MONTHS_AHEAD = 102

PARAMETERS = (
    lever("graduates.cohort_scale", "Size of graduating classes", "ratio", 1.0, (0, 5),
          "lever; 1 is graduates_annual.csv",
          meaning="Scales the classes that graduate from that date on. The birth cohort keeps its size: who is not "
                  "admitted leaves school without a degree; no more than 95 % of a cohort can study.",
          label_zh="毕业生规模", lead=MONTHS_AHEAD, known=(0.6, 1.25)),
    lever("hiring.graduate_subsidy", "Hiring subsidy for new graduates", "share of wage", 0.0, (0, 1),
          "lever; 0 unless a scenario sets it",
          meaning="Subsidy paid to the employer of a new graduate: it makes graduates cheaper, so firms want more "
                  "of them (parameters.own_wage_elasticity) and rank them higher.", label_zh="毕业生招聘补贴"),
    lever("graduates.postgraduate_share", "Graduates who study on", "share", 0.096, (0, 1),
          "model.md starting values: 0.08 of the class. Held: admissions were 11.5 % of the class in 2022, 11.2 in 2023 and "
          "11.8 in 2025 (policy_2025_26.csv over graduates_annual.csv), part-time and later entrants included",
          meaning="Share of those who graduate and neither serve nor emigrate who go on to a master's degree; they come "
                  "back to the market three years later.", label_zh="继续读研比例", known=(0.05, 0.2)),
    constant("graduates.growth_after_data", "per year", 0.039, (-0.2, 0.2),
             "Growth of graduating classes past the last year of graduates_annual.csv.",
             "assumption: the last year's growth (12.22 to 12.70 million, 2025 to 2026)",
             label="Growth of classes after the data", label_zh="数据之后的毕业生增速"),
    constant("parameters.graduates_entering", "share of class", 0.83, (0.7, 0.95),
             "Graduates of a class that become job seekers, later masters included; the rest are counted twice "
             "(upgraders), serve or emigrate.",
             "model.md starting values: 0.75 at 21-25 and 0.08 as masters"),
    constant("parameters.exam_queue_share", "share of class", 0.1, (0.0, 0.2),
             "Who waits for an exam and its result.",
             "model.md starting values; slow employment 9.8 % in 2017"),
    constant("parameters.exam_results_first", "month of the year", 1, (1, 4),
             "First month in which some of them are back.",
             "assumption: results of the national civil-service exam come in January", uncertain=False),
    constant("parameters.exam_results_months", "months", 4, (1, 6),
             "Over how many months they come back.",
             "assumption: postgraduate results come in late February, those of the provinces' exams in April",
             uncertain=False),
    constant("parameters.campus_offers", "share of entering", 0.55, (0.3, 0.85),
             "Campus openings posted for a class of 2018 size, per graduate without further study, in normal times.",
             "model.md starting values: 0.55 (.46 to .60) with an offer at graduation; MyCOS 2016: 74 % of bachelors in full-time "
             "work half a year after it, 15 % studying (graduate_status.csv)"),
    constant("parameters.campus_class_elasticity", "elasticity", 1.0, (0.0, 1.0),
             "How campus openings follow the size of the class: 1 is a campus market with constant returns to scale.",
             "assumption: constant returns, as matching functions have (Petrongolo and Pissarides 2001, J. Economic "
             "Literature 39); three fits that left it free ended at 1"),
    constant("parameters.campus_demand_sensitivity", "per point", 4.0, (0.0, 12.0),
             "How campus openings react to firms' gaps between jobs and target.",
             "assumption; offers fell from above 60 % to below 50 % in 2022 (evidence.md 4)"),
    constant("parameters.market_by_july", "share of class", 0.51, (0.4, 0.7),
             "Class in the market by the survey of July.",
             "model.md starting values"),
    constant("parameters.market_in_september", "share of class", 0.06, (0.0, 0.2),
             "Class that enters in September; August has the rest.",
             "a fit of version 0.2, in which worlds with known values did not give it back; held since"),
    constant("parameters.autumn_starts", "share of offers", 0.1, (0.0, 0.25),
             "Jobs offered on campus that begin in September: until then who graduated earlier counts as unemployed, as "
             "the survey has it (able to start, a job that begins within three months).",
             "assumption: teaching and public posts; education takes about one new bachelor in six (MyCOS, recollection)"),
    constant("parameters.postgraduate_place", "CNY per year", 35_000, (20_000, 60_000),
             "What a postgraduate costs the budget.",
             "assumption: regular universities' public spending per student is near 22,000 (2022, recollection), and a "
             "postgraduate counts for one and a half to two in the appropriations; stipends included"),
    constant("parameters.subsidy_ranking", "log points per share", 2.0, (0.0, 5.0),
             "How a hiring subsidy moves a graduate up the ranking.",
             "assumption"),
)

INDICATORS = (
    Indicator("cost_postgraduate_places", "Cost of postgraduate places", "研究生培养的财政成本", "CNY per year", "money",
              "Postgraduates times what a place costs the budget"),
)

GRADUATES: Mechanism[None] = Mechanism(
    "graduates",
    "Graduates",
    "Classes graduate from July to September; some hold offers from campus, some study on, some wait for an "
    "exam, the rest search.",
    parameters=PARAMETERS,
    steps=(
        Step("campus", later("model.mechanisms.graduates.campus:post_on_campus"),
             "From October to May firms post campus openings for next summer's graduates."),
    ),
    indicators=INDICATORS,
    causes=(
        Cause("graduates", "graduate numbers", "every class is as large as that of 2018",
              later("model.mechanisms.graduates.classes:scale_that_keeps_2018"), name_zh="毕业生人数"),
    ),
    home=__name__,
    title_zh="毕业生",
)
