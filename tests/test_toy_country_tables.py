"""The invented country's tables are of the same make as those of data/, and fit together."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

TOY = Path(__file__).parent / "toy_country"
DATA = TOY.parents[1] / "data"
FILES = sorted(TOY.glob("*.csv"))


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def column(name: str, of: str) -> list[str]:
    return [row[of] for row in rows_of(TOY / name)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_columns_are_those_of_the_shipped_table(path: Path) -> None:
    ours, shipped = rows_of(path), rows_of(DATA / path.name)
    assert set(ours[0]) <= set(shipped[0])
    assert all(None not in row and None not in row.values() for row in ours), "a row is too long or too short"


def test_there_are_ten_occupations_of_every_education_in_sectors_of_their_own() -> None:
    ids = column("occupations.csv", "id")
    assert len(ids) == len(set(ids)) == 10
    assert set(column("occupations.csv", "education")) == {
        "none",
        "secondary",
        "vocational_college",
        "bachelor",
        "master",
    }
    assert not set(column("sectors.csv", "sector_id")) & {row["sector_id"] for row in rows_of(DATA / "sectors.csv")}


@pytest.mark.parametrize(
    ("name", "whole", "part", "share", "wholes"),
    [
        ("sector_occupation.csv", "sector_id", "occupation_id", "share", ("sectors.csv", "sector_id")),
        ("mobility.csv", "source", "target", "weight", ("occupations.csv", "id")),
    ],
)
def test_shares_add_up_and_name_what_is_there(
    name: str, whole: str, part: str, share: str, wholes: tuple[str, str]
) -> None:
    total, occupations = defaultdict[str, float](float), column("occupations.csv", "id")
    for row in rows_of(TOY / name):
        total[row[whole]] += float(row[share])
    assert list(total) == column(*wholes)
    assert set(column(name, part)) == set(occupations), "an occupation that nobody can enter, or one that is not there"
    assert all(value == pytest.approx(1, abs=1e-9) for value in total.values())


def test_ages_follow_on_one_another() -> None:
    lows, highs = (list(map(int, column("population_by_age.csv", f"age_{end}"))) for end in ("low", "high"))
    assert lows[1:] == [high + 1 for high in highs[:-1]]
