"""Participation: who enters, gives up, cares at home, comes back, takes gig work and retires."""

from __future__ import annotations

from model.mechanism import Indicator, Mechanism, Step, later
from model.parameters import constant, lever

PARAMETERS = (
    constant("parameters.young_in_market_by", "years of age", 26.5, (22.0, 30.0),
             "Age by which who takes no degree has come into the cities' labour market, from school or the countryside; "
             "the first come at 16.",
             "assumption, held against the share of 16-24 in the labour force: 7.0 to 7.6 % in 2018-19, 6.2 to 6.5 % in "
             "2021-23 (the official total regressed on its groups)"),
    lever("parameters.migrants", "Arrivals from the countryside", "million per year",
          {"2018-01": 7.2, "2020-01": 5.2, "2021-01": 3.7}, (0, 30),
          "derived from the growth of urban_employed 2020-2024 (labour_structure.csv), less the young (young_cohorts.csv)",
          meaning="Net arrivals of workers aged 25 to 49 in the cities, places that became urban included; younger ones are "
                  "in the cohorts that turn sixteen.", known=(0, 12)),
    constant("parameters.registered_in_villages", "share of arrivals", 0.4, (0.25, 1.0),
             "Arrivals from the countryside who stay registered in a village; places that became urban and people who "
             "got the city's hukou are the others.",
             "assumption, held against the share of rural migrants in urban employment, 28.3 % in 2020 and 27.9 % in 2024 "
             "(gender_hukou.csv)"),
    constant("parameters.mothers_leave", "share of births", 0.25, (0.0, 0.6),
             "Women, at work or searching, who leave the labour force for a child they have (gender_hukou.csv births).",
             "assumption: with months_with_child a tenth fewer at work while a child is under 6 (recollection of the survey of "
             "women's status of 2010: 72.0 % of mothers of 25 to 34 in towns, 10.9 points fewer than others)"),
    constant("parameters.months_with_child", "months", 36.0, (12.0, 72.0),
             "Mean time until they search again.",
             "assumption: kindergarten begins at 3"),
    constant("parameters.home_exit", "share per month", 0.02, (0.0, 0.05),
             "Women among seekers aged 25 to 54 who leave the labour force for other care.",
             "assumption, held against women's share of those at work, 41.8 to 43.4 % in 2023 (gender_hukou.csv)"),
    constant("parameters.home_exit_men", "share per month", 0.003, (0.0, 0.05),
             "The same of men.",
             "assumption: about one in seven at home without a small child is a man"),
    constant("parameters.home_return", "share per month", 0.008, (0.002, 0.03),
             "And who come back.",
             "assumption"),
    constant("parameters.discouragement_rate", "share per month", 0.03, (0.0, 0.1),
             "Long-term seekers who give up.",
             "assumption"),
    constant("parameters.discouraged_months", "months", 6.0, (2.0, 24.0),
             "Mean time until they try again.",
             "assumption"),
    constant("parameters.searching_students", "share of students", 0.008, (0.0, 0.05),
             "Tertiary students who look for work: in the bureau's total, not in its age groups.",
             "assumption: about 0.5 of 62 million (labour_structure.csv youth_16_24_urban_in_school), which makes "
             "the published total agree with the published age groups"),
    constant("parameters.gig_going", "chance per month", 0.06, (0.0, 0.3),
             "Seekers who take gig work when it pays what they ask.",
             "assumption"),
    constant("parameters.gig_saturation", "elasticity", 1.0, (0.2, 3.0),
             "Fall of gig income per rise of gig work.",
             "assumption"),
    constant("parameters.gig_exit", "share per month", 0.035, (0.01, 0.1),
             "Gig workers who stop.",
             "assumption"),
)

INDICATORS = (
    Indicator("underemployment_share", "Less work than wanted", "就业不足占比", "share of employed", "share",
              "In gig work, or on the staff of a firm that has no work for them and may not lay them off", base="employed"),
)

PARTICIPATION: Mechanism[None] = Mechanism(
    "participation",
    "Participation",
    "People enter from school and from the countryside, give up, stay at home for a child or other care, come back, take gig work "
    "and retire.",
    parameters=PARAMETERS,
    steps=(
        Step("enter", later("model.mechanisms.participation.entry:enter"),
             "Graduations, returns and retirements fall due; school leavers, graduates and migrants enter."),
        Step("participate", later("model.mechanisms.participation.choices:participate"),
             "Some give up, some stay at home, some take gig work."),
    ),
    indicators=INDICATORS,
    home=__name__,
    title_zh="劳动参与",
)
