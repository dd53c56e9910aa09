"""Refunds of unemployment-insurance premiums to firms that keep their staff."""

from __future__ import annotations

from model.mechanism import Indicator, Mechanism, Step, later
from model.parameters import constant, lever

PARAMETERS = (
    lever("layoffs.insurance_refund", "Premiums refunded to firms that keep staff", "share of premiums",
          {"2018-01": 0.54, "2025-07": 0.82, "2026-01": 0.54}, (0, 1),
          "State Council Office circular 2025 no. 25: 90 % for small and medium firms, 50 % for large ones to the end of "
          "2025, before 60 and 30 % (policy_2025_26.csv), small and medium firms with 80 % of jobs (assumption); taken to "
          "hold before it and to come back after it (assumption)",
          meaning="Share of unemployment-insurance premiums that a firm gets back which lays off no more than 5.5 % of its "
                  "staff a year.", label_zh="稳岗返还"),
    constant("parameters.insurance_premium", "share of pay", 0.01, (0.005, 0.02),
             "Premiums of unemployment insurance, of firm and worker together.",
             "State Council decision of 2015, prolonged since (recollection): 1 %"),
    constant("parameters.refund_layoffs", "share per year", 0.055, (0.02, 0.2),
             "Layoffs a year up to which a firm counts as keeping its staff.",
             "the condition is the year's target for surveyed unemployment, 5.5 % in most years; 20 % for firms of up to 30 "
             "(recollection)"),
    constant("parameters.refund_reach", "share of staff", 0.5, (0.1, 0.8),
             "Staff whose firm is insured and asks for its refund.",
             "244 million insured of 470 million at work in cities in 2023 (recollection)"),
)

INDICATORS = (
    Indicator("cost_insurance_refund", "Cost of premiums refunded", "稳岗返还支出", "CNY per year", "money",
              "Premiums refunded to firms that keep their staff, at this month's rate"),
)

INSURANCE_REFUND: Mechanism[None] = Mechanism(
    "insurance_refund",
    "Refunds to firms that keep staff",
    "A firm that lays off few gets premiums back; one that would lay off a little more keeps to the limit where that "
    "costs less than the refund.",
    parameters=PARAMETERS,
    steps=(
        Step("refund", later("model.mechanisms.insurance_refund.refunds:offer_refunds"),
             "Firms learn what keeping their staff would bring back to them."),
    ),
    indicators=INDICATORS,
    home=__name__,
    title_zh="稳岗返还",
)
