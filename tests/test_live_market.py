"""The live market: what each picture holds, whose story is told, and one visitor's page in a real browser."""

from __future__ import annotations

import json
import math
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from page_browser import PATIENCE

from agents.columns import Status
from agents.people import Person
from model.market import simulate
from model.scenario.scenario import load_scenario
from model.schedule import month_index
from views.figures.palette import contrast
from views.live import graph, labels, lives, pictures
from views.live import market as markets
from views.live.market import SCENARIOS, Choice, LiveMarket, opened, shipped
from views.live.mount import same_host
from views.live.record import GROUPS, MONTHS_KEPT, MONTHS_OF_MOVES, SAMPLE, STATES, Before, Record
from views.live.words import LiveSpeech

ROOT = Path(__file__).resolve().parent.parent
OPENS, PERSONS = "2020-01", 10_000
ENGLISH, CHINESE = LiveSpeech("en"), LiveSpeech("zh")


@pytest.fixture(scope="module")
def live() -> LiveMarket:
    """A year of play from the beginning of 2020."""
    market = LiveMarket("baseline", PERSONS, OPENS)
    for _ in range(12):
        market.step()
    return market


# --- the market watched ---------------------------------------------------------------------------------------------


def test_watching_changes_nothing(live: LiveMarket) -> None:
    """The months played are those of the same scenario and seed that nobody watched."""
    scenario = load_scenario(SCENARIOS / "baseline.yaml", overrides={"population": PERSONS, "end": "2020-12"})
    unwatched = simulate(scenario, scenario.seed)
    watched = live.market.table()
    assert unwatched["month"].tolist() == watched["month"].tolist()
    for name, values in unwatched.items():
        assert np.array_equal(values, watched[name], equal_nan=True), name


def test_visitors_have_markets_of_their_own(live: LiveMarket) -> None:
    other = LiveMarket("baseline", PERSONS, OPENS)
    before = live.month, len(live.record.months)
    other.step()
    assert (other.month, other.steps) == (month_index(OPENS), 1)
    assert (live.month, len(live.record.months)) == before
    past, record = opened(Choice("baseline", PERSONS, OPENS))
    assert past.month == month_index(OPENS) - 1 == record.months[-1].month


def test_a_closed_market_stands_still() -> None:
    market = LiveMarket("baseline", PERSONS, OPENS)
    market.close()
    market.step()
    assert (market.steps, market.running) == (0, False)


def test_a_screen_that_draws_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """No month before the last one is drawn; a screen that never answers again only slows play down."""
    monkeypatch.setattr(markets, "LONGEST_WAIT", 30.0)
    market = LiveMarket("baseline", PERSONS, OPENS)
    market.step()
    market.drawn()
    market.step()
    player = threading.Thread(target=market.step)
    player.start()
    player.join(timeout=0.3)
    assert (market.steps, player.is_alive()) == (2, True)
    market.drawn()
    player.join()
    assert market.steps == 3
    monkeypatch.setattr(markets, "LONGEST_WAIT", 0.0)
    market.step()
    assert market.steps == 4


def test_play_ends_with_the_scenario(live: LiveMarket) -> None:
    end = LiveMarket("baseline", PERSONS, OPENS)
    end.market.last_month = end.month + 2
    for _ in range(5):
        end.step()
    assert end.steps == 2
    assert not end.running
    assert live.running


