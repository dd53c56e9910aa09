"""Every kernel of a month against a slow plain loop (engine_slow_loops), in markets where every branch happens.

A kernel is held against its loop on the arguments that real months hand it, for two seeds and 21 months with many
levers pulled at once; then the test makes sure that the branches it is there for were reached.
"""

from __future__ import annotations

from typing import Any

import engine_slow_loops as slow
import numpy as np
import pytest
from engine_cases import agree, busy_market, held_against

from agents.columns import NOBODY, Firms, Flag, Status, Vacancies
from model.handover import no_applications
from model.market import Market
from model.mechanisms.demand.firms import plan_firms
from model.mechanisms.matching.posts import sort_posts
from model.mechanisms.matching.search import search_rules, search_weights, send_applications
from model.mechanisms.survey.counting import BINS, BINS_PER_DOUBLING, median_of, wage_bin
from model.randomness import Purpose, draw_key

#: What the compared calls were given, left behind and returned.
Calls = list[tuple[Any, Any, Any]]


def live(market: Market) -> None:
    while market.month < market.last_month:
        market.advance()


def seen_by(module: str, kernel: str, loop: Any, cut: Any = None, every: int = 1, population: int = 2000) -> Calls:
    """Two markets live with a kernel held against its loop; what the compared calls saw."""
    calls: Calls = []
    for seed in (3, 4):
        market = busy_market(population, seed)
        with held_against(module, kernel, loop, cut, every) as seen:
            live(market)
        calls += seen
    assert calls, "the kernel was never called"
    return calls


def became(calls: Calls, status: Status) -> int:
    """How many persons the calls brought into a status."""
    return sum(int(np.sum((after[0].status == status) & (before[0].status != status))) for before, after, _ in calls)


def totals(calls: Calls, place: int) -> list[int]:
    """Sums of a kernel's tally over the calls."""
    total: list[int] = sum(after[place] for _, after, _ in calls).tolist()
    return total


def test_dated_changes() -> None:
    """Phase 2: graduations, further study, exams, returns, retirements, departures and ends of visas."""
    calls = seen_by("participation.entry", "dated_changes", slow.slow_dated_changes)
    assert min(totals(calls, 9)) > 0, "starters, graduates, retirements, returns, visas ended"
    for status in (Status.POSTGRADUATE, Status.EXAM_QUEUE, Status.RETIRED, Status.UNEMPLOYED, Status.GONE):
        assert became(calls, status) > 0, status.name


def test_new_seekers() -> None:
    """Phase 2: migrants' ages; when new seekers retire, and who of them has worked before."""
    calls = seen_by("participation.entry", "draw_ages", slow.slow_draw_ages)
    ages = [(before[2] - after[0].birth[before[1]]) / 12 for before, after, _ in calls]
    assert {25, 49} <= set(np.concatenate(ages).astype(int)) <= set(range(25, 50))
    calls = seen_by("participation.entry", "start_searching", slow.slow_start_searching)
    assert became(calls, Status.UNEMPLOYED) > 0
    worked = [after[0].flags[rows] & Flag.EXPERIENCED for (_, rows, *_), after, _ in calls]
    assert set(np.concatenate(worked).tolist()) == {0, int(Flag.EXPERIENCED)}


def test_plans_of_firms() -> None:
    """Phase 4: targets, layoffs and openings of every firm add up and follow its gap."""
    calls = seen_by("demand.firms", "plan_firms", slow.slow_plan_firms, every=4)
    layoffs = np.concatenate([after[0].layoff_rate for _, after, _ in calls])
    extra = np.concatenate([(before[11] * (1 - before[12]))[before[0].group] for before, _, _ in calls])
    assert (layoffs == extra).any(), "firms that are short of staff lay nobody off"
    assert (layoffs > extra + 0.005).any()


def test_ends_of_jobs() -> None:
    """Phase 5: who is laid off, who leaves, who looks elsewhere; staff and jobs stay counted."""
    calls = seen_by("separations.hazards", "end_jobs", slow.slow_end_jobs, _tallied_movers)
    assert min(totals(calls, 15)) > 0, "layoffs, layoffs from 35 on, quits, movers"
    gone = [(before[0].status == 8) & (after[0].status == 7) for before, after, _ in calls]
    gigs = [np.sum(lost & ((before[0].flags & Flag.GIG) > 0)) for lost, (before, _, _) in zip(gone, calls, strict=True)]
    foreign = [np.sum(lost & ((c[0][0].flags & Flag.FOREIGN) > 0)) for lost, c in zip(gone, calls, strict=True)]
    assert sum(gigs) > 0
    assert sum(foreign) > 0


