"""AI at the entry level: machines do tasks, and the posts open to beginners go first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanism import Cause, Indicator, Mechanism, Step, later
from model.parameters import constant, lever

if TYPE_CHECKING:
    from model.mechanisms.ai.memory import Machines

PARAMETERS = (
    lever("technology.ai_adoption", "Exposed tasks done by AI", "share",
          {"2018-01": 0, "2023-07": 0.006, "2024-01": 0.012, "2024-07": 0.018, "2025-01": 0.020, "2025-07": 0.041,
           "2026-01": 0.048}, (0, 1),
          "assumption from ai_facts.csv: working hours saved in the United States at the end of 2024 (1.4 %) per person "
          "who uses it there (40 %), times the share of people who use it in China (16.4, 17.7, 36.5 and 42.8 % at the "
          "half-years to 2025-12), over the mean exposure of jobs (0.31); in a line from 0 at the end of 2022",
          meaning="Share of the tasks exposed to language models that machines do; the posts that fall away were first "
                  "open to beginners.", label_zh="AI承担的任务", known=(0.0, 0.1)),
    constant("parameters.ai_beginners_first", "share", 1.0, (0.0, 1.0),
             "Share of the posts lost to machines that were open to beginners, while there are such; the rest falls on all "
             "alike.",
             "assumption: older staff in exposed occupations kept their jobs (Brynjolfsson, Chandar and Chen 2025, "
             "ai_facts.csv)"),
    constant("parameters.ai_output_share", "share", 0.5, (0.0, 1.0),
             "Output that the work of machines adds, per share of all work that they do: labour's share of income.",
             "assumption: labour's share of income in China is near a half (Penn World Table, recollection)"),
)

INDICATORS = (
    Indicator("ai_work_share", "Work done by AI", "AI完成的工作", "share of work", "share",
              "Tasks that machines do, over all work of the jobs of 2018"),
)

AI: Mechanism[Machines] = Mechanism(
    "ai",
    "AI at the entry level",
    "Machines do a share of the tasks of each occupation; its posts open to beginners fall away first, and what "
    "machines do adds to output.",
    parameters=PARAMETERS,
    memory=later("model.mechanisms.ai.memory:machines"),
    steps=(
        Step("ai", later("model.mechanisms.ai.tasks:take_over"),
             "Machines take over tasks: fewer posts are open to beginners, fewer jobs are wanted, output grows."),
    ),
    indicators=INDICATORS,
    causes=(
        Cause("ai", "AI at the entry level", "machines do none of the exposed tasks", {"technology.ai_adoption": 0.0},
              name_zh="AI与入门岗位"),
    ),
    home=__name__,
    title_zh="AI与入门岗位",
)
