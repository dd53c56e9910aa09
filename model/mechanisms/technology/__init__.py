"""Technology: output that grows, and jobs that hardly follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanism import Cause, Indicator, Mechanism, Step, later
from model.parameters import constant, lever

if TYPE_CHECKING:
    from model.mechanisms.technology.memory import Technology

PARAMETERS = (
    lever("technology.output_growth", "Growth of technology's output", "per year",
          {"2018-01": 0.1, "2023-01": 0.12}, (-0.5, 1),
          "assumption near tech_annual.csv it_services_value_added_growth (11.1 % in 2025) and the rise of "
          "technology's share from 14.3 % of GDP in 2023 to 18 % in 2026",
          meaning="Real growth of technology's output.", label_zh="科技产出增速", uncertain=True, known=(-0.05, 0.25)),
    lever("technology.jobs_elasticity", "Jobs per unit of technology output", "ratio",
          {"2018-01": 0.7, "2022-01": 0.3}, (-1, 2),
          "2018-2021 derived from jobs (tech_annual.csv: +5.07 million 2018-2023, most before 2022) over output; "
          "from 2022 assumption (evidence.md 5: 0.2 to 0.4, jobless growth; sectors.csv exposure_tech 0.3)",
          meaning="Per cent more jobs per per cent more output in technology.",
          label_zh="科技就业弹性", uncertain=True),
    lever("technology.extra_layoffs", "Layoffs of technology firms", "share per month",
          {"2018-01": 0, "2022-01": 0.0027, "2024-01": 0}, (0, 0.1),
          "tech_annual.csv headcounts: Alibaba, Tencent, Baidu and Kuaishou fell from 442,000 to 374,000 in the two years "
          "from early 2022, 0.8 % a month; taken for a third of the sector (assumption; range 0.001 to 0.008)",
          meaning="Technology's staff that is laid off beyond what demand asks.", label_zh="科技企业裁员",
          uncertain=True),
    constant("parameters.technology_share_2023", "share of GDP", 0.143, (0.1, 0.16),
             "Technology's share of GDP in 2023.",
             "tech_annual.csv tech_share_of_gdp_bloomberg_economics 2023"),
)

INDICATORS = (
    Indicator("technology_share_of_gdp", "Technology's share of GDP", "科技占GDP比重", "share of GDP", "share",
              "Technology and what it buys / GDP"),
)

TECHNOLOGY: Mechanism[Technology] = Mechanism(
    "technology",
    "Technology",
    "Technology's output grows, and the jobs it supports grow by an elasticity of that: since 2022 by little.",
    parameters=PARAMETERS,
    memory=later("model.mechanisms.technology.memory:technology"),
    steps=(
        Step("technology", later("model.mechanisms.technology.output:grow_technology"),
             "Technology's output grows, and its jobs by an elasticity of that."),
    ),
    indicators=INDICATORS,
    causes=(
        Cause("technology", "technology: layoffs and jobless growth",
              "no extra layoffs; output and its jobs grow as they did before 2022",
              later("model.mechanisms.technology.output:growth_as_before_2022"),
              name_zh="科技：裁员与无就业增长"),
    ),
    home=__name__,
    title_zh="科技",
)
