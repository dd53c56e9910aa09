"""The structural numbers of the mechanisms, each with unit, range and source; set under `parameters:` in a scenario.

What a data file gives is read from it (see `model.drivers`); here stand behaviour and what no table holds.
"""

from __future__ import annotations

from model.parameters import Parameter, Value


def _number(
    name: str, unit: str, default: Value, bounds: tuple[float, float], meaning: str, source: str,
) -> Parameter:
    """An uncertain constant under `parameters:`; the name itself is its label."""
    label = name.replace("_", " ").capitalize()
    return Parameter(f"parameters.{name}", label, unit, default, *bounds, meaning, source, dated=False, uncertain=True)


def _count(name: str, default: int, meaning: str) -> Parameter:
    """Number of simulated firms of a sector: sizes are drawn so that results do not depend on it."""
    return Parameter(
        f"parameters.firms_{name}", f"Firms in {name}", "firms", default, 5, 20_000, meaning,
        "assumption: resolution of the simulation, not a fact; proportions after sectors.csv firms_thousand_2023",
        dated=False,
    )


_SEPARATIONS = (
    _number("separation_settled", "share per month", 0.0063, (0.005, 0.012),
            "Chance that a settled job ends by itself.", "model.md starting values (prototype fit to months to 2025-06)"),
    _number("separation_new", "share per month", 0.036, (0.030, 0.050),
            "The same in the first month of a job.", "model.md starting values; a ridge with the next one"),
    _number("young_separation_multiplier", "ratio", 2.4, (1.5, 4.0),
            "Multiplies the hazard to age 25, fading to 1 at 31.", "model.md starting values"),
    _number("festival_separations", "share", 0.41, (0.1, 0.8),
            "Extra hazard in the window from 45 days before to 20 days after Spring Festival.",
            "model.md starting values: .40 to .50 in a prototype without vacancies"),
    _number("festival_replacement", "share", 0.55, (0.0, 1.5),
            "Posts opened a month later per job that the festival is expected to end: the hiring season after it.",
            "assumption; without it the festival's leavers stay unemployed into May, against the official months"),
    _number("churn_power", "power", 1.0, (0.0, 1.0),
            "How hazards follow the employers' survey of yearly separations (18.8 % in 2021, 14.8 % in 2025).",
            "assumption: one for one, as the survey says; not identified by the series"),
    _number("quits_tightness_elasticity", "elasticity", 0.10, (0.0, 0.4),
            "How separations that people choose rise with tightness.", "assumption"),
)

