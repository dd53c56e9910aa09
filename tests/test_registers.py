"""Gender and hukou: drawn from the sourced shares, for good, and without touching anything else."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from engine_cases import BUSY, scenario
from toy import toy_scenario

from agents import Graduate
from agents.columns import FEMALE, FIRST_FOREIGN_IDENTITY, Hukou, Status
from model.country.china import CHINA
from model.country.demand_groups import demand_groups
from model.country.registers import FILE, OF_OCCUPATIONS, registers
from model.labour_market import LabourMarket
from model.market import Market

GROUPS, SHARES = demand_groups(CHINA), registers(CHINA, demand_groups(CHINA), CHINA.occupations)
JOBS = (
    np.vstack([GROUPS.base_jobs[:, None] * GROUPS.mix, GROUPS.gig_jobs * GROUPS.gig_mix])
    / CHINA.sectors.employment_2019.sum()
)
SECTOR = np.append(GROUPS.sector, GROUPS.sector[GROUPS.platforms])
AGES = np.array([0.53, 0.265, 0.205])


def figure(metric: str, group: str, year: int) -> float:
    table = pd.DataFrame(CHINA.rows(FILE))
    found = table[(table.metric == metric) & (table.group == group) & (table.year == str(year))]
    return float(found.value.item()) / 100


def rural(by: np.ndarray) -> float:
    """The share of migrants from villages who are in the cells that are marked, [age, group, occupation]."""
    mass = AGES[:, None, None] * JOBS * (1 - SHARES.hukou[:, None, :, 1])
    return float((mass * by).sum() / mass.sum())


def test_migrants_are_as_many_and_as_old_as_the_tables_say() -> None:
    """Total, ages and degrees hold together; sectors only as far as occupations tell them apart."""
    mass = AGES[:, None, None] * JOBS
    assert (mass * (1 - SHARES.hukou[:, None, :, 0])).sum() == pytest.approx(0.314, abs=0.003)
    assert rural(np.array([1, 0, 0])[:, None, None]) == pytest.approx(
        figure("migrant_age_share", "out: 40 and under", 2020), abs=0.01
    )
    degrees = np.isin(CHINA.occupations.education, ["vocational_college", "bachelor", "master"])
    assert rural(degrees) == pytest.approx(figure("migrant_education_share", "out: college and above", 2022), abs=0.01)
    builders = (CHINA.sector_ids.index("construction_materials") == SECTOR)[:, None]
    assert rural(builders) == pytest.approx(figure("migrant_sector_share", "construction", 2020), abs=0.03)


def test_women_are_half_of_all_and_fewer_among_migrants_from_villages() -> None:
    people = AGES @ np.ones(3) * JOBS.sum(axis=0)
    assert people @ SHARES.women[int(Hukou.LOCAL)] == pytest.approx(0.5, abs=0.03)
    assert (SHARES.women[int(Hukou.MIGRANT_RURAL)] < SHARES.women[int(Hukou.LOCAL)]).all()
    known = pd.DataFrame(CHINA.rows(OF_OCCUPATIONS)).set_index("occupation_id").women_pct.astype(float)
    order = np.argsort(known[list(CHINA.occupations.ids)].to_numpy(), kind="stable")
    assert (np.diff(SHARES.women[0][order]) >= -1e-12).all()
    for metric in ("women_pct", "low", "high"):
        assert {row["occupation_id"] for row in CHINA.rows(OF_OCCUPATIONS) if 0 < float(row[metric]) < 100} == set(
            known.index
        )


def test_everybody_has_a_gender_and_a_hukou_for_good() -> None:
    """Drawn once: people keep both while they live; foreigners are foreign, and nobody else is."""
    market = LabourMarket(scenario(4000, "2020-12", BUSY), rng=2)
    people, count = market.people, market.people.count
    before = dict(zip(people.identity[:count].tolist(), people.civil[:count].tolist(), strict=True))
    for _ in range(24):
        market.step()
    rows = np.flatnonzero(people.status[: people.count] != Status.GONE)
    identity, civil = people.identity[rows], people.civil[rows]
    hukou, abroad = civil & (FEMALE - 1), identity >= FIRST_FOREIGN_IDENTITY
    assert abroad.any()
    assert ((hukou == Hukou.FOREIGN) == abroad).all()
    known = [before.get(who) in {None, code} for who, code in zip(identity.tolist(), civil.tolist(), strict=True)]
    assert all(known)
    # Of 4,000 persons a share lies five standard errors off with a chance below 1e-5.
    assert np.mean((civil & FEMALE) > 0) == pytest.approx(0.495, abs=0.045)
    assert np.mean(hukou[~abroad] == Hukou.LOCAL) == pytest.approx(0.66, abs=0.06)
    somebody = next(iter(market.agents_by_type[Graduate]))
    assert somebody.gender in {"female", "male"}
    assert somebody.hukou in {"local", "migrant_urban", "migrant_rural"}


def test_the_rates_by_hukou_add_up_to_the_total() -> None:
    market = Market(scenario(4000, "2019-06"), 1)
    market.live(market.last_month)
    row = market.rows[-1]
    force = {one: row[f"labour_force_{one}_hukou"] for one in ("local", "migrant")}
    assert sum(force.values()) == pytest.approx(row["labour_force"])
    jobless = sum(row[f"unemployment_rate_{one}_hukou"] * force[one] for one in force)
    assert jobless == pytest.approx(row["unemployed"])


def test_a_country_without_these_tables_has_local_people_and_its_villagers() -> None:
    market = Market(toy_scenario(population=2000), 1)
    civil = market.people.civil[: market.people.count]
    assert set((civil & (FEMALE - 1)).tolist()) == {int(Hukou.LOCAL), int(Hukou.MIGRANT_RURAL)}
    assert np.mean((civil & FEMALE) > 0) == pytest.approx(0.5, abs=0.06)
