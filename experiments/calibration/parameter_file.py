"""The file of fitted values: written by a calibration with all it was made from, read by every scenario."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from experiments.calibration.campaign import Calibration, Plan
from experiments.calibration.scores import score
from experiments.calibration.targets import FACT_GROUP
from experiments.engine.manifest import project_version
from experiments.official_months import LAST_SCORED
from model.country.china import CHINA
from model.results import write_whole
from model.scenario.fitted import checksum

FORMAT = 1
_HEAD = """\
# The fitted values of the free parameters: defaults of every scenario. Written by `run.py calibrate --adopt`.
# Do not edit: a changed file is refused. To try another value, set it in a scenario or with --set.
"""


def file_content(found: Calibration, plan: Plan, core_hours: float, hashes: Mapping[str, str]) -> dict[str, Any]:
    """Everything the file holds."""
    draws = found.space.to_values(found.draws)
    content: dict[str, Any] = {
        "format": FORMAT,
        "parameters": {
            parameter.path: {
                "value": found.settings[parameter.path],
                "sd": _short(draws[:, place].std()),
                "low": _short(np.quantile(draws[:, place], 0.05)),
                "high": _short(np.quantile(draws[:, place], 0.95)),
                "prior_centre": parameter.centre,
                "prior_sd": parameter.sd,
                "range": [parameter.low, parameter.high],
            }
            for place, parameter in enumerate(found.space.free)
        },
        "fit": {
            one.group: {"months": one.months, "rmse": _short(one.rmse), "bias": _short(one.bias), "sd": _short(one.sd)}
            for one in score(found.targets, found.confirmed)
        },
        "facts": {
            found.targets.label[row]: {
                "model": _short(found.confirmed[row]),
                "official": _short(found.targets.official[row]),
            }
            for row in found.targets.rows(FACT_GROUP)
        },
        "surface_less_agents": {
            group: _short(found.agreement(group)) for group in found.targets.groups if group != FACT_GROUP
        },
        "loss": _short(found.best.loss),
        "made_from": {**hashes, **made_from(found, plan, core_hours)},
        "draws": [[_short(value) for value in row] for row in draws],
    }
    return {**content, "checksum": checksum(content)}


def made_from(found: Calibration, plan: Plan, core_hours: float) -> dict[str, Any]:
    """Where the numbers come from."""
    return {
        "last_month": LAST_SCORED,
        "version": project_version(),
        "date": datetime.now(UTC).date().isoformat(),
        "runs": found.runs,
        "design": [plan.waves, plan.design],
        "persons": plan.population,
        "seeds": [1, plan.waves * plan.design],
        "confirming_runs": plan.confirming_runs,
        "confirming_persons": plan.confirming_population,
        "core_hours": round(core_hours, 3),
    }


def write_file(path: Path, content: Mapping[str, Any]) -> None:
    """Write the file, with its warning on top."""
    text = yaml.safe_dump(dict(content), sort_keys=False, allow_unicode=True, width=120, default_flow_style=None)
    write_whole(path, (_HEAD + text).encode())


def adopt(content: Mapping[str, Any]) -> Path:
    """Make the fitted values those of every scenario."""
    write_file(CHINA.fitted_file, content)
    return CHINA.fitted_file


def _short(value: float) -> float:
    """A number to six digits, so that the file is the same on every machine that agrees so far."""
    return float(f"{float(value):.6g}")
