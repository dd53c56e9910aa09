"""The server of the page: every address, every refusal, limits, and work that stops when nobody listens."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import platform
import shlex
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("starlette", reason="the page extra is not installed")

from page_visitor import Visitor, served

from experiments.compare.groups import GROUPS
from experiments.compare.job import MainJob
from experiments.engine.options import main_parser, read_scenarios
from experiments.forecast.latest import FAN
from model.market import simulate
from model.scenario.scenario import load_scenario
from views.page import app, stored_baseline, waterfall
from views.page.answers import CARDS, CHARTS
from views.page.app import Page
from views.page.laboratory import Laboratory, Size
from views.page.levers import SLIDERS
from views.page.presets import presets
from views.page.runs import Shelf
from views.page.upload import MOST_BYTES

SIZE = Size(population=2_000, replications=12, workers=1)
BASELINE = {"population": SIZE.population, "replications": SIZE.replications, "end": "2026-12"}
CLASSES = {"graduates.cohort_scale": 1.5}


@pytest.fixture(scope="module")
def caches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of the tests' own for stored baselines."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setattr(stored_baseline, "FOLDER", folder)
        yield folder


@pytest.fixture(scope="module")
def page(caches: Path) -> Page:
    assert caches.exists()
    scenario = load_scenario("scenarios/baseline.yaml", BASELINE)
    return Page(Laboratory(scenario, SIZE, presets_ahead=False), shelf=Shelf(50))


@pytest.fixture(scope="module")
def visitor(page: Page) -> Iterator[Visitor]:
    with served(page) as someone:
        yield someone


@pytest.fixture(scope="module")
def answered(visitor: Visitor) -> tuple[str, list[Any]]:
    """A question with all its answers."""
    run = visitor.run(CLASSES)
    return run, visitor.answers(run)


# --- answers --------------------------------------------------------------------------------------


def test_an_answer_narrows_until_it_is_final(answered: tuple[str, list[Any]]) -> None:
    _, events = answered
    assert [kind for kind, _ in events] == ["answer", "answer"]
    assert [(answer["seeds"], answer["final"]) for _, answer in events] == [(8, False), (12, True)]


def test_an_answer_holds_what_the_page_draws(answered: tuple[str, list[Any]]) -> None:
    last = answered[1][-1][1]
    assert set(last["series"]) == set(CHARTS)
    for series in last["series"].values():
        for side in ("baseline", "reform", "difference"):
            assert [len(series[side][line]) for line in ("mean", "low", "high")] == [len(last["months"])] * 3
    assert [card["id"] for card in last["cards"]] == list(CARDS)
    assert len(last["sentences"]) == 2
    assert all(str(last["year"]) in sentence for sentence in last["sentences"])


def test_a_moved_lever_holds_from_today_on(visitor: Visitor) -> None:
    last = visitor.answers(visitor.run({"hiring.openings_scale.all": 0.5}))[-1][1]
    (row,) = last["changed"]
    assert row["to"] == "1 from 2018-01; 0.5 from 2025-10"
    gap = last["series"]["unemployment_rate_16_24"]["difference"]["mean"]
    today = last["months"].index("2025-10")
    assert not any(gap[:today])
    assert any(gap[today:])
    assert "openings_scale.all={2018-01: 1, 2025-10: 0.5}" in last["command"]


def test_larger_classes_from_today_on_were_larger_at_school_before(answered: tuple[str, list[Any]]) -> None:
    """Who graduates from today on is chosen at sixteen: the world before today has fewer of them at work."""
    last = answered[1][-1][1]
    (row,) = last["changed"]
    assert row["to"] == "1 from 2018-01; 1.5 from 2025-10"
    gap = last["series"]["unemployment_rate_16_24"]["difference"]["mean"]
    assert any(gap[: last["months"].index("2025-10")])
    assert "cohort_scale={2018-01: 1, 2025-10: 1.5}" in last["command"]


def test_the_paired_difference_is_the_difference_of_the_sides(answered: tuple[str, list[Any]]) -> None:
    for card in answered[1][-1][1]["cards"]:
        rounding = 2e-5 * card["baseline"]  # levels come with six digits
        assert card["change"] == pytest.approx(card["reform"] - card["baseline"], rel=1e-3, abs=rounding)


def test_a_preset_is_reproduced_by_its_own_file(visitor: Visitor) -> None:
    settings = presets()["tech_layoffs"].settings
    with visitor.listen(visitor.run(settings, preset="tech_layoffs")) as events:
        _, answer = next(events)
    assert answer["command"] == (
        "python run.py scenarios/tech_layoffs.yaml --against scenarios/baseline.yaml --population 2000 "
        "--replications 12 --draws 6"
    )
    assert "“Technology layoffs”" in answer["sentences"][0]


def test_an_answer_lives_at_the_draws_of_its_command(
    visitor: Visitor, page: Page, answered: tuple[str, list[Any]]
) -> None:
    """The last replication of the command is that of the page, and lives at another draw than the best."""
    run, events = answered
    words = shlex.split(events[-1][1]["command"])[2:]
    assert words[-2:] == ["--draws", "6"]
    told = main_parser("", {}).parse_args(words)
    scenario, against, _ = read_scenarios(told, {})
    spread = MainJob(scenario, against, draws=told.draws).spread
    assert spread.values == page.laboratory.draws.values
    lived = simulate(spread.hold_in(scenario, 12), scenario.seed + 11)
    rows = list(csv.DictReader(io.StringIO(visitor.ask("GET", f"/api/runs/{run}/table.csv")[2].decode())))
    own = [row for row in rows if (row["scenario"], row["replication"]) == ("Your scenario", "12")]
    assert len(own) == 108
    assert [float(row["unemployment_rate_16_24"]) for row in own] == list(lived["unemployment_rate_16_24"][: len(own)])
    assert spread.hold_in(scenario, 12).values != scenario.values


def test_intervals_hold_the_parameters_unless_luck_alone_is_asked_for(
    visitor: Visitor, page: Page, answered: tuple[str, list[Any]]
) -> None:
    """The same runs read twice: nothing is computed, means stay, and no interval of a lever's effect gets wider."""
    both = answered[1][-1][1]
    turns = page.laboratory.turns
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(turns, "ask", lambda *_: pytest.fail("something was computed"))
        luck = visitor.answers(visitor.run(CLASSES, luck_alone=True))[-1][1]
    assert "6 draws, two runs at each" in both["intervals"]
    assert "luck of the runs alone" in luck["intervals"]
    widths = []
    for mine, other in zip(luck["table"], both["table"], strict=True):
        assert mine["change"] == other["change"]
        if other["high"] != other["low"]:
            widths.append((mine["high"] - mine["low"]) / (other["high"] - other["low"]))
    assert max(widths) <= 1
    assert min(widths) < 0.9


