"""China: what its tables in data/ do not say by themselves."""

from __future__ import annotations

from typing import Final

from model.country.country import Country, Economy, Official, Population, Retirement, Roles, Youth
from model.parameters import Parameter, constant
from model.schedule import FrozenMapping

_RESOLUTION: Final = (
    "assumption: resolution of the simulation, not a fact; proportions after sectors.csv firms_thousand_2023"
)


def firms(sector: str, number: int, meaning: str) -> Parameter:
    """How many firms stand for a sector."""
    path = f"parameters.firms_{sector}"
    return constant(
        path, "firms", number, (5, 20_000), meaning, _RESOLUTION, label=f"Firms in {sector}", uncertain=False
    )


CHINA: Final = Country(
    name="China",
    folder="data",
    roles=Roles(
        technology="tech",
        property="property",
        agent="real_estate_agent",
        construction="construction_materials",
        platforms="platform_logistics",
        state="government_soe",
        gig=("delivery_rider", "ride_hailing_driver"),
    ),
    youth=Youth(
        graduation_ages=(21, 22, 23, 24),
        graduation_shares=(0.20, 0.40, 0.28, 0.12),  # assumption
        bachelor_share=0.53,  # assumption
        secondary_share=0.8,  # assumption
        most_study=0.95,  # assumption
        postgraduate_months=36,
        graduation_month=6,  # July, August, September
        autumn=8,  # teaching, public service
        campus_months=(9, 10, 11, 0, 1, 2, 3, 4),  # October to May
        campus_lapses=8,  # September
        usual_class=2018,
    ),
    population=Population(
        census="2020-11",
        yearly_departures=0.0067,
        share_home=(0.02, 0.11),  # assumption; labour force of 2023 in labour_structure
        share_unemployed=0.05,
        youngest_migrant=25,
        migrant_years=25,  # 25 to 49: the first retire at 50
    ),
    # labour_structure.csv retirement_age rows: from 2025-01 to 2039 men from 60 to 63, women from 55 to 58 or 50 to 55.
    # Who works on is not held by it. A degree stands for the posts of cadres, from which women retire at 55.
    retirement=Retirement(ages=(50, 55, 60, 65), delayed_from="2025-01", every=(2, 4, 4, 4), most=(60, 36, 36, 0)),
    economy=Economy(
        chain_start=2014,
        # Assumption: growth slowed from 6.9 % in 2015 to the middle of the 4.5-5.0 % target of 2026, macro_annual.csv.
        potential_years=(2015.0, 2026.0),
        potential_growth=(0.069, 0.048),
        lockdown_quarter=0.05,  # lockdown.csv
        survey_day=10,  # from the 11th of the month before to the 10th
        # Evidence: the dated window fits, the month of Spring Festival does not.
        festival_before=45,
        festival_after=20,
        quarter_out=1,
        survey_out=1,
        pay_out=5,
        class_out=-13,
        pay_known="2023-07",
    ),
    official=Official(
        file="nbs_unemployment_monthly.csv",
        # From here on the age groups leave students out.
        new_definition="2023-12",
        new_ending="_excl_students",
        groups=FrozenMapping(
            {
                "unemployment_rate_16_24": "16-24_excl_students",
                "unemployment_rate_25_29": "25-29_excl_students",
                "unemployment_rate_30_59": "30-59_excl_students",
                "unemployment_rate": "total_urban",
                "unemployment_rate_local_hukou": "local_hukou",
                "unemployment_rate_migrant_hukou": "migrant_hukou",
                "unemployment_rate_migrant_agricultural_hukou": "migrant_agricultural_hukou",
            }
        ),
        # Used until 2023-06: they count students, or other ages.
        earlier=FrozenMapping({"unemployment_rate_16_24": "16-24_incl_students", "unemployment_rate_30_59": "25-59"}),
    ),
    migrant_sectors=FrozenMapping(
        {
            "manufacturing": "manufacturing",
            "construction": "construction_materials",
            "wholesale and retail": "consumer_services",
            "hotels and catering": "consumer_services",
            "resident services repair other": "consumer_services",
            "transport storage post": "platform_logistics",
        }
    ),
    firms=(
        firms("tech", 300, "Technology firms."),
        firms("agencies", 60, "Estate agencies; developers are counted by property.developers."),
        firms("construction_materials", 300, "Construction and building materials."),
        firms("manufacturing", 400, "Manufacturing."),
        firms("finance", 60, "Finance and insurance."),
        firms("consumer_services", 600, "Retail, hospitality and personal services."),
        firms("platform_logistics", 100, "Platforms, transport and logistics."),
        firms("business_services", 300, "Business and professional services."),
        firms("education_health", 150, "Education and health."),
        firms("government_soe", 100, "Government, mining and utilities."),
        firms("agriculture", 60, "Agriculture of urban residents."),
    ),
)
