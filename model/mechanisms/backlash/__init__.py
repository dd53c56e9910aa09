"""Backlash: anger at the visa, and what it may do to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanism import Cause, Indicator, Mechanism, Step, later
from model.parameters import constant, lever

if TYPE_CHECKING:
    from model.mechanisms.backlash.memory import Mood

PARAMETERS = (
    lever("policy_feedback.enabled", "Backlash can suspend the visa", "true or false", False, (0, 1),
          "assumption: no suspension found (visa.csv); off by default",
          meaning="Whether public anger can suspend the K visa.", label_zh="政策反馈"),
    constant("parameters.backlash_unemployment", "log odds per point", 20.0, (0.0, 60.0),
             "Anger on youth unemployment.",
             "assumption: illustrative"),
    constant("parameters.backlash_attention", "log odds", 2.0, (0.0, 6.0),
             "Anger on attention to foreigners.",
             "assumption: illustrative"),
    constant("parameters.backlash_threshold", "share", 0.15, (0.05, 0.3),
             "Youth unemployment at which anger is half way.",
             "assumption: illustrative"),
    constant("parameters.backlash_fade", "share per month", 0.15, (0.02, 0.5),
             "How fast anger follows its causes.",
             "assumption"),
    constant("parameters.attention_fade", "share per month", 0.1, (0.02, 0.5),
             "How fast attention fades.",
             "assumption"),
    constant("parameters.suspension_hazard", "chance per month", 0.002, (0.0, 0.05),
             "Suspension without backlash.",
             "assumption: illustrative (evidence.md 5)"),
    constant("parameters.suspension_sensitivity", "log points", 8.0, (0.0, 10.0),
             "How backlash raises it.",
             "assumption: illustrative"),
    constant("parameters.suspension_months", "months", 12.0, (3.0, 60.0),
             "How long a suspension lasts.",
             "assumption"),
)

INDICATORS = (
    Indicator("backlash", "Backlash", "舆论反弹", "index 0..1", "share", "Anger at the visa", plain=True),
    Indicator("perceived_visa_share", "Index of anger at the visa", "对签证的愤怒指数（示意）", "index 0..1", "share",
              "An illustrative index of anger at the visa, 0 to 1, not a measured share", plain=True),
    Indicator("k_visa_suspended", "K visa suspended", "K签证暂停", "0 or 1", "share",
              "1 while backlash keeps the visa suspended", plain=True),
)

BACKLASH: Mechanism[Mood] = Mechanism(
    "backlash",
    "Backlash",
    "Anger rises with youth unemployment and attention to foreigners, and fades; with feedback on, it can "
    "suspend the visa. It is an illustrative index, not a measurement.",
    parameters=PARAMETERS,
    memory=later("model.mechanisms.backlash.memory:calm"),
    steps=(
        Step("backlash", later("model.mechanisms.backlash.mood:feel"),
             "Anger rises with youth unemployment and attention; it may suspend the visa."),
    ),
    indicators=INDICATORS,
    causes=(
        Cause("backlash", "policy feedback", "backlash cannot suspend the visa", {"policy_feedback.enabled": False}, name_zh="政策反馈"),
    ),
    home=__name__,
    title_zh="舆论反弹",
)