def test_few_simulated_persons_are_flagged(answered: tuple[str, list[Any]]) -> None:
    flags = {card["id"]: card["flag"] for card in answered[1][-1][1]["cards"]}
    assert "fewer than the 100 asked for; a population of" in flags["unemployment_rate_graduates"]
    assert "fewer than the 100 asked for" in flags["k_visa_stock"]
    assert flags["house_price_index"] is None


def test_what_is_known_is_told_at_once(visitor: Visitor, answered: tuple[str, list[Any]]) -> None:
    assert answered
    again = visitor.answers(visitor.run(CLASSES))
    assert [(answer["seeds"], answer["final"]) for _, answer in again] == [(12, True)]


def test_no_question_is_the_baseline_itself(visitor: Visitor) -> None:
    last = visitor.answers(visitor.run({}))[-1][1]
    assert last["sentences"][0].endswith("is the same in both, person by person.")
    assert {card["sign"] for card in last["cards"] if card["change"] is not None} == {"none"}


def test_a_reform_of_the_whole_history_is_lived_from_the_start(visitor: Visitor) -> None:
    with visitor.listen(visitor.run({"parameters.visa_applicants": 600_000})) as events:
        kind, answer = next(events)
    assert kind == "answer"
    assert answer["changed"][0]["path"] == "parameters.visa_applicants"


