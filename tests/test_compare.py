"""Several scenarios against one baseline: a past lived once, the table in every form, and whatever goes wrong."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from run_fakes import ROOT, FakeMarket, FakeScenario
from test_accidents import fill_disk, unfinished
from test_run_folder import run as run_job

import run
from experiments.compare.job import Outcome
from experiments.compare.options import read_compare
from experiments.engine import branching, ensemble
from experiments.engine.branching import Family, Unfinished, live, months_to_live, parting_month
from experiments.engine.ensemble import Replication
from experiments.engine.errors import BadRequest
from experiments.engine.folder_lock import FolderLock
from model.market import Market, simulate
from model.scenario.scenario import Scenario, load_scenario
from views.compare.formats import as_latex, as_text, escape
from views.compare.table import PolicyTable, chance_in_words, policy_table

BASELINE = ROOT / "scenarios" / "baseline.yaml"


def small(**changes: object) -> Scenario:
    return load_scenario(BASELINE, {"population": 2000, "replications": 2, "end": "2018-12", **changes})


# --- a past lived once ----------------------------------------------------------------------------


def same(left: Any, right: Any) -> bool:
    return left.keys() == right.keys() and all(np.array_equal(left[k], right[k], equal_nan=True) for k in left)


def family(*scenarios: Scenario) -> Family:
    return Family(tuple(Replication(scenario, str(place), 2) for place, scenario in enumerate(scenarios)))


def test_branches_equal_whole_lives_wherever_they_part() -> None:
    base = small()
    asked = (
        base.with_values({"layoffs.extra_rate.all": {"2018-09": 0.02}}),
        base.with_values({"hiring.graduate_subsidy": {"2018-05": 0.5}, "visa.annual_quota": {"2018-06": 5e6}}),
        base.with_values({"parameters.slack": 0.01}),  # shares no past
        base.with_values({"hiring.openings_scale.tech": 0.5}),  # from the first month on
        base.with_values({"layoffs.protection": {"2030-01": 1}}),  # never, within these months
        base,
    )
    assert [parting_month(each, base) for each in asked] == [8, 4, None, None, 12, 12]
    assert months_to_live(family(*asked)) == 4 + 8 + 12 + 12 + 0 + 12
    for scenario, record in zip(asked, live(family(*asked)), strict=True):
        assert same(record, simulate(scenario, 2))


def test_what_parts_before_the_first_month_recorded_lives_by_itself() -> None:
    base = small(start="2018-07")
    early = base.with_values({"hiring.graduate_subsidy": {"2018-05": 0.5}})
    late = base.with_values({"hiring.graduate_subsidy": {"2018-07": 0.5}})
    assert months_to_live(family(early, late, base)) == 12 + 6 + 12
    for scenario, record in zip((early, late, base), live(family(early, late, base)), strict=True):
        assert same(record, simulate(scenario, 2))


def test_a_branch_that_fails_leaves_the_others_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    base = small()
    bad = base.with_values({"layoffs.extra_rate.all": {"2018-09": 0.02}})
    good = base.with_values({"layoffs.extra_rate.all": {"2018-09": 0.01}})
    advance = Market.advance

    def failing(market: Market) -> None:
        if market.scenario is bad and market.month >= 9:
            raise ValueError("no luck")
        advance(market)

    monkeypatch.setattr(Market, "advance", failing)
    found = live(family(bad, good, base))
    assert isinstance(found[0], Unfinished)
    assert (found[0].kind, found[0].message) == ("ValueError", "no luck")
    assert not any(isinstance(record, Unfinished) for record in found[1:])


def test_a_trunk_that_fails_takes_along_those_who_had_not_left(monkeypatch: pytest.MonkeyPatch) -> None:
    base = small()
    gone = base.with_values({"layoffs.extra_rate.all": {"2018-03": 0.02}})
    still = base.with_values({"layoffs.extra_rate.all": {"2018-09": 0.01}})
    advance = Market.advance

    def failing(market: Market) -> None:
        if market.scenario is base and market.month == 4:
            raise ValueError("no luck")
        advance(market)

    monkeypatch.setattr(Market, "advance", failing)
    found = live(family(gone, still, base))
    assert [isinstance(record, Unfinished) for record in found] == [False, True, True]


def test_members_of_a_family_whose_process_dies_are_tried_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    from experiments.engine.executors import Failure

    base = small()
    replications = [Replication(base, name, number) for number in (1, 2) for name in ("reform", "base")]
    tasks: list[object] = []

    def run_tasks(_work: Any, given: Any, _workers: int, keep: Any, give_up: Any, **_: Any) -> None:
        for task in given:
            tasks.append(task)
            if isinstance(task, Family):
                give_up(Failure(task, "WorkerDied", "killed"))
            else:
                keep(task, {})

    monkeypatch.setattr(ensemble, "run_tasks", run_tasks)
    kept: list[Replication] = []
    ensemble.run_ensemble(replications, 2, lambda task, _: kept.append(task), pytest.fail, together=True)
    assert kept == replications
    assert [isinstance(task, Family) for task in tasks] == [True, True, False, False, False, False]


# --- the table ------------------------------------------------------------------------------------

REFORMS = (
    FakeScenario(name="up_& away", effect=0.5),
    FakeScenario(name="no_effect"),
    FakeScenario("down", effect=-2.0),
)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return run_job(tmp_path_factory.mktemp("compare") / "out", REFORMS[0], against=FakeScenario(), others=REFORMS[1:])


@pytest.fixture(scope="module")
def table(outcome: Outcome) -> PolicyTable:
    return policy_table(outcome.comparisons, ["tightness", "unemployment_rate", "k_visa_stock"])


def test_every_scenario_is_paired_with_the_one_baseline(outcome: Outcome) -> None:
    assert [each.reform for each in outcome.comparisons] == ["up_& away", "no_effect", "down"]
    assert {each.baseline for each in outcome.comparisons} == {"small"}
    assert {each.since for each in outcome.comparisons} == {"2018-01"}
    assert outcome.finished == outcome.asked == 16
    written = pd.read_csv(outcome.folder / "comparison.csv").set_index(["scenario", "indicator", "year"])
    for name, effect in (("up_& away", 0.5), ("no_effect", 0), ("down", -2)):
        assert written.loc[(name, "tightness", 2019), "difference"] == pytest.approx(effect)
    assert set(pd.read_csv(outcome.folder / "summary.csv")["scenario"]) == {"up_& away", "no_effect", "down", "small"}
    assert (outcome.folder / "scenario_3.yaml").read_text() == "name: down\n"


def test_the_table_says_what_each_scenario_changes(table: PolicyTable) -> None:
    assert [panel.title for panel in table.panels] == [
        "In 2019", "Labour-market tightness, by year", "At the peak since 2018-01"
    ]  # fmt: skip
    assert [line.label for line in table.panels[1].lines] == ["2018", "2019"]
    tightness = table.panels[0].lines[0]
    assert [cell.change for cell in tightness.cells] == ["+0.50", "same", "-2.00"]
    assert tightness.cells[0].interval == "+0.50 to +0.50"
    assert tightness.cells[0].chance == ">99.9 %"
    assert [cell.chance for cell in tightness.cells] == [">99.9 %", "", ">99.9 %"]
    assert len(table.rows) == 3 * (3 + 2 + 3)


@pytest.mark.parametrize(
    ("chance", "words"), [(np.nan, ""), (0.51, "51 %"), (0.994, "99.4 %"), (0.9994, "99.9 %"), (0.9996, ">99.9 %")]
)
def test_a_chance_is_never_rounded_to_certainty(chance: float, words: str) -> None:
    assert chance_in_words(chance) == words


@pytest.mark.parametrize("width", [60, 80, 200])
def test_the_terminal_shows_every_scenario_in_its_width(table: PolicyTable, width: int) -> None:
    text = as_text(table, width, colour=False)
    assert max(map(len, text.splitlines())) <= width
    for name in table.scenarios:
        assert text.count(name) == 1
    assert as_text(table, width, colour=True).count("\033[0m") == as_text(table, width, colour=True).count("\033[") / 2


def test_latex_is_balanced_and_escaped(table: PolicyTable) -> None:
    text = as_latex(table, "Reforms & co: 100 %")
    assert r"up\_\& away" in text
    assert r"\caption{Reforms \& co: 100 \%. In 2019}" in text
    assert "$-$2.00" in text
    for side in ("begin", "end"):
        assert sorted(re.findall(rf"\\{side}\{{(\w+)\}}", text)) == ["table"] * 3 + ["tabular"] * 3
    plain = re.sub(r"\\[{}]", "", text)
    assert plain.count("{") == plain.count("}")
    rows = re.findall(r"(.*)\\\\\n", text)
    assert len(rows) > 20
    assert all(len(re.findall(r"(?<!\\)&", row)) == 4 for row in rows)
    # Every special sign that stands in the text itself is escaped; the percent of the first line begins a comment.
    assert not re.search(r"(?<!\\)[#%]|(?<!\\)_", "\n".join(text.splitlines()[1:]))


def test_many_scenarios_become_several_latex_tables(table: PolicyTable) -> None:
    panels = tuple(
        replace(panel, lines=tuple(replace(line, cells=line.cells * 3) for line in panel.lines))
        for panel in table.panels
    )
    wide = replace(table, scenarios=tuple(f"s{number}" for number in range(9)), panels=panels)
    assert re.findall(r"\\label\{(.*?)\}", as_latex(wide, "x")) == [
        f"tab:comparison-{number}" for number in range(1, 10)
    ]


def test_latex_escapes_every_special_sign() -> None:
    assert escape(r"a\b~c^d<e>f|g&h%i$j#k_l{m}n") == (
        r"a\textbackslash{}b\textasciitilde{}c\textasciicircum{}d\textless{}e\textgreater{}f\textbar{}g"
        r"\&h\%i\$j\#k\_l\{m\}n"
    )
    assert escape("-0.5 to +1, K-visa, 16-24") == "$-$0.5 to +1, K-visa, 16-24"


# --- what pairing saves ---------------------------------------------------------------------------


def test_the_gain_of_pairing_is_the_ratio_of_variances() -> None:
    from experiments.compare.comparison import compare
    from model.results import summarise

    luck = np.random.default_rng(3)
    shared, own, other = luck.normal(size=(3, 200))
    rows = {"replication": np.arange(200), "month": "2018-01"}

    def side(values: Any) -> pd.DataFrame:
        from model.specification import in_force

        return pd.DataFrame({**rows, **{indicator.name: 100 + values for indicator in in_force().indicators}})

    reform, baseline = side(shared + 0.1 * own), side(shared + 0.1 * other)
    found = compare(("r", reform, summarise(reform, 1000)), ("b", baseline, summarise(baseline, 1000)))
    gain = found.years["pairing_gain"].to_numpy()
    expected = (np.var(shared + 0.1 * own) + np.var(shared + 0.1 * other)) / np.var(0.1 * (own - other))
    np.testing.assert_allclose(gain, expected, rtol=1e-9)
    same_world = compare(("r", baseline, summarise(baseline, 1000)), ("b", baseline, summarise(baseline, 1000)))
    assert same_world.years["pairing_gain"].isna().all()
    assert same_world.since == "2018-01"


def test_peaks_are_looked_for_where_the_scenarios_differ() -> None:
    from test_views import compared_with, invented

    baseline, reform = invented(), invented("reform")
    baseline.loc[baseline["month"] == "2018-06", "tightness"] = 999  # long before anything differs
    reform.loc[reform["month"] == "2018-06", "tightness"] = 999
    reform.loc[reform["month"] >= "2026-01", "tightness"] += 50
    found = compared_with(baseline, reform)
    assert found.since == "2026-01"
    peak = found.peaks.set_index("indicator").loc["tightness"]
    assert peak["difference"] == pytest.approx(50)
    assert peak["baseline"] < 999


# --- what is asked --------------------------------------------------------------------------------


def order(*words: object) -> Any:
    return read_compare([str(word) for word in words], {}).job


def test_the_baseline_gives_its_frame_to_all_and_options_change_all(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("population: 3000\nend: 2018-12\nseed: 9\n")
    for name, quota in (("a", 1), ("b", 2)):
        (tmp_path / f"{name}.yaml").write_text(f"extends: base.yaml\nseed: 4\nvisa: {{annual_quota: {quota}}}\n")
    names = [tmp_path / f"{name}.yaml" for name in ("a", "b", "base")]
    job = order(*names[:2], "--against", names[2], "--replications", 3, "--set", "layoffs.protection=0.5")
    assert list(job.named) == ["a", "b", "base"]
    for scenario in job.named.values():
        assert (scenario.seed, scenario.population, scenario.replications) == (9, 3000, 3)
        assert scenario.number("layoffs.protection") == 0.5
    assert job.files[0] == names[0]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "required: SCENARIO.yaml"),
        (["scenarios/no_k_vis.yaml"], "did you mean 'scenarios/no_k_visa.yaml'?"),
        (["scenarios/baseline.yaml"], "asks for the same as scenarios/baseline.yaml"),
        (["scenarios/no_k_visa.yaml", "scenarios/no_k_visa.yaml"], "is given twice"),
        (["scenarios/no_k_visa.yaml", "--indicator", "unemployment"], "did you mean 'unemployment_rate'?"),
        (["scenarios/no_k_visa.yaml", "--year", "2031"], "only 2018 to 2027 are recorded"),
        (["scenarios/no_k_visa.yaml", "--agains", "x"], "did you mean '--against'?"),
        (["x.yaml"] * 25, "25 scenarios are named, at most 24"),
    ],
)
def test_a_bad_request_is_one_message(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert run.main(["compare", *words]) == 2
    said = capsys.readouterr()
    assert message in said.err
    assert said.out == ""


def test_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("sed: 1\n")
    (tmp_path / "b.yaml").write_text("visa: {annual_quota: -1}\n")
    with pytest.raises(BadRequest) as caught:
        order(tmp_path / "a.yaml", tmp_path / "b.yaml", "--population", 0)
    told = str(caught.value)
    assert "a.yaml:1:1" in told
    assert "b.yaml:1:22" in told
    assert "--population" in told
    assert "3 problems; nothing was run." in told


# --- accidents ------------------------------------------------------------------------------------


@pytest.fixture
def _same_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody may edit the program while the tests run; that would make it another run."""
    monkeypatch.setattr("experiments.engine.manifest.shipped_inputs", list)


