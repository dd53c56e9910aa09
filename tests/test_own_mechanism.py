"""A mechanism of one's own: one file, and every verb, table and text knows it; without it nothing changes."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from experiments.engine.errors import BadRequest
from experiments.engine.options import main_parser
from experiments.explain.job import Question
from experiments.sensitivity.ranges import uncertain_numbers
from model.market import Market, simulate
from model.mechanism import Mechanism, MechanismError, Step
from model.own_mechanism import mechanisms_of_text, specification_of
from model.parameters import lever
from model.scenario.scenario import Scenario, load_scenario
from model.scenario.schema import json_schema
from model.specification import STANDARD, Specification, use
from views.docs.odd import submodels
from views.page.levers import levers, own_sliders

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "own_mechanism.py"
SMALL = {"population": 3000, "replications": 2, "end": "2018-06"}
LEVER, COLUMN = "layoffs.short_time_work", "workers_on_short_time"

HEAD = """from model.mechanism import Cause, Indicator, Mechanism, Step
from model.parameters import lever
"""


def baseline(specification: Specification = STANDARD, **values: object) -> Scenario:
    with use(specification):
        return load_scenario(ROOT / "scenarios" / "baseline.yaml", {**SMALL, **values})


@pytest.fixture(scope="module")
def own() -> Specification:
    return specification_of([EXAMPLE])


def test_the_example_is_short() -> None:
    assert len(EXAMPLE.read_text(encoding="utf-8").splitlines()) < 60


def test_its_lever_and_column_are_declared_with_the_built_in_ones(own: Specification) -> None:
    assert own.by_path[LEVER].unit == "share of layoffs"
    assert COLUMN in own.indicator
    assert [step.name for step in own.month].index("short_time") == [step.name for step in own.month].index("plan") + 1
    assert own.causes[-1].id == "short_time_work"
    with use(own):
        assert "short_time_work" in json_schema()["properties"]["layoffs"]["properties"]
    assert "short_time_work" not in json_schema()["properties"]["layoffs"]["properties"]


def test_at_its_default_it_changes_no_number(own: Specification) -> None:
    with_it, without = simulate(baseline(own), 1), simulate(baseline(), 1)
    assert COLUMN in with_it
    assert COLUMN not in without
    for name, values in without.items():
        np.testing.assert_array_equal(with_it[name], values, err_msg=name)


def test_it_does_what_it_says(own: Specification) -> None:
    """A third of layoffs is kept; with some 2,000 in the sample the ratio is five standard errors below 0.8."""
    values = {"layoffs.extra_rate.all": 0.03, LEVER: 1.0, "population": 30_000}
    with use(own):
        asked = load_scenario(ROOT / "scenarios" / "baseline.yaml", {**SMALL, **values})
        quiet = load_scenario(ROOT / "scenarios" / "baseline.yaml", {**SMALL, **values, LEVER: 0.0})
    covered, uncovered = simulate(asked, 1), simulate(quiet, 1)
    assert covered["layoffs"].sum() < 0.8 * uncovered["layoffs"].sum()
    assert (covered[COLUMN] > 0).all()
    assert not uncovered[COLUMN].any()


def test_the_scenario_takes_it_to_other_processes(own: Specification) -> None:
    scenario = baseline(own)
    other = pickle.loads(pickle.dumps(scenario))  # noqa: S301 - our own bytes
    assert other == scenario
    assert other.digest == scenario.digest != baseline().digest
    np.testing.assert_array_equal(simulate(other, 1)[COLUMN], simulate(scenario, 1)[COLUMN])


def test_a_market_with_it_forks(own: Specification) -> None:
    market = Market(baseline(own, **{LEVER: 0.5, "layoffs.extra_rate.all": 0.02}), 1)
    market.advance()
    twin = market.fork()
    for each in (market, twin):
        while each.month < each.last_month:
            each.advance()
    np.testing.assert_array_equal(twin.table()[COLUMN], market.table()[COLUMN])


def test_the_command_line_runs_it(tmp_path: Path) -> None:
    command = [sys.executable, "run.py", "scenarios/tech_layoffs.yaml", "--with", str(EXAMPLE)]
    command += ["--set", f"{LEVER}=0.5", "--population", "2000", "--replications", "2", "--workers", "2"]
    command += ["--end", "2018-04", "--out", str(tmp_path / "out"), "--quiet"]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["mechanisms"] == {"own_mechanism.py": specification_of([EXAMPLE]).own[0].fingerprint}
    assert COLUMN in (tmp_path / "out" / "summary.csv").read_text(encoding="utf-8")
    told = f"Short-time work (own_mechanism.py, sha256 {specification_of([EXAMPLE]).own[0].fingerprint[:12]})"
    assert told in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_options_put_it_in_force_and_take_it_out_again() -> None:
    main_parser("", {}).read(["--with", str(EXAMPLE)])
    assert load_scenario(ROOT / "scenarios" / "baseline.yaml").number("layoffs.short_time_take_up") == 0.33
    main_parser("", {}).read([])
    with pytest.raises(KeyError, match="short_time"):
        load_scenario(ROOT / "scenarios" / "baseline.yaml").value(LEVER)


def test_the_page_has_its_slider_and_the_document_its_section(own: Specification) -> None:
    (slider,) = own_sliders(own)
    assert (slider.path, slider.low, slider.high, slider.step) == (LEVER, 0, 1, 0.01)
    with use(own):
        shown = {lever["path"]: lever for lever in levers(baseline(own), "2026-01", "zh")}
    assert shown[LEVER]["label"] == "短时工作"
    told = submodels(own.mechanisms)
    assert f"### 7.{len(own.mechanisms)} Short-time work" in told
    assert "- Indicators: `workers_on_short_time`." in told


def test_explain_and_sensitivity_know_it(own: Specification) -> None:
    asked = baseline(own, **{LEVER: 0.5})
    question = Question(asked)
    assert [question.causes[place].id for place in question.active][-1] == "short_time_work"
    with use(own):
        assert "layoffs.short_time_take_up" in [one.path for one in uncertain_numbers(asked)]


BROKEN = {
    "syntax": ("OWN = Mechanism('x'\n", "own.py:3:16  this is not Python: '(' was never closed"),
    "raises": ("1 / 0\n", "own.py:3  ZeroDivisionError: division by zero"),
    "imports": ("import no_such_module\n", "own.py:3  ModuleNotFoundError: No module named 'no_such_module'"),
    "nothing": ("x = 1\n", "declares no mechanism"),
    "lever": (
        ("OWN = Mechanism('own', 'Own', '', parameters=(\n"
        "    lever('visa.annual_quota', 'Quota', 'people', 0, (0, 1), 'assumption'),))\n"),
        "own.py:4  the lever 'visa.annual_quota' exists already",
    ),
    "path": (
        "OWN = Mechanism('own', 'Own', '', parameters=(lever('Quota', 'Quota', 'people', 0, (0, 1), 'assumption'),))\n",
        "own.py:3  'Quota' is not a path",
    ),
    "default": (
        "OWN = Mechanism('own', 'Own', '', parameters=(lever('a.b', 'B', 'share', 2, (0, 1), 'assumption'),))\n",
        "own.py:3  the default 2 of 'a.b' lies outside 0 to 1",
    ),
    "source": (
        "OWN = Mechanism('own', 'Own', '', parameters=(lever('a.b', 'B', 'share', 0, (0, 1), ''),))\n",
        "'a.b' has no source; name one, or write 'assumption'",
    ),
    "place": (
        "OWN = Mechanism('own', 'Own', '', steps=(Step('mine', print, '', after='separat'),))\n",
        "own.py:3  there is no step 'separat' in a month\n    did you mean 'separate'?",
    ),
    "no place": (
        "OWN = Mechanism('own', 'Own', '', steps=(Step('mine', print, ''),))\n",
        "the step 'mine' says neither or both of before= and after=",
    ),
    "column": (
        ("OWN = Mechanism('own', 'Own', '', indicators=(\n"
        "    Indicator('hires', 'Hires', '', 'people', 'count', '', read=lambda market: 0.0),))\n"),
        "own.py:4  the indicator 'hires' exists already",
    ),
    "cause": (
        "OWN = Mechanism('own', 'Own', '', causes=(Cause('own', 'own', '', {'no.path': 0.0}),))\n",
        "own.py:3  the cause 'own' switches off 'no.path', which no mechanism declares",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_told_with_its_line(case: str, tmp_path: Path) -> None:
    text, expected = BROKEN[case]
    (tmp_path / "own.py").write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(BadRequest) as told:
        main_parser("", {}).read(["--with", str(tmp_path / "own.py")])
    assert expected in str(told.value)
    assert str(told.value).rstrip(".").endswith("nothing was run")


def test_several_problems_are_told_at_once() -> None:
    text = (
        "OWN = Mechanism('own', 'Own', '', parameters=(lever('visa.annual_quota', 'Q', 'p', 0, (0, 1), 'a'),),\n"
        "    steps=(Step('hire', print, '', after='nowhere'),))\n"
    )
    with pytest.raises(MechanismError) as told:
        Specification(mechanisms_of_text("own.py", HEAD + text))
    assert str(told.value).count("own.py:") == 3


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="there is no such file"):
        main_parser("", {}).read(["--with", str(tmp_path / "none.py")])


def test_a_step_that_fails_is_told_before_anything_is_run(tmp_path: Path) -> None:
    text = HEAD + "def fail(market):\n    market.nothing\n\nOWN = Mechanism('own', 'Own', '', steps=(\n"
    (tmp_path / "own.py").write_text(text + "    Step('mine', fail, '', after='hire'),))\n", encoding="utf-8")
    command = [sys.executable, "run.py", "--with", str(tmp_path / "own.py"), "--out", str(tmp_path / "out")]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert finished.returncode == 2
    assert "own.py:4  the step 'mine' fails in 2015-01: AttributeError" in finished.stderr
    assert not (tmp_path / "out").exists()


def test_python_may_make_one_without_a_file() -> None:
    heard: list[int] = []
    watch = lever("hiring.watched", "Watched", "share", 0.0, (0, 1), "assumption")
    mechanism: Mechanism[None] = Mechanism(
        "watch",
        "Watch",
        "",
        (watch,),
        steps=(Step("watch", lambda market: heard.append(market.month), "", after="hire"),),
    )
    with use(Specification((mechanism,))):
        scenario = load_scenario(ROOT / "scenarios" / "baseline.yaml", {**SMALL, "hiring.watched": 0.5})
    simulate(scenario, 1)
    assert heard[-6:] == [0, 1, 2, 3, 4, 5]


def test_two_of_ones_own_keep_the_order_in_which_they_were_given() -> None:
    first, second = (
        Mechanism[None](name, name, "", steps=(Step(name, print, "", after="hire"),)) for name in ("first", "second")
    )
    names = [step.name for step in Specification((first, second)).month]
    assert names[names.index("hire") :][:3] == ["hire", "first", "second"]
