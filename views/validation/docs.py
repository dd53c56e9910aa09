"""Refresh docs/validation.md from a finished validation: its tables between their marks, and the figures it shows.

    python -m views.validation.docs runs/FOLDER

The folder is one that `python run.py validate` wrote. Nothing else in the page is touched.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from agents.places import ROOT
from experiments.engine.errors import BadRequest
from model.results import write_whole
from views.docs.marked_page import between_marks
from views.validation.page import check_rows, scenario_in_words

DOCS = ROOT / "docs" / "validation.md"
COMMAND = "views.validation.docs"


def checks_as_markdown(table: pd.DataFrame) -> str:
    """The table of checks: value and target of each, the sources as numbered notes."""
    rows = check_rows(table)
    sources = list(dict.fromkeys(row.source for row in rows))
    lines = ["| check | target | value | | kind | source |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {row.asks} (`{row.name}`) | {row.target} | {row.value} | {row.mark if row.mark == 'pass' else '**fail**'} "
        f"| {row.kind} | {sources.index(row.source) + 1} |"
        for row in rows
    ]
    lines += ["", *(f"{number}. {source}" for number, source in enumerate(sources, start=1))]
    noted = [f"- `{row.name}`: {row.value}. {row.note[:1].upper()}{row.note[1:]}." for row in rows if row.note]
    return "\n".join([*lines, "", "What was found besides:", "", *noted])


def summary(table: pd.DataFrame, manifest: dict[str, object]) -> str:
    """How many checks pass, and of which run."""
    passed = int(table["passed"].sum())
    run = f"version {manifest['project_version']}, {scenario_in_words(manifest)}"
    return f"**{passed} of {len(table)} checks pass** ({run})."


def refresh(folder: Path, page: Path = DOCS) -> list[Path]:
    """Write a run's tables into the page and copy the figures that it shows; returns what was written."""
    try:
        table = pd.read_csv(folder / "validation.csv").fillna({"note": ""})
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except OSError as error:
        raise BadRequest(f"{folder} holds no whole validation: {error}") from None
    text = page.read_text(encoding="utf-8")
    parts = {"the summary": summary(table, manifest), "the checks": checks_as_markdown(table)}
    for name, content in parts.items():
        text = between_marks(text, name, content, COMMAND)
    write_whole(page, text.encode())
    shown = re.findall(r"\(figures/(validation_\w+\.png)\)", text)
    for name in shown:
        shutil.copyfile(folder / "figures" / name, page.parent / "figures" / name)
    return [page, *(page.parent / "figures" / name for name in shown)]


def main(words: Sequence[str]) -> int:
    """Refresh the page from the folder that is named."""
    if len(words) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        for path in refresh(Path(words[0])):
            print(path.relative_to(ROOT))
    except BadRequest as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
