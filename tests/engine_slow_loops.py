"""Kernels that the plain-Mesa twin does not cover, again as slow plain loops: plans, posts, survey, dates of a life.

Written from what each phase promises and not from the compiled code.

Each takes the same arguments as its kernel and changes them in place; `engine_cases.agree` compares the two. Rules
of `agents.decisions` are called as plain Python (`.py_func`), numbers are Python's own.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from types import SimpleNamespace
from typing import Any

import numpy as np

from agents import decisions
from agents.columns import (
    CLOSED_AT_35,
    FAR_FUTURE,
    FEMALE,
    NEVER,
    NOBODY,
    OPEN_TO_BEGINNERS,
    RANKS_EXPERIENCE,
    Education,
    Flag,
    Status,
)
from model.schedule import BURN_IN

LOW_32 = 0xFFFFFFFF


def rule(name: str) -> Any:
    """A rule of `agents.decisions` as plain Python."""
    return getattr(decisions, name).py_func


def slow_uniform(key: int, identity: int) -> float:
    """The hash of `model.randomness` in whole numbers of any size, cut to 32 bits where a register would."""
    key, x = int(key), int(identity) ^ (int(key) & LOW_32)
    x = ((x ^ (x >> 16)) * 0x21F0AAAD) & LOW_32
    x = ((x ^ (x >> 15)) + (key >> 32)) & LOW_32
    x = (x * 0x735A2D97) & LOW_32
    x = ((x ^ (x >> 15)) * 0x21F0AAAD) & LOW_32
    return ((x ^ (x >> 16)) + 0.5) / 2**32


def slow_further(key: int, draw: int) -> int:
    """The key of a further number under the same key."""
    return (int(key) + draw * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF


def person(p: Any, row: int) -> SimpleNamespace:
    """One person's columns as Python numbers."""
    return SimpleNamespace(row=int(row), **{name: getattr(p, name)[row].item() for name in p._fields})


def write(p: Any, who: SimpleNamespace) -> None:
    """Put a person's columns back."""
    for name in p._fields:
        getattr(p, name)[who.row] = getattr(who, name)


def slow_asks(who: SimpleNamespace, spell: int, rules: Any) -> float:
    """Pay below which a seeker takes nothing, home wealth included."""
    share = rule("asked_share")(rules.share, who.home, rules.house_price, rules.wealth)
    asks: float = rule("reservation_pay")(who.pay, spell, share, rules.decay)
    return asks


# --- phase 2 --------------------------------------------------------------------------------------------------------


def slow_retirement(key: int, who: SimpleNamespace, month: int, rules: Any) -> int:
    luck = slow_uniform(key, who.identity)
    woman, degree = bool(who.civil & FEMALE), who.education >= Education.VOCATIONAL_COLLEGE
    group = int(rule("retirement_group")(woman, degree, luck, rules.works_on, rules.early))
    years = int(rules.retirement_ages[group])
    usual = who.birth + 12 * years + int(12 * slow_uniform(slow_further(key, 1), who.identity))
    return usual if usual > month else usual + int(rules.retirement_delays[group, max(0, usual + BURN_IN)])


def slow_departure(key: int, who: SimpleNamespace, month: int) -> int:
    luck = slow_uniform(slow_further(key, 2), who.identity)
    return min(FAR_FUTURE, max(month + 1 + int(120 * luck), who.birth + int(12 * (66 + 24 * luck))))


# --- phase 4 --------------------------------------------------------------------------------------------------------


def slow_plan_firms(
    firms: Any,
    activity: Any,
    key: int,
    employed: Any,
    vacancies: Any,
    target: Any,
    lay_off_for_posts: bool,
    memory: float,
    spread: float,
    speed: float,
    base_separations: float,
    base_openings: float,
    extra: Any,
    protection: float,
    refund: Any,
    firm_openings: Any,
    group_openings: Any,
    kept: Any,
) -> None:
    for f in range(len(firms.group)):
        luck = slow_uniform(key, f)
        logistic = math.log(luck / (1 - luck)) / 1.81
        firms.shock[f] = memory * firms.shock[f] + math.sqrt(1 - memory**2) * spread * logistic
    for g in range(len(target)):
        members = [f for f in range(len(firms.group)) if firms.group[f] == g]
        wants = {f: firms.size[f] * math.exp(firms.shock[f]) * activity[f] for f in members}
        everything, staff = sum(wants.values()), sum(firms.staffed[f] for f in members)
        heads = max(1, int(employed[g]))
        surplus = (employed[g] + vacancies[g] - target[g]) / heads
        too_many = surplus if lay_off_for_posts else min(surplus, max(0.0, employed[g] - target[g]) / heads)
        group_openings[g] = kept[g] = 0.0
        for f in members:
            share, now = wants[f] / everything, firms.staffed[f] / staff
            own = math.log(now / share)
            wanted = rule("layoff_rate")(too_many + own, base_separations, speed, extra[g], 0.0)
            usual = rule("openings_rate")(surplus + own, base_openings, speed)
            forgone = protection * wanted
            if refund.allowed < wanted - forgone <= refund.allowed + refund.worth:
                forgone += refund.reach * (wanted - forgone - refund.allowed)
            firms.layoff_rate[f] = wanted - forgone
            firm_openings[f] = now * heads * max(0.0, usual - forgone)
            group_openings[g] += firm_openings[f]
            kept[g] += now * heads * min(1.0, forgone / speed)
            firms.target[f] = share * target[g]
            held = 0.0 if forgone == 0 or now < share else forgone / wanted * (1 - min(1.0, usual / forgone))
            firms.staffed[f] = now + speed * (share - now) * (1 - held)