def test_an_answer_comes_in_chinese(visitor: Visitor) -> None:
    with visitor.listen(visitor.run(CLASSES, lang="zh")) as events:
        _, answer = next(events)
    assert "失业率" in answer["sentences"][0]
    assert answer["cards"][0]["label"] == "16-24岁失业率"
    (changed,) = answer["changed"]
    assert (changed["label"], changed["to"]) == ("毕业生规模", "2018-01起1；2025-10起1.5")


def test_work_stops_when_nobody_listens(visitor: Visitor, page: Page) -> None:
    """The rest of a waterfall would take minutes; its pieces are gone once the stream is closed."""
    with visitor.listen(visitor.run({"visa.annual_quota": 1}, "/api/why")) as events:
        kind, progress = next(events)
    assert kind == "progress"
    deadline = time.monotonic() + 30
    while page.streams or page.laboratory.turns.waiting:
        assert time.monotonic() < deadline, "somebody still works for a visitor who has gone"
        time.sleep(0.05)
    known = len(page.laboratory.worths)
    time.sleep(0.3)
    assert len(page.laboratory.worths) == known
    assert known < progress["of"] * 10


def test_a_silent_stream_says_that_it_lives() -> None:
    """So that no server in between gives it up; what comes, comes whole and in order."""
    from views.page.streams import beating

    async def slow() -> AsyncIterator[str]:
        yield "one"
        await asyncio.sleep(0.3)
        yield "two"

    async def collect() -> list[str]:
        return [part async for part in beating(slow(), beat=0.1)]

    parts = asyncio.run(collect())
    assert parts[0].startswith(":")
    assert [part for part in parts if not part.startswith(":")] == ["one", "two"]
    between = parts[parts.index("one") + 1 : parts.index("two")]
    assert between
    assert {part[0] for part in between} == {":"}


def test_a_stream_that_breaks_or_is_left_ends_its_work() -> None:
    from views.page.streams import Gone, beating

    ended: list[str] = []

    async def work(fails: bool) -> AsyncIterator[str]:
        try:
            yield "one"
            if fails:
                raise Gone
            await asyncio.sleep(60)
        finally:
            ended.append("ended")

    async def leave() -> None:
        stream = beating(work(fails=False), beat=0.05)
        async for part in stream:
            if "still" in part:
                break
        await stream.aclose()  # type: ignore[attr-defined]

    async def break_off() -> None:
        async for _ in beating(work(fails=True)):
            pass

    asyncio.run(leave())
    assert ended == ["ended"]
    with pytest.raises(Gone):
        asyncio.run(break_off())
    assert ended == ["ended", "ended"]


def test_what_a_policy_costs_stands_beside_its_answer(visitor: Visitor, answered: tuple[str, list[Any]]) -> None:
    """A payment for every young hire costs the budget; what a larger class costs is places to study on at."""
    with visitor.listen(visitor.run({"hiring.youth_subsidy": 20_000})) as events:
        _, paid = next(events)
    assert paid["prices"][0].startswith("Cost of payments for young hires: +")
    assert "billion yuan a year in 2026" in paid["prices"][0]
    assert len(paid["prices"]) == 2
    assert all("young hires" not in price for price in answered[1][-1][1]["prices"])
    assert answered[1][-1][1]["prices"][0].startswith("Cost of postgraduate places: +")


def test_who_gains_is_told_by_group_and_by_occupation(visitor: Visitor, page: Page, answered: tuple[str, Any]) -> None:
    """The same pairs as the answer's, of the months from today on; the baseline, lived once more, says what it said."""
    found = visitor.get(f"/api/runs/{answered[0]}/groups")
    assert (found["seeds"], found["year"], found["years"]) == (12, 2026, [2025, 2026])
    effects = [one["work"]["difference"] for one in found["who"]]
    assert effects == sorted(effects, reverse=True)
    assert {"women", "men", "aged 16 to 24", "local hukou"} <= {one["label"] for one in found["who"]}
    young = next(one for one in found["who"] if one["label"] == "aged 16 to 24")
    assert young["work"]["high"] < 0
    assert len(found["occupations"]) > 40
    rises = [one["cells"]["2026"]["difference"] for one in found["occupations"] if "2026" in one["cells"]]
    assert rises == sorted(rises, reverse=True)
    again, known = page.laboratory.baseline_groups[3], page.laboratory.baseline[3]
    assert all(np.array_equal(again[name], known[name], equal_nan=True) for name in known)
    baseline = visitor.get("/api/page")["baseline"]["run"]
    assert visitor.ask("GET", f"/api/runs/{baseline}/groups")[0] == 404