def compare_fakes(out: Path, market: FakeMarket | None = None, **changes: Any) -> Outcome:
    options = {"against": FakeScenario(), "others": REFORMS[1:], **changes}
    return run_job(out, REFORMS[0], market, **options)


@pytest.mark.usefixtures("_same_program")
def test_a_killed_comparison_goes_on_with_what_is_missing(tmp_path: Path) -> None:
    killed = compare_fakes(tmp_path / "out", FakeMarket(interrupts=(9,)))
    assert (killed.status, killed.finished, len(killed.comparisons)) == (130, 8, 3)
    assert "goes on from there" in killed.accidents("out")[-1]
    done = compare_fakes(tmp_path / "out", FakeMarket(fails=(7, 8)))
    assert (done.status, done.finished) == (0, 16)
    compare_fakes(tmp_path / "straight")
    tables = [(tmp_path / name / "monthly.parquet").read_bytes() for name in ("out", "straight")]
    assert tables[0] == tables[1]


@pytest.mark.usefixtures("_same_program")
def test_a_full_disk_keeps_what_is_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as disk:
        fill_disk(disk, 5 + 6)  # four scenarios, the manifest and six replications
        full = compare_fakes(tmp_path / "out")
    assert (full.disk_full, full.status, full.finished) == (True, 4, 6)
    assert unfinished(tmp_path) == []
    assert compare_fakes(tmp_path / "out").status == 0


