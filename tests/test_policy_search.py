"""The search itself: a frontier that is known, fresh luck for what looks best, and whatever goes wrong."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from policy_fakes import POLICY, FakePast, search, written
from run_fakes import ROOT
from test_accidents import fill_disk, unfinished

import run
from experiments.engine import manifest
from experiments.engine.errors import BadRequest
from experiments.engine.folder_lock import FolderLock
from experiments.engine.progress import Progress
from experiments.engine.shared_past import SharedPast
from experiments.search.job import announce, run_search
from experiments.search.measures import measured, spent
from experiments.search.options import read_search
from experiments.search.order import AS_IT_IS
from experiments.search.pareto import not_dominated, spread_out
from experiments.search.policy_file import read_policy
from experiments.search.proposals import Proposals
from model.scenario.scenario import load_scenario
from views.search.answer import draw_search, render_search

pytest.importorskip("optuna")
YOUTH = "unemployment_rate_16_24"


@pytest.fixture(autouse=True)
def _same_program(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A search goes on only where the program is the same; whoever edits it while the tests run changes it."""
    monkeypatch.setattr("experiments.engine.manifest.shipped_inputs", list)
    monkeypatch.setattr(os, "fsync", lambda _: None)  # hundreds of small files, and no power cut is tested
    manifest.code_version.cache_clear()
    yield
    manifest.code_version.cache_clear()  # other tests ask for the true version


# --- the frontier ---------------------------------------------------------------------------------


def test_nobody_beats_what_is_not_dominated() -> None:
    luck = np.random.default_rng(2)
    values = luck.integers(0, 6, size=(60, 3)).astype(float)
    for row, kept in zip(values, not_dominated(values), strict=True):
        beaten = any((other <= row).all() and (other < row).any() for other in values)
        assert kept == (not beaten)
    assert not_dominated(np.zeros((3, 2))).all()


def test_a_choice_of_points_spans_them_all() -> None:
    line = np.column_stack([np.arange(101.0), 1000 - 10 * np.arange(101.0)])
    assert spread_out(line, 200) == list(range(101))
    assert spread_out(line, 3) == [0, 50, 100]
    assert spread_out(line[:, :1], 1) == [0]
    assert len(set(spread_out(np.zeros((9, 2)), 4))) <= 4


@pytest.mark.parametrize("method", ["nsga2", "tpe"])
def test_the_search_finds_the_known_frontier(tmp_path: Path, method: str) -> None:
    text = POLICY.replace("{trials: 12}", f"{{trials: 70, method: {method}}}").replace("confirm: 3", "confirm: 2")
    outcome = search(written(tmp_path, text), tmp_path / "out")
    assert (outcome.status, outcome.finished) == (0, 70)
    assert outcome.results is not None
    frontier = outcome.results.frontier.set_index("point")
    assert not frontier.loc[AS_IT_IS, "stays"]  # protection is free
    frontier = frontier.drop(AS_IT_IS)
    assert frontier["stays"].all()
    # Protection costs nothing and helps up to a half; the best has it all, and each subsidy then has its price.
    best = frontier.sort_values(YOUTH).iloc[0]
    assert best[YOUTH] == pytest.approx(-0.07, abs=0.005)
    assert (frontier["layoffs.protection"] >= 0.4).mean() > 0.7
    paid = frontier["hiring.graduate_subsidy"] * 1000 * 60e6
    np.testing.assert_allclose(frontier["spending"], paid)


def test_every_lever_is_first_moved_alone(tmp_path: Path) -> None:
    proposals = Proposals(read_policy(written(tmp_path)))
    first = []
    for _ in range(2):
        first.append(proposals.ask())
        proposals.tell([0.0, 0.0])
    assert first == [
        {"hiring.graduate_subsidy": 0.5, "layoffs.protection": 0.0},
        {"hiring.graduate_subsidy": 0.0, "layoffs.protection": 1.0},
    ]


def test_spending_is_what_lies_beyond_the_scenario(tmp_path: Path) -> None:
    asked = read_policy(written(tmp_path, base="population: 1000\nend: 2019-06\nhiring: {graduate_subsidy: 0.2}\n"))
    lever = asked.levers[0]
    assert spent(lever, 0.5, {"unemployed": 10.0}, {}) == pytest.approx(1000 * 0.3 * 10)
    assert spent(lever, 0.1, {"unemployed": 10.0}, {}) == pytest.approx(-1000 * 0.1 * 10)
    assert measured("spending", asked, {}, {"unemployed": np.nan}, {}) == 0
    means = {"labour_force_over_35": 300.0, "unemployment_rate_over_35": 0.1}
    assert measured("employed_over_35", asked, {}, means, {}) == pytest.approx(270)


