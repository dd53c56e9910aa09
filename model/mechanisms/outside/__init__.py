"""The world outside: what the model is told of growth and pay, and how that goes on after the data."""

from __future__ import annotations

from model.mechanism import Mechanism, Step, later
from model.parameters import Parameter, constant

PARAMETERS = (
    Parameter("macro.outside_figures", "Outside figures used", "word", "realised", 0, 0,
              "What the model is told of growth, pay, graduates and churn: all there is, or what was out by a "
              "month, continued with its last year's growth. It serves to judge forecasts.",
              "lever; realised unless a score asks for less", "外部数据", dated=False,
              choices=("realised", "known_2026_02", "known_2025_06", "known_2024_11", "known_2024_06")),
    constant("macro.growth_after_data", "per year", 0.046, (-0.2, 0.2),
             "Growth of real GDP past the last quarter of gdp_quarterly.csv.",
             "assumption: goes on as in the last four quarters (gdp_quarterly.csv, to 2026Q2)",
             label="Growth of GDP after the data", label_zh="数据之后的GDP增速", known=(-0.03, 0.1)),
    constant("macro.wage_growth_after_data", "per year", 0.04, (-0.05, 0.15),
             "Growth of mean pay past the last year of wage_growth.csv.",
             "assumption near the last year's growth",
             label="Growth of wages after the data", label_zh="数据之后的工资增速"),
)

OUTSIDE: Mechanism[None] = Mechanism(
    "outside",
    "The world outside",
    "Growth, pay, churn, holidays, lockdowns and the size of classes are read from data and go on after their "
    "last figure by an assumption.",
    parameters=PARAMETERS,
    steps=(
        Step("open", later("model.mechanisms.outside.books:open_month"),
             "The month's books are opened and the figures from outside read."),
    ),
    home=__name__,
    title_zh="外部环境",
)
