"""A kind of agents of one's own: declared in one file, and whatever asks for agents knows it."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agents import AGENT_TYPES, Firm, Person, PropertyDeveloper
from agents.kinds import Kind
from agents.row_view import RowView
from model import LabourMarket, load_scenario
from model.market import simulate
from model.mechanism import Mechanism, MechanismError
from model.own_mechanism import mechanisms_of_text, specification_of, try_out
from model.scenario.scenario import Scenario
from model.specification import STANDARD, Specification, use
from views.docs.odd import submodels

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "own_agents.py"
COLUMN, CAP = "bad_loan_share", "banks.developer_cap"


@pytest.fixture(scope="module")
def own() -> Specification:
    return specification_of([EXAMPLE])


def asked(specification: Specification, **values: Any) -> Scenario:
    with use(specification):
        return load_scenario(ROOT / "scenarios" / "baseline.yaml", {"population": 1500, "end": "2018-06", **values})


@pytest.fixture
def market(own: Specification) -> Any:
    opened = LabourMarket(asked(own), rng=3)
    opened.step()
    return opened


def test_banks_are_agents_beside_persons_and_firms(market: Any) -> None:
    state, city = market.specification.kinds["banks"].classes
    assert market.agent_types == [*AGENT_TYPES, state, city]
    assert (len(market.agents_by_type[state]), len(market.agents_by_type[city])) == (6, 24)
    banks = market.agents.select(agent_type=state.__mro__[1])
    assert [type(bank) for bank in banks] == [state] * 6 + [city] * 24
    assert len(market.agents) == len(market.people.identity[: market.people.count]) - market.empty_rows + len(
        market.firms
    ) + len(banks)
    ids = market.agents.get("unique_id")
    assert len(set(ids)) == len(ids)
    assert ids == [agent.unique_id for agent in market.agents]
    assert min(banks.get("unique_id")) == 2**33


def test_sets_of_banks_do_what_sets_of_firms_do(market: Any) -> None:
    state, city = market.specification.kinds["banks"].classes
    banks = market.agents_by_type[state] | market.agents_by_type[city]
    everyone = market.agents
    assert banks.column("loans").tolist() == [bank.loans for bank in banks]
    assert banks.agg("loans", np.sum) == pytest.approx(market.agents_by_type[PropertyDeveloper].agg("debt", np.sum))
    assert banks.groupby(lambda bank: type(bank).__name__).count() == {"StateBank": 6, "CityBank": 24}
    assert banks.sort("deposits", ascending=True)[0].deposits == banks.agg("deposits", min)
    assert set(everyone.shuffle()) == set(everyone)
    assert banks[0] in everyone
    assert banks[0] not in everyone.select(agent_type=Firm)
    assert len(everyone - banks) == len(everyone) - 30
    assert list(banks & everyone) == list(banks)
    heard: list[Any] = []
    banks.shuffle_do(heard.append)
    assert sorted(bank.unique_id for bank in heard) == banks.get("unique_id")
    mixed = banks | market.agents.select(agent_type=Person, at_most=5)
    assert mixed.get("loans", handle_missing="default")[-1] is None
    with pytest.raises(AttributeError, match="not a column of every agent"):
        mixed.column("loans")
    with pytest.raises(AttributeError, match="decided by the model"):
        banks.set("loans", 0.0)
    with pytest.raises(TypeError, match="cannot be removed"):
        banks[0].remove()


def test_a_set_and_an_agent_are_kept_over_months(market: Any) -> None:
    banks = market.agents.select(lambda agent: hasattr(agent, "loans"))
    first, before = banks[0], banks.column("deposits")
    market.step()
    assert not first.gone
    assert len(banks) == 30
    assert (banks.column("deposits") > before).all()


@pytest.mark.parametrize("how", ["fork", "deepcopy", "pickle"])
def test_banks_are_copied_with_their_market(market: Any, how: str) -> None:
    market.mine = market.agents.select(lambda agent: hasattr(agent, "loans"))
    copies: dict[str, Any] = {"deepcopy": copy.deepcopy, "fork": LabourMarket.fork}
    copies["pickle"] = lambda each: pickle.loads(pickle.dumps(each))  # noqa: S301 - our own bytes
    twin = copies[how](market)
    before = market.mine.get("deposits")
    twin.step()
    assert twin.mine.model is twin
    assert market.mine.get("deposits") == before != twin.mine.get("deposits")
    market.step()
    assert market.mine.get("deposits") == twin.mine.get("deposits")
    tables = [each.datacollector.get_model_vars_dataframe() for each in (market, twin)]
    assert tables[0].equals(tables[1])


def test_a_bank_travels_to_a_process_that_never_saw_its_file(market: Any, tmp_path: Path) -> None:
    bank = list(market.agents)[-1]
    (tmp_path / "bank").write_bytes(pickle.dumps(bank))
    code = "import pickle, sys; bank = pickle.load(open(sys.argv[1], 'rb')); print(type(bank).__name__, bank.loans)"
    command = [sys.executable, "-c", code, str(tmp_path / "bank")]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["CityBank", str(bank.loans)]


def test_at_the_default_cap_no_number_changes(own: Specification) -> None:
    with_banks, without = simulate(asked(own), 1), simulate(asked(STANDARD), 1)
    assert list(with_banks) == [*without, COLUMN]
    for name, values in without.items():
        np.testing.assert_array_equal(with_banks[name], values, err_msg=name)


def test_banks_that_must_call_in_loans_make_developers_fail(own: Specification) -> None:
    """Of 400 developers, the same ones and with the same random numbers; books are closed every month."""
    free, capped = (simulate(asked(own, end="2019-06", **{CAP: cap}), 1) for cap in (1.0, 0.1))
    assert capped["developer_defaults"][-1] > 1.5 * free["developer_defaults"][-1] + 5
    assert capped[COLUMN][-1] > free[COLUMN][-1]


def test_the_command_line_runs_them(tmp_path: Path) -> None:
    command = [sys.executable, "run.py", "--with", str(EXAMPLE), "--set", f"{CAP}=0.2", "--population", "2000"]
    command += ["--replications", "2", "--end", "2018-03", "--out", str(tmp_path / "out"), "--quiet"]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert list(manifest["mechanisms"]) == ["own_agents.py"]
    assert COLUMN in (tmp_path / "out" / "summary.csv").read_text(encoding="utf-8")


def test_the_document_has_their_rows(own: Specification) -> None:
    told = submodels(own.mechanisms)
    assert "- Agents, **banks**: `StateBank`: A bank of the central state." in told
    assert "`bad_loans` (To developers in default, CNY.)" in told
    assert "Agents, **" not in submodels()


class Thing(RowView):
    """Nothing in particular."""

    __slots__ = ()


def things(**changed: Any) -> Specification:
    kind = Kind(**{"id": "things", "classes": (Thing,), "table": lambda _: np.zeros(3), **changed})
    return Specification((Mechanism("things", "Things", "", kinds=(kind,)),))


def test_rows_may_be_empty_and_given_again() -> None:
    """A kind whose agents come and go: the set drops whoever has left, and a view says so."""
    there, identity = np.array([True, True, True]), np.array([7, 8, 9])
    specification = things(present=lambda _, rows: there[rows], identity=lambda _, rows: identity[rows])
    market = LabourMarket(asked(specification), rng=3)
    held = market.agents_by_type[Thing]
    first, second, third = held
    assert held.get("unique_id") == [2**33 + 7, 2**33 + 8, 2**33 + 9]
    there[0], identity[1] = False, 10
    market.step()
    assert list(held) == [third]
    assert (first.gone, second.gone, third.gone) == (True, True, False)
    assert market.agents_by_type[Thing].get("unique_id") == [2**33 + 10, 2**33 + 9]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [({"id": "firms"}, "'firms' exists already"), ({"classes": (PropertyDeveloper,)}, "belongs to another kind")],
)
def test_a_kind_that_stands_beside_no_other_is_told(changed: dict[str, Any], expected: str) -> None:
    with pytest.raises(MechanismError, match=expected):
        things(**changed)


HEAD = """import numpy as np
from agents.kinds import Kind
from agents.row_view import Column, RowView
from model.mechanism import Mechanism
class Thing(RowView):
    size = Column("Size.", lambda market, rows: SIZE)