def test_what_the_model_counts_is_spent_and_has_its_price(tmp_path: Path) -> None:
    """A lever whose cost is counted spends what the indicators `cost_*` change by, whatever it is set to."""
    text = POLICY.replace("{range: [0, 1], cost: 0}", "{range: [0, 1], cost: counted}")
    asked = read_policy(written(tmp_path, text))
    under, without = (
        {"cost_public_posts": 9e9, "cost_youth_subsidy": 1e9, "unemployed": 3.0},
        {"cost_public_posts": 4e9},
    )
    assert measured("spending", asked, {}, under, without) == pytest.approx(6e9)
    assert measured("spending", read_policy(written(tmp_path)), {}, under, without) == 0
    means = {"labour_force_16_24": 300.0, "unemployment_rate_16_24": 0.1}
    assert measured("unemployed_16_24", asked, {}, means, {}) == pytest.approx(30)
    priced = text.replace("targets: {unemployment_rate_16_24", "targets: {unemployed_16_24")
    outcome = search(written(tmp_path, priced), tmp_path / "out")
    assert outcome.results is not None
    frontier = outcome.results.frontier
    fewer = frontier["unemployed_16_24_high"] < 0
    assert fewer.any()
    paid = -frontier["spending"] / frontier["unemployed_16_24"]
    np.testing.assert_allclose(frontier["yuan_per_jobless_youth_less"], paid.where(fewer))


def test_a_cost_may_follow_what_would_have_been_without_the_policy(tmp_path: Path) -> None:
    text = POLICY.replace("times: [unemployed]", "times: [median_wage], times_as_it_is: [layoffs]")
    lever = read_policy(written(tmp_path, text)).levers[0]
    under, without = {"median_wage": 5.0, "layoffs": 1.0}, {"median_wage": 99.0, "layoffs": 4.0}
    assert spent(lever, 0.5, under, without) == pytest.approx(1000 * 0.5 * 5 * 4)


def test_fresh_luck_takes_away_what_only_looked_good(tmp_path: Path) -> None:
    """With luck of 2 points in every run the best of 40 candidates flatters itself; the confirmed means do not."""
    text = POLICY.replace("{trials: 12}", "{trials: 40}").replace("confirm: 3", "confirm: 16")
    outcome = search(written(tmp_path, text), tmp_path / "out", FakePast(luck=0.02))
    assert outcome.results is not None
    found = outcome.results.frontier[outcome.results.frontier["point"] != AS_IT_IS]
    assert outcome.results.optimism[YOUTH] > 0.005
    truth = -0.1 * found["hiring.graduate_subsidy"] - 0.04 * found["layoffs.protection"].clip(upper=0.5)
    # Standard error 0.02 / sqrt(16) = 0.005: 5 of them are passed with a chance below 1e-6 in each of a few dozen rows.
    assert (found[YOUTH] - truth).abs().max() < 5 * 0.005
    assert (found[f"{YOUTH}_low"] < found[YOUTH]).all()
    assert set(found["replications"]) == {16}
    assert not found["stays"].all()
    assert "better" in render_search(outcome.results, 120)


def test_the_replications_that_confirm_are_none_of_the_search(tmp_path: Path) -> None:
    outcome = search(written(tmp_path), tmp_path / "out")
    table = pd.read_parquet(tmp_path / "out" / "batch.parquet")
    confirmed = table[table["replication"] > 2]
    assert set(confirmed["seed"]) == {9, 10, 11}
    assert set(table[table["replication"] <= 2]["seed"]) == {7, 8}
    assert outcome.results is not None
    assert set(confirmed["point"]) == {AS_IT_IS, *outcome.results.confirmed}


def test_everything_is_written_and_told(tmp_path: Path) -> None:
    outcome = search(written(tmp_path), tmp_path / "out")
    assert outcome.results is not None
    candidates = pd.read_csv(tmp_path / "out" / "candidates.csv")
    assert candidates.loc[0, ["point", YOUTH, "spending"]].tolist() == [1, 0, 0]
    assert candidates[["hiring.graduate_subsidy", "layoffs.protection"]].duplicated().sum() == 0
    frontier = pd.read_csv(tmp_path / "out" / "frontier.csv")
    assert {f"{YOUTH}_searched", f"{YOUTH}_low", "spending_high", "stays"} <= set(frontier.columns)
    for width in (60, 100, 200):
        text = render_search(outcome.results, width)
        table = text.split("\n\n")[1]
        assert max(map(len, table.splitlines())) <= width
    assert "Cheapest that surely helps youth unemployment" in text
    draw_search(outcome.results, tmp_path / "out")
    for name in ("frontier", "levers"):
        assert (tmp_path / "out" / "figures" / f"{name}.png").stat().st_size > 10_000
    facts = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert facts["search"]["levers"][0]["cost"]["source"] == "assumption"
    assert facts["status"] == "finished"
    assert re.match(r"12 candidates x 2 replications from 2018-06 on: about", announce(outcome.results.search, 2))


