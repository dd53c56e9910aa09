"""People: school, work, search, leaving; one object each."""

from __future__ import annotations

from bisect import bisect_left
from math import exp, sqrt
from typing import TYPE_CHECKING

import mesa
import numpy as np

from agents import decisions
from agents.columns import FAR_FUTURE, FEMALE, NEVER, Education, Hukou, Status
from agents.decisions import USUAL_HOME
from model.country import registers
from model.country.cohorts import SIXTEEN, Entry
from model.country.registers import OLDEST
from model.mechanisms.matching.applications import TRIES
from model.mechanisms.matching.search import CAMPUS_MONTHS_AHEAD
from model.mechanisms.participation import choices
from model.mechanisms.separations.hazards import LONGEST_TENURE
from model.randomness import uniform
from model.schedule import BURN_IN

if TYPE_CHECKING:
    from .firms import Firm
    from .market import MesaMarket
    from .posts import Board, Vacancy

# The rules as plain Python, which is what a user of Mesa writes.
age_penalty, spell_penalty = decisions.age_penalty.py_func, decisions.spell_penalty.py_func
applicant_fit, ranking_score = decisions.applicant_fit.py_func, decisions.ranking_score.py_func
home_exit = choices.home_exit.py_func
application_chance, asked_share = decisions.application_chance.py_func, decisions.asked_share.py_func
reservation_pay, gig_chance = decisions.reservation_pay.py_func, decisions.gig_chance.py_func
reviewed_pay = decisions.reviewed_pay.py_func
drawn = registers.drawn.py_func
discouragement = decisions.discouragement.py_func
festivals_at_home = decisions.festivals_at_home.py_func
retirement_group, month_of_return = decisions.retirement_group.py_func, decisions.month_of_return.py_func

STUDENT, POSTGRADUATE, EXAM_QUEUE, HOME = Status.STUDENT, Status.POSTGRADUATE, Status.EXAM_QUEUE, Status.HOME
DISCOURAGED, RETIRED, UNEMPLOYED, EMPLOYED = Status.DISCOURAGED, Status.RETIRED, Status.UNEMPLOYED, Status.EMPLOYED
VOCATIONAL, BACHELOR, MASTER = int(Education.VOCATIONAL_COLLEGE), int(Education.BACHELOR), int(Education.MASTER)
SECONDARY, NO_SCHOOL = int(Education.SECONDARY), int(Education.NONE)
THIRTY_FIVE = 35 * 12


def single(value: float) -> float:
    """A number as exact as the engine's columns keep it."""
    return float(np.float32(value))


