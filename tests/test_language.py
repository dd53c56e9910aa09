"""The two languages: the Chinese catalogue is complete and up to date, and both are said by the same rules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

import pandas as pd
import pytest

from experiments.compare.options import compare_parser
from experiments.engine.errors import BadRequest
from experiments.engine.options import main_parser
from model.mechanisms import BUILT_IN
from model.specification import in_force
from views.page.levers import SLIDERS
from views.words import numbers
from views.words.cause_wording import sentences
from views.words.changes import describe_changes
from views.words.difference_wording import YOUTH, difference_sentence
from views.words.language import ENGLISH, Speech, _catalogue
from views.words.scenario_titles import TITLES, YOURS, question, quoted, scenario_title, shipped

CHINESE = Speech("zh")
HAN = re.compile("[\N{CJK UNIFIED IDEOGRAPH-4E00}-\N{CJK UNIFIED IDEOGRAPH-9FFF}]")


def fields(text: str) -> set[str]:
    return set(re.findall(r"\{\w+\}", text))


def strings(text: str | Iterable[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


# --- the catalogue --------------------------------------------------------------------------------


def test_the_catalogue_says_all_that_the_code_says_and_nothing_else() -> None:
    """`make words` brings it up to date; what it then lists has no Chinese yet."""
    pytest.importorskip("babel")
    from views.words import catalogue

    known, said = catalogue.read(), catalogue.extracted()
    assert {m.id for m in said if m.id} == {m.id for m in known if m.id}
    assert catalogue.missing(known) == []
    assert len(known) > 400
    for path, content in catalogue.written(catalogue.merged(known, said)).items():
        assert path.read_bytes() == content, f"{path.name} is stale: make words"


def test_every_translation_fills_in_the_same_fields() -> None:
    pytest.importorskip("babel")
    from views.words import catalogue

    for message in catalogue.read():
        if message.id:
            wanted = set.union(*(fields(text) for text in strings(message.id)))
            assert all(fields(text) == wanted for text in strings(message.string)), message.id


def test_the_catalogue_that_is_read_holds_chinese() -> None:
    """The compiled file, as an installation has it, without Babel."""
    assert CHINESE("Unemployment by age") == "分年龄失业率"
    assert CHINESE("a phrase that nobody knows") == "a phrase that nobody knows"
    assert CHINESE("") == ""
    assert CHINESE.several("{n} month", "{n} months", 1) == "1个月"
    assert [ENGLISH.several("{n} month", "{n} months", n) for n in (1, 2)] == ["1 month", "2 months"]


def test_the_page_has_the_same_words() -> None:
    from views.page.app import STATIC

    page = json.loads((STATIC / "texts.zh.json").read_text("utf-8"))
    assert len(page) > 100
    assert all(_catalogue("zh").gettext(text) == chinese for text, chinese in page.items())


def test_a_language_that_nobody_speaks_here_is_refused() -> None:
    with pytest.raises(BadRequest, match=r"'fr'.*'en', 'zh'"):
        main_parser("", {}).read(["--language", "fr"])
    assert compare_parser().read(["a.yaml", "--language", "zh"]).language == "zh"


# --- what is declared beside the catalogue --------------------------------------------------------


def test_whatever_is_declared_has_its_chinese_beside_it() -> None:
    for mechanism in BUILT_IN:
        labels = [mechanism.title_zh, *(one.label_zh for one in mechanism.indicators)]
        labels += [one.name_zh for one in mechanism.causes]
        assert all(HAN.search(label) for label in labels), mechanism.id
    declared = {path: one for one in in_force().declared for path in in_force().paths_of(one)}
    assert all(HAN.search(declared[slider.path].label_zh) for slider in SLIDERS)


def test_whatever_a_shipped_scenario_changes_has_its_chinese_label_and_unit() -> None:
    baseline, *others = shipped().values()
    for scenario in others:
        for row in describe_changes(list(scenario.changes_from(baseline)), CHINESE):
            assert HAN.search(row.label), row.path
            assert HAN.search(row.unit), row.path


def test_every_shipped_scenario_has_one_title_and_its_question_in_both_languages() -> None:
    assert {path.stem for path in shipped()} == TITLES.keys()
    for path, scenario in shipped().items():
        assert HAN.search(scenario_title(path.stem, CHINESE)), path.name
        assert HAN.search(CHINESE(question(path))), path.name
        assert HAN.search(CHINESE(scenario.description)), path.name
        assert scenario_title(scenario.name) == TITLES[path.stem]


def test_scenarios_are_called_by_their_titles_and_ones_own_by_its_name() -> None:
    assert [quoted("no_k_visa", say) for say in (ENGLISH, CHINESE)] == ["“No K visa”", "“没有K签证”"]
    assert [quoted("baseline", say) for say in (ENGLISH, CHINESE)] == ["the baseline", "基准"]
    assert [quoted("my_own", say) for say in (ENGLISH, CHINESE)] == ["my_own", "my_own"]
    assert [quoted(YOURS, say) for say in (ENGLISH, CHINESE)] == ["your scenario", "您的方案"]
    assert [scenario_title(one, CHINESE) for one in (YOURS, TITLES["no_k_visa"])] == ["您的方案", "没有K签证"]
    assert scenario_title("my_k_visa_plan") == "My K visa plan"
    assert scenario_title("My own <b>") == "My own <b>"


# --- one rule, two phrasings ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("difference", "low", "high", "english", "chinese"),
    [
        (0.01, 0.008, 0.012, "is higher under", "更高"),
        (-0.01, -0.012, -0.008, "is lower under", "更低"),
        (0.001, -0.002, 0.004, "too close to call", "无法判断"),
        (0.0, 0.0, 0.0, "the same in both", "逐人相同"),
        (0.01, float("nan"), float("nan"), "settles nothing", "说明不了什么"),
        (1e-6, 1e-7, 2e-6, "less than can be shown", "小到无法显示"),
    ],
)
def test_a_difference_reads_alike_in_both(
    difference: float, low: float, high: float, english: str, chinese: str
) -> None:
    row = pd.Series({"year": 2027, "baseline": 0.16, "reform": 0.16 + difference, "difference": difference, "low": low,
                     "high": high, "chance_sign_right": 0.98})  # fmt: skip
    said = [difference_sentence(YOUTH, row, "R", "B", say) for say in (ENGLISH, CHINESE)]
    assert english in said[0]
    assert chinese in said[1]
    figures = [sorted(re.findall(r"\d+\.\d+", text)) for text in said]
    assert figures[0] == figures[1]
    assert not re.search(r"[a-z]{3,}", said[1])


def test_an_attribution_reads_alike_in_both() -> None:
    rows = [{"cause": "graduate numbers", "effect_pp": 3.45, "low_pp": 3.2, "high_pp": 3.7},
            {"cause": "K visa", "effect_pp": 0.15, "low_pp": -0.1, "high_pp": 0.4},
            {"cause": "total", "effect_pp": 3.6, "low_pp": 3.3, "high_pp": 3.9}]  # fmt: skip
    english, chinese = (sentences(rows, 0.184, 8, say) for say in (ENGLISH, CHINESE))
    assert english[1] == "Too close to call: K visa."
    (visa,) = english[2:]
    assert visa.startswith("What the K visa brings cannot be told from nothing (95 % interval -0.10 to +0.40 points);")
    assert english[0].endswith("by +3.60 points; the largest of them is graduate numbers with +3.45 points.")
    assert chinese == [
        "各原因合计使青年失业率变动+3.60个百分点；其中最大的是毕业生人数，+3.45个百分点。",
        "目前无法判断：K签证。",
        "K签证的影响与零无法区分（95%区间-0.10至+0.40个百分点）；对它的愤怒指数为0.18。",
    ]
    assert sentences(rows, 0.184, 1, CHINESE)[1] == "只有一次模拟，没有区间，因此都不能确定。"


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [(950, "950", "950"), (9_960, "9,960", "1.00万"), (123_456, "123,000", "12.3万"),
     (1_234_567, "1.2 million", "123万"),
     (496_000_000, "496 million", "4.96亿"), (99_700_000, "99.7 million", "1.00亿")],
)  # fmt: skip
def test_people_are_counted_as_each_language_counts(value: float, english: str, chinese: str) -> None:
    assert (numbers.count(value), numbers.count(value, CHINESE)) == (english, chinese)


def test_numbers_have_their_units_in_chinese() -> None:
    assert numbers.amount(YOUTH, 0.1644, CHINESE) == "16.4%"
    assert numbers.change(YOUTH, 0.0123, say=CHINESE) == "+1.2个百分点"
    assert numbers.interval(YOUTH, -0.01, 0.02, say=CHINESE) == "-1.0至+2.0"
    assert numbers.interval("employed", 1.2e6, 2.3e6, say=CHINESE) == "+120至+230万"
    assert numbers.amount("median_wage", 7000, CHINESE) == "7,000元"
    assert numbers.amount(YOUTH, float("nan"), CHINESE) == "无"


def test_changes_are_told_in_chinese() -> None:
    changes = [
        ("layoffs.extra_rate.tech", 0.0, {"2026-01": 0, "2025-01": 0.02}),
        ("policy_feedback.enabled", True, False),
    ]
    dated, switch = describe_changes(changes, CHINESE)
    assert (dated.label, dated.new, dated.unit) == (
        "额外裁员率（信息技术与互联网）",
        "2025-01起0.02；2026-01起0",
        "每月比例",
    )
    assert (switch.old, switch.new) == ("是", "否")
