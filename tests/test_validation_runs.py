"""The runs behind the checks: looking changes nothing, books agree, and the verb does what it says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from engine_cases import same, scenario
from test_run import HEAVY, python, refused

import run
from agents.columns import Flag, Status
from experiments.engine.errors import BadRequest
from experiments.engine.executors import Failure
from experiments.engine.progress import Progress
from experiments.published_model.shock import EXPECTED_FILE, OCCUPATIONS_FILE
from experiments.validation import graduates, histories, living, published
from experiments.validation.demand_path import move_demand, slump, wave
from experiments.validation.evidence import Life
from experiments.validation.histories import Hazards, Snapshot, count_changes
from experiments.validation.job import ValidationJob, run_validation
from model.market import Market, simulate
from model.schedule import month_index
from views.validation import docs as validation_docs

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS = ["check", "target", "value", "passed", "source"]
#: Cheap: one short run decides both.
QUICK = ("fit_all", "property_share_at_peak")


def test_looking_at_histories_never_changes_the_run() -> None:
    asked = scenario(3_000, "2018-12")
    market = Market(asked, 5)
    total = 0.0
    while market.month < market.last_month:
        before = Snapshot.of(market)
        market.advance()
        total += count_changes(before, Snapshot.of(market)).ended.sum()
    assert total > 0
    assert same(market.table(), simulate(asked, 5))


def test_jobs_found_are_the_hires_out_of_unemployment() -> None:
    """All who were searching and have a job after a month, against the market's own count of the same."""
    market = Market(scenario(20_000, "2018-12"), 3)
    found = hires = 0.0
    while market.month < market.last_month:
        before = Snapshot.of(market)
        market.advance()
        found += count_changes(before, Snapshot.of(market)).found.sum()
        hires += market.flows.hires_from_unemployment
    # Who lost a job and found one within the same month was never seen searching; two fifths of hires are of that kind.
    assert 0.4 * hires < found < 0.8 * hires


def snapshot(month: int, people: Sequence[tuple[int, Status, int, int]]) -> Snapshot:
    identity, status, flags, since = (np.array(column) for column in zip(*people, strict=True))
    return Snapshot(
        month, identity.astype(np.uint32), status.astype(np.uint8), flags.astype(np.uint8), since.astype(np.int16)
    )


def test_changes_of_a_month_person_by_person() -> None:
    works, seeks, gig = Status.EMPLOYED, Status.UNEMPLOYED, int(Flag.GIG)
    before = snapshot(10, [
        (1, works, 0, 10),  # a new job that lasts
        (2, works, 0, 7),  # three months, then unemployed
        (3, works, 0, 7),  # three months, then another job
        (4, works, gig, 7),  # gig work is no job
        (5, works, 0, -50),  # retires
        (6, works, 0, 4),  # leaves; the row is another's
        (7, seeks, 0, 8),  # two months, finds a post
        (8, seeks, 0, 8),  # two months, takes gig work
        (9, seeks, 0, 8),  # goes on searching
    ])  # fmt: skip
    after = snapshot(11, [
        (1, works, 0, 10),
        (2, seeks, 0, 11),
        (3, works, 0, 11),
        (4, seeks, 0, 11),
        (5, Status.RETIRED, 0, -50),
        (60, works, 0, 4),
        (7, works, 0, 11),
        (8, works, gig, 11),
        (9, seeks, 0, 8),
        (10, works, 0, 11),  # born after the first look
    ])  # fmt: skip
    seen = count_changes(before, after)
    assert {k: seen.staying[k] for k in np.flatnonzero(seen.staying)} == {0: 1, 3: 2}
    assert {k: seen.ended[k] for k in np.flatnonzero(seen.ended)} == {3: 2}
    assert {k: seen.seeking[k] for k in np.flatnonzero(seen.seeking)} == {2: 3}
    assert {k: seen.found[k] for k in np.flatnonzero(seen.found)} == {2: 1}


def test_paths_of_demand_are_what_they_say() -> None:
    months = np.arange(-5, 97)
    swing = wave(0.02, 96)(months)
    assert (swing[:6] == 0).all()
    assert swing.max() == pytest.approx(0.02)
    assert swing[5 + 48] == pytest.approx(0.0, abs=1e-12)
    dip = slump(0.06, 10, 30)(months)
    assert dip.min() == pytest.approx(-0.06) == dip[5 + 20]
    assert (dip[(months < 10) | (months > 30)] == 0).all()


def test_demand_moves_from_its_month_on_and_nothing_else_is_touched() -> None:
    asked = scenario(2_000, "2018-12")
    still, moved = Market(asked, 1), Market(asked, 1)
    move_demand(moved, lambda months: np.where(months >= 6, -0.5, 0.0))
    while still.month < still.last_month:
        still.advance()
        moved.advance()
    one, other = still.table(), moved.table()
    assert all(np.array_equal(one[name][:6], other[name][:6], equal_nan=True) for name in one)
    assert other["employed"][-1] < 0.99 * one["employed"][-1]
    assert np.array_equal(one["home_starts_index"][:7], other["home_starts_index"][:7])


