"""The wall at 2026-02: what scores may know, and the one file that may hold more."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.engine.errors import BadRequest
from experiments.official_months import LAST_SCORED, official_months, read_later
from model.country.china import CHINA
from model.country.official import OfficialMonths, Rate

HEAD = "date,group,rate_pct\n"


def test_the_shipped_series_ends_where_scoring_ends() -> None:
    ends = {name: max(official_months(name)) for name in CHINA.official.groups}
    assert max(ends.values()) == LAST_SCORED == "2026-02"
    # The bureau does not tell every group every month.
    assert {name for name, last in ends.items() if last < LAST_SCORED} <= {
        "unemployment_rate_migrant_agricultural_hukou"
    }


def test_months_added_to_the_data_are_not_scored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the file holds after 2026-02 (here invented), official months that are scored stay as they are."""
    known = {name: official_months(name) for name in CHINA.official.groups}
    added = OfficialMonths({group: {"2026-03": Rate(99.0)} for group in CHINA.official.groups.values()})
    monkeypatch.setitem(vars(CHINA), "published", CHINA.published.with_months(added))
    assert {name: official_months(name) for name in CHINA.official.groups} == known
    assert official_months("unemployment_rate", last="2060-12") == known["unemployment_rate"]


def test_later_months_are_read_from_the_file_that_is_named(tmp_path: Path) -> None:
    path = tmp_path / "later.csv"
    path.write_text(
        HEAD + "2026-02,total_urban,1\n2030-07,total_urban,2.5\n2024-01,16-24_excl_students,9\n", encoding="utf-8"
    )
    assert read_later(path) == {"unemployment_rate": {"2030-07": 2.5}}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("month,rate\n", "no column 'date'"),
        (HEAD + "2025-13,total_urban,5\n", ":2:1  expected a month"),
        (HEAD + "2030-07,total_urban,5 %\n", "leave the percent sign out: 5"),
        (HEAD + "2026-02,total_urban,5.0\n", "no month after 2026-02"),
    ],
)
def test_mistakes_of_a_file_of_later_months(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "later.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadRequest, match=words):
        read_later(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="there is no such file"):
        read_later(tmp_path / "nowhere.csv")
