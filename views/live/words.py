"""The words of the live market in English and in Chinese: English is what the code says."""

from __future__ import annotations

import math
from dataclasses import dataclass

from model.schedule import FIRST_YEAR
from model.tables import occupations, sectors
from views import numbers
from views.language import Speech

CHINESE: dict[str, str] = {
    # What the page is made of.
    "Live labour market": "实时劳动力市场",
    "Scenario": "情景",
    "Not to be had in the live market, and left out: {what}": "实时市场没有、因而未采用：{what}",
    "Begins": "起始月",
    "Simulated persons": "模拟人数",
    "Language": "语言",
    "Each simulated person stands for about {people} people.": "每个模拟人代表约{people}人。",
    "The market lives through the years before {month} …": "正在模拟{month}之前的年份……",
    "{month} · the scenario ends here; press Reset to play again": "{month} · 情景到此结束，按“重置”可重新播放",
    "Speed": "速度",
    "Pause between months (ms)": "每月间隔（毫秒）",
    "Reset": "重置",
    "Step": "单步",
    "Unemployed, 16-24": "16-24岁失业率",
    "Unemployed, all": "总体失业率",
    "Posts per job seeker": "每名求职者的岗位",
    "K-visa holders": "K签证持有者",
    "students left out": "不含在校生",
    "none yet": "尚无",
    # The graph.
    "The job graph": "职业网络",
    "Colour": "颜色",
    "posts per job seeker": "每名求职者的岗位数",
    "unemployment": "失业率",
    "Size: people at work. Lines: where people hired in the last 12 months came from; moving: hired this month.": (
        "圆面积：在职人数；连线：近12个月被录用者的来处；流动的线：本月录用。"
    ),
    "Choose an occupation to see its firms and people.": "点选职业，查看其企业和人员。",
    "few posts": "岗位少",
    "many posts": "岗位多",
    "low": "低",
    "high": "高",
    "At work": "在职",
    "Looking for work": "正在求职",
    "Open posts": "空缺岗位",
    "Posts per seeker": "每名求职者岗位",
    "Unemployment": "失业率",
    "Hired, 12 months": "近12个月录用",
    "First jobs among them": "其中首次就业",
    "Wage": "月工资",
    "CNY a month": "元/月",
    # The pictures.
    "The Beveridge curve": "贝弗里奇曲线",
    "unemployed, % of labour force": "失业率（%）",
    "open posts, % of all posts": "空缺率（%）",
    "Each dot is a month, the line a mean of twelve; the last year is dark.": (
        "每点为一个月，线为12个月均值；深色为最近一年。"
    ),
    "Who works, searches, waits, is gone": "谁在工作、求职、备考、退出",
    "% of people out of school": "占非在校人口（%）",
    "Ages 16-24": "16-24岁",
    "Ages 25-34": "25-34岁",
    "Ages 35-59": "35-59岁",
    "Recent graduates": "应届与往届毕业生（两年内）",
    "Whom": "人群",
    "at work": "在职",
    "gig work": "零工",
    "searching": "求职",
    "queueing for exams": "备考",
    "gone: at home, gave up, retired": "退出：居家、放弃、退休",
    "As a table, last 12 months": "数据表（近12个月）",
    "Month": "月份",
    "Vacancy rate": "空缺率",
    # An occupation and its firms.
    "Close": "关闭",
    "Firms with most people in this job": "雇用此职业最多的企业",
    "Firm": "企业",
    "Sector": "行业",
    "In this job": "此职业人数",
    "Staff": "员工总数",
    "Vacancies": "空缺",
    "in default": "已违约",
    "no. {number}": "{number}号",
    "Counts in this table are simulated persons.": "本表为模拟人数。",
    "People come from": "来自",
    "People leave for": "去往",
    "nobody in the last 12 months": "近12个月无人",
    "first jobs": "首次就业",
    "People in this job": "从事此职业的人",
    "People who had this job and search": "曾从事此职业、正在求职的人",
    "Nobody here whose life is on record.": "此处没有留有记录的人。",
    "{age}, {education}": "{age}岁，{education}",
    "searching for {span}": "求职{span}",
    "searching since this month": "本月开始求职",
    "{span} in the job": "在职{span}",
    "hired this month": "本月入职",
    # A person.
    "A life": "一个人的经历",
    "{education} in science or technology": "{education}（理工科）",
    "Is {age} years old; {education}.": "{age}岁；{education}。",
    "Came to China on a K visa.": "持K签证来华。",
    "Works as {occupation}, {employer}, for {span}, for {wage} CNY a month.": (
        "从事{occupation}，{employer}，已{span}，月薪{wage}元。"
    ),
    "Began this month as {occupation}, {employer}, for {wage} CNY a month.": (
        "本月开始从事{occupation}，{employer}，月薪{wage}元。"
    ),
    "in gig work": "零工",
    "at {sector} firm no. {number}": "{sector}企业{number}号",
    "Has been looking for work for {span}; last job: {occupation}.": ("已求职{span}；上一份工作：{occupation}。"),
    "Has been looking for work for {span}; trained for: {occupation}.": ("已求职{span}；所学对应：{occupation}。"),
    "Began to look for work this month; last job: {occupation}.": "本月开始求职；上一份工作：{occupation}。",
    "Began to look for work this month; trained for: {occupation}.": "本月开始求职；所学对应：{occupation}。",
    "Has left the cities' labour market for good.": "已离开城镇劳动力市场。",
    "On record since {month}": "记录自{month}起",
    "student": "在校",
    "postgraduate": "读研",
    "waits for an exam": "备考",
    "at home": "居家",
    "gave up searching": "放弃求职",
    "retired": "退休",
    "searches": "求职",
    "works": "在职",
    "Now {status}.": "目前{status}。",
    "lost or left the job as {occupation}": "离开{occupation}的工作",
    "hired as {occupation}": "被录用为{occupation}",
    "moved to another job: {occupation}": "换工作：{occupation}",
    "began to search": "开始求职",
    "began to wait for an exam": "开始备考",
    "began postgraduate studies": "开始读研",
    "stayed at home": "居家",
    "retired from work": "退休",
    "went to school": "上学",
    # Education.
    "no secondary school": "初中及以下",
    "secondary school": "高中或中专",
    "vocational college": "高职大专",
    "bachelor's degree": "本科",
    "master's degree": "硕士及以上",
}

