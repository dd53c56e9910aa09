"""The page's own words in Chinese, and numbers as Chinese readers write them; English is what the code says."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from model.specification import in_force
from model.tables import read_rows
from views import changes, numbers
from views.difference_wording import certainty
from views.language import CHINESE

if TYPE_CHECKING:
    import pandas as pd

    from views.language import Language

PHRASES: dict[str, str] = {
    # --- units -----------------------------------------------------------------------------------
    "people per year": "人/年",
    "share": "比例",
    "vacancies per hire": "岗位/人",
    "ratio": "倍数",
    "share of wage": "占工资比例",
    "share per month": "每月比例",
    "odds ratio": "优势比",
    "per year": "每年",
    "homes per year": "套/年",
    "true or false": "是或否",
    "share of labour force": "占劳动力比例",
    "people": "人",
    "index, 2018-01 = 100": "指数（2018年1月=100）",
    "index 0..1": "指数（0-1）",
    "share of blame": "归咎比例",
    # --- what levers mean ------------------------------------------------------------------------
    "Ceiling on K-visa arrivals; 0 closes the visa.": "每年K签证入境人数上限；0表示关闭签证。",
    "Extra vacancies a K-visa hire brings to its firm after 6 to 12 months; below 0 posts are lost. Somewhat above 1 "
    "leaves native jobs unchanged.": (
        "每名K签证雇员在6至12个月后为企业带来的额外岗位；低于0表示岗位减少，略高于1时本地就业不变。"
    ),
    "Scales the openings firms post; 0 is a hiring freeze.": "调整企业发布的招聘岗位数；0表示冻结招聘。",
    "Vacancy-weighted mean share of vacancies closed to people aged 35 and over; each occupation's own share "
    "scales with it, clipped at 1.": (
        "不招35岁及以上者的岗位所占比例（按空缺加权平均）；各职业的比例随之变动，最高为1。"
    ),
    "Subsidy paid to the employer of a new graduate; it moves graduates up in firms' rankings and adds campus "
    "openings.": "向雇用应届毕业生的企业发放补贴；提高毕业生在企业排序中的位置，并增加校园招聘。",
    "Layoffs beyond what firms would make.": "企业原有裁员之外的额外裁员。",
    "Share of layoffs firms are made to forgo that month; the gap between jobs and target stays.": (
        "企业当月必须放弃的裁员比例；岗位与目标之间的差距仍在。"
    ),
    "Real growth of technology's output.": "科技产出的实际增速。",
    "Per cent more jobs per per cent more output in technology.": "科技产出每增加1%，岗位增加的百分数。",
    "How tightly developers' borrowing is capped: 0 free, 1 the three red lines in full.": (
        "对房企融资的限制程度：0为不限制，1为“三道红线”全面执行。"
    ),
    "Homes a government team buys: foreclosed listings first, then finished unsold homes.": (
        "国家队收购的住房：先购法拍房，再购已完工未售住房。"
    ),
    "Scales every graduating class.": "调整每届毕业生的规模。",
    # --- groups of levers ------------------------------------------------------------------------
    "The K visa": "K签证",
    "Hiring": "招聘",
    "Layoffs": "裁员",
    "Technology": "科技",
    "Property": "房地产",
    "Graduates": "毕业生",
    # --- presets ---------------------------------------------------------------------------------
    "Baseline": "基准",
    "Larger graduating classes": "毕业生增多",
    "H-1B talent turns to China": "H-1B人才转向中国",
    "A hiring freeze": "冻结招聘",
    "A technology boom without jobs": "没有就业的科技繁荣",
    "The K visa wide open": "K签证大幅放开",
    "No K visa": "没有K签证",
    "No cap on developers' debt": "房企债务不设限",
    "No property slump at all": "房地产完全没有下行",
    "A national team buys homes": "国家队收购住房",
    "No age limit at 35": "取消35岁门槛",
    "Technology layoffs": "科技裁员",
    "Your scenario": "你的方案",
    # --- certainty -------------------------------------------------------------------------------
    "too close to call": "无法判断",
    "no difference at all": "完全相同",
    "too small to show": "小到无法显示",
    "higher": "更高",
    "lower": "更低",
    "almost certainly higher": "几乎可以肯定更高",
    "almost certainly lower": "几乎可以肯定更低",
    "one replication: an anecdote": "只有一次模拟：不足为凭",
    # --- causes ----------------------------------------------------------------------------------
    "property slump": "房地产下行",
    "housing wealth and consumption": "住房财富与消费",
    "technology: layoffs and jobless growth": "科技：裁员与无就业增长",
    "age-35 rules": "35岁门槛",
    "graduate numbers": "毕业生人数",
    "K visa": "K签证",
    "policy feedback": "政策反馈",
    "total": "合计",
}
#: The question of each shipped scenario.
QUESTIONS: dict[str, str] = {
    "baseline": "如果历史照旧，而今天的政策此后不变，中国城市会怎样？",
    "graduate_surge": "如果从2025年夏天起每届毕业生都多五分之一？",
    "h1b_diversion": "如果美国对H-1B的收紧把大批人才推向中国？",
    "hiring_freeze": "如果2025年下半年企业只发布三成岗位？",
    "jobless_tech_boom": "如果科技产出从2025年起每年增长五分之一，却没有带来一个岗位？",
    "k_visa_open": "如果每年有五十万人持K签证而来，2025年10月的担忧成真？",
    "no_k_visa": "如果K签证从未开放？",
    "no_property_slump": "如果房企融资从未受限？",
    "no_property_slump_flat_demand": "如果既没有融资限制，住房需求也没有下降，房地产完全没有下行？",
    "property_rescue": "如果国家队从2024年10月起每年收购一百万套法拍房和未售住房？",
    "protect_over_35": "如果从2025年起没有岗位拒绝35岁及以上者，裁员也不再偏向他们？",
    "tech_layoffs": "如果2025年科技企业每月再裁掉百分之二的员工？",
}


def said(phrase: str, language: Language) -> str:
    """A phrase in a language; what has no Chinese stays English."""
    return phrase if language == "en" else PHRASES.get(phrase) or CHINESE.get(phrase, phrase)


@cache
def _sectors() -> dict[str, str]:
    return {row["sector_id"]: row["title_zh"] for row in read_rows("sectors.csv")}


def sector_title(sector: str) -> str:
    """A sector's name in Chinese."""
    return _sectors().get(sector, sector)


