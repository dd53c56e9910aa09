"""What is looked at: figures, sentences, terminal tables and the report, made from a small invented run."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from experiments.compare.comparison import Comparison, compare
from model.results import summarise, t95
from model.scenario.scenario import default_scenario
from model.schedule import month_label
from model.specification import in_force
from views import templates
from views.figures import DRAWINGS, draw_all, drawings, palette, spoken
from views.figures.labels import keep_apart, spread
from views.figures.style import STYLE
from views.report.blame import with_visa
from views.report.cards import cards
from views.report.official import fit, published
from views.report.presentation import present
from views.report.readings import Band, Estimate, Readings, over_a_year, sum_of_a_year
from views.report.story import Story
from views.templates import typeset
from views.terminal.tables import render_comparison, render_summary
from views.words import numbers, wording
from views.words.captions import CAPTIONS
from views.words.caveats import caveats, flagged
from views.words.difference_wording import YOUTH, certainty, difference_sentence
from views.words.language import Speech
from views.words.visa_wording import visa

SVG = "{http://www.w3.org/2000/svg}"
POPULATION = 20_000
#: The K visa starts in 2025-10.
VISA = 93


def invented(name: str = "baseline", *, first: int = 0, months: int = 120, replications: int = 3, youth: float = 0.0,
             visa: bool = True) -> pd.DataFrame:  # fmt: skip
    """A table of the right shape: a season for the young, a slump, a visa; `youth` is added to the youth rate."""
    time = np.arange(first, first + months)
    frames = []
    for replication in range(replications):
        luck = np.random.default_rng(replication).normal(0, 1, months)
        usual = {"count": 50e6, "rate": 0.05, "ratio": 1.0}
        columns = {one.name: usual.get(one.kind, 100.0) * (1 + 0.01 * luck) for one in in_force().indicators}
        force = 480e6 + 0 * time
        for age, share in (("16_24", 0.07), ("25_29", 0.12), ("30_59", 0.7), ("over_35", 0.6), ("graduates", 0.03)):
            columns[f"labour_force_{age}"] = share * force
        rates = {"": 0.05, "_25_29": 0.07, "_30_59": 0.04, "_over_35": 0.041, "_graduates": 0.2}
        for age, rate in rates.items():
            columns[f"unemployment_rate{age}"] = rate + 0.001 * luck
        columns["unemployment_rate_16_24"] = 0.15 + 0.03 * ((time % 12) == 7) + 0.004 * luck + youth
        columns["labour_force"], columns["inactive"] = force, 0.6 * force
        columns["unemployed"] = force * columns["unemployment_rate"]
        columns["employed"] = force - columns["unemployed"]
        columns["vacancy_rate"] = 0.03 - 0.001 * luck
        columns["layoffs"], columns["layoffs_over_35"] = 1e6 + 0 * time, 5e5 + 0 * time
        columns["employment_tech"] = 10e6 + 2e4 * time + 1e4 * luck
        columns["employment_developers"] = 5e6 - 1e4 * time + 1e3 * luck
        columns["employment_construction"] = 50e6 - 5e4 * time + 1e3 * luck
        there = (time >= VISA) & visa
        columns["k_visa_stock"] = np.where(there, 8000.0 * (time - VISA + 1), 0)
        columns["k_visa_arrivals"] = np.where(there, 8000.0, 0)
        columns["unemployment_rate_k_visa"] = np.where(there, 0.2, np.nan)
        columns["net_native_jobs_per_k_hire"] = np.where(there, -0.5, np.nan)
        for indicator in in_force().indicators:
            if indicator.kind == "share" and not indicator.name.startswith("k_visa"):
                columns[indicator.name] = 0.2 + 0.001 * luck
        columns["k_visa_suspended"] = 0.0 * time
        columns["foreclosed_homes"] = 1e6 + 0 * time
        frame = pd.DataFrame({name: columns[name] for name in columns}, dtype=float)
        frame.insert(0, "month", [month_label(int(month)) for month in time])
        frame.insert(0, "seed", replication + 1)
        frame.insert(0, "replication", replication)
        frame.insert(0, "scenario", name)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def story_of(table: pd.DataFrame, comparison: Comparison | None = None) -> Story:
    scenario = replace(default_scenario(), name="baseline", description="What is?", population=POPULATION)
    return Story(Readings(table), summarise(table, POPULATION), scenario, {"identity": "abc"}, comparison)


def compared_with(baseline: pd.DataFrame, reform: pd.DataFrame) -> Comparison:
    return compare(("reform", reform, summarise(reform, POPULATION)),
                   ("baseline", baseline, summarise(baseline, POPULATION)))  # fmt: skip


@pytest.fixture(scope="module")
def story() -> Story:
    return story_of(invented())


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compared_with(invented(), invented("reform", youth=0.01))


# --- colours --------------------------------------------------------------------------------------


def test_contrast_is_that_of_wcag() -> None:
    assert palette.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert palette.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_text_is_readable_in_every_colour() -> None:
    for colour in (*palette.OKABE_ITO, palette.QUIET, palette.INK):
        assert palette.contrast(palette.text_colour(colour), palette.PAPER) >= palette.LEAST_CONTRAST
    assert palette.text_colour(palette.BLUE) == palette.BLUE


def test_no_two_series_share_colour_dash_or_marker() -> None:
    for part in ("colour", "dash", "marker"):
        assert len({getattr(mark, part) for mark in palette.MARKS}) == len(palette.MARKS)


def test_text_of_the_page_is_readable() -> None:
    css = (Path(templates.__file__).parent / "report.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", css))
    for name in ("ink", "quiet", "link", "mark"):
        for background in ("#ffffff", colours["tint"]):
            assert palette.contrast(colours[name], background) >= palette.LEAST_CONTRAST, name


def test_the_style_of_every_sheet_is_seaborns() -> None:
    """All of it but the colour map, which no figure leaves to the style."""
    import seaborn as sns

    seaborn = sns.axes_style("ticks") | sns.plotting_context("paper")
    del seaborn["image.cmap"]
    assert seaborn.keys() == STYLE.keys()
    for name, value in seaborn.items():
        assert STYLE[name] == (pytest.approx(value) if isinstance(value, float) else value), name


# --- numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "value", "text"), [
    ("unemployment_rate_16_24", 0.1642, "16.4 %"), ("labour_force", 496.2e6, "496 million"),
    ("employment_tech", 14.44e6, "14.4 million"), ("k_visa_stock", 12_345, "12,300"),
    ("k_visa_stock", 999_700, "1.0 million"),
    ("house_price_index", 83.24, "83.2"), ("median_wage", 6210.4, "6,210 yuan"), ("backlash", 0.413, "0.41"),
    ("tightness", math.nan, "n/a"),
])  # fmt: skip
def test_amounts(name: str, value: float, text: str) -> None:
    assert numbers.amount(name, value) == text


@pytest.mark.parametrize(("name", "value", "text"), [
    ("unemployment_rate_16_24", 0.025, "+2.5 points"), ("unemployment_rate_16_24", -0.0004, "-0.04 points"),
    ("unemployment_rate_16_24", 0.0, "0.00 points"), ("employed", -1_240_000, "-1.2 million"), ("employed", 0.0, "0"),
    ("house_price_index", 3.04, "+3.0"),
])  # fmt: skip
def test_changes_have_a_sign_and_a_unit(name: str, value: float, text: str) -> None:
    assert numbers.change(name, value) == text


def test_intervals() -> None:
    assert numbers.interval("unemployment_rate", -0.002, 0.027) == "-0.2 to +2.7"
    assert numbers.interval("employed", -1.2e6, 3.4e6) == "-1.2 to +3.4 million"
    assert numbers.level_interval("unemployment_rate", 0.162, 0.166) == "16.2 to 16.6 %"
    assert numbers.interval("employed", math.nan, math.nan) == "n/a"


# --- readings -------------------------------------------------------------------------------------


def test_readings_do_not_depend_on_the_order_of_rows() -> None:
    table = invented(months=30)
    shuffled = table.sample(frac=1, random_state=3)
    for name in ("unemployment_rate_16_24", "vacancies"):
        np.testing.assert_array_equal(Readings(table).paths(name), Readings(shuffled).paths(name))


def test_full_years_leave_a_part_year_out() -> None:
    assert Readings(invented(months=30)).full_years == [2018, 2019]
    assert Readings(invented(months=5)).full_years == [2018]


def test_band_of_few_replications_is_their_range() -> None:
    band = Band.of(np.array([[1.0, np.nan], [3.0, np.nan]]))
    assert (band.mean[0], band.low[0], band.high[0]) == (2.0, 1.0, 3.0)
    assert np.isnan(band.mean[1])


def test_estimate_is_students_interval() -> None:
    estimate = Estimate.of(np.array([1.0, 2.0, 3.0]))
    assert estimate.mean == 2
    assert estimate.high - 2 == pytest.approx(4.3027 / math.sqrt(3), rel=1e-4)
    assert math.isnan(Estimate.of(np.array([1.0])).low)
    assert t95(19) == pytest.approx(2.093, abs=0.01)


def test_official_series_keeps_definitions_apart() -> None:
    new, old = published("unemployment_rate_16_24"), published("unemployment_rate_16_24", earlier=True)
    assert min(new) == "2023-12"
    assert max(old) < "2023-12"
    found = fit("unemployment_rate_16_24", {month: rate + 0.01 for month, rate in new.items()})
    assert found is not None
    assert (found.rmse, found.bias) == (pytest.approx(0.01), pytest.approx(0.01))
    assert fit("unemployment_rate_16_24", {"2018-01": 0.1}) is None


# --- wording --------------------------------------------------------------------------------------


def row(difference: float, low: float, high: float) -> pd.Series:
    return pd.Series({"year": 2027, "baseline": 0.15, "reform": 0.15 + difference, "difference": difference,
                      "low": low, "high": high, "chance_sign_right": 0.99})  # fmt: skip


@pytest.mark.parametrize(("values", "words"), [
    ((0.01, 0.005, 0.015), "higher"), ((-0.01, -0.015, -0.005), "lower"), ((0.01, -0.001, 0.02), "too close to call"),
    ((0.0, 0.0, 0.0), "same in both"), ((0.01, math.nan, math.nan), "only replication"),
])  # fmt: skip
def test_a_difference_is_called_only_when_its_interval_leaves_zero_out(
    values: tuple[float, float, float], words: str
) -> None:
    sentence = difference_sentence(YOUTH, row(*values), "reform", "baseline")
    assert words in sentence
    assert ("higher" in sentence, "lower" in sentence) == (words == "higher", words == "lower")


def test_headline_of_a_comparison_tells_the_sign(comparison: Comparison) -> None:
    first = wording.headline(story_of(invented("reform", youth=0.01), comparison))[0]
    assert "higher under reform than under the baseline: +1.0 points" in first


def test_visa_is_set_against_the_most_it_can_explain(story: Story) -> None:
    said = " ".join(wording.headline(story))
    assert "the index of anger at the visa, an illustration without data behind it" in said
    assert "Even if every job" in said
    assert "blame" not in said
    without = story_of(invented(visa=False))
    assert wording.headline(without)[1] == "Nobody holds a K visa in the months of this run."


def test_closing_the_visa_shows_the_side_where_it_is_open() -> None:
    closed = invented("reform", visa=False)
    pair = story_of(closed, compared_with(invented(), closed))
    assert with_visa(pair).readings.paths("k_visa_stock").any()
    assert wording.headline(pair)[-1].endswith("the index of anger at the visa stands at 0.20 where it is open.")
    assert visa(pair)[0] == "Nobody holds a K visa under reform; figure and numbers are those of the baseline."
    assert "K-visa holders" in CAPTIONS["visa_and_backlash"].alternative(pair)


def test_what_other_levers_do_is_not_put_on_the_visa() -> None:
    closed = invented("reform", visa=False)
    pair = story_of(closed, compared_with(invented(), closed))
    only_visa = replace(pair, changes=[("visa.annual_quota", 1, 0), ("parameters.visa_applicants", 2, 1)])
    assert "where it is open" in " ".join(wording.headline(only_visa))
    both = replace(pair, changes=[("visa.annual_quota", 1, 0), ("graduates.cohort_scale", 1, 1.2)])
    assert "where it is open" not in " ".join(wording.headline(both))


def test_cards_point_where_a_change_goes_only_when_that_can_be_told() -> None:
    higher, flat = compared_with(invented(), invented("reform", youth=0.01)), invented("reform")
    assert cards(story_of(invented("reform", youth=0.01), higher))[0].direction == "up"
    assert cards(story_of(flat, compared_with(invented(), flat)))[0].direction == "none"


def test_what_rounds_to_nothing_is_too_small_to_show() -> None:
    assert certainty("house_price_index", 0.004, 0.001, 0.007) == "too small to show"
    assert certainty("house_price_index", 0.4, 0.1, 0.7) == "higher"
    assert certainty("unemployment_rate", 0.0, 0.0, 0.0) == "no difference at all"


def test_youth_rate_is_scored_with_its_number_of_months(story: Story) -> None:
    assert "n = 27" in " ".join(wording.youth(story))
    assert "none of the months" in " ".join(wording.youth(story_of(invented(months=24))))


def test_jobs_gained_and_lost(story: Story) -> None:
    said = " ".join(wording.property_and_technology(story))
    assert re.search(r"in construction: -[\d.]+ million \(95 % interval", said)
    assert re.search(r"in technology: \+[\d.]+ million", said)


def test_small_numbers_are_flagged_with_the_population_that_settles_them(story: Story) -> None:
    said = flagged(story.summary)
    assert len(said) == 1
    assert "K-visa holders" in said[0]
    needed = [int(figure.replace(",", "")) for figure in re.findall(r"\d[\d,]*,\d{3}", said[0])]
    assert needed == sorted(needed)
    assert needed[0] > POPULATION


def test_one_replication_is_called_an_anecdote() -> None:
    assert "anecdote" in caveats(story_of(invented(replications=1)))[0]


# --- terminal -------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_tables_fit_the_terminal(story: Story, comparison: Comparison, width: int) -> None:
    for text in (render_summary(story.summary, story.scenario, width, colour=False),
                 render_comparison(comparison, width, colour=False)):  # fmt: skip
        assert max(len(line) for line in text.splitlines()) <= width
        assert "\033" not in text


def test_summary_shows_level_interval_and_flag(story: Story) -> None:
    text = render_summary(story.summary, story.scenario, 100, colour=False)
    assert re.search(r"unemployment 16-24 .*15\.\d ±\d\.\d %", text)
    assert re.search(r"K-visa holders .*\*", text)
    assert "would settle" in text
    assert all(str(year) in text.splitlines()[1] for year in (2018, 2021, 2024, 2027))


def test_comparison_marks_what_is_too_close_to_call() -> None:
    noisy = invented("reform")
    noisy["unemployment_rate"] += 0.001 * (noisy["replication"] - 1)
    text = render_comparison(compared_with(invented(), noisy), 100, colour=True)
    assert "too close to call" in text
    assert "no difference at all" in text
    assert "\033[1m" in text


def test_a_name_cannot_send_control_characters(story: Story) -> None:
    scenario = replace(default_scenario(), name="bad\033[31m", population=POPULATION)
    assert "\033" not in render_summary(story.summary, scenario, 80, colour=False)


# --- figures --------------------------------------------------------------------------------------


def check_files(folder: Path, names: list[str]) -> None:
    for name in names:
        assert (folder / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        root = ET.fromstring((folder / f"{name}.svg").read_text(encoding="utf-8"))  # noqa: S314 - our own file
        assert root.find(f"{SVG}title") is not None
        assert root.get("role") == "img"
        assert sum(1 for _ in root.iter(f"{SVG}path")) > 5 or "visa" in name


def test_every_figure_exists_in_both_formats(tmp_path: Path, comparison: Comparison) -> None:
    whole = story_of(invented("reform", youth=0.01), comparison)
    drawn = draw_all(whole, tmp_path)
    check_files(tmp_path, [drawing.name for drawing in drawings(whole)])
    assert [figure.name for figure in drawn] == ["difference", *(drawing.name for drawing in DRAWINGS)]


@pytest.mark.parametrize("table", [
    invented(months=1), invented(first=80, months=14, replications=1), invented(months=3, replications=2, visa=False),
], ids=["one month", "one replication", "no visa"])  # fmt: skip
def test_short_and_single_runs_are_drawn_too(tmp_path: Path, table: pd.DataFrame) -> None:
    draw_all(story_of(table), tmp_path)
    check_files(tmp_path, [drawing.name for drawing in DRAWINGS])


def test_the_same_run_gives_the_same_picture(tmp_path: Path, story: Story) -> None:
    """Here, and on two processes that know only what they are handed."""
    one, two = (draw_all(story, tmp_path / str(workers), workers) for workers in (1, 2))
    assert one == two
    for figure in sorted((tmp_path / "1").iterdir()):
        assert figure.read_bytes() == (tmp_path / "2" / figure.name).read_bytes()


def test_chinese_falls_back_to_english_without_a_font(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("views.figures.chinese_font", lambda: None)
    assert spoken(Speech("zh")) == Speech("en")
    assert Speech("zh")("Property") == "房地产"
    assert Speech("en")("95 % of {n} replications", n=20) == "95 % of 20 replications"


def test_labels_are_pushed_apart() -> None:
    places = spread([0.5, 0.5, 0.51, 1.4], [0.1] * 4)
    assert all(b - a >= 0.0999 for a, b in zip(sorted(places), sorted(places)[1:], strict=False))
    assert max(places) <= 1
    boxes = keep_apart([(50, 50), (52, 50)], [(20, 8), (20, 8)], [3, 3], (0, 0, 100, 100))
    assert abs(boxes[0][0] - boxes[1][0]) >= 20 or abs(boxes[0][1] - boxes[1][1]) >= 8


# --- the report -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, comparison: Comparison) -> str:
    folder = tmp_path_factory.mktemp("run")
    baseline = replace(default_scenario(), name="baseline")
    (folder / "against.yaml").write_text(baseline.to_yaml(), encoding="utf-8")
    scenario = replace(baseline.with_values({"visa.annual_quota": 7}), name="<script>alert(1)</script> $x$")
    table = comparison.reform_table
    manifest = {"identity": "f" * 64, "command": ["run.py", "a b.yaml"]}
    present(folder, table, summarise(table, POPULATION), scenario, manifest, comparison)
    assert (folder / "figures" / "difference.png").exists()
    return (folder / "report.html").read_text(encoding="utf-8")


def test_report_asks_the_network_for_nothing(report: str) -> None:
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?!#)""", report.replace("xlink:href", "href"))
    assert not re.search(r"url\((?!#)|@import", report)
    assert not re.search(r"<(?:script|link|iframe|img|object)\b", report)


