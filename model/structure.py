"""The structural numbers of the mechanisms, each with unit, range and source; set under `parameters:` in a scenario."""

from __future__ import annotations

from model.parameters import Parameter

STRUCTURE: tuple[Parameter, ...] = ()
