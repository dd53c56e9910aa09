"""Public posts for new graduates, beyond the usual."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanism import Indicator, Mechanism, Step, later
from model.parameters import lever

if TYPE_CHECKING:
    from model.mechanisms.public_posts.memory import PublicPosts

PARAMETERS = (
    lever("hiring.public_posts", "Public posts for graduates", "posts per year",
          {"2018-01": 0, "2023-10": 2500, "2024-10": 2600, "2025-10": 1000}, (0, 5_000_000),
          "national civil-service posts of 2024 to 2026 less those of 2023, the usual (policy_2025_26.csv); posts of "
          "provinces and state firms have not been found",
          meaning="Posts for new graduates that the state offers on campus beyond the usual number; they last.",
          label_zh="公共岗位", known=(0, 500_000)),
)

INDICATORS = (
    Indicator("cost_public_posts", "Cost of public posts", "公共岗位支出", "CNY per year", "money",
              "Pay of the jobs beyond the usual so far, at this month's rate"),
)

PUBLIC_POSTS: Mechanism[PublicPosts] = Mechanism(
    "public_posts",
    "Public posts",
    "The state offers new graduates posts beyond the usual; they are jobs that government keeps and pays.",
    parameters=PARAMETERS,
    memory=later("model.mechanisms.public_posts.memory:public_posts"),
    steps=(
        Step("public_posts", later("model.mechanisms.public_posts.offers:open_public_jobs"),
             "When a class graduates, the posts offered to it beyond the usual become jobs of the state."),
    ),
    indicators=INDICATORS,
    home=__name__,
    title_zh="公共岗位",
)