# --- accidents ------------------------------------------------------------------------------------


def tables(folder: Path) -> list[bytes]:
    return [(folder / name).read_bytes() for name in ("candidates.csv", "frontier.csv", "batch.parquet")]


@pytest.mark.parametrize("dies_at", [0, 9, 15])
def test_an_interrupted_search_goes_on_as_if_nothing_had_happened(tmp_path: Path, dies_at: int) -> None:
    path, past = written(tmp_path), FakePast(luck=0.01)
    whole = search(path, tmp_path / "whole", past)
    broken = search(path, tmp_path / "out", FakePast(luck=0.01, dies_at=dies_at))
    assert (broken.status, broken.results) == (130, None)
    assert (tmp_path / "out").exists() == (dies_at > 0)
    again = FakePast(luck=0.01)
    done = search(path, tmp_path / "out", again)
    assert done.status == 0
    assert again.calls == past.calls - dies_at
    assert tables(tmp_path / "out") == tables(whole.folder)
    # A finished search that is given again lives nothing, not even the past.
    idle = FakePast()
    assert search(path, tmp_path / "out", idle).status == 0
    assert idle.opened == 0


def test_more_trials_and_more_fresh_seeds_add_to_a_search(tmp_path: Path) -> None:
    search(written(tmp_path), tmp_path / "out")
    text = POLICY.replace("{trials: 12}", "{trials: 20}").replace("confirm: 3", "confirm: 4")
    longer = written(tmp_path, text)
    more = FakePast()
    search(longer, tmp_path / "out", more)
    search(longer, tmp_path / "straight")
    assert tables(tmp_path / "out") == tables(tmp_path / "straight")
    assert more.calls < 24


def test_fresh_seeds_live_at_draws_of_the_parameters_and_the_interval_says_so(tmp_path: Path) -> None:
    """The subsidy brings more or less at other draws: told twice as wide at least, of which next to nothing is luck."""
    path, widths = written(tmp_path, POLICY.replace("confirm: 3", "confirm: 12")), {}
    for draws in ("0", "6"):
        job, _ = read_search([str(path), "--draws", draws, "--workers", "1", "--out", str(tmp_path / draws)])
        results = run_search(job, Progress(StringIO()), FakePast(luck=0.001, by_draw=0.5)).results
        assert results is not None
        policies = results.frontier[results.frontier["hiring.graduate_subsidy"] > 0.1]
        widths[draws] = (policies[f"{YOUTH}_high"] - policies[f"{YOUTH}_low"]).min()
        assert ("(6 draws, two runs at each)" in render_search(results, 100)) == (draws == "6")
    assert widths["6"] > 2 * widths["0"]
    assert read_search([str(path)])[0].asked.draws, "on by default from ten fresh seeds on"
    with pytest.raises(BadRequest, match="the draws of the fitted parameters"):
        run_search(replace(job, out=tmp_path / "0"), Progress(StringIO()), FakePast())


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("range: [0, 0.5]", "range: [0, 0.4]", "the levers, their ranges or 'from'"),
        ("amount: 1000", "amount: 1001", "the costs"),
        ("spending: minimise", "hires: maximise", "the targets"),
        ("{trials: 12}", "{trials: 12, seed: 2}", "the method or seed of the search"),
        ("replications: 2", "replications: 3", "the scenario, 'set' or the replications"),
    ],
)
def test_an_edited_search_is_not_mixed_in(tmp_path: Path, old: str, new: str, words: str) -> None:
    search(written(tmp_path), tmp_path / "out", FakePast(dies_at=9))
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    with pytest.raises(BadRequest, match=f"what differs: {re.escape(words)}.*nothing was run"):
        search(written(tmp_path, POLICY.replace(old, new)), tmp_path / "out")
    assert {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()} == before


def test_a_policy_that_fails_in_one_corner_is_listed_and_the_search_goes_on(tmp_path: Path) -> None:
    for corner, error in (("policy", "ValueError"), ("death", "WorkerDied"), ("nothing", "NoValue")):
        outcome = search(written(tmp_path), tmp_path / corner, FakePast(corner=corner))
        assert outcome.status == 4
        assert outcome.results is not None
        assert (outcome.results.table["layoffs.protection"] <= 0.6).all()
        failed = pd.read_csv(tmp_path / corner / "failures.csv")
        assert (failed["layoffs.protection"] > 0.6).all()
        assert set(failed["error"]) == {error}
        assert "runs failed; see out/failures.csv" in "\n".join(outcome.accidents("out"))


def test_a_scenario_that_fails_itself_is_told(tmp_path: Path) -> None:
    outcome = search(written(tmp_path), tmp_path / "out", FakePast(corner="scenario"))
    assert (outcome.status, outcome.results) == (3, None)
    told = outcome.accidents("out")
    assert told[0].startswith("the scenario as it is, replication 1 (seed 7) failed (months): AccountingError")
    assert told[-1] == "nothing can be compared with a scenario that does not run"


