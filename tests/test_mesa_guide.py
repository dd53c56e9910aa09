"""The examples of docs/mesa.md run as they are printed."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "docs" / "mesa.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", GUIDE, re.DOTALL)


def test_the_examples_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {"__name__": "guide"}
    for block in blocks("python"):
        exec(compile(block, "docs/mesa.md", "exec"), names)  # noqa: S102  # our own text
    assert 0 < names["rate"] < 0.2
    assert len(names["indicators"]) == 6
    assert len(names["developers"]) == 5 * len(names["market"].agents_by_type[names["PropertyDeveloper"]])


def test_the_sketches_are_python() -> None:
    assert len(blocks("py")) == 2
    for block in blocks("py"):
        ast.parse(block)
