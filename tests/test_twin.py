"""The engine and its plain-Mesa twin live the same months, person by person.

The twin goes on from the engine's opening with the engine's hashed random numbers. Every month everybody alive has the
same columns in both, whole numbers exactly and pay within the rounding of a single: kernels are what plain objects do.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from engine_cases import BUSY, scenario

from agents.columns import NOBODY, Flag, Status
from benchmarks.twin.market import MesaMarket
from benchmarks.twin.people import Person
from model.market import Market

MARKETS: dict[str, dict[str, object]] = {
    "ordinary": {},
    "busy": BUSY,
    "crash": {"property.credit_limit": 1.0, "technology.output_growth": 0.25, "technology.jobs_elasticity": -0.2},
}
FLAGS = {
    Flag.STEM: "stem",
    Flag.EXPERIENCED: "experienced",
    Flag.GIG: "gig",
    Flag.OFFER: "offer",
    Flag.FOREIGN: "foreign",
    Flag.SEARCHING_STUDENT: "searching_student",
}
#: What must happen to somebody in the busy market, from one survey to the next.
CHANGES = [
    (Status.STUDENT, Status.POSTGRADUATE),
    (Status.STUDENT, Status.EXAM_QUEUE),
    (Status.STUDENT, Status.EMPLOYED),
    (Status.STUDENT, Status.UNEMPLOYED),
    (Status.EXAM_QUEUE, Status.UNEMPLOYED),
    (Status.EMPLOYED, Status.UNEMPLOYED),
    (Status.EMPLOYED, Status.RETIRED),
    (Status.UNEMPLOYED, Status.EMPLOYED),
    (Status.UNEMPLOYED, Status.HOME),
    (Status.UNEMPLOYED, Status.DISCOURAGED),
]
WHOLE = ("identity", "birth", "since", "event", "graduated", "status", "education", "civil", "occupation")


def flags_of(person: Person) -> int:
    return sum(int(flag) for flag, name in FLAGS.items() if getattr(person, name))


def disagreements(engine: Market, twin: MesaMarket) -> dict[str, int]:
    """How many people differ, by column."""
    rows = np.flatnonzero(engine.people.status[: engine.people.count] != Status.GONE)
    rows = rows[np.argsort(engine.people.identity[rows])]
    people = sorted(twin.people, key=lambda person: person.identity)
    if [person.identity for person in people] != engine.people.identity[rows].tolist():
        return {"who is alive": abs(len(people) - len(rows))}
    found = {name: [getattr(person, name) for person in people] for name in (*WHOLE, "pay", "home")}
    found["flags"] = [flags_of(person) for person in people]
    found["employer"] = [NOBODY if person.employer is None else person.employer.row for person in people]
    differ = {name: ~np.isclose(getattr(engine.people, name)[rows], values, 1e-6, 0) for name, values in found.items()}
    return {name: int(here.sum()) for name, here in differ.items() if here.any()}


def close_books(running: MesaMarket) -> None:
    """Firms' staff, groups' jobs and people employed add up."""
    employed = running.economy.stocks.employed
    assert sum(firm.headcount for firm in running.firms) == employed
    assert min(firm.headcount for firm in running.firms) >= 0
    assert sum(group.employed for group in running.groups) + running.economy.stocks.gig == employed


@pytest.mark.parametrize("market", MARKETS)
def test_everybody_lives_the_same_months(market: str) -> None:
    """Twenty months, the twin's people in random order."""
    engine = Market(scenario(5000 if market == "busy" else 2000, "2019-08", MARKETS[market]), seed=3)
    twin = MesaMarket(engine, rng=1)
    visitors_at_work = False
    happened: Counter[tuple[Status, Status]] = Counter()
    for month in range(20):
        was = {person: person.status for person in twin.people}
        engine.advance()
        twin.step()
        assert not disagreements(engine, twin), month
        close_books(twin)
        happened.update((status, person.status) for person, status in was.items() if person.model is not None)
        visitors_at_work |= any(person.foreign and person.status is Status.EMPLOYED for person in twin.people)
    for name in ("unemployment_rate_16_24", "hires", "quits", "layoffs_over_35", "k_visa_stock", "vacancies"):
        assert [row[name] for row in twin.rows] == pytest.approx([row[name] for row in engine.rows], nan_ok=True)
    if market == "busy":
        assert min(happened[change] for change in CHANGES) > 0
        assert visitors_at_work
    twin.remove_all_agents()


def test_an_altered_rule_is_detected() -> None:
    """Jobs that end by themselves one per cent more often are seen within months."""
    engine = Market(scenario(2000, "2019-08", BUSY), seed=3)
    twin = MesaMarket(engine, rng=1)
    twin.job_ends = [[1.01 * chance for chance in ages] for ages in twin.job_ends]
    found: dict[str, int] = {}
    while not found:
        engine.advance()
        twin.step()
        found = disagreements(engine, twin)
    assert "status" in found or "employer" in found
    twin.remove_all_agents()


def test_the_comparison_of_speed_reports_both(root: Path, tmp_path: Path) -> None:
    command = [sys.executable, "benchmarks/mesa_twin.py", "--persons", "1000", "--months", "1", "--repeats", "1"]
    printed = subprocess.run(
        [*command, "--json", str(tmp_path / "twin.json")], cwd=root, check=True, capture_output=True, text=True
    ).stdout
    (result,) = json.loads((tmp_path / "twin.json").read_text(encoding="utf-8"))
    assert "plain Mesa" in printed
    assert result["persons"] == 1000
    assert all(value > 0 for value in result.values())
