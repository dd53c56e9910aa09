"""Adverts that ask for a man or a woman."""

from __future__ import annotations

from model.mechanism import Mechanism, Step, later
from model.parameters import constant, lever

PARAMETERS = (
    lever("hiring.one_gender_share", "Adverts for one gender", "share", 0.2, (0, 1),
          "assumption: between 10 % (Zhaopin, 2010) and 72 % (a board of low-skilled work) of adverts while they might ask for "
          "one, forbidden since 2019; 27 % of women met one in 2020, 11 to 19 % of civil-service posts wanted men (gender_hukou.csv)",
          meaning="Vacancy-weighted mean share of vacancies open to one gender only; each occupation's own share scales with "
                  "it, clipped at 1.", label_zh="限定性别的招聘", known=(0.0, 0.45)),
    constant("parameters.age_twist", "odds ratio", 2.0, (1.0, 5.0),
             "Odds that such an advert wants a woman where it closes at 35, over the occupation's own odds; as much lower "
             "where it does not.",
             "assumption; the sign is found on four job boards (Helleseter, Kuhn and Shen, NBER w22187)"),
)

ADVERTS: Mechanism[None] = Mechanism(
    "adverts",
    "Adverts for one gender",
    "Some vacancies want a man or a woman, fewer where a degree is asked; women are wanted where women work, and young.",
    parameters=PARAMETERS,
    steps=(
        Step("ask_for_one_gender", later("model.mechanisms.adverts.limits:ask_for_one_gender"),
             "Some of the posts of the month are for men or for women only."),
    ),
    home=__name__,
    title_zh="限定性别的招聘",
)
