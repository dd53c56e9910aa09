"""What is read off the survey: people by what they do, as the statistics bureau publishes it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from model.mechanisms.survey.counting import ratio

if TYPE_CHECKING:
    from model.market import Market


def employed(market: Market) -> float:
    """People with a job."""
    return market.stocks.employed * market.people_per_agent


def unemployed(market: Market) -> float:
    """People without work who search, students among them."""
    return (market.stocks.unemployed + market.stocks.searching_students) * market.people_per_agent


def labour_force(market: Market) -> float:
    """People who work or search."""
    return employed(market) + unemployed(market)


def inactive(market: Market) -> float:
    """People who do neither."""
    return market.stocks.inactive * market.people_per_agent


def unemployment_rate(market: Market) -> float:
    """The total rate, which counts searching students."""
    return unemployed(market) / labour_force(market)


def long_term_unemployment_share(market: Market) -> float:
    """Share of the unemployed, students left out, whose spell has lasted a year."""
    return ratio(market.stocks.long_term, market.stocks.unemployed)


def _rate_of(group: str, market: Market) -> float:
    people, without = market.stocks.by_group[group]
    return ratio(without, people)


def _labour_force_of(group: str, market: Market) -> float:
    return market.stocks.by_group[group][0] * market.people_per_agent


def women_share_of_employment(market: Market) -> float:
    """Women among those at work."""
    (women, no_work), (men, without) = (market.stocks.by_group[group] for group in ("women", "men"))
    return ratio(women - no_work, women - no_work + men - without)


unemployment_rate_16_24 = partial(_rate_of, "16_24")
unemployment_rate_25_29 = partial(_rate_of, "25_29")
unemployment_rate_30_59 = partial(_rate_of, "30_59")
unemployment_rate_over_35 = partial(_rate_of, "over_35")
unemployment_rate_graduates = partial(_rate_of, "graduates")
unemployment_rate_k_visa = partial(_rate_of, "k_visa")
labour_force_16_24 = partial(_labour_force_of, "16_24")
labour_force_25_29 = partial(_labour_force_of, "25_29")
labour_force_30_59 = partial(_labour_force_of, "30_59")
labour_force_over_35 = partial(_labour_force_of, "over_35")
labour_force_graduates = partial(_labour_force_of, "graduates")
unemployment_rate_women = partial(_rate_of, "women")
unemployment_rate_men = partial(_rate_of, "men")
unemployment_rate_local_hukou = partial(_rate_of, "local_hukou")
unemployment_rate_migrant_hukou = partial(_rate_of, "migrant_hukou")
unemployment_rate_migrant_agricultural_hukou = partial(_rate_of, "migrant_agricultural_hukou")
labour_force_local_hukou = partial(_labour_force_of, "local_hukou")
labour_force_migrant_hukou = partial(_labour_force_of, "migrant_hukou")
labour_force_migrant_agricultural_hukou = partial(_labour_force_of, "migrant_agricultural_hukou")