# --- phase 6 --------------------------------------------------------------------------------------------------------


def slow_post_openings(
    v: Any,
    count: int,
    month: int,
    key: int,
    by_firm: Any,
    firm_group: Any,
    ratio: Any,
    carry: Any,
    so_far: Any,
    mix: Any,
    conditions: Any,
    premium: Any,
    age_rule: Any,
    group_pay: Any,
) -> int:
    posted = 0
    for f, planned in enumerate(by_firm.tolist()):
        g = int(firm_group[f])
        carry[g] += planned * ratio[g]
        while carry[g] >= 1:
            carry[g] -= 1
            so_far[g] += 1
            luck = [
                (slow_uniform(key, 5 * g + draw) + int(so_far[g]) * 1.1347241384015194 ** -(draw + 1)) % 1
                for draw in range(5)
            ]
            occupation = min(bisect_left(mix[g].tolist(), luck[0]), mix.shape[1] - 1)
            closed = luck[1] < rule("closed_at_35")(conditions.closed_at_35[occupation], age_rule[f])
            beginners = luck[2] < conditions.beginners[occupation]
            experience = luck[3] < conditions.ranks_experience
            noise = conditions.spread * (2 * luck[4] - 1) * 1.73
            row = count + posted
            v.firm[row], v.occupation[row], v.posted[row] = f, occupation, month
            v.flags[row] = closed * CLOSED_AT_35 + beginners * OPEN_TO_BEGINNERS + experience * RANKS_EXPERIENCE
            v.offer[row] = conditions.pay[occupation] * group_pay[g] * math.exp(premium[f] + noise)
            posted += 1
    return count + posted


def slow_block(flags: int) -> int:
    """Order of posts within an occupation, in the words of `agents.columns.Vacancies`."""
    closed, beginners = bool(flags & CLOSED_AT_35), bool(flags & OPEN_TO_BEGINNERS)
    return [(False, False), (False, True), (True, True), (True, False)].index((closed, beginners))


def slow_sort_posts(v: Any, count: int, oldest: int, begin: Any) -> int:
    posts = [tuple(getattr(v, name)[row].item() for name in v._fields) for row in range(count)]
    kept = [post for post in posts if post[0] != NOBODY and post[4] > oldest]
    kept.sort(key=lambda post: (post[1], slow_block(post[2])))
    blocks = [4 * post[1] + slow_block(post[2]) for post in kept]
    for block in range(len(begin)):
        begin[block] = sum(1 for other in blocks if other < block)
    for row, post in enumerate(kept):
        for name, value in zip(v._fields, post, strict=True):
            getattr(v, name)[row] = value
    return len(kept)


# --- phase 13 -------------------------------------------------------------------------------------------------------


def slow_wage_bin(pay: float) -> int:
    """64 equal steps within each doubling from 256 CNY on."""
    mantissa, exponent = math.frexp(float(np.float32(pay)))
    return min(767, max(0, 64 * (exponent - 9) + int(64 * (2 * mantissa - 1))))


def slow_survey(p: Any, count: int, month: int, profile: Any, to: Any) -> None:
    everyone = [person(p, row) for row in range(count)]
    in_market = [who for who in everyone if who.status in {Status.UNEMPLOYED, Status.EMPLOYED}]
    without = [who for who in in_market if who.status == Status.UNEMPLOYED]
    at_work = [who for who in in_market if who.status == Status.EMPLOYED]

    def years(who: SimpleNamespace) -> int:
        return min((month - who.birth) // 12, 99)

    def graduate(who: SimpleNamespace) -> bool:
        return who.graduated != NEVER and month - who.graduated <= 24 and years(who) < 35

    for who in everyone:
        to.people[who.status, years(who)] += 1
        to.civil[who.status, who.civil] += 1
        if who.status == Status.STUDENT and who.flags & Flag.SEARCHING_STUDENT:
            to.civil[-1, who.civil] += 1
    for k, members in enumerate((without, at_work)):
        to.graduates[k] = sum(map(graduate, members))
        to.visitors[k] = sum(bool(who.flags & Flag.FOREIGN) for who in members)
    to.others[:] = (
        sum(month - who.since >= 12 for who in without),
        sum(bool(who.flags & Flag.GIG) for who in at_work),
        sum(who.status == Status.STUDENT and bool(who.flags & Flag.SEARCHING_STUDENT) for who in everyone),
    )
    for who in without:
        to.by_occupation[who.occupation] += 1
    for who in at_work:
        bin_ = slow_wage_bin(who.pay * profile[years(who)])
        to.wages[bin_] += 1
        if graduate(who) and month - who.since < 12:
            to.starting[bin_] += 1
    to.wages[-1] = count - len(at_work)
