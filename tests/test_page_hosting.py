"""The page behind another server: its address, who may ask, and a real nginx with a real browser before it."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("starlette", reason="the page needs its extra")

import page_nginx
from page_browser import Visit, chromium_at
from page_browser import served as served_page
from page_visitor import Visitor, served
from playwright.sync_api import expect

import run
from model.scenario.scenario import load_scenario
from views.page import stored_baseline
from views.page.app import Page
from views.page.laboratory import Laboratory, Size
from views.page.public import PublicAddress, public_address
from views.page.security import EVERYWHERE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

PUBLIC = "https://lab.example.org/lab/"
BODY = json.dumps({"settings": {"layoffs.protection": 0.2}}).encode()
CLASSES = "graduates.cohort_scale"
PATIENCE = 60_000


# --- the address ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (PUBLIC, PublicAddress("https", "lab.example.org", None, "/lab")),
        ("https://Lab.Example.ORG/lab", PublicAddress("https", "lab.example.org", None, "/lab")),
        ("https://lab.example.org", PublicAddress("https", "lab.example.org")),
        ("http://lab.local:8765/", PublicAddress("http", "lab.local", 8765)),
        ("https://[2001:db8::1]:8443/", PublicAddress("https", "2001:db8::1", 8443)),
        ("https://hub.example.org/user/a%40b.org/proxy/8765/",
         PublicAddress("https", "hub.example.org", None, "/user/a@b.org/proxy/8765")),
        ("https://hub.example.org/user/j%C3%BCrgen/", PublicAddress("https", "hub.example.org", None, "/user/jürgen")),
        ("https://vigilant-fish-8765.app.github.dev/", PublicAddress("https", "vigilant-fish-8765.app.github.dev")),
        ("https://xn--labr-7qa.example/", PublicAddress("https", "xn--labr-7qa.example")),
        ("https://lab.example.org/apiary/", PublicAddress("https", "lab.example.org", None, "/apiary")),
    ],
)  # fmt: skip
def test_an_address_is_read_as_browsers_name_it(text: str, found: PublicAddress) -> None:
    assert public_address(text) == found
    assert public_address(str(found)) == found


def test_a_usual_port_is_not_part_of_an_origin() -> None:
    assert public_address("https://lab.example.org:443/").origin == "https://lab.example.org"
    assert public_address("http://lab.example.org:443/").origin == "http://lab.example.org:443"
    assert public_address("https://[::1]:8443/").origin == "https://[::1]:8443"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("lab.example.org/lab/", "does not begin with http:// or https://"),
        ("", "does not begin with"),
        ("//lab.example.org", "does not begin with"),
        ("ftp://lab.example.org/", "does not begin with"),
        ("lab.example.org:8765", "does not begin with"),
        ("https:///lab/", "has no name"),
        ("https://", "has no name"),
        ("https://lab.example.org/?a=1", "query or a fragment"),
        ("https://lab.example.org/lab/?", "query or a fragment"),
        ("https://lab.example.org/#top", "query or a fragment"),
        ("https://me:secret@lab.example.org/", "user's name or password"),
        ("https://lab.example.org:99999/", "out of range"),
        ("https://lab.example.org:0/", "port 0"),
        ("https://lab.example.org:http/", "is not an address"),
        ("https://lab example.org/", "spaces"),
        ("https://lab.example.org/my lab/", "spaces"),
        ("https://lab.example.org/lab/\n", "spaces"),
        ("https://lab.example.org\\lab", "spaces or signs"),
        ("https://labör.example/", "xn--labr-7qa.example"),
        ("https://*.example.org/", "which no machine has"),
        ("https://lab..example.org/", "which no machine has"),
        ("https://[::1/", "is not an address"),
        ("https://lab.example.org/a//b/", "empty"),
        ("https://lab.example.org/../lab/", "dots alone"),
        ("https://lab.example.org/%2e%2e/", "dots alone"),
        ("https://lab.example.org/a%22b/", "unusual signs"),
        ("https://lab.example.org/live/", "an address of the page's own"),
        ("https://lab.example.org/api/lab", "an address of the page's own"),
    ],
)
def test_a_wrong_address_is_told_in_one_sentence(text: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=f"write it like {PUBLIC}"):
        public_address(text)
    assert run.main(["view", "--no-open", f"--public-url={text}"]) == run.BAD_INPUT
    shown = capsys.readouterr()
    assert told in shown.err
    assert shown.err.count("\n") <= 2 + text.count("\n")
    assert "Traceback" not in shown.err
    assert not shown.out


# --- who may ask ----------------------------------------------------------------------------------


@pytest.fixture(scope="module", autouse=True)
def _caches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A folder of the tests' own for stored baselines."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stored_baseline, "FOLDER", tmp_path_factory.mktemp("cache"))
        yield


def page(public: str | None, host: str = "127.0.0.1") -> Page:
    """A page whose laboratory nobody asks to compute."""
    scenario = load_scenario("scenarios/baseline.yaml", {"population": 2_000, "replications": 2, "end": "2026-12"})
    laboratory = Laboratory(scenario, Size(2_000, 2, 1), presets_ahead=False)
    return Page(laboratory, host, public_address(public) if public else None)


@pytest.fixture(scope="module")
def behind() -> Iterator[Visitor]:
    """A page that has a public address below a path."""
    with served(page(PUBLIC)) as visitor:
        yield visitor


@pytest.mark.parametrize("path", ["/", "/lab/", "/api/page", "/lab/api/page", "/static/app.js", "/lab/static/app.js"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Host": "lab.example.org"},
        {"Host": "LAB.example.org:443"},
        {"X-Forwarded-Host": "lab.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/lab"},
        {"Host": "lab.example.org", "X-Forwarded-Host": "lab.example.org, inner.example"},
    ],
    ids=["upstream", "kept", "kept_with_port", "forwarded", "chain"],
)
def test_the_page_answers_with_the_path_cut_off_or_not(behind: Visitor, path: str, headers: dict[str, str]) -> None:
    assert behind.ask("GET", path, headers=headers)[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "lab.example.org.evil.example"},
        {"Host": "evil.example", "X-Forwarded-Host": "lab.example.org"},
        {"X-Forwarded-Host": "evil.example"},
        {"Host": "192.168.1.5"},
        {"Host": ""},
        {"Host": "[::1"},
    ],
)
@pytest.mark.parametrize("path", ["/", "/lab/", "/lab", "/api/page", "/live/"])
def test_any_other_name_stays_refused(behind: Visitor, headers: dict[str, str], path: str) -> None:
    status, _, body = behind.ask("GET", path, headers=headers)
    assert status == 403
    assert "--public-url" in json.loads(body)["problems"][0]["message"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://lab.example.org"}, 200),
        ({"Origin": "https://lab.example.org", "Host": "lab.example.org"}, 200),
        ({"Origin": "https://lab.example.org", "Sec-Fetch-Site": "same-origin"}, 200),
        ({}, 200),
        ({"Origin": "http://lab.example.org", "Host": "lab.example.org"}, 403),
        ({"Origin": "https://lab.example.org:8443", "Host": "lab.example.org"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "https://evil.example", "X-Forwarded-Host": "lab.example.org"}, 403),
        ({"Origin": "https://lab.example.org.evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://[::1"}, 403),
        ({"Origin": "https://lab.example.org", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "https://lab.example.org", "Host": "evil.example"}, 403),
    ],
)
@pytest.mark.parametrize("path", ["/api/runs", "/lab/api/runs"])
def test_changes_come_from_the_public_origin_alone(
    behind: Visitor, headers: dict[str, str], status: int, path: str
) -> None:
    asked = {"content-type": "application/json", **headers}
    assert behind.ask("POST", path, BODY, asked)[0] == status


def test_a_page_of_this_very_machine_still_works(behind: Visitor) -> None:
    own = f"http://127.0.0.1:{behind.port}"
    asked = {"content-type": "application/json", "Origin": own}
    assert behind.ask("POST", "/api/runs", BODY, asked)[0] == 200
    assert behind.ask("POST", "/api/runs", BODY, asked | {"Origin": "http://127.0.0.1:1"})[0] == 403


def test_a_path_without_its_slash_is_led_to_it(behind: Visitor) -> None:
    status, headers, _ = behind.ask("GET", "/lab?lang=zh", headers={"Host": "lab.example.org"})
    assert (status, headers["location"]) == (308, "./lab/?lang=zh")


def test_what_is_outside_is_not_found(behind: Visitor) -> None:
    for path in ("/laboratory/", "/lab/lab/", "/other/", "/lab/static/..%2f..%2fapp.py"):
        assert behind.ask("GET", path)[0] == 404, path


def test_without_the_option_a_public_name_is_refused_and_the_option_named() -> None:
    with served(page(None)) as visitor:
        status, _, body = visitor.ask("GET", "/", headers={"Host": "lab.example.org"})
        assert (status, "--public-url" in body.decode()) == (403, True)
        asked = {"content-type": "application/json", "Origin": "https://lab.example.org"}
        status, _, body = visitor.ask("POST", "/api/runs", BODY, asked)
        assert (status, "--public-url" in body.decode()) == (403, True)
        assert visitor.ask("GET", "/", headers={"Host": "192.168.1.5"})[0] == 403


@pytest.mark.parametrize("host", EVERYWHERE[:2])
def test_open_to_a_network_it_answers_for_addresses_and_the_name_that_was_given(host: str) -> None:
    with served(page("http://lab.local:8765/", host)) as visitor:
        for name in ("192.168.1.5:8765", "lab.local:8765", "localhost", "[2001:db8::7]:8765"):
            assert visitor.ask("GET", "/", headers={"Host": name})[0] == 200, name
        assert visitor.ask("GET", "/", headers={"Host": "evil.example"})[0] == 403


# --- a real nginx and a real browser --------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where nginx has its files."""
    return tmp_path_factory.mktemp("nginx")