"""
KIND = "Kind('things', (Thing,), table=lambda market: range(3){})"
#: What is written below the head, and what is told of it, with its line.
BROKEN = {
    "no class": ("Kind('things', (), table=len)", "own.py:7  TypeError: classes of the kind 'things' are a tuple"),
    "one class": ("Kind('things', Thing, table=len)", "own.py:7  TypeError: classes of the kind 'things' are a tuple"),
    "no agent": ("Kind('things', (int,), table=len)", "own.py:7  TypeError: classes of the kind 'things' are"),
    "no table": ("Kind('things', (Thing,))", "own.py:7  TypeError: "),
    "one kind": (f"OWN = Mechanism('own', 'Own', '', kinds={KIND.format('')})", "own.py:7  TypeError: kinds of"),
    "one value": (f"SIZE = 1.0; {KIND.format('')}", "the column 'size' does not give one value for each of 3 rows"),
    "no value": (KIND.format(""), "own.py:6  the kind 'things' fails in 2018-01: NameError: name 'SIZE'"),
    "class": (KIND.format(", class_of=lambda market, rows: rows"), "class_of gives class 2, of 1 counted from 0"),
    "same": (KIND.format(", identity=lambda market, rows: rows * 0"), "identity has to tell agents apart"),
    "large": (KIND.format(", identity=lambda market, rows: rows + 2**32"), "whole numbers from 0 to 2**32 - 1"),
    "table": ("Kind('things', (Thing,), table=lambda market: market.things)", "own.py:7  the kind 'things' fails"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_kind_that_cannot_be_is_told_with_its_line(case: str) -> None:
    """Before anything is run, as every mistake in a file of one's own."""
    with pytest.raises(MechanismError) as told:
        try_out(Specification(mechanisms_of_text("own.py", broken(case))))
    assert BROKEN[case][1] in str(told.value)


def test_the_command_line_tells_it(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(broken("one value"), encoding="utf-8")
    command = [sys.executable, "run.py", "--with", str(tmp_path / "own.py"), "--out", str(tmp_path / "out")]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert finished.returncode == 2
    assert BROKEN["one value"][1] in finished.stderr
    assert "Traceback" not in finished.stderr
    assert not (tmp_path / "out").exists()


def broken(case: str) -> str:
    written, _ = BROKEN[case]
    if "Mechanism" in written:
        return f"{HEAD}{written}\n"
    return f"{HEAD}{written.replace('Kind(', 'KIND = Kind(')}\nOWN = Mechanism('own', 'Own', '', kinds=(KIND,))\n"
