"""The kernels again as slow plain loops, written from what each phase promises and not from the compiled code.

Each takes the same arguments as its kernel and changes them in place; `engine_cases.agree` compares the two. Rules
of `agents.decisions` are called as plain Python (`.py_func`), numbers are Python's own.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import numpy as np

from agents import decisions
from agents.columns import CLOSED_AT_35, FAR_FUTURE, NEVER, NOBODY, OPEN_TO_BEGINNERS, RANKS_EXPERIENCE, Flag, Status
from model.cohorts import POSTGRADUATE_MONTHS

LOW_32 = 0xFFFFFFFF
#: Blocks of posts within an occupation that a person may apply to, by (35 or over, beginner); agents.columns.Vacancies.
OPEN_BLOCKS = {(False, False): (0, 1, 2, 3), (True, False): (0, 1), (False, True): (1, 2), (True, True): (1,)}


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


def slow_retirement(key: int, who: SimpleNamespace, rules: Any) -> int:
    luck = slow_uniform(key, who.identity)
    years = rule("retirement_age")(luck, rules.retire_50, rules.retire_55, rules.retire_60)
    planned = who.birth + 12 * int(years) + int(12 * slow_uniform(slow_further(key, 1), who.identity))
    return planned + int(rule("delayed_retirement")(planned, years == 50))


def slow_departure(key: int, who: SimpleNamespace, month: int) -> int:
    luck = slow_uniform(slow_further(key, 2), who.identity)
    return min(FAR_FUTURE, max(month + 1 + int(120 * luck), who.birth + int(12 * (66 + 24 * luck))))


def slow_dated_changes(  # noqa: C901, PLR0912 - one branch per kind of change
    p: Any,
    due: Any,
    month: int,
    keys: Any,
    retirement_key: int,
    rules: Any,
    headcount: Any,
    firm_group: Any,
    group_employed: Any,
    tally: Any,
) -> None:
    for row in due:
        who = person(p, row)
        native = not who.flags & Flag.FOREIGN
        retires = slow_retirement(retirement_key, who, rules) if native else FAR_FUTURE
        if who.status == Status.GONE:
            who.event = FAR_FUTURE
        elif who.status in {Status.STUDENT, Status.POSTGRADUATE}:
            _finish_school(who, month, keys, rules, tally)
            if who.status == Status.EMPLOYED:
                headcount[who.employer] += 1
                group_employed[firm_group[who.employer]] += 1
                tally[0] += 1
            if who.status in {Status.UNEMPLOYED, Status.EMPLOYED} and not who.flags & Flag.OFFER:
                who.event = retires
        elif who.status == Status.UNEMPLOYED and who.flags & Flag.OFFER:
            _begin(who, month)
            headcount[who.employer] += 1
            group_employed[firm_group[who.employer]] += 1
            tally[0] += 1
            who.event = retires
        elif who.status == Status.RETIRED:
            who.status = Status.GONE
        elif not native and who.status == Status.EMPLOYED and who.since + rules.visa_job_months > month:
            who.event = who.since + rules.visa_job_months
        elif not native or retires <= month:
            _leave(who, headcount, firm_group, group_employed)
            if native:
                who.status, who.event = Status.RETIRED, slow_departure(retirement_key, who, month)
                tally[2] += 1
            else:
                who.status = Status.GONE
                tally[4] += 1
        else:
            if who.status in {Status.EXAM_QUEUE, Status.HOME, Status.DISCOURAGED}:
                who.status, who.since = Status.UNEMPLOYED, month
                tally[3] += 1
            who.event = retires
        write(p, who)


def _leave(who: SimpleNamespace, headcount: Any, firm_group: Any, group_employed: Any) -> None:
    if who.status == Status.EMPLOYED:
        headcount[who.employer] -= 1
        group_employed[firm_group[who.employer]] -= 0 if who.flags & Flag.GIG else 1
    who.employer = NOBODY
    who.flags &= ~Flag.GIG


def _begin(who: SimpleNamespace, month: int) -> None:
    """The first day in a job that was promised."""
    who.status, who.since = Status.EMPLOYED, month
    who.flags = (who.flags | Flag.EXPERIENCED) & ~Flag.OFFER


def _finish_school(who: SimpleNamespace, month: int, keys: Any, rules: Any, tally: Any) -> None:
    who.flags &= ~Flag.SEARCHING_STUDENT
    who.since = month
    first_degree = who.status == Status.STUDENT
    if who.education < 2:
        who.status = Status.UNEMPLOYED
        return
    if first_degree:
        tally[1] += 1
    else:
        who.education = 4
    who.graduated = month
    luck = slow_uniform(keys[0], who.identity)
    if who.flags & Flag.OFFER:
        september = month - month % 12 + 8
        if month < september and slow_uniform(keys[2], who.identity) < rules.autumn_starts:
            who.status, who.event = Status.UNEMPLOYED, september
        else:
            _begin(who, month)
        return
    who.employer = NOBODY
    if first_degree and slow_uniform(keys[1], who.identity) < rules.postgraduate:
        who.status, who.event = Status.POSTGRADUATE, month + POSTGRADUATE_MONTHS
    elif luck < rules.queue:
        first = month
        while first % 12 + 1 != rules.results_first:
            first += 1
        who.status, who.event = Status.EXAM_QUEUE, first + int(rules.results_months * luck / rules.queue)
    else:
        who.status = Status.UNEMPLOYED


def slow_draw_ages(p: Any, rows: Any, month: int, key: int) -> None:
    for row in rows:
        who = person(p, row)
        who.birth = month - math.floor(12 * (25 + 25 * slow_uniform(key, who.identity)))
        write(p, who)


def slow_start_searching(
    p: Any, rows: Any, month: int, key: int, retirement_key: int, experienced: float, rules: Any
) -> None:
    for row in rows:
        who = person(p, row)
        who.status, who.since = Status.UNEMPLOYED, month
        who.event = slow_retirement(retirement_key, who, rules)
        if slow_uniform(key, who.identity) < experienced:
            who.flags |= Flag.EXPERIENCED
        write(p, who)


# --- phase 4 --------------------------------------------------------------------------------------------------------


def slow_plan_firms(
    firms: Any,
    activity: Any,
    key: int,
    employed: Any,
    vacancies: Any,
    target: Any,
    memory: float,
    spread: float,
    speed: float,
    base_separations: float,
    base_openings: float,
    extra: Any,
    protection: float,
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
        group_openings[g] = kept[g] = 0.0
        for f in members:
            share, now = wants[f] / everything, firms.staffed[f] / staff
            gap = surplus + math.log(now / share)
            wanted = rule("layoff_rate")(gap, base_separations, speed, extra[g], 0.0)
            usual = rule("openings_rate")(gap, base_openings, speed)
            forgone = protection * wanted
            firms.layoff_rate[f] = wanted - forgone
            firm_openings[f] = now * heads * max(0.0, usual - forgone)
            group_openings[g] += firm_openings[f]
            kept[g] += now * heads * min(1.0, forgone / speed)
            firms.target[f] = share * target[g]
            open_to_shrink = 1.0 if forgone == 0 or now < share else 1 - protection * (1 - min(1.0, usual / forgone))
            firms.staffed[f] = now + speed * (share - now) * open_to_shrink


# --- phase 5 --------------------------------------------------------------------------------------------------------


def slow_end_jobs(
    p: Any,
    count: int,
    month: int,
    key: int,
    table: Any,
    factor: Any,
    pull: float,
    odds: Any,
    firm_group: Any,
    layoffs: Any,
    mean_weight: Any,
    headcount: Any,
    group_employed: Any,
    movers: Any,
    weight_sum: Any,
    tally: Any,
) -> None:
    for row in range(count):
        who = person(p, row)
        if who.status != Status.EMPLOYED:
            continue
        luck, age = slow_uniform(key, who.identity), (month - who.birth) / 12
        group, gig = int(firm_group[who.employer]), bool(who.flags & Flag.GIG)
        if gig:
            laid_off, quits, looks = 0.0, table.gig_exit, table.gig_looks
        else:
            tenure = min(month - who.since, 120)
            weight = rule("layoff_weight")(age, tenure, odds[group])
            weight_sum[group] += weight
            laid_off = layoffs[who.employer] * weight / mean_weight[group]
            quits = table.ends[tenure, min(int(age), 80)] * factor[group]
            looks = table.looks[tenure, min(int(age), 80)] * pull
        if luck >= laid_off + quits:
            if luck > 1 - looks:
                movers[tally[3]] = row
                tally[3] += 1
            continue
        if luck >= laid_off:
            tally[2] += 1
        else:
            tally[0] += 1
            tally[1] += age >= 35
        _leave(who, headcount, firm_group, group_employed)
        who.status, who.since = Status.UNEMPLOYED, month
        who.flags |= Flag.EXPERIENCED
        if who.flags & Flag.FOREIGN:
            who.event = month + table.visa_search_months
        write(p, who)


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


# --- phase 7 --------------------------------------------------------------------------------------------------------


def slow_search_weights(
    target: Any, ease: Any, degree: Any, begin: Any, attraction: Any, stem: Any, k_visa: Any
) -> Any:
    cumulative = np.zeros((4, 3, *target.shape))
    for (over_35, beginner), blocks in OPEN_BLOCKS.items():
        for skill in range(3):
            for i in range(len(target)):
                total = 0.0
                for k in range(target.shape[1]):
                    j = int(target[i, k])
                    allowed = {0: not stem[j], 1: True, 2: bool(k_visa[j])}[skill]
                    if k < degree[i] and allowed:
                        posts = sum(int(begin[4 * j + b + 1] - begin[4 * j + b]) for b in blocks)
                        total += ease[i, k] * posts * attraction[j]
                    cumulative[2 * over_35 + beginner, skill, i, k] = total
    return cumulative


def slow_pay_asked(p: Any, seekers: Any, month: int, rules: Any) -> list[float]:
    people = [person(p, row) for row in seekers]
    return [who.pay if who.status == Status.EMPLOYED else slow_asks(who, month - who.since, rules) for who in people]


def slow_send_applications(
    p: Any,
    seekers: Any,
    asks: Any,
    month: int,
    v: Any,
    begin: Any,
    cumulative: Any,
    target: Any,
    asked: Any,
    key: int,
    rules: Any,
    best: Any,
) -> None:
    received: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for order, row in enumerate(seekers):
        who = person(p, row)
        post = _chosen_post(who, asks[order], month, v, begin, cumulative, target, key, rules)
        if post is not None:
            score = rule("ranking_score")(
                _quality(who, month, v, post, asked, rules),
                slow_uniform(slow_further(key, 4), who.identity),
                rules.strength,
            )
            received[post].append((score, -order))
    for post, applications in received.items():
        score, order = max(applications)
        if score > best.score[post]:
            best.score[post], best.applicant[post] = score, seekers[-order]


def _chosen_post(
    who: SimpleNamespace,
    asks: float,
    month: int,
    v: Any,
    begin: Any,
    cumulative: Any,
    target: Any,
    key: int,
    rules: Any,
) -> int | None:
    spell = month - who.since if who.status == Status.UNEMPLOYED else 0
    chance = 1.0
    if who.status != Status.EMPLOYED:
        chance = rule("application_chance")(spell, rules.effective, rules.long_term)
    if who.flags & Flag.FOREIGN:
        chance *= rules.friction
    luck = slow_uniform(key, who.identity)
    if luck > chance:
        return None
    old, beginner = (month - who.birth) / 12 >= 35, not who.flags & Flag.EXPERIENCED
    skill = 2 if who.flags & Flag.FOREIGN else int(bool(who.flags & Flag.STEM))
    weights = cumulative[2 * old + beginner, skill, who.occupation].tolist()
    if weights[-1] <= 0:
        return None
    places = [luck / chance, *(slow_uniform(slow_further(key, draw), who.identity) for draw in (5, 6))]
    for draw, place in zip((1, 2, 3), places, strict=True):
        rank = min(bisect_left(weights, place * weights[-1]), len(weights) - 1)
        j = int(target[who.occupation, rank])
        candidates = [
            post
            for block in OPEN_BLOCKS[old, beginner]
            for post in range(begin[4 * j + block], begin[4 * j + block + 1])
        ]
        post = candidates[int(len(candidates) * slow_uniform(slow_further(key, draw), who.identity))]
        if v.firm[post] != NOBODY and float(v.offer[post]) >= asks:
            return post
    return None


def _quality(who: SimpleNamespace, month: int, v: Any, post: int, asked: Any, rules: Any) -> float:
    """The ranking's quality, factor by factor."""
    j, age = int(v.occupation[post]), (month - who.birth) / 12
    spell = month - who.since if who.status == Status.UNEMPLOYED else 0
    quality: float = rule("applicant_fit")(who.education, int(asked[j]), j == who.occupation)
    quality *= rule("age_penalty")(age, rules.age_floor) * rule("spell_penalty")(spell, rules.spell_floor)
    if v.flags[post] & RANKS_EXPERIENCE and who.flags & Flag.EXPERIENCED:
        quality *= rules.experience
    if who.graduated != NEVER and month - who.graduated <= rules.graduate_months:
        quality *= math.exp(rules.subsidy)
    return quality


