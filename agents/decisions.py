"""How people and firms decide: small pure rules of numbers, written once.

A kernel calls a rule for every row, a Mesa view for its own; a test compares the two. Random numbers arrive as
arguments. Symbols in brackets are those of del Rio-Chanona et al. 2021 (dRC), from which the demand rules come.
"""

from __future__ import annotations

import math

from numba import njit

#: Home wealth of the median urban household, thousand CNY: 59 % of assets of 3.18 million is the mean (macro_annual.csv
#: housing_share_of_urban_household_assets, mean_urban_household_assets), and the median lies below it (assumption).
USUAL_HOME = 1250.0

# --- people: time and pay ---------------------------------------------------------------------------------------


@njit(cache=True)
def age_in_years(month: int, birth: int) -> float:
    """Age in a month of a person born in another."""
    return (month - birth) / 12.0


@njit(cache=True)
def age_profile(age: float) -> float:
    """What a job pays at an age, relative to the mean over its staff: beginners earn about a third less than at 35.

    Log-linear from 22 to 35; 0.94 is the mean of the profile over the employed. Source: starting pay of bachelors
    about 6,000 CNY a month against a mean of 9,000 to 10,000 in the jobs they enter (labour_structure.csv
    graduate_start_pay_bachelor; occupations.csv).
    """
    return math.exp(-0.45 * min(1.0, max(0.0, (35.0 - age) / 13.0))) / 0.94


@njit(cache=True)
def current_wage(pay: float, age: float, wage_level: float) -> float:
    """CNY a month that an employed person earns now."""
    return pay * wage_level * age_profile(age)


@njit(cache=True)
def reservation_pay(last_pay: float, spell: int, share: float, decay: float) -> float:
    """The pay below which a seeker does not apply: a share of last pay, falling by `decay` a month (evidence.md 5)."""
    return last_pay * share * math.exp(-decay * spell)


@njit(cache=True)
def asked_share(share: float, home: float, house_price: float, elasticity: float) -> float:
    """Share of last pay a seeker asks for: more with a home worth more, since a family's home pays for waiting.

    `home` in thousand CNY at the prices of 2018-01, `house_price` relative to then; a usual home is USUAL_HOME. The
    effect is kept within a fifth either way.
    """
    if home <= 0.0:
        return share * 0.8
    # Told apart because a power of nothing takes as long as any.
    lift: float = 1.0 if elasticity == 0.0 else (home * house_price / USUAL_HOME) ** elasticity
    return share * min(1.25, max(0.8, lift))


@njit(cache=True)
def reviewed_pay(pay: float, going: float, share: float) -> float:
    """Pay after the yearly review: a share of the way from what a job pays to what the same job is offered at now."""
    return pay + share * (going - pay)


# --- people: leaving jobs ---------------------------------------------------------------------------------------


@njit(cache=True)
def tenure_hazard(tenure: float, settled: float, new: float) -> float:
    """Monthly chance that a job ends by itself: falls with tenure from `new` to `settled` over about a year."""
    return settled + (new - settled) * math.exp(-tenure / 12.0)


@njit(cache=True)
def young_multiplier(age: float, multiplier: float) -> float:
    """How much likelier the young are to leave or lose a job: `multiplier` to 25, fading to 1 at 31."""
    return 1.0 + (multiplier - 1.0) * min(1.0, max(0.0, (31.0 - age) / 6.0))


@njit(cache=True)
def looks_elsewhere(tenure: float, age: float, usual: float) -> float:
    """Monthly chance that somebody at work applies elsewhere: twice the `usual` when new, half of it after years.

    It also falls with age, from half as much again at 25 to half as much at 55 (assumption: search on the job falls
    with tenure and age, Eeckhout and Lindenlaub 2019, recollection).
    """
    settled = 0.5 + 1.5 * math.exp(-tenure / 24.0)
    return usual * settled * (1.5 - min(1.0, max(0.0, (age - 25.0) / 30.0)))


@njit(cache=True)
def closed_at_35(share: float, strictness: float) -> float:
    """Chance that a firm closes a post at 35: more than the occupation's share where it is strict, 1 where that is."""
    return share * (1.0 + (strictness - 1.0) * (1.0 - share))


@njit(cache=True)
def layoff_weight(age: float, tenure: float, over_35_odds: float) -> float:
    """How likely a layoff picks this person, relative to a settled colleague under 35: newcomers first, then 35."""
    newcomer = 1.0 + math.exp(-tenure / 12.0)
    return newcomer * (over_35_odds if age >= 35.0 else 1.0)


# --- people: search ---------------------------------------------------------------------------------------------