@pytest.fixture(scope="module")
def public(nginx: str, folder: Path) -> str:
    """The address that visitors type."""
    assert nginx
    scheme = "https" if page_nginx.certificate(folder) else "http"
    return f"{scheme}://{page_nginx.NAME}:{page_nginx.free_port()}/lab"


@pytest.fixture(scope="module")
def upstream(root: Path, public: str) -> Iterator[str]:
    """The page itself, as nginx reaches it."""
    with served_page(root, "--public-url", public) as address:
        yield address


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with chromium_at(chromium, f"--host-resolver-rules=MAP {page_nginx.NAME} 127.0.0.1") as found:
        yield found


@pytest.fixture(params=["cut_off", "kept"])
def visited(
    request: pytest.FixtureRequest, root: Path, nginx: str, folder: Path, upstream: str, public: str, browser: Browser
) -> Iterator[Visit]:
    """Somebody who has opened the page through nginx, set up as docs/page.md says."""
    cut_off, kept, both = page_nginx.snippets(root)
    location = (cut_off if request.param == "cut_off" else kept).replace("http://127.0.0.1:8765", upstream)
    port = int(public.rpartition(":")[2].partition("/")[0])
    with page_nginx.proxied(nginx, folder, port, location, both):
        visit = Visit(browser, public)
        yield visit
        visit.close()