def indicator_label(name: str, language: Language) -> str:
    """What an indicator is called."""
    indicator = in_force().indicator[name]
    return indicator.label_zh if language == "zh" else indicator.label


def amount(name: str, value: float, language: Language) -> str:
    """A level of an indicator with its unit."""
    if language == "en" or not math.isfinite(value):
        return numbers.amount(name, value)
    if numbers.is_percent(name):
        return f"{100 * value:.1f}%"
    return _count(value) if in_force().indicator[name].kind == "count" else numbers.amount(name, value)


def change(name: str, value: float, language: Language, places: int | None = None) -> str:
    """A difference of an indicator with its sign and unit."""
    if language == "en" or not math.isfinite(value):
        return numbers.change(name, value, places)
    if numbers.is_percent(name):
        return numbers.change(name, value, places).replace(" points", "个百分点")
    if in_force().indicator[name].kind == "count":
        return ("+" if value > 0 else "-" if value < 0 else "") + _count(abs(value))
    return numbers.change(name, value, places)


def interval(name: str, low: float, high: float, language: Language, places: int | None = None) -> str:
    """An interval of differences."""
    if language == "en" or not (math.isfinite(low) and math.isfinite(high)):
        return numbers.interval(name, low, high, places)
    if numbers.is_percent(name):
        return numbers.interval(name, low, high, places).replace(" to ", "至")
    return f"{change(name, low, language)}至{change(name, high, language)}"


def _count(value: float) -> str:
    """A number of people, jobs or homes in ten thousands (万) and hundred millions (亿)."""
    for size, unit in ((1e8, "亿"), (1e4, "万")):
        if abs(value) >= size:
            scaled = value / size
            return f"{scaled:,.2f}{unit}" if abs(scaled) < 10 else f"{scaled:,.0f}{unit}"
    return f"{value:,.0f}"


def difference_sentence(indicator: str, row: pd.Series) -> str:
    """One sentence on one row of a comparison, as `views.difference_wording` says it in English."""
    difference, low, high = (float(row[column]) for column in ("difference", "low", "high"))
    subject, year = indicator_label(indicator, "zh"), int(row["year"])
    words = certainty(indicator, difference, low, high, float(row["chance_sign_right"]))
    places = numbers.decimals(indicator, difference, low, high)
    size = change(indicator, difference, "zh", places)
    span = f"95%区间{interval(indicator, low, high, 'zh', places)}"
    sides = [amount(indicator, float(row[side]), "zh") for side in ("reform", "baseline")]
    if words == "no difference at all":
        return f"{year}年{subject}在两种情形下逐人相同。"
    if not math.isfinite(low):
        return f"{year}年{subject}在唯一一次模拟中相差{size}，说明不了什么。"
    if words == "too small to show":
        return f"{year}年{subject}的差异小到无法显示，两种情形均为{sides[0]}。"
    if words == "too close to call":
        return f"方案是否改变{year}年的{subject}，目前无法判断：{size}，{span}包含零。"
    return f"与基准相比，{year}年{subject}{said(words, 'zh')}：{size}（{span}），{sides[0]}对{sides[1]}。"


def held(value: object, language: Language) -> str:
    """A value of a scenario in words: a number, or dated values one after another."""
    if language == "zh" and isinstance(value, Mapping):
        return "；".join(f"{month}起{changes.said(one)}" for month, one in sorted(value.items()))
    if language == "zh" and isinstance(value, bool):
        return "是" if value else "否"
    return changes.said(value)


def waterfall_sentences(rows: Sequence[Mapping[str, Any]], blame: float) -> list[str]:
    """The answer of a waterfall, as `views.attribution` says it in English; the total is one of the rows."""
    causes = {row["cause"]: row for row in rows if row["cause"] != "total"}
    total = next(row for row in rows if row["cause"] == "total")["effect_pp"]
    largest = max(causes.values(), key=lambda row: abs(row["effect_pp"]))
    unsure = [
        said(name, "zh")
        for name, row in causes.items()
        if row["effect_pp"] and not (row["low_pp"] is not None and (row["low_pp"] > 0 or row["high_pp"] < 0))
    ]
    visa = causes["K visa"]["effect_pp"]
    return [
        (
            f"各原因合计使青年失业率变动{_points(total)}；其中最大的是{said(largest['cause'], 'zh')}，"
            f"{_points(largest['effect_pp'])}。"
        ),
        f"目前无法判断：{'、'.join(unsure)}。" if unsure else "每项不为零的影响，方向均可确定（95%区间）。",
        f"公众把{100 * blame:.1f}%的责任归咎于K签证；它实际带来{_points(visa)}。",
    ]


def _points(value: float) -> str:
    return f"{numbers.signed(value, 2)}个百分点"
