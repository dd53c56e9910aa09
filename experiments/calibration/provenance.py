"""From what a fit was made, as fingerprints: data files, and the engine without its comments."""

from __future__ import annotations

import ast
import hashlib
from pathlib import Path

from agents.places import ROOT, engine_sources
from model.country.china import CHINA


def data_hash() -> str:
    """A sha256 over every table of data/, names included."""
    content = hashlib.sha256()
    for path in sorted(CHINA.path.glob("*.csv")):
        content.update(path.name.encode() + b"\0" + path.read_bytes())
    return content.hexdigest()


def engine_hash() -> str:
    """A sha256 over the code of agents/ and model/ as the interpreter sees it: comments and docstrings do not count."""
    content = hashlib.sha256()
    for path in engine_sources(ROOT):
        content.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + _code(path).encode())
    return content.hexdigest()


def _code(path: Path) -> str:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                node.body = node.body[1:]
    return ast.dump(tree)