def test_without_a_slump_the_class_is_its_own_twin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graduates, "SLUMP_DEPTH", 0.0)
    life = Life("graduates", "", scenario(3_000, "2020-12"), 2)
    monkeypatch.setattr(graduates, "FOLLOWED", 16)
    seen = graduates.GRADUATES.live(life)
    assert seen["first_pay"][0] == 0
    assert seen["earnings"][0] == 0
    assert np.nanmax(np.abs(seen["pay"])) == 0
    assert (seen["youth"] == 0).all()


def test_hazards_add_up_over_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(histories, "FIRST", "2018-07")
    life = Life("histories", "", scenario(2_000, "2018-12"), 1)
    alone = histories.HISTORIES.live(life)
    both = histories.HISTORIES.gather([(life, alone), (life, alone)])
    assert isinstance(both, Hazards)
    np.testing.assert_allclose(both.staying, 2 * alone["staying"])
    assert np.nansum(both.finding) > 0


def test_a_published_model_is_reproduced_life_by_life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of our own in the published form: the mean field is what it is against itself, agents near it."""
    rows = "".join(f"{k},{p},{4000}\n" for k, p in enumerate((0.0, 0.1, 0.4, 0.5, 0.8, 0.9)))
    (tmp_path / OCCUPATIONS_FILE).write_text("id,auto_prob_average,employment_cps_avg\n" + rows, encoding="utf-8")
    published.mean_field_table(tmp_path).to_csv(tmp_path / EXPECTED_FILE, index=False)
    published.check_files(tmp_path)
    monkeypatch.setattr(published, "PERSONS", 20_000)
    monkeypatch.setattr(published, "RUNS", (1, 2))
    asked = scenario(1_000, "2018-12")
    out = tmp_path / "run"
    only = ("published_mean_field", "published_agents")
    outcome = run_validation(
        ValidationJob(asked, only, published=tmp_path, workers=1, out=out), Progress(_silent(), quiet=True)
    )
    assert outcome.verdicts["published_mean_field"].passed
    assert outcome.verdicts["published_agents"].value < 60  # two runs of few persons: the machinery, not the claim
    fields, agents = (pd.read_csv(out / name) for name in ("published_model.csv", "published_model_agents.csv"))
    assert list(fields.columns) == ["auto_prob_average", "u_perc_change", "ltu_perc_change"]
    assert list(agents["group"]) == ["low", "middle", "high"]
    assert set(agents["seeds"]) == {2}
    assert {"u_perc_change", "ltu_perc_change", "workers"} <= set(agents.columns)
    np.testing.assert_array_equal(fields, published.mean_field_table(tmp_path))
    (tmp_path / EXPECTED_FILE).unlink()
    with pytest.raises(BadRequest, match="expected a file of the published model"):
        published.check_files(tmp_path)


# --- the verb -------------------------------------------------------------------------------------------------------


def validate(*words: object) -> int:
    return run.main(["validate", *(str(word) for word in words)])


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small validation of two checks, and where it lies."""
    folder = tmp_path_factory.mktemp("validation") / "run"
    only = [word for name in QUICK for word in ("--only", name)]
    size = ("--population", 1000, "--replications", 2, "--workers", 1)
    assert validate(*only, *size, "--out", folder, "--quiet") == 0
    return folder


def test_the_table_has_the_columns_of_the_contract(finished: Path) -> None:
    table = pd.read_csv(finished / "validation.csv")
    assert list(table.columns)[:5] == COLUMNS
    assert list(table["check"]) == list(QUICK)
    assert table["passed"].dtype == bool
    assert table["value"].notna().all()
    assert table["source"].notna().all()


def test_the_run_folder_can_be_made_again(finished: Path) -> None:
    manifest = json.loads((finished / "manifest.json").read_text())
    assert manifest["status"] == "finished"
    assert manifest["checks"] == 2
    assert pd.read_parquet(finished / "monthly.parquet")["replication"].nunique() == 2


def test_the_page_and_its_figures_stand_alone(finished: Path) -> None:
    page = (finished / "validation.html").read_text(encoding="utf-8")
    assert "How far to trust the model" in page
    assert all(f"<code>{name}</code>" in page for name in QUICK)
    assert "http" not in page.replace("http://www.w3.org", "")
    drawn = {path.name for path in (finished / "figures").iterdir()}
    assert {"validation_fit.png", "validation_fit.svg", "validation_property.png"} <= drawn


