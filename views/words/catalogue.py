"""Brings the Chinese catalogue up to date with what the code says: `python -m views.words.catalogue` (`make words`).

Extracts every text that is said (`say`, `say.several`, `phrase`) from Python, Jinja and the page's JavaScript and HTML,
with what declarations and shipped scenarios tell, merges it into `locale/zh/LC_MESSAGES/lab.po`, and makes from that
`lab.mo` (read by gettext) and the page's `texts.zh.json`. What has no Chinese yet is listed. Needs Babel.
"""

from __future__ import annotations

import ast
import io
import json
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import IO, Any

from babel.messages import pofile
from babel.messages.catalog import Catalog
from babel.messages.extract import extract, extract_javascript
from babel.messages.mofile import write_mo
from jinja2.ext import babel_extract

from agents.places import ROOT
from model.mechanisms import BUILT_IN
from model.specification import in_force
from views.page.levers import SLIDERS
from views.words.language import DOMAIN, LOCALE
from views.words.scenario_titles import question, shipped

VIEWS = ROOT / "views"
PO = LOCALE / "zh" / "LC_MESSAGES" / f"{DOMAIN}.po"
MO = PO.with_suffix(".mo")
PAGE = VIEWS / "page" / "static"
TEXTS = PAGE / "texts.zh.json"
_KEYWORDS: dict[str, Any] = {"say": None, "phrase": None, "several": (1, 2)}


def _python(file: IO[bytes], *_: Any, **__: Any) -> Iterator[tuple[int, str, Any, list[str]]]:
    """Messages of a Python file as Babel takes them; unlike its own, this one reads into f-strings everywhere."""
    calls = [node for node in ast.walk(ast.parse(file.read())) if isinstance(node, ast.Call) and node.args]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        if name not in _KEYWORDS or "progress" in ast.dump(call.func):  # what the command line says stays English
            continue
        if name == "several":
            yield call.lineno, name, tuple(ast.literal_eval(text) for text in call.args[:2]), []
            continue
        first = call.args[0]
        for text in (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,):
            if isinstance(text, ast.Constant):
                yield call.lineno, name, str(text.value), []


#: How messages are read out of a kind of file; attributes of HTML are read below.
_METHODS: dict[str, Any] = {".py": _python, ".js": extract_javascript, ".j2": babel_extract}
_OPTIONS: dict[str, Any] = {"parse_template_string": "true", "silent": "true"}


class _Marked(HTMLParser):
    """Texts of elements marked `data-text`, values of `data-label` and `data-away`."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._marked = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Remember whether the text that comes is marked."""
        given = dict(attrs)
        self.found += [value for name in ("data-label", "data-away") if (value := given.get(name))]
        self._marked = "data-text" in given

    def handle_data(self, data: str) -> None:
        """The text of a marked element."""
        if self._marked:
            self.found.append(data.strip())
        self._marked = False


def _files(*endings: str) -> Iterator[Path]:
    """Files below views/, by name, so that the catalogue has the same order everywhere."""
    for path in sorted(VIEWS.rglob("*")):
        if path.suffix in endings and "vendor" not in path.parts:
            yield path


def extracted() -> Catalog:
    """Every message that is said, and where."""
    found = Catalog(charset="utf-8", header_comment="", fuzzy=False)
    for path in _files(*_METHODS):
        with path.open("rb") as file:
            for _, text, notes, _ in extract(_METHODS[path.suffix], file, _KEYWORDS, (), _OPTIONS):
                found.add(text, locations=[(path.relative_to(VIEWS.parent).as_posix(), 0)], auto_comments=notes)
    for path in _files(".html"):
        for text in _Marked(path.read_text(encoding="utf-8")).found:
            found.add(text, locations=[(path.relative_to(VIEWS.parent).as_posix(), 0)])
    for place, text in _declared():
        found.add(text, locations=[(place, 0)])
    return found


def _declared() -> Iterator[tuple[str, str]]:
    """Units, meanings and the like, of which a declaration gives no Chinese; what shipped scenarios ask."""
    explained = {in_force().by_path[slider.path].meaning for slider in SLIDERS}
    for mechanism in BUILT_IN:
        place = mechanism.home.replace(".", "/") + "/__init__.py"
        texts = [one.unit for one in mechanism.parameters if one.label_zh]
        texts += [one.meaning for one in mechanism.parameters if one.meaning in explained]
        texts += [one.unit for one in mechanism.indicators]
        texts += [one.off_means for one in mechanism.causes]
        yield from ((place, text) for text in texts if text)
    for path, scenario in shipped().items():
        for text in (question(path), scenario.description):
            yield f"scenarios/{path.name}", text


def merged(known: Catalog, said: Catalog) -> Catalog:
    """What is known of the Chinese, brought to what is said: new messages empty, those no longer said gone."""
    new = Catalog(locale="zh", charset="utf-8", header_comment=known.header_comment, fuzzy=False,
                  project="China Labour Lab", version="", revision_date=known.revision_date,
                  creation_date=known.creation_date)  # fmt: skip
    for message in said:
        if message.id:
            old = known.get(message.id)
            new.add(message.id, old.string if old is not None else "", locations=message.locations)
    return new


def read() -> Catalog:
    """The Chinese catalogue as it stands."""
    with PO.open("rb") as file:
        return pofile.read_po(file, locale="zh")


def written(catalogue: Catalog) -> dict[Path, bytes]:
    """What each file that is made of a catalogue holds."""
    po, mo = io.BytesIO(), io.BytesIO()
    pofile.write_po(po, catalogue, width=120, include_lineno=False, sort_output=False, ignore_obsolete=True)
    write_mo(mo, catalogue)
    page = {m.id: m.string for m in catalogue if m.id and any(PAGE.name in Path(file).parts for file, _ in m.locations)}
    texts = json.dumps(page, ensure_ascii=False, indent=0, sort_keys=True)
    return {PO: po.getvalue(), MO: mo.getvalue(), TEXTS: f"{texts}\n".encode()}


def missing(catalogue: Catalog) -> list[str]:
    """What has no Chinese yet."""
    return [str(message.id) for message in catalogue if message.id and not all(_strings(message.string))]


def _strings(string: Any) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, list | tuple) else (string,)


def main() -> int:
    """Bring every file up to date; 1 while something has no Chinese."""
    catalogue = merged(read(), extracted())
    for path, content in written(catalogue).items():
        path.write_bytes(content)
    lacking = missing(catalogue)
    for text in lacking:
        print(f"no Chinese yet: {text}")
    print(f"{PO.relative_to(VIEWS.parent)}: {len(catalogue)} messages, {len(lacking)} without Chinese")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