def slow_drop_further_study(p: Any, rows: Any, key: int, share: float) -> list[int]:
    return [
        int(row) for row in rows if p.status[row] != Status.STUDENT or slow_uniform(key, int(p.identity[row])) >= share
    ]


# --- phase 8 --------------------------------------------------------------------------------------------------------


def slow_fill_posts(
    p: Any,
    v: Any,
    best: Any,
    month: int,
    visa_months: int,
    firm_group: Any,
    headcount: Any,
    group_employed: Any,
    group_vacancies: Any,
    tally: Any,
) -> None:
    for post, row in enumerate(best.applicant.tolist()):
        if row == -1:
            continue
        who = person(p, row)
        tally[0] += 1
        tally[2 if who.status == Status.EMPLOYED else 1] += 1
        _leave(who, headcount, firm_group, group_employed)
        who.employer, who.occupation, who.pay = int(v.firm[post]), int(v.occupation[post]), float(v.offer[post])
        who.status, who.since = Status.EMPLOYED, month
        who.flags |= Flag.EXPERIENCED
        if who.flags & Flag.FOREIGN:
            who.event = month + visa_months
        headcount[who.employer] += 1
        group_employed[firm_group[who.employer]] += 1
        group_vacancies[firm_group[who.employer]] -= 1
        v.firm[post] = NOBODY
        write(p, who)