_DEMAND = (
    _number("slack", "share of labour force", 0.002, (0.0, 0.06),
            "Share of the labour force that demand leaves without a post when nothing shocks it (u*).",
            "assumption, fitted to the level of the all-ages rate before 2025-07"),
    _number("adjustment_speed", "share of gap per month", 0.152, (0.1, 0.6),
            "How fast firms close a gap between jobs and target (gamma).", "model.md starting values"),
    _number("base_openings", "share per month", 0.017, (0.006, 0.03),
            "Posts opened whatever the gap, per job (delta_v).",
            "assumption: near monthly separations, moves from job to job included; dRC 2021: 0.008 without those moves"),
    _number("growth_elasticity", "elasticity", 0.32, (0.1, 0.5),
            "Target jobs on the gap between GDP and its slow trend.", "model.md starting values"),
    _number("trend_memory", "months", 24.0, (12.0, 60.0),
            "How slowly the trend of GDP absorbs a lasting loss.", "assumption"),
    _number("losses_not_reemployed", "share", 0.38, (0.1, 0.6),
            "Share of jobs lost through property and wealth that is not re-employed elsewhere at once (zeta).",
            "model.md starting values: .1 to .6, not identified"),
    _number("reemployment_months", "months", 96.0, (12.0, 120.0),
            "How slowly the rest of the economy absorbs those losses.", "assumption"),
    _number("construction_exposure", "elasticity", 0.33, (0.15, 0.35), "Construction jobs on building sites.",
            "property.md: the census's -12 % from 2018 to 2023 needs .30 to .35 on sites (a fit, not a test); "
            "sectors.csv has 0.22 on starts or sales"),
    _number("developer_staff_power", "elasticity", 0.87, (0.55, 0.90), "Developers' staff on their building sites.",
            "property.md: the census's -27 % (a fit, not a test)"),
    _number("agency_sales_power", "elasticity", 0.5, (0.2, 0.8), "Agencies' staff on sales of homes.", "assumption"),
    _number("technology_net_new", "share", 0.25, (0.0, 1.0),
            "Share of technology's jobs beyond its reference path that adds to total jobs.",
            "assumption; model.md: the closure decides, from 0 (reallocated) to 1 (net new)"),
    _number("technology_reference_growth", "per year", 0.10, (0.0, 0.2),
            "Growth of technology's output that other sectors' job trends already contain.",
            "assumption, near technology.output_growth"),
    Parameter("parameters.demand_closure", "Closure of demand", "word", "labour_force", 0, 0,
              "What total demand follows: the labour force smoothed over 12 months, or a path fixed at 2018.",
              "model.md step 4: a closure by assumption, named beside every attribution", dated=False,
              choices=("labour_force", "fixed")),
    _number("vacancy_life", "months", 6.0, (2.0, 24.0), "After how long an unfilled post is withdrawn.", "assumption"),
    _number("firm_shock_sd", "log points", 0.05, (0.0, 0.15),
            "Spread of firms' own shocks to the jobs they want.", "assumption"),
    _number("firm_shock_memory", "share kept per month", 0.90, (0.0, 0.99), "Persistence of those shocks.", "assumption"),
    _number("fixed_path_growth", "per year", 0.008, (0.0, 0.02), "Growth of jobs under the closure `fixed`.",
            "labour_structure.csv urban_employed: 459 million in 2022, 473 in 2024; 462.7 in 2020"),
    _number("lockdown_freeze", "ratio", 0.5, (0.0, 4.0),
            "Share of openings stopped per share of the economy that a lockdown stops.", "assumption"),
)

_WEALTH = (
    _number("wealth_elasticity", "elasticity", 0.14, (0.05, 0.20),
            "Consumption on housing wealth.", "Painter-Yang-Zhong 2021 (evidence.md 4)"),
    _number("income_elasticity", "elasticity", 0.5, (0.3, 0.7),
            "Consumption on labour income relative to trend.", "assumption (evidence.md 5)"),
    _number("precaution", "elasticity", 0.05, (0.0, 0.15),
            "Consumption on consumer confidence.", "assumption"),
    _number("confidence_unemployment", "log points per point", 3.0, (0.0, 8.0),
            "Fall of confidence per unit of extra unemployment.", "assumption"),
    _number("confidence_stalled", "log points per share", 0.9, (0.0, 2.0),
            "Fall of confidence per share of presold homes that stands still.",
            "assumption; surveyed confidence fell from about 120 to 88 in 2022 (macro_annual.csv)"),
    _number("confidence_prices", "log points per log point", 1.5, (0.0, 4.0),
            "Fall of confidence per unit of expected yearly fall of house prices.", "assumption"),
    _number("wealth_reservation", "elasticity", 0.10, (0.0, 0.3),
            "What seekers ask for on the worth of their home: parents' homes pay for waiting.", "assumption"),
)

