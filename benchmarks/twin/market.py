"""The market as a plain Mesa model: what persons do in a month, as ordinary objects."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from typing import Any

import mesa
import numpy as np

from agents import decisions
from agents.columns import FIRST_FOREIGN_IDENTITY, NOBODY, People
from model.country.cohorts import SIXTEEN
from model.country.registers import OLDEST
from model.handover import JobSearch, SearchRules
from model.market import Market
from model.mechanisms.backlash import BACKLASH
from model.mechanisms.going_home.leaving import Leaving, leaving_rules
from model.mechanisms.matching import MATCHING
from model.mechanisms.matching.applications import TRIES
from model.mechanisms.matching.search import search_rules
from model.mechanisms.participation.choices import ParticipationRules, participation_rules
from model.mechanisms.participation.entry import AGES_OF_MIGRANTS, EXPERIENCE_OF_MIGRANTS
from model.mechanisms.separations.hazards import LONGEST_TENURE, MOST_PULL, ODDS_OUTSIDE_TECHNOLOGY
from model.mechanisms.visa import VISA
from model.mechanisms.visa.arrivals import OLDEST as OLDEST_ARRIVAL
from model.mechanisms.visa.arrivals import YOUNGEST as YOUNGEST_ARRIVAL
from model.mechanisms.visa.arrivals import admitted, applicants, bring_posts
from model.mechanisms.wages import WAGES
from model.mechanisms.wages.offers import set_offers
from model.randomness import FOR_GOOD, Key, Purpose, draw_key, further, uniform

from .firms import Firm, Group
from .opening import copy_firms, copy_people, copy_posts, job_map
from .people import BACHELOR, EMPLOYED, MASTER, UNEMPLOYED, Person, single
from .posts import Board
from .survey import take_survey

#: Share of migrants who have worked before, as in `model.mechanisms.participation.entry`.
MIGRANTS_WITH_EXPERIENCE = 0.7


class MesaMarket(mesa.Model):  # type: ignore[misc]
    """The urban labour market of China, one month a step, with an object for everyone in it.

    It goes on from where an engine's market stands, with that market's hashed random numbers, so that everybody lives
    the same months. `economy` is a copy of that market without people: it lives through the steps that concern no
    single person. `in_random_order` lets people act in random order as Mesa models do; it changes nothing else.
    """

    search_rules: SearchRules
    participation: ParticipationRules
    leaving: Leaving
    application_keys: list[Key]
    going: list[float]  # what occupations will pay in new posts next month
    pay_review: float
    pull: float  # search on the job relative to the usual

    def __init__(self, opened: Market, rng: int | None = None, *, in_random_order: bool = True) -> None:
        super().__init__(rng=rng)
        self.activate = "shuffle_do" if in_random_order else "do"
        self.economy: Market = opened.fork()
        self.month = self.economy.month
        self.rows: list[dict[str, float]] = []
        self._read_tables()
        self._draw_keys()
        self.groups = [Group(pay) for pay in self.economy.groups.pay.tolist()]
        self.firm_objects = copy_firms(self, opened)
        gig = opened.groups.platforms
        self.platforms = [firm for firm in self.firm_objects if firm.group is self.groups[gig]]
        self.foreigners: set[Person] = set()
        copy_people(self, opened, self.firm_objects)
        jobs = job_map(opened)
        self.board, self.campus = Board(jobs), Board(jobs)
        self.seekers: list[Person] = []
        self.movers: list[Person] = []
        self.final_year: list[Person] = []
        self.economy.people = People.empty(0)
        self.economy.scratch_rows, self.economy.job_search = np.zeros(0, np.int64), JobSearch()
        self.own: dict[str, Callable[[], None]] = {
            "enter": self.enter,
            "separate": self.separate,
            "search": self.search,
            "hire": self.hire,
            "wages": self.set_wages,
            "participate": self.participate,
            "go_home": self.send_home,
            "visa": self.admit,
            "survey": self.ask_everyone,
            "remember": lambda: None,  # with the survey
            "record": lambda: None,
        }

    def _read_tables(self) -> None:
        """What people look up, as Python lists."""
        economy, number = self.economy, self.economy.number
        self.entry, self.stem = economy.exogenous.entry, economy.exogenous.stem.tolist()
        self.learnt: list[list[float]] = economy.exogenous.trades.cumulative.tolist()
        self.arrivals_learnt: list[list[float]] = economy.exogenous.arrivals.cumulative.tolist()
        self.trade_pay: list[float] = economy.exogenous.trades.pay.tolist()
        self.asked_level: list[int] = economy.exogenous.trades.level.tolist()
        settled, new = number("separation_settled"), number("separation_new")
        young, usual = number("young_separation_multiplier"), number("job_to_job_search")
        hazard, multiplier = decisions.tenure_hazard.py_func, decisions.young_multiplier.py_func
        elsewhere = decisions.looks_elsewhere.py_func
        tenures, ages = range(LONGEST_TENURE + 1), range(OLDEST + 1)
        by_age = [multiplier(age, young) for age in ages]
        self.job_ends = [[hazard(tenure, settled, new) * times for times in by_age] for tenure in tenures]
        self.looks = [[elsewhere(tenure, age, usual) for age in ages] for tenure in tenures]
        self.newcomer_weight = [decisions.layoff_weight.py_func(30.0, t, 1.0) for t in tenures]
        self.gig_exit = number("gig_exit")
        self.gig_looks = number("effective_applications") * number("gig_search")
        self.visa_search_months = int(number("visa_search_months"))
        self.child = economy.exogenous.hazards.child.tolist()
        self.child_months = number("months_with_child")
        self.age_profile = [decisions.age_profile.py_func(float(age)) for age in range(100)]

    def _draw_keys(self) -> None:
        """The keys of random numbers that hold for good."""
        retirement = self.key(Purpose.RETIREMENT, 0)
        self.retirement_keys = [retirement, *(Key(further(retirement, draw)) for draw in (1, 2))]
        self.life_keys = [self.key(Purpose.ENTRY, FOR_GOOD + k) for k in range(6)]
        registers = self.key(Purpose.REGISTERS, FOR_GOOD)
        self.register_keys = [registers, Key(further(registers, 1))]
        self.plan_key = self.key(Purpose.GRADUATION, FOR_GOOD)
        self.autumn_key = self.key(Purpose.GRADUATION, FOR_GOOD + 1)

    def key(self, purpose: Purpose, month: int) -> Key:
        """The engine's key of random numbers for one purpose."""
        return draw_key(self.economy.seed, purpose, month)

    @property
    def people(self) -> Any:
        """Everyone aged 16 and over."""
        return self.agents_by_type[Person]

    @property
    def firms(self) -> Any:
        """Every firm."""
        return self.agents_by_type[Firm]

    def everyone(self, action: str) -> None:
        """Let all people act."""
        getattr(self.people, self.activate)(action)

    def step(self) -> None:
        """Live through one month: the engine's steps, in its order, with people's own in place of its kernels."""
        self.economy.month += 1
        self.month = self.economy.month
        for name, happen in self.economy.month_steps:
            if name in self.own:
                self.own[name]()
                self.tell_economy()
            else:
                happen(self.economy)
                if name == "post":
                    for group, posts in zip(self.groups, self.economy.groups.vacancies.tolist(), strict=True):
                        group.posts = posts

    # --- enter and separate --------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Dated changes, then new sixteen-year-olds and migrants."""
        economy = self.economy
        self.graduation_key = self.key(Purpose.GRADUATION, self.month)
        self.starters = self.graduates = 0  # counted by people who leave school
        self.everyone("live_through_date")
        economy.flows.starters, economy.flows.graduates = self.starters, self.graduates
        economy.flows.hires += self.starters

        given = economy.exogenous
        for _ in range(economy.whole("school starters", given.sixteen[economy.row])):
            starter = Person(self, self.new_identity(), self.month - SIXTEEN)
            starter.draw_life(given.degrees[economy.row], self.month)
            starter.register()
        ages, experience = self.key(Purpose.ENTRY, AGES_OF_MIGRANTS), self.key(Purpose.ENTRY, EXPERIENCE_OF_MIGRANTS)
        for _ in range(economy.whole("migrants", economy.lever("parameters.migrants") * 1e6 / 12)):
            identity = self.new_identity()
            age = self.entry.youngest_migrant + self.entry.migrant_years * uniform(ages, identity)
            migrant = Person(self, identity, self.month - int(12 * age))
            migrant.draw_life(0.0, month=10**6, learnt=self.arrivals_learnt)
            migrant.register(economy.number("registered_in_villages"))
            migrant.event = migrant.retires()
            migrant.experienced = uniform(experience, identity) < MIGRANTS_WITH_EXPERIENCE

    def new_identity(self, first: int = 0) -> int:
        """The next identity of a range."""
        identity: int = self.economy.next_identity[first]
        self.economy.next_identity[first] = identity + 1
        return identity

    def separate(self) -> None:
        """End jobs; whoever searches this month is put on a list on the way."""
        economy, number = self.economy, self.economy.number
        season = 1 + number("festival_separations") * economy.exogenous.drivers.festival[economy.row]
        tightness = MATCHING.of(economy).relative(economy.month)
        self.pull = min(MOST_PULL, tightness ** number("job_to_job_tightness"))
        factor = economy.groups.separation * economy.churn ** number("churn_power") * season
        factor *= tightness ** number("quits_tightness_elasticity")
        odds, tech = economy.lever("layoffs.over_35_odds"), economy.groups.tech
        for g, group in enumerate(self.groups):
            group.separation, group.weight = float(factor[g]), 0.0
            group.over_35_odds = 1 + (odds - 1) * (1.0 if g == tech else ODDS_OUTSIDE_TECHNOLOGY)
        for firm, rate in zip(self.firm_objects, economy.firms.layoff_rate.tolist(), strict=True):
            firm.layoff_rate = rate
        self.separation_key = self.key(Purpose.SEPARATION, self.month)
        self.child_key = Key(further(self.separation_key, 1))
        self.seekers, self.movers, self.final_year = [], [], []
        staff = [group.employed for group in self.groups]
        self.everyone("keep_or_lose_job")
        for group, heads in zip(self.groups, staff, strict=True):
            group.mean_weight = max(0.5, group.weight / max(heads, 1))

    # --- search and hire -----------------------------------------------------------------------------------------

    def search(self) -> None:
        """Send the first round of applications, of seekers and of final-year students."""
        economy = self.economy
        relative = economy.exogenous.trades.pay * WAGES.of(economy).by_occupation / economy.exogenous.mean_pay
        attraction = (relative ** economy.number("wage_attraction") / economy.exogenous.usual_openings).tolist()
        for board, columns in ((self.board, economy.vacancies), (self.campus, economy.campus)):
            board.posts = copy_posts(columns, self.firm_objects)
            board.arrange(attraction)
        self.search_rules = search_rules(economy)
        economy.flows.searching = len(self.seekers)
        self.begin_round(0)
        for person in (*self.seekers, *self.movers):
            person.apply(self.board)
        for student in self.final_year:
            student.apply(self.campus)

    def begin_round(self, number: int) -> None:
        """The keys of a round of applications."""
        key = self.key(Purpose.APPLICATION, self.month + 4096 * number)
        self.application_keys = [Key(further(key, draw)) for draw in range(2 * TRIES + 1)]

    def hire(self) -> None:
        """Fill posts, round after round of applications, and give students their offers."""
        self.take_on()
        for number in range(1, int(self.economy.number("applications"))):
            self.begin_round(number)
            self.seekers = [person for person in self.seekers if person.status is UNEMPLOYED]
            for person in self.seekers:
                person.apply(self.board)
            self.take_on()
        for post in self.campus.posts:
            if post.best is not None:
                post.best.accept(post)
                post.best.offer, post.best = True, None
        self.seekers = [person for person in self.seekers if person.status is UNEMPLOYED]
        for board, columns in ((self.board, self.economy.vacancies), (self.campus, self.economy.campus)):
            columns.firm[: columns.count][[post.filled for post in board.posts]] = NOBODY

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
        economy = self.economy
        set_offers(economy)
        self.pay_review = economy.number("pay_review")
        self.going = (economy.exogenous.trades.pay * WAGES.of(economy).by_occupation).tolist()
        self.everyone("review_pay")

    # --- participate, the visa, the survey -------------------------------------------------------------------------

    def participate(self) -> None:
        """Let seekers without a job give up, stay at home or take gig work."""
        self.participation = participation_rules(self.economy)
        leaving = self.key(Purpose.PARTICIPATION, self.month)
        self.participation_keys = [leaving, Key(further(leaving, 1))]
        self.gig_key = self.key(Purpose.GIG, self.month)
        for person in self.seekers:
            person.search_on_or_not()

    def send_home(self) -> None:
        """Let migrants from villages without work go home."""
        self.leaving = leaving_rules(self.economy)
        going = self.key(Purpose.GOING_HOME, self.month)
        self.going_keys = [going, Key(further(going, 1))]
        for person in self.seekers:
            person.go_home_or_not()

    def admit(self) -> None:
        """People from abroad arrive within the quota; those at work bring posts after some months."""
        economy, state = self.economy, VISA.of(self.economy)
        at_work = [person.employer for person in self.foreigners if person.status is EMPLOYED]
        by_group = Counter(id(firm.group) for firm in at_work if firm is not None)
        staff = np.array([by_group[id(group)] for group in self.groups])
        if not economy.stocks.foreign:
            staff[:] = 0
        delay = int(economy.number("complementarity_delay"))
        bring_posts(state, staff, delay, economy.lever("visa.complementarity"))
        quota = economy.lever("visa.annual_quota")
        if quota <= 0 or BACKLASH.of(economy).suspended(self.month):
            return
        count = economy.whole("visa arrivals", admitted(quota, applicants(economy)) / 12)
        economy.flows.k_visa_arrivals = count
        weight = economy.exogenous.occupation_jobs * economy.exogenous.k_visa_open
        cumulative = np.cumsum(weight / weight.sum()).tolist()
        for _ in range(count):
            self.arrive(cumulative)

    def arrive(self, cumulative: list[float]) -> None:
        """A foreign graduate in STEM arrives without a job and searches."""
        identity = self.new_identity(FIRST_FOREIGN_IDENTITY)
        years, trade, degree = (uniform(self.key(Purpose.VISA, FOR_GOOD + k), identity) for k in range(3))
        age = YOUNGEST_ARRIVAL + (OLDEST_ARRIVAL - YOUNGEST_ARRIVAL) * years
        person = Person(self, identity, self.month - int(12 * age))
        person.occupation = min(bisect_left(cumulative, trade), len(cumulative) - 1)
        person.education = BACHELOR if degree < 0.5 else MASTER
        person.foreign = person.stem = True
        person.register()
        person.experienced = person.birth < self.month - 25 * 12
        person.pay = single(0.8 * self.trade_pay[person.occupation])
        person.event = self.month + self.visa_search_months
        self.foreigners.add(person)

    def ask_everyone(self) -> None:
        """The survey, and what next month remembers of it."""
        self.rows.append(take_survey(self))

    def tell_economy(self) -> None:
        """Hand counts of jobs and posts to the market as a whole."""
        economy = self.economy
        economy.groups.employed[:] = [group.employed for group in self.groups]
        economy.groups.vacancies[:] = [group.posts for group in self.groups]
        economy.groups.layoff_weight[:] = [group.mean_weight for group in self.groups]
        economy.firms.headcount[:] = [firm.headcount for firm in self.firm_objects]
        left = economy.vacancies.firm[: economy.vacancies.count]
        economy.firms.vacancies[:] = np.bincount(left[left >= 0], minlength=len(economy.firms))
