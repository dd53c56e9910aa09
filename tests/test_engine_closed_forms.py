"""The market reduced to textbook cases: urn-ball matching, constant hazards, two states, the firms of the literature.

Each bound is at least five standard deviations of the sampling error, which a correct model exceeds in fewer than one
of 1.7 million choices of seed.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from agents.columns import FEMALE, NEVER, NOBODY, Firms, Flag, People, Status, Vacancies
from agents.decisions import layoff_rate, layoff_weight, openings_rate, tenure_hazard, young_multiplier
from model.country.registers import OLDEST
from model.handover import NO_REFUND, SEEKER, SearchRules, no_applications
from model.mechanisms.demand.firms import plan_firms
from model.mechanisms.matching.applications import send_applications
from model.mechanisms.matching.hiring import fill_posts
from model.mechanisms.matching.search import search_weights
from model.mechanisms.matching.seekers import read_seekers
from model.mechanisms.separations.hazards import LONGEST_TENURE, Chances, Hazards, end_jobs, hazard_tables, no_staff
from model.randomness import Purpose, draw_key

SIGMAS = 5.0
#: No ranking but luck, one sure application, no reservation pay.
URN_BALL = SearchRules(
    effective=1.0, long_term=1.0, share=0.0, house_price=1.0, wealth=0.0, decay=0.0, strength=0.0, spell_floor=1.0,
    age_floor=1.0, experience=1.0, subsidy=0.0, payment=0.0, graduate_months=24, friction=1.0,
)  # fmt: skip
ONE_OCCUPATION = (np.zeros((1, 1), np.int64), np.ones((1, 1)))


class Toy:
    """One occupation, one firm, nobody special: everybody is 30 and experienced."""

    def __init__(self, people: int, employed: int) -> None:
        self.people = People.empty(people)
        self.people.count = people
        p = self.people
        p.identity[:] = np.arange(people)
        p.birth[:], p.graduated[:], p.event[:] = -360, NEVER, 30_000
        p.flags[:], p.pay[:] = int(Flag.EXPERIENCED), 5000.0
        p.status[:], p.employer[:] = int(Status.UNEMPLOYED), NOBODY
        p.status[:employed], p.employer[:employed] = int(Status.EMPLOYED), 0
        self.group = np.zeros(1, np.uint8)
        self.headcount = np.array([employed], np.int32)
        self.employed = np.array([employed])

    def at_work(self) -> int:
        return int(np.sum(self.people.status == Status.EMPLOYED))

    def match(self, month: int, posts: int, seed: int = 1, rules: SearchRules = URN_BALL) -> int:
        """Post that many vacancies, let everybody unemployed search, and fill the posts."""
        v = Vacancies.empty(posts)
        v.offer[:], v.count = 5000.0, posts
        starts = np.array([0, posts, posts, posts, posts])
        best, unemployed = no_applications(posts), np.flatnonzero(self.people.status == Status.UNEMPLOYED)
        seekers = np.empty(len(unemployed), SEEKER)
        read_seekers(self.people.arrays(), unemployed, month, rules, seekers)
        odds = search_weights(*ONE_OCCUPATION, starts, np.ones(1), np.zeros(1, bool), np.ones(1, bool))
        send_applications(
            seekers, v.arrays(), starts, odds, ONE_OCCUPATION[0], np.zeros(1, np.int64),
            draw_key(seed, Purpose.APPLICATION, month), rules, 0, best,
        )  # fmt: skip
        tally = np.zeros(4, np.int64)
        fill_posts(
            self.people.arrays(), v.arrays(), seekers, best, month, 60, self.group, self.headcount, self.employed,
            np.array([posts]), tally,
        )  # fmt: skip
        return int(tally[0])

    def separate(self, month: int, ends: float, layoffs: float = 0.0, seed: int = 1) -> NDArray[np.int64]:
        """End jobs with a hazard that nothing changes; the weights of layoffs are equal for all."""
        all_alike = np.ones((LONGEST_TENURE + 1, OLDEST + 1))
        nobody = np.zeros((8, OLDEST + 1))
        flat = Hazards(ends * all_alike, np.ones(LONGEST_TENURE + 1), ends, 0.0 * all_alike, 0.0, 12, nobody, 36.0)
        one, tally = np.ones(1), np.zeros(5, np.int64)
        end_jobs(
            self.people.arrays(), self.people.count, month, draw_key(seed, Purpose.SEPARATION, month),
            Chances(flat, one, 1.0, one, self.group, np.array([layoffs]), one), self.headcount, self.employed,
            np.zeros(self.people.count, np.int64), np.zeros(self.people.count, np.int32), no_staff(1), tally,
        )  # fmt: skip
        return tally


@pytest.mark.parametrize(("seekers", "posts"), [(40_000, 40_000), (60_000, 20_000), (20_000, 60_000), (100_000, 500)])
def test_matching_is_the_urn_ball(seekers: int, posts: int) -> None:
    """One application each, luck alone ranks: hires are v (1 - exp(-s / v)), as in the literature."""
    hires = Toy(seekers, 0).match(3, posts)
    per_post = seekers / posts
    filled = 1 - (1 - 1 / posts) ** seekers
    variance = posts * math.exp(-per_post) * (1 - (1 + per_post) * math.exp(-per_post))  # occupied urns
    error = SIGMAS * math.sqrt(max(variance, 1e-9)) + 0.5
    assert hires == pytest.approx(posts * filled, abs=error)
    assert posts * filled == pytest.approx(posts * (1 - math.exp(-per_post)), rel=1e-3)


def test_every_applicant_is_equally_likely_to_win() -> None:
    """In the urn-ball draw the winners are not the first or last to apply."""
    toy = Toy(60_000, 0)
    hires = toy.match(5, 20_000)
    first_half = int(np.sum(toy.people.status[:30_000] == Status.EMPLOYED))
    assert first_half == pytest.approx(hires / 2, abs=SIGMAS * math.sqrt(hires) / 2)


def test_quality_wins_in_proportion() -> None:
    """With strength 1 the better of two kinds of applicants wins by the ratio of qualities (a Luce choice)."""
    toy = Toy(80_000, 0)
    toy.people.since[:40_000] = 0  # long spells: half the quality
    toy.people.since[40_000:] = 20
    rules = URN_BALL._replace(strength=1.0, spell_floor=0.5)
    toy.match(20, 400, rules=rules)  # about 200 applicants a post, so shares are those of the qualities
    winners = toy.people.status == Status.EMPLOYED
    fresh = int(winners[40_000:].sum())
    share, total = 2 / 3, int(winners.sum())
    assert total == 400
    assert fresh / total == pytest.approx(share, abs=SIGMAS * math.sqrt(share * (1 - share) / total) + 0.005)


def test_jobs_last_geometrically_under_a_constant_hazard() -> None:
    """Of jobs that end with chance h a month, (1 - h)^t are left after t months, for all t."""
    hazard, everyone = 0.04, 100_000
    toy = Toy(everyone, everyone)
    for month in range(36):
        toy.separate(month, hazard)
        left = (1 - hazard) ** (month + 1)
        assert toy.at_work() / everyone == pytest.approx(left, abs=SIGMAS * math.sqrt(left * (1 - left) / everyone))
    assert toy.headcount[0] == toy.employed[0] == toy.at_work()


def test_two_states_settle_where_flows_balance() -> None:
    """Constant separation s and finding f settle at the u where s (1 - u) balances f (u + s (1 - u))."""
    s, people, posts = 0.03, 60_000, 400_000
    toy, rules = Toy(people, people), URN_BALL._replace(effective=0.25, long_term=1.0)
    rates = []
    for month in range(150):
        toy.separate(month, s)
        toy.match(month, posts, rules=rules)
        rates.append(1 - toy.at_work() / people)
    u = float(np.mean(rates[50:]))
    applicants = 0.25 * people * u / (1 - 0.25)  # before hiring, of whom hires leave u
    f = 0.25 * posts / applicants * (1 - math.exp(-applicants / posts))
    steady = s * (1 - f) / (1 - (1 - s) * (1 - f))  # who loses a job searches in the same month
    # Months are correlated over about 1 / (s + f) of them, so 100 months are worth about 14 of 60,000 persons.
    assert u == pytest.approx(steady, abs=SIGMAS * math.sqrt(steady * (1 - steady) / people / 14))


# --- firms of del Rio-Chanona et al. 2021 ---------------------------------------------------------------------------


@pytest.mark.parametrize("target", [500.0, 880.0, 1020.0, 1100.0, 1500.0])
def test_firms_follow_the_published_equations(target: float) -> None:
    """Openings are delta_v e + (1 - delta_v) min(e, gamma max(0, d - e - v)); layoffs mirror them."""
    e, v, delta_u, delta_v, gamma = 1000, 20, 0.016, 0.012, 0.16
    firms = Firms.empty(1)
    firms.size[:] = firms.staffed[:] = 1.0
    openings, by_group = np.zeros(1), np.zeros(1)
    plan_firms(
        firms.arrays(), np.ones(1), draw_key(1, Purpose.FIRM_SHOCK, 1), np.array([e]), np.array([v]),
        np.array([target]), True, 0.9, 0.0, gamma, delta_u, delta_v, np.zeros(1), 0.0, NO_REFUND, openings,
        by_group, np.zeros(1),
    )  # fmt: skip
    surplus = e + v - target
    assert by_group[0] == pytest.approx(delta_v * e + (1 - delta_v) * min(e, gamma * max(0.0, -surplus)), rel=1e-12)
    assert firms.layoff_rate[0] * e == pytest.approx((1 - delta_u) * min(e, gamma * max(0.0, surplus)), rel=1e-12)


@pytest.mark.parametrize(("target", "laid_off"), [(1010.0, 0.0), (1100.0, 0.0), (1000.0, 0.0), (900.0, 100.0)])
def test_nobody_loses_a_job_because_posts_stand_open(target: float, laid_off: float) -> None:
    """With 1000 jobs filled and 100 posts open, layoffs answer to the jobs beyond the target alone."""
    firms = Firms.empty(1)
    firms.size[:] = firms.staffed[:] = 1.0
    plan_firms(
        firms.arrays(), np.ones(1), draw_key(1, Purpose.FIRM_SHOCK, 1), np.array([1000]), np.array([100]),
        np.array([target]), False, 0.9, 0.0, 0.16, 0.0, 0.0, np.zeros(1), 0.0, NO_REFUND, np.zeros(1), np.zeros(1),
        np.zeros(1),
    )  # fmt: skip
    assert firms.layoff_rate[0] * 1000 == pytest.approx(0.16 * laid_off, rel=1e-12)


@pytest.mark.parametrize("surplus", [0.0, 30.0, 300.0])
def test_separations_are_the_published_sum(surplus: float) -> None:
    """With flat hazards people leave as delta e + (1 - delta) min(e, gamma max(0, g)): one draw decides both."""
    e, delta, gamma = 100_000, 0.016, 0.16
    rate = layoff_rate(surplus / 1000, delta, gamma, 0.0, 0.0)
    tally = Toy(e, e).separate(4, delta, rate)
    expected = delta * e + (1 - delta) * min(e, gamma * surplus / 1000 * e)
    share = expected / e
    assert tally[0] + tally[2] == pytest.approx(expected, abs=SIGMAS * math.sqrt(e * share * (1 - share)))
    assert tally[0] == pytest.approx(rate * e, abs=SIGMAS * math.sqrt(e * max(rate, 1e-9)) + 0.5)


def test_firms_rules_at_their_corners() -> None:
    """A firm in balance opens its turnover and lays nobody off; protection halves layoffs; the staff is the limit."""
    assert layoff_rate(0.0, 0.016, 0.29, 0.0, 0.0) == 0.0
    assert openings_rate(0.0, 0.016, 0.29) == 0.016
    assert openings_rate(0.5, 0.016, 0.29) == 0.016
    assert layoff_rate(-0.5, 0.016, 0.29, 0.01, 0.0) == 0.01
    assert layoff_rate(0.1, 0.016, 0.29, 0.01, 0.5) == 0.5 * layoff_rate(0.1, 0.016, 0.29, 0.01, 0.0)
    assert layoff_rate(1e9, 0.016, 0.29, 0.5, 0.0) == 1.0
    assert openings_rate(-1e9, 0.016, 0.29) == 1.0


# --- tables of the sweep --------------------------------------------------------------------------------------------


def test_hazard_tables_are_the_rules() -> None:
    """The sweep's tables hold, for every month of tenure and year of age, what the rules for one person say."""
    numbers = {
        "separation_settled": 0.0085, "separation_new": 0.035, "young_separation_multiplier": 2.3, "gig_exit": 0.03,
        "job_to_job_search": 0.01, "effective_applications": 0.6, "gig_search": 0.3, "visa_search_months": 12.0,
        "mothers_leave": 0.25, "months_with_child": 36.0,
    }  # fmt: skip
    births = np.full(OLDEST + 1, 0.12)
    tables = hazard_tables(numbers.__getitem__, births)
    assert tables.child[:FEMALE].max() == 0.0, "men stay"
    assert tables.child[FEMALE] == pytest.approx(0.25 * births / 12)
    for tenure in range(LONGEST_TENURE + 1):
        for age in range(OLDEST + 1):
            alone = tenure_hazard(tenure, 0.0085, 0.035) * young_multiplier(age, 2.3)
            assert tables.ends[tenure, age] == pytest.approx(alone, rel=1e-14)
        for over_35_odds in (1.0, 1.5):
            weight = tables.newcomer[tenure] * over_35_odds
            assert weight == pytest.approx(layoff_weight(36.0, tenure, over_35_odds), rel=1e-14)
        assert tables.newcomer[tenure] == pytest.approx(layoff_weight(34.9, tenure, 1.5), rel=1e-14)
    assert (np.diff(tables.ends, axis=0) < 0).all(), "hazards fall with tenure"
    assert (np.diff(tables.ends, axis=1) <= 0).all(), "and with age"
