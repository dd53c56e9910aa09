"""The server of the page: every address, every refusal, limits, and work that stops when nobody listens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.importorskip("starlette", reason="the page extra is not installed")

from page_visitor import Visitor, served

from model.scenario import load_scenario
from views.page.app import Page
from views.page.laboratory import Laboratory, Size


@pytest.fixture(scope="module")
def page() -> Page:
    scenario = load_scenario("scenarios/baseline.yaml", {"population": 2_000, "end": "2026-12"})
    return Page(Laboratory(scenario, Size(2_000, 12, 1)))


@pytest.fixture(scope="module")
def visitor(page: Page) -> Iterator[Visitor]:
    with served(page) as someone:
        yield someone


def test_an_answer_narrows_until_it_is_final(visitor: Visitor) -> None:
    answers = visitor.answers(visitor.run({"graduates.cohort_scale": 1.5}))
    assert [kind for kind, _ in answers] == ["answer", "answer"]
    assert [answer["seeds"] for _, answer in answers] == [8, 12]
    assert [answer["final"] for _, answer in answers] == [False, True]
