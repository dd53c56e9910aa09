"""The worked experiments: each is a good batch file with a place in the page, and its sentences follow the numbers."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from run_fakes import record

from experiments.batch.experiment_file import read_experiment
from experiments.batch.job import BatchJob, run_batch
from experiments.engine.errors import BadRequest
from experiments.engine.progress import Progress
from model.scenario.fitted import fitted_values
from model.schedule import month_index
from model.specification import in_force
from views.batch.figures import drawings
from views.docs.marked_page import between_marks, marks
from views.docs.worked import wider
from views.docs.worked.__main__ import COMMAND, EXPERIMENTS, read_words
from views.docs.worked.findings import Difference, Limit, Ranking, Sides, YearByYear, joined
from views.docs.worked.page import DOCS, section
from views.docs.worked.questions import CLASSES, QUESTIONS, QUOTA, Question
from views.docs.worked.results import Result
from views.words.difference_wording import YOUTH

#: Batch files name a design; other verbs keep their files beside them.
BATCHES = sorted(
    path for path in EXPERIMENTS.glob("*.yaml") if re.search(r"(?m)^(grid|list|sample):", path.read_text("utf-8"))
)
FITTED = sorted(fitted_values(in_force().country))
NAMES = [question.name for question in QUESTIONS]


def simulate(scenario: Any, seed: int, on_month: Callable[[int], None] | None = None, _threads: int = 1) -> Any:
    """A market in which unemployment follows the size of the classes, and else luck alone."""
    size = float(scenario.monthly(CLASSES, month_index(scenario.end), 1)[0])
    return record(SimpleNamespace(start=scenario.start, end=scenario.end, effect=size), seed, on_month)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """Every experiment in the fake market, twice each point."""
    found = {}
    for question in QUESTIONS:
        experiment = read_experiment(EXPERIMENTS / f"{question.name}.yaml", {"replications": 2, "start": "2026-01"})
        folder = tmp_path_factory.mktemp(question.name)
        outcome = run_batch(BatchJob(experiment, 1, folder / "out"), Progress(StringIO()), simulate)
        assert outcome.summary is not None
        found[question.name] = Result(experiment, outcome.summary, folder / "out")
    return found


def test_there_are_ten_at_least_and_each_is_answered() -> None:
    assert sorted(NAMES) == [path.stem for path in BATCHES]
    assert len(NAMES) >= 10


@pytest.mark.parametrize("path", BATCHES, ids=lambda path: path.stem)
def test_two_lines_say_what_it_asks_and_the_future_alone_differs(path: Path) -> None:
    first, second = path.read_text("utf-8").splitlines()[:2]
    assert first.startswith("# ")
    assert first.endswith("?")
    assert second.startswith("# ")
    design = read_experiment(path).design
    if design.since is not None:
        assert design.since >= "2025-10"
        return
    for row in design.rows:
        assert all(value is None or min(value) >= "2025-10" for value in row)  # type: ignore[arg-type, type-var]  # dated


@pytest.mark.parametrize("name", NAMES)
def test_the_page_has_a_place_for_it_and_says_how_to_repeat_it(name: str) -> None:
    text = DOCS.read_text("utf-8")
    begin, end = marks(name, COMMAND)
    part = text[text.index(begin) : text.index(end)]
    assert f"`python run.py batch scenarios/experiments/{name}.yaml" in part
    assert "**Answer.**" in part
    assert (DOCS.parent / f"figures/experiments/{name}.png").read_bytes().startswith(b"\x89PNG")
    assert text[text.index(end) :].lstrip(end).lstrip().startswith("**Caveat.**")


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_every_question_fits_its_design(question: Question, results: dict[str, Result]) -> None:
    result = results[question.name]
    assert question.figure in {drawing.name for drawing in drawings(result.summary)}
    written = section(question, result)
    assert "nan" not in written
    heads = [line.count("|") for line in written.splitlines() if line.startswith("|")]
    assert len(set(heads)) == 1
    assert f"{len(result.summary.design)} points, {result.experiment.scenario.population:,} persons" in written


def test_larger_classes_raise_youth_unemployment_and_the_answer_says_so(results: dict[str, Result]) -> None:
    question = next(question for question in QUESTIONS if question.name == "graduates_the_market_takes")
    told = Difference(YOUTH, {CLASSES: 1.5}).sentence(question, results[question.name])
    assert "higher under a class 1.5 times as large than under a class of the official size" in told
    assert "+50.0 points" in told  # the fake adds one point per hundredth of the class
    less = Difference(YOUTH, {CLASSES: 0.8}).sentence(question, results[question.name])
    assert "lower" in less


def test_a_point_that_the_design_does_not_have_is_an_error(results: dict[str, Result]) -> None:
    with pytest.raises(KeyError, match="0 points"):
        QUESTIONS[0].number(results["visa_quota"], {"visa.annual_quota": 77})


# --- the rules, on numbers made by hand -----------------------------------------------------------


class Handmade:
    """A result with given differences: a mean and half an interval by point and year."""

    def __init__(self, rows: dict[tuple[int, int], tuple[float, float]]) -> None:
        self.rows = rows
        self.years = sorted({year for _, year in rows})
        self.summary = SimpleNamespace(design=pd.DataFrame(index=[1, 2, 3, 4]))
        self.names = ("A", "B", "C", "nothing")

    def number(self, point: Any, _base: Any) -> int:
        return int(point)

    def values(self, number: int) -> dict[str, int]:
        return {"path": number}

    def difference(self, number: int, _against: int, _outcome: str, year: int) -> pd.Series:
        mean, half = self.rows[number, year]
        return pd.Series(
            {"year": year, "baseline": 0.15, "reform": 0.15 + mean, "difference": mean, "low": mean - half,
             "high": mean + half, "chance_sign_right": np.nan}
        )  # fmt: skip

    def differences(self, number: int, against: int, _outcomes: Any) -> pd.DataFrame:
        return pd.DataFrame([self.difference(number, against, "", year) for year in self.years])


ASKED = Question("made", "", "", 4, ())


def words(finding: Any, rows: dict[tuple[int, int], tuple[float, float]]) -> str:
    told: str = finding.sentence(ASKED, Handmade(rows))
    return told


def test_year_by_year_names_the_last_year_that_can_be_told() -> None:
    rows = {(1, 2026): (-0.01, 0.002), (1, 2027): (-0.004, 0.003), (1, 2028): (-0.001, 0.002)}
    finding = YearByYear(YOUTH, 1, since=2026)
    assert words(finding, rows).endswith("After 2027 it is too close to call.")
    assert "-1.0 points (-1.2 to -0.8) in 2026; " in words(finding, rows)
    assert words(finding, {**rows, (1, 2028): (-0.003, 0.002)}).endswith("It can still be told in the last year.")
    assert words(finding, {(1, 2026): (0.001, 0.002)}).endswith("In every year that is too close to call.")


def test_a_limit_is_passed_only_when_the_interval_is_beyond_it() -> None:
    rows = {(1, 2027): (0.005, 0.002), (2, 2027): (0.011, 0.002), (3, 2027): (0.02, 0.002)}
    told = words(Limit(YOUTH, (1, 2, 3), "nothing", "{0}", "units", limit=1), rows)
    assert told == (
        "In 2027, against nothing, youth unemployment (16-24) is surely higher by more than 1.0 points at 3; "
        "not higher by as much as 1.0 points at 1; too close to call at 2 units."
    )
    told = words(Limit(YOUTH, (1, 2, 3), "nothing", "{0}", "units"), rows)
    assert "is surely higher at 1, 2 and 3 units" in told


def test_sides_are_taken_by_sign() -> None:
    assert "lowers youth unemployment (16-24) (-1.0 points" in words(Sides((YOUTH,), 1), {(1, 2027): (-0.01, 0.002)})
    assert "too close to call" in words(Sides((YOUTH,), 1), {(1, 2027): (-0.01, 0.02)})


def test_a_ranking_goes_by_size_and_leaves_out_what_cannot_be_told() -> None:
    rows = {(1, 2027): (0.005, 0.002), (2, 2027): (-0.03, 0.002), (3, 2027): (0.02, 0.05)}
    told = words(Ranking(YOUTH), rows)
    assert told.index("B (") < told.index("A (")
    assert "C" not in told
    assert "1 of the 3 are too close to call" in told


def test_lists_are_said_as_a_person_says_them() -> None:
    assert joined(["a"]) == "a"
    assert joined(["a", "b", "c"]) == "a, b and c"
    assert joined(["a, b", "c", "d"]) == "a, b; c and d"


# --- the page -------------------------------------------------------------------------------------


def test_only_what_stands_between_the_marks_is_replaced() -> None:
    begin, end = marks("one", COMMAND)
    page = f"before\n{begin}\nold\n{end}\nafter"
    written = between_marks(page, "one", "new", COMMAND)
    assert written == page.replace("old", "new")
    assert between_marks(written, "one", "new", COMMAND) == written
    with pytest.raises(BadRequest, match="no marks for 'two'"):
        between_marks(page, "two", "new", COMMAND)


def test_one_question_can_be_asked_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert read_words(["--only", "visa_quota"]).only == ["visa_quota"]
    with pytest.raises(SystemExit):
        read_words(["--only", "quota"])
    assert "invalid choice: 'quota'" in capsys.readouterr().err


def test_questions_are_asked_once() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert replace(QUESTIONS[0], told=2026).year(SimpleNamespace(years=[2027])) == 2026  # type: ignore[arg-type]


# --- how much wider -------------------------------------------------------------------------------


def fitted_market(scenario: Any, seed: int, _on_month: Callable[[int], None] | None = None, *_: Any) -> Any:
    """Larger classes raise unemployment as far as a fitted parameter says; everything else is the luck of the pair."""
    path = FITTED[0]
    low, high = in_force().by_path[path].low, in_force().by_path[path].high
    grows = float(scenario.monthly(CLASSES, month_index(scenario.end), 1)[0]) - 1
    luck = np.random.default_rng([seed, zlib.crc32(scenario.digest.encode())]).normal(0, 0.001)
    effect = grows * (scenario.number(path) - low) / (high - low) + luck
    return record(SimpleNamespace(start=scenario.start, end=scenario.end, effect=effect), seed)  # type: ignore[arg-type]


def test_intervals_widen_where_the_effect_depends_on_what_is_fitted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That of larger classes does, that of the visa keeps the width of its luck.

    What draws add is estimated: in 400,000 trials of luck alone with eight draws the ratio was 1.6 in the middle,
    below 10.8 but once in 100,000 and never below 0.25.
    """
    monkeypatch.setattr(wider, "runs_folder", lambda: tmp_path)
    page = tmp_path / "page.md"
    begin, end = marks("wider", wider.COMMAND)
    page.write_text(f"before\n{begin}\n{end}\nafter")
    monkeypatch.setattr(
        wider, "HEADLINES", {"visa_quota": {QUOTA: 500_000}, "graduates_the_market_takes": {CLASSES: 1.2}}
    )
    words = wider.read_words(["--population=1000", "--draws=8", "--workers=1", f"--page={page}"])
    wider.refresh(words, Progress(StringIO()), fitted_market)
    rows = [line.strip("| ").split(" | ") for line in page.read_text().splitlines() if line.startswith("| ")][1:]
    ratios = {name: float(ratio) for name, _, _, ratio in rows}
    assert ratios["a class 1.2 times as large, against a class of the official size"] > 12
    assert 0.2 < ratios["a quota of 500,000 a year, against a closed visa"] < 12

    def never(*_: Any) -> Any:
        raise AssertionError("what is finished is not run again")

    before = page.read_text()
    wider.refresh(words, Progress(StringIO()), never)
    assert page.read_text() == before


def test_every_headline_is_a_point_of_its_experiment_and_differs_before_the_year_that_is_told() -> None:
    asked = list(wider.headlines(1000, 2))
    assert len({each.words for each in asked}) == len(wider.HEADLINES)
    assert all(each.reform.first_difference(each.against) < month_index(f"{wider.YEAR}-01") for each in asked)
