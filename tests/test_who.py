"""What people do by gender and hukou: who leaves for a child, whom adverts want, who goes home to the village."""

from __future__ import annotations

import numpy as np
import pytest
from engine_cases import scenario

from agents.columns import CLOSED_AT_35, FEMALE, FOR_MEN, FOR_WOMEN, Hukou, Status
from agents.decisions import festivals_at_home
from model.market import Market
from model.mechanisms.adverts.limits import ask_for_one_gender
from model.mechanisms.going_home import GOING_HOME
from model.mechanisms.going_home.leaving import leaving_rules
from model.mechanisms.matching import MATCHING
from model.mechanisms.survey.by_group import MEASURES, dimensions
from model.mechanisms.survey.pay_bins import living_wage
from model.schedule import month_index


def at_home(market: Market, women: bool, youngest: int, oldest: int) -> float:
    """Share of women or men of an age who are out of the labour force for care."""
    people, count = market.people, market.people.count
    years = (market.month - people.birth[:count]) // 12
    whom = ((people.civil[:count] & FEMALE) > 0) == women
    whom &= (years >= youngest) & (years <= oldest) & (people.status[:count] != Status.GONE)
    return float(np.mean(people.status[:count][whom] == Status.HOME))


def test_women_of_the_ages_of_births_leave_for_a_child_and_men_do_not() -> None:
    """With half of births: of some 700 women of 27 to 36 five standard errors of a difference are 4.5 %."""
    shares = {}
    for leave in (0.0, 0.5):
        given = {"parameters.mothers_leave": leave, "parameters.goes_home": 0.0}
        market = Market(scenario(8000, "2018-12", given), 1)
        market.live(market.last_month)
        shares[leave] = [at_home(market, women, 27, 36) for women in (True, False)]
    assert shares[0.5][0] - shares[0.0][0] > 0.045
    assert abs(shares[0.5][1] - shares[0.0][1]) < 0.02


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_so_many_posts_are_for_one_gender_and_the_young_of_them_for_women(share: float) -> None:
    """Limits follow the lever and the twist; at 0 nothing is written."""
    market = Market(scenario(60_000, "2018-03", {"hiring.one_gender_share": share}), 1)
    market.live(month_index("2018-03"))
    posts = market.vacancies
    flags = posts.flags[: posts.count][posts.posted[: posts.count] >= month_index("2018-01")]
    men, women = (flags & FOR_MEN) > 0, (flags & FOR_WOMEN) > 0
    assert not (men & women).any()
    weighted = (men | women).mean()  # of those still open, which lack those that fill at once
    assert weighted == pytest.approx(share, abs=0.12 * (0 < share < 1))
    if share:
        closed = (flags & CLOSED_AT_35) > 0
        assert women[closed].sum() / men[closed].sum() > 1.5 * women[~closed].sum() / men[~closed].sum()


def test_nobody_leads_the_ranking_of_a_post_for_the_other_gender() -> None:
    market = Market(scenario(20_000, "2018-02", {"hiring.one_gender_share": 1.0}), 1)
    market.month += 1
    for name, happen in market.month_steps:
        happen(market)
        if name == "search":
            break
    posts, led = market.vacancies, market.job_search.applications.applicant
    rows = np.flatnonzero(led >= 0)
    woman = (market.people.civil[market.job_search.seekers["row"][led[rows]]] & FEMALE) > 0
    assert len(rows) > 50
    assert not (woman & ((posts.flags[rows] & FOR_MEN) > 0)).any()
    assert not (~woman & ((posts.flags[rows] & FOR_WOMEN) > 0)).any()
    before = posts.flags.copy()
    market.exogenous.levers["hiring.one_gender_share"][:] = 0.0
    ask_for_one_gender(market)
    assert np.array_equal(before, posts.flags), "at 0 the step writes nothing"