@pytest.mark.browser
@pytest.mark.slow
def test_everything_works_below_the_path_behind_nginx(visited: Visit, public: str, tmp_path: Path) -> None:
    seen = visited.page
    visited.set_lever(CLASSES, "1.5")
    assert visited.line("reform")
    assert seen.url.startswith(f"{public}/?s=")
    seen.click("#tab-take-away")
    assert seen.input_value("#link-text").startswith(f"{public}/?s=")
    assert "on this computer" not in seen.inner_text("body")  # it is not
    assert "computed by the server" in seen.inner_text("#take-away")
    with seen.expect_download() as saving:
        seen.click("[data-file='table.csv']")
    assert saving.value.path().read_bytes().startswith(b'"scenario"')
    mine = tmp_path / "mine.yaml"
    mine.write_text("name: mine\nextends: baseline.yaml\nseed: 7\nvisa:\n  annual_quota: 5\n", encoding="utf-8")
    seen.set_input_files("#upload", mine)
    expect(seen.locator("#notices")).to_contain_text("'seed' is 7", timeout=PATIENCE)
    visited.settled()
    seen.reload()
    expect(seen.locator("#changed")).to_contain_text("visa.annual_quota", timeout=PATIENCE)
    assert visited.hosts == {page_nginx.NAME}
    assert visited.complaints == []


@pytest.mark.browser
@pytest.mark.slow
def test_the_live_market_plays_behind_nginx(visited: Visit) -> None:
    visited.page.click("#tab-live")
    live = visited.page.frame_locator("iframe.live")
    live.locator(".live-stage circle").first.wait_for(timeout=2 * PATIENCE)
    before = live.locator(".live-month").inner_text()
    live.get_by_role("button", name="Step").click()
    expect(live.locator(".live-month")).not_to_have_text(before, timeout=PATIENCE)
    assert live.locator("#live-needs:visible").count() == 0
    assert visited.hosts == {page_nginx.NAME}


@pytest.mark.browser
@pytest.mark.slow
def test_where_nginx_passes_no_web_sockets_the_live_market_says_so(
    root: Path, nginx: str, folder: Path, upstream: str, public: str, browser: Browser
) -> None:
    cut_off, _, both = page_nginx.snippets(root)
    lines = [line for line in cut_off.splitlines() if "pgrade" not in line]
    location = "\n".join(lines).replace("http://127.0.0.1:8765", upstream)
    port = int(public.rpartition(":")[2].partition("/")[0])
    with page_nginx.proxied(nginx, folder, port, location, both):
        seen = Visit(browser, public)
        seen.page.click("#tab-live")
        told = seen.page.frame_locator("iframe.live").locator("#live-needs")
        expect(told).to_contain_text("needs web sockets", timeout=2 * PATIENCE)
        seen.page.click("#tab-what-if")
        seen.set_lever(CLASSES, "1.3")
        assert seen.line("reform")
        seen.close()
