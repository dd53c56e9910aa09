"""What is read off the market each month: one declaration per column of monthly.parquet.

Looking never changes the run. `INDICATORS` keeps the order of the columns; the readings themselves are
taken in `model.phases.measure`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: rate and share: fractions 0..1; count: people (or things) represented; index: 100 in 2018-01.
Kind = Literal["rate", "share", "count", "index", "ratio", "money"]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One column of the monthly table: its label, unit and definition."""

    name: str
    label: str
    label_zh: str
    unit: str
    kind: Kind
    definition: str
    #: The column that counts the people this reading rests on; below 100 simulated persons it is flagged.
    base: str = "labour_force"


INDICATORS: tuple[Indicator, ...] = (
    Indicator("unemployment_rate", "Unemployment rate", "城镇调查失业率", "share of labour force", "rate",
              "Ages 16 and over, searching students included, as in the bureau's total"),
    Indicator("unemployment_rate_16_24", "Youth unemployment rate", "16-24岁失业率", "share of labour force", "rate",
              "Ages 16 to 24, students left out", base="labour_force_16_24"),
    Indicator("unemployment_rate_25_29", "Unemployment rate, 25-29", "25-29岁失业率", "share of labour force", "rate",
              "Ages 25 to 29, students left out", base="labour_force_25_29"),
    Indicator("unemployment_rate_30_59", "Unemployment rate, 30-59", "30-59岁失业率", "share of labour force", "rate",
              "Ages 30 to 59, students left out", base="labour_force_30_59"),
    Indicator("unemployment_rate_over_35", "Unemployment rate, 35 and over", "35岁及以上失业率",
              "share of labour force", "rate", "Ages 35 and over", base="labour_force_over_35"),
    Indicator("unemployment_rate_graduates", "Unemployment rate of recent graduates", "应届毕业生失业率",
              "share of labour force", "rate", "Tertiary, within 24 months of graduating, under 35", base="labour_force_graduates"),
    Indicator("unemployment_rate_k_visa", "Unemployment rate of K-visa holders", "K签证持有者失业率",
              "share of labour force", "rate", "K-visa holders in the country; missing while there is none", base="k_visa_stock"),
    Indicator("long_term_unemployment_share", "Long-term share of unemployment", "长期失业占比",
              "share of unemployed", "share", "Spells of 12 months or more", base="unemployed"),
    Indicator("labour_force_16_24", "Labour force, 16-24", "16-24岁劳动力", "people", "count",
              "Students left out", base="labour_force_16_24"),
    Indicator("labour_force_25_29", "Labour force, 25-29", "25-29岁劳动力", "people", "count",
              "Students left out", base="labour_force_25_29"),
    Indicator("labour_force_30_59", "Labour force, 30-59", "30-59岁劳动力", "people", "count",
              "Students left out", base="labour_force_30_59"),
    Indicator("labour_force_over_35", "Labour force, 35 and over", "35岁及以上劳动力", "people", "count",
              "Ages 35 and over", base="labour_force_over_35"),
    Indicator("labour_force_graduates", "Recent graduates in the labour force", "应届毕业生劳动力", "people", "count",
              "Tertiary, within 24 months of graduating, under 35", base="labour_force_graduates"),
    Indicator("labour_force", "Labour force", "劳动力", "people", "count", "Employed and unemployed, 16 and over"),
    Indicator("employed", "Employed", "就业人数", "people", "count", "People with a job, gig work included"),
    Indicator("unemployed", "Unemployed", "失业人数", "people", "count", "Without work, searching, able to start"),
    Indicator("inactive", "Out of the labour force", "非劳动力", "people", "count", "16 and over, neither"),
    Indicator("vacancies", "Vacancies", "职位空缺", "jobs", "count",
              "Posts open on an average day: those left at the end of the month and half of those filled in it"),
    Indicator("vacancy_rate", "Vacancy rate", "空缺率", "share of posts", "rate", "Vacancies / (vacancies + employed)"),
    Indicator("tightness", "Labour-market tightness", "市场紧张度", "vacancies per unemployed", "ratio",
              "Vacancies / unemployed"),
    Indicator("hires", "Hires", "招聘人数", "people per month", "count", "People who took a job this month"),
    Indicator("layoffs", "Layoffs", "裁员人数", "people per month", "count", "Separations chosen by firms"),
    Indicator("layoffs_over_35", "Layoffs, 35 and over", "35岁以上裁员", "people per month", "count",
              "Layoffs of people aged 35 and over"),
    Indicator("quits", "Quits and contract ends", "离职人数", "people per month", "count",
              "Separations that are not layoffs, moves from job to job included"),
    Indicator("separation_rate", "Separation rate", "离职率", "share of employed per month", "rate",
              "Layoffs and quits / employed"),
    Indicator("job_finding_rate", "Job-finding rate", "求职成功率", "share of unemployed per month", "rate",
              "Hires out of unemployment / unemployed at the start of search", base="unemployed"),
    Indicator("employment_tech", "Technology jobs", "科技行业就业", "people", "count", "Employed in sector tech", base="employment_tech"),
    Indicator("employment_developers", "Developers' staff", "房企员工", "people", "count",
              "Employed by property developers (agents left out)", base="employment_developers"),
    Indicator("employment_construction", "Construction jobs", "建筑业就业", "people", "count",
              "Employed in construction and building materials", base="employment_construction"),
    Indicator("median_wage", "Median wage", "工资中位数", "CNY per month", "money", "Median over the employed"),
    Indicator("median_starting_wage_graduates", "Median starting wage of graduates", "毕业生起薪中位数",
              "CNY per month", "money", "Median over recent graduates hired in the last 12 months", base="labour_force_graduates"),
    Indicator("house_price_index", "House prices (existing homes)", "房价指数", "index, 2018-01 = 100", "index",
              "Price of existing homes"),
    Indicator("home_sales_index", "Home sales", "住房销售指数", "index, 2018-01 = 100", "index",
              "New homes sold by developers"),
    Indicator("home_starts_index", "Housing starts", "新开工指数", "index, 2018-01 = 100", "index",
              "Homes started by developers"),
    Indicator("developer_defaults", "Developers in default", "违约房企数", "firms", "count",
              "Developers that have defaulted so far (simulated firms)"),
    Indicator("foreclosed_homes", "Foreclosed homes listed", "法拍房挂牌量", "homes", "count",
              "Stock of foreclosed homes for sale"),
    Indicator("consumption_index", "Consumption", "消费指数", "index, 2018-01 = 100", "index",
              "Real consumption relative to trend"),
    Indicator("consumer_confidence", "Consumer confidence", "消费者信心", "index, 2018-01 = 100", "index",
              "Falls with unemployment, falling house prices and stalled homes"),
    Indicator("technology_share_of_gdp", "Technology's share of GDP", "科技占GDP比重", "share of GDP", "share",
              "Technology and what it buys / GDP"),
    Indicator("property_share_of_gdp", "Property's share of GDP", "房地产占GDP比重", "share of GDP", "share",
              "Property and all it touches / GDP"),
    Indicator("k_visa_applicants", "K-visa applicants", "K签证申请人数", "people per month", "count",
              "People abroad who would come this month; missing before the visa opens"),
    Indicator("k_visa_arrivals", "K-visa arrivals", "K签证入境人数", "people per month", "count",
              "K-visa holders who arrived this month", base="k_visa_stock"),
    Indicator("k_visa_stock", "K-visa holders", "K签证持有者", "people", "count", "K-visa holders in the country", base="k_visa_stock"),
    Indicator("net_native_jobs_per_k_hire", "Net native jobs per K-visa hire", "每名K签证雇员的本地净就业",
              "jobs per hire", "ratio",
              "Posts that K-visa hires brought, less the jobs they hold, per job held: firms' own count, before the market responds", base="k_visa_stock"),
    Indicator("backlash", "Backlash", "舆论反弹", "index 0..1", "share", "Anger at the visa"),
    Indicator("perceived_visa_share", "Share of blame put on the visa", "公众归咎签证的份额", "share of blame", "share",
              "Share of blame for unemployment that the public puts on the visa"),
    Indicator("k_visa_suspended", "K visa suspended", "K签证暂停", "0 or 1", "share",
              "1 while backlash keeps the visa suspended"),
)
