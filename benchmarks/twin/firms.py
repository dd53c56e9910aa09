"""Firms, and the groups of firms whose demand moves together."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import TYPE_CHECKING

import mesa

from agents import decisions
from model.mechanisms.demand.firms import LOGISTIC_SD

from .posts import Vacancy

if TYPE_CHECKING:
    from .market import MesaMarket

layoff_rate = decisions.layoff_rate.py_func
openings_rate = decisions.openings_rate.py_func


@dataclass(slots=True)
class Group:
    """Firms whose target jobs move together: what they want, have and offer this month, in simulated persons."""

    pay: float  # relative to the occupation's mean
    mix: list[float]  # cumulative over occupations
    campus_mix: list[float]
    employed: int = 0
    posts: int = 0
    target: float = 0.0
    wanted: float = 0.0  # sums over its firms
    staffed: float = 0.0
    extra_layoffs: float = 0.0
    openings_scale: float = 1.0
    carry: float = 0.0  # openings due but smaller than one person so far
    campus_seats: float = 0.0
    campus_carry: float = 0.0
    separation: float = 1.0  # what multiplies every hazard this month
    over_35_odds: float = 1.0
    weight: float = 0.0  # sum of layoff weights of this month's staff
    mean_weight: float = 1.0  # mean of last month's


class Firm(mesa.Agent):  # type: ignore[misc]
    """A firm: it wants jobs, cuts staff or posts vacancies."""

    model: MesaMarket

    def __init__(self, model: MesaMarket, group: Group, size: float, staffed: float, shock: float) -> None:
        super().__init__(model)
        self.group = group
        self.size, self.staffed, self.shock = size, staffed, shock
        self.premium, self.age_rule = 0.0, 1.0
        self.activity = 1.0
        self.wants = 0.0
        self.headcount = 0
        self.layoff_rate = self.openings = 0.0

    def want(self) -> None:
        """What the firm would like to be, before its group's total is shared out."""
        rules, luck = self.model.firm_rules, self.model.random.random()
        noise = sqrt(1 - rules.memory**2) * rules.spread * log(luck / (1 - luck)) / LOGISTIC_SD
        self.shock = rules.memory * self.shock + noise
        self.wants = self.size * exp(self.shock) * self.activity
        self.group.wanted += self.wants
        self.group.staffed += self.staffed

    def plan(self) -> None:
        """Layoffs and openings from the gap between what the firm is staffed for and what it wants."""
        rules, group = self.model.firm_rules, self.group
        share, now, heads = self.wants / group.wanted, self.staffed / group.staffed, max(1, group.employed)
        gap = (group.employed + group.posts - group.target) / heads + log(now / share)
        self.layoff_rate = layoff_rate(gap, rules.turnover, rules.speed, group.extra_layoffs, rules.protection)
        self.openings = now * heads * openings_rate(gap, rules.base_openings, rules.speed)
        self.staffed = now + rules.speed * (share - now)

    def post(self) -> None:
        """Post the openings planned; fractions of a person add up over the firms of the group."""
        model, group = self.model, self.group
        group.carry += self.openings * group.openings_scale
        while group.carry >= 1.0:
            group.carry -= 1.0
            occupation = min(bisect_left(group.mix, model.random.random()), len(group.mix) - 1)
            closed = model.random.random() < model.closed_at_35[occupation] * self.age_rule
            beginners = model.random.random() < model.junior_share[occupation]
            experience = model.random.random() < model.experience_first
            model.board.posts.append(self.vacancy(occupation, closed, beginners, experience))
            group.posts += 1

    def post_on_campus(self) -> None:
        """Post openings for next summer's graduates."""
        model, group = self.model, self.group
        group.campus_carry += self.staffed * group.campus_seats
        while group.campus_carry >= 1.0:
            group.campus_carry -= 1.0
            occupation = min(bisect_left(group.campus_mix, model.random.random()), len(group.campus_mix) - 1)
            model.campus.posts.append(self.vacancy(occupation, False, True, False))

    def vacancy(self, occupation: int, closed: bool, beginners: bool, experience: bool) -> Vacancy:
        """A post of this firm, its offer drawn around what the occupation pays."""
        model = self.model
        noise = model.pay_spread * (2 * model.random.random() - 1) * 1.73
        offer = model.offers[occupation] * self.group.pay * exp(self.premium + noise)
        return Vacancy(self, occupation, closed, beginners, experience, offer, model.month)
