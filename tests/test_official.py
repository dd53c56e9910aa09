"""Official months from outside: read whole, or refused with the place of everything that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

import run
from model.country.china import CHINA
from model.country.official import OfficialMonths, Rate, read_official
from model.scenario.scenario import ScenarioError

HEAD = "date,group,rate_pct\n"
SHIPPED = CHINA.path / "nbs_unemployment_monthly.csv"


def read(folder: Path, content: str | bytes) -> OfficialMonths:
    path = folder / "months.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_official(path, CHINA.official)


GOOD: dict[str, str | bytes] = {
    "plain": HEAD + "2030-07,total_urban,5.2\n",
    "capitals and order": "Group,RATE_PCT, Date\ntotal_urban,5.2,2030-07\n",
    "European": "date;group;rate_pct\n2030-07;total_urban;5,2\n",
    "Excel's Unicode text": (HEAD + "2030-07,total_urban,5.2\n").replace(",", "\t").encode("utf-16"),
    "byte order mark": (HEAD + "2030-07,total_urban,5.2\n\n,,\n").encode("utf-8-sig"),
    "as it is shipped": 'date,group,rate_pct,source_url,confidence,note\n2030-07,total_urban,5.2,,low,"a, b"\n',
}


@pytest.mark.parametrize("name", GOOD)
def test_a_month_is_read_in_every_dress(name: str, tmp_path: Path) -> None:
    assert read(tmp_path, GOOD[name]) == OfficialMonths({"total_urban": {"2030-07": Rate(5.2)}})


BAD: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "the file is empty"),
    "no rows": (HEAD, "there are no months in this file"),
    "other columns": ("month,rate\n2030-07,5\n", ":1:1  there is no column 'date', 'group', 'rate_pct'"),
    "a near column": ("date,group,rate\n2030-07,total_urban,5\n", "rename 'rate' if it is meant"),
    "a month with a slash": (HEAD + "2030/7,total_urban,5\n", ":2:1  expected a month YYYY-MM"),
    "Excel's month": (HEAD + "Jul-30,total_urban,5\n", "found 'Jul-30'"),
    "month 13": (HEAD + "2030-13,total_urban,5\n", "months run from 01 to 12"),
    "before the world": (HEAD + "2017-12,total_urban,5\n", "must lie between 2018-01 and"),
    "a group as indicators write it": (HEAD + "2030-07,16_24,5\n", "did you mean '16-24_excl_students'?"),
    "a group nobody knows": (HEAD + "2030-07,35_plus,5\n", "known names here: 16-24_excl_students"),
    "the old definition": (HEAD + "2030-07,25-59,5\n", "'25-59' ends before 2023-12"),
    "the new one too early": (HEAD + "2023-06,16-24_excl_students,5\n", "begins in 2023-12"),
    "percent sign": (HEAD + "2030-07,total_urban,5.2%\n", ":2:21  expected a rate in percent, found '5.2%'"),
    "fraction": (HEAD + "2030-07,total_urban,0.052\n", "rates are in percent, so write 5.2"),
    "too high": (HEAD + "2030-07,total_urban,152\n", "must lie between 0 and 100 percent"),
    "negative": (HEAD + "2030-07,total_urban,-5\n", "must lie between 0 and 100 percent"),
    "nan": (HEAD + "2030-07,total_urban,nan\n", "not a finite number"),
    "blank": (HEAD + "2030-07,total_urban,\n", "found empty"),
    "twice": (HEAD + "2030-07,total_urban,5\n" * 2, ":3:1  2030-07 of 'total_urban' is there already (line 2)"),
    "short": (HEAD + "2030-07\n", ":2:1  1 cell stands here, but the header has 3 columns"),
    "confidence": ("date,group,rate_pct,confidence\n2030-07,total_urban,5,hi\n", "confidence is 'hi'; it is high"),
    "GBK": ((HEAD + "2030-07,全国,5\n").encode("gbk"), "line 2 is not UTF-8 but, it seems, GBK"),
    "Excel": (b"PK\x03\x04...", "as Excel's .xlsx is"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_refused_where_it_stands(name: str, tmp_path: Path) -> None:
    content, words = BAD[name]
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, content)
    assert words in str(caught.value)


def test_every_problem_is_told_at_once_and_what_is_not_used_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, HEAD + "2030-7,total,500\n2030-08,total_urban,x\n")
    assert [(problem.line, problem.column) for problem in caught.value.problems] == [(2, 1), (2, 8), (2, 14), (3, 21)]
    months = read(tmp_path, "date,group,rate_pct,who\n2030-07,total_urban,5,me\n")
    assert months.notes[0].endswith("columns that are not used: who")


def test_added_months_replace_those_that_both_have() -> None:
    added = OfficialMonths({"total_urban": {"2025-06": Rate(1.0), "2030-07": Rate(2.0)}})
    both = CHINA.published.with_months(added)
    assert both.percents("total_urban", "2025-05", "2030-12") == CHINA.published.percents("total_urban", "2025-05") | {
        "2025-06": 1.0,
        "2030-07": 2.0,
    }
    assert both.until("2025-05") == CHINA.published.until("2025-05")
    for group in CHINA.official.groups.values():
        assert list(both.groups[group]) == sorted(both.groups[group])


def test_a_mistake_in_the_shipped_months_stops_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever adds a month to the file of the program is told where it is wrong, and nothing is run."""
    path = tmp_path / "months.csv"
    path.write_text(SHIPPED.read_text(encoding="utf-8") + "2030-07,total_urban,five,,low,\n", encoding="utf-8")
    monkeypatch.setattr(type(CHINA), "published", property(lambda country: read_official(path, country.official)))
    assert run.main(["check"]) == 2
    assert "months.csv:480:21  expected a rate in percent, found 'five'" in capsys.readouterr().err
