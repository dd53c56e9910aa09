"""Housing wealth, confidence and consumption."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanism import Cause, Indicator, Mechanism, Step, later
from model.parameters import constant

if TYPE_CHECKING:
    from model.mechanisms.wealth.memory import Households

PARAMETERS = (
    constant("parameters.wealth_elasticity", "elasticity", 0.14, (0.05, 0.2),
             "Consumption on housing wealth.",
             "Painter-Yang-Zhong 2021 (evidence.md 4)"),
    constant("parameters.income_elasticity", "elasticity", 0.5, (0.3, 0.7),
             "Consumption on labour income relative to trend.",
             "assumption (evidence.md 5)"),
    constant("parameters.precaution", "elasticity", 0.05, (0.0, 0.15),
             "Consumption on consumer confidence.",
             "assumption"),
    constant("parameters.confidence_unemployment", "log points per point", 3.0, (0.0, 8.0),
             "Fall of confidence per unit of extra unemployment.",
             "assumption"),
    constant("parameters.confidence_stalled", "log points per share", 0.9, (0.0, 2.0),
             "Fall of confidence per share of presold homes that stands still.",
             "assumption; surveyed confidence fell from about 120 to 88 in 2022 (macro_annual.csv)"),
    constant("parameters.confidence_prices", "log points per log point", 1.5, (0.0, 4.0),
             "Fall of confidence per unit of expected yearly fall of house prices.",
             "assumption"),
    constant("parameters.wealth_reservation", "elasticity", 0.0, (0.0, 0.3),
             "What seekers ask for on the worth of their home: parents' homes pay for waiting.",
             "assumption: 0, since no source tells its size; other values ask what it would do"),
)

INDICATORS = (
    Indicator("consumption_index", "Consumption", "消费指数", "index, 2018-01 = 100", "index",
              "Real consumption relative to trend"),
    *(Indicator(f"consumption_{name}_housing", f"Consumption, {words}", f"消费：{chinese}", "index, 2018-01 = 100", "index",
                "As consumption; a yuan of housing lost takes as much from it for everybody (Painter, Yang and Zhong 2021)")
      for name, words, chinese in (("least", "third with the least housing", "住房财富最少三分之一"),
                                   ("middle", "middle third by housing", "住房财富中间三分之一"),
                                   ("most", "third with the most housing", "住房财富最多三分之一"))),
    Indicator("consumer_confidence", "Consumer confidence", "消费者信心", "index, 2018-01 = 100", "index",
              "Falls with unemployment, falling house prices and stalled homes"),
)

WEALTH: Mechanism[Households] = Mechanism(
    "wealth",
    "Housing wealth and consumption",
    "Households whose homes lose worth, and whose confidence falls, consume less; parents' homes also pay for "
    "waiting, so what seekers ask for follows their worth.",
    parameters=PARAMETERS,
    memory=later("model.mechanisms.wealth.memory:households"),
    steps=(
        Step("consume", later("model.mechanisms.wealth.consumption:consume"),
             "Consumption follows the worth of homes, income and confidence."),
    ),
    indicators=INDICATORS,
    causes=(
        Cause("wealth", "housing wealth: consumption",
              "consumption follows neither the worth of homes nor confidence",
              {"parameters.wealth_elasticity": 0.0, "parameters.precaution": 0.0}, name_zh="住房财富：消费"),
        Cause("waiting", "housing wealth: reservation",
              "what seekers ask for does not follow the worth of their homes",
              {"parameters.wealth_reservation": 0.0}, name_zh="住房财富：保留工资"),
    ),
    home=__name__,
    title_zh="住房财富与消费",
)
