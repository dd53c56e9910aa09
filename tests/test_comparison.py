"""Paired differences: a shared luck cancels, a missing partner is left out."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from run_fakes import FakeScenario
from test_results import frame

from experiments.compare.comparison import Comparison, compare
from model.results import summarise


def compared(reform: pd.DataFrame, baseline: pd.DataFrame) -> Comparison:
    return compare(("reform", reform, summarise(reform, 1000)), ("baseline", baseline, summarise(baseline, 1000)))


def row(table: pd.DataFrame, indicator: str, year: int | None = None) -> pd.Series:
    chosen = table[(table["indicator"] == indicator) & (True if year is None else table["year"] == year)]
    assert len(chosen) == 1
    return chosen.iloc[0]


def test_a_null_reform_differs_by_exactly_nothing() -> None:
    found = compared(frame(), frame())
    assert (found.years["difference"].dropna() == 0).all()
    assert found.years["chance_sign_right"].isna().all()
    assert (found.monthly["mean"].dropna() == 0).all()


def test_a_constant_effect_is_found_whatever_the_luck() -> None:
    found = compared(frame(FakeScenario(effect=0.5)), frame())
    for table in (found.years, found.peaks):
        difference = row(table, "tightness", 2019 if "year" in table else None)
        assert difference["difference"] == pytest.approx(0.5)
        assert difference["low"] == pytest.approx(0.5)
        assert difference["reform"] - difference["baseline"] == pytest.approx(0.5)
        assert difference["chance_sign_right"] == pytest.approx(1.0)
        assert difference["replications"] == 4


def test_only_replications_that_both_finished_are_paired() -> None:
    reform, baseline = frame(FakeScenario(effect=0.5)), frame()
    found = compared(reform[reform.replication != 2], baseline)
    difference = row(found.years, "tightness", 2018)
    assert difference["replications"] == 3
    assert difference["difference"] == pytest.approx(0.5)
    assert difference["reform"] - difference["baseline"] == pytest.approx(0.5)


def test_what_exists_on_one_side_only_has_no_difference() -> None:
    baseline = frame().assign(unemployment_rate_k_visa=math.nan)
    found = row(compared(frame(), baseline).years, "unemployment_rate_k_visa", 2019)
    assert math.isnan(found["difference"])
    assert math.isnan(found["baseline"])
    assert found["reform"] == pytest.approx(0.1)
    assert found["replications"] == 0


def test_one_replication_shows_a_difference_and_no_certainty() -> None:
    found = compared(frame(FakeScenario(effect=0.5), 1), frame(replications=1))
    difference = row(found.years, "tightness", 2018)
    assert difference["difference"] == pytest.approx(0.5)
    assert math.isnan(difference["low"])
    assert math.isnan(difference["chance_sign_right"])


def test_a_flag_on_either_side_flags_the_difference() -> None:
    few = frame().assign(k_visa_stock=1e6)
    years = compared(frame(), few).years
    found = row(years, "unemployment_rate_k_visa", 2019)
    assert found["flagged"]
    assert found["population_needed"] > 1000
    assert not row(years, "unemployment_rate", 2019)["flagged"]