@pytest.mark.usefixtures("_same_program")
def test_two_drivers_never_share_a_folder(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    holder = FolderLock(tmp_path / "out")
    code = "import sys, time; from pathlib import Path; from experiments.engine.folder_lock import FolderLock\n"
    code += "lock = FolderLock(Path(sys.argv[1])); lock.take(); print('held', flush=True); time.sleep(60)"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "out")], stdout=subprocess.PIPE, env=environment
    )
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(BadRequest, match=f"another driver .process {other.pid}. is working in .*nothing was run"):
            compare_fakes(tmp_path / "out")
    finally:
        other.kill()
        other.communicate()
    assert compare_fakes(tmp_path / "out").status == 0
    assert not holder.path.exists()


@pytest.mark.usefixtures("_same_program")
def test_an_edited_scenario_is_not_mixed_in(tmp_path: Path) -> None:
    compare_fakes(tmp_path / "out", FakeMarket(interrupts=(9,)))
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    edited = (REFORMS[1], FakeScenario("down", effect=-3.0))
    with pytest.raises(BadRequest, match=r"holds another run; what differs: scenario 'down'\. Give --out a new folder"):
        compare_fakes(tmp_path / "out", others=edited)
    with pytest.raises(BadRequest, match="what differs: the order of the scenarios"):
        compare_fakes(tmp_path / "out", others=REFORMS[:0:-1])
    assert {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()} == before


