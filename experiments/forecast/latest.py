"""The forecast that is shown beside every run: from the last official month, and from a year before it.

Computed once, with the campaign, by `python -m views.forecast.docs`, and kept as a small table: who looks at a page or
a report waits for nothing.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from model.country.china import CHINA
from model.results import write_whole
from model.specification import in_force

if TYPE_CHECKING:
    import pandas as pd

    from experiments.forecast.campaign import Campaign

FILE = Path(__file__).with_name("latest.csv")
#: Quantiles that a fan is drawn from: the middle, and the bands of 50 and 80 %.
FAN = ("p10", "p25", "p50", "p75", "p90")


def indicator_of(group: str) -> str:
    """The indicator that is forecast under the name of a group."""
    return "unemployment_rate" + ("" if group == "all" else f"_{group}")


def latest() -> pd.DataFrame | None:
    """The pooled forecast of `forecast.csv` from both origins, in fractions; none for another country than China."""
    return _read(FILE) if in_force().country == CHINA else None


@cache
def _read(file: Path) -> pd.DataFrame:
    import pandas as pd

    return pd.read_csv(file)


def keep_latest(tables: list[pd.DataFrame], campaign: Campaign, file: Path = FILE) -> None:
    """Keep what several origins say, with the campaign that said it."""
    import pandas as pd

    from experiments.forecast.evaluation import POOLED

    rows = pd.concat(tables)
    rows = rows[rows["method"] == POOLED].drop(columns=["method", "drivers", "mean"]).round(6)
    write_whole(file, rows.assign(campaign=campaign.digest[:16]).to_csv(index=False, lineterminator="\n").encode())
