"""The K visa: applicants, arrivals within the quota, and the posts that hires bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanism import Cause, Indicator, Mechanism, Step, later
from model.parameters import constant, lever

if TYPE_CHECKING:
    from model.mechanisms.visa.memory import VisaMemory

PARAMETERS = (
    lever("visa.annual_quota", "K-visa quota", "people per year", {"2018-01": 0, "2025-10": 2_000, "2026-10": 8_000, "2027-10": 20_000}, (0, 5_000_000),
          "assumption: no quota and no count is published (visa.csv k_visa_annual_quota, k_visa_issued_to_date); guidance "
          "was still being finalised in mid-2026; range 0 to 100,000",
          meaning="Ceiling on K-visa arrivals; 0 closes the visa.", label_zh="K签证年度配额", uncertain=True, known=(0, 1_000_000)),
    lever("visa.h1b_diversion", "H-1B diversion", "share", {"2018-01": 0, "2025-10": 0.05}, (0, 1),
          "assumption; the pool it acts on is visa.csv h1b_cap_registrations less h1b_cap_selected",
          meaning="Share of talent turned away from the US that considers China.",
          label_zh="H-1B人才转向", uncertain=True),
    lever("visa.complementarity", "Jobs a K-visa hire brings", "vacancies per hire", 0.4, (-6.0, 4.5),
          "set so that net native jobs per foreign hire emerge near 0, with bounds that span -1.5 to +1 "
          "(benchmarks/visa_evidence.py): Doran-Gelber-Isen; Mahajan et al. 2024; Kerr-Lincoln 2010; "
          "Peri-Shih-Sparber 2015",
          meaning="Extra vacancies a K-visa hire brings to its firm after 6 to 12 months, beyond what demand gains with "
                  "any entrant (parameters.demand_elasticity); below 0 posts are lost. Where both add up to 1 native "
                  "jobs are nearly unchanged.", label_zh="互补岗位", uncertain=True),
    constant("parameters.visa_applicants", "people per year", 120_000.0, (10_000.0, 1_000_000.0),
             "People abroad who would come on a K visa in a normal year.",
             "assumption; 237,000 work permits of all kinds in 2023 (visa.csv)", label_zh="正常年份的签证申请人数"),
    constant("parameters.visa_friction", "ratio", 0.5, (0.2, 1.0),
             "Applications that a K-visa holder gets out relative to a native: language, recognition of degrees, permits.",
             "assumption: holders should not find work more easily than native graduates do"),
    constant("parameters.visa_pay_elasticity", "elasticity", 1.0, (0.0, 3.0),
             "Applicants on pay in the jobs open to them.",
             "assumption"),
    constant("parameters.visa_backlash_deterrence", "share", 0.5, (0.0, 1.0),
             "Applicants put off by full backlash.",
             "assumption"),
    constant("parameters.visa_search_months", "months", 12.0, (3.0, 60.0),
             "How long a holder may stay without a job.",
             "assumption: stay and validity are not published"),
    constant("parameters.visa_job_months", "months", 60.0, (12.0, 120.0),
             "How long a holder with a job stays before leaving.",
             "assumption"),
    constant("parameters.complementarity_delay", "months", 9.0, (6.0, 12.0),
             "Months until a K-visa hire brings its extra posts.",
             "model.md step 11: 6 to 12"),
)

INDICATORS = (
    Indicator("k_visa_applicants", "K-visa applicants", "K签证申请人数", "people per month", "count",
              "People abroad who would come this month; missing before the visa opens"),
    Indicator("k_visa_arrivals", "K-visa arrivals", "K签证入境人数", "people per month", "count",
              "K-visa holders who arrived this month", base="k_visa_stock"),
    Indicator("k_visa_stock", "K-visa holders", "K签证持有者", "people", "count", "K-visa holders in the country", base="k_visa_stock"),
    Indicator("net_native_jobs_per_k_hire", "Net native jobs per K-visa hire", "每名K签证雇员的本地净就业",
              "jobs per hire", "ratio",
              "Posts that K-visa holders brought, as hires and as entrants, less the jobs they hold, per job held: firms' own count, before the market responds", base="k_visa_stock"),
)

VISA: Mechanism[VisaMemory] = Mechanism(
    "visa",
    "The K visa",
    "People abroad apply; some arrive within the quota and search without a sponsor; after some months their "
    "hires bring posts to their firms.",
    parameters=PARAMETERS,
    memory=later("model.mechanisms.visa.memory:hires_abroad"),
    steps=(
        Step("visa", later("model.mechanisms.visa.arrivals:visa"),
             "K-visa holders arrive within the quota; earlier hires bring posts."),
    ),
    books=later("model.mechanisms.visa.arrivals:close_books"),
    indicators=INDICATORS,
    causes=(
        Cause("visa", "K visa", "the visa stays closed (no_k_visa.yaml)", {"visa.annual_quota": 0.0}, name_zh="K签证",
              people=("visa.annual_quota", "parameters.visa_applicants"), most=500_000),
    ),
    home=__name__,
    title_zh="K签证",
)
