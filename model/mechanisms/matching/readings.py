"""What is read off posts and hires."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanisms.survey.counting import ratio
from model.mechanisms.survey.readings import unemployed

if TYPE_CHECKING:
    from model.market import Market


def _open_posts(market: Market) -> float:
    """Posts open on an average day: one filled this month stood open for half of it, one left over until its end."""
    return float(sum(market.groups.vacancies.tolist())) + (market.flows.hires - market.flows.starters) / 2


def vacancies(market: Market) -> float:
    """Posts open on an average day."""
    return _open_posts(market) * market.people_per_agent


def vacancy_rate(market: Market) -> float:
    """Open posts over posts, open and filled."""
    posts = _open_posts(market)
    return ratio(posts, posts + market.stocks.employed)


def tightness(market: Market) -> float:
    """Open posts per unemployed person."""
    return ratio(vacancies(market), unemployed(market))


def hires(market: Market) -> float:
    """People who took a job this month."""
    return market.flows.hires * market.people_per_agent


def job_finding_rate(market: Market) -> float:
    """Hires out of unemployment over those unemployed at the start of search."""
    return ratio(market.flows.hires_from_unemployment, market.flows.searching)