def test_a_full_disk_keeps_what_is_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as disk:
        fill_disk(disk, 20)
        outcome = search(written(tmp_path), tmp_path / "out")
    assert (outcome.disk_full, outcome.status) == (True, 4)
    assert re.search(r"no space left .* same command with --out out goes on", outcome.accidents("out")[-1])
    assert unfinished(tmp_path) == []
    again = FakePast()
    assert search(written(tmp_path), tmp_path / "out", again).status == 0
    search(written(tmp_path), tmp_path / "straight")
    assert tables(tmp_path / "out") == tables(tmp_path / "straight")


def test_a_killed_driver_leaves_whole_runs_and_no_lock(tmp_path: Path) -> None:
    path, out = written(tmp_path), tmp_path / "out"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    process = subprocess.Popen([sys.executable, str(ROOT / "tests" / "policy_fakes.py"), str(path), str(out)],
                               env=environment)  # fmt: skip
    limit = time.monotonic() + 60
    while len(list((out / "runs").glob("*.parquet"))) < 8:
        assert time.monotonic() < limit, "no candidate was finished in a minute"
        time.sleep(0.01)
    # While it lives, nobody else may work there.
    with pytest.raises(BadRequest, match="another driver"):
        search(path, out)
    process.kill()
    process.wait()
    assert all(pd.read_parquet(part)["month"].size == 18 for part in (out / "runs").glob("*.parquet"))
    facts = json.loads((out / "manifest.json").read_text())
    facts["batch"]["the files of agents/, model/ or data/"] = manifest.code_version()["sources"]
    (out / "manifest.json").write_text(json.dumps(facts))  # that process read the real sources, this one none
    again = FakePast()
    assert search(path, out, again).status == 0
    assert again.calls < 20
    search(path, tmp_path / "straight")
    assert tables(out) == tables(tmp_path / "straight")
    assert not FolderLock(out).path.exists()


def test_a_program_edited_between_the_stages_ends_the_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    versions = iter(["as it was", "edited"])
    with monkeypatch.context() as edited:
        edited.setattr(
            "experiments.search.job.code_version", lambda: {**manifest.code_version(), "sources": "as it was"}
        )
        edited.setattr("experiments.search.job.sources", lambda: next(versions))
        outcome = search(written(tmp_path), tmp_path / "out")
    assert (outcome.status, outcome.results) == (4, None)
    assert outcome.accidents("out")[-1].startswith(
        "the files of agents/, model/ or data/ were changed while the search"
    )


def test_a_damaged_run_is_lived_again(tmp_path: Path) -> None:
    path = written(tmp_path)
    search(path, tmp_path / "out")
    before = tables(tmp_path / "out")
    (tmp_path / "out" / "runs" / "000004-00001.parquet").write_bytes(b"PAR1")
    other = pd.read_parquet(tmp_path / "out" / "runs" / "000003-00001.parquet")
    other["layoffs.protection"] = 0.123  # another policy under this number: a changed library, say
    other.to_parquet(tmp_path / "out" / "runs" / "000003-00001.parquet")
    again = FakePast()
    assert search(path, tmp_path / "out", again).status == 0
    assert again.calls == 2
    assert tables(tmp_path / "out") == before


def test_without_optuna_one_message_names_the_extra(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    assert run.main(["search", str(written(tmp_path)), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert "run.py search needs optuna" in said
    assert "[analysis]" in said
    assert not (tmp_path / "out").exists()


# --- the real market ------------------------------------------------------------------------------


def test_a_failing_future_leaves_the_others_alone() -> None:
    scenario = load_scenario("scenarios/baseline.yaml", {"population": 1000, "end": "2018-08"})
    with SharedPast(scenario, "2018-06", (1, 2), workers=1) as past:
        good = past.tried(scenario.with_values({"layoffs.protection": {"2018-06": 0.5}}))
        changed = past.tried(scenario.with_values({"layoffs.protection": {"2018-03": 0.5}}))
    assert all(isinstance(record, dict) for record in good)
    kinds: list[Any] = [getattr(record, "kind", None) for record in changed]
    assert kinds == ["ValueError", "ValueError"]


def test_the_verb_searches_the_real_market(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = POLICY.replace("{trials: 12}", "{trials: 10}").replace("confirm: 3", "confirm: 2")
    path = written(tmp_path, text)
    assert run.main(["search", str(path), "--out", str(tmp_path / "out"), "--workers", "1", "--quiet"]) == 0
    assert "the frontier, each point run again with 2 fresh seeds" in capsys.readouterr().out
    assert (tmp_path / "out" / "figures" / "frontier.svg").exists()