#: Titles of the shipped scenarios; one that is not here is called by its file.
SCENARIOS: dict[str, tuple[str, str]] = {
    "baseline": ("Baseline: today's policies stay", "基准：现行政策不变"),
    "graduate_surge": ("Graduate surge", "毕业生激增"),
    "h1b_diversion": ("H-1B talent turns to China", "H-1B人才转向中国"),
    "hiring_freeze": ("Hiring freeze", "冻结招聘"),
    "jobless_tech_boom": ("Jobless technology boom", "科技繁荣而不增就业"),
    "k_visa_open": ("K visa wide open", "K签证全面放开"),
    "no_k_visa": ("No K visa", "没有K签证"),
    "no_property_slump": ("No property slump", "没有房地产下行"),
    "no_property_slump_flat_demand": ("No property slump, demand held flat", "没有房地产下行（需求持平）"),
    "property_rescue": ("Property rescue", "救助房地产"),
    "protect_over_35": ("Protect workers over 35", "保护35岁以上员工"),
    "tech_layoffs": ("Technology layoffs", "科技裁员"),
}
EDUCATION = ("no secondary school", "secondary school", "vocational college", "bachelor's degree", "master's degree")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LiveSpeech(Speech):
    """Says the live market's phrases, months and names in the language chosen."""

    def __call__(self, phrase: str, **values: object) -> str:
        """The phrase in this language, its `{fields}` filled in."""
        own = CHINESE.get(phrase) if self.language == "zh" else None
        if own is None:
            return Speech.__call__(self, phrase, **values)
        return own.format(**values) if values else own

    def month(self, index: int) -> str:
        """A month in words: July 2026."""
        year, place = FIRST_YEAR + index // 12, index % 12
        return f"{year}年{place + 1}月" if self.language == "zh" else f"{_MONTHS[place]} {year}"

    def short_month(self, index: int) -> str:
        """A month in few letters: Jul 2026."""
        return f"{self.months[index % 12]} {FIRST_YEAR + index // 12}" if self.language == "en" else self.month(index)

    def scenario(self, name: str) -> str:
        """Title of a shipped scenario."""
        return SCENARIOS.get(name, (name, name))[self.language == "zh"]

    @property
    def occupations(self) -> int:
        """How many occupations have a title."""
        return len(occupations().ids)

    def occupation(self, code: int) -> str:
        """Title of an occupation."""
        table = occupations()
        return (table.titles_zh if self.language == "zh" else table.titles)[code]

    def sector(self, code: int) -> str:
        """Title of a sector."""
        table = sectors()
        return (table.titles_zh if self.language == "zh" else table.titles)[code]

    def span(self, months: int) -> str:
        """A number of months: 1 month, 12 months."""
        if self.language == "zh":
            return f"{months}个月"
        return "1 month" if months == 1 else f"{months} months"

    def people(self, real: float) -> str:
        """A number of people: 1.2 million, 120万."""
        if self.language == "en":
            return numbers.count(real)
        if real < 9_950:
            return f"{real:,.0f}"
        ten_thousands = real / 1e4
        if ten_thousands >= 10_000:
            return f"{ten_thousands / 1e4:.2f}亿"
        digits = max(0, 2 - int(math.log10(ten_thousands)))
        return f"{ten_thousands:,.{digits}f}万"


def percent(value: float, places: int = 1) -> str:
    """A share in percent, or a dash."""
    return f"{100 * value:.{places}f} %" if math.isfinite(value) else "–"
