"""What happens in a month, in order: the page to read first.

Each line names a mechanism of `model/mechanisms/` and one of its steps; the mechanism's declaration says in a sentence
what the step does and which function does it. Steps hand over to later ones through the fields of `model.handover`. A
modeller's own steps stand before or after one of these.
"""

from __future__ import annotations

from model.mechanism import Step
from model.mechanisms import (
    ADVERTS,
    AGE_35,
    AI,
    BACKLASH,
    DEMAND,
    GOING_HOME,
    GRADUATES,
    INSURANCE_REFUND,
    MATCHING,
    OUTSIDE,
    PARTICIPATION,
    PROPERTY,
    PUBLIC_POSTS,
    SEPARATIONS,
    SURVEY,
    TECHNOLOGY,
    VISA,
    WAGES,
    WEALTH,
    YOUTH_SUBSIDY,
)

MONTH: tuple[Step, ...] = (
    OUTSIDE.step("open"),
    AGE_35.step("age_limits"),
    PARTICIPATION.step("enter"),
    PROPERTY.step("property"),
    WEALTH.step("consume"),
    TECHNOLOGY.step("technology"),
    AI.step("ai"),
    YOUTH_SUBSIDY.step("pay_for_young"),
    PUBLIC_POSTS.step("public_posts"),
    DEMAND.step("demand"),
    INSURANCE_REFUND.step("refund"),
    DEMAND.step("plan"),
    SEPARATIONS.step("separate"),
    MATCHING.step("post"),
    GRADUATES.step("campus"),
    ADVERTS.step("ask_for_one_gender"),
    MATCHING.step("search"),
    MATCHING.step("hire"),
    WAGES.step("wages"),
    PARTICIPATION.step("participate"),
    GOING_HOME.step("go_home"),
    VISA.step("visa"),
    BACKLASH.step("backlash"),
    SURVEY.step("survey"),
    SURVEY.step("remember"),
    SURVEY.step("record"),
)
