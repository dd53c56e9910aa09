"""Property: buyers, developers and lenders; prices, foreclosures and building sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanism import Cause, Indicator, Mechanism, Step, later
from model.parameters import constant, lever

if TYPE_CHECKING:
    from model.mechanisms.property.market import PropertyMarket

LEVERS = (
    lever("property.credit_limit", "Cap on developers' borrowing", "share",
          {"2018-01": 0, "2020-08": 1, "2023-01": 0.5, "2024-10": 0.3}, (0, 1),
          "dates from chronology.csv (three red lines 2020-08; support 2024-09); strengths assumption (property.md)",
          meaning="How tightly developers' borrowing is capped: 0 free, 1 the three red lines in full.",
          label_zh="房企融资限制", uncertain=True),
    lever("property.government_purchases", "Foreclosed homes bought by a national team", "homes per year",
          0, (0, 20_000_000),
          "lever; 0 unless a scenario sets it",
          meaning="Homes a government team buys: foreclosed listings first, then finished unsold homes.",
          label_zh="国家队收购法拍房"),
)

#: What is called fitted was chosen by a search over simulated years 2018 to 2025 and rounded; benchmarks/property_tipping.py
#: prints the fit, and docs/property.md says what it can and cannot tell.
CONSTANTS = (
    constant("property.developers", "firms", 400, (50, 5000),
             "Number of simulated developers; totals do not depend on it from about 200 on.",
             "assumption: resolution of the simulation, not a fact",
             label="Property developers", label_zh="房企数量", uncertain=False),
    constant("property.demand_trend", "per year", 0.07, (0.0, 0.1),
             "Fall of the demand for new homes a year from 2021, before income; 0 is flat.",
             "fitted; IMF: -35 to -55 % in ten years; Goldman: 9.4 million homes a year in the 2010s, 4.1 in "
             "2025-30; the start in 2021 is an assumption",
             label="Fall of underlying demand", label_zh="住房需求年降幅"),
    constant("property.expectation_response", "semi-elasticity", 0.7, (0.2, 1.5),
             "Demand on expected growth of prices a year.",
             "assumption, fitted", label="Demand on expected price growth"),
    constant("property.presale_distrust", "semi-elasticity", 3.4, (0.0, 5.0),
             "How demand for unfinished homes falls with the share of presold homes that stalled.",
             "assumption, fitted; Nomura: about 20 million presold homes delayed or unbuilt",
             label="Distrust of presales"),
    constant("property.trust_regained", "months", 80.0, (6.0, 240.0),
             "How slowly buyers forget stalled homes once fewer are stalled; trust is lost at once.",
             "assumption; surveyed confidence fell in 2022 and stayed near 88 since", label="Months to regain trust"),
    constant("property.confidence_weight", "elasticity", 0.0, (0.0, 1.0),
             "Demand on the confidence of households that the labour market gives; 0 leaves it out.",
             "assumption: income already carries the labour market", label="Demand on confidence"),
    constant("property.supply_response", "log per month", 0.0075, (0.005, 0.01),
             "Fall of the price a month when supply is e times the neutral number of months.",
             "assumption, fitted", label="Price on months of supply"),
    constant("property.neutral_months", "months", 12.0, (11.0, 13.5),
             "Months of supply, foreclosed homes counted twice, at which the price is steady.",
             "assumption, fitted", label="Neutral months of supply"),
    constant("property.price_momentum", "ratio", 0.5, (0.3, 0.6),
             "Share of expected growth that becomes growth.",
             "fitted; the Bank of England's housing model uses 0.5 in its public configuration",
             label="Pass-through of expectations to price"),
    constant("property.expectation_memory", "months", 18.0, (9.0, 30.0),
             "How slowly expected growth follows actual growth.",
             "fitted; the same configuration uses 12 months", label="Memory of expectations"),
    constant("property.income_anchor", "elasticity", 0.15, (0.0, 0.25),
             "Growth of the price per unit of growth of income.",
             "assumption, fitted", label="Price on income growth"),
    constant("property.stock_closing", "months", 30.0, (15.0, 50.0),
             "How fast developers bring their stock to what they want.",
             "assumption, fitted, weak", label="Months to close the gap of stock"),
    constant("property.developer_caution", "semi-elasticity", 4.5, (0.0, 8.0),
             "How the sales and the stock that developers plan for fall with an expected fall of prices a year.",
             "assumption, fitted to starts of 2024 and 2025", label="Caution of developers"),
    constant("property.target_leverage", "share of assets less advances", 0.88, (0.8, 0.95),
             "Mean over developers, standard deviation 0.13; state-owned ones 0.10 lower.",
             "assumption, near the fit; the red line is 0.70; only half of the 30 largest met all lines in June 2021",
             label="Debt that developers aim at"),
    constant("property.cash_reserve", "months of sales", 1.3, (0.5, 2.0),
             "A developer with less cash starts nothing.",
             "assumption, fitted", label="Cash that developers keep before they start homes"),
    constant("property.payout", "share per month", 0.25, (0.1, 0.5),
             "Share of cash beyond three months of sales that goes to owners.",
             "assumption"),
    constant("property.rollover_strictness", "share", 0.58, (0.4, 0.8),
             "Debt falling due that is refused under the full cap to a developer over all three lines.",
             "assumption, fitted; the rule itself only limits growth to 15/10/5/0 %", label="Rollover refused"),
    constant("property.lender_run", "ratio", 2.5, (0.0, 4.0),
             "How lenders refuse developers over a line once others have failed.",
             "assumption, fitted", label="Run of lenders"),
    constant("property.foreclosure_response", "million homes a year", 2.5, (1.0, 4.0),
             "Listings a year per unit of the fall of prices from their peak a year before.",
             "fitted", label="Foreclosures on price falls"),
    constant("property.foreclosure_usual", "million homes a year", 0.4, (0.2, 0.6),
             "Listings a year when prices do not fall.",
             "property_annual.csv foreclosed_properties_listed of 2021", label="Foreclosures in normal times"),
    constant("property.foreclosure_confidence_weight", "elasticity", 0.0, (0.0, 2.0),
             "How listings rise when the labour market shakes confidence; 0 leaves it out.",
             "assumption", label="Foreclosures on confidence"),
)

SHARES = (
    constant("parameters.property_share_2018", "share of GDP", 0.3, (0.22, 0.32),
             "Property and all it touches, at the peak.",
             "evidence.md 4: 29 % (Rogoff-Yang) to 32 % (the story)"),
    constant("parameters.property_share_fixed", "share", 0.4, (0.2, 0.6),
             "Part of it that rents and services of standing homes make.",
             "assumption: brings 2021 and 2023 near 22 % and 20 % (property_annual.csv)"),
)

INDICATORS = (
    Indicator("house_price_index", "House prices (existing homes)", "房价指数", "index, 2018-01 = 100", "index",
              "Price of existing homes"),
    Indicator("home_sales_index", "Home sales", "住房销售指数", "index, 2018-01 = 100", "index",
              "New homes sold by developers"),
    Indicator("home_starts_index", "Housing starts", "新开工指数", "index, 2018-01 = 100", "index",
              "Homes started by developers"),
    Indicator("developer_defaults", "Developers in default", "违约房企数", "firms", "count",
              "Developers that have defaulted so far (simulated firms)"),
    Indicator("foreclosed_homes", "Foreclosed homes listed", "法拍房挂牌量", "homes", "count",
              "Stock of foreclosed homes for sale"),
    Indicator("gdp_index", "Real GDP", "实际GDP", "index, 2018-01 = 100", "index",
              "Real GDP: the realised one, with the simulated property in place of the realised"),
    Indicator("property_share_of_gdp", "Property's share of GDP", "房地产占GDP比重", "share of GDP", "share",
              "Property and all it touches / GDP"),
)

PROPERTY: Mechanism[PropertyMarket] = Mechanism(
    "property",
    "Property",
    "Developers sell homes before they are built and grow on debt; a cap on their borrowing starts defaults, "
    "stalled homes and a fall of building, sales and prices. Jobs on sites, in developers and in agencies follow.",
    parameters=LEVERS + CONSTANTS + SHARES,
    memory=later("model.mechanisms.property.month:homes"),
    steps=(
        Step("property", later("model.mechanisms.property.month:advance_homes"),
             "Homes are sold, started and financed; developers default; prices move."),
    ),
    books=later("model.mechanisms.property.month:close_books"),
    indicators=INDICATORS,
    causes=(
        Cause("property", "property slump", "no cap on developers' borrowing and a steady demand for homes (no_property_slump_flat_demand.yaml)",
              {"property.credit_limit": 0.0, "property.demand_trend": 0.023}, name_zh="房地产下行"),
    ),
    home=__name__,
    title_zh="房地产",
)