class Person(mesa.Agent):  # type: ignore[misc]
    """Somebody aged 16 or over. Months are month indices, as in the engine."""

    model: MesaMarket

    def __init__(self, model: MesaMarket, identity: int, birth: int) -> None:
        super().__init__(model)
        self.identity = identity
        self.birth = birth
        self.status: Status = UNEMPLOYED
        self.since = model.month
        self.event = FAR_FUTURE
        self.graduated = NEVER
        self.education = NO_SCHOOL
        self.civil = 0
        self.occupation = 0
        self.employer: Firm | None = None
        self.pay = self.home = 0.0
        self.stem = self.experienced = self.gig = self.offer = self.foreign = self.searching_student = False
        #: Decided at birth: the year and month in which they retire, when they leave, whether they would study on.
        self.fate, self.month_of_year, self.leaves = (uniform(key, identity) for key in model.retirement_keys)
        self.plan = uniform(model.plan_key, identity)

    # --- a life in advance ---------------------------------------------------------------------------------------

    def draw_life(self, tertiary: float, month: int, learnt: list[list[float]] | None = None) -> None:
        """How long a young person stays in school and what for; who has left by `month` is left searching."""
        entry, trades = self.model.entry, learnt or self.model.learnt
        degree, when, season, kind, calling, wealth = (uniform(key, self.identity) for key in self.model.life_keys)
        studies = degree < tertiary
        if studies:
            self.education = BACHELOR if kind < entry.bachelor_share else VOCATIONAL
            late = 0 if season < entry.july else (1 if season < 1 - entry.september else 2)
            self.event = (self.birth // 12 + graduation_age(when, entry)) * 12 + entry.graduation_month + late
        else:
            self.education = SECONDARY if kind < entry.secondary_share else NO_SCHOOL
            self.event = self.birth + SIXTEEN + 1 + int(when * 12 * (entry.young_by - 16))
        in_school = self.event > month
        trade = trades[self.education]
        self.occupation = min(bisect_left(trade, calling), len(trade) - 1)
        self.stem = self.model.stem[self.occupation]
        self.searching_student = studies and wealth < entry.searching_students
        self.pay = single(self.model.trade_pay[self.occupation])
        self.home = single(USUAL_HOME * sqrt(wealth / (1 - wealth)))
        self.graduated = self.event if studies and not in_school else NEVER
        self.status = STUDENT if in_school else UNEMPLOYED

    def register(self, from_villages: float = 0.0) -> None:
        """Gender and hukou, once the occupation is known."""
        lucks = (uniform(key, self.identity) for key in self.model.register_keys)
        shares, age = self.model.economy.exogenous.registers, self.model.month - self.birth
        self.civil = drawn(*lucks, age, self.occupation, self.foreign, shares, from_villages)

    def retires(self) -> int:
        """Month of retirement as it is known now; never for people from abroad."""
        usual = self.would_retire()
        if usual > self.model.month:
            return usual
        return usual + int(self.model.entry.retirement_delays[self.retirement_group, usual + BURN_IN])

    @property
    def retirement_group(self) -> int:
        """At which of the country's ages this person would retire."""
        woman, degree = bool(self.civil & FEMALE), self.education >= VOCATIONAL
        return int(retirement_group(woman, degree, self.fate, self.model.entry.works_on, self.model.entry.early))

    def would_retire(self) -> int:
        """Month of retirement without any delay."""
        if self.foreign:
            return FAR_FUTURE
        return (
            self.birth
            + 12 * int(self.model.entry.retirement_ages[self.retirement_group])
            + int(12 * self.month_of_year)
        )

    # --- phase 2: dated changes ----------------------------------------------------------------------------------

    def live_through_date(self) -> None:
        """What a date brings: graduation, return, retirement, the end of a visa."""
        month = self.model.month
        if self.event > month:
            return
        if self.status is STUDENT or self.status is POSTGRADUATE:
            self.leave_school()
        elif self.status is UNEMPLOYED and self.offer and self.employer is not None:
            self.start_promised(self.employer)
        elif self.status is RETIRED:
            self.remove()
        elif self.foreign:
            earliest = self.since + self.model.entry.visa_job_months
            if self.status is EMPLOYED and earliest > month:
                self.event = earliest
            else:
                self.leave_job()
                self.model.foreigners.discard(self)
                self.remove()
        elif self.retires() <= month:
            self.leave_job()
            self.status = RETIRED
            later = self.leaves
            self.event = min(FAR_FUTURE, max(month + 1 + int(120 * later), self.birth + int(12 * (66 + 24 * later))))
        elif self.would_retire() == month:
            self.event = self.retires()
        else:
            if self.status < RETIRED:
                self.status, self.since = UNEMPLOYED, month
            self.event = self.retires()

    def leave_school(self) -> None:
        """A student's last day: a job in hand, further study, the exam queue or the market."""
        model, month = self.model, self.model.month
        first_degree = self.status is STUDENT
        self.since = month
        self.searching_student = False
        if self.education < VOCATIONAL:
            self.status, self.event = UNEMPLOYED, self.retires()
            return
        if not first_degree:
            self.education = MASTER
        else:
            model.graduates += 1
        self.graduated = month
        if self.offer and self.employer is not None:
            if month % 12 < model.entry.autumn and uniform(model.autumn_key, self.identity) < model.entry.autumn_starts:
                self.status, self.event = UNEMPLOYED, month + model.entry.autumn - month % 12
            else:
                self.start_promised(self.employer)
            return
        luck = uniform(model.graduation_key, self.identity)
        if first_degree and self.plan < model.entry.postgraduate[month + BURN_IN]:
            self.status, self.event = POSTGRADUATE, month + model.entry.postgraduate_months
        elif luck < (queue := model.entry.queue[month + BURN_IN]):
            self.status = EXAM_QUEUE
            first = month + (11 + model.entry.results_first - month % 12) % 12
            self.event = first + int(model.entry.results_months * luck / queue)
        else:
            self.status, self.event = UNEMPLOYED, self.retires()

    def start_promised(self, firm: Firm) -> None:
        """The first day in a job that was offered on campus."""
        self.model.starters += 1
        self.offer = False
        self.start_work(firm)
        self.event = self.retires()

    # --- jobs ----------------------------------------------------------------------------------------------------

    def start_work(self, firm: Firm, gig: bool = False) -> None:
        """Join a firm's staff."""
        self.employer, self.status, self.since = firm, EMPLOYED, self.model.month
        self.gig, self.experienced = gig, True
        firm.headcount += 1
        if not gig:
            firm.group.employed += 1

    def leave_job(self) -> None:
        """Leave the firm's staff, if on any."""
        if self.employer is not None and self.status is EMPLOYED:
            self.employer.headcount -= 1
            if not self.gig:
                self.employer.group.employed -= 1
        self.employer, self.gig = None, False

    def accept(self, post: Vacancy) -> None:
        """Take a post and its conditions, now or, on campus, after graduation."""
        self.employer, self.occupation, self.pay = post.firm, post.occupation, post.offer
        post.filled = True

    # --- phase 5: separate; and who searches -----------------------------------------------------------------------

    def keep_or_lose_job(self) -> None:
        """One number decides: laid off, gone, looking elsewhere, or staying. Who searches is put on the list."""
        model, month = self.model, self.model.month
        if self.status is EMPLOYED and self.employer is not None:
            self.face_separation(self.employer)
        elif self.status is STUDENT or self.status is POSTGRADUATE:
            final_year = month < self.event <= month + CAMPUS_MONTHS_AHEAD and self.education >= VOCATIONAL
            goes_on = self.status is STUDENT and self.plan < model.entry.postgraduate[month + BURN_IN]
            if final_year and not self.offer and not goes_on:
                model.final_year.append(self)
            return
        if self.status is UNEMPLOYED and not self.offer:
            model.seekers.append(self)

    def face_separation(self, firm: Firm) -> None:
        """The hazards of a job at a firm this month."""
        model, luck = self.model, uniform(self.model.separation_key, self.identity)
        age = model.month - self.birth
        if self.gig:
            laid_off, ends, looks = 0.0, model.gig_exit, model.gig_looks
        else:
            group = firm.group
            tenure = min(model.month - self.since, LONGEST_TENURE)
            weight = model.newcomer_weight[tenure] * (group.over_35_odds if age >= THIRTY_FIVE else 1.0)
            group.weight += weight
            laid_off = firm.layoff_rate * weight / group.mean_weight
            ends = model.job_ends[tenure][min(age // 12, OLDEST)] * group.separation
            looks = model.looks[tenure][min(age // 12, OLDEST)] * model.pull
        if luck < laid_off + ends + model.child[self.civil][min(age // 12, OLDEST)]:
            flows = model.economy.flows
            if luck >= laid_off:
                flows.quits += 1
            else:
                flows.layoffs += 1
                flows.layoffs_over_35 += age >= THIRTY_FIVE
            self.leave_job()
            self.status, self.since, self.experienced = UNEMPLOYED, model.month, True
            if self.foreign:
                self.event = model.month + model.visa_search_months
            elif luck >= laid_off + ends:
                self.stay_home(HOME, model.child_months, uniform(model.child_key, self.identity))
        elif luck > 1.0 - looks:
            model.movers.append(self)

    # --- phase 7: search -----------------------------------------------------------------------------------------

    def spell(self) -> int:
        """Months without work so far, 0 for everyone else."""
        return self.model.month - self.since if self.status is UNEMPLOYED else 0

    def asks(self, spell: int) -> float:
        """Pay below which a seeker does not work."""
        rules = self.model.search_rules
        share = asked_share(rules.share, self.home, rules.house_price, rules.wealth)
        return float(reservation_pay(self.pay, spell, share, rules.decay))

    def apply(self, board: Board) -> None:
        """One application: an occupation, then a post there that pays enough; it counts where it leads the ranking."""
        model, rules, keys = self.model, self.model.search_rules, self.model.application_keys
        spell, chance, floor = self.spell(), 1.0, 0.0
        if self.status is EMPLOYED:
            floor = self.pay
        else:
            chance = application_chance(spell, rules.effective, rules.long_term)
        chance *= rules.friction if self.foreign else 1.0
        luck = uniform(keys[0], self.identity)
        if luck > chance:
            return
        luck /= chance
        if self.status is UNEMPLOYED:
            floor = self.asks(spell)
        over_35, beginner = model.month - self.birth >= THIRTY_FIVE, not self.experienced
        skill = 2 if self.foreign else int(self.stem)
        for attempt in range(TRIES):
            if attempt:
                luck = uniform(keys[TRIES + 1 + attempt], self.identity)
            posts = board.choose(2 * over_35 + beginner, skill, self.occupation, luck)
            if not posts:
                return
            post = posts[int(len(posts) * uniform(keys[attempt + 1], self.identity))]
            if not post.filled and post.offer >= floor and post.wants in (None, bool(self.civil & FEMALE)):
                score = ranking_score(
                    self.quality(post, spell), uniform(keys[TRIES + 1], self.identity), rules.strength
                )
                if score > post.best_score:
                    post.best, post.best_score = self, score
                return

    def quality(self, post: Vacancy, spell: int) -> float:
        """How good an applicant the firm sees."""
        model, rules = self.model, self.model.search_rules
        age = (model.month - self.birth) / 12
        quality = applicant_fit(self.education, model.asked_level[post.occupation], post.occupation == self.occupation)
        quality *= age_penalty(age, rules.age_floor) * spell_penalty(spell, rules.spell_floor)
        if post.ranks_experience and self.experienced:
            quality *= rules.experience
        graduate = model.month - self.graduated <= rules.graduate_months
        quality *= exp(rules.subsidy if graduate else 0)
        if self.status is UNEMPLOYED and (graduate or age < 25):
            quality *= exp(rules.payment)
        return float(quality)

    # --- phase 9: wages ------------------------------------------------------------------------------------------

    def review_pay(self) -> None:
        """Bring pay nearer to what newcomers are offered, on each anniversary of the job."""
        tenure = self.model.month - self.since
        if self.status is EMPLOYED and self.employer is not None and not self.gig and tenure > 0 and tenure % 12 == 0:
            going = self.model.going[self.occupation] * self.employer.group.pay
            self.pay = single(reviewed_pay(self.pay, going, self.model.pay_review))

    # --- phase 10: participate -------------------------------------------------------------------------------------

    def stay_home(self, status: Status, mean: float, luck: float) -> None:
        """Leave the labour force until a date."""
        month = self.model.month
        self.status, self.since = status, month
        self.event = month_of_return(self.event, month, mean, luck)

    def go_home_or_not(self) -> None:
        """A migrant's choice between searching on and going back to the village until after a festival."""
        model, rules, keys = self.model, self.model.leaving, self.model.going_keys
        rural = self.civil % FEMALE == Hukou.MIGRANT_RURAL
        if self.status is not UNEMPLOYED or not rural or self.spell() < rules.after:
            return
        if uniform(keys[0], self.identity) < rules.goes:
            passed = festivals_at_home(rules.comes_back, uniform(keys[1], self.identity))
            back = int(rules.festivals[min(passed, len(rules.festivals) - 1)])
            self.status, self.since, self.event = HOME, model.month, min(self.event, back)

    def search_on_or_not(self) -> None:
        """A seeker's choice between searching on, giving up, home and gig work."""
        if self.foreign:
            return
        model, rules, who = self.model, self.model.participation, self.identity
        luck, spell = uniform(model.participation_keys[0], who), self.spell()
        gives_up = discouragement(spell, rules.gives_up)
        age = model.month - self.birth
        stays_home = home_exit(self.civil, age, rules)
        child = rules.child[self.civil, min(age // 12, OLDEST)]
        if luck < gives_up + stays_home + child:
            back = uniform(model.participation_keys[1], who)
            if luck < gives_up:
                self.stay_home(DISCOURAGED, rules.discouraged_months, back)
            else:
                other = luck < gives_up + stays_home
                self.stay_home(HOME, 1.0 / rules.home_return if other else rules.child_months, back)
        elif spell >= 1:
            chance, luck = gig_chance(rules.gig_income, self.asks(spell), rules.gig_going), uniform(model.gig_key, who)
            if luck < chance:
                self.pay = single(rules.gig_income)
                self.start_work(
                    model.platforms[int(min(len(model.platforms) - 1, luck / chance * len(model.platforms)))], gig=True
                )


def graduation_age(luck: float, entry: Entry) -> int:
    """Age at graduation from a first degree."""
    reached = 0.0
    for age, share in zip(entry.graduation_ages, entry.graduation_shares, strict=True):
        reached += share
        if luck <= reached:
            return age
    return entry.graduation_ages[-1]
