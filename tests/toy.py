"""An invented country of ten occupations (tests/toy_country): what runs on it does not need China."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from model.country.china import CHINA, firms
from model.country.country import Country, Official, Roles
from model.scenario.scenario import Scenario, load_scenario
from model.schedule import FrozenMapping
from model.specification import Specification, use

FOLDER = Path(__file__).resolve().parent / "toy_country"
BASELINE = FOLDER / "baseline.yaml"
#: Leaves school later than China's young do, counts people on another day, and has other words for everything.
TOY = Country(
    name="Toy",
    folder="tests/toy_country",
    roles=Roles(
        technology="software",
        property="estates",
        agent="broker",
        construction="building",
        platforms="rides",
        state="services",
        gig=("courier",),
    ),
    youth=replace(CHINA.youth, graduation_ages=(22, 25), graduation_shares=(0.7, 0.3)),
    population=replace(CHINA.population, census="2019-06"),
    retirement=CHINA.retirement,
    economy=replace(CHINA.economy, survey_day=15),
    official=Official(
        file="unemployment.csv",
        new_definition="2020-01",
        new_ending="young",
        groups=FrozenMapping({"unemployment_rate": "all", "unemployment_rate_16_24": "young"}),
        earlier=FrozenMapping({"unemployment_rate_16_24": "young_with_students"}),
    ),
    firms=tuple(
        firms(sector, number, "Invented.")
        for sector, number in (("software", 20), ("agencies", 10), ("building", 20), ("rides", 10), ("services", 40))
    ),
    defaults=FrozenMapping(
        {"parameters.migrants": 0.05, "visa.annual_quota": FrozenMapping({"2018-01": 0, "2019-01": 900})}
    ),
)
SPECIFICATION = Specification(country=TOY)


def toy_scenario(**overrides: object) -> Scenario:
    """The baseline of the toy country."""
    with use(SPECIFICATION):
        return load_scenario(BASELINE, overrides)
