"""Retirement: the law that delays it step by step, and how fast it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanism import Indicator, Mechanism, later
from model.parameters import constant, lever

if TYPE_CHECKING:
    from model.mechanisms.retirement.memory import Retirement

PARAMETERS = (
    lever("retirement.delay_pace", "Pace of later retirement", "ratio", 1.0, (0, 3),
          "decision of the National People's Congress of 2024-09-13, in force since 2025-01: 1 (country: retirement; "
          "labour_structure.csv retirement_age rows)",
          meaning="How fast the law delays retirement; 1 is the law of 2025, 0 delays nobody further. Ages rise no "
                  "further than the law's in any case.", label_zh="延迟退休速度"),
    constant("parameters.works_past_retirement", "share", 0.3, (0.1, 0.45),
             "People who work on to 65 past the law's age for them: the self-employed, and those without an employees' pension.",
             "assumption: about three in ten women of 55 to 59 and four in ten men of 60 to 64 in towns are in the labour force "
             "(recollection of census 2020)"),
    constant("parameters.men_retire_early", "share of men", 0.15, (0.0, 0.35),
             "Men who retire at 55: from arduous work, or by arrangement with their firm.",
             "assumption: 55 is the age for arduous work (gender_hukou.csv statutory_retirement_age, recollection)"),
    constant("parameters.pension", "CNY per month", 3200, (2500, 4000),
             "What a pensioner draws, and somebody whose retirement is delayed does not.",
             "recollection (low): 2,987 on average to retired employees of firms in 2021, raised by 2 to 4 % a year"),
)

INDICATORS = (
    Indicator("cost_retirement_delay", "Cost of later retirement", "延迟退休的财政成本", "CNY per year", "money",
              "Pensions that the delay of retirement saves at this month's rate, below zero"),
)

RETIREMENT: Mechanism[Retirement] = Mechanism(
    "retirement",
    "Later retirement",
    "The law of 2025 lets people retire later by a month for every few months that it has been in force; those whom "
    "it holds work or search on and draw no pension.",
    parameters=PARAMETERS,
    memory=later("model.mechanisms.retirement.memory:retirement"),
    indicators=INDICATORS,
    home=__name__,
    title_zh="延迟退休",
)
