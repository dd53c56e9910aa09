"""Demand for labour: how many jobs each sector and firm wants, and what firms do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanism import Indicator, Mechanism, Step, later
from model.parameters import constant, lever

if TYPE_CHECKING:
    from model.mechanisms.demand.memory import DemandMemory

PARAMETERS = (
    lever("hiring.openings_scale.SECTOR", "Openings posted", "ratio", 1.0, (0, 3),
          "lever; 1 is the rule of the model",
          meaning="Scales the openings firms post; 0 is a hiring freeze.", label_zh="招聘规模", known=(0.3, 1.5)),
    constant("parameters.slack", "share of labour force", 0.002, (0.0, 0.06),
             "Share of the labour force that demand leaves without a post when nothing shocks it (u*).",
             "assumption, fitted to the level of the all-ages rate before 2025-07"),
    constant("parameters.adjustment_speed", "share of gap per month", 0.152, (0.1, 0.6),
             "How fast firms close a gap between jobs and target (gamma).",
             "model.md starting values"),
    constant("parameters.base_openings", "share per month", 0.017, (0.006, 0.03),
             "Posts opened whatever the gap, per job (delta_v).",
             "assumption: near monthly separations, moves from job to job included; dRC 2021: 0.008 without those "
             "moves"),
    constant("parameters.growth_elasticity", "elasticity", 0.23, (0.1, 0.5),
             "Target jobs on the gap between GDP and its slow trend.",
             "model.md starting values"),
    constant("parameters.trend_memory", "months", 24.0, (12.0, 60.0),
             "How slowly the trend of GDP absorbs a lasting loss.",
             "assumption"),
    constant("parameters.losses_not_reemployed", "share", 0.38, (0.1, 0.6),
             "Share of jobs lost through property and wealth that is not re-employed elsewhere at once (zeta).",
             "model.md starting values: .1 to .6, not identified"),
    constant("parameters.reemployment_months", "months", 96.0, (12.0, 120.0),
             "How slowly the rest of the economy absorbs those losses.",
             "assumption"),
    constant("parameters.construction_exposure", "elasticity", 0.33, (0.15, 0.35),
             "Construction jobs on building sites.",
             "property.md: the census's -12 % from 2018 to 2023 needs .30 to .35 on sites (a fit, not a test); "
             "sectors.csv has 0.22 on starts or sales"),
    constant("parameters.developer_staff_power", "elasticity", 0.87, (0.55, 0.9),
             "Developers' staff on their building sites.",
             "property.md: the census's -27 % (a fit, not a test)"),
    constant("parameters.agency_sales_power", "elasticity", 0.5, (0.2, 0.8),
             "Agencies' staff on sales of homes.",
             "assumption"),
    constant("parameters.technology_net_new", "share", 0.25, (0.0, 1.0),
             "Share of technology's jobs beyond its reference path that adds to total jobs.",
             "assumption; model.md: the closure decides, from 0 (reallocated) to 1 (net new)"),
    constant("parameters.technology_reference_growth", "per year", 0.1, (0.0, 0.2),
             "Growth of technology's output that other sectors' job trends already contain.",
             "assumption, near technology.output_growth"),
    constant("parameters.demand_elasticity", "elasticity", 0.9, (0.0, 1.0),
             "Total demand for labour on the labour force, whoever enters or leaves it (kappa): 1 follows it, 0 keeps to a "
             "path fixed at 2018. The closure of the model, named beside every attribution.",
             "assumption: near one for one in the long run (immigration leaves native employment nearly unchanged: "
             "Peri 2014, recollection); estimated"),
    constant("parameters.demand_months", "months", 12.0, (3.0, 48.0),
             "How slowly demand follows the labour force; who starts with an offer counts at once.",
             "assumption"),
    constant("parameters.own_wage_elasticity", "elasticity", 0.4, (0.2, 0.6),
             "Fall of demand for labour per rise of its real cost.",
             "Lichter, Peichl and Siegloch 2015 (recollection): -0.3 to -0.5"),
    constant("parameters.cut_months", "months", 12.0, (3.0, 60.0),
             "How long firms go without the jobs that extra layoffs end: they are not reopened at once.",
             "assumption: staff of Alibaba, Tencent and Baidu was still falling or flat two years after the cuts of 2022 "
             "(tech_annual.csv); smaller firms reopen sooner"),
    constant("parameters.vacancy_life", "months", 6.0, (2.0, 24.0),
             "After how long an unfilled post is withdrawn.",
             "assumption"),
    constant("parameters.firm_shock_sd", "log points", 0.05, (0.0, 0.15),
             "Spread of firms' own shocks to the jobs they want.",
             "assumption"),
    constant("parameters.firm_shock_memory", "share kept per month", 0.9, (0.0, 0.99),
             "Persistence of those shocks.",
             "assumption"),
    constant("parameters.fixed_path_growth", "per year", 0.008, (0.0, 0.02),
             "Growth of jobs on the path that demand keeps to where it does not follow the labour force.",
             "labour_structure.csv urban_employed: 459 million in 2022, 473 in 2024; 462.7 in 2020"),
    constant("parameters.lockdown_freeze", "ratio", 0.5, (0.0, 4.0),
             "Share of openings stopped per share of the economy that a lockdown stops.",
             "assumption"),
)

INDICATORS = (
    Indicator("employment_tech", "Technology jobs", "科技行业就业", "people", "count", "Employed in sector tech", base="employment_tech"),
    Indicator("employment_developers", "Developers' staff", "房企员工", "people", "count",
              "Employed by property developers (agents left out)", base="employment_developers"),
    Indicator("employment_construction", "Construction jobs", "建筑业就业", "people", "count",
              "Employed in construction and building materials", base="employment_construction"),
)

DEMAND: Mechanism[DemandMemory] = Mechanism(
    "demand",
    "Demand for labour",
    "Each sector wants a share of the jobs that follow the labour force, moved by growth, consumption, property "
    "and technology; firms close the gap between jobs and target by layoffs and openings.",
    parameters=PARAMETERS,
    memory=later("model.mechanisms.demand.memory:demand_memory"),
    steps=(
        Step("demand", later("model.mechanisms.demand.targets:set_targets"),
             "Consumption, property, technology and growth set the jobs each group of firms wants."),
        Step("plan", later("model.mechanisms.demand.firms:plan"), "Each firm plans its layoffs and openings by its gap."),
    ),
    indicators=INDICATORS,
    home=__name__,
    title_zh="劳动需求",
)
