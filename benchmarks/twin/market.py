"""The market as a plain Mesa model: the same thirteen phases over agents that are ordinary objects."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from itertools import accumulate
from math import exp
from typing import Any, NamedTuple

import mesa
import numpy as np

from agents import decisions
from agents.columns import People, Vacancies
from model.cohorts import GRADUATION_AGES, SIXTEEN
from model.demand_groups import GIG_SECTOR
from model.handover import JobSearch
from model.market import Market
from model.mechanisms.age_35.limits import close_at_35
from model.mechanisms.backlash import BACKLASH
from model.mechanisms.backlash.mood import feel
from model.mechanisms.demand.firms import hiring_season
from model.mechanisms.demand.targets import target_jobs
from model.mechanisms.graduates.campus import CAMPUS_LAPSES, CAMPUS_MONTHS, campus_gap
from model.mechanisms.matching import MATCHING
from model.mechanisms.matching.search import SearchRules, search_rules
from model.mechanisms.outside.books import open_month
from model.mechanisms.participation.choices import ParticipationRules
from model.mechanisms.property.month import advance_homes
from model.mechanisms.separations.hazards import LONGEST_TENURE, ODDS_OUTSIDE_TECHNOLOGY, OLDEST
from model.mechanisms.technology.output import grow_technology
from model.mechanisms.visa import VISA
from model.mechanisms.visa.arrivals import OLDEST as OLDEST_ARRIVAL
from model.mechanisms.visa.arrivals import YOUNGEST as YOUNGEST_ARRIVAL
from model.mechanisms.visa.arrivals import admitted, applicants, bring_posts
from model.mechanisms.wages import WAGES
from model.mechanisms.wages.offers import set_offers
from model.mechanisms.wealth.consumption import consume

from .firms import Firm, Group
from .opening import copy_firms, copy_people, copy_posts, job_map
from .people import BACHELOR, EMPLOYED, MASTER, UNEMPLOYED, Person
from .posts import Board
from .survey import take_survey

#: Share of migrants who have worked before, as in `model.mechanisms.participation.entry`.
MIGRANTS_WITH_EXPERIENCE = 0.7


class FirmRules(NamedTuple):
    """Numbers of firms' plans this month."""

    memory: float
    spread: float
    speed: float
    turnover: float
    base_openings: float
    protection: float


