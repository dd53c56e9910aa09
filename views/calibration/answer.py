"""A calibration as tables for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.calibration.identification import cannot_tell
from experiments.calibration.scores import WANTED, score
from experiments.calibration.targets import FACT_GROUP
from experiments.official_months import LAST_SCORED
from model.paths import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from experiments.calibration.ablation import Ablation
    from experiments.calibration.campaign import Calibration
    from experiments.calibration.holdout import Held
    from experiments.calibration.identification import Recovery
    from experiments.calibration.job import Outcome
    from experiments.calibration.options import CalibrationOrder
    from experiments.calibration.scores import Score
    from experiments.engine.progress import Progress


def render_calibration(outcome: Outcome) -> str:
    """Everything a calibration has to say at the end."""
    found = outcome.calibration
    parts = [
        render_fit(found, outcome.frozen),
        render_facts(found),
        render_parameters(found),
        "\n".join(cannot_tell(outcome.directions)) or "The data tell every combination of parameters.",
        render_held(outcome.held),
        render_agreement(found),
    ]
    if outcome.recovery is not None:
        parts.append(render_recovery(outcome.recovery))
    if outcome.ablations:
        parts.append(render_ablations(outcome.ablations))
    parts.append(
        f"{found.runs} runs carry the fit; {outcome.computed} runs computed now: {outcome.core_hours:.2f} core-hours"
    )
    parts.append(f"folder  {shown(outcome.folder)}")
    if outcome.adopted is not None:
        parts.append(f"adopted  {shown(outcome.adopted)}; every scenario uses these values from now on")
    return "\n\n".join(parts)


def render_fit(found: Calibration, frozen: Sequence[Score]) -> str:
    """Errors by group: of the agents, of the surface, and of agents that are told less."""
    lines = [
        f"errors in points  {'agents':^40}{'surface':>9}{'told less':>11}{'wanted':>8}{'constant':>10}",
        f"{'':<14}{'months':>6}{'rmse':>9}{'bias':>9}{'sd':>9}{'calm':>9}{'rmse':>11}{'rmse':>11}",
    ]
    surface, less = ({one.group: one for one in scores} for scores in (score(found.targets, found.emulated), frozen))
    for one in score(found.targets, found.confirmed):
        wanted = "" if one.wanted is None else f"{one.wanted:.2f}"
        lines.append(
            f"{one.group:<14}{one.months:>6}{one.rmse:>9.3f}{one.bias:>+9.3f}{one.sd:>9.3f}{one.calm:>9.3f}"
            f"{surface[one.group].rmse:>11.3f}{less[one.group].rmse:>11.3f}{wanted:>8}{one.constant:>10.3f}"
        )
    lines.append("sd: without the mean error; calm: without covid, lockdowns and the first three months of 25-29;")
    lines.append(f"told less: growth, pay, graduates and churn only as known in {LAST_SCORED}")
    return "\n".join(lines)


def render_facts(found: Calibration) -> str:
    """Yearly facts beside the model."""
    rows = found.targets.rows(FACT_GROUP)
    lines = [f"{'change in per cent':<28}{'agents':>10}{'official':>10}"]
    for row in rows:
        agents, official = found.confirmed[row], found.targets.official[row]
        lines += [f"{found.targets.label[row]:<28}{agents:>+10.1f}{official:>+10.1f}"]
    return "\n".join(lines)


def render_parameters(found: Calibration) -> str:
    """Best value, posterior spread and prior of each free parameter."""
    draws = found.space.to_values(found.draws)
    prior = found.space.prior_sd()
    lines = [f"{'parameter':<30}{'best':>9}{'mean':>9}{'sd':>9}{'prior':>18}{'sd/prior sd':>13}"]
    for place, parameter in enumerate(found.space.free):
        value, spread = found.best_values[place], draws[:, place].std()
        edge = min(value - parameter.low, parameter.high - value) < 0.01 * (parameter.high - parameter.low)
        edge = edge and not parameter.held
        told = f"{parameter.low:g}..{parameter.high:g}"
        if parameter.sd is not None:
            told = f"{parameter.centre:.4g} ± {parameter.sd:.2g}"
        lines.append(
            f"{parameter.name:<30}{value:>9.4g}{draws[:, place].mean():>9.4g}{spread:>9.2g}{told:>18}"
            f"{spread / prior[place]:>13.2f}{'  at its bound' if edge else '  held' if parameter.held else ''}"
        )
    return "\n".join(lines)


def render_held(held: Sequence[Held]) -> str:
    """Months that a refit had not seen."""
    lines = [
        f"{'months held back':<22}{'months':>7}{'rmse':>8}{'told less':>11}{'year before':>13}{'in 80 % band':>14}"
    ]
    for one in held:
        inside = f"{one.inside} of {len(one.months)}"
        errors = f"{one.rmse:>8.3f}{one.rmse_told_less:>11.3f}{one.naive:>13.3f}"
        lines.append(f"{one.group + ' after ' + one.last_seen:<22}{len(one.months):>7}{errors}{inside:>14}")
    all_in = sum(one.inside for one in held), sum(len(one.months) for one in held)
    lines.append(f"the 80 % band held {all_in[0]} of {all_in[1]} months ({all_in[0] / all_in[1]:.0%})")
    return "\n".join(lines)


def render_agreement(found: Calibration) -> str:
    """How near the surface is to the agents."""
    monthly = [group for group in found.targets.groups if group != FACT_GROUP]
    near = ", ".join(f"{group} {found.agreement(group):.3f}" for group in monthly)
    first = found.targets.rows(monthly[0])
    luck, left_out = found.confirmed_error[first].mean(), np.median(found.emulator.left_out_sd[first])
    return (
        f"surface less large runs of the agents, root mean square in points: {near}\n"
        f"({monthly[0]}: standard error of the agents' mean {luck:.3f}; one small run left out of the surface "
        f"{left_out:.3f}; {found.emulator.runs} runs carry the surface)"
    )


def render_recovery(found: Recovery) -> str:
    """True against recovered parameters."""
    heading = f"found again in {len(found.true)} worlds"
    lines = [f"{heading:<30}{'rank correlation':>18}{'error / spread':>16}{'80 % interval held':>20}"]
    columns = zip(
        (one.name for one in found.moved), found.rank_correlation, found.relative_error, found.coverage, strict=True
    )
    lines += [f"{name:<30}{rank:>18.2f}{error:>16.2f}{held:>20.0%}" for name, rank, error, held in columns]
    lines.append(f"all intervals: {found.coverage.mean():.0%} held the true value")
    return "\n".join(lines)


def render_ablations(found: Sequence[Ablation]) -> str:
    """Root mean square errors without each mechanism, everything else fitted anew."""
    groups = list(WANTED)
    lines = [f"{'fitted anew without':<44}" + "".join(f"{group:>12}" for group in groups)]
    for one in found:
        errors = {each.group: each.rmse for each in one.scores}
        lines.append(f"{one.words:<44}" + "".join(f"{errors[group]:>12.3f}" for group in groups))
    return "\n".join(lines)


def render_bands(table: pd.DataFrame) -> str:
    """Yearly means of a scenario with half the width of each 80 % band."""
    years = (
        table.assign(year=table["month"].str.slice(0, 4))
        .groupby(["indicator", "year"], sort=False)
        .mean(numeric_only=True)
    )
    shown_years = sorted({year for _, year in years.index})
    shown_years = [year for year in shown_years if year in {shown_years[0], "2021", "2024", shown_years[-1]}]
    lines = [f"{'mean ± parameters ± luck of one world (80 %)':<46}" + "".join(f"{year:>26}" for year in shown_years)]
    for name in dict.fromkeys(table["indicator"]):
        rate = name.startswith("unemployment")
        cells = []
        for year in shown_years:
            row = years.loc[(name, year)]
            scale = 100 if rate else 10.0 ** -max(0, int(np.log10(row["mean"])) - 2)
            halves = [scale * (row[f"{kind}_high"] - row[f"{kind}_low"]) / 2 for kind in ("parameter", "replication")]
            cells.append(f"{scale * row['mean']:>10.2f} ±{halves[0]:>5.2f} ±{halves[1]:>5.2f}{' %' if rate else '  '}")
        lines.append(f"{name:<46}" + "".join(f"{cell:>26}" for cell in cells))
    return "\n".join(lines)


def answer_with_bands(order: CalibrationOrder, progress: Progress) -> str:
    """A scenario with draws of the fitted parameters: writes its two bands, draws them, and tells them as a table."""
    from experiments.calibration.bands import write_bands
    from views.calibration.figures import draw_bands

    table = write_bands(order, progress)
    return f"{render_bands(table)}\nfigure  {shown(draw_bands(table, order.folder))}"
