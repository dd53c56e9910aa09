"""The page in a real browser: levers, presets, links, files, phones, Chinese, keyboard, readers aloud."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest

pytest.importorskip("starlette", reason="the page needs its extra")

from page_browser import Visit, chromium_at, served
from playwright.sync_api import expect

from experiments.engine.manifest import project_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TABS = ("what-if", "why", "take-away")
GRADUATES = "graduates.cohort_scale"
OPENINGS = "hiring.openings_scale.all"  # acts from today on, so that answers come at once
#: Milliseconds until an answer must be there, on a machine that does much else.
PATIENCE = 30_000


@pytest.fixture(scope="module")
def address(root: Path, chromium: str) -> Iterator[str]:
    assert chromium
    with served(root) as found:
        yield found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with chromium_at(chromium) as found:
        yield found


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Visit]]:
    """Opens the page; every window is closed at the end."""
    opened: list[Visit] = []

    def opening(query: str = "", width: int = 1440) -> Visit:
        opened.append(Visit(browser, address, query, width=width))
        return opened[-1]

    yield opening
    for one in opened:
        one.close()


def test_the_page_opens_on_a_finished_baseline_and_asks_nobody_else(visit: Callable[..., Visit]) -> None:
    seen = visit()
    assert "Youth unemployment" in seen.page.inner_text("h1")
    assert "Youth unemployment" in seen.page.inner_text("#picture-title")
    assert seen.line("baseline").startswith("M")
    assert seen.page.locator(".canvas.level .dots circle").count() >= 12
    for tab in TABS:
        seen.page.click(f"#tab-{tab}")
    assert seen.hosts == {"127.0.0.1"}
    assert seen.complaints == []


def test_the_page_opens_on_the_forecast_and_a_lever_bends_it(visit: Callable[..., Visit]) -> None:
    seen = visit()
    fan = seen.page.locator(".canvas.fan")
    assert "as likely as not between" in seen.page.inner_text(".outlook-words")
    middle = fan.locator("path[class='line fan']").get_attribute("d")
    assert fan.locator("path.line.kept").count() == 0
    seen.set_lever(GRADUATES, "1.5")
    assert fan.locator("path.line.kept").get_attribute("d")
    assert fan.locator("path[class='line fan']").get_attribute("d") != middle
    assert "added to the stored forecast" in seen.page.inner_text(".outlook-notes")
    seen.page.check("#outlook-before")
    assert fan.locator("path.band.before[d]").count() == 2
    assert "of the 12 months since" in seen.page.inner_text(".outlook-notes")
    seen.page.check("#outlook-unemployment_rate", force=True)
    assert seen.complaints == []


def test_a_lever_changes_the_picture_the_words_and_the_table(visit: Callable[..., Visit]) -> None:
    seen = visit()
    assert seen.line("reform") == ""
    before = seen.page.inner_text("#sentences")
    seen.set_lever(GRADUATES, "1.5")
    first = seen.line("reform")
    assert first
    assert seen.page.inner_text("#sentences") != before
    assert GRADUATES in seen.page.inner_text("#changed")
    assert seen.page.locator(".canvas.difference path.band.difference").get_attribute("d")
    seen.set_lever(GRADUATES, "0.5")
    assert seen.line("reform") != first
    seen.page.click("[data-card=house_price_index]")
    assert seen.page.inner_text("#picture-title") == "House prices (existing homes)"
    seen.page.select_option(".picture-choice select", "perceived_visa_share")
    assert "anger" in seen.page.inner_text("#picture-title")
    seen.page.click("#pictures .numbers summary")
    every_month = seen.page.locator("#pictures .numbers tbody tr")  # since 2023
    expect(every_month).to_have_count(60, timeout=PATIENCE)
    seen.page.click("#reset-all")
    seen.settled()
    assert seen.line("reform") == ""
    assert seen.page.locator(f"[data-path='{GRADUATES}'] input[type=number]").input_value() == "1"


def test_what_was_asked_can_be_taken_back_and_asked_again(visit: Callable[..., Visit]) -> None:
    seen = visit()
    box = seen.page.locator(f"[data-path='{OPENINGS}'] input[type=number]")
    undo, redo = seen.page.locator("#undo"), seen.page.locator("#redo")
    expect(undo).to_be_disabled()
    for value in ("1.1", "1.2"):
        seen.set_lever(OPENINGS, value)
    undo.click()
    expect(box).to_have_value("1.1")
    seen.page.keyboard.press("Control+z")
    expect(box).to_have_value("1")
    expect(undo).to_be_disabled()
    seen.settled()
    assert seen.line("reform") == ""
    seen.page.keyboard.press("Control+Shift+z")
    redo.click()
    expect(box).to_have_value("1.2")
    undo.click()
    seen.set_lever(OPENINGS, "0.9")  # another way on: what was taken back is gone
    expect(redo).to_be_disabled()


def test_nothing_jumps_while_the_page_fills_and_answers(visit: Callable[..., Visit]) -> None:
    for width in (1440, 390):
        seen = visit(width=width)
        seen.set_lever(GRADUATES, "1.2")
        assert seen.layout_shift() < 0.05


def test_the_last_question_is_the_one_that_is_answered(visit: Callable[..., Visit]) -> None:
    seen = visit()
    box = seen.page.locator(f"[data-path='{GRADUATES}'] input[type=number]")
    for value in ("0.5", "0.9", "1.3"):
        box.fill(value)
        box.press("Enter")
        seen.page.wait_for_timeout(180)  # longer than the page rests before it asks
    seen.settled()
    assert "1.3 from 2025-10" in seen.page.inner_text("#changed")
    quick = visit()
    quick.set_lever(GRADUATES, "1.3")
    assert quick.line("reform") == seen.line("reform")


def test_an_answer_that_does_not_come_can_be_asked_for_again(visit: Callable[..., Visit]) -> None:
    seen = visit()
    seen.page.route("**/api/runs", lambda route: route.abort())
    box = seen.page.locator(f"[data-path='{GRADUATES}'] input[type=number]")
    box.fill("1.2")
    box.press("Enter")
    seen.page.wait_for_selector("#notices button")
    assert seen.line("baseline")
    seen.page.unroute("**/api/runs")
    seen.page.click("#notices button")
    seen.page.wait_for_selector(".canvas.level path.line.reform", state="attached")
    assert seen.page.inner_text("#notices") == ""


def test_a_bad_value_is_explained_beside_its_lever(visit: Callable[..., Visit]) -> None:
    seen = visit()
    box = seen.page.locator("[data-path='visa.annual_quota'] input[type=number]")
    box.fill("-5")
    box.press("Enter")
    error = seen.page.locator("[data-path='visa.annual_quota'] .error")
    error.wait_for()
    assert "-5" in error.inner_text()
    assert box.get_attribute("aria-invalid") == "true"
    box.fill("50000")
    box.press("Enter")
    seen.settled()
    assert not error.is_visible()


def test_a_preset_moves_its_levers_and_a_link_carries_it(visit: Callable[..., Visit]) -> None:
    seen = visit()
    seen.page.click("[data-preset=graduate_surge]")
    seen.page.wait_for_selector(".canvas.level path.line.reform", state="attached")
    assert seen.page.get_attribute("[data-preset=graduate_surge]", "aria-pressed") == "true"
    seen.set_lever("layoffs.protection", "30")
    seen.page.click("#tab-take-away")
    link = seen.page.input_value("#link-text")
    assert "?s=" in link
    assert "run.py" in seen.page.inner_text(".command")
    other = visit(link.removeprefix(seen.address).lstrip("/"))
    assert other.page.input_value("[data-path='layoffs.protection'] input[type=number]") == "30"
    assert GRADUATES in other.page.inner_text("#changed")
    assert other.page.text_content("#sentences") == seen.page.text_content("#sentences")
    assert other.line("reform")


def test_a_link_of_another_version_says_so_and_a_broken_one_too(visit: Callable[..., Visit]) -> None:
    import base64

    code = base64.urlsafe_b64encode(json.dumps({"v": "0.0.1", "c": {GRADUATES: 1.2}}).encode()).decode().rstrip("=")
    seen = visit(f"?s={code}")
    assert "0.0.1" in seen.page.inner_text("#notices")
    assert seen.line("reform")
    broken = visit("?s=%%%")
    assert broken.page.inner_text("#notices")
    assert broken.line("baseline")


def test_every_file_can_be_taken_away_and_the_report_is_open_to_everybody(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    seen = visit()
    seen.set_lever(GRADUATES, "1.2")
    seen.page.click("#tab-take-away")
    starts = {
        "scenario.yaml": b"",
        "table.csv": b"",
        "table.parquet": b"PAR1",
        "figure.png": b"\x89PNG",
        "figure.svg": b"<",
        "report.html": b"<!",
    }
    for name, start in starts.items():
        target = seen.page.get_attribute(f"[data-file='{name}']", "href")
        answer = seen.context.request.get(urljoin(seen.address, str(target)), timeout=4 * PATIENCE)
        assert answer.ok, (name, answer.status)
        body = answer.body()
        assert body.lstrip().lower().startswith(start.lower()), name
        assert len(body) > 100, name
    report = tmp_path / "report.html"
    report.write_bytes(body)
    seen.page.goto(report.as_uri())
    seen.page.set_viewport_size({"width": 390, "height": 844})
    assert seen.overflow() <= 0
    found = Axe().run(seen.page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [one["id"] for one in found] == []


def test_a_click_saves_a_file_under_its_name_and_failure_is_told(visit: Callable[..., Visit]) -> None:
    seen = visit()
    seen.page.click("#tab-take-away")
    with seen.page.expect_download() as saving:
        seen.page.click("[data-file='scenario.yaml']")
    assert saving.value.suggested_filename.endswith("scenario.yaml")
    assert "schema_version" in saving.value.path().read_text(encoding="utf-8")
    told = {"problems": [{"message": "too many figures are being drawn"}]}
    seen.page.route("**/figure.png*", lambda route: route.fulfill(status=503, json=told))
    seen.page.click("[data-file='figure.png']")
    expect(seen.page.locator(".saved")).to_contain_text("too many figures", timeout=PATIENCE)


def test_every_picture_can_be_kept_and_says_where_it_comes_from(visit: Callable[..., Visit]) -> None:
    seen = visit()
    seen.page.click("#try")
    expect(seen.page.locator("#groups .cell").first).to_be_attached(timeout=PATIENCE)
    for place, words in (("#pictures", "Youth unemployment rate"), ("#groups", "Work and pay by group")):
        kept = {}
        for form in ("svg", "png"):
            with seen.page.expect_download() as saving:
                seen.page.locator(f"{place} [data-keep={form}]").first.click()
            assert saving.value.suggested_filename.endswith(f".{form}")
            kept[form] = saving.value.path().read_bytes()
        assert kept["png"].startswith(b"\x89PNG")
        text = kept["svg"].decode()
        assert words in text
        assert f"Source: China Labour Lab {project_version()}" in text
        assert "class=" not in text  # it needs no style sheet
        cited = seen.page.locator(f"{place} .cite").first
        assert words in cited.inner_text()
        assert cited.locator("a").get_attribute("href") == seen.page.url
    assert seen.complaints == []


def test_an_upload_is_checked_to_the_letter(visit: Callable[..., Visit], tmp_path: Path) -> None:
    seen = visit()
    seen.page.click("#tab-take-away")
    bad = tmp_path / "mine.yaml"
    bad.write_text("schema_version: 1\nextends: baseline.yaml\nname: mine\nvisa:\n  anual_quota: 5\n", encoding="utf-8")
    seen.page.set_input_files("#upload", bad)
    seen.page.wait_for_selector(".problems li")
    told = seen.page.inner_text(".problems")
    assert "mine.yaml:5:3" in told
    assert "annual_quota" in told
    good = tmp_path / "good.yaml"
    good.write_text(bad.read_text(encoding="utf-8").replace("anual", "annual"), encoding="utf-8")
    seen.page.set_input_files("#upload", good)
    seen.page.wait_for_selector("#what-if:not([hidden])")
    seen.settled()
    assert "visa.annual_quota" in seen.page.inner_text("#changed")


@pytest.mark.parametrize("width", [720, 390, 320], ids=["twice_enlarged", "phone", "small_phone"])
def test_a_narrow_screen_shows_all_of_it_without_scrolling_sideways(visit: Callable[..., Visit], width: int) -> None:
    seen = visit(width=width)
    seen.set_lever(GRADUATES, "1.2")
    for tab in TABS:
        seen.page.click(f"#tab-{tab}")
        seen.page.wait_for_timeout(150)
        assert seen.overflow() <= 0, tab


def test_the_page_speaks_chinese(visit: Callable[..., Visit]) -> None:
    seen = visit("?lang=zh")
    assert seen.page.get_attribute("html", "lang") == "zh-CN"
    assert "青年失业率" in seen.page.inner_text("h1")
    seen.set_lever(GRADUATES, "1.2")
    assert "。" in seen.page.inner_text("#sentences")
    seen.page.click("[data-language=en]")
    seen.page.wait_for_selector("html[lang=en] body[data-ready]")
    seen.settled()
    assert seen.page.input_value(f"[data-path='{GRADUATES}'] input[type=number]") == "1.2"


def test_the_keyboard_alone_moves_a_lever(visit: Callable[..., Visit]) -> None:
    seen = visit()
    page = seen.page
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hash") == "#levers"
    page.keyboard.press("Enter")
    wanted = f"[data-path='{GRADUATES}'] input[type=range]"
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement === document.querySelector(wanted)", wanted):
            break
    else:
        pytest.fail("Tab never reaches the lever")
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    page.wait_for_selector(".canvas.level path.line.reform", state="attached")
    assert page.input_value(wanted) == "1.4"
    page.focus(".plot")
    page.keyboard.press("End")
    assert "2027" in page.inner_text(".readout")


def test_tabs_follow_the_arrow_keys_and_the_live_market_waits_to_be_opened(visit: Callable[..., Visit]) -> None:
    seen = visit()
    assert seen.page.locator("iframe").count() == 0
    seen.page.focus("#tab-what-if")
    seen.page.keyboard.press("ArrowRight")
    assert seen.page.is_visible("#why")
    seen.page.keyboard.press("End")
    assert seen.page.is_visible("#take-away")
    assert seen.page.url.endswith("#take-away")


FOUND = {
    "causes": [
        {"cause": "property slump", "label": "property slump", "effect_pp": 2.5, "low_pp": 2.0, "high_pp": 3.0},
        {"cause": "age-35 rules", "label": "age-35 rules", "effect_pp": -0.5, "low_pp": -0.9, "high_pp": -0.1},
        {"cause": "K visa", "label": "K visa", "effect_pp": 0.04, "low_pp": -0.02, "high_pp": 0.1},
    ],
    "total": {"cause": "total", "label": "total", "effect_pp": 2.04, "low_pp": 1.5, "high_pp": 2.6},
    "all_on": 16.0,
    "blame": 0.2,
    "sentences": ["Together +2.04 points.", "Too close to call: K visa.", "The index of anger at it stands at 0.20."],
    "seeds": 8,
    "persons": 20000,
    "made_by": {"version": "0", "command": "", "current": True},
}


def test_the_causes_of_a_scenario_are_drawn_once_they_are_known(visit: Callable[..., Visit]) -> None:
    seen = visit()
    events = [("progress", {"done": 3, "of": 64, "seconds_left": 60}), ("answer", {"final": True, **FOUND})]
    stream = "".join(f"event: {name}\ndata: {json.dumps(told)}\n\n" for name, told in events)
    seen.page.click("#tab-why")
    seen.page.route("**/api/runs/*/events", lambda route: route.fulfill(body=stream, content_type="text/event-stream"))
    seen.page.click(".why-ask button")
    # Not the stored one, which shows until then.
    expect(seen.page.locator(".waterfall .bars rect")).to_have_count(4, timeout=PATIENCE)
    assert "+2.50" in str(seen.page.text_content(".waterfall .names"))
    assert "0.20" in seen.page.inner_text(".blame")
    assert "20 %" not in seen.page.inner_text(".blame"), "an index is no share"
    assert "at most 0.6" in seen.page.inner_text(".blame dl")  # 0.1 of 16 points, the end of its interval
    assert seen.complaints == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_barrier_for_anybody(visit: Callable[..., Visit], language: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    seen = visit(f"?lang={language}")
    seen.set_lever(GRADUATES, "1.2")
    for tab in TABS:
        seen.page.click(f"#tab-{tab}")
        seen.page.wait_for_timeout(300)
        found = Axe().run(seen.page, options={"resultTypes": ["violations"]}).response["violations"]
        assert [f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:120]}" for one in found] == [], tab


# --- what a browser or a network does not have ----------------------------------------------------


def test_the_live_market_says_which_scenario_it_plays(visit: Callable[..., Visit]) -> None:
    seen = visit()
    seen.page.click("#tab-live")
    expect(seen.page.locator("#live-plays")).to_contain_text("Playing: Baseline.")
    seen.page.click("#tab-what-if")
    seen.set_lever(GRADUATES, "1.2")
    seen.page.click("#tab-live")
    expect(seen.page.locator("#live-plays")).to_contain_text("“Baseline”, without what you changed")
    seen.page.click("#tab-what-if")
    seen.page.click("[data-preset=tech_layoffs]")
    seen.settled()
    seen.page.click("#tab-live")
    expect(seen.page.locator("#live-plays")).to_contain_text("Playing: Technology layoffs.")
    assert "scenario=tech_layoffs" in str(seen.page.get_attribute("iframe.live", "src"))


def test_a_browser_without_a_clipboard_says_that_nothing_was_copied(visit: Callable[..., Visit]) -> None:
    seen = visit()
    seen.page.click("#tab-take-away")
    seen.page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    button = seen.page.locator(".part-link .copy button")
    button.click()
    expect(seen.page.locator(".part-link .said")).to_have_text("Copied")  # the old way still goes
    seen.page.evaluate("document.execCommand = () => false")
    button.click()
    expect(seen.page.locator(".part-link .said")).to_contain_text("select the text")


def test_without_scripts_both_pages_say_so(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for path in ("/", "/live/"):
        for _ in range(60):
            page.goto(address + path)
            if "…" not in page.title():  # the live market comes some seconds after the page
                break
            page.wait_for_timeout(500)
        assert "needs JavaScript" in page.inner_text("body"), path
    context.close()


def test_where_nothing_may_be_stored_both_pages_work(browser: Browser, address: str) -> None:
    forbidden = (
        "Object.defineProperty(window, 'localStorage', {configurable: true, get() { throw new DOMException('no') }})"
    )
    context = browser.new_context()
    context.add_init_script(forbidden)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{address}/")
    page.wait_for_selector("body[data-ready]")
    page.goto(f"{address}/live/?population=10000&opens=2018-01")
    page.wait_for_selector(".live-stage circle", timeout=120_000)
    assert faults == []
    context.close()


@pytest.mark.parametrize(("way", "language"), [("closed", "en"), ("silent", "zh"), ("missing", "en")])
def test_without_web_sockets_the_live_market_says_so(browser: Browser, address: str, way: str, language: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    if way == "missing":
        page.add_init_script("delete window.WebSocket")
    else:
        page.route_web_socket("**/*", lambda socket: socket.close() if way == "closed" else None)
    page.goto(f"{address}/live/?lang={language}")
    told = page.locator("#live-needs")
    expect(told).to_contain_text("needs web sockets" if language == "en" else "WebSocket", timeout=PATIENCE)
    assert told.is_visible()
    assert not page.locator("#loader-container").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_a_link_that_cannot_be_run_says_why_and_shows_the_baseline(visit: Callable[..., Visit]) -> None:
    import base64

    def code(told: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")

    bad = {"visa.anual_quota": 5, "hiring.over_35_cap_share": 35}
    seen = visit(f"?s={code({'v': '0.0.1', 'c': bad})}")
    told = seen.page.inner_text("#notices")
    assert all(words in told for words in ("version 0.0.1", "annual_quota", "0.35"))
    assert seen.line("reform") == ""
    more = visit(f"?s={code({'v': '0.0.1', 'p': 'gone', 'c': {GRADUATES: 1.2}, 'seed': 7})}")
    told = more.page.inner_text("#notices")
    assert all(words in told for words in ("0.0.1", "'gone'", "seed"))
    assert more.line("reform")
