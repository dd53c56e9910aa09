"""The rules at 35: vacancies that close, and whom a layoff picks."""

from __future__ import annotations

from model.mechanism import Cause, Mechanism, Step, later
from model.parameters import lever

PARAMETERS = (
    lever("hiring.over_35_cap_share", "Vacancies closed at 35", "share", 0.28, (0, 1),
          "occupations.csv age_cap_share (vacancy-weighted mean 0.28); 48 % of postings state any age limit "
          "(Luo-Zhang-Zhang 2025), the ceiling",
          meaning="Vacancy-weighted mean share of vacancies closed to people aged 35 and over; each occupation's "
                  "own share scales with it, clipped at 1.", label_zh="35岁招聘门槛", uncertain=True, known=(0.0, 0.6)),
    lever("layoffs.over_35_odds", "Odds of layoff at 35", "odds ratio", 1.5, (0.2, 10),
          "assumption (evidence.md 5: 1.5, range 1 to 3)",
          meaning="How much likelier an over-35 is to be picked in a layoff; technology firms apply it in full, "
                  "others half.", label_zh="35岁以上裁员倾向", uncertain=True),
)

AGE_35: Mechanism[None] = Mechanism(
    "age_35",
    "The rules at 35",
    "Some vacancies are closed to people aged 35 and over, and firms that cut staff pick them more often.",
    parameters=PARAMETERS,
    steps=(
        Step("age_limits", later("model.mechanisms.age_35.limits:close_at_35"),
             "The share of posts closed at 35 in each occupation follows its lever."),
    ),
    causes=(
        Cause("age_35", "age-35 rules", "no vacancy closed at 35 and no preference for laying off the over-35s",
              {"hiring.over_35_cap_share": 0.0, "layoffs.over_35_odds": 1.0}, name_zh="35岁门槛"),
    ),
    home=__name__,
    title_zh="35岁门槛",
)