@njit(cache=True)
def application_chance(spell: int, effective: float, long_term: float) -> float:
    """Chance that a seeker gets an effective application out this month; lower after a year without work."""
    return effective * (long_term if spell >= 12 else 1.0)


@njit(cache=True)
def spell_penalty(spell: int, floor: float) -> float:
    """How employers discount a spell without work: falls over the first eight months to `floor` (Kroft et al. 2013)."""
    return max(floor, 1.0 - (1.0 - floor) * spell / 8.0)


@njit(cache=True)
def age_penalty(age: float, floor: float) -> float:
    """How employers discount age near the 35 line: 1 to 33, falling to `floor` at 38 (assumption)."""
    return 1.0 - (1.0 - floor) * min(1.0, max(0.0, (age - 33.0) / 5.0))


@njit(cache=True)
def applicant_fit(education: int, asked: int, same_occupation: bool) -> float:
    """How well skills match a post: each missing step of education halves it, another occupation costs a fifth."""
    missing = max(0, asked - education)
    return (1.0 if same_occupation else 0.8) / (1 << missing)


@njit(cache=True)
def ranking_score(quality: float, luck: float, strength: float) -> float:
    """An applicant's place in the ranking: the log of the luck of the draw over quality; the highest is first.

    `luck` is uniform in (0, 1). The order is that of strength · log quality plus Gumbel luck, with one logarithm. With
    `strength` 0 only luck ranks, so every applicant is equally likely to win: the urn-ball model. With strength 1 the
    chance to win is proportional to quality (a Luce choice).
    """
    # The usual strength is told apart because a power takes three times as long as the rest.
    return math.log(luck) / (quality if strength == 1.0 else quality**strength)


@njit(cache=True)
def gig_chance(income: float, reservation: float, going: float) -> float:
    """Chance that a seeker takes gig work this month: `going` when it pays what they ask, less when it pays less."""
    return going * min(1.0, (income / max(reservation, 1.0)) ** 2)


@njit(cache=True)
def discouragement(spell: int, rate: float) -> float:
    """Monthly chance that a seeker gives up: nothing for half a year, then rising to `rate` after a year."""
    return rate * min(1.0, max(0.0, (spell - 6.0) / 6.0))


@njit(cache=True)
def month_of_return(event: int, month: int, mean: float, luck: float) -> int:
    """Month in which who leaves the labour force comes back: after `mean` months, or at `event` if that comes first."""
    return min(event, month + 1 + int(-mean * math.log(luck)))


@njit(cache=True)
def festivals_at_home(comes_back: float, luck: float) -> int:
    """Festivals that pass before somebody comes back after one, with the same chance after each."""
    if comes_back >= 1.0:
        return 0
    return int(min(100.0, math.log(luck) / math.log(1.0 - max(0.01, comes_back))))


@njit(cache=True)
def retirement_group(woman: bool, degree: bool, luck: float, works_on: float, early: float) -> int:
    """At which of the country's ages a person would retire: 0 women, 1 women with a degree, 2 men, 3 who works on.

    The share `early` of men retires at the age of women with a degree.
    """
    if luck < works_on:
        return 3
    if woman:
        return int(degree)
    return 1 if luck > 1.0 - early else 2


@njit(cache=True)
def retirement_delay(passed: float, every: float, most: int) -> int:
    """Months by which a law delays a retirement: one for `every` months of it that have begun by then, up to `most`."""
    return min(most, math.ceil(passed / every - 1e-9))


# --- firms ------------------------------------------------------------------------------------------------------


@njit(cache=True)
def layoff_rate(gap: float, base: float, speed: float, extra: float, protection: float) -> float:
    """Share of staff a firm lays off: (1 - delta_u) min(1, gamma_u max(0, gap)) plus a lever's extra, less protection.

    `gap` is jobs filled and posted less jobs wanted, over jobs filled (dRC's g / e).
    """
    wanted = (1.0 - base) * min(1.0, speed * max(0.0, gap)) + extra
    return min(1.0, wanted) * (1.0 - protection)


@njit(cache=True)
def layoffs_for_refund(wanted: float, allowed: float, worth: float) -> float:
    """Share of staff that a firm lays off which is paid `worth` of pay for laying off no more than `allowed`.

    It keeps to that where the staff it keeps costs less than it is paid.
    """
    return allowed if allowed < wanted <= allowed + worth else wanted


@njit(cache=True)
def openings_rate(gap: float, base: float, speed: float) -> float:
    """Posts a firm opens, as a share of its staff: delta_v + (1 - delta_v) min(1, gamma_v max(0, -gap)) (dRC)."""
    return base + (1.0 - base) * min(1.0, speed * max(0.0, -gap))
