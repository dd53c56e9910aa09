"""The levers: what a scenario varies, each declared once with unit, bounds and source.

The dotted paths are fixed by the project's contract; others build on them.
"""

from __future__ import annotations

from model.parameters import Parameter

LEVERS: tuple[Parameter, ...] = (
    # --- visa ---------------------------------------------------------------------------------
    Parameter(
        "visa.annual_quota", "K-visa quota", "people per year",
        {"2018-01": 0, "2025-10": 100_000}, 0, 5_000_000,
        "Ceiling on K-visa arrivals; 0 closes the visa.",
        "assumption: no quota is published (visa.csv k_visa_annual_quota); 100,000 is the dose that the evidence is "
        "scaled to, under half of the 237,000 work permits of 2023 (visa.csv residence_permits_issued_work)",
        "K签证年度配额", uncertain=True,
    ),
    Parameter(
        "visa.h1b_diversion", "H-1B diversion", "share",
        {"2018-01": 0, "2025-10": 0.05}, 0, 1,
        "Share of talent turned away from the US that considers China.",
        "assumption; the pool it acts on is visa.csv h1b_cap_registrations less h1b_cap_selected",
        "H-1B人才转向", uncertain=True,
    ),
    Parameter(
        "visa.complementarity", "Jobs a K-visa hire brings", "vacancies per hire",
        1.0, -3.0, 4.5,
        "Extra vacancies a K-visa hire brings to its firm after 6 to 12 months; below 0 posts are lost. Somewhat above 1 "
        "leaves native jobs unchanged.",
        "set so that net native jobs per foreign hire emerge near 0, with bounds that span -1.5 to +1 (benchmarks/"
        "visa_evidence.py): Doran-Gelber-Isen; Mahajan et al. 2024; Kerr-Lincoln 2010; Peri-Shih-Sparber 2015",
        "互补岗位", uncertain=True,
    ),
    # --- hiring -------------------------------------------------------------------------------
    Parameter(
        "hiring.openings_scale.SECTOR", "Openings posted", "ratio", 1.0, 0, 3,
        "Scales the openings firms post; 0 is a hiring freeze.", "lever; 1 is the rule of the model", "招聘规模",
    ),
    Parameter(
        "hiring.over_35_cap_share", "Vacancies closed at 35", "share", 0.28, 0, 1,
        "Vacancy-weighted mean share of vacancies closed to people aged 35 and over; each occupation's own share "
        "scales with it, clipped at 1.",
        "occupations.csv age_cap_share (vacancy-weighted mean 0.28); 48 % of postings state any age limit "
        "(Luo-Zhang-Zhang 2025), the ceiling",
        "35岁招聘门槛", uncertain=True,
    ),
    Parameter(
        "hiring.graduate_subsidy", "Hiring subsidy for new graduates", "share of wage", 0.0, 0, 1,
        "Subsidy paid to the employer of a new graduate; it moves graduates up in firms' rankings and adds campus "
        "openings.", "lever; 0 unless a scenario sets it", "毕业生招聘补贴",
    ),
    # --- layoffs ------------------------------------------------------------------------------
    Parameter(
        "layoffs.extra_rate.SECTOR", "Extra layoffs", "share per month", 0.0, 0, 0.5,
        "Layoffs beyond what firms would make.", "lever; 0 unless a scenario sets it", "额外裁员率",
    ),
    Parameter(
        "layoffs.over_35_odds", "Odds of layoff at 35", "odds ratio", 1.5, 0.2, 10,
        "How much likelier an over-35 is to be picked in a layoff; technology firms apply it in full, others half.",
        "assumption (evidence.md 5: 1.5, range 1 to 3)", "35岁以上裁员倾向", uncertain=True,
    ),
    Parameter(
        "layoffs.protection", "Layoffs firms must forgo", "share", 0.0, 0, 1,
        "Share of layoffs firms are made to forgo that month; the gap between jobs and target stays.",
        "lever; 0 unless a scenario sets it", "裁员保护",
    ),
    # --- technology ---------------------------------------------------------------------------
    Parameter(
        "technology.output_growth", "Growth of technology's output", "per year",
        {"2018-01": 0.10, "2023-01": 0.12}, -0.5, 1,
        "Real growth of technology's output.",
        "assumption near tech_annual.csv it_services_value_added_growth (11.1 % in 2025) and the rise of technology's "
        "share from 14.3 % of GDP in 2023 to 18 % in 2026", "科技产出增速", uncertain=True,
    ),
    Parameter(
        "technology.jobs_elasticity", "Jobs per unit of technology output", "ratio",
        {"2018-01": 0.7, "2022-01": 0.3}, -1, 2,
        "Per cent more jobs per per cent more output in technology.",
        "2018-2021 derived from jobs (tech_annual.csv: +5.07 million 2018-2023, most before 2022) over output; from "
        "2022 assumption (evidence.md 5: 0.2 to 0.4, jobless growth; sectors.csv exposure_tech 0.3)",
        "科技就业弹性", uncertain=True,
    ),
    # --- property -----------------------------------------------------------------------------
    Parameter(
        "property.credit_limit", "Cap on developers' borrowing", "share",
        {"2018-01": 0, "2020-08": 1, "2023-01": 0.5, "2024-10": 0.3}, 0, 1,
        "How tightly developers' borrowing is capped: 0 free, 1 the three red lines in full.",
        "dates from chronology.csv (three red lines 2020-08; support 2024-09); strengths assumption (property.md)",
        "房企融资限制", uncertain=True,
    ),
    Parameter(
        "property.government_purchases", "Foreclosed homes bought by a national team", "homes per year",
        0, 0, 20_000_000,
        "Homes a government team buys: foreclosed listings first, then finished unsold homes.",
        "lever; 0 unless a scenario sets it", "国家队收购法拍房",
    ),
    # --- graduates ----------------------------------------------------------------------------
    Parameter(
        "graduates.cohort_scale", "Size of graduating classes", "ratio", 1.0, 0, 5,
        "Scales every graduating class.", "lever; 1 is graduates_annual.csv", "毕业生规模",
    ),
    # --- policy feedback ----------------------------------------------------------------------
    Parameter(
        "policy_feedback.enabled", "Backlash can suspend the visa", "true or false", False, 0, 1,
        "Whether public anger can suspend the K visa.", "assumption: no suspension found (visa.csv); off by default",
        "政策反馈",
    ),
)