_SEARCH = (
    _number("effective_applications", "chance per round", 0.6, (0.3, 1.0),
            "Chance that a seeker gets an effective application out.",
            "model.md starting values: 0.5 a month in a prototype without occupations"),
    _number("long_term_search", "ratio", 0.6, (0.3, 1.0), "The same after a year without work, relative.",
            "model.md starting values"),
    _number("gig_search", "ratio", 0.3, (0.0, 1.0), "The same in gig work, relative.", "model.md starting values"),
    _number("job_to_job_search", "chance per month", 0.01, (0.0, 0.05), "The same in a job.",
            "evidence.md 5: one employed in a hundred"),
    Parameter("parameters.applications", "Applications", "per month", 2, 1, 10,
              "Rounds of applications a seeker can send in a month.", "assumption; dRC 2021: one, its Canadian successor ten", dated=False),
    Parameter("parameters.job_graph", "Job graph", "file", "", 0, 0,
              "Another job graph over the same occupations: CSV (source, target, weight), GraphML or GEXF.",
              "empty: mobility.csv, as data/README.md derives it", dated=False),
    _number("wage_attraction", "power", 1.0, (0.0, 2.0), "How pay draws applications (beta).", "evidence.md 5: 1"),
    _number("reservation_share", "share of last pay", 0.8, (0.5, 1.0), "Reservation pay at the start of a spell.",
            "assumption"),
    _number("reservation_decay", "per month", 0.01, (0.0, 0.03), "How reservation pay falls with the spell.",
            "evidence.md 5; about -12 % in a year, as agreed pay in 2022"),
    _number("ranking_strength", "ratio", 1.0, (0.0, 3.0),
            "How much quality decides between applicants; 0 is the urn-ball draw.", "assumption"),
    _number("spell_penalty_floor", "ratio", 0.55, (0.3, 1.0), "Employers' discount after eight months without work.",
            "Kroft et al. 2013 (recollection: about -45 %)"),
    _number("age_penalty_floor", "ratio", 0.85, (0.5, 1.0), "Employers' discount at 38.", "assumption (evidence.md 5)"),
    _number("experience_first", "share", 0.9, (0.0, 1.0), "Vacancies that rank experience first.",
            "model.md starting values; not identified"),
    _number("experience_advantage", "ratio", 5.0, (1.0, 10.0), "Odds of the experienced at such a vacancy.", "assumption"),
)

_GRADUATES = (
    _number("graduates_entering", "share of class", 0.83, (0.7, 0.95),
            "Graduates of a class that become job seekers, later masters included; the rest are counted twice "
            "(upgraders), serve or emigrate.", "model.md starting values: 0.75 at 21-25 and 0.08 as masters"),
    _number("postgraduate_share", "share of entering", 0.096, (0.05, 0.2),
            "Of them, who goes on to a master's degree.", "model.md starting values: 0.08 of 0.83"),
    _number("exam_queue_share", "share of class", 0.10, (0.0, 0.2),
            "Who waits for an exam and its result.", "model.md starting values; slow employment 9.8 % in 2017"),
    Parameter("parameters.exam_results_first", "Exam results first", "month of the year", 1, 1, 4,
              "First month in which some of them are back.",
              "assumption: results of the national civil-service exam come in January", dated=False),
    Parameter("parameters.exam_results_months", "Exam results months", "months", 4, 1, 6,
              "Over how many months they come back.",
              "assumption: postgraduate results come in late February, those of the provinces' exams in April", dated=False),
    _number("campus_offers", "share of entering", 0.55, (0.30, 0.70),
            "Campus openings posted for a class of 2018 size, per graduate without further study, in normal times.",
            "model.md starting values: 0.55 (.46 to .60) with an offer at graduation"),
    _number("campus_class_elasticity", "elasticity", 0.5, (0.0, 1.0),
            "How campus openings follow the size of the class.", "assumption"),
    _number("campus_demand_sensitivity", "per point", 4.0, (0.0, 12.0),
            "How campus openings react to firms' gaps between jobs and target.",
            "assumption; offers fell from above 60 % to below 50 % in 2022 (evidence.md 4)"),
    _number("market_by_july", "share of class", 0.51, (0.4, 0.7),
            "Class in the market by the survey of July.", "model.md starting values"),
    _number("market_in_september", "share of class", 0.10, (0.0, 0.2),
            "Class that enters in September; August has the rest.", "model.md starting values"),
    _number("subsidy_ranking", "log points per share", 2.0, (0.0, 5.0),
            "How a hiring subsidy moves a graduate up the ranking.", "assumption"),
    _number("subsidy_openings", "elasticity", 0.5, (0.0, 2.0), "Extra campus openings per share of wage subsidised.",
            "assumption"),
)

