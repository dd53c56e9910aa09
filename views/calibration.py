"""A calibration as tables for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.calibration.scores import score
from experiments.calibration.targets import FACT_GROUP

if TYPE_CHECKING:
    from experiments.calibration.campaign import Calibration
    from experiments.calibration.job import Outcome


def render_calibration(outcome: Outcome) -> str:
    """Everything a calibration has to say at the end."""
    found = outcome.calibration
    cost = f"{found.runs} runs, {outcome.computed} of them computed now in {outcome.core_hours:.2f} core-hours"
    return "\n\n".join([render_fit(found), render_parameters(found), render_agreement(found), cost])


def render_fit(found: Calibration) -> str:
    """Errors by group, on the agents and on the surface, and the facts."""
    lines = ["errors in points             agents                     surface   wanted  constant"]
    lines.append(f"{'':<14}{'months':>7}{'rmse':>8}{'bias':>8}{'sd':>8}{'calm':>8}{'rmse':>10}")
    surface = {one.group: one for one in score(found.targets, found.emulated)}
    for one in score(found.targets, found.confirmed):
        wanted = "" if one.wanted is None else f"{one.wanted:.2f}"
        lines.append(
            f"{one.group:<14}{one.months:>7}{one.rmse:>8.3f}{one.bias:>+8.3f}{one.sd:>8.3f}{one.calm:>8.3f}"
            f"{surface[one.group].rmse:>10.3f}{wanted:>9}{one.constant:>10.3f}"
        )
    lines.append("")
    lines.append(f"{'facts, per cent':<28}{'agents':>10}{'official':>10}")
    lines += [
        f"{found.targets.label[row]:<28}{found.confirmed[row]:>+10.1f}{found.targets.values[row]:>+10.1f}"
        for row in found.targets.rows(FACT_GROUP)
    ]
    return "\n".join(lines)


def render_parameters(found: Calibration) -> str:
    """Best value, posterior spread and prior of each free parameter."""
    draws = found.space.to_values(found.draws)
    prior = found.space.prior_sd()
    lines = [f"{'parameter':<30}{'best':>9}{'mean':>9}{'sd':>9}{'prior':>18}{'sd/prior sd':>13}"]
    for place, parameter in enumerate(found.space.free):
        value = found.values[place]
        edge = min(value - parameter.low, parameter.high - value) < 0.01 * (parameter.high - parameter.low)
        told = (
            f"{parameter.centre:.4g} ± {parameter.sd:.2g}" if parameter.sd else f"{parameter.low:g}..{parameter.high:g}"
        )
        spread = draws[:, place].std()
        lines.append(
            f"{parameter.name:<30}{value:>9.4g}{draws[:, place].mean():>9.4g}{spread:>9.2g}{told:>18}"
            f"{spread / prior[place]:>13.2f}{'  at its bound' if edge else ''}"
        )
    return "\n".join(lines)


def render_agreement(found: Calibration) -> str:
    """How near the surface is to the agents."""
    monthly = [group for group in found.targets.groups if group != FACT_GROUP]
    near = ", ".join(f"{group} {found.agreement(group):.3f}" for group in monthly)
    luck = found.confirmed_error[found.targets.rows(monthly[0])].mean()
    left_out = np.median(found.emulator.left_out_sd[found.targets.rows(monthly[0])])
    return (
        f"surface less agents, root mean square in points: {near}\n"
        f"({monthly[0]}: standard error of the agents' mean {luck:.3f}; one small run left out {left_out:.3f}; "
        f"{found.emulator.runs} runs carry the surface)"
    )