def test_a_first_answer_is_counted_by_group_once_somebody_asks(visitor: Visitor, page: Page) -> None:
    run = visitor.run({"layoffs.extra_rate.tech": 0.01})
    visitor.answers(run)
    asked = page.shelf.get(run)
    assert asked is not None
    before = dict(page.laboratory.records_of(asked.scenario))
    assert [number for number, record in before.items() if GROUPS not in record] == list(range(1, 9))
    assert visitor.get(f"/api/runs/{run}/groups")["seeds"] == len(before) == 12
    after = page.laboratory.records_of(asked.scenario)
    assert all(np.array_equal(after[number][name], values, equal_nan=True)
               for number, record in before.items() for name, values in record.items())  # fmt: skip


# --- the page itself ------------------------------------------------------------------------------


def test_the_page_knows_levers_presets_and_months(visitor: Visitor, answered: tuple[str, list[Any]]) -> None:
    assert answered  # the baseline is there
    facts = visitor.get("/api/page")
    assert facts["baseline"]["seeds"] >= 8
    assert len(facts["levers"]) == len(SLIDERS)
    assert set(presets()) == {preset["id"] for preset in facts["presets"]}
    assert facts["months"][0] == "2018-01"
    assert max(max(months) for months in facts["official"].values()) <= "2026-02"
    run = facts["baseline"]["run"]
    assert visitor.ask("GET", f"/api/runs/{run}/scenario.yaml")[0] == 200


def test_the_page_opens_on_the_forecast_of_the_months_to_come(visitor: Visitor) -> None:
    facts = visitor.get("/api/page")
    now, before = facts["forecast"]
    assert now["origin"] == max(facts["official"]["unemployment_rate"])
    assert (before["months"][-1], now["months"][0]) == (now["origin"], "2026-03")
    for fan in (now, before):
        for name, levels in fan["groups"].items():
            assert name in CHARTS  # what levers change of it is told too
            assert [len(levels[level]) for level in FAN] == [12] * len(FAN)


def test_every_lever_lies_inside_its_declaration(visitor: Visitor) -> None:
    for lever in visitor.get("/api/page")["levers"]:
        assert lever["least"] <= lever["low"] <= lever["default"] <= lever["high"] <= lever["most"], lever["path"]
        assert all(lever["low"] <= tick <= lever["high"] for tick in lever["ticks"])
        steps = (lever["high"] - lever["low"]) / lever["step"]
        assert steps == pytest.approx(round(steps))


def test_every_word_of_the_page_is_there_in_chinese(visitor: Visitor) -> None:
    facts = visitor.get("/api/page?lang=zh")
    shown = [lever[key] for lever in facts["levers"] for key in ("group", "label", "unit", "help")]
    shown += [preset[key] for preset in facts["presets"] for key in ("title", "question")]
    shown += [chart[key] for chart in facts["charts"] for key in ("title", "unit")]
    assert not [text for text in shown if text.isascii()]


def test_the_page_opens(visitor: Visitor) -> None:
    status, headers, body = visitor.ask("GET", "/")
    assert status == 200
    assert "youth unemployment" in body.decode().lower()
    assert headers["content-security-policy"].startswith("default-src 'self';")
    assert headers["x-content-type-options"] == "nosniff"


