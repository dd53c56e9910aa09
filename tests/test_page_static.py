"""The page's files: texts in both languages, nothing loaded from elsewhere, licences beside what is borrowed."""

from __future__ import annotations

import re
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "views" / "page" / "static"
INDEX = (STATIC / "index.html").read_text("utf-8")
MODULES = {path.name: path.read_text("utf-8") for path in STATIC.glob("*.js")}


def test_what_the_page_says_is_written_where_the_catalogue_finds_it() -> None:
    """`say` of anything but a text between quotes would never be translated."""
    for name, text in MODULES.items():
        assert re.findall(r"\bsay\((?!\"|text\b|here\(|element\.)[^)]*\)", text) == [], name
    assert all(text.strip() for text in re.findall(r"data-text[^>]*>([^<]*)<", INDEX))


def test_the_bare_page_says_what_its_title_says() -> None:
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
    files = list((STATIC / "vendor").glob("*.js"))
    assert files
    for borrowed in files:
        assert "Copyright" in (STATIC / "vendor" / f"{borrowed.name.split('.')[0]}.LICENSE").read_text("utf-8")
