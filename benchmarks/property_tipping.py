"""Print what the property market does by itself: its fit, its counterfactuals and its tipping curve.

    python benchmarks/property_tipping.py [--seeds 40] [--developers 400] [--only fit|cases|curve|size|ranges|speed]

Income is real GDP of data/macro_annual.csv, not that of the labour market, so nothing else has to run.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from model.mechanisms.property import CONSTANTS
from model.mechanisms.property.market import advance_property, open_property_market, property_settings
from model.schedule import monthly
from model.specification import STANDARD

Floats = NDArray[np.float64]
YEARS = range(2018, 2028)
MONTHS = 12 * len(YEARS)
READINGS = ("sales", "starts", "price", "new_price", "defaults", "listings", "activity", "stalled")
#: GDP growth after the last row, as the scenarios go on.
LATER_GROWTH = 4.75
#: data/property_annual.csv: floor_space_sold and new_starts_floor_space over 2021, price growth to December (new: 70
#: cities; existing: mean of tiers), foreclosed_properties_listed; shares of about 200 firms in default from docs.
OBSERVED: dict[str, dict[int, float]] = {
    "sales": {2018: 96, 2019: 96, 2020: 98, 2021: 100, 2022: 76, 2023: 62, 2024: 54, 2025: 49},
    "starts": {2018: 105, 2019: 114, 2020: 113, 2021: 100, 2022: 61, 2023: 48, 2024: 37, 2025: 30},
    "new price %": {2019: 6.6, 2020: 3.8, 2021: 2.6, 2022: -1.5, 2023: -0.4, 2024: -5.3, 2025: -2.7},
    "existing price %": {2021: 1.0, 2022: -3.8, 2023: -4.1, 2024: -8.1, 2025: -6.1},
    "in default %": {2021: 8, 2022: 30, 2023: 36, 2024: 37, 2025: 37},
    "listed, m a year": {2021: 0.40, 2022: 0.585, 2023: 0.785, 2024: 0.77, 2025: 0.87},
}


def income_path() -> Floats:
    """Real GDP by month, 1 in 2018-01."""
    with (Path(__file__).parents[1] / "data" / "macro_annual.csv").open(encoding="utf-8") as file:
        growth = {
            int(row["year"]): float(row["value"]) for row in csv.DictReader(file) if row["metric"] == "gdp_growth_real"
        }
    logs = [np.log1p(growth.get(year, LATER_GROWTH) / 100.0) / 12.0 for year in YEARS for _ in range(12)]
    return np.exp(np.cumsum(logs) - logs[0])


INCOME = income_path()
CAP = monthly(cast("Mapping[str, float]", STANDARD.by_path["property.credit_limit"].default), 0, MONTHS)
DATES = np.arange(MONTHS) / 12.0 + 2018.0


def simulate(seed: int, values: Mapping[str, float], cap: Floats = CAP, purchases: Floats | float = 0.0) -> Floats:
    """READINGS by month of one run."""
    market = open_property_market(values, seed)
    bought = np.broadcast_to(np.asarray(purchases, dtype=float), MONTHS)
    table = np.empty((MONTHS, len(READINGS)))
    for month in range(MONTHS):
        advance_property(
            market,
            month=month,
            income=float(INCOME[month]),
            confidence=1.0,
            credit_limit=float(cap[month]),
            purchases=float(bought[month]),
        )
        table[month] = (
            market.sales,
            market.starts,
            market.price,
            market.new_price,
            100.0 * market.defaults / len(market.columns.share),
            market.listings_a_year / 1e6,
            market.activity,
            market.stalled_share,
        )
    return table


def yearly(table: Floats) -> dict[str, Floats]:
    """Figures by year as the statistics give them: 2021 = 100, price growth to December, shares in per cent."""
    mean = table.reshape(len(YEARS), 12, -1).mean(axis=1)
    ends = table[11::12]
    before = np.vstack([np.ones(len(READINGS)), ends[:-1]])
    growth = 100.0 * (ends[:, 2:4] / before[:, 2:4] - 1.0)
    return {
        "sales": 100.0 * mean[:, 0] / mean[3, 0],
        "starts": 100.0 * mean[:, 1] / mean[3, 1],
        "new price %": growth[:, 1],
        "existing price %": growth[:, 0],
        "in default %": ends[:, 4],
        "listed, m a year": mean[:, 5],
        "P, 2018-01=100": 100.0 * mean[:, 6],
        "stalled share": ends[:, 7],
    }


def mean_run(seeds: int, values: Mapping[str, float], cap: Floats = CAP, purchases: Floats | float = 0.0) -> Floats:
    """Mean of READINGS over seeds."""
    return np.mean([simulate(seed, values, cap, purchases) for seed in range(seeds)], axis=0)


def flat_demand(values: Mapping[str, float]) -> dict[str, float]:
    """`values` with underlying demand falling just as fast as income raises demand (by its square root)."""
    return {**values, "property.demand_trend": 0.5 * np.log1p(0.0475)}


def row(label: str, cells: list[str], width: int = 44) -> None:
    """Print one row of a table."""
    print(f"{label:<{width}}" + "".join(f"{cell:>10}" for cell in cells))


def print_fit(seeds: int, values: Mapping[str, float]) -> None:
    """Print years against official figures, first defaults and prices over four years."""
    runs = [simulate(seed, values) for seed in range(seeds)]
    figures = yearly(np.mean(runs, axis=0))
    print(f"Fit: mean of {seeds} seeds (official figure)")
    print("year  " + "".join(f"{name:>20}" for name in figures))
    for k, year in enumerate(YEARS):
        cells = []
        for name, column in figures.items():
            seen = OBSERVED.get(name, {}).get(year)
            digits = 2 if name in {"listed, m a year", "stalled share"} else 1
            cells.append(f"{column[k]:.{digits}f}" + (f" ({seen:g})" if seen is not None else ""))
        print(f"{year}  " + "".join(f"{cell:>20}" for cell in cells))
    firsts = sorted(int(np.argmax(run[:, 4] > 0)) for run in runs)
    price = np.mean([run[95, 2] / run[47, 2] - 1 for run in runs])
    new = np.mean([run[95, 3] / run[47, 3] - 1 for run in runs])
    print(f"first default: month {firsts[0]} to {firsts[-1]}, median {firsts[seeds // 2]} (2021-06 is 41)")
    print(f"December 2021 to December 2025: existing {100 * price:.1f} % (-20), new {100 * new:.1f} % (-10)\n")


def print_cases(seeds: int, values: Mapping[str, float]) -> None:
    """Print what the market does without the cap, without a channel, or with purchases."""
    zero = np.zeros(MONTHS)
    lifted = np.where(DATES >= 2022.0, 0.0, CAP)
    kept = np.where(DATES >= 2020 + 7 / 12, 1.0, 0.0)

    def bought(rate: float, since: float) -> Floats:
        return np.where(since <= DATES, rate, 0.0)

    flat = flat_demand(values)
    no_distrust = {**values, "property.presale_distrust": 0.0}
    no_run = {**values, "property.lender_run": 0.0}
    fearless = {**values, "property.developer_caution": 0.0}
    cases: list[tuple[str, Callable[[], Floats]]] = [
        ("baseline", lambda: mean_run(seeds, values)),
        ("no cap", lambda: mean_run(seeds, values, zero)),
        ("no cap, flat demand", lambda: mean_run(seeds, flat, zero)),
        ("cap, flat demand", lambda: mean_run(seeds, flat)),
        ("cap in full to the end", lambda: mean_run(seeds, values, kept)),
        ("cap lifted in 2022-01", lambda: mean_run(seeds, values, lifted)),
        ("no distrust of presales", lambda: mean_run(seeds, no_distrust)),
        ("no run of lenders", lambda: mean_run(seeds, no_run)),
        ("no caution of developers", lambda: mean_run(seeds, fearless)),
        ("purchases 0.5 m a year from 2022", lambda: mean_run(seeds, values, CAP, bought(5e5, 2022))),
        ("purchases 1 m a year from 2022", lambda: mean_run(seeds, values, CAP, bought(1e6, 2022))),
        ("purchases 3 m a year from 2022", lambda: mean_run(seeds, values, CAP, bought(3e6, 2022))),
        ("purchases 1 m a year from 2024", lambda: mean_run(seeds, values, CAP, bought(1e6, 2024))),
    ]
    base = mean_run(seeds, values).reshape(len(YEARS), 12, -1).mean(axis=1)[3]
    print("Cases: sales and starts against the baseline of 2021 = 100, existing price December 2021 to December 2025")
    row("", ["sales 22", "sales 25", "sales 27", "starts 25", "price %", "default %", "P 2025"])
    for label, case in cases:
        table = case()
        mean = 100.0 * table.reshape(len(YEARS), 12, -1).mean(axis=1)
        price = 100.0 * (table[95, 2] / table[47, 2] - 1.0)
        cells = [
            mean[4, 0] / base[0],
            mean[7, 0] / base[0],
            mean[9, 0] / base[0],
            mean[7, 1] / base[1],
            price,
            table[95, 4],
            mean[7, 6],
        ]
        row(label, [f"{cell:.1f}" for cell in cells])
    print()


def print_curve(seeds: int, values: Mapping[str, float]) -> None:
    """Print outcomes by the strength of the cap."""
    print("Tipping curve: one constant cap from 2020-08 on; 2021 of the same run = 100")
    row("credit_limit", ["default %", "sales 25", "starts 25", "price %", "P 2025"])
    for level in np.linspace(0.0, 1.0, 11):
        table = mean_run(seeds, values, np.where(DATES >= 2020 + 7 / 12, level, 0.0))
        figures = yearly(table)
        price = 100.0 * (table[95, 2] / table[47, 2] - 1.0)
        cells = [table[95, 4], figures["sales"][7], figures["starts"][7], price, figures["P, 2018-01=100"][7]]
        row(f"{level:.1f}", [f"{cell:.1f}" for cell in cells])
    print()


def print_size(seeds: int, values: Mapping[str, float]) -> None:
    """Print how outcomes and their spread depend on the number of developers."""
    print("Number of developers: mean of 2025 (standard deviation between seeds); 2021 of the same run = 100")
    row("developers", ["sales", "", "starts", "", "default %", ""])
    for count in (50, 100, 200, 400, 1000):
        figures = [yearly(simulate(seed, {**values, "property.developers": count})) for seed in range(seeds)]
        cells = []
        for name in ("sales", "starts", "in default %"):
            column = [one[name][7] for one in figures]
            cells += [f"{np.mean(column):.1f}", f"({np.std(column):.1f})"]
        row(str(count), cells)
    print()


def print_ranges(seeds: int, values: Mapping[str, float]) -> None:
    """Print outcomes with each uncertain number at either end of its range."""
    print("Each uncertain number at the ends of its range: sales, starts (2021 = 100), default %, price % by 2025")
    row("", ["low", "sales", "starts", "default", "price", "high", "sales", "starts", "default", "price"])
    for parameter in CONSTANTS:
        if not parameter.uncertain:
            continue
        cells = []
        for end in (parameter.low, parameter.high):
            table = mean_run(seeds, {**values, parameter.path: end})
            figures = yearly(table)
            cells += [
                f"{end:g}",
                f"{figures['sales'][7]:.0f}",
                f"{figures['starts'][7]:.0f}",
                f"{table[95, 4]:.0f}",
                f"{100 * (table[95, 2] / table[47, 2] - 1):.0f}",
            ]
        row(parameter.path.removeprefix("property."), cells)
    print()


def print_speed(seeds: int, values: Mapping[str, float]) -> None:
    """Print how long a run takes."""
    simulate(0, values)
    begin = time.perf_counter()
    for seed in range(seeds):
        simulate(seed, values)
    elapsed = time.perf_counter() - begin
    count = int(property_settings(values)["developers"])
    print(
        f"{count} developers: {elapsed / seeds * 1e3:.1f} ms a run, {elapsed / seeds / MONTHS * 1e6:.0f} us a month, "
        f"opening and readings included\n"
    )


def main() -> None:
    """Print the parts asked for."""
    parts = {
        "fit": print_fit,
        "cases": print_cases,
        "curve": print_curve,
        "size": print_size,
        "ranges": print_ranges,
        "speed": print_speed,
    }
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--developers", type=int, default=400)
    parser.add_argument("--only", choices=sorted(parts), help="print one part")
    options = parser.parse_args()
    for name, part in parts.items():
        if options.only in {None, name}:
            part(options.seeds, {"property.developers": options.developers})


if __name__ == "__main__":
    main()
