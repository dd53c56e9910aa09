"""Every figure says where it comes from, and the tables fit together."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pytest

from model.country import tables
from model.country.china import CHINA

FILES = sorted(CHINA.path.glob("*.csv"))
MARKS = {"high", "medium", "low"}
#: Tables whose rows name no source of their own, and where the sources are instead.
SOURCED_ELSEWHERE = {"sectors.csv": "sectors_sources.csv", "mobility.csv": "the formula in data/README.md"}
#: The last month of unemployment that anybody here may look at.
LAST_UNEMPLOYMENT = "2026-02"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_row_has_a_source_and_a_confidence(path: Path) -> None:
    rows = rows_of(path)
    assert rows
    if path.name in SOURCED_ELSEWHERE:
        return
    sources = [name for name in rows[0] if name == "source" or name.endswith(("_source", "source_url"))]
    marks = [name for name in rows[0] if name == "confidence" or name.endswith("_confidence")]
    assert sources
    assert marks
    for number, row in enumerate(rows, start=2):
        assert None not in row, f"{path.name}:{number} has too many cells"
        assert None not in row.values(), f"{path.name}:{number} has too few cells"
        assert all(row[name].strip() for name in sources), f"{path.name}:{number} names no source"
        assert all(row[name] in MARKS for name in marks), f"{path.name}:{number} has no confidence"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_recollection_is_marked_low(path: Path) -> None:
    for number, row in enumerate(rows_of(path), start=2):
        source = row.get("source_url") or row.get("source") or ""
        if source.startswith("unverified"):
            assert row["confidence"] == "low", f"{path.name}:{number}"


def test_every_value_of_a_sector_has_a_source() -> None:
    sourced = {(row["sector_id"], row["column"]) for row in CHINA.rows("sectors_sources.csv")}
    columns = {column for _, column in sourced}
    for row in CHINA.rows("sectors.csv"):
        missing = {column for column in columns if row[column] and (row["sector_id"], column) not in sourced}
        assert not missing, f"{row['sector_id']}: {missing}"


def test_no_unemployment_after_the_months_that_may_be_fitted() -> None:
    assert max(max(months) for months in CHINA.published.groups.values()) == LAST_UNEMPLOYMENT
    for path in FILES:
        for number, row in enumerate(rows_of(path), start=2):
            text = f"{row.get('metric', '')} {row.get('event', '')}".lower()
            when = row.get("date") or row.get("month") or row.get("year") or ""
            late = when > LAST_UNEMPLOYMENT if "-" in when else when > LAST_UNEMPLOYMENT[:4]
            rate = re.search(r"unemployment(?!_target)", text) and "target" not in text
            assert not (rate and late), f"{path.name}:{number} holds unemployment of {when}"


def test_the_unemployment_series_are_the_published_ones() -> None:
    series = CHINA.published.groups
    assert {name: len(months) for name, months in series.items()} == {
        "16-24_incl_students": 66,
        "25-59": 66,
        "16-24_excl_students": 27,
        "25-29_excl_students": 27,
        "30-59_excl_students": 27,
        "total_urban": 98,
        "local_hukou": 62,
        "migrant_hukou": 62,
        "migrant_agricultural_hukou": 43,
    }
    young = series["16-24_excl_students"]
    assert next(iter(young)) == "2023-12"
    assert young["2023-12"] == (14.9, "high")
    assert young["2024-08"].percent == 18.8


def test_sectors_and_occupations_fit_together() -> None:
    sectors, occupations, shares = CHINA.sectors, CHINA.occupations, CHINA.structure.shares
    assert len(sectors.ids) == len(set(sectors.ids)) == 11
    assert len(occupations.ids) == len(set(occupations.ids)) == 60
    assert sectors.employment_2019.sum() == pytest.approx(452.49, abs=0.01)
    assert sectors.employment_2023.sum() == pytest.approx(470.32, abs=0.01)
    assert shares.shape == (11, 60)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    read = {
        (row["sector_id"], row["occupation_id"]): float(row["share"]) for row in CHINA.rows("sector_occupation.csv")
    }
    place = sectors.index("tech"), occupations.index("software_engineer")
    assert shares[place] == pytest.approx(read["tech", "software_engineer"], abs=1e-4)
    assert np.all((sectors.employment_2023 @ shares) > 0), "an occupation without jobs"


def test_ranges_contain_their_values() -> None:
    sectors = CHINA.sectors
    for ranged in (
        sectors.exposure_consumption,
        sectors.exposure_property,
        sectors.exposure_tech,
        sectors.separation_annual,
    ):
        assert np.all(ranged.low <= ranged.value)
        assert np.all(ranged.value <= ranged.high)


def test_occupations_hold_shares_and_skills() -> None:
    occupations = CHINA.occupations
    assert occupations.skills.shape == (60, len(tables.SKILLS))
    for values in (occupations.skills, occupations.age_cap_share, occupations.junior_share):
        assert np.all((values >= 0) & (values <= 1))
    assert np.all(occupations.stem[occupations.k_visa_open]), "the K visa asks for a STEM degree"
    assert int(occupations.stem.sum()) == 13
    assert int(occupations.k_visa_open.sum()) == 10
    jobs = CHINA.sectors.employment_2023 @ CHINA.structure.shares
    assert np.average(occupations.age_cap_share, weights=jobs) == pytest.approx(0.28, abs=0.02)


def test_every_move_leads_from_and_to_an_occupation() -> None:
    moves = CHINA.moves
    np.testing.assert_allclose(moves.sum(axis=1), 1)
    np.testing.assert_allclose(np.diag(moves), 0.55, atol=1e-3)
    assert np.all((moves > 0).sum(axis=0) > 1), "an occupation that nobody can enter"


def test_ages_add_up_to_the_census() -> None:
    ages = CHINA.ages
    assert list(ages.age_low[1:]) == [high + 1 for high in ages.age_high[:-1]]
    assert ages.population[ages.age_low < 60].sum() == pytest.approx(894.376 - 2.0, abs=0.05)
    assert ages.population[ages.age_low >= 65].sum() == pytest.approx(190.635, abs=0.01)
    assert np.all(ages.urban < ages.population)
    assert ages.urban.sum() < 901.99


def test_tables_cannot_be_changed_by_accident() -> None:
    for array in (CHINA.sectors.wage, CHINA.occupations.skills, CHINA.moves, CHINA.structure.shares):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_annual_series_reads_one_metric() -> None:
    rates = CHINA.annual_series("labour_structure.csv", "annual_separation_rate_all")
    assert dict(rates) == {2021: 18.8, 2022: 17.9, 2024: 15.3, 2025: 14.8}
