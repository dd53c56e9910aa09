"""Wages: offers that follow tightness, and the yearly review of pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanism import Indicator, Mechanism, Step, later
from model.parameters import constant

if TYPE_CHECKING:
    from model.mechanisms.wages.memory import Offers

PARAMETERS = (
    constant("parameters.wage_tightness_elasticity", "elasticity", 0.2, (0.0, 0.3),
             "Offers in an occupation on its tightness.",
             "assumption: pay of the newly hired falls by about 3 % per point of unemployment (Pissarides 2009, "
             "recollection)"),
    constant("parameters.wage_adjustment", "share per month", 0.3, (0.02, 0.5),
             "How fast offers follow.",
             "assumption: pay of the newly hired follows within a quarter"),
    constant("parameters.pay_review", "share per year", 0.1, (0.0, 0.5),
             "How far a job's yearly review brings its pay towards what newcomers are offered.",
             "assumption; with changes of job about half of a low start is gone in five years (Oreopoulos et al. "
             "2012)"),
    constant("parameters.living_wage", "CNY per month of 2023", 3719, (2300, 4800),
             "What a living costs in a city; it moves with mean pay.",
             "labour_structure.csv living_wage (gross, 2023); the range from minimum wages to Shenzhen's living wage of 2021",
             uncertain=False),
    constant("parameters.pay_spread", "log points", 0.2, (0.0, 0.6),
             "Spread of offers within an occupation.",
             "assumption"),
)

INDICATORS = (
    Indicator("median_wage", "Median wage", "工资中位数", "CNY per month", "money", "Median over the employed"),
    Indicator("low_pay_share", "Pay below a living wage", "低于生活工资的就业占比", "share of employed", "share",
              "At work for less than living_wage, gig work included", base="employed"),
    Indicator("median_starting_wage_graduates", "Median starting wage of graduates", "毕业生起薪中位数",
              "CNY per month", "money", "Median over recent graduates hired in the last 12 months", base="labour_force_graduates"),
)

WAGES: Mechanism[Offers] = Mechanism(
    "wages",
    "Wages",
    "Offers follow tightness in each occupation; a job keeps the pay it was offered until a yearly review brings "
    "it nearer to what newcomers are offered.",
    parameters=PARAMETERS,
    memory=later("model.mechanisms.wages.memory:offers"),
    steps=(
        Step("wages", later("model.mechanisms.wages.offers:set_wages"),
             "Offers follow tightness in each occupation; pay is reviewed once a year."),
    ),
    indicators=INDICATORS,
    home=__name__,
    title_zh="工资",
)
