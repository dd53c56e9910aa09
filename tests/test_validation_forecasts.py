"""Simple forecasts against closed forms, and the wall at 2026-02."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from experiments.engine.errors import BadRequest
from experiments.official_months import LAST_SCORED, official_months, read_later
from experiments.validation.forecasts import ORIGIN, SARIMA, constant, drift, sarima, scores, seasonal_naive
from experiments.validation.series_checks import SERIES
from model.country.china import CHINA
from model.country.official import OfficialMonths, Rate

HEAD = "date,group,rate_pct\n"


def test_a_constant_is_the_mean() -> None:
    np.testing.assert_allclose(constant([1.0, 2.0, 6.0], 4), [3.0] * 4)


def test_seasonal_naive_repeats_the_last_year_for_ever() -> None:
    past = [*range(100, 105), *range(12)]
    np.testing.assert_allclose(seasonal_naive(past, 15), [*range(12), 0, 1, 2])


def test_drift_goes_on_along_the_line_through_the_ends() -> None:
    np.testing.assert_allclose(drift([2.0, 9.0, 4.0, 5.0], 3), [6.0, 7.0, 8.0])


def test_sarima_continues_a_season_on_a_line() -> None:
    """A fixed season on a straight line: what the model differences away, so that its forecast is exact."""
    pytest.importorskip("statsmodels")
    months = np.arange(60)
    series = 5 + 0.01 * months + np.tile(np.sin(np.arange(12)), 5)
    np.testing.assert_allclose(sarima(series[:48], 12), series[48:], atol=1e-3)


def test_every_method_is_scored_on_the_same_months() -> None:
    found = scores()
    words = [words for _, _, words, _ in SERIES]
    assert {score.group for score in found} == set(words)
    assert {(score.known_to, score.scored) for score in found} == {(ORIGIN, 15)}
    assert {score.known for score in found if score.group != "all ages"} == {12}
    assert [score.group for score in found if score.method == SARIMA] == ["all ages"]
    for score in found:
        if score.method != SARIMA:
            assert score.rmse > 0.03
    naive = next(score for score in found if (score.group, score.method) == ("ages 16-24", "seasonal naive"))
    young = official_months("unemployment_rate_16_24")
    ahead = [month for month in young if month > ORIGIN]
    year_before = [f"{2023 if month[5:] == '12' else 2024}-{month[5:]}" for month in ahead]
    gaps = np.array([young[month] - young[before] for month, before in zip(ahead, year_before, strict=True)])
    assert naive.rmse == pytest.approx(np.sqrt(np.mean(gaps**2)))


def test_without_statsmodels_the_score_is_missing_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "statsmodels.tsa.statespace.sarimax", None)
    (score,) = (score for score in scores() if score.method == SARIMA)
    assert np.isnan(score.rmse)
    assert "statsmodels is not installed" in score.note


# --- the wall -------------------------------------------------------------------------------------------------------


def test_the_shipped_series_ends_where_scoring_ends() -> None:
    for name in CHINA.official.groups:
        assert max(official_months(name)) == LAST_SCORED == "2026-02"


def test_months_added_to_the_data_change_no_score(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the file holds after 2026-02 (here invented), official months and forecasts stay as they are."""
    before, known = scores(), {name: official_months(name) for name in CHINA.official.groups}
    added = OfficialMonths({group: {"2026-03": Rate(99.0)} for group in CHINA.official.groups.values()})
    monkeypatch.setitem(vars(CHINA), "published", CHINA.published.with_months(added))
    assert {name: official_months(name) for name in CHINA.official.groups} == known
    assert official_months("unemployment_rate", last="2060-12") == known["unemployment_rate"]
    assert scores() == before


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
