"""The structural numbers of the property block, each with unit, range and source; set under `parameters:`.

What is called fitted was chosen by a search over simulated years 2018 to 2025 and rounded; `benchmarks/
property_tipping.py` prints the fit, and docs/property.md says what it can and cannot tell.
"""

from __future__ import annotations

from model.parameters import Parameter


def _number(
    name: str,
    label: str,
    unit: str,
    default: float,
    bounds: tuple[float, float],
    meaning: str,
    source: str,
    *,
    label_zh: str = "",
    uncertain: bool = True,
) -> Parameter:
    """One constant of the property block."""
    return Parameter(
        f"property.{name}",
        label,
        unit,
        default,
        bounds[0],
        bounds[1],
        meaning,
        source,
        label_zh,
        dated=False,
        uncertain=uncertain,
    )


_BUYERS = (
    _number(
        "demand_trend",
        "Fall of underlying demand",
        "per year",
        0.07,
        (0.0, 0.1),
        "Fall of the demand for new homes a year from 2021, before income; 0 is flat.",
        "fitted; IMF: -35 to -55 % in ten years; Goldman: 9.4 million homes a year in the 2010s, 4.1 in 2025-30; "
        "the start in 2021 is an assumption",
        label_zh="住房需求年降幅",
    ),
    _number(
        "expectation_response",
        "Demand on expected price growth",
        "semi-elasticity",
        0.7,
        (0.2, 1.5),
        "Demand on expected growth of prices a year.",
        "assumption, fitted",
    ),
    _number(
        "presale_distrust",
        "Distrust of presales",
        "semi-elasticity",
        3.4,
        (0.0, 5.0),
        "How demand for unfinished homes falls with the share of presold homes that stalled.",
        "assumption, fitted; Nomura: about 20 million presold homes delayed or unbuilt",
    ),
    _number(
        "trust_regained",
        "Months to regain trust",
        "months",
        80.0,
        (6.0, 240.0),
        "How slowly buyers forget stalled homes once fewer are stalled; trust is lost at once.",
        "assumption; surveyed confidence fell in 2022 and stayed near 88 since",
    ),
    _number(
        "confidence_weight",
        "Demand on confidence",
        "elasticity",
        0.0,
        (0.0, 1.0),
        "Demand on the confidence of households that the labour market gives; 0 leaves it out.",
        "assumption: income already carries the labour market",
    ),
)
_PRICES = (
    _number(
        "supply_response",
        "Price on months of supply",
        "log per month",
        0.0075,
        (0.005, 0.01),
        "Fall of the price a month when supply is e times the neutral number of months.",
        "assumption, fitted",
    ),
    _number(
        "neutral_months",
        "Neutral months of supply",
        "months",
        12.0,
        (11.0, 13.5),
        "Months of supply, foreclosed homes counted twice, at which the price is steady.",
        "assumption, fitted",
    ),
    _number(
        "price_momentum",
        "Pass-through of expectations to price",
        "ratio",
        0.5,
        (0.3, 0.6),
        "Share of expected growth that becomes growth.",
        "fitted; the Bank of England's housing model uses 0.5 in its public configuration",
    ),
    _number(
        "expectation_memory",
        "Memory of expectations",
        "months",
        18.0,
        (9.0, 30.0),
        "How slowly expected growth follows actual growth.",
        "fitted; the same configuration uses 12 months",
    ),
    _number(
        "income_anchor",
        "Price on income growth",
        "elasticity",
        0.15,
        (0.0, 0.25),
        "Growth of the price per unit of growth of income.",
        "assumption, fitted",
    ),
)
_DEVELOPERS = (
    _number(
        "stock_closing",
        "Months to close the gap of stock",
        "months",
        30.0,
        (15.0, 50.0),
        "How fast developers bring their stock to what they want.",
        "assumption, fitted, weak",
    ),
    _number(
        "developer_caution",
        "Caution of developers",
        "semi-elasticity",
        4.5,
        (0.0, 8.0),
        "How the sales and the stock that developers plan for fall with an expected fall of prices a year.",
        "assumption, fitted to starts of 2024 and 2025",
    ),
    _number(
        "target_leverage",
        "Debt that developers aim at",
        "share of assets less advances",
        0.88,
        (0.8, 0.95),
        "Mean over developers, standard deviation 0.13; state-owned ones 0.10 lower.",
        "assumption, near the fit; the red line is 0.70; only half of the 30 largest met all lines in June 2021",
    ),
    _number(
        "cash_reserve",
        "Cash that developers keep before they start homes",
        "months of sales",
        1.3,
        (0.5, 2.0),
        "A developer with less cash starts nothing.",
        "assumption, fitted",
    ),
    _number(
        "payout",
        "Payout",
        "share per month",
        0.25,
        (0.1, 0.5),
        "Share of cash beyond three months of sales that goes to owners.",
        "assumption",
    ),
)
_LENDERS = (
    _number(
        "rollover_strictness",
        "Rollover refused",
        "share",
        0.58,
        (0.4, 0.8),
        "Debt falling due that is refused under the full cap to a developer over all three lines.",
        "assumption, fitted; the rule itself only limits growth to 15/10/5/0 %",
    ),
    _number(
        "lender_run",
        "Run of lenders",
        "ratio",
        2.5,
        (0.0, 4.0),
        "How lenders refuse developers over a line once others have failed.",
        "assumption, fitted",
    ),
)
_FORECLOSURES = (
    _number(
        "foreclosure_response",
        "Foreclosures on price falls",
        "million homes a year",
        2.5,
        (1.0, 4.0),
        "Listings a year per unit of the fall of prices from their peak a year before.",
        "fitted",
    ),
    _number(
        "foreclosure_usual",
        "Foreclosures in normal times",
        "million homes a year",
        0.40,
        (0.2, 0.6),
        "Listings a year when prices do not fall.",
        "property_annual.csv foreclosed_properties_listed of 2021",
    ),
    _number(
        "foreclosure_confidence_weight",
        "Foreclosures on confidence",
        "elasticity",
        0.0,
        (0.0, 2.0),
        "How listings rise when the labour market shakes confidence; 0 leaves it out.",
        "assumption",
    ),
)

PROPERTY_STRUCTURE: tuple[Parameter, ...] = (
    Parameter(
        "property.developers",
        "Property developers",
        "firms",
        400,
        50,
        5000,
        "Number of simulated developers; totals do not depend on it from about 200 on.",
        "assumption: resolution of the simulation, not a fact",
        "房企数量",
        dated=False,
    ),
    *_BUYERS,
    *_PRICES,
    *_DEVELOPERS,
    *_LENDERS,
    *_FORECLOSURES,
)
