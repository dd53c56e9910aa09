"""Posts of the state on campus, and the jobs they become."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanisms.public_posts import PUBLIC_POSTS

if TYPE_CHECKING:
    from model.market import Market


def open_public_jobs(market: Market) -> None:
    """Turn what the graduating class was offered into jobs that the state wants from now on."""
    own = PUBLIC_POSTS.of(market)
    if market.month % 12 == market.country.youth.graduation_month:
        own.jobs[market.groups.state] += own.offered
        own.offered = 0.0


def posts_this_month(market: Market) -> float:
    """Campus posts of the state beyond the usual, in simulated persons; noted as offered."""
    months = len(market.country.youth.campus_months)
    posts = market.lever("hiring.public_posts") / market.people_per_agent / months
    PUBLIC_POSTS.of(market).offered += posts
    return posts