@pytest.mark.usefixtures("_same_program")
def test_a_scenario_that_fails_in_one_corner_is_compared_over_the_rest(tmp_path: Path) -> None:
    class Corner(FakeMarket):
        def __call__(self, scenario: Any, seed: int, on_month: Any = None) -> dict[str, Any]:
            if scenario.name == "down" and seed == 8:
                raise ValueError("no luck")
            return super().__call__(scenario, seed, on_month)

    found = compare_fakes(tmp_path / "out", Corner())
    assert (found.status, found.finished) == (4, 15)
    pairs = {each.reform: int(each.years["replications"].max()) for each in found.comparisons}
    assert pairs == {"up_& away": 4, "no_effect": 4, "down": 3}
    assert pd.read_csv(tmp_path / "out" / "failures.csv")[["scenario", "seed"]].to_numpy().tolist() == [["down", 8]]


def test_a_scenario_without_any_result_leaves_the_others(tmp_path: Path) -> None:
    class Corner(FakeMarket):
        def __call__(self, scenario: Any, seed: int, on_month: Any = None) -> dict[str, Any]:
            if scenario.name == "up_& away":
                raise ValueError("no luck")
            return super().__call__(scenario, seed, on_month)

    found = compare_fakes(tmp_path / "out", Corner())
    assert [each.reform for each in found.comparisons] == ["no_effect", "down"]


