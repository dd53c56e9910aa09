"""The survey of the month: what is published, what later months remember, what is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.mechanism import Indicator, Mechanism, Step, later

if TYPE_CHECKING:
    from model.mechanisms.survey.memory import PastSurveys

INDICATORS = (
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
    Indicator("unemployment_rate_local_hukou", "Unemployment rate, local hukou", "本地户籍失业率", "share of labour force",
              "rate", "Registered in the city they live in; 16 and over, searching students included",
              base="labour_force_local_hukou"),
    Indicator("unemployment_rate_migrant_hukou", "Unemployment rate, migrant hukou", "外来户籍失业率",
              "share of labour force", "rate", "Registered in another town or a village; 16 and over",
              base="labour_force_migrant_hukou"),
    Indicator("unemployment_rate_migrant_agricultural_hukou", "Unemployment rate, migrant agricultural hukou",
              "外来农业户籍失业率", "share of labour force", "rate", "Registered in a village; 16 and over",
              base="labour_force_migrant_agricultural_hukou"),
    Indicator("unemployment_rate_women", "Unemployment rate, women", "女性失业率", "share of labour force", "rate",
              "Women of 16 and over, searching students included"),
    Indicator("unemployment_rate_men", "Unemployment rate, men", "男性失业率", "share of labour force", "rate",
              "Men of 16 and over, searching students included"),
    Indicator("women_share_of_employment", "Women among the employed", "女性占就业人数比例", "share of employed", "share",
              "Women at work / everybody at work", base="employed"),
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
    Indicator("labour_force_local_hukou", "Labour force, local hukou", "本地户籍劳动力", "people", "count",
              "Registered in the city they live in", base="labour_force_local_hukou"),
    Indicator("labour_force_migrant_hukou", "Labour force, migrant hukou", "外来户籍劳动力", "people", "count",
              "Registered in another town or a village", base="labour_force_migrant_hukou"),
    Indicator("labour_force_migrant_agricultural_hukou", "Labour force, migrant agricultural hukou",
              "外来农业户籍劳动力", "people", "count", "Registered in a village",
              base="labour_force_migrant_agricultural_hukou"),
    Indicator("labour_force", "Labour force", "劳动力", "people", "count", "Employed and unemployed, 16 and over"),
    Indicator("employed", "Employed", "就业人数", "people", "count", "People with a job, gig work included"),
    Indicator("unemployed", "Unemployed", "失业人数", "people", "count", "Without work, searching, able to start"),
    Indicator("inactive", "Out of the labour force", "非劳动力", "people", "count", "16 and over, neither"),
)

SURVEY: Mechanism[PastSurveys] = Mechanism(
    "survey",
    "The survey",
    "Like the statistics bureau's, it asks everybody who is without work, searching and able to start; what is "
    "published, what later months remember and what is recorded are three things.",
    memory=later("model.mechanisms.survey.memory:no_surveys"),
    steps=(
        Step("survey", later("model.mechanisms.survey.counting:take_survey"),
             "Everybody is asked who works, who searches and who does neither."),
        Step("remember", later("model.mechanisms.survey.counting:remember"), "What later months look back on is remembered."),
        Step("record", later("model.mechanisms.survey.counting:record"), "Every indicator of the month is read and recorded."),
    ),
    indicators=INDICATORS,
    home=__name__,
    title_zh="调查",
)
