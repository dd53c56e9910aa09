"""The tutorials run as they are written, from their own folder."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest

from views.docs.notebooks import cells, lived, page

TUTORIALS = sorted((Path(__file__).resolve().parents[1] / "docs" / "tutorials").glob("*.ipynb"))


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_runs(path: Path) -> None:
    if "from distributed" in path.read_text(encoding="utf-8"):
        pytest.importorskip("distributed")
    shown = [cell for cell in lived(path) if cell.value is not None or cell.printed]
    assert shown
    # Where a cell asks whether two things are the same, they are.
    assert all(cell.value for cell in shown if isinstance(cell.value, bool))


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_opens_with_its_question_and_is_kept_without_what_it_shows(path: Path) -> None:
    assert re.search(r"\*\*[^*]+\?\*\*", cells(path)[0].text)
    kept = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in kept)


def test_a_notebook_becomes_a_page_with_what_it_shows(tmp_path: Path) -> None:
    code = "from matplotlib.figure import Figure\nprint('twice')\nFigure()"
    texts = (("markdown", "# Words"), ("code", code), ("code", "1 < 2"), ("code", "3;"))
    written = {"cells": [{"cell_type": kind, "source": [text]} for kind, text in texts]}
    (tmp_path / "small.ipynb").write_text(json.dumps(written), encoding="utf-8")
    backend = mpl.get_backend()
    text = page(tmp_path / "small.ipynb")
    assert text.startswith("# Words\n\n```python\n")
    assert "```text\ntwice\n```" in text
    assert text.count('<div class="shown">') == 2
    assert "data:image/png;base64," in text
    assert "<pre>True</pre>" in text
    assert mpl.get_backend().lower() == backend.lower()  # matplotlib writes Agg both ways


def test_the_examples_of_the_guide_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    text = (TUTORIALS[0].parents[1] / "notebooks.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {"__name__": "guide"}
    for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        exec(compile(block, "notebooks.md", "exec"), names)  # noqa: S102 - our own text
    assert names["batch"].table["visa.annual_quota"].nunique() == 2
    assert not [*tmp_path.iterdir()]
