"""Refresh the forecast that is shown: in docs/forecast.md with its figure and scores, on the page, in reports.

    python -m views.forecast.docs      # some minutes on two cores; less where origins are kept

Nothing else in docs/forecast.md is touched.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from agents.places import ROOT
from experiments.engine.errors import BadRequest
from experiments.forecast.campaign import stored
from experiments.forecast.history import History
from experiments.forecast.latest import keep_latest
from experiments.forecast.options import LONGEST, read_forecast
from model.country.china import CHINA
from model.results import write_whole
from model.schedule import month_index, month_label
from views.docs.marked_page import between_marks
from views.forecast.answer import METHODS, WANTED, WORDS, month_rows

if TYPE_CHECKING:
    import pandas as pd

    from experiments.forecast.job import ForecastOutcome

DOCS = ROOT / "docs" / "forecast.md"
COMMAND = "views.forecast.docs"
#: How often the 80 % band has to hold, in per cent: all ages, and the three age groups together.
HOLDS = {"all ages": (74, 86), "the three age groups": (70, 90)}


def table_of(rows: list[list[str]]) -> str:
    """Rows as a table of Markdown, the first of them its head."""
    head, *others = rows
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *others))


def scores_of(quoted: pd.DataFrame) -> str:
    """Every method over the horizons quoted."""
    rows = [["", "method", "origins", "RMSE", "CRPS", "of best simple", "80 % band held", "DM p"]]
    for _, row in quoted.iterrows():
        test = "" if row["dm_p_value"] != row["dm_p_value"] else f"{row['dm_p_value']:.2f}"
        rows.append([
            WORDS[row["group"]], METHODS[row["method"]], str(row["origins"]), f"{row['rmse']:.2f}",
            f"{row['crps']:.3f}", f"{row['against_best']:.2f}", f"{100 * row['coverage_80']:.0f} %", test,
        ])  # fmt: skip
    return table_of(rows)


def verdicts_of(quoted: pd.DataFrame) -> str:
    """What was wanted of the pool, and what it reaches."""
    pool = quoted[quoted["method"] == "pooled"].set_index("group")
    rows = [["wanted of the pooled forecast, 1 to 6 months ahead", "is", ""]]
    for group, most in WANTED.items():
        ratio = float(pool["against_best"][group])
        name = f"CRPS at most {most:.1f} of the best simple method's, {WORDS[group]}"
        rows.append([name, f"{ratio:.2f}", "reached" if ratio <= most else "**not reached**"])
    ages = pool.drop(index="all")
    together = float((ages["coverage_80"] * ages["forecasts"]).sum() / ages["forecasts"].sum())
    held = {"all ages": float(pool["coverage_80"]["all"]), "the three age groups": together}
    for name, (low, high) in HOLDS.items():
        share = 100 * held[name]
        good = "reached" if low <= share <= high else "**not reached**"
        rows.append([f"80 % band holds {low} to {high} % of the time, {name}", f"{share:.0f} %", good])
    return table_of(rows)


def weights_of(weights: pd.DataFrame) -> str:
    """What each method weighs in the pool now."""
    from views.forecast.page import weight_rows

    return table_of([["weight in the pool", *list(METHODS.values())[1:]], *weight_rows(weights)])


def asked(*words: str) -> ForecastOutcome:
    """A forecast as the command line makes it, into a folder that is thrown away by the caller."""
    from experiments.engine.progress import Progress
    from experiments.forecast.job import run_forecast

    outcome = run_forecast(read_forecast(words, {}), Progress(sys.stderr))
    if outcome.status:
        raise BadRequest("\n".join(outcome.accidents("the folder")) or "nothing was finished")
    return outcome


def _finished(table: pd.DataFrame | None) -> pd.DataFrame:
    if table is None:
        raise BadRequest("the forecast was not finished")
    return table


def refresh(page: Path = DOCS) -> None:
    """Write the tables into the page and the figure beside it."""
    from views.forecast.figure import FIGURE, draw_forecast

    with tempfile.TemporaryDirectory() as place:
        now = asked("--out", f"{place}/now")
        year_ago = month_label(month_index(str(now.manifest["origins"][0])) - LONGEST)
        before = asked("--origin", year_ago, "--out", f"{place}/before")
        judged = asked("--evaluate", "--out", f"{place}/judged")
        with_hindsight = asked("--evaluate", "--realised", "--out", f"{place}/realised")
        tables = (now.table, before.table, now.weights, judged.quoted, with_hindsight.quoted)
        table, earlier, weights, quoted, realised = (_finished(one) for one in tables)
        history = History.of(CHINA.published)
        keep_latest([table, earlier], stored())
        draw_forecast(table, history, now.folder)
        (page.parent / "figures").mkdir(exist_ok=True)
        shutil.copyfile(now.folder / FIGURE, page.parent / "figures" / FIGURE.name)
    parts = {
        "the forecast": f"From {table['origin'].iloc[0]}, %:\n\n{table_of(month_rows(table))}",
        "the targets": verdicts_of(quoted),
        "the scores": scores_of(quoted),
        "the weights": weights_of(weights),
        "the scores with hindsight": scores_of(realised[realised["method"].isin(["pooled", "model"])]),
    }
    text = page.read_text(encoding="utf-8")
    for name, content in parts.items():
        text = between_marks(text, name, content, COMMAND)
    write_whole(page, text.encode())


def main() -> int:
    """Refresh the page."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        refresh()
    except BadRequest as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