# --- the verb itself ------------------------------------------------------------------------------


def test_the_verb_writes_everything(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "base.yaml").write_text("population: 1500\nend: 2018-12\nreplications: 2\n")
    (tmp_path / "layoffs.yaml").write_text("extends: base.yaml\nlayoffs: {extra_rate: {all: {2018-07: 0.03}}}\n")
    (tmp_path / "freeze.yaml").write_text("extends: base.yaml\nhiring: {openings_scale: {all: {2018-09: 0}}}\n")
    shared: list[int] = []
    monkeypatch.setattr(ensemble, "live", lambda *words, **more: shared.append(1) or branching.live(*words, **more))
    out = tmp_path / "out"
    words = [str(tmp_path / "layoffs.yaml"), str(tmp_path / "freeze.yaml"), "--against", str(tmp_path / "base.yaml")]
    assert run.main(["compare", *words, "--out", str(out), "--workers", "1"]) == 0
    assert len(shared) == 2
    said = capsys.readouterr().out
    assert "layoffs" in said
    assert "At the peak since 2018-07" in said
    for name in ("report.html", "policy_table.csv", "policy_table.tex", "comparison.csv", "monthly.parquet"):
        assert (out / name).stat().st_size > 500
    for name in ("effects_by_scenario", "difference_by_month"):
        assert (out / "figures" / f"{name}.png").stat().st_size > 10_000
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "<svg" in page
    assert "http" not in re.sub(r"http://www\.w3\.org/\S+", "", page)
    assert json.loads((out / "manifest.json").read_text())["status"] == "finished"
    # Living apart gives the same bytes.
    monkeypatch.setattr(ensemble, "worth_sharing", lambda *_: False)
    assert run.main(["compare", *words, "--out", str(tmp_path / "apart"), "--workers", "1", "--quiet"]) == 0
    assert (tmp_path / "apart" / "monthly.parquet").read_bytes() == (out / "monthly.parquet").read_bytes()
