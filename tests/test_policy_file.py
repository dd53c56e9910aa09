"""Policy files: what they say, and what is wrong with them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from policy_fakes import BASE, POLICY, written
from run_fakes import ROOT

import run
from experiments.search.policy_file import PolicySearch, Target, read_policy
from model.scenario.scenario import ScenarioError
from model.schedule import month_index

SHIPPED = ROOT / "scenarios" / "experiments" / "policy_search.yaml"


def complaints(path: Path) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        read_policy(path)
    return str(caught.value).splitlines()


def read(tmp_path: Path, text: str = POLICY, base: str = BASE) -> PolicySearch:
    return read_policy(written(tmp_path, text, base))


def test_a_file_says_levers_costs_and_targets(tmp_path: Path) -> None:
    search = read(tmp_path)
    subsidy, protection = search.levers
    assert (subsidy.low, subsidy.high, subsidy.own) == (0, 0.5, 0)
    assert subsidy.cost is not None
    assert (subsidy.cost.amount, subsidy.cost.times, subsidy.cost.source) == (1000, ("unemployed",), "assumption")
    assert protection.cost is None
    assert search.targets == (Target("unemployment_rate_16_24", maximise=False), Target("spending", maximise=False))
    assert (search.method, search.trials, search.seed, search.confirm) == ("nsga2", 12, 1, 3)
    assert search.scenario.replications == 2


def test_a_policy_begins_in_its_month_and_its_own_value_is_that_of_the_last_year(tmp_path: Path) -> None:
    base = BASE + "hiring: {graduate_subsidy: {2018-01: 0.3, 2019-01: 0.1}}\n"
    search = read(tmp_path, base=base)
    assert search.levers[0].own == pytest.approx((6 * 0.3 + 6 * 0.1) / 12)
    reform = search.reform({"hiring.graduate_subsidy": 0.2})
    begins = month_index("2018-06")
    assert reform.monthly("hiring.graduate_subsidy", begins - 1, 2).tolist() == [0.3, 0.2]


BROKEN = """name: broken
scenario: bas.yaml
from: 2018-13
set: {layoffs.protection: 0.5, visa.anual_quota: 3}
levers:
  hiring.graduate_subsidi: {range: [0, 1], cost: 0}
  hiring.graduate_subsidy: {rang: [0, 0.3], cost: {amount: 12, unit: yuan, times: [median_wag]}}
  layoffs.protection: {range: [0.5, 0], cost: {amount: lots, unit: "", source: assumption}}
  population: {range: [1000, 2000], cost: 0}
  policy_feedback.enabled: {range: [0, 1], cost: 0}
targets: {unemployment_rate_16-24: minimise, employed_over_35: maximize}
search: {method: nsga3, trials: 3, sed: 1}
confirm: 1
grid: {}
"""


def test_every_problem_is_told_at_once_where_it_stands(tmp_path: Path) -> None:
    path = written(tmp_path, BROKEN)
    told = [line.removeprefix(f"{path}:") for line in complaints(path)]
    text = "\n".join(told)
    for line in (
        "2:11  there is no scenario file 'bas.yaml'",
        "    did you mean 'base.yaml'?",
        "3:7  'from' is '2018-13', which is not a month YYYY-MM; months run from 01 to 12",
        "4:7  'layoffs.protection' is set for all runs, but the search varies it",
        "4:32  unknown name 'visa.anual_quota'",
        "6:3  unknown name 'hiring.graduate_subsidi'",
        "7:29  unknown name 'rang' under 'hiring.graduate_subsidy'",
        "    did you mean 'range'?",
        "7:28  'range' is missing under 'hiring.graduate_subsidy'; write its lowest and highest value",
        "7:51  'source' is missing under the cost of 'hiring.graduate_subsidy'",
        "7:84  there is no indicator 'median_wag'",
        "8:31  the range of 'layoffs.protection' runs from 0.5 to 0; lowest first",
        "8:56  'amount' is 'lots', which is text",
        "8:68  'unit' is empty",
        "9:3  'population' holds for all months, so it cannot change at 'from'",
        "10:3  'policy_feedback.enabled' holds for all months, so it cannot change at 'from'",
        "11:11  there is no measure 'unemployment_rate_16-24'",
        "11:64  'maximize' is neither minimise nor maximise",
        "12:18  'method' is 'nsga3'",
        "12:33  'trials' is 3, but must lie between 10 and 10,000 (candidates)",
        "12:36  unknown name 'sed' under 'search'",
        "13:10  'confirm' is 1, but must lie between 2 and 1,000 (runs)",
        "14:1  'grid' does not belong in a policy search; 'run.py batch' reads such files",
    ):
        assert line in text, line
    lines = [int(found[1]) for line in told if (found := re.match(r"(\d+):\d+  ", line))]
    assert lines == sorted(lines)
    assert told[-1].endswith("problems; nothing was run.")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (POLICY, "", "the file is empty; a policy search names a scenario, levers and targets"),
        (POLICY, "- 1\n", "a policy search is a group of names and values"),
        ("from: 2018-06\n", "", "'from' is missing; a policy begins in a month, such as 2026-01"),
        ("from: 2018-06", "from: 2018-01", "it has to lie after the start"),
        ("from: 2018-06", "from: 2018-08", "the last 12 months, up to 2019-06, are what is judged"),
        ("spending: minimise", "spendin: minimise", "did you mean 'spending'?"),
        (", spending: minimise", "", "'targets' is a group of 2 to 4 measures"),
        ("cost: {amount: 1000, times: [unemployed], unit: yuan a head, source: assumption}", "cost: 0",
         "no lever has a cost, so there is no spending"),
        ("cost: 0", "cost: 5", "'cost' is a group, such as write cost: 0, or"),
        ("range: [0, 1]", "range: [0, 2]", "must lie between 0 and 1 (share)"),
        ("amount: 1000", "amount: {2026-01: 3}", "'amount' is one number for all months"),
        ("replications: 2", "layoffs.protection: 1", "belongs under 'set' (for all runs) or under 'levers'"),
    ],
)  # fmt: skip
def test_a_mistake_is_explained(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert words in "\n".join(complaints(written(tmp_path, POLICY.replace(old, new))))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["scenarios/experiments/policy_serch.yaml"], "did you mean 'scenarios/experiments/policy_search.yaml'?"),
        (["scenarios/experiments/policy_search.yaml", "--trials", "3"], "not a number of trials from 10 to 10,000"),
        (["scenarios/experiments/policy_search.yaml", "--set", "layoffs.protection=1"], "the search varies it"),
        (["scenarios/experiments/policy_search.yaml", "--end", "2026-06"], "are what is judged"),
    ],
)  # fmt: skip
def test_a_bad_option_is_one_message(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert run.main(["search", *words]) == 2
    assert message in capsys.readouterr().err


def test_the_shipped_search_is_good_and_names_the_source_of_every_cost() -> None:
    search = read_policy(SHIPPED)
    assert SHIPPED.read_text(encoding="utf-8").splitlines()[0].endswith("?")
    assert all(lever.cost is not None and "assumption" in lever.cost.source for lever in search.levers)