def test_report_escapes_what_users_write(report: str) -> None:
    assert "<script>" not in report
    assert "&lt;script&gt;alert(1)" in report


def test_report_describes_every_figure(report: str) -> None:
    for name in ("difference", *(drawing.name for drawing in DRAWINGS)):
        for form in ("wide", "narrow"):
            assert re.search(rf'<svg[^>]*aria-labelledby="{name}-{form}-title {name}-{form}-words"', report)
            words = re.search(rf'<desc id="{name}-{form}-words">(.*?)</desc>', report, re.DOTALL)
            assert words is not None
            assert len(words[1]) > 30
    assert report.count("<figure>") == report.count("<figcaption>") == len(DRAWINGS) + 1


def test_report_has_no_two_equal_ids(report: str) -> None:
    ids = re.findall(r'\bid="([^"]+)"', report)
    assert len(ids) == len(set(ids))
    for reference in re.findall(r'(?:url\(#|href="#)([^")]+)', report):
        assert reference in ids


def test_report_says_what_changed_and_how_to_repeat_it(report: str) -> None:
    assert "visa.annual_quota" in report
    assert "people per year" in report
    assert "python run.py &#39;a b.yaml&#39;" in report
    assert "f" * 64 in report
    assert '<html lang="en">' in report
    assert 'class="skip"' in report
    assert len(report) < 3_000_000


