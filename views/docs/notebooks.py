"""Notebooks lived through cell by cell in this process, and as pages: tests run them, the site shows them.

A notebook is kept without what it shows, so that nothing in it can be out of date.
"""

from __future__ import annotations

import ast
import base64
import contextlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

_DPI = 100


@dataclass(frozen=True)
class Cell:
    """One cell: words or code, what it printed and the value of its last line."""

    kind: str
    text: str
    printed: str = ""
    value: Any = None


def cells(path: Path) -> list[Cell]:
    """The cells of a notebook as they are written."""
    written = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [Cell(cell["cell_type"], "".join(cell["source"])) for cell in written]


def lived(path: Path) -> Iterator[Cell]:
    """The cells one by one, each after it has run, as a notebook would run them from its own folder."""
    names: dict[str, Any] = {"__name__": "__main__"}
    folder = path.parent.resolve()
    for number, cell in enumerate(cells(path)):
        if cell.kind != "code":
            yield cell
            continue
        printed = io.StringIO()
        with contextlib.chdir(folder), contextlib.redirect_stdout(printed), mpl.rc_context({"backend": "agg"}):
            value = _run(cell.text, f"{path.name}[{number}]", names)
        yield Cell(cell.kind, cell.text, printed.getvalue(), value)


def _run(code: str, where: str, names: dict[str, Any]) -> Any:
    """Run code; the value of its last line, where that is an expression that no semicolon hides."""
    tree = ast.parse(code, where)
    last = tree.body[-1] if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    if last is None or code.rstrip().endswith(";"):
        exec(compile(tree, where, "exec"), names)  # noqa: S102 - our own text
        return None
    exec(compile(ast.Module(tree.body[:-1], []), where, "exec"), names)  # noqa: S102
    return eval(compile(ast.Expression(last.value), where, "eval"), names)  # noqa: S307


def written(path: Path) -> str:
    """A notebook as Markdown, as it is written."""
    return "\n\n".join(part for cell in cells(path) for part in _parts(cell))


def page(path: Path) -> str:
    """A notebook as Markdown, with what it shows."""
    return "\n\n".join(part for cell in lived(path) for part in _parts(cell))


def _parts(cell: Cell) -> Iterator[str]:
    if cell.kind != "code":
        yield cell.text
        return
    yield f"```python\n{cell.text}\n```"
    if cell.printed:
        yield f"```text\n{cell.printed.rstrip()}\n```"
    if cell.value is not None:
        yield f'<div class="shown">{_shown(cell.value)}</div>'


def _shown(value: Any) -> str:
    """What a notebook shows of a value."""
    if isinstance(value, Figure):
        picture = io.BytesIO()
        value.savefig(picture, format="png", dpi=_DPI)
        image = base64.b64encode(picture.getvalue()).decode("ascii")
        title = " ".join(value.get_suptitle().split())
        return f'<img alt="{escape(title)}" src="data:image/png;base64,{image}">'
    html = getattr(value, "_repr_html_", None)
    # On one line: Markdown would read an indented line of it as code.
    text = html() if html is not None else f"<pre>{escape(repr(value))}</pre>"
    return text if "<pre>" in text else " ".join(line.strip() for line in str(text).splitlines())
