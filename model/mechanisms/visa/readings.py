"""What is read off the K visa."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanisms.backlash import BACKLASH
from model.mechanisms.survey.counting import ratio
from model.mechanisms.visa import VISA
from model.mechanisms.visa.arrivals import applicants

if TYPE_CHECKING:
    from model.market import Market


def k_visa_applicants(market: Market) -> float:
    """People abroad who would come this month; missing before the visa opens."""
    return applicants(market) / 12 if BACKLASH.of(market).was_open else float("nan")


def k_visa_arrivals(market: Market) -> float:
    """K-visa holders who arrived this month."""
    return market.flows.k_visa_arrivals * market.people_per_agent


def k_visa_stock(market: Market) -> float:
    """K-visa holders in the country."""
    return market.stocks.foreign * market.people_per_agent


def net_native_jobs_per_k_hire(market: Market) -> float:
    """Posts that K-visa holders brought, as hires and as entrants, less the jobs they hold, per job held."""
    at_work = market.stocks.foreign_employed
    brought = float(VISA.of(market).extra_jobs.sum()) + market.number("demand_elasticity") * market.stocks.foreign
    return ratio(brought - at_work, at_work)