@pytest.mark.parametrize("compared", [True, False], ids=["compared", "alone"])
def test_a_report_in_chinese_says_nothing_in_english(tmp_path: Path, comparison: Comparison, *, compared: bool) -> None:
    """Names of files, paths, the command and the manifest stay as they are typed."""
    table, scenario = comparison.reform_table, replace(default_scenario(), name="k_visa_open")
    summary = summarise(table, POPULATION)
    present(tmp_path, table, summary, scenario, {"identity": "f" * 64}, comparison if compared else None, "zh")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert '<html lang="zh-CN">' in page
    assert "<h1>K签证大幅放开" in page
    figures = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    spoken_words = re.sub(r"<(svg|style|pre|code)\b.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    allowed = "China Labour Lab contributors|China Labour Lab"
    left = re.findall(r"[A-Za-z]{3,} +[a-z]{2,}[^<]{0,40}", re.sub(allowed, "", spoken_words))
    assert left == []
    if spoken(Speech("zh")) == Speech("zh"):  # a font is installed
        texts = [text for figure in figures for text in re.findall(r"<(?:text|title|desc)[^>]*>([^<]+)<", figure)]
        assert len(texts) > 100
        assert [text for text in texts if re.search(r"[A-Za-z]{3,} +[a-z]{2,}", text)] == []


def test_numbers_are_typeset() -> None:
    assert typeset("from -1.2 to 16.4 % (-3)") == "from −1.2 to 16.4\N{NO-BREAK SPACE}% (−3)"
    assert typeset("2018-01") == "2018-01"
    assert typeset("95%区间-2.2至+2.1，16-24岁") == "95%区间−2.2至+2.1，16-24岁"


def test_sums_and_means_of_a_year() -> None:
    paths = np.vstack([np.arange(24.0), np.ones(24)])
    paths[1, 0] = np.nan
    assert over_a_year(paths)[0, [0, 1, 23]].tolist() == [0, 0.5, 17.5]
    assert sum_of_a_year(paths)[1, [0, 1, 11, 23]].tolist() == [0, 1, 11, 12]
