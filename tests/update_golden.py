"""The golden numbers: yearly means of a small baseline, and how they are written anew.

`make golden` (or `python tests/update_golden.py`) writes tests/golden/baseline.json; `--dry-run` only prints what would
change. They are regression values: they say that the model gives what it gave, not that it is right.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from model.market import simulate  # noqa: E402
from model.scenario.scenario import load_scenario  # noqa: E402
from model.schedule import FIRST_YEAR  # noqa: E402

FILE = ROOT / "tests" / "golden" / "baseline.json"
PERSONS, SEEDS = 20_000, (1, 2)
#: Same machine kind, same numbers: what is left is the order in which a library sums.
RELATIVE = 1e-9
YEARS = (2018, 2020, 2022, 2024, 2026, 2027)
INDICATORS = (
    "unemployment_rate", "unemployment_rate_16_24", "unemployment_rate_25_29", "unemployment_rate_30_59",
    "unemployment_rate_over_35", "unemployment_rate_graduates", "long_term_unemployment_share", "labour_force",
    "vacancies", "hires", "layoffs", "quits", "median_wage", "median_starting_wage_graduates", "employment_tech",
    "employment_developers", "employment_construction", "house_price_index", "home_sales_index", "home_starts_index",
    "developer_defaults", "consumption_index", "technology_share_of_gdp", "property_share_of_gdp", "k_visa_stock",
    "backlash",
)  # fmt: skip
HOW = (
    "The baseline's numbers moved. If that was meant, run `make golden`, look at the difference, and write what moved "
    "and why under 'Numbers' in CHANGELOG.md; if not, a change that should not matter does."
)


def machine() -> str:
    """Kind of machine: another one may round differently."""
    return f"{platform.system()} {platform.machine()}"


def computed() -> dict[str, float | None]:
    """Yearly means by seed, indicator and year; None where there is nothing to read."""
    numbers: dict[str, float | None] = {}
    for seed in SEEDS:
        asked = load_scenario(ROOT / "scenarios" / "baseline.yaml", overrides={"population": PERSONS})
        table = simulate(asked, seed)
        for name in INDICATORS:
            for year in YEARS:
                value = float(np.mean(table[name][table["month"] // 12 == year - FIRST_YEAR]))
                numbers[f"seed {seed}, {name}, {year}"] = value if math.isfinite(value) else None
    return numbers


def differences(old: dict[str, float | None], new: dict[str, float | None]) -> list[str]:
    """A line per number that differs by more than rounding."""
    lines = []
    for key in [*old, *(key for key in new if key not in old)]:
        before, after = old.get(key), new.get(key)
        if before is None or after is None:
            if key not in old or key not in new or before is not after:
                lines.append(f"{key}: {before} -> {after}")
        elif not math.isclose(before, after, rel_tol=RELATIVE, abs_tol=1e-15):
            change = f" ({after / before - 1:+.3%})" if before else ""
            lines.append(f"{key}: {before:.10g} -> {after:.10g}{change}")
    return lines


def stored() -> tuple[dict[str, float | None], str]:
    """The numbers of the file, and the kind of machine that wrote them."""
    if not FILE.exists():
        return {}, ""
    content = json.loads(FILE.read_text(encoding="utf-8"))
    return content["numbers"], content["machine"]


def write(numbers: dict[str, float | None]) -> None:
    """Replace the file."""
    FILE.parent.mkdir(exist_ok=True)
    content = {"machine": machine(), "numbers": numbers}
    FILE.write_text(json.dumps(content, indent=0) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="print what would change and write nothing")
    asked = parser.parse_args()
    numbers = computed()
    lines = differences(stored()[0], numbers)
    print("\n".join(lines) or "no change")  # noqa: T201
    if lines and not asked.dry_run:
        write(numbers)
        print(f"{len(lines)} numbers written; note them under 'Numbers' in CHANGELOG.md")  # noqa: T201


if __name__ == "__main__":
    main()
