"""The mechanisms that are shipped, a folder each, in the order of the story: what a scenario can vary and blame."""

from __future__ import annotations

from typing import Any

from model.mechanism import Mechanism
from model.mechanisms.adverts import ADVERTS
from model.mechanisms.age_35 import AGE_35
from model.mechanisms.ai import AI
from model.mechanisms.backlash import BACKLASH
from model.mechanisms.demand import DEMAND
from model.mechanisms.going_home import GOING_HOME
from model.mechanisms.graduates import GRADUATES
from model.mechanisms.insurance_refund import INSURANCE_REFUND
from model.mechanisms.matching import MATCHING
from model.mechanisms.outside import OUTSIDE
from model.mechanisms.participation import PARTICIPATION
from model.mechanisms.property import PROPERTY
from model.mechanisms.public_posts import PUBLIC_POSTS
from model.mechanisms.retirement import RETIREMENT
from model.mechanisms.separations import SEPARATIONS
from model.mechanisms.survey import SURVEY
from model.mechanisms.technology import TECHNOLOGY
from model.mechanisms.visa import VISA
from model.mechanisms.wages import WAGES
from model.mechanisms.wealth import WEALTH
from model.mechanisms.youth_subsidy import YOUTH_SUBSIDY

__all__ = [
    "ADVERTS",
    "AGE_35",
    "AI",
    "BACKLASH",
    "BUILT_IN",
    "DEMAND",
    "GOING_HOME",
    "GRADUATES",
    "INSURANCE_REFUND",
    "MATCHING",
    "OUTSIDE",
    "PARTICIPATION",
    "PROPERTY",
    "PUBLIC_POSTS",
    "RETIREMENT",
    "SEPARATIONS",
    "SURVEY",
    "TECHNOLOGY",
    "VISA",
    "WAGES",
    "WEALTH",
    "YOUTH_SUBSIDY",
]

#: Causes, columns and parameters are told in this order wherever nothing else orders them.
BUILT_IN: tuple[Mechanism[Any], ...] = (
    SURVEY,
    PROPERTY,
    WEALTH,
    TECHNOLOGY,
    AI,
    AGE_35,
    ADVERTS,
    GRADUATES,
    YOUTH_SUBSIDY,
    PUBLIC_POSTS,
    VISA,
    BACKLASH,
    SEPARATIONS,
    INSURANCE_REFUND,
    MATCHING,
    DEMAND,
    WAGES,
    PARTICIPATION,
    GOING_HOME,
    RETIREMENT,
    OUTSIDE,
)