@pytest.mark.parametrize(
    "wrong",
    [{"scenario": "../secret"}, {"opens": "2019-07"}, {"population": 0}, {"population": 10_000_000}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_only_what_is_offered_can_be_watched(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=str(next(iter(wrong.values())))):
        Choice(**wrong)


def test_a_record_does_not_grow_for_ever(live: LiveMarket) -> None:
    record = Record.of(live.market)
    before = Before.of(live.market)
    for _ in range(MONTHS_KEPT + 5):
        record.add(live.market, before)
    assert (len(record.months), len(record.moves)) == (MONTHS_KEPT, MONTHS_OF_MOVES)
    assert len(record.months[-1].lives.identity) < 1.2 * SAMPLE


# --- what the pictures hold -----------------------------------------------------------------------------------------


def test_occupations_add_up_to_the_market(live: LiveMarket) -> None:
    """Jobs, seekers and posts by occupation sum to what the month's survey counted."""
    seekers, posts, jobs = live.record.seeking[-1]
    row, scale = live.market.rows[-1], live.market.people_per_agent
    assert jobs.sum() * scale == pytest.approx(row["employed"])
    assert seekers.sum() == live.market.stocks.unemployed
    assert posts.sum() * scale == pytest.approx(row["vacancies"])
    shown = graph.occupations_now(live)
    assert len(shown) == len(live.market.occupation_ids)
    assert sum(one.seekers for one in shown) == pytest.approx(sum(live.record.seeking)[0].sum() / 3 * scale)


def test_moves_are_the_hires_of_the_month(live: LiveMarket) -> None:
    """Everyone hired from the market moves once; students who begin a promised job come on top as first jobs."""
    moves = live.record.moves[-1]
    hires = live.market.flows.hires
    assert moves.sum() >= hires > 0
    assert moves.sum() - hires <= moves[-1].sum()
    assert live.record.moves_of_a_year.sum() == sum(month.sum() for month in live.record.moves)


def test_lines_are_the_busiest_moves(live: LiveMarket) -> None:
    lines = graph.lines(live)
    year = live.record.moves_of_a_year[:-1]
    names = live.market.occupation_ids
    shown = {tuple(names.index(end) for end in line["id"].split(">")) for line in lines}
    assert 20 < len(shown) == len(lines) <= graph.MOST_MOVES
    assert all(origin != to for origin, to in shown)
    left_out = [year[i, j] for i in range(len(names)) for j in range(len(names)) if i != j and (i, j) not in shown]
    assert min(year[pair] for pair in shown) >= max(left_out)


@pytest.mark.parametrize("group", GROUPS)
def test_bands_fill_the_picture(live: LiveMarket, group: str) -> None:
    months = list(live.record.months)
    assert pictures.shares(months, group).sum(axis=1) == pytest.approx(np.ones(len(months)))
    shown = pictures.stack(live, group, ENGLISH)
    assert [band["id"] for band in shown["bands"]] == list(STATES)
    assert len(shown["rows"]) == 12


def test_bands_tell_the_rate_of_the_survey(live: LiveMarket) -> None:
    """Among 16 to 24 out of school: searching / (at work + gig work + searching) is the indicator itself."""
    for month in live.record.months:
        counts = dict(zip(STATES, month.people[list(GROUPS).index("16_24")].tolist(), strict=True))
        force = counts["employed"] + counts["gig"] + counts["searching"]
        assert counts["searching"] / force == pytest.approx(month.rates["unemployment_rate_16_24"])


def test_bands_count_people_as_their_agents_say(live: LiveMarket) -> None:
    people = live.market.agents.select(agent_type=Person)
    ages, statuses = people.column("age"), np.array(people.get("status"))
    young = (ages >= 16) & (ages < 25)
    row = live.record.months[-1].people[list(GROUPS).index("16_24")]
    assert row[STATES.index("exam")] == int((young & (statuses == "exam_queue")).sum())
    assert row[STATES.index("out")] == int((young & np.isin(statuses, ["home", "discouraged", "retired"])).sum())


def test_the_curve_traces_itself(live: LiveMarket) -> None:
    """One more dot a month, the newest where the survey says it is."""
    shown = pictures.beveridge(live, ENGLISH)
    assert len(shown["dots"]) == live.month + 1
    row = live.market.rows[-1]
    for axis, name, place in (("xs", "unemployment_rate", "x"), ("ys", "vacancy_rate", "y")):
        first, last = shown[axis][0], shown[axis][-1]
        low, high = (float(tick["text"].removesuffix(" %")) for tick in (first, last))
        share = (shown["now"][place] - first["at"]) / (last["at"] - first["at"])
        assert low + share * (high - low) == pytest.approx(100 * row[name], abs=0.02)
    assert shown["now"]["text"] == "Dec 2020"


def test_a_market_of_no_past_can_be_drawn() -> None:
    fresh = LiveMarket("baseline", PERSONS, "2018-01")
    assert pictures.beveridge(fresh, ENGLISH)["now"] is None
    assert pictures.stack(fresh, "16_24", ENGLISH)["rows"] == []
    assert graph.lines(fresh) == []
    assert len(graph.nodes(fresh, "tightness", ENGLISH)) == 60
    assert lives.occupation(fresh, "cook", ENGLISH)["arrivals"] == []
    fresh.step()
    assert len(pictures.beveridge(fresh, ENGLISH)["dots"]) == 1


@pytest.mark.parametrize("months", [0, 1])
def test_what_is_sent_is_json(months: int) -> None:
    """No number that is none: a browser could not read it."""
    fresh = LiveMarket("baseline", PERSONS, "2018-01")
    for _ in range(months):
        fresh.step()
    parts = [graph.nodes(fresh, "unemployment", CHINESE), graph.key(fresh, "unemployment", CHINESE)]
    parts += [pictures.beveridge(fresh, CHINESE), pictures.stack(fresh, "graduates", CHINESE)]
    parts += [pictures.headline(fresh, CHINESE), lives.occupation(fresh, "delivery_rider", CHINESE)]
    json.dumps([*parts, lives.story(fresh, 0, CHINESE)], allow_nan=False)


# --- the graph's drawing --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sheet", graph.SHEETS, ids=lambda sheet: sheet.name)
def test_circles_stand_apart_inside_the_sheet(sheet: graph.Sheet) -> None:
    spots = graph.spots(sheet)
    names = list(spots)
    grid = np.array([spots[name] for name in names])
    sizes = np.array([graph.radius(sheet, graph.millions()[name]) for name in names])
    assert (grid - sizes[:, None] >= 0).all()
    assert (grid + sizes[:, None] <= (sheet.width, sheet.height)).all()
    distance = np.hypot(*(grid[:, None, :] - grid[None, :, :]).transpose(2, 0, 1))
    np.fill_diagonal(distance, np.inf)
    assert (distance - sizes[:, None] - sizes[None, :]).min() > -1


def test_the_drawing_stays_put(live: LiveMarket) -> None:
    """Places and names do not depend on the month; sizes follow employment."""
    before = graph.drawing(graph.WIDE, "en")
    first = {node["id"]: node["radius"]["wide"] for node in graph.nodes(live, "tightness", ENGLISH)}
    other = LiveMarket("tech_layoffs", PERSONS, "2018-01")
    other.step()
    assert graph.drawing(graph.WIDE, "en") == before
    assert {node["id"]: node["radius"]["wide"] for node in graph.nodes(other, "tightness", ENGLISH)} != first


def test_colours_say_few_and_many(live: LiveMarket) -> None:
    shades = [graph.tightness_colour(level, 0.2) for level in (0.01, 0.02, 0.07, 0.2, 0.6, 2, 9)]
    assert shades[0] == shades[1] == "#D55E00"
    assert shades[-1] == shades[-2] == "#0072B2"
    assert len(set(shades[1:-1])) == 5
    key = graph.key(live, "tightness", ENGLISH)
    assert [key["stops"][place] for place in (0, 4, 8)] == [shades[0], shades[3], shades[-1]]
    assert float(key["marks"][1]) == pytest.approx(live.market.rows[-1]["tightness"], rel=0.9)
    assert contrast(shades[1], shades[3]) > 2 < contrast(shades[5], shades[3])
    assert graph.unemployment_colour(math.nan) == graph.tightness_colour(math.nan, 0.2)


def test_names_are_short_and_whole() -> None:
    long = "Store / restaurant manager", "Site labourer (migrant)", "Cleaner / sanitation worker", "Cook"
    assert [graph.short(title) for title in long] == ["Store manager", "Site labourer", "Cleaner", "Cook"]


# --- lives ----------------------------------------------------------------------------------------------------------


def test_a_story_is_what_happened(live: LiveMarket) -> None:
    """Somebody on record who searched and was hired: the story says when and as what."""
    months = list(live.record.months)
    ids = months[-1].lives.identity[months[-1].lives.status == Status.EMPLOYED]
    found = None
    for identity in ids.tolist():
        life = lives.stretches(months, identity)
        if len(life) > 1 and life[-2].status == Status.UNEMPLOYED:
            found = identity, life
            break
    assert found is not None
    identity, life = found
    story = lives.story(live, identity, ENGLISH)
    assert story["events"][0] == {
        "when": ENGLISH.short_month(life[-1].first),
        "text": f"hired as {ENGLISH.occupation(life[-1].occupation)}",
    }
    assert sum(bar["width"] for bar in story["bars"]) == pytest.approx(100, abs=0.1)
    row = lives.row_of(live.market, identity)
    assert row is not None
    someone = lives.person_at(live.market, row)
    assert f"{'woman' if someone.gender == 'female' else 'man'} of {int(someone.age)};" in story["sentences"][0]
    assert "registered" in story["sentences"][1] or someone.foreign
    assert ENGLISH.occupation(life[-1].occupation) in story["sentences"][2]


def test_whoever_is_followed_is_on_record_from_then_on() -> None:
    market = LiveMarket("baseline", PERSONS, OPENS)
    people = market.market.people
    stranger = next(
        int(identity) for identity in people.identity[: people.count] if identity % market.record.sample_every
    )
    market.record.follow(stranger)
    market.step()
    market.step()
    (first, *_) = lives.stretches(list(market.record.months), stranger)
    assert first.first == month_index(OPENS)


def test_somebody_who_left_has_a_last_word(live: LiveMarket) -> None:
    story = lives.story(live, 0x7FFF_FFFF, ENGLISH)
    assert story["sentences"] == ["Has left the cities' labour market for good."]
    assert story["bars"] == []


@pytest.mark.parametrize("say", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_an_occupation_has_firms_and_people(live: LiveMarket, say: LiveSpeech) -> None:
    shown = lives.occupation(live, "software_engineer", say)
    assert {shown["title"], shown["other"]} == {"Software engineer", "软件工程师"}
    firms = shown["firms"]
    assert 0 < len(firms) <= lives.MOST_FIRMS
    assert all(firm["here"] <= firm["staff"] for firm in firms)
    assert [firm["here"] for firm in firms] == sorted((firm["here"] for firm in firms), reverse=True)
    assert 0 < len(shown["at_work"]) <= lives.MOST_PEOPLE
    for one in shown["at_work"] + shown["searching"]:
        assert lives.row_of(live.market, one["id"]) is not None


@pytest.mark.parametrize("who", lives.WHO)
def test_people_can_be_narrowed_to_a_group(live: LiveMarket, who: str) -> None:
    """Everybody shown belongs to it, and it is shown as far as there are any."""
    table, code = live.market.people, live.market.occupation_ids.index("factory_operator")
    rows = [*lives.people(live, code, who)[0]]
    assert 0 < len(rows) <= lives.MOST_PEOPLE
    for someone in (lives.person_at(live.market, row) for row in rows):
        assert who in {"all", someone.hukou, {"female": "women", "male": "men"}[someone.gender]}
    here = (table.status[: table.count] == Status.EMPLOYED) & (table.occupation[: table.count] == code)
    kinds = [name for name in lives.WHO if lives.people(live, code, name)[0]]
    assert kinds == list(lives.WHO), f"all groups among {here.sum()}"


# --- words ----------------------------------------------------------------------------------------------------------


def texts_in(part: object, key: str = "") -> Iterator[str]:
    """Every text that is shown, but titles in the other language and what only programs read."""
    if isinstance(part, dict):
        for name, value in part.items():
            yield from texts_in(value, str(name))
    elif isinstance(part, list | tuple):
        for value in part:
            yield from texts_in(value, key)
    elif isinstance(part, str) and key not in {"id", "other", "path", "colour", "line", "shape"}:
        yield part


def test_nothing_is_said_in_english_to_chinese_visitors(live: LiveMarket) -> None:
    people = live.market.people.identity[: lives.MOST_EVENTS * 40 : 5]
    parts = [labels.choices(CHINESE), labels.heading(live, CHINESE), labels.job_graph(CHINESE),
             labels.side_pictures(CHINESE), labels.details(CHINESE), graph.nodes(live, "unemployment", CHINESE),
             graph.key(live, "tightness", CHINESE), pictures.beveridge(live, CHINESE),
             *(pictures.stack(live, group, CHINESE) for group in pictures.GROUP_WORDS),
             pictures.headline(live, CHINESE), lives.occupation(live, "delivery_rider", CHINESE),
             *(lives.story(live, int(one), CHINESE) for one in people)]  # fmt: skip
    shown = list(texts_in(parts))
    assert len(shown) > 500
    assert {text for text in shown if re.search(r"[a-z]{3,}", text)} == set()
    phrases = [*(words for words, _ in lives.STATUS_WORDS.values()), *lives._BEGAN.values(), *lives._SEARCHES.values()]
    assert all(CHINESE(text) != text for text in phrases)


def test_months_and_people_in_words() -> None:
    july = month_index("2026-07")
    assert (ENGLISH.month(july), CHINESE.month(july), ENGLISH.short_month(july)) == (
        "July 2026",
        "2026年7月",
        "Jul 2026",
    )
    assert (ENGLISH.people(1_234_567), CHINESE.people(1_234_567)) == ("1.2 million", "123万")
    assert all(ENGLISH.scenario(name) != name and CHINESE.scenario(name) != name for name in shipped())


def test_other_sites_are_refused() -> None:
    assert same_host({"host": "127.0.0.1:8765", "origin": "http://127.0.0.1:8765"})
    assert same_host({"host": "127.0.0.1:8765"})
    assert not same_host({"host": "127.0.0.1:8765", "origin": "https://elsewhere.example"})
    assert not same_host({"host": "127.0.0.1:8765", "origin": "null"})


# --- in a browser ---------------------------------------------------------------------------------------------------


class Server:
    """The live market served in a process of its own, and what its markets said."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = folder / "server.log"
        self.process = subprocess.Popen(
            [sys.executable, "tests/live_server.py", str(self.port)],
            cwd=ROOT,
            stdout=self.log.open("w"),
            stderr=subprocess.STDOUT,
        )
        self._wait()

    def _wait(self) -> None:
        for _ in range(600):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/live/readyz", timeout=1):
                    return
            except OSError:
                assert self.process.poll() is None, self.log.read_text()
                time.sleep(0.1)
        pytest.fail(f"the server did not start: {self.log.read_text()}")

    def address(self, **asked: str) -> str:
        query = {"population": str(PERSONS), "opens": OPENS} | asked
        return f"http://127.0.0.1:{self.port}/live/?" + "&".join(f"{name}={value}" for name, value in query.items())

    def said(self, *words_: object) -> list[list[str]]:
        lines = [line.split() for line in self.log.read_text().splitlines()]
        return [line for line in lines if line[: len(words_)] == [str(word) for word in words_]]


@pytest.fixture(scope="module")
def server(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    del chromium  # without one there is nobody to serve
    served = Server(tmp_path_factory.mktemp("live"))
    yield served
    served.process.terminate()
    served.process.wait(timeout=20)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def context(browser: Any) -> Iterator[Any]:
    """A visitor whose browser reaches nothing but this machine."""
    visitor = browser.new_context(viewport={"width": 1440, "height": 900})
    visitor.set_default_timeout(PATIENCE)
    visitor.asked = []

    def answer(route: Any) -> None:
        visitor.asked.append(route.request.url)
        route.continue_() if "//127.0.0.1:" in route.request.url else route.abort()

    visitor.route("**/*", answer)
    yield visitor
    visitor.close()


def visit(context: Any, address: str) -> Any:
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.goto(address)
    page.wait_for_selector(".live-stage circle")
    return page


def month_shown(page: Any) -> str:
    return str(page.text_content(".live-month")).strip()


def wait_for_another_month(page: Any, month: str) -> None:
    page.wait_for_function("month => document.querySelector('.live-month').textContent.trim() !== month", arg=month)


def wait_for_month(page: Any, month: str) -> None:
    page.wait_for_function("month => document.querySelector('.live-month').textContent.trim() === month", arg=month)


@pytest.mark.browser
def test_the_page_asks_nobody_else(server: Server, context: Any) -> None:
    page = visit(context, server.address())
    page.get_by_role("button", name="Step").click()
    wait_for_month(page, "January 2020")
    assert page.locator(".live-node").count() == 60
    assert page.locator(".live-node").first.get_attribute("aria-label")
    assert context.asked
    assert [url for url in context.asked if "//127.0.0.1:" not in url] == []
    assert page.faults == []
    assert "Solara" not in page.inner_text("body")


@pytest.mark.browser
def test_what_an_address_asks_in_vain_is_told(server: Server, context: Any) -> None:
    page = visit(context, server.address(scenario="tech_layoffs", opens="2019-07", seed="7"))
    told = page.get_by_text("Not to be had in the live market")
    assert told.inner_text().endswith(": opens=2019-07, seed=7")
    assert "tech_layoffs" in page.locator("select").first.evaluate("one => one.value")


@pytest.mark.browser
def test_play_pause_and_reset(server: Server, context: Any) -> None:
    page = visit(context, server.address())
    assert month_shown(page) == "December 2019"
    page.get_by_role("button", name="▶").click()
    wait_for_month(page, "March 2020")
    page.get_by_role("button", name="❚❚").click()
    page.get_by_role("button", name="▶").wait_for()
    page.wait_for_timeout(600)
    paused = month_shown(page)
    page.wait_for_timeout(1000)
    assert month_shown(page) == paused
    page.get_by_role("button", name="Step").click()
    page.wait_for_function("month => document.querySelector('.live-month').textContent.trim() !== month", arg=paused)
    page.get_by_role("button", name="Reset").click()
    wait_for_month(page, "December 2019")


@pytest.mark.browser
def test_tabs_are_independent_and_a_closed_one_stops(server: Server, context: Any) -> None:
    one, two = visit(context, server.address()), visit(context, server.address())
    numbers = [line[1] for line in server.said("open")][-2:]
    one.get_by_role("button", name="▶").click()
    wait_for_another_month(one, "December 2019")  # a busy machine draws no month between
    assert month_shown(two) == "December 2019"
    assert server.said("step", numbers[1]) == []
    one.close(run_before_unload=True)
    limit = time.monotonic() + 60
    while not server.said("close", numbers[0]) and time.monotonic() < limit:
        two.wait_for_timeout(200)
    assert server.said("close", numbers[0])
    two.wait_for_timeout(1500)  # a month that was under way is still lived
    played = len(server.said("step", numbers[0]))
    two.wait_for_timeout(1500)
    assert len(server.said("step", numbers[0])) == played
    two.get_by_role("button", name="Step").click()
    wait_for_month(two, "January 2020")


@pytest.mark.browser
def test_an_occupation_and_a_life(server: Server, context: Any) -> None:
    page = visit(context, server.address())
    page.hover("[data-occupation=retail_assistant]")
    tip = page.inner_text(".live-tip")
    assert "Retail assistant" in tip
    assert "店员与导购" in tip
    page.focus("[data-occupation=cook]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".live-details table")
    assert "Cook" in page.inner_text(".live-details h2")
    page.locator("[data-person]").first.click()
    page.wait_for_selector(".live-life")
    assert "registered" in page.inner_text(".live-life")
    page.get_by_role("button", name="Step").click()
    wait_for_month(page, "January 2020")
    assert page.locator(".live-life .live-bar span").count() >= 1


@pytest.mark.browser
def test_a_telephone_in_chinese(server: Server, browser: Any) -> None:
    telephone = browser.new_context(viewport={"width": 390, "height": 844})
    telephone.set_default_timeout(PATIENCE)
    page = visit(telephone, server.address(lang="zh"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("document.documentElement.lang") == "zh"
    assert month_shown(page) == "2019年12月"
    assert page.get_by_text("职业网络").is_visible()
    assert "user-scalable=no" not in str(page.get_attribute("meta[name=viewport]", "content"))
    page.get_by_role("button", name="▶").click()
    wait_for_month(page, "2020年1月")
    telephone.close()


@pytest.mark.browser
def test_the_page_is_accessible(server: Server, context: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = visit(context, server.address())
    page.click("[data-occupation=cook]")
    page.wait_for_selector(".live-details table")
    found = Axe().run(page).response["violations"]
    grave = [(fault["id"], len(fault["nodes"])) for fault in found if fault["impact"] in {"serious", "critical"}]
    assert grave == []
