"""The fitted values: what `run.py calibrate --adopt` found, laid over the declared defaults for every scenario.

Declarations keep what was believed before the fit; fitted_parameters.yaml of a country keeps what the fit made of it,
and from what. The file is written by the fit alone: values that somebody changed by hand are refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from model.country.country import Country
from model.parameters import Parameter

_NAME = "fitted_parameters.yaml"


class FittedFileError(ValueError):
    """The file of fitted values cannot be used; its text says why and what to do."""


def checksum(content: Mapping[str, Any]) -> str:
    """A sha256 of everything in the file but the checksum itself."""
    rest = {key: value for key, value in content.items() if key != "checksum"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def read_fitted(path: Path) -> Mapping[str, Any]:
    """The file as the fit wrote it; raises FittedFileError when it was changed since."""
    import yaml

    try:
        content = yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe loaders
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise FittedFileError(f"{_NAME} cannot be read: {error}") from None
    if not isinstance(content, Mapping) or "parameters" not in content:
        raise FittedFileError(f"{_NAME} holds no fitted parameters; write it with 'run.py calibrate --adopt'")
    if content.get("checksum") != checksum(content):
        raise FittedFileError(
            f"{_NAME} was changed by hand: its checksum does not hold. Put it back, or write it anew with "
            "'run.py calibrate --adopt'; to try another value use a scenario or --set"
        )
    return content


@cache
def fitted_content(country: Country) -> Mapping[str, Any]:
    """What is in force; empty where nothing has been fitted."""
    return read_fitted(country.fitted_file) if country.fitted_file.exists() else {}


def fitted_values(country: Country) -> Mapping[str, float]:
    """The fitted values by path."""
    return {path: float(entry["value"]) for path, entry in fitted_content(country).get("parameters", {}).items()}


def with_fitted_values(declared: tuple[Parameter, ...], values: Mapping[str, float]) -> tuple[Parameter, ...]:
    """The declarations with fitted values as defaults; raises FittedFileError for values that do not belong there."""
    unknown = set(values) - {parameter.path for parameter in declared}
    if unknown:
        raise FittedFileError(f"{_NAME} holds {', '.join(sorted(unknown))}, which is not declared; calibrate again")
    return tuple(_fitted(parameter, values[parameter.path]) if parameter.path in values else parameter
                 for parameter in declared)  # fmt: skip


def _fitted(parameter: Parameter, value: float) -> Parameter:
    if not parameter.low <= value <= parameter.high:
        what = f"{_NAME} has {parameter.path} at {value:g}, outside {parameter.low:g} to {parameter.high:g}"
        raise FittedFileError(f"{what}; calibrate again")
    return replace(parameter, default=value, source=f"fitted ({_NAME}); before: {parameter.source}")
