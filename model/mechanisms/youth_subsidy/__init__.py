"""A payment for each young person who is hired: it makes them cheaper, by little for long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanism import Indicator, Mechanism, Step, later
from model.parameters import constant, lever

if TYPE_CHECKING:
    from model.mechanisms.youth_subsidy.memory import YouthSubsidy

PARAMETERS = (
    lever("hiring.youth_subsidy", "Payment per young hire", "CNY per hire",
          {"2018-01": 0, "2025-07": 1500, "2026-01": 0}, (0, 100_000),
          "State Council Office circular 2025 no. 25: up to 1,500 to the end of 2025 (policy_2025_26.csv). Smaller payments "
          "for graduates of the year before it are in the fitted behaviour",
          meaning="Paid to an employer who hires a graduate of the last two years or a registered jobless person of 16 "
                  "to 24: they cost less, so firms want more of them (parameters.own_wage_elasticity) and rank them "
                  "higher.", label_zh="青年招聘补贴", known=(0, 10_000)),
    constant("parameters.youth_subsidy_take_up", "share of hires", 0.05, (0.02, 1.0),
             "Hires in question for which an employer asks for the payment and has a contract and three months' insurance to "
             "show; who does not is not moved by it either.",
             "assumption: about one million paid for in a year of some 19 million such hires in the model (recollection of the "
             "ministry's counts for 2022)"),
    constant("parameters.youth_subsidy_months", "months", 24.0, (6.0, 60.0),
             "Months of pay that a payment is set against: how long a young hire is expected to stay.",
             "assumption, near the expected length of a job begun at that age (separation_new, separation_settled)"),
)

INDICATORS = (
    Indicator("cost_youth_subsidy", "Cost of payments for young hires", "青年招聘补贴支出", "CNY per year", "money",
              "Payments for this month's hires, at a yearly rate"),
)

YOUTH_SUBSIDY: Mechanism[YouthSubsidy] = Mechanism(
    "youth_subsidy",
    "Payments for young hires",
    "The state pays for each graduate or registered jobless person of 16 to 24 who is hired; that lowers what they "
    "cost, and demand for them follows by its elasticity.",
    parameters=PARAMETERS,
    memory=later("model.mechanisms.youth_subsidy.memory:youth_subsidy"),
    steps=(
        Step("pay_for_young", later("model.mechanisms.youth_subsidy.payments:cheapen_the_young"),
             "Payments lower what young hires cost: more posts are open to them, and they rank higher."),
    ),
    indicators=INDICATORS,
    home=__name__,
    title_zh="青年招聘补贴",
)