def test_strict_turns_a_failing_check_into_a_status(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand persons cannot be within a hundredth of a point; property's share follows from the data."""
    monkeypatch.setattr("views.validation.page.present_validation", lambda outcome: outcome.folder)
    size = ("--population", 1000, "--replications", 1, "--workers", 1, "--quiet", "--strict")
    assert validate(*size, "--only", "fit_30_59", "--out", tmp_path / "a") == 1
    said = capsys.readouterr().out
    assert "fail" in said
    assert "pass: 0 of 1 fits" in said
    assert "ages 30-59" in said
    assert validate(*size, "--only", "property_share_at_peak", "--out", tmp_path / "b") == 0


def test_mistakes_are_told_and_nothing_is_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert "did you mean 'fit_all'" in refused(capsys, "validate", "--only", "fit_al", "--out", out)
    assert "no such folder" in refused(capsys, "validate", "--published", tmp_path / "nowhere", "--out", out)
    assert "there is no such file" in refused(capsys, "validate", "--later", tmp_path / "nowhere.csv", "--out", out)
    assert "did you mean '--strict'" in refused(capsys, "validate", "--stric")
    assert not out.exists()


def test_help_loads_nothing_heavy() -> None:
    code = "import sys, run\ntry: run.main(['validate', '--help'])\nexcept SystemExit: pass\nprint(*sys.modules)"
    answer = python("-c", code)
    assert answer.returncode == 0
    assert "--published" in answer.stdout
    assert {name.split(".")[0] for name in answer.stdout.split()} & HEAVY == set()


def small(folder: Path, *only: str) -> ValidationJob:
    asked = scenario(1_000, "2018-12", {"replications": 1})
    return ValidationJob(asked, only, workers=1, out=folder)


def test_an_interrupt_keeps_what_was_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ensemble is lived first; Ctrl-C in the next experiment leaves its checks unjudged and the rest written."""

    def interrupted(life: Life) -> Any:
        if life.experiment != "ensemble":
            raise KeyboardInterrupt
        return simulate(life.scenario, life.seed)

    monkeypatch.setattr(living, "live_one", interrupted)
    outcome = run_validation(small(tmp_path / "run", "fit_all", "beveridge_loop"), Progress(_silent(), quiet=True))
    assert outcome.status == 130
    assert [check.name for check in outcome.unjudged] == ["beveridge_loop"]
    assert list(pd.read_csv(tmp_path / "run" / "validation.csv")["check"]) == ["fit_all"]


def test_a_history_that_fails_is_listed_and_the_others_are_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(life: Life) -> Any:
        if life.experiment != "ensemble":
            raise ValueError("no luck")
        return simulate(life.scenario, life.seed)

    monkeypatch.setattr(living, "live_one", broken)
    outcome = run_validation(small(tmp_path / "run", "fit_all", "beveridge_loop"), Progress(_silent(), quiet=True))
    assert outcome.status == 4
    assert {type(lost) for lost in outcome.failures} == {Failure}
    assert not outcome.all_passed
    assert list(outcome.verdicts) == ["fit_all"]


def test_only_what_the_chosen_checks_need_is_lived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lived: list[str] = []

    def note(life: Life) -> Any:
        lived.append(life.experiment)
        return histories.HISTORIES.live(life)

    monkeypatch.setattr(living, "live_one", note)
    monkeypatch.setattr(histories, "FIRST", "2024-12")
    run_validation(small(tmp_path / "run", "separation_by_tenure"), Progress(_silent(), quiet=True))
    assert lived == ["histories"]
    assert month_index("2025-06") > 0


def _silent() -> Any:
    import io

    return io.StringIO()


def test_the_docs_are_refreshed_between_their_marks(finished: Path, tmp_path: Path) -> None:
    page = tmp_path / "validation.md"
    (tmp_path / "figures").mkdir()
    before = validation_docs.DOCS.read_text(encoding="utf-8")
    page.write_text(before, encoding="utf-8")
    for name in set(re.findall(r"figures/(validation_\w+\.png)", before)):
        if not (finished / "figures" / name).exists():  # of experiments that were not asked for
            (finished / "figures" / name).write_bytes(b"")
    written = validation_docs.refresh(finished, page)
    text = page.read_text(encoding="utf-8")
    assert f"of {len(QUICK)} checks pass**" in text
    assert all(f"(`{name}`)" in text for name in QUICK)
    assert (tmp_path / "figures" / "validation_fit.png") in written
    # What stands outside the marks is untouched, and doing it again changes nothing.
    outside = re.compile(r"(<!-- (.*?): written by.*?-->).*?(<!-- end of \2 -->)", re.DOTALL)
    assert outside.sub(r"\1\3", text) == outside.sub(r"\1\3", before)
    validation_docs.refresh(finished, page)
    assert page.read_text(encoding="utf-8") == text


def test_a_page_without_marks_and_a_folder_without_tables_are_refused(finished: Path, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="no whole validation"):
        validation_docs.refresh(tmp_path)
    page = tmp_path / "page.md"
    page.write_text("nothing", encoding="utf-8")
    with pytest.raises(BadRequest, match="no marks for 'the summary'"):
        validation_docs.refresh(finished, page)
