"""Help is there at once: no verb loads what only its work needs before it says what it does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import run

ROOT = Path(__file__).resolve().parent.parent
CODE = """
import sys, contextlib, io, run
with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()) as said:
    run.main({words!r})
assert "usage: run.py" in said.getvalue()
print(*sorted({{"numpy", "pandas", "numba", "mesa", "matplotlib"}} & set(sys.modules)))
"""


@pytest.mark.parametrize("verb", ["", *run.VERBS])
def test_help_loads_nothing_heavy(verb: str) -> None:
    words = [verb, "--help"] if verb else ["--help"]
    found = subprocess.run(
        [sys.executable, "-c", CODE.format(words=words)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout.split() == []
