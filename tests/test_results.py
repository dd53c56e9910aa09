"""The tables of a run: their columns, their bytes, their means and intervals."""

from __future__ import annotations

import errno
import math
import os
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from run_fakes import FakeScenario, record

from model import results
from model.market import Market
from model.scenario.scenario import load_scenario
from model.specification import STANDARD, in_force

if TYPE_CHECKING:
    from pathlib import Path

SMALL = FakeScenario()


def frame(scenario: FakeScenario = SMALL, replications: int = 4) -> pd.DataFrame:
    tables = [
        results.replication_table(scenario.name, number, number + 6, record(scenario, number + 6)).to_pandas()
        for number in range(1, replications + 1)
    ]
    return pd.concat(tables, ignore_index=True)


def test_the_monthly_table_has_the_agreed_columns_and_missing_values_are_missing(tmp_path: Path) -> None:
    table = results.replication_table("small", 1, 7, record(SMALL, 7))
    assert table.column_names == ["scenario", "replication", "seed", "month", *STANDARD.indicator]
    assert table["month"][0].as_py() == "2018-01"
    assert table["unemployment_rate_k_visa"].null_count == 12
    results.write_table(tmp_path / "one.parquet", [table])
    read = results.read_frame(tmp_path / "one.parquet")
    assert math.isnan(read["unemployment_rate_k_visa"][0])
    assert read["unemployment_rate_k_visa"][12] == 0.1
    assert list(pd.read_parquet(tmp_path / "one.parquet").columns) == table.column_names


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        results.write_table(tmp_path / name, [results.replication_table("small", 1, 7, record(SMALL, 7))])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_means_and_intervals_are_students_over_replications() -> None:
    table = frame(replications=5)
    summary = results.summarise(table, 1000).set_index(["indicator", "year"])
    own = [float(rows["tightness"].mean()) for _, rows in table[table.month < "2019"].groupby("replication")]
    row = summary.loc[("tightness", 2018)]
    half = 2.7764451051977987 * np.std(own, ddof=1) / math.sqrt(5)  # Student's t, 4 degrees of freedom
    assert row["mean"] == pytest.approx(np.mean(own))
    assert row["low"] == pytest.approx(np.mean(own) - half)
    assert row["high"] == pytest.approx(np.mean(own) + half)
    assert row["low_10"] == pytest.approx(np.quantile(own, 0.1))
    assert row["replications"] == 5


def test_one_replication_has_a_mean_and_no_interval() -> None:
    summary = results.summarise(frame(replications=1), 1000)
    rates = summary[summary.indicator == "tightness"]
    assert rates["mean"].notna().all()
    assert rates[["low", "high"]].isna().all(axis=None)


def test_the_summary_keeps_the_order_of_the_indicators() -> None:
    summary = results.summarise(frame(), 1000)
    assert list(summary["indicator"].unique()) == [indicator.name for indicator in in_force().indicators]
    assert list(summary["year"][:2]) == [2018, 2019]


def test_a_reading_on_few_simulated_persons_names_the_population_that_settles_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # 45 million are 50 persons.
    monkeypatch.setattr(results, "people_per_agent", lambda population, _scenario: 900e6 / population)
    summary = results.summarise(frame(), 1000).set_index(["indicator", "year"])
    row = summary.loc[("unemployment_rate_k_visa", 2019)]
    assert row["simulated_persons"] == pytest.approx(50)
    assert row["flagged"]
    assert row["population_needed"] == 2000
    assert not summary.loc[("unemployment_rate", 2019)]["flagged"]
    missing = summary.loc[("unemployment_rate_k_visa", 2018)]
    assert math.isnan(missing["mean"])
    assert not missing["flagged"]


def test_one_agent_stands_for_its_share_of_everybody_aged_16_and_over() -> None:
    assert 500e6 < results.people_per_agent(1) < 800e6
    assert results.people_per_agent(1) == pytest.approx(2000 * results.people_per_agent(2000))


def test_nobody_is_a_fact_where_the_visa_is_closed_and_a_small_sample_where_it_is_open() -> None:
    for empty, flagged in (([2018], False), ([], True)):
        summary = results.summarise(frame(), 1000, empty).set_index(["indicator", "year"])
        row = summary.loc[("k_visa_stock", 2018)]
        assert row["mean"] == 0
        assert bool(row["flagged"]) is flagged
        assert math.isnan(row["population_needed"])


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results.write_whole(tmp_path / "kept.csv", b"old")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    for name in ("kept.csv", "new.csv"):
        with pytest.raises(OSError, match="No space"):
            results.write_whole(tmp_path / name, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["kept.csv"]
    assert (tmp_path / "kept.csv").read_bytes() == b"old"


@pytest.mark.parametrize("migrants", [9, 4])
def test_the_market_and_its_tables_agree_on_what_an_agent_stands_for(migrants: float) -> None:
    overrides = {"population": 3000, "end": "2018-01", "parameters.migrants": migrants}
    scenario = load_scenario("scenarios/baseline.yaml", overrides)
    market = Market(scenario, 1)
    assert results.people_per_agent(3000, scenario) == market.people_per_agent
    assert market.people.count - market.empty_rows == pytest.approx(3000, rel=0.01)