def test_only_jobless_migrants_from_villages_go_home_and_they_come_back_after_a_festival() -> None:
    market = Market(scenario(20_000, "2019-06", {"parameters.goes_home": 0.5, "parameters.comes_back": 1.0}), 1)
    people, gone = market.people, {}
    for _ in range(18):
        was = people.status[: people.count].copy(), people.since[: people.count].copy()
        jobless = np.flatnonzero(was[0] == Status.UNEMPLOYED)
        market.advance()
        left = jobless[(people.status[jobless] == Status.HOME) & (people.since[jobless] == market.month)]
        rural = left[(people.civil[left] & (FEMALE - 1)) == Hukou.MIGRANT_RURAL]
        long = rural[market.month - was[1][rural] >= 3]
        gone.update({int(people.identity[row]): int(people.event[row]) for row in long})
        assert GOING_HOME.of(market).people <= len(long)
    back = {month_index(month) for month in ("2018-03", "2019-03", "2020-02")}
    dates = np.array(list(gone.values()))
    assert len(dates) > 100
    assert np.isin(dates, list(back)).mean() > 0.8, "but for those who left for care, or retire before"


def test_with_nobody_going_home_the_step_changes_nothing() -> None:
    market = Market(scenario(3000, "2018-06", {"parameters.goes_home": 0.0}), 1)
    market.live(market.last_month)
    assert GOING_HOME.of(market).people == 0


def test_who_comes_back_with_half_the_chance_stays_for_as_many_festivals_again() -> None:
    """A geometric law: the mean number of festivals missed is (1 - c) / c; 5 standard errors of 20,000 draws."""
    luck = (np.arange(20_000) + 0.5) / 20_000
    for chance in (1.0, 0.7, 0.35):
        missed = np.mean([festivals_at_home(chance, each) for each in luck])
        assert missed == pytest.approx((1 - chance) / chance, abs=0.02)


def test_a_slack_market_keeps_migrants_at_home_longer() -> None:
    market = Market(scenario(2000, "2018-02"), 1)
    market.advance()
    chances = []
    for factor in (0.5, 1.0, 2.0):
        MATCHING.of(market).mean = factor * MATCHING.of(market).usual
        chances.append(leaving_rules(market).comes_back)
    assert chances == pytest.approx([0.35, 0.7, 0.7])


def test_thirds_by_housing_share_what_prices_take_by_what_they_own() -> None:
    """The most of housing lose the most, the mean of the logs is that of all."""
    market = Market(scenario(5000, "2023-12"), 1)
    market.live(market.last_month)
    table = market.table()
    thirds = np.array([table[f"consumption_{name}_housing"] for name in ("least", "middle", "most")])
    assert np.log(thirds).mean(axis=0) == pytest.approx(np.log(table["consumption_index"]))
    price = table["house_price_index"]
    higher, lower = price > 100.5, price < 99.5
    assert higher.any()
    assert lower.any()
    assert (np.diff(thirds[:, higher], axis=0) > 0).all()
    assert (np.diff(thirds[:, lower], axis=0) < 0).all()


def test_low_pay_is_counted_as_everybody_would_be_asked() -> None:
    """In all and by group; bins of pay are interpolated, so to within half a point."""
    market = Market(scenario(6000, "2019-12"), 1, by_group=True)
    market.live(market.last_month)
    people, count = market.people, market.people.count
    works = people.status[:count] == Status.EMPLOYED
    ages = np.minimum((market.month - people.birth[:count]) // 12, 99)
    paid_less = people.pay[:count] * market.exogenous.age_profiles[ages] < living_wage(market)
    share = market.table()["low_pay_share"][-1]
    assert 0.02 < share < 0.6
    assert share == pytest.approx(paid_less[works].mean(), abs=0.005)
    table = market.table()["by_group"][-1]
    women = works & ((people.civil[:count] & FEMALE) > 0)
    first = sum(len(each) for each in list(dimensions(market.sector_ids, market.occupation_ids).values())[:2])
    low_paid, employed = (table[first + 1, MEASURES.index(name)] for name in ("low_paid", "employed"))
    assert low_paid / employed == pytest.approx(paid_less[women].mean(), abs=0.01)


def test_staff_without_work_and_gig_workers_have_less_work_than_they_want() -> None:
    asked = {"layoffs.protection": {"2018-01": 0, "2018-07": 1.0}, "layoffs.extra_rate.all": 0.05}
    market = Market(scenario(3000, "2018-09", asked), 1)
    market.live(market.last_month)
    share, stocks = market.table()["underemployment_share"], market.stocks
    assert share[-1] > stocks.gig / stocks.employed + 0.01
    assert share[5] < share[-1], "before protection nobody is kept"