def test_until_the_live_market_is_there_its_address_says_so(caches: Path) -> None:
    assert caches.exists()
    scenario = load_scenario("scenarios/baseline.yaml", BASELINE)
    page = Page(Laboratory(scenario, SIZE, presets_ahead=False), live=True)
    routes = {route.path: route for route in page._live_routes()}
    assert set(routes) == {"/live", "/live/{rest:path}"}
    page.live_problem = "the live market needs altair"
    client = page.application()
    sent: list[Any] = []

    async def ask() -> None:
        scope = {"type": "http", "method": "GET", "path": "/live/", "headers": [(b"host", b"localhost")],
                 "query_string": b""}  # fmt: skip
        await client(scope, asyncio.Queue().get, collect)

    async def collect(message: Any) -> None:
        sent.append(message)

    asyncio.run(ask())
    page.laboratory.turns.stop()
    assert sent[0]["status"] == 503
    assert b"needs altair" in sent[1]["body"]


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "path", "words"),
    [
        ({"visa.anual_quota": 5}, "visa.anual_quota", "did you mean 'visa.annual_quota'"),
        ({"hiring.over_35_cap_share": 35}, "hiring.over_35_cap_share", "for 35 percent write 0.35"),
        ({"visa.annual_quota": {"2025-13": 5}}, "visa.annual_quota", "not a month"),
        ({"visa.annual_quota": "many"}, "visa.annual_quota", "expected a number"),
        ({"visa.annual_quota": None}, "visa.annual_quota", "has no value"),
        ({"visa.annual_quota": [1]}, "visa.annual_quota", "is a list"),
        ({"population": 5_000_000}, "population", "the page's own"),
        ({"parameters.job_graph": "/etc/passwd"}, "parameters.job_graph", "names a file"),
    ],
)
def test_bad_values_are_explained_beside_their_control(
    visitor: Visitor, settings: dict[str, Any], path: str, words: str
) -> None:
    status, answer = visitor.post("/api/runs", {"settings": settings})
    assert status == 422
    (problem,) = answer["problems"]
    assert problem["path"] == path
    assert words in problem["message"]


@pytest.mark.parametrize("body", [b"{", b"[]", b"[" * 50_000, b'{"settings": 5}', b"\xff"])
def test_what_is_no_question_is_refused(visitor: Visitor, body: bytes) -> None:
    status, _, answer = visitor.ask("POST", "/api/runs", body, {"content-type": "application/json"})
    assert status == 422, answer
    assert json.loads(answer)["problems"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/runs/nobody/events", 404),
        ("/api/runs/nobody/table.csv", 404),
        ("/api/why?preset=nothing", 404),
        ("/nothing", 404),
        ("/static/../app.py", 404),
        ("/static/%2e%2e/app.py", 404),
        ("/static/..%2f..%2f..%2fetc%2fpasswd", 404),
    ],
)
def test_what_is_not_there_is_not_found(visitor: Visitor, path: str, status: int) -> None:
    found, _, body = visitor.ask("GET", path)
    assert found == status
    assert json.loads(body)["problems"][0]["message"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 403),
        ({"host": "localhost"}, 415),
        ({"origin": "https://evil.example"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"content-type": "text/plain"}, 415),
    ],
)
def test_another_site_is_refused(visitor: Visitor, headers: dict[str, str], status: int) -> None:
    """A name that was made to point here (DNS rebinding), or a page elsewhere that sends a form."""
    assert visitor.ask("POST", "/api/runs", b"{}", headers)[0] == status


def test_the_shelf_forgets_the_oldest(visitor: Visitor, page: Page) -> None:
    first = visitor.run(CLASSES)
    for _ in range(50):
        visitor.run(CLASSES)
    assert len(page.shelf) == 50
    status, _, body = visitor.ask("GET", f"/api/runs/{first}/events")
    assert status == 404
    assert "no longer kept" in json.loads(body)["problems"][0]["message"]


def test_too_many_visitors_are_asked_to_wait(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "MOST_STREAMS", 0)
    status, headers, _ = visitor.ask("GET", f"/api/runs/{visitor.run(CLASSES)}/events")
    assert status == 503
    assert headers["retry-after"] == "5"


# --- carrying away and bringing back --------------------------------------------------------------


