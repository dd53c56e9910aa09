"""The monthly table on the disk: written row group by row group, read a few columns at a time, the same either way."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from run_fakes import FakeMarket, FakeScenario, record
from test_accidents import fill_disk
from test_results import frame
from test_run_folder import run

from experiments.compare.comparison import compare
from experiments.engine import manifest
from model import monthly_table, results
from model.monthly_table import MonthlyTable
from model.specification import STANDARD
from views.report.readings import Readings

SMALL = FakeScenario()
#: Months of one fake replication.
MONTHS = 24


def tables(replications: int = 7, name: str = "small", effect: float = 0.0) -> list[pa.Table]:
    scenario = FakeScenario(effect=effect)
    return [
        results.replication_table(name, number, number + 6, record(scenario, number + 6))
        for number in range(1, replications + 1)
    ]


@pytest.fixture
def both(tmp_path: Path) -> Path:
    """Two scenarios in one file, in several row groups."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(results, "ROWS_IN_GROUP", 50)
        results.write_table(tmp_path / "both.parquet", [*tables(3, "reform", 0.5), *tables(4)])
    return tmp_path / "both.parquet"


@pytest.mark.parametrize("rows", [7, MONTHS, 50, 7 * MONTHS])
def test_bytes_do_not_depend_on_how_rows_arrive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    monkeypatch.setattr(results, "ROWS_IN_GROUP", rows)
    whole = pa.concat_tables(tables())
    results.write_table(tmp_path / "parts", iter(tables()))
    results.write_table(tmp_path / "whole", [whole])
    results.write_table(tmp_path / "pieces", (whole.slice(start, 5) for start in range(0, len(whole), 5)))
    assert (tmp_path / "parts").read_bytes() == (tmp_path / "whole").read_bytes() == (tmp_path / "pieces").read_bytes()
    file = pq.ParquetFile(tmp_path / "parts")
    assert file.metadata.num_row_groups == -(-7 * MONTHS // rows)
    assert file.read().equals(whole)


def test_a_table_without_rows_is_a_file_without_rows(tmp_path: Path) -> None:
    results.write_table(tmp_path / "empty", [tables(1)[0].slice(0, 0)])
    assert len(results.read_frame(tmp_path / "empty")) == 0


def test_replications_come_out_as_they_went_in(both: Path) -> None:
    expected = [("reform", n) for n in (1, 2, 3)] + [("small", n) for n in (1, 2, 3, 4)]
    found = list(results.replications_in(both))
    assert [(name, number) for name, number, _ in found] == expected
    for (_, _, rows), written in zip(found, [*tables(3, "reform", 0.5), *tables(4)], strict=True):
        assert rows.equals(written)


@pytest.mark.parametrize("room", [1, 200, 1 << 20])
def test_columns_are_those_of_the_frame_however_little_room(
    both: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    monkeypatch.setattr(monthly_table, "ROOM", room)
    table, plain = MonthlyTable([both], "small"), results.read_frame(both)
    plain = plain[plain["scenario"] == "small"].reset_index(drop=True)
    assert len(table) == len(plain) == 4 * MONTHS
    assert table.replications == [1, 2, 3, 4]
    for name in ("tightness", "month", "scenario", "unemployment_rate_k_visa", "tightness"):
        assert table[name].tolist() == pytest.approx(plain[name].tolist(), nan_ok=True, abs=0)
        assert len(table._kept) <= max(1, room // len(table))
    for name in STANDARD.indicator:
        np.testing.assert_array_equal(Readings(table).paths(name), Readings(plain).paths(name))


def test_a_table_may_lie_in_several_files(both: Path, tmp_path: Path) -> None:
    results.write_table(tmp_path / "more.parquet", tables(6)[4:])
    table = MonthlyTable([both, tmp_path / "more.parquet"], "small")
    assert table.replications == [1, 2, 3, 4, 5, 6]
    assert len(MonthlyTable([both], "nobody")) == 0


def test_an_unknown_column_is_an_error(both: Path) -> None:
    with pytest.raises(KeyError):
        MonthlyTable([both], "small")["no_such_indicator"]


def test_readings_may_begin_later(both: Path) -> None:
    table = MonthlyTable([both], "small")
    late = Readings(table, "2019-03")
    assert late.months[0] == "2019-03"
    np.testing.assert_array_equal(late.paths("tightness"), Readings(table).paths("tightness")[:, 14:])


def test_summary_and_comparison_are_the_same_a_few_columns_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    reform, baseline = frame(FakeScenario(effect=0.5)), frame()
    baseline = baseline[baseline["replication"] != 3]

    def computed() -> list[pd.DataFrame]:
        summaries = [results.summarise(table, 1000, [2018]) for table in (reform, baseline)]
        found = compare(("reform", reform, summaries[0]), ("baseline", baseline, summaries[1]))
        return [*summaries, found.years, found.peaks, found.monthly]

    at_once = computed()
    monkeypatch.setattr(results, "ROOM", 700)
    assert len(list(results.columns_at_once(len(reform)))) > 5
    for one, other in zip(at_once, computed(), strict=True):
        pd.testing.assert_frame_equal(one, other, rtol=1e-12)


# --- a run that is continued ----------------------------------------------------------------------


def partial(out: Path, **options: Any) -> None:
    """A comparison of which one replication failed: its table is there, incomplete."""
    run(out, FakeScenario(name="reform"), FakeMarket(fails=(9,)), against=SMALL, **options)


@pytest.fixture
def _same_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "shipped_inputs", list)


@pytest.mark.usefixtures("_same_program")
def test_what_was_missing_is_put_in_its_place(tmp_path: Path) -> None:
    partial(tmp_path / "out")
    assert len(pd.read_parquet(tmp_path / "out" / "monthly.parquet")) == 6 * MONTHS
    assert not (tmp_path / "out" / "replications").exists()
    outcome = run(tmp_path / "out", FakeScenario(name="reform"), FakeMarket(fails=(7, 8, 10)), against=SMALL)
    assert (outcome.status, outcome.finished) == (0, 8)
    run(tmp_path / "straight", FakeScenario(name="reform"), against=SMALL)
    paths = [tmp_path / name / "monthly.parquet" for name in ("out", "straight")]
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.usefixtures("_same_program")
def test_a_part_that_is_in_the_table_already_counts_once(tmp_path: Path) -> None:
    """As a program leaves it that was killed between writing the table and clearing its parts away."""
    run(tmp_path / "out")
    before = (tmp_path / "out" / "monthly.parquet").read_bytes()
    parts = tmp_path / "out" / "replications"
    parts.mkdir()
    results.write_table(parts / "0-000002.parquet", tables()[1:2])
    outcome = run(tmp_path / "out", market=FakeMarket(fails=(7, 8, 9, 10)))
    assert (outcome.status, outcome.finished) == (0, 4)
    assert (tmp_path / "out" / "monthly.parquet").read_bytes() == before


@pytest.mark.usefixtures("_same_program")
@pytest.mark.parametrize("files", [1, 2])
def test_a_disk_that_fills_while_a_run_is_continued_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: int
) -> None:
    """The manifest fits, then no new replication (1 file) or no new table (2 files)."""
    partial(tmp_path / "out")
    with monkeypatch.context() as disk:
        fill_disk(disk, files)
        outcome = run(tmp_path / "out", FakeScenario(name="reform"), against=SMALL)
    assert outcome.disk_full
    assert outcome.finished == 6 + (files - 1)
    assert outcome.summary is not None
    assert len(pd.read_parquet(tmp_path / "out" / "monthly.parquet")) == 6 * MONTHS
    outcome = run(tmp_path / "out", FakeScenario(name="reform"), FakeMarket(fails=(7, 8, 10)), against=SMALL)
    assert (outcome.status, outcome.finished) == (0, 8)


def test_parts_are_read_in_order_whatever_came_first(tmp_path: Path) -> None:
    run(tmp_path / "out", FakeScenario(replications=12), workers=2)
    table = pd.read_parquet(tmp_path / "out" / "monthly.parquet")
    keys = list(zip(table["replication"], table["month"], strict=True))
    assert all(earlier < later for earlier, later in itertools.pairwise(keys))