_PEOPLE = (
    _number("other_young_entrants", "million per year", 1.0, (0.5, 4.0),
            "Young people who leave school below tertiary level and look for work.",
            "derived: 33 million youths in the labour force (labour_structure.csv) less graduates and migrants"),
    Parameter("parameters.migrants", "Arrivals from the countryside", "million per year",
              {"2018-01": 9.0, "2020-01": 7.0, "2021-01": 5.5}, 0, 30,
              "Net arrivals of workers aged 18 to 49 in the cities, places that became urban included.",
              "derived from the growth of urban_employed 2020-2024 (labour_structure.csv)"),
    _number("home_exit", "share per month", 0.016, (0.0, 0.05),
            "Seekers aged 25 to 54 who leave the labour force for care.", "assumption"),
    _number("home_return", "share per month", 0.008, (0.002, 0.03), "And who come back.", "assumption"),
    _number("discouragement_rate", "share per month", 0.03, (0.0, 0.1), "Long-term seekers who give up.", "assumption"),
    _number("discouraged_months", "months", 6.0, (2.0, 24.0), "Mean time until they try again.", "assumption"),
    _number("retire_at_50", "share", 0.20, (0.1, 0.3), "Who retires at 50 (women in blue-collar jobs).", "assumption"),
    _number("retire_at_55", "share", 0.18, (0.1, 0.3), "Who retires at 55 (women in white-collar jobs).", "assumption"),
    _number("retire_at_60", "share", 0.42, (0.3, 0.6), "Who retires at 60; the rest works to 65.", "assumption"),
    _number("searching_students", "share of students", 0.008, (0.0, 0.05),
            "Tertiary students who look for work: in the bureau's total, not in its age groups.",
            "assumption: about 0.5 of 62 million (labour_structure.csv youth_16_24_urban_in_school), which makes the published "
            "total agree with the published age groups"),
    _number("gig_going", "chance per month", 0.06, (0.0, 0.3), "Seekers who take gig work when it pays what they ask.",
            "assumption"),
    _number("gig_saturation", "elasticity", 1.0, (0.2, 3.0), "Fall of gig income per rise of gig work.", "assumption"),
    _number("gig_exit", "share per month", 0.035, (0.01, 0.1), "Gig workers who stop.", "assumption"),
)

_WAGES = (
    _number("wage_tightness_elasticity", "elasticity", 0.20, (0.0, 0.3),
            "Offers in an occupation on its tightness.",
            "assumption: pay of the newly hired falls by about 3 % per point of unemployment (Pissarides 2009, recollection)"),
    _number("wage_adjustment", "share per month", 0.30, (0.02, 0.5), "How fast offers follow.",
            "assumption: pay of the newly hired follows within a quarter"),
    _number("pay_review", "share per year", 0.10, (0.0, 0.5),
            "How far a job's yearly review brings its pay towards what newcomers are offered.",
            "assumption; with changes of job about half of a low start is gone in five years (Oreopoulos et al. 2012)"),
    _number("pay_spread", "log points", 0.20, (0.0, 0.6), "Spread of offers within an occupation.", "assumption"),
)

_AFTER_DATA = (
    Parameter("macro.outside_figures", "Outside figures used", "word", "realised", 0, 0,
              "What the model is told of growth, pay, graduates and churn: all there is, or what was out by a month, "
              "continued with its last year's growth. It serves to judge forecasts.",
              "lever; realised unless a score asks for less", "外部数据", dated=False,
              choices=("realised", "known_2025_06", "known_2024_11", "known_2024_06")),
    Parameter("macro.growth_after_data", "Growth of GDP after the data", "per year", 0.05, -0.2, 0.2,
              "Growth of real GDP past the last quarter of gdp_quarterly.csv.",
              "assumption: goes on as in the last quarter (gdp_quarterly.csv 2026Q1)", "数据之后的GDP增速",
              dated=False, uncertain=True),
    Parameter("macro.wage_growth_after_data", "Growth of wages after the data", "per year", 0.04, -0.05, 0.15,
              "Growth of mean pay past the last year of wage_growth.csv.",
              "assumption near the last year's growth", "数据之后的工资增速", dated=False, uncertain=True),
    Parameter("graduates.growth_after_data", "Growth of classes after the data", "per year", 0.039, -0.2, 0.2,
              "Growth of graduating classes past the last year of graduates_annual.csv.",
              "assumption: the last year's growth (12.22 to 12.70 million, 2025 to 2026)", "数据之后的毕业生增速",
              dated=False, uncertain=True),
)