def test_downloads_open(visitor: Visitor, answered: tuple[str, list[Any]], tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    run = visitor.run(CLASSES)
    assert answered
    status, headers, text = visitor.ask("GET", f"/api/runs/{run}/scenario.yaml")
    assert status == 200
    assert 'filename="scenario-scenario.yaml"' in headers["content-disposition"]
    (tmp_path / "mine.yaml").write_bytes(text)
    scenario = load_scenario(tmp_path / "mine.yaml")
    assert scenario.replications == 12
    assert dict(scenario.value("graduates.cohort_scale")) == {"2018-01": 1, "2025-10": 1.5}  # type: ignore[arg-type]

    rows = list(csv.DictReader(io.StringIO(visitor.ask("GET", f"/api/runs/{run}/table.csv")[2].decode())))
    assert {row["scenario"] for row in rows} == {"baseline", "Your scenario"}
    assert len(rows) == 2 * 12 * 108
    table = pq.read_table(io.BytesIO(visitor.ask("GET", f"/api/runs/{run}/table.parquet")[2]))
    assert table.num_rows == len(rows)
    assert visitor.ask("GET", f"/api/runs/{run}/passwords.txt")[0] == 404


def test_a_figure_is_drawn(visitor: Visitor, answered: tuple[str, list[Any]]) -> None:
    assert answered
    run = visitor.run(CLASSES)
    status, headers, body = visitor.ask("GET", f"/api/runs/{run}/figure.svg")
    assert status == 200
    assert headers["content-type"].startswith("image/svg+xml")
    assert body.startswith(b"<svg")
    assert visitor.ask("GET", f"/api/runs/{run}/figure.png?figure=nothing")[0] == 404


def test_a_handed_in_file_becomes_settings(visitor: Visitor) -> None:
    text = b"extends: tech_layoffs.yaml\nname: mine\nend: 2030-12\nvisa: {annual_quota: {2025-10: 7}}\n"
    status, _, body = visitor.ask("POST", "/api/scenario?name=mine.yaml", text)
    assert status == 200, body
    found = json.loads(body)
    assert found["title"] == "mine"
    assert found["settings"]["visa.annual_quota"] == {"2025-10": 7}
    assert "layoffs.extra_rate.tech" in found["settings"]
    assert found["notes"] == ["'end' is 2030-12 in the scenario; the page shows 2018-01 to 2026-12"]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        (b"visa:\n  anual_quota: 5\n", (2, 3), "did you mean 'annual_quota'"),
        (b"visa: {annual_quota: -1}\n", (1, 22), "must lie between 0 and 5,000,000"),
        (b"extends: /etc/passwd\n", (1, 10), "can extend a shipped one"),
        (b"extends: ../scenarios/baseline.yaml\n", (1, 10), "can extend a shipped one"),
        (b"parameters: {job_graph: /etc/passwd}\n", (1, 25), "names a file"),
        (b"a: &a [1]\nb: *a\n", (2, 4), "repeats another part"),
        (b"name: !!python/object/apply:os.system [ls]\n", (1, 7), "the tag"),
        (b"", (1, 1), "the file is empty"),
        (b"\xff\xfe", (None, None), "text in UTF-16"),
        (b"name: \xff", (None, None), "line 1 is not UTF-8"),
    ],
)
def test_a_bad_file_is_told_line_by_line(
    visitor: Visitor, text: bytes, place: tuple[int | None, int | None], words: str
) -> None:
    status, _, body = visitor.ask("POST", "/api/scenario?name=..%2Fmine.yaml", text)
    assert status == 422
    problems = json.loads(body)["problems"]
    assert any((each["line"], each["column"]) == place and words in each["message"] for each in problems), problems
    assert {each["file"] for each in problems} == {"mine.yaml"}


def test_an_upload_is_bounded(visitor: Visitor) -> None:
    status, _, body = visitor.ask("POST", "/api/scenario", b"#" * (MOST_BYTES + 1))
    assert status == 413
    assert f"{MOST_BYTES:,}" in json.loads(body)["problems"][0]["message"]


def test_a_link_carries_a_scenario_and_its_version(visitor: Visitor, answered: tuple[str, list[Any]]) -> None:
    link = answered[1][-1][1]["link"]
    found = visitor.get(f"/api/link{link}")
    assert found["settings"] == CLASSES
    assert found["current"]
    assert visitor.ask("GET", "/api/link?s=damaged")[0] == 422
    assert visitor.ask("GET", f"/api/link?s={'a' * 9000}")[0] == 422


