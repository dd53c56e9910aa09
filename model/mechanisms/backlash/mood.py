"""Anger at the visa: how it rises and fades, and when it suspends the visa."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

import numpy as np

from model.mechanisms.backlash import BACKLASH
from model.mechanisms.survey import SURVEY
from model.randomness import Purpose, draw_key, uniforms

if TYPE_CHECKING:
    from model.market import Market


def feel(market: Market) -> None:
    """Anger rises with youth unemployment and attention to foreigners, and fades.

    With feedback on, it can suspend the visa: the monthly hazard is h0 · exp(phi · backlash). After the visa closes,
    attention and anger at it fade away.
    """
    state, number = BACKLASH.of(market), market.number
    opened = market.lever("visa.annual_quota") > 0
    if not opened and state.attention == 0.0:  # it never was open
        return
    state.attention *= 1 - number("attention_fade")
    if opened and not state.was_open:
        state.attention = 1.0
    state.was_open = opened
    state.attention = min(1.0, state.attention + 0.2 * market.flows.k_visa_arrivals * market.people_per_agent / 100_000)
    anger = 1 / (
        1
        + exp(
            -number("backlash_unemployment") * (SURVEY.of(market).youth_rate - number("backlash_threshold"))
            - number("backlash_attention") * (state.attention - 0.5)
        )
    )
    salience = max(state.attention, 0.2) if opened else state.attention
    state.backlash += number("backlash_fade") * (anger * salience - state.backlash)
    if market.lever("policy_feedback.enabled") and opened and not state.suspended(market.month):
        hazard = number("suspension_hazard") * exp(number("suspension_sensitivity") * state.backlash)
        luck = uniforms(draw_key(market.seed, Purpose.BACKLASH, market.month), np.zeros(1, np.uint32))[0]
        if luck < hazard:
            state.suspended_until = market.month + 1 + int(number("suspension_months"))


def perceived_share(backlash: float) -> float:
    """An illustrative index of anger at the visa, 0 to 1: b / (1 + b) of backlash b. Without data, so never a share."""
    return backlash / (1 + backlash)
