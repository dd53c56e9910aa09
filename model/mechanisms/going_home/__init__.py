"""Going home: migrants from villages who find no work in the cities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanism import Indicator, Mechanism, Step, later
from model.parameters import constant

if TYPE_CHECKING:
    from model.mechanisms.going_home.memory import GoneHome

PARAMETERS = (
    constant("parameters.goes_home", "share per month", 0.1, (0.0, 0.5),
             "Seekers registered in a village who go back there, once goes_home_after months are over.",
             "assumption; for the festival of 2009 20 million went home without a job (gender_hukou.csv), of some 140 "
             "(recollection)"),
    constant("parameters.goes_home_after", "months", 3, (0, 12),
             "Months without work before they do.",
             "assumption: savings last so long, and no benefits are drawn"),
    constant("parameters.comes_back", "share per Spring Festival", 0.7, (0.1, 1.0),
             "Of those at home, who come back after the festival in usual times; fewer when posts per seeker are fewer.",
             "assumption: most who went home in 2009 seem to have gone back to work that year (the same report)"),
)

INDICATORS = (
    Indicator("migrants_gone_home", "Migrants who went home", "返乡农民工", "people per month", "count",
              "Jobless, registered in a village, who left the city's labour force for it this month",
              base="labour_force_migrant_agricultural_hukou"),
)

GOING_HOME: Mechanism[GoneHome] = Mechanism(
    "going_home",
    "Migrants who go home",
    "Migrants from villages who find no work for some months go home; they come back after a Spring Festival, later when "
    "posts are few.",
    parameters=PARAMETERS,
    memory=later("model.mechanisms.going_home.memory:nobody"),
    steps=(
        Step("go_home", later("model.mechanisms.going_home.leaving:go_home"),
             "Jobless migrants from villages go home until after a Spring Festival."),
    ),
    indicators=INDICATORS,
    home=__name__,
    title_zh="返乡",
)