def test_a_link_of_another_version_says_so(visitor: Visitor) -> None:
    from views.page.links import link_of

    found = visitor.get(f"/api/link{link_of(CLASSES, None, '0.0.1')}")
    assert not found["current"]
    assert "made by version 0.0.1" in found["notes"][0]


# --- why --------------------------------------------------------------------------------------------


def test_a_stored_waterfall_of_another_version_says_so(
    visitor: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "waterfalls.json"
    effects = {"effect_pp": 1.0, "low_pp": 0.5, "high_pp": 1.5, "off": ""}
    causes = [{"cause": name, **effects} for name in ("property slump", "K visa", "total")]
    stored = {"digest": "x", "causes": causes, "all_on": 16.0, "all_off": 14.0, "blame": 0.1, "sentences": ["One."]}
    file.write_text(json.dumps({
        "version": "0.0.1", "sources": "x", "command": waterfall.COMMAND, "population": 20_000, "replications": 8,
        "presets": {"baseline": stored},
    }))  # fmt: skip
    monkeypatch.setattr(waterfall, "STORED", file)
    found = visitor.get("/api/why?preset=baseline")
    assert found["made_by"]["current"] is False
    assert "earlier version" in found["made_by"]["message"]
    assert [cause["label"] for cause in found["causes"]] == ["property slump", "K visa"]
    assert found["total"]["effect_pp"] == 1.0
    assert (found["blame"], found["all_on"]) == (0.1, 16.0)
    assert visitor.get("/api/page")["why_presets"] == ["baseline"]
    assert "房地产下行" in visitor.get("/api/why?preset=baseline&lang=zh")["sentences"][0]


def test_presets_come_back_as_they_are_written() -> None:
    from views.page.settings import reform_of

    baseline = load_scenario("scenarios/baseline.yaml")
    for preset in presets().values():
        reform = reform_of(baseline, preset.settings, "2025-10", "x")
        assert reform.values == preset.scenario.values, preset.id


def test_the_baseline_is_stored_for_the_next_start(page: Page, visitor: Visitor) -> None:
    laboratory = page.laboratory
    deadline = time.monotonic() + 60
    while not stored_baseline.stored_file(laboratory.baseline_scenario, 6).exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    again = Laboratory(laboratory.scenario, SIZE)
    try:
        assert sorted(again.baseline) == list(range(1, 13))
        for number, record in again.baseline.items():
            for name in CHARTS:
                assert np.array_equal(record[name], laboratory.baseline[number][name], equal_nan=True), name
    finally:
        again.turns.stop()
    assert visitor


def test_in_a_crowd_first_answers_rest_on_fewer_replications(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [len(batch) for batch in page.laboratory.batches()] == [8, 4]
    monkeypatch.setattr(type(page.laboratory.turns), "waiting", property(lambda _: 5))
    assert [len(batch) for batch in page.laboratory.batches()] == [4, 4, 4]


def test_scenarios_whose_numbers_are_kept_are_bounded(page: Page) -> None:
    laboratory = page.laboratory
    for scale in range(1, 60):
        reform = laboratory.baseline_scenario.with_values({"graduates.cohort_scale": {"2025-11": scale / 20}})
        laboratory.records_of(reform)[1] = {}
    assert len(laboratory._kept) <= 32


def test_the_shipped_baseline_is_that_of_the_present_model() -> None:
    """On the libraries that made it the page opens on it; elsewhere its name would be another."""
    made_here = (platform.python_version_tuple()[:2], platform.machine()) == (("3", "11"), "x86_64")
    if not made_here:
        pytest.skip("the baseline that is shipped was computed with Python 3.11 on x86_64")
    laboratory = Laboratory(load_scenario("scenarios/baseline.yaml"))
    try:
        file = stored_baseline.shipped_file(laboratory.baseline_scenario, 20)
        assert file.exists(), "the model has changed: run `make page`"
        assert set(laboratory.size.batches[0]) <= set(laboratory.baseline)
    finally:
        laboratory.turns.stop()
