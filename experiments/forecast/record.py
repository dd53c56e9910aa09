"""The record of forecasts made: each with its day, origin, version and hash, added at the end and never rewritten."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.engine.errors import BadRequest
from experiments.engine.manifest import project_version
from experiments.forecast.history import GROUPS, History
from model.paths import shown
from model.schedule import month_index

if TYPE_CHECKING:
    import pandas as pd

    from experiments.forecast.campaign import Campaign

FILE = Path(__file__).with_name("recorded.csv")
_LEVELS = {"p10": 0.10, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p90": 0.90}


def add_to_record(table: pd.DataFrame, campaign: Campaign, file: Path = FILE) -> None:
    """Add a forecast; raises BadRequest when this origin's of this campaign is there or an earlier one was changed."""
    kept = read_record(file)
    rows = table.round(6)
    origin, made_from = str(rows["origin"].iloc[0]), campaign.digest[:16]
    if kept is not None and ((kept["origin"] == origin) & (kept["campaign"] == made_from)).any():
        raise BadRequest(f"a forecast from {origin} of this campaign is on record in {shown(file)} already")
    rows.insert(0, "made", datetime.now(UTC).strftime("%Y-%m-%d"))
    rows.insert(1, "version", project_version())
    rows.insert(2, "campaign", made_from)
    before = "" if kept is None else str(kept["hash"].iloc[-1])
    rows.insert(3, "hash", _hash(before, rows))
    with file.open("a", encoding="utf-8", newline="") as stream:
        stream.write(rows.to_csv(index=False, header=kept is None, lineterminator="\n"))


def read_record(file: Path = FILE) -> pd.DataFrame | None:
    """All forecasts on record; raises BadRequest when one was changed after it was made."""
    import pandas as pd

    if not file.is_file():
        return None
    rows = pd.read_csv(file, dtype={"campaign": str, "hash": str, "version": str})
    before = ""
    for name, made in rows.groupby("hash", sort=False):
        if name != _hash(before, made.drop(columns="hash")):
            raise BadRequest(f"{shown(file)}: the forecast of {made['made'].iloc[0]} is not what was recorded then")
        before = str(name)
    return rows


def _hash(before: str, rows: pd.DataFrame) -> str:
    """Each depends on all that was recorded before."""
    return hashlib.sha256((before + rows.to_csv(index=False, lineterminator="\n")).encode()).hexdigest()[:16]


def recorded_scores(history: History, file: Path = FILE) -> pd.DataFrame:
    """Every forecast on record whose month has come: the rate, the error in points, the CRPS, whether the band held."""
    import scoringrules

    rows = read_record(file)
    if rows is None:
        raise BadRequest(f"no forecast is on record in {shown(file)}; run.py forecast --record adds one")
    rates = {group: history.rates[group] for group in GROUPS}
    months = [month_index(month) for month in rows["month"]]
    came = [rates[group][month] if month <= history.origin else np.nan
            for group, month in zip(rows["group"], months, strict=True)]  # fmt: skip
    scored = rows.assign(official=np.array(came) / 100).dropna(subset=["official"]).reset_index(drop=True)
    said = scored[list(_LEVELS)].to_numpy(float)
    official = scored["official"].to_numpy(float)
    crps = scoringrules.crps_quantile(official, said, np.array(list(_LEVELS.values()))) if len(scored) else []
    held = (said[:, 0] <= official) & (official <= said[:, -1])
    return scored.assign(error_pp=100 * (said[:, 2] - official), crps_pp=100 * np.asarray(crps), held_80=held)
