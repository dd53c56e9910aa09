"""What is read off public posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanisms.public_posts import PUBLIC_POSTS

if TYPE_CHECKING:
    from model.market import Market


def cost_public_posts(market: Market) -> float:
    """Mean pay of the state's jobs times those beyond the usual, for a year."""
    groups = market.groups
    pay = float(groups.mix[groups.state] @ market.exogenous.trades.pay) * float(groups.pay[groups.state])
    jobs = float(PUBLIC_POSTS.of(market).jobs.sum())
    return 12 * pay * market.wage_level * jobs * market.people_per_agent
