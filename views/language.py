"""The words of figures in English and in Chinese.

English is what the code says; `CHINESE` holds the same phrases. A phrase that is not there stays English.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "zh"]

CHINESE: dict[str, str] = {
    "Unemployment by age": "分年龄失业率",
    "Ages 16-24, students left out": "16-24岁（不含在校生）",
    "Ages 25-29, students left out": "25-29岁（不含在校生）",
    "Ages 30-59, students left out": "30-59岁（不含在校生）",
    "All ages, searching students included": "全部年龄（含求职在校生）",
    "official month": "官方月度数据",
    "official, earlier definition": "官方旧口径",
    "model, mean": "模型均值",
    "single replications": "单次模拟",
    "95 % of {n} replications": "{n}次模拟的95%区间",
    "range of {n} replications": "{n}次模拟的范围",
    "unemployed, % of labour force": "失业率（%）",
    "The season of youth unemployment": "青年失业的季节性",
    "Model, each year (mean)": "模型各年（均值）",
    "Model and official": "模型与官方",
    "model": "模型",
    "official": "官方",
    "Model by month, latest year": "模型最近一年",
    "unemployed aged 16-24, %": "16-24岁失业率（%）",
    "Property": "房地产",
    "House prices (existing homes)": "二手房价格",
    "Sales and starts of new homes": "新房销售与新开工",
    "sales": "销售",
    "starts": "新开工",
    "Developers in default": "违约房企",
    "Foreclosed homes listed": "法拍房挂牌",
    "index, first month = 100": "指数（首月=100）",
    "index, 2018-01 = 100": "指数（2018年1月=100）",
    "simulated developers, so far": "累计违约（模拟房企数）",
    "million homes": "百万套",
    "Technology and age 35": "科技行业与35岁",
    "Jobs in technology and in property": "科技与房地产就业",
    "technology": "科技",
    "construction": "建筑",
    "developers": "房企",
    "Layoffs by age, mean of 12 months": "分年龄裁员（12个月均值）",
    "laid off per 1,000 employed, a month": "每千名就业者每月裁员",
    "35 and over": "35岁及以上",
    "under 35": "35岁以下",
    "Unemployment at 35 and over": "35岁及以上失业率",
    "all ages": "全部年龄",
    "Share of GDP": "占GDP比重",
    "property": "房地产",
    "% of GDP": "占GDP（%）",
    "The K visa and its backlash": "K签证与舆论反弹",
    "K-visa holders in the country": "在华K签证持有者",
    "thousand people": "千人",
    "Arrivals in the last 12 months": "近12个月入境人数",
    "Blame: what people think and what can be": "归咎：公众看法与实际",
    "% of unemployment": "占失业（%）",
    "public's view": "公众看法",
    "ceiling": "上限",
    "measured": "测算",
    "Anger at the visa": "对签证的不满",
    "index, 0 to 1": "指数（0-1）",
    "suspended": "暂停",
    "No K-visa holder in these months": "此期间没有K签证持有者",
    "What foreign hires do to native jobs": "外国雇员对本地就业的影响",
    "Native jobs per foreign hire": "每名外国雇员的本地净就业",
    "Youth unemployment by hires": "青年失业率与在职K签证人数",
    "studies of other visas": "对其他签证的研究",
    "posts brought less jobs held": "带来的岗位减去占用的岗位",
    "ceiling: 0.3 points per 100,000": "上限：每10万人0.3个百分点",
    "posts that a hire brings (complementarity)": "每名雇员带来的岗位（互补性）",
    "net native jobs per hire": "每名雇员的本地净就业",
    "K-visa holders at work, million": "在职K签证持有者（百万）",
    "change of the rate 16-24, points": "16-24岁失业率变化（百分点）",
    "The Beveridge curve": "贝弗里奇曲线",
    "vacancies, % of posts": "空缺率（%）",
    "year": "年均",
    "12-month mean": "12个月移动平均",
    "month": "月度",
    "The job graph": "职业网络",
    "digital and engineering": "数字与工程",
    "property and construction": "房地产与建筑",
    "factory": "制造",
    "shops, food and care": "零售餐饮与居民服务",
    "transport and delivery": "交通与配送",
    "office and business": "办公与商务",
    "public service": "公共服务",
    "farming": "农业",
    "area: jobs in 2023; lines: the likeliest moves": "面积：2023年岗位；连线：最可能的流动",
    "million jobs": "百万岗位",
    "What the reform changes": "方案的影响",
    "Youth unemployment, 16-24": "16-24岁青年失业率",
    "points": "百分点",
    "difference": "差异",
    "95 % interval, same luck": "95%区间（同随机数）",
    "per cent": "%",
    "million": "百万",
    "thousand": "千",
}


@dataclass(frozen=True, slots=True)
class Speech:
    """Says a phrase in the language chosen."""

    language: Language = "en"

    def __call__(self, phrase: str, **values: object) -> str:
        """The phrase in this language, its `{fields}` filled in."""
        chosen = CHINESE.get(phrase, phrase) if self.language == "zh" else phrase
        return chosen.format(**values) if values else chosen

    @property
    def months(self) -> tuple[str, ...]:
        """Short names of the twelve months."""
        if self.language == "zh":
            return tuple(f"{month}月" for month in range(1, 13))
        return ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