def slow_promise(p: Any, v: Any, best: Any) -> None:
    for post, row in enumerate(best.applicant.tolist()):
        if row != -1:
            who = person(p, row)
            who.flags |= Flag.OFFER
            who.employer, who.occupation, who.pay = int(v.firm[post]), int(v.occupation[post]), float(v.offer[post])
            write(p, who)
            v.firm[post] = NOBODY


# --- phase 9 --------------------------------------------------------------------------------------------------------


def slow_review_pay(p: Any, count: int, month: int, share: float, going: Any, firm_group: Any) -> None:
    for row in range(count):
        who = person(p, row)
        anniversary = month > who.since and (month - who.since) % 12 == 0
        if who.status == Status.EMPLOYED and anniversary and not who.flags & Flag.GIG:
            who.pay = rule("reviewed_pay")(who.pay, going[firm_group[who.employer]][who.occupation], share)
            write(p, who)


# --- phase 10 -------------------------------------------------------------------------------------------------------


def slow_leave_or_drive(
    p: Any, seekers: Any, asks: Any, month: int, key: int, gig_key: int, rules: Any, platforms: Any, headcount: Any
) -> None:
    for order, row in enumerate(seekers):
        who = person(p, row)
        if who.flags & Flag.FOREIGN:
            continue
        spell, years = month - who.since, (month - who.birth) / 12
        gives_up = rule("discouragement")(spell, rules.gives_up)
        luck, wait = slow_uniform(key, who.identity), slow_uniform(slow_further(key, 1), who.identity)
        if luck < gives_up:
            away, who.status = rules.discouraged_months, Status.DISCOURAGED
        elif 25 <= years < 55 and luck < gives_up + rules.home_exit:
            away, who.status = 1 / rules.home_return, Status.HOME
        else:
            away = 0.0
        if away:
            who.event, who.since = min(who.event, month + 1 + int(-away * math.log(wait)), FAR_FUTURE), month
        elif spell >= 1:
            chance, luck = (
                rule("gig_chance")(rules.gig_income, asks[order], rules.gig_going),
                slow_uniform(gig_key, who.identity),
            )
            if luck < chance:
                who.employer = int(platforms[min(int(luck / chance * len(platforms)), len(platforms) - 1)])
                who.status, who.since, who.pay = Status.EMPLOYED, month, rules.gig_income
                who.flags |= Flag.GIG | Flag.EXPERIENCED
                headcount[who.employer] += 1
        write(p, who)


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