def _tallied_movers(_: Any, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """`movers` is scratch space beyond the number tallied."""
    return (*args[:13], args[13][: args[15][3]], *args[14:])


def test_posts_are_opened() -> None:
    """Phase 6: planned openings become whole posts with their conditions; the rest is carried."""
    calls = seen_by("matching.posts", "post_openings", slow.slow_post_openings, _posts_in_use)
    posted = np.concatenate([after[0].flags[before[1] : result] for before, after, result in calls])
    assert set(range(8)) <= set(posted.tolist()), "every combination of conditions"
    carried = np.array([after[7] for _, after, _ in calls])
    assert carried.min() >= 0
    assert carried.max() < 1


def _posts_in_use(result: Any, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Rows beyond the number returned are free."""
    return (tuple(column[:result] for column in args[0]), *args[1:])


def test_posts_are_sorted() -> None:
    """Phase 6: filled and stale posts go, the rest stand in order, and `blocks` says where each block begins."""
    calls = seen_by("matching.posts", "sort_posts", slow.slow_sort_posts, _posts_in_use)
    dropped = [before[1] - result for before, _, result in calls]
    assert max(dropped) > 0
    for _, after, result in calls:
        assert after[3][-1] == result


@pytest.mark.parametrize("seed", range(5))
def test_posts_are_sorted_whatever_they_are(seed: int) -> None:
    """The sort alone, on posts of every kind, filled and stale ones in any place, and on no posts."""
    draw = np.random.default_rng(seed)
    count = [0, 1, 7, 60, 200][seed]
    v = busy_posts(draw, count)
    agree(sort_posts, slow.slow_sort_posts, (v, count, 10, np.zeros(4 * 6 + 1, np.int64)), _posts_in_use)


def busy_posts(draw: np.random.Generator, count: int) -> Any:
    posts = Vacancies.empty(count + 3)
    posts.firm[:count] = draw.integers(-1, 4, count)
    posts.occupation[:count] = draw.integers(0, 6, count)
    posts.flags[:count] = draw.integers(0, 8, count)
    posts.offer[:count] = draw.lognormal(8, 1, count)
    posts.posted[:count] = draw.integers(5, 20, count)
    return posts.arrays()


def test_weights_of_occupations() -> None:
    """Phase 7: reachable occupations weigh by ease, posts open to this kind of person, and pay."""
    calls = seen_by("matching.search", "search_weights", slow.slow_search_weights, every=7)
    for _, _, odds in calls:
        assert (np.diff(odds, axis=-1) >= 0).all()
    ordinary = np.array([odds[:, :, :, -1].sum(axis=-1) for _, _, odds in calls]).mean(axis=0)
    assert (ordinary[0] >= ordinary[1]).all(), "beginners see no more than the experienced"
    assert (ordinary[0] >= ordinary[2]).all(), "nor do people of 35 and over more than the younger"


def test_the_pay_that_seekers_ask_for() -> None:
    """Phase 7: who works asks for more than the job pays, others for a share of what they last had."""
    calls = seen_by("matching.search", "pay_asked", slow.slow_pay_asked)
    asked = {Status(s) for before, _, _ in calls for s in before[0].status[before[1]].tolist()}
    assert asked == {Status.UNEMPLOYED, Status.EMPLOYED}


def test_applications() -> None:
    """Phase 7: each seeker's one application: whether, where, at what pay, and who leads each post's ranking."""
    calls = seen_by("matching.search", "send_applications", slow.slow_send_applications)
    leaders = [after[11].applicant[after[11].applicant >= 0] for _, after, _ in calls]
    kinds = [after[0].status[rows] for rows, (_, after, _) in zip(leaders, calls, strict=True)]
    assert {Status.STUDENT, Status.UNEMPLOYED, Status.EMPLOYED} <= set(np.concatenate(kinds).tolist())
    assert any(not seekers_all_placed(before, after) for before, after, _ in calls)


def seekers_all_placed(before: Any, after: Any) -> bool:
    return bool(np.sum(after[11].applicant >= 0) == len(before[1]))


def test_further_students_do_not_apply() -> None:
    """Phase 7: final-year students who will go on studying are left out, and only they."""
    calls = seen_by("matching.search", "drop_further_study", slow.slow_drop_further_study, lambda *_: ())
    assert sum(len(before[1]) - len(result) for before, _, result in calls) > 0


def test_posts_are_filled() -> None:
    """Phase 8: winners move to their firm; old firms, groups and vacancies are booked."""
    calls = seen_by("matching.hiring", "fill_posts", slow.slow_fill_posts)
    assert min(totals(calls, 9)) > 0, "hires, out of unemployment, from job to job"
    for before, after, _ in calls:
        assert np.sum(after[1].firm == NOBODY) - np.sum(before[1].firm == NOBODY) == after[9][0]


def test_offers_on_campus() -> None:
    """Phase 8: students keep their status and get an offer from the firm of the post."""
    calls = seen_by("matching.hiring", "promise", slow.slow_promise)
    assert sum(np.sum((a[0].flags & Flag.OFFER) > 0) - np.sum((b[0].flags & Flag.OFFER) > 0) for b, a, _ in calls) > 0


def test_pay_is_reviewed_on_anniversaries() -> None:
    """Phase 9: pay moves towards what newcomers are offered, up and down, and nobody else's does."""
    calls = seen_by("wages.offers", "review_pay", slow.slow_review_pay)
    change = np.concatenate([after[0].pay - before[0].pay for before, after, _ in calls])
    assert change.min() < 0 < change.max()
    assert 0.01 < np.mean(change != 0) < 0.12


def test_giving_up_staying_home_and_gig_work() -> None:
    """Phase 10: each way out of search is taken, by the rule, and K-visa holders take none."""
    calls = seen_by("participation.choices", "leave_or_drive", slow.slow_leave_or_drive)
    for status in (Status.HOME, Status.DISCOURAGED, Status.EMPLOYED):
        assert became(calls, status) > 0, status.name


def test_the_survey() -> None:
    """Phase 13: every count of the survey, and both wage histograms."""
    calls = seen_by("survey.counting", "survey", slow.slow_survey, every=3)
    for name in ("graduates", "visitors", "others"):
        assert np.sum([getattr(after[4], name) for _, after, _ in calls], axis=0).min() > 0, name
    for _, (_, count, _, _, counts), _ in calls:
        assert counts.people.sum() == count
        assert counts.wages[:-1].sum() == counts.people[Status.EMPLOYED].sum(), "everybody employed has one wage"
        assert (counts.starting <= counts.wages[:-1]).all()


@pytest.mark.parametrize("spread", [0.02, 0.3, 1.0])
def test_the_median_of_the_histogram(spread: float) -> None:
    """The median wage is read from bins of 1/64 of a doubling: within one bin (1.6 %) of the exact median."""
    pay = np.random.default_rng(1).lognormal(np.log(7000), spread, 4001).astype(np.float32)
    histogram = np.zeros(BINS, np.int64)
    for value in pay:
        histogram[wage_bin(value)] += 1
    assert median_of(histogram) == pytest.approx(float(np.median(pay)), rel=1 / BINS_PER_DOUBLING)
    assert np.isnan(median_of(np.zeros(BINS, np.int64)))


def test_wage_bins_are_in_order_and_clipped() -> None:
    """A higher wage is never in a lower bin; wages off the scale are in the first or last bin."""
    pay = np.geomspace(1, 1e8, 5000).astype(np.float32)
    bins = [wage_bin(value) for value in pay]
    assert bins == [slow.slow_wage_bin(float(value)) for value in pay]
    assert (np.diff(bins) >= 0).all()
    assert (bins[0], bins[-1]) == (0, BINS - 1)


def test_firms_of_any_kind_plan_alike() -> None:
    """`plan_firms` on firms made up at random, some groups empty of jobs, some with targets far off."""
    for seed in range(4):
        draw = np.random.default_rng(seed)
        firms = Firms.empty(30)
        firms.group[:] = np.arange(30) % 4
        for name in ("size", "staffed"):
            values = draw.random(30) + 0.01
            getattr(firms, name)[:] = values / np.bincount(firms.group, values)[firms.group]
        firms.shock[:] = draw.normal(0, 0.1, 30)
        args = (
            firms.arrays(), draw.random(30) + 0.1, np.uint64(draw.integers(2**63)), np.array([0, 10, 500, 900]),
            np.array([0, 3, 20, 0]), np.array([0.5, 100.0, 510.0, 300.0]), 0.9, 0.05, 0.29, 0.016, 0.012,
            draw.random(4) * 0.02, 0.2, np.zeros(30), np.zeros(4), np.zeros(4),
        )  # fmt: skip
        agree(plan_firms, slow.slow_plan_firms, args)


def test_what_leads_a_post_already_stays_unless_somebody_ranks_higher() -> None:
    """Leaders of a first round are kept against worse applicants of a second one."""
    replaced = []
    for bar in (50.0, -50.0):
        market = busy_market(4000, end="2018-02")
        live(market)
        key, posts = draw_key(1, Purpose.APPLICATION, 7), market.vacancies
        best = no_applications(posts.count)
        best.score[:], best.applicant[:] = bar, 7
        reach, ones = market.exogenous.reach, np.ones(len(market.occupation_ids))
        odds = search_weights(
            reach.target,
            reach.ease,
            reach.degree,
            market.vacancies.blocks,
            ones,
            market.exogenous.stem,
            market.exogenous.stem,
        )
        args = (
            market.people.arrays(), market.job_search.seekers, market.job_search.asks, market.month,
            posts.arrays(), market.vacancies.blocks, odds,
            reach.target, market.exogenous.trades.level, key, search_rules(market), best,
        )  # fmt: skip
        agree(send_applications, slow.slow_send_applications, args)
        replaced.append(np.sum(best.applicant != 7))
    assert replaced[0] == 0
    assert replaced[1] > 0
