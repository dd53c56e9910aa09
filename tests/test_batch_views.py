"""What a batch looks like: figures that suit the design, tables that fit the terminal."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from batch_fakes import run, written

from experiments.batch.summary import Summary
from views.batch.answer import draw_batch, render_batch
from views.batch.figures import draw_heat_map
from views.batch.sheet import ends_words, less_luck, own_luck, point_words

ONE = "grid: {hiring.graduate_subsidy: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6]}\n"
WORDS = "grid: {visa.annual_quota: [{2018-01: 0, 2019-01: 5}, {2018-01: 0, 2019-01: 9}]}\n"
TWO = "grid: {graduates.cohort_scale: [0.5, 1, 1.5], policy_feedback.enabled: [true, false]}\n"
LIST = "list: [{}, {layoffs.protection: 0.5}, {layoffs.protection: 0.5, population: 2000}]\n"
SAMPLE = """sample:
  method: sobol
  size: 32
  ranges:
    graduates.cohort_scale: [0.5, 1.5]
    visa.annual_quota: [0, 100000]
    hiring.openings_scale.tech: [0.9, 1.1]
"""
CASES = {
    "one": (ONE, {"response", "by_month"}),
    "words": (WORDS, {"response", "by_month"}),
    "two": (TWO, {"heat_map", "effects"}),
    "list": (LIST, {"points", "by_month"}),
    "sample": (SAMPLE, {"small_multiples", "effects"}),
    "as it is": ("list: [{}]\n", {"points", "by_month"}),
    "one value": ("grid: {policy_feedback.enabled: [false], population: [1500]}\n", {"points", "by_month"}),
    "one drawn": ("sample: {method: lhs, size: 1, ranges: {visa.annual_quota: [0, 5]}}\n", {"points", "by_month"}),
    "signs": ("list: [{name: _under}, {name: '_$a^2$ %s {}', visa.annual_quota: 5}]\n", {"response", "by_month"}),
}


@pytest.fixture(scope="module")
def summaries(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Summary, Path]]:
    found = {}
    for name, (design, _) in CASES.items():
        folder = tmp_path_factory.mktemp(name)
        text = f"name: Batch $x$ {name}\nscenario: base.yaml\nreplications: 2\n{design}"
        outcome = run(written(folder / "written", text), folder / "out")
        assert outcome.summary is not None
        found[name] = outcome.summary, folder / "out"
    return found


@pytest.mark.parametrize("name", CASES)
def test_a_design_has_the_figures_that_suit_it(summaries: dict[str, tuple[Summary, Path]], name: str) -> None:
    summary, folder = summaries[name]
    drawn = draw_batch(summary, folder)
    assert {path.stem for path in drawn} == CASES[name][1]
    for path in drawn:
        assert path.read_bytes().startswith(b"\x89PNG")
        svg = path.with_suffix(".svg").read_text(encoding="utf-8")
        assert f"Batch $x$ {name}" in svg
        assert not re.search(r"(href|src)=\"https?:", svg)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("width", [60, 200])
def test_the_table_fits_and_names_every_path(summaries: dict[str, tuple[Summary, Path]], name: str, width: int) -> None:
    summary, _ = summaries[name]
    text = render_batch(summary, width)
    assert max(map(len, text.splitlines())) <= width
    for path in summary.design.columns:
        assert path[:20] in text
    assert "Youth unemployment" in text
    assert "nan" not in text


def test_names_keep_the_signs_that_mean_something_to_matplotlib(summaries: dict[str, tuple[Summary, Path]]) -> None:
    summary, folder = summaries["signs"]
    draw_batch(summary, folder)
    svg = (folder / "figures" / "by_month.svg").read_text(encoding="utf-8")
    for name in summary.names:
        assert name in svg


def test_a_grid_of_what_nobody_can_measure_is_drawn(summaries: dict[str, tuple[Summary, Path]]) -> None:
    """Where no K-visa holder comes, say, none is unemployed and none is employed."""
    summary, _ = summaries["two"]
    nothing = replace(summary, table=summary.table.assign(mean=float("nan")), runs=summary.runs * float("nan"))
    figure = draw_heat_map(nothing, pd.DataFrame())
    assert all("nobody to measure it by" in [text.get_text() for text in axes.texts] for axes in figure.axes[:3])


def test_a_large_design_shows_what_paths_do(summaries: dict[str, tuple[Summary, Path]]) -> None:
    summary, _ = summaries["sample"]
    text = render_batch(summary, 120)
    assert "32 points" in text
    ranked = [line.split()[0] for line in text.splitlines() if "->" in line]
    assert ranked[0] == "graduates.cohort_scale"  # the fake follows nothing else
    row = summary.effects.set_index(["outcome", "path"]).loc[("unemployment_rate", "graduates.cohort_scale")]
    assert row["effect"] == pytest.approx(row["to"] - row["from"])


def test_few_persons_are_flagged(summaries: dict[str, tuple[Summary, Path]]) -> None:
    summary, _ = summaries["one"]
    assert not summary.table["flagged"].any()
    few = summary.table.assign(flagged=True, population_needed=250_000.0)
    flagged = Summary(**{**vars(summary), "table": few})
    assert "rests on fewer than 100 simulated persons; a population of 250,000 would settle it" in render_batch(
        flagged, 120
    )


def test_paths_that_the_points_cannot_tell_apart_get_no_effect(tmp_path: Path) -> None:
    together = "scenario: base.yaml\nlist:\n" + "".join(
        f"  - {{graduates.cohort_scale: {size}, layoffs.protection: {size}}}\n" for size in (0.1, 0.2, 0.3, 0.4)
    )
    outcome = run(written(tmp_path / "written", together + "replications: 2\n"), tmp_path / "out")
    assert outcome.summary is not None
    assert outcome.summary.effects.empty
    assert "what each path changes" not in render_batch(outcome.summary, 100)


def test_luck_that_all_points_share_is_left_out() -> None:
    index = pd.MultiIndex.from_product([[1, 2, 3], [1, 2]], names=["replication", "point"])
    effect, luck = [10.0, 12.0] * 3, [0.0, 0.0, 5.0, 5.0, -8.0, -8.0]
    runs = pd.Series([left + right for left, right in zip(effect, luck, strict=True)], index=index)
    assert less_luck(runs).groupby(level="point").nunique().max() == 1
    assert own_luck(runs).max() == pytest.approx(0)
    assert less_luck(runs).groupby(level="point").mean().diff().iloc[-1] == pytest.approx(2)
    runs.iloc[0] += 3
    assert own_luck(runs).min() > 0


def test_the_ends_of_a_sampled_range_are_no_finer_than_it() -> None:
    assert ends_words(0.00341, 0.599) == ("0", "0.6")
    assert ends_words(0.951, 1.0496) == ("0.95", "1.05")
    assert ends_words(1365, 996_743) == ("0", "1 m")
    assert ends_words("a", "b") == ("a", "b")


def test_points_of_a_list_go_by_their_names(tmp_path: Path) -> None:
    named = "list: [{name: nothing}, {name: a strict law, layoffs.protection: {2019-01: 0.5, 2019-06: 0}}]\n"
    outcome = run(written(tmp_path / "written", f"scenario: base.yaml\nreplications: 2\n{named}"), tmp_path / "out")
    assert outcome.summary is not None
    assert "a strict law" in render_batch(outcome.summary, 100)
    assert [point_words(outcome.summary, point) for point in (1, 2)] == ["nothing", "a strict law"]
    plain = Summary(**{**vars(outcome.summary), "names": ("", "")})
    assert point_words(plain, 2).replace("\n", " ") == "Layoffs firms must forgo: 0.5 from 2019-01, 0 from 2019-06"