_VISA = (
    _number("visa_applicants", "people per year", 120_000.0, (10_000.0, 1_000_000.0),
            "People abroad who would come on a K visa in a normal year.",
            "assumption; 237,000 work permits of all kinds in 2023 (visa.csv)"),
    _number("visa_pay_elasticity", "elasticity", 1.0, (0.0, 3.0), "Applicants on pay in the jobs open to them.",
            "assumption"),
    _number("visa_backlash_deterrence", "share", 0.5, (0.0, 1.0), "Applicants put off by full backlash.", "assumption"),
    _number("visa_search_months", "months", 12.0, (3.0, 60.0), "How long a holder may stay without a job.",
            "assumption: stay and validity are not published"),
    _number("visa_job_months", "months", 60.0, (12.0, 120.0), "How long a holder with a job stays before leaving.",
            "assumption"),
    _number("complementarity_delay", "months", 9.0, (6.0, 12.0), "Months until a K-visa hire brings its extra posts.",
            "model.md step 11: 6 to 12"),
)

_BACKLASH = (
    _number("backlash_unemployment", "log odds per point", 20.0, (0.0, 60.0), "Anger on youth unemployment.",
            "assumption: illustrative"),
    _number("backlash_attention", "log odds", 2.0, (0.0, 6.0), "Anger on attention to foreigners.",
            "assumption: illustrative"),
    _number("backlash_threshold", "share", 0.15, (0.05, 0.3), "Youth unemployment at which anger is half way.",
            "assumption: illustrative"),
    _number("backlash_fade", "share per month", 0.15, (0.02, 0.5), "How fast anger follows its causes.", "assumption"),
    _number("attention_fade", "share per month", 0.10, (0.02, 0.5), "How fast attention fades.", "assumption"),
    _number("suspension_hazard", "chance per month", 0.002, (0.0, 0.05), "Suspension without backlash.",
            "assumption: illustrative (evidence.md 5)"),
    _number("suspension_sensitivity", "log points", 8.0, (0.0, 10.0), "How backlash raises it.",
            "assumption: illustrative"),
    _number("suspension_months", "months", 12.0, (3.0, 60.0), "How long a suspension lasts.", "assumption"),
)

_SHARES = (
    _number("technology_share_2023", "share of GDP", 0.143, (0.10, 0.16), "Technology's share of GDP in 2023.",
            "tech_annual.csv tech_share_of_gdp_bloomberg_economics 2023"),
    _number("property_share_2018", "share of GDP", 0.30, (0.22, 0.32), "Property and all it touches, at the peak.",
            "evidence.md 4: 29 % (Rogoff-Yang) to 32 % (the story)"),
    _number("property_share_fixed", "share", 0.4, (0.2, 0.6), "Part of it that rents and services of standing homes make.",
            "assumption: brings 2021 and 2023 near 22 % and 20 % (property_annual.csv)"),
)

_FIRMS = (
    _count("tech", 300, "Technology firms."),
    _count("agencies", 60, "Estate agencies; developers are counted by property.developers."),
    _count("construction_materials", 300, "Construction and building materials."),
    _count("manufacturing", 400, "Manufacturing."),
    _count("finance", 60, "Finance and insurance."),
    _count("consumer_services", 600, "Retail, hospitality and personal services."),
    _count("platform_logistics", 100, "Platforms, transport and logistics."),
    _count("business_services", 300, "Business and professional services."),
    _count("education_health", 150, "Education and health."),
    _count("government_soe", 100, "Government, mining and utilities."),
    _count("agriculture", 60, "Agriculture of urban residents."),
)

STRUCTURE: tuple[Parameter, ...] = (
    _SEPARATIONS + _DEMAND + _WEALTH + _SEARCH + _GRADUATES + _PEOPLE + _WAGES + _AFTER_DATA + _VISA + _BACKLASH
    + _SHARES + _FIRMS
)