class MesaMarket(mesa.Model):  # type: ignore[misc]
    """The urban labour market of China, one month a step, with an object for everyone in it.

    It goes on from where an engine's market stands, with luck of its own. `economy` is a copy of that market without
    people and posts: it keeps what concerns the market as a whole. `in_random_order` lets agents act in random order as
    Mesa models do; nobody's chances depend on the order, so switching it off changes luck alone.
    """

    search_rules: SearchRules
    participation: ParticipationRules
    firm_rules: FirmRules
    developers: list[Firm]
    developer_rows: list[int]
    closed_at_35: list[float]
    offers: list[float]  # what occupations pay in new posts this month
    going: list[float]  # and what they will pay in the next
    pay_review: float

    def __init__(self, opened: Market, rng: int, *, in_random_order: bool = True) -> None:
        super().__init__(rng=rng)
        self.activate = "shuffle_do" if in_random_order else "do"
        self.economy: Market = opened.fork()
        self.month = self.economy.month
        self.rows: list[dict[str, float]] = []
        self._read_tables()
        self.groups = [
            Group(pay, mix, campus_mix)
            for pay, mix, campus_mix in zip(
                self.economy.groups.pay.tolist(),
                self.economy.exogenous.group_mix.tolist(),
                self.economy.exogenous.campus_mix.tolist(),
                strict=True,
            )
        ]
        firms = copy_firms(self, opened)
        self.platforms = [
            firms[row] for row in np.flatnonzero(opened.firms.group == opened.groups.index(GIG_SECTOR)).tolist()
        ]
        self.foreigners: set[Person] = set()
        copy_people(self, opened, firms)
        jobs = job_map(opened)
        self.board = Board(jobs, copy_posts(opened.vacancies, firms))
        self.campus = Board(jobs, copy_posts(opened.campus, firms))
        self.seekers: list[Person] = []
        self.movers: list[Person] = []
        self.final_year: list[Person] = []
        self.economy.people, self.economy.campus = People.empty(0), Vacancies.empty(0)
        self.economy.scratch_rows, self.economy.job_search = np.zeros(0, np.int64), JobSearch()

    def _read_tables(self) -> None:
        """What people and firms look up, as Python lists."""
        economy, number = self.economy, self.economy.number
        self.entry, self.stem = economy.exogenous.entry, economy.exogenous.stem.tolist()
        self.learnt: list[list[float]] = economy.exogenous.trades.cumulative.tolist()
        self.trade_pay: list[float] = economy.exogenous.trades.pay.tolist()
        self.asked_level: list[int] = economy.exogenous.trades.level.tolist()
        self.junior_share: list[float] = economy.exogenous.junior_share.tolist()
        self.experience_first, self.pay_spread = number("experience_first"), number("pay_spread")
        settled, new = number("separation_settled"), number("separation_new")
        young = number("young_separation_multiplier")
        hazard, multiplier = decisions.tenure_hazard.py_func, decisions.young_multiplier.py_func
        tenures = range(LONGEST_TENURE + 1)
        ages = [multiplier(age, young) for age in range(OLDEST + 1)]
        self.job_ends = [[hazard(tenure, settled, new) * age for age in ages] for tenure in tenures]
        self.newcomer_weight = [decisions.layoff_weight.py_func(30.0, t, 1.0) for t in tenures]
        self.gig_exit, self.looks_elsewhere = number("gig_exit"), number("job_to_job_search")
        self.gig_looks = number("effective_applications") * number("gig_search")
        self.visa_search_months = int(number("visa_search_months"))
        profile = decisions.age_profile.py_func
        self.age_profile = [profile(float(age)) for age in range(100)]

    @property
    def people(self) -> Any:
        """Everyone aged 16 and over."""
        return self.agents_by_type[Person]

    @property
    def firms(self) -> Any:
        """Every firm."""
        return self.agents_by_type[Firm]

    def everyone(self, agents: Any, action: str) -> None:
        """Let all agents of a set act."""
        getattr(agents, self.activate)(action)

    def step(self) -> None:
        """Live through one month."""
        self.economy.month += 1
        self.month = self.economy.month
        open_month(self.economy)
        close_at_35(self.economy)
        self.enter()
        advance_homes(self.economy)
        self.demand()
        self.separate()
        self.post()
        self.search()
        self.hire()
        self.set_wages()
        self.participate()
        self.admit()
        feel(self.economy)
        self.rows.append(take_survey(self))

    # --- phases 2 to 5 -----------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Dated changes, then new sixteen-year-olds, extra graduates and migrants."""
        economy = self.economy
        self.cohort_scale = economy.lever("graduates.cohort_scale")
        self.starters = self.graduates = 0  # counted by `Person.leave_school`
        self.everyone(self.people, "live_through_date")
        economy.flows.starters = self.starters
        economy.flows.hires += self.starters

        extra = max(0.0, self.cohort_scale - 1) * self.graduates * economy.people_per_agent
        for _ in range(economy.whole("extra graduates", extra)):
            graduate = self.newcomer(self.month - 12 * GRADUATION_AGES[1][0], tertiary=1.0)
            graduate.graduated = self.month
        birth = self.month - SIXTEEN
        degrees = self.entry.tertiary_per_month(economy.exogenous.drivers, birth)
        others = economy.number("other_young_entrants") * 1e6 / 12
        for _ in range(economy.whole("school starters", degrees + others)):
            Person(self, birth).draw_life(degrees / (degrees + others), self.month)
        for _ in range(economy.whole("migrants", economy.lever("parameters.migrants") * 1e6 / 12)):
            migrant = self.newcomer(self.month - int(12 * (18 + 31 * self.random.random())), tertiary=0.0)
            migrant.experienced = self.random.random() < MIGRANTS_WITH_EXPERIENCE

    def newcomer(self, birth: int, tertiary: float) -> Person:
        """Somebody who arrives with their schooling behind them and searches."""
        person = Person(self, birth)
        person.draw_life(tertiary, month=10**6)
        person.event = person.retires()
        return person

    def demand(self) -> None:
        """What each group and firm wants; layoffs and openings follow."""
        economy, number = self.economy, self.economy.number
        self.tell_economy()
        consume(economy)
        grow_technology(economy)
        target = target_jobs(economy)
        economy.groups.target[:] = target
        extra, scale = economy.group_lever("layoffs.extra_rate"), economy.group_lever("hiring.openings_scale")
        running = 1 - min(1.0, number("lockdown_freeze") * economy.exogenous.drivers.lockdown[economy.row])
        for g, group in enumerate(self.groups):
            group.target, group.extra_layoffs = float(target[g]), float(extra[g])
            group.openings_scale = float(scale[g] * running)
            group.wanted = group.staffed = 0.0
        turnover = number("base_openings") * economy.churn
        self.firm_rules = FirmRules(
            number("firm_shock_memory"),
            number("firm_shock_sd"),
            number("adjustment_speed"),
            turnover,
            turnover * hiring_season(economy),
            economy.lever("layoffs.protection"),
        )
        for firm, activity in zip(
            self.developers, economy.plan.firm_activity[self.developer_rows].tolist(), strict=True
        ):
            firm.activity = activity
        self.everyone(self.firms, "want")
        self.everyone(self.firms, "plan")

    def separate(self) -> None:
        """End jobs; whoever searches this month is put on a list on the way."""
        economy, number = self.economy, self.economy.number
        season = 1 + number("festival_separations") * economy.exogenous.drivers.festival[economy.row]
        pull = MATCHING.of(economy).relative(economy.month) ** number("quits_tightness_elasticity")
        factor = economy.groups.separation * economy.churn ** number("churn_power") * season * pull
        odds, tech = economy.lever("layoffs.over_35_odds"), economy.groups.index("tech")
        for g, group in enumerate(self.groups):
            group.separation, group.weight = float(factor[g]), 0.0
            group.over_35_odds = 1 + (odds - 1) * (1.0 if g == tech else ODDS_OUTSIDE_TECHNOLOGY)
        self.seekers, self.movers, self.final_year = [], [], []
        staff = [group.employed for group in self.groups]
        self.everyone(self.people, "keep_or_lose_job")
        for group, heads in zip(self.groups, staff, strict=True):
            group.mean_weight = max(0.5, group.weight / max(heads, 1))

    # --- phases 6 to 9 -----------------------------------------------------------------------------------------------

    def post(self) -> None:
        """Post the month's openings, and campus openings in season."""
        economy = self.economy
        self.closed_at_35 = economy.plan.closed_at_35.tolist()
        self.offers = (economy.exogenous.trades.pay * WAGES.of(economy).by_occupation).tolist()
        relative = economy.exogenous.trades.pay * WAGES.of(economy).by_occupation / economy.exogenous.mean_pay
        attraction = (relative ** economy.number("wage_attraction") / economy.exogenous.usual_openings).tolist()
        before = len(self.board.posts)
        self.firms.do("post")
        economy.flows.openings = len(self.board.posts) - before
        self.board.withdraw(self.month - int(economy.number("vacancy_life")))
        self.board.arrange(attraction)
        for group in self.groups:
            group.posts = 0
        for post in self.board.posts:
            post.firm.group.posts += 1
        season = self.month % 12
        if season == CAMPUS_LAPSES:
            self.campus.posts = []
        if season in CAMPUS_MONTHS:
            for group, seats in zip(self.groups, self.campus_seats(), strict=True):
                group.campus_seats = seats
            self.firms.do("post_on_campus")
        self.campus.withdraw(self.month - 12)
        self.campus.arrange(attraction)

    def campus_seats(self) -> list[float]:
        """Campus openings of each group this month, in simulated persons."""
        economy, number = self.economy, self.economy.number
        graduates = economy.exogenous.drivers.graduates
        size = graduates(economy.calendar_year + (self.month % 12 >= 9)) / graduates(2018)
        people = graduates(2018) * 1e6 * number("graduates_entering") * (1 - number("postgraduate_share"))
        people *= number("campus_offers") * size ** number("campus_class_elasticity")
        people *= exp(-number("campus_demand_sensitivity") * campus_gap(economy))
        people *= 1 + number("subsidy_openings") * economy.lever("hiring.graduate_subsidy")
        share = economy.groups.target * economy.exogenous.graduate_jobs
        wanted = people / economy.people_per_agent / len(CAMPUS_MONTHS) * share / share.sum()
        result: list[float] = (wanted * economy.group_lever("hiring.openings_scale")).tolist()
        return result

    def search(self) -> None:
        """Send the first round of applications, of seekers and of final-year students."""
        self.search_rules = search_rules(self.economy)
        self.economy.flows.searching = len(self.seekers)
        for person in self.seekers:
            person.apply(self.board)
        for person in self.movers:
            person.apply(self.board)
        for student in self.final_year:
            student.apply(self.campus)

    def hire(self) -> None:
        """Fill posts, round after round of applications, and give students their offers."""
        self.take_on()
        for _ in range(1, int(self.economy.number("applications"))):
            self.seekers = [person for person in self.seekers if person.status is UNEMPLOYED]
            for person in self.seekers:
                person.apply(self.board)
            self.take_on()
        for post in self.campus.posts:
            if post.best is not None:
                post.best.accept(post)
                post.best.offer, post.best = True, None
        self.seekers = [person for person in self.seekers if person.status is UNEMPLOYED]

    def take_on(self) -> None:
        """Each post takes the best applicant of this round."""
        flows = self.economy.flows
        for post in self.board.posts:
            person = post.best
            if person is None:
                continue
            flows.hires += 1
            if person.status is EMPLOYED:
                flows.quits += 1
                person.leave_job()
            else:
                flows.hires_from_unemployment += 1
            post.best = None
            post.firm.group.posts -= 1
            person.accept(post)
            person.start_work(post.firm)
            if person.foreign:
                person.event = self.month + self.entry.visa_job_months

    def set_wages(self) -> None:
        """Offers follow tightness, a few hundred numbers that the engine's phase moves; then pay is reviewed."""
        economy, count = self.economy, len(self.board.posts)
        economy.vacancies = Vacancies.empty(count)
        economy.vacancies.occupation[:] = [post.occupation for post in self.board.posts]
        economy.vacancies.count = count
        set_offers(economy)
        self.pay_review = economy.number("pay_review")
        self.going = (economy.exogenous.trades.pay * WAGES.of(economy).by_occupation).tolist()
        self.everyone(self.people, "review_pay")

    # --- phases 10 to 13 ---------------------------------------------------------------------------------------------

    def participate(self) -> None:
        """Let seekers without a job give up, stay at home or take gig work."""
        economy, number = self.economy, self.economy.number
        usual = economy.groups.gig_jobs * 1e6 * economy.exogenous.gig_trend[economy.row] / economy.people_per_agent
        self.participation = ParticipationRules(
            number("discouragement_rate"),
            number("discouraged_months"),
            number("home_exit"),
            number("home_return"),
            float(
                economy.exogenous.gig_pay * (usual / max(1.0, float(economy.stocks.gig))) ** number("gig_saturation")
            ),
            number("gig_going"),
        )
        for person in self.seekers:
            person.search_on_or_not()

    def admit(self) -> None:
        """People from abroad arrive within the quota; those at work bring posts after some months."""
        economy, state = self.economy, VISA.of(self.economy)
        at_work = [person.employer for person in self.foreigners if person.status is EMPLOYED]
        by_group = Counter(id(firm.group) for firm in at_work if firm is not None)
        staff = np.array([by_group[id(group)] for group in self.groups])
        delay = int(economy.number("complementarity_delay"))
        bring_posts(state, staff, delay, economy.lever("visa.complementarity"))
        quota = economy.lever("visa.annual_quota")
        if quota <= 0 or BACKLASH.of(economy).suspended(self.month):
            return
        count = economy.whole("visa arrivals", admitted(quota, applicants(economy)) / 12)
        economy.flows.k_visa_arrivals = count
        weight = list(accumulate((economy.exogenous.occupation_jobs * economy.exogenous.k_visa_open).tolist()))
        for _ in range(count):
            self.arrive(weight)

    def arrive(self, weight: list[float]) -> None:
        """A foreign graduate in STEM arrives without a job and searches."""
        random = self.random.random
        age = YOUNGEST_ARRIVAL + (OLDEST_ARRIVAL - YOUNGEST_ARRIVAL) * random()
        person = Person(self, self.month - int(12 * age))
        person.occupation = min(bisect_left(weight, random() * weight[-1]), len(weight) - 1)
        person.education = BACHELOR if random() < 0.5 else MASTER
        person.foreign = person.stem = True
        person.experienced = person.birth < self.month - 25 * 12
        person.pay = 0.8 * self.trade_pay[person.occupation]
        person.event = self.month + self.visa_search_months
        self.foreigners.add(person)

    def tell_economy(self) -> None:
        """Hand the counts of jobs and posts by group to the market as a whole."""
        self.economy.groups.employed[:] = [group.employed for group in self.groups]
        self.economy.groups.vacancies[:] = [group.posts for group in self.groups]
