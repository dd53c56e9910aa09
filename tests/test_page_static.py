"""The page's files: texts in both languages, nothing loaded from elsewhere, licences beside what is borrowed."""

from __future__ import annotations

import json
import re
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "views" / "page" / "static"
ENGLISH, CHINESE = (json.loads((STATIC / f"texts.{one}.json").read_text("utf-8")) for one in ("en", "zh"))
INDEX = (STATIC / "index.html").read_text("utf-8")
MODULES = {path.name: path.read_text("utf-8") for path in STATIC.glob("*.js")}


def test_both_languages_say_the_same_things() -> None:
    assert ENGLISH.keys() == CHINESE.keys()
    for key, text in ENGLISH.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", CHINESE[key])), key


def test_every_text_that_is_asked_for_exists_and_none_is_idle() -> None:
    asked = set(re.findall(r'data-(?:text|label)="([^"]+)"', INDEX))
    code = "\n".join(MODULES.values())
    asked |= set(re.findall(r'"([a-z]+(?:\.[a-z_0-9]+)?)"', code)) & ENGLISH.keys()
    asked |= {key for key in ENGLISH if key.endswith("_away") and key.removesuffix("_away") in asked}
    unknown = {key for key in re.findall(r'say\("([^"]+)"', code) if key not in ENGLISH}
    assert unknown == set()
    families = tuple(re.findall(r"say\(`([a-z]+\.)\$\{", code))
    assert {key for key in ENGLISH if key not in asked and not key.startswith(families)} == set()


def test_the_bare_page_says_what_its_title_says() -> None:
    assert f">{ENGLISH['what_if.title']}<" in INDEX
    assert "Youth unemployment" in INDEX


def test_nothing_is_loaded_from_elsewhere() -> None:
    for name, text in {"index.html": INDEX, **MODULES}.items():
        assert re.findall(r"""(?:src|href|from|fetch\()\s*=?\s*["'`](?:https?:)?//""", text) == [], name
    for target in re.findall(r'(?:src|href)="static/([^"]+)"', INDEX):
        assert (STATIC / target).is_file(), target


def test_every_address_is_found_from_where_the_page_is() -> None:
    """The page may stand below a path: nothing is asked at the top of a server."""
    assert len(re.findall(r'(?:src|href)="static/', INDEX)) >= 5
    for name, text in {"index.html": INDEX, **MODULES}.items():
        assert re.findall(r"""["'`]/(?:api|live|static)\b""", text) == [], name


def test_borrowed_code_keeps_its_licence() -> None:
    for borrowed in (STATIC / "vendor").glob("*.js"):
        assert "Copyright" in (STATIC / "vendor" / f"{borrowed.name.split('.')[0]}.LICENSE").read_text("utf-8")
