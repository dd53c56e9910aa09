"""The summary of a run as JSON, for programs that read the standard output."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from experiments.compare.job import Outcome


def json_summary(name: str, outcome: Outcome, folder: str) -> str:
    """The tables and what became of the run of the scenario `name`; missing values are null.

    `folder` is the run folder as the user would type it.
    """
    tables = {"summary": [] if outcome.summary is None else _rows(outcome.summary)}
    if outcome.comparison is not None:
        tables |= {"comparison": _rows(outcome.comparison.years), "peaks": _rows(outcome.comparison.peaks)}
    told = {
        "scenario": name,
        "folder": folder,
        "replications": {"asked": outcome.asked, "finished": outcome.finished},
        "failures": [
            {"scenario": failure.task.name, "replication": failure.task.number, "seed": failure.task.seed,
             "error": failure.kind, "message": failure.message}
            for failure in outcome.failures
        ],
        **tables,
    }  # fmt: skip
    return json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False)


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(table.to_json(orient="records", double_precision=15))
    return found
