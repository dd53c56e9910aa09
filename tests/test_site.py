"""The documentation as a site: built strictly, complete, and asking nobody but its own host."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytest.importorskip("material", reason="the site extra is not installed")

from model.specification import STANDARD

ROOT = Path(__file__).resolve().parent.parent
#: What a browser loads by itself, by tag and attribute.
LOADED = {("script", "src"), ("img", "src"), ("img", "srcset"), ("iframe", "src"), ("source", "src"), ("link", "href")}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site with tutorials as they are written; a warning fails it."""
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    folder = tmp_path_factory.mktemp("site")
    config = load_config(str(ROOT / "mkdocs.yml"), strict=True, site_dir=str(folder))
    config.extra["run_tutorials"] = False
    build(config)
    return folder


@pytest.fixture(scope="module")
def found(site: Path) -> dict[str, str]:
    """The titles that a search finds, each with the text under it."""
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    return {
        f"{Path(entry['location'].partition('#')[0]).stem} {entry['title']}": entry["text"] for entry in index["docs"]
    }


class Loads(HTMLParser):
    """What a page has a browser load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "link" and dict(attrs).get("rel") == "canonical":
            return
        self.found += [value or "" for name, value in attrs if (tag, name) in LOADED]


def test_no_page_asks_another_host(site: Path) -> None:
    pages, styles = [*site.rglob("*.html")], [*site.rglob("*.css")]
    assert len(pages) > 40
    asked = {link for page in pages for link in Loads(page.read_text(encoding="utf-8")).found}
    asked |= {link for style in styles for link in re.findall(r"(?:url\(|@import )[\"']?([^\"')]+)", style.read_text())}
    assert not {link for link in asked if urlsplit(link).netloc}


def test_what_a_page_loads_and_links_to_is_there(site: Path) -> None:
    def wanted(page: Path) -> Iterator[Path]:
        text = page.read_text(encoding="utf-8")
        for link in [*Loads(text).found, *re.findall(r'<a [^>]*?href="([^"]*)"', text)]:
            parts = urlsplit(link)
            if parts.path and not parts.scheme and not parts.netloc:
                yield (
                    site / parts.path.lstrip("/") if parts.path.startswith("/") else page.parent / parts.path
                ).resolve()

    missing = {path for page in site.rglob("*.html") for path in wanted(page) if not path.exists()}
    assert not missing


def test_everything_declared_can_be_looked_up(found: dict[str, str]) -> None:
    levers = {one.path for one in STANDARD.levers}
    for one in STANDARD.parameters:
        assert f"{'levers' if one.path in levers else 'parameters'} {one.path}" in found
    assert all(f"indicators {one.name}" in found for one in STANDARD.indicators)
    assert all(f"data {path.name}" in found for path in (ROOT / "data").glob("*.csv"))
    for path in (ROOT / "scenarios").glob("*.yaml"):
        asks = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        assert asks in found[f"scenarios {path.stem}"].replace("&#39;", "'")


def test_every_verb_says_what_it_takes(found: dict[str, str]) -> None:
    from run import VERBS

    for verb in VERBS:
        assert f"usage: run.py {verb}" in found[f"verbs {verb}"]
    assert "--against OTHER.yaml" in found["verbs A scenario"]


def test_the_python_reference_has_the_docstrings(found: dict[str, str]) -> None:
    import labour_lab

    said = " ".join(found.values())
    for name in ("run", "compare", "batch", "explain", "forecast", "sensitivity", "search"):
        assert str(getattr(labour_lab, name).__doc__).splitlines()[0].replace("`", "") in re.sub("<[^>]*>", "", said)


def test_the_front_page_is_the_readme(site: Path) -> None:
    shown = (site / "index.html").read_text(encoding="utf-8")
    first = (ROOT / "README.md").read_text(encoding="utf-8").split("\n\n")[1].splitlines()[0]
    assert first in shown
    assert 'href="guide.html"' in shown
    assert 'href="tutorials/index.html"' in shown


# --- served as Help -------------------------------------------------------------------------------


def test_help_tells_how_to_build_what_is_not_there(tmp_path: Path) -> None:
    with manual(tmp_path) as visitor:
        status, _, body = visitor.ask("GET", "/help/")
        assert status == 404
        assert b"make site" in body
        (tmp_path / "index.html").write_text("built meanwhile")
        status, headers, body = visitor.ask("GET", "/help/")
        assert (status, body) == (200, b"built meanwhile")
        assert "default-src 'self'" in headers["content-security-policy"]
        assert visitor.ask("GET", "/help/%2e%2e/secret")[0] == 404


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_help_is_searched_in_a_browser(site: Path, chromium: str, width: int) -> None:
    from page_browser import PATIENCE, chromium_at

    with manual(site) as visitor, chromium_at(chromium) as browser:
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.set_default_timeout(PATIENCE)
        hosts, complaints = set(), []
        page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
        page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
        page.goto(f"http://127.0.0.1:{visitor.port}/help/reference/levers.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if width < 1000:
            page.locator("label[for=__search]").first.click()
        # Typed key by key: the search listens to keys, and a value that is set after the focus is never seen.
        page.locator(".md-search__input").press_sequentially("visa.annual_quota", delay=20)
        first = page.locator(".md-search-result__link").first
        first.wait_for()
        assert "levers.html" in str(first.get_attribute("href"))
        assert not complaints
        assert hosts <= {"127.0.0.1", None, ""}


def manual(site: Path) -> object:
    """The site as the page serves it, and somebody who visits it."""
    pytest.importorskip("starlette", reason="the page extra is not installed")
    from page_visitor import served
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.routing import Mount

    from views.page.manual import Manual
    from views.page.security import Guard

    class Help:
        def application(self) -> Starlette:
            return Starlette(routes=[Mount("/help", Manual(site))], middleware=[Middleware(Guard, host="127.0.0.1")])

    return served(Help())  # type: ignore[arg-type]
